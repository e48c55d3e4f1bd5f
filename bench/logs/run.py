# SPDX-License-Identifier: Apache-2.0
"""Logs of any size: index, open at the end, and search beside GNU grep, on the same file in the same run.

    python bench/logs/run.py [--mb 1000] [--rounds 3] [--json FILE]

The log is synthetic, with the shapes of Spark's lines and a few stack traces. It is read once before, so that all find
it in the page cache. grep is `LC_ALL=C grep -E -c`, so neither side prints; ours shows the first 1000 lines besides,
masked. Rounds take turns; medians are shown. Counts of lines found must be equal. The ratio is of wall time, `by CPU`
of processor time, which says more on a machine that does something else; steps are in processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]

# name, ours: text|regex, ignore case, pattern
SEARCHES = [
    ("rare, plain text", "text", False, "OutOfMemoryError"),
    ("rare, pattern", "regex", False, "ERROR .*stage [0-9]+ lost"),
    ("rare, alternatives", "regex", False, "OutOfMemoryError|FetchFailedException|No space left"),
    ("often, plain text", "text", False, "INFO"),
    ("often, pattern", "regex", False, "Finished task [0-9]+[.]0"),
    ("often, any letters", "regex", False, "(TaskSetManager|BlockManager)[A-Za-z]*: [A-Z]"),
    ("ignoring case, rare", "text", True, "outofmemoryerror"),
    ("ignoring case, pattern", "regex", True, "failed.*executor [0-9]+"),
]


def lines(rng: random.Random) -> list[str]:
    """About 4 MB of log; the file is these in another order each time, with its own time stamps."""
    out = []
    for i in range(40_000):
        stage, task, tid, executor = i % 97, i % 200, rng.randrange(10**6), rng.randrange(64)
        kind = rng.random()
        if kind < 0.0005:
            out.append(f"ERROR TaskSchedulerImpl: Lost executor {executor} on 10.0.0.{executor}: stage {stage} lost")
            out.append("java.lang.OutOfMemoryError: Java heap space")
            out.extend(f"\tat org.apache.spark.rdd.RDD.$anonfun${n}(RDD.scala:{n * 31})" for n in range(12))
        elif kind < 0.02:
            out.append(
                f"WARN TaskSetManager: Failed task {task}.0 in stage {stage}.0 (TID {tid}) "
                f"(10.0.0.7 executor {executor})"
            )
        elif kind < 0.021:
            out.append(f"INFO Utils: spark.hadoop.fs.s3a.secret.key=abc{tid}, retried")
        elif kind < 0.4:
            out.append(
                f"INFO TaskSetManager: Starting task {task}.0 in stage {stage}.0 (TID {tid}) "
                f"(10.0.0.{executor}, executor {executor}, partition {task}, PROCESS_LOCAL, 7{tid % 1000} bytes)"
            )
        elif kind < 0.7:
            out.append(
                f"INFO TaskSetManager: Finished task {task}.0 in stage {stage}.0 (TID {tid}) in {tid % 5000} ms on "
                f"10.0.0.{executor} (executor {executor}) ({task}/200)"
            )
        else:
            out.append(
                f"INFO BlockManagerInfo: Added broadcast_{stage}_piece0 in memory on "
                f"10.0.0.{executor}:4{tid % 9999} (size: 9.7 KiB)"
            )
    return out


def make_log(path: Path, size: int) -> None:
    if path.exists() and abs(path.stat().st_size - size) < 16_000_000:
        return
    rng = random.Random(20)
    body = lines(rng)
    with path.open("wb") as file:
        second = 0
        while file.tell() < size:
            second += 1
            stamp = f"26/11/22 {second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02} "
            start = rng.randrange(len(body) - 2000)
            part = body[start : start + 2000]
            file.write("".join(f"{stamp if line[0].isupper() else ''}{line}\n" for line in part).encode())


def cpu_of_children() -> float:
    """In milliseconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1000


