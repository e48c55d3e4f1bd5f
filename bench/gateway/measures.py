# SPDX-License-Identifier: Apache-2.0
"""What is measured of one peer: each gives figures by name."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peers import Peer
from processes import PeakMemory, cpu_seconds, resident_mb

LOAD_SECONDS = 300.0
STALLED_SECONDS = 3.0
SETTLE_SECONDS = 0.5
IDLE_SECONDS = 13.0  # the gateway closes its ways to servers after ten
AT_ONCE = 64
MESSAGE_BYTES = 2 << 20

Figures = dict[str, float]


@dataclass(frozen=True)
class Sizes:
    bulk_bytes: int = 1 << 30
    stalled_bytes: int = 1 << 30
    calls: int = 5000
    calls_at_once: int = 20_000
    channels: int = 1000


class Load:
    """Runs the load against a peer, and ends the benchmark when something came back that should not have."""

    def __init__(self, tools: Path, sizes: Sizes) -> None:
        self.sizes = sizes
        self._program = tools / "bench_load"

    def run(self, peer: Peer, mode: str, *arguments: int) -> tuple[Figures, float]:
        """What it said, and the CPU seconds that the peer took meanwhile."""
        began = cpu_seconds(peer.process.pid) if peer.process else 0.0
        running = self._start(peer, mode, *arguments)
        try:
            said, _ = running.communicate(timeout=LOAD_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            raise SystemExit(f"{peer.name}: {mode} did not end within {LOAD_SECONDS:.0f} s") from None
        self._check(running, peer, mode)
        return json.loads(said), (cpu_seconds(peer.process.pid) - began if peer.process else 0.0)

    def hold(self, peer: Peer, mode: str, *arguments: int, look: Callable[[], None]) -> None:
        """Looks at the peer while the load holds what it has opened."""
        running = self._start(peer, mode, *arguments)
        assert running.stdout is not None
        if running.stdout.readline():
            look()
        running.communicate(timeout=LOAD_SECONDS)
        self._check(running, peer, mode)

    def _start(self, peer: Peer, mode: str, *arguments: int) -> subprocess.Popen[str]:
        command = [str(self._program), mode, peer.target, *map(str, arguments)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    @staticmethod
    def _check(ended: subprocess.Popen[str], peer: Peer, mode: str) -> None:
        if ended.returncode != 0:
            raise SystemExit(f"{peer.name}: {mode} failed with exit code {ended.returncode}; see above")


def bulk(load: Load, peer: Peer) -> Figures:
    said, cpu = load.run(peer, "bulk", load.sizes.bulk_bytes, MESSAGE_BYTES)
    figures = {"bulk_mb_per_s": said["mb_per_s"]}
    if peer.process:
        figures["cpu_s_per_gb"] = cpu / (said["bytes"] + said["warm_up_bytes"]) * 1e9
    return figures


def unary(load: Load, peer: Peer) -> Figures:
    said, _ = load.run(peer, "unary", load.sizes.calls, 1)
    return {"p50_us": said["p50_us"], "p99_us": said["p99_us"]}


def at_once(load: Load, peer: Peer) -> Figures:
    said, cpu = load.run(peer, "unary", load.sizes.calls_at_once, AT_ONCE)
    figures = {"calls_per_s": said["calls_per_s"]}
    if peer.process:
        figures["cpu_us_per_call"] = cpu / (said["calls"] + said["warm_up_calls"]) * 1e6
    return figures


def memory(load: Load, start: Callable[[], Peer]) -> Figures:
    """Of fresh processes, as what was before leaves its traces."""
    figures: Figures = {}

    def look(figure: str, peer: Peer, seconds: float) -> None:
        assert peer.process is not None
        with PeakMemory(peer.process.pid) as peak:
            time.sleep(seconds)
        figures[figure] = peak.mb

    def look_twice(peer: Peer) -> None:
        look("channels_mb", peer, SETTLE_SECONDS)
        if peer.name.startswith("gateway"):
            time.sleep(IDLE_SECONDS)
            look("channels_idle_mb", peer, SETTLE_SECONDS)

    peer = start()
    try:
        load.run(peer, "unary", 1, 1)
        look("idle_mb", peer, SETTLE_SECONDS)
        arguments = (load.sizes.stalled_bytes, MESSAGE_BYTES)
        load.hold(peer, "stalled", *arguments, look=lambda: look("stalled_mb", peer, STALLED_SECONDS))
    finally:
        peer.stop()
    peer = start()
    try:
        load.hold(peer, "many", load.sizes.channels, look=lambda: look_twice(peer))
        figures["channels_after_mb"] = _settled(peer)
    finally:
        peer.stop()
    peer = start()
    try:
        assert peer.process is not None
        with PeakMemory(peer.process.pid) as peak:
            bulk(load, peer)
        figures["bulk_mb"] = peak.mb
    finally:
        peer.stop()
    return figures


def _settled(peer: Peer) -> float:
    """What is left of it after its clients have gone."""
    assert peer.process is not None
    time.sleep(SETTLE_SECONDS)
    return resident_mb(peer.process.pid)


MEASURES: dict[str, Callable[[Load, Peer], Figures]] = {"bulk": bulk, "unary": unary, "at-once": at_once}
