# SPDX-License-Identifier: Apache-2.0
"""PySpark with a real server: 1 GB as an Arrow table, and small calls, directly and through the gateway.

    python bench/gateway/pyspark_rows.py [--rounds 5] [--only direct,nginx,gateway-unix] [--json FILE]

Each way has a session of its own, all in this process; they take turns, in another order each round, and the first
turn of each doesn't count. Results are checked.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import report
from peers import PEERS, Peer
from pyspark.sql.connect.client import ChannelBuilder
from pyspark.sql.connect.session import SparkSession
from spark_server import SparkServer

ROOT = Path(__file__).parents[2]
GOAL = 1.02
SMALL_CALLS = 300
FIGURES = {
    "arrow_s": ("toArrow of {} MB, s", 3),
    "p50_ms": ("one configuration value, p50, ms", 3),
    "query_ms": ("smallest query, p50, ms", 2),
}


class Way(ChannelBuilder):
    """A channel that differs from another by its target alone."""

    def __init__(self, target: str, token: str) -> None:
        options = [("grpc.enable_http_proxy", 0)]
        super().__init__(channelOptions=options, params={"authorization": f"Bearer {token}"} if token else {})
        self._target = target

    @property
    def host(self) -> str:
        return self._target

    def toChannel(self) -> Any:
        return self._insecure_channel(self._target)


def milliseconds_each(call: Any, count: int) -> float:
    took = []
    for _ in range(count):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def figures(spark: Any, rows: int) -> dict[str, float]:
    began = time.perf_counter()
    table = spark.range(rows).toArrow()
    seconds = time.perf_counter() - began
    column = table.column(0).to_numpy()
    if table.num_rows != rows or int(column.sum()) != rows * (rows - 1) // 2:
        raise SystemExit("the table is not what Spark was asked for")
    one = spark.range(1)
    return {
        "arrow_s": seconds,
        "p50_ms": milliseconds_each(lambda: spark.conf.get("spark.sql.shuffle.partitions"), SMALL_CALLS),
        "query_ms": milliseconds_each(one.collect, SMALL_CALLS // 10),
    }


def measure(options: argparse.Namespace, directory: Path) -> report.Rounds:
    server = SparkServer(directory).start()
    # The gateway puts Spark's secret in; through the others the client sends it itself.
    os.environ["FIRESTEEL_UPSTREAM_TOKEN"] = server.token
    peers: list[Peer] = []
    rounds: report.Rounds = {name: {} for name in options.only.split(",")}
    try:
        sessions = {}
        for name in rounds:
            ours = name.startswith("gateway")
            peers.append(PEERS[name](options.binary if ours else options.tools, server.port, directory))
            way = Way(peers[-1].target, "" if ours else server.token)
            sessions[name] = SparkSession.builder.channelBuilder(way).create()
        for number in range(options.rounds + 1):
            for index in range(len(peers)):
                name = peers[(index + number) % len(peers)].name
                got = figures(sessions[name], options.mb * 1_000_000 // 8)
                for figure, value in got.items() if number else ():
                    rounds[name].setdefault(figure, []).append(value)
            print(f"round {number} of {options.rounds} is done", file=sys.stderr)
        for session in sessions.values():
            session.stop()
    finally:
        for peer in peers:
            peer.stop()
        server.kill()
    return rounds


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure PySpark through the gateway and directly.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="direct,gateway-unix", help=f"ways, with commas: {', '.join(PEERS)}")
    parser.add_argument("--mb", type=int, default=1000, help="of the Arrow table")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--tools", type=Path, default=ROOT / "build/bench/bin")
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/bin/firesteel")
    options = parser.parse_args()
    os.environ["SPARK_CONNECT_MODE_ENABLED"] = "1"
    with tempfile.TemporaryDirectory(prefix="fsb-") as directory:
        rounds = measure(options, Path(directory))
    found = report.medians(rounds)
    print(report.table(found, {key: (title.format(options.mb), n) for key, (title, n) in FIGURES.items()}))
    if {"direct", "gateway-unix"} <= found.keys():
        ratio = found["gateway-unix"]["arrow_s"] / found["direct"]["arrow_s"]
        verdict = "met" if ratio <= GOAL else "not met"
        print(f"\ntoArrow by the unix socket, of direct: {ratio:.3f}; the goal is ≤ {GOAL}: {verdict}")
    if options.json:
        options.json.write_text(json.dumps({"rounds": rounds, "medians": found}, indent=1) + "\n")


main()