def grep(path: Path, pattern: str, ignore_case: bool) -> tuple[float, int, float]:
    command = ["grep", "-E", "-c", *(["-i"] if ignore_case else []), "-e", pattern, str(path)]
    before = cpu_of_children()
    began = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True)
    return (time.perf_counter() - began) * 1000, int(done.stdout or 0), cpu_of_children() - before


def ours(tool: Path, *arguments: str) -> dict:
    done = subprocess.run([str(tool), *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def median(values: list[float]) -> float:
    return statistics.median(values)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure logs beside grep.")
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--tool", type=Path, default=ROOT / "build/bench/bin/bench_logs")
    options = parser.parse_args()
    if shutil.which("grep") is None:
        print("GNU grep is needed to compare with.", file=sys.stderr)
        return 1
    path = ROOT / "build/bench/spark.log"
    make_log(path, options.mb * 10**6)
    size = path.stat().st_size
    print(f"{size / 1e6:.0f} MB, load before: {os.getloadavg()[0]:.2f}")
    with path.open("rb") as file:
        while file.read(1 << 22):
            pass

    index = [ours(options.tool, "index", str(path)) for _ in range(options.rounds)]
    opened = [ours(options.tool, "open", str(path)) for _ in range(options.rounds)]
    first = index[0]
    built = median([each["ms"] for each in index])
    print(
        f"index: {size / 1e3 / built:.0f} MB/s ({built:.0f} ms, {first['lines']} lines), a step p99 "
        f"{max(each['step_ms_p99'] for each in index):.2f} ms, at most "
        f"{max(each['step_ms_max'] for each in index):.2f} ms; "
        f"{first['index_bytes'] / 1024:.0f} KiB"
    )
    print(f"a window of 200 lines: {median([each['window_ms_p50'] for each in index]):.2f} ms (median)")
    print(f"open at the end, 1000 lines: {median([each['ms'] for each in opened]):.1f} ms")
    print(f"RSS at most: {first['rss_kib'] / 1024:.1f} MiB, of which before: {first['rss_before_kib'] / 1024:.1f} MiB")
    print(
        f"\n{'search':24}{'lines found':>12}{'grep MB/s':>11}{'ours MB/s':>11}{'ratio':>7}{'by CPU':>8}"
        f"{'step p99 ms':>13}{'at most':>9}{'RSS MiB':>9}"
    )
    wrong = 0
    rows = []
    for name, kind, ignore_case, pattern in SEARCHES:
        theirs, mine = [], []
        for _ in range(options.rounds):
            theirs.append(grep(path, pattern, ignore_case))
            mine.append(ours(options.tool, "search", str(path), kind, "nocase" if ignore_case else "case", pattern))
        grep_ms, our_ms = median([each[0] for each in theirs]), median([each["ms"] for each in mine])
        by_cpu = median([each[2] for each in theirs]) / median([each["cpu_ms"] for each in mine])
        same = theirs[0][1] == mine[0]["found"]
        wrong += not same
        found = str(mine[0]["found"]) if same else f"{mine[0]['found']}≠{theirs[0][1]}"
        rows.append(
            {
                "name": name,
                "pattern": pattern,
                "grep_ms": theirs,
                "ours": mine,
                "ratio": grep_ms / our_ms,
                "by_cpu": by_cpu,
            }
        )
        print(
            f"{name:24}{found:>12}{size / 1e3 / grep_ms:>11.0f}{size / 1e3 / our_ms:>11.0f}{grep_ms / our_ms:>7.2f}"
            f"{by_cpu:>8.2f}{mine[0]['step_ms_p99']:>13.2f}{max(each['step_ms_max'] for each in mine):>9.2f}"
            f"{mine[0]['rss_kib'] / 1024:>9.1f}"
        )
    if options.json:
        options.json.write_text(json.dumps({"bytes": size, "index": index, "open": opened, "searches": rows}, indent=1))
    if wrong:
        print("The counts differ from grep's.", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
