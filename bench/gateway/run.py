# SPDX-License-Identifier: Apache-2.0
"""The gateway beside its peers, in one run: the same load directly, through each peer and through the gateway.

    python bench/gateway/run.py [--rounds 5] [--only direct,relay,gateway] [--measure bulk,memory] [--json FILE]

Load and server are synthetic, so that they cost little: what is measured is what lies between them. Peers run side
by side and take turns, in another order each round; medians are shown. All that comes back is compared with what
was sent. What each column is: peers.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import report
from measures import MEASURES, Load, Sizes, memory
from peers import PEERS, Peer

ROOT = Path(__file__).parents[2]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the gateway beside its peers.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help=f"peers, with commas: {', '.join(PEERS)}")
    parser.add_argument("--measure", help=f"with commas: {', '.join(MEASURES)}, memory")
    parser.add_argument("--mib", type=int, default=1024, help="of each bulk query")
    parser.add_argument("--calls", type=int, default=5000, help="one at a time; four times as many at once")
    parser.add_argument("--json", type=Path, help="write everything there, each round's values too")
    parser.add_argument("--tools", type=Path, default=ROOT / "build/bench/bin", help="bench_server, bench_load, …")
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/bin/firesteel")
    return parser.parse_args()


def chosen(text: str | None, existing: list[str]) -> list[str]:
    names = text.split(",") if text else existing
    if unknown := set(names) - set(existing):
        raise SystemExit(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(existing)}")
    return [name for name in existing if name in names]


def in_rounds(load: Load, peers: list[Peer], measures: list[str], count: int, rounds: report.Rounds) -> None:
    for number in range(count):
        for measure in measures:
            for index in range(len(peers)):
                peer = peers[(index + number) % len(peers)]
                for figure, value in MEASURES[measure](load, peer).items():
                    rounds[peer.name].setdefault(figure, []).append(value)
        print(f"round {number + 1} of {count} is done", file=sys.stderr)


def measure(options: argparse.Namespace, directory: Path) -> report.Rounds:
    names = chosen(options.only, list(PEERS))
    measures = chosen(options.measure, [*MEASURES, "memory"])
    server = subprocess.Popen([str(options.tools / "bench_server")], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    peers: list[Peer] = []
    rounds: report.Rounds = {name: {} for name in names}
    try:
        upstream = int(server.stdout.readline())
        load = Load(options.tools, Sizes(options.mib << 20, calls=options.calls, calls_at_once=4 * options.calls))

        def start(name: str) -> Peer:
            return PEERS[name](options.binary if name.startswith("gateway") else options.tools, upstream, directory)

        if "memory" in measures:
            for name in names:
                if name != "direct":
                    rounds[name] |= {k: [v] for k, v in memory(load, lambda name=name: start(name)).items()}
            print("memory is done", file=sys.stderr)
        peers += map(start, names)
        in_rounds(load, peers, [name for name in measures if name != "memory"], options.rounds, rounds)
    finally:
        for peer in peers:
            peer.stop()
        server.kill()
        server.wait()
    return rounds


def main() -> None:
    options = arguments()
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="fsb-") as directory:
        rounds = measure(options, Path(directory))
    found = report.medians(rounds)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}"
    print(f"{machine}; load before: {busy:.1f}; medians of {options.rounds} rounds")
    print(report.table(found, report.FIGURES))
    print(report.goals(found))
    if options.json:
        everything = {"machine": machine, "load": busy, "rounds": rounds, "medians": found}
        everything["goals"] = report.judged(found)
        options.json.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n")


main()
