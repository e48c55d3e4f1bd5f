# SPDX-License-Identifier: Apache-2.0
"""The table, and the goals beside it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

Rounds = dict[str, dict[str, list[float]]]  # peer → figure → one value for each round
Medians = dict[str, dict[str, float]]

# figure: what it is, and how many decimals it is worth
FIGURES = {
    "bulk_mb_per_s": ("bulk, MB/s", 0),
    "cpu_s_per_gb": ("  CPU, s per GB", 3),
    "p50_us": ("one call at a time, p50, µs", 0),
    "added_p50_us": ("  added to direct", 0),
    "p99_us": ("  p99, µs", 0),
    "calls_per_s": ("64 calls at once, calls/s", 0),
    "cpu_us_per_call": ("  CPU, µs per call", 1),
    "idle_mb": ("memory, MB: idle", 1),
    "channels_mb": ("  1,000 channels, at work", 1),
    "channels_idle_mb": ("  1,000 channels, idle for 13 s", 1),
    "channels_after_mb": ("  after they are closed", 1),
    "stalled_mb": ("  a reader that stands still", 1),
    "bulk_mb": ("  bulk, at most", 1),
}


@dataclass(frozen=True)
class Goal:
    """A limit for a figure of the gateway's: as such, or as a part of a peer's figure."""

    figure: str
    relation: str
    limit: float
    peer: str | None = None


GOALS = [
    Goal("bulk_mb_per_s", "≥", 0.95, "relay"),
    Goal("bulk_mb_per_s", "≥", 1.6, "nginx"),
    Goal("bulk_mb_per_s", "≥", 2.5, "nghttpx"),
    Goal("cpu_s_per_gb", "≤", 1.0, "relay"),
    Goal("cpu_s_per_gb", "≤", 0.65, "nginx"),
    Goal("added_p50_us", "≤", 0.5, "nginx"),
    Goal("added_p50_us", "≤", 0.7, "nghttpx"),
    Goal("p99_us", "≤", 1.5, "direct"),
    Goal("calls_per_s", "≥", 1.0, "relay"),
    Goal("idle_mb", "≤", 10),
    Goal("channels_mb", "≤", 32),
    Goal("stalled_mb", "≤", 12),
]


def medians(rounds: Rounds) -> Medians:
    found = {peer: {figure: statistics.median(values) for figure, values in of.items()} for peer, of in rounds.items()}
    direct = found.get("direct", {}).get("p50_us")
    for peer, figures in found.items():
        if direct is not None and peer != "direct" and "p50_us" in figures:
            figures["added_p50_us"] = figures["p50_us"] - direct
    return found


def table(found: Medians, figures: Mapping[str, tuple[str, int]]) -> str:
    lines = [f"{'':34}" + "".join(f"{peer:>14}" for peer in found)]
    for figure, (title, decimals) in figures.items():
        if any(figure in of for of in found.values()):
            cells = (f"{of[figure]:.{decimals}f}" if figure in of else "-" for of in found.values())
            lines.append(f"{title:34}" + "".join(f"{cell:>14}" for cell in cells))
    return "\n".join(lines)


def judged(found: Medians) -> list[dict[str, object]]:
    """Each goal with what was reached; one against a peer also against that peer as fast as it gets."""
    results = []
    for goal in GOALS:
        for peer in (goal.peer, f"{goal.peer}-tuned") if goal.peer else (None,):
            ours = found.get("gateway", {}).get(goal.figure)
            theirs = found.get(peer, {}).get(goal.figure) if peer else 1.0
            if ours is None or not theirs:
                continue
            reached = ours / theirs
            met = reached >= goal.limit if goal.relation == "≥" else reached <= goal.limit
            text = f"{goal.relation} {goal.limit:g}" + (f" of {peer}" if peer else " MB")
            results.append({"figure": goal.figure, "goal": text, "reached": round(reached, 3), "met": met})
    return results


def goals(found: Medians) -> str:
    lines = [
        f"{FIGURES[str(row['figure'])][0].strip():30}{row['goal']!s:>24}{row['reached']:>10}   "
        + ("met" if row["met"] else "not met")
        for row in judged(found)
    ]
    return "\n".join(["", f"{'goals of the gateway':30}{'':24}{'reached':>10}", *lines]) if lines else ""
