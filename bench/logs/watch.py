# SPDX-License-Identifier: Apache-2.0
"""Logs through a running daemon: what watching one costs, what a flood does to everybody else, how soon a large one is
open at its end.

    python bench/logs/watch.py build/release/bin/firesteel [--seconds 20] [--mb 1000] [--only watch,flood,open]

*watch*: a log of 100 MB that grows by 20 lines a second. Beside ours (the last 500 lines, then what is new, by requests
that wait) stands the design that Jupyter extensions for Spark have had: the client fetches the whole file every 700 ms
from a web server, here Python's own with `sendfile`, which is kinder to it than a handler that reads and encodes it.
*flood*: a program that the daemon takes for Java writes 100 MB/s to its log. Requests for the list of connections are
timed meanwhile, and, as a peer, while the same program floods a file that the daemon doesn't know. The end of the log
must be there afterwards.
*open*: the last 500 lines of a log of 1 GB: at once after the daemon has started, where it has to go through the log
first and where an earlier one has left its index (which has ended, or was killed); and again; `tail -n 500` beside it.

CPU is user and system time of the serving process. Results are held against the file; a wrong one is an error.
"""

from __future__ import annotations

import argparse
import functools
import http.client
import http.server
import json
import multiprocessing
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from run import ROOT, make_log

WATCHED_MB = 100
FLOOD_MB_S = 100
JAVA = """#!{python}
import time
line = "26/11/22 08:30:36 INFO TaskSetManager: Finished task 17.0 in stage 3.0 (TID 4711) in 42 ms on 10.0.0.7\\n"
block = (line * (1_000_000 // len(line) + 1)).encode()
out = open({target!r} or 1, "ab", buffering=0)
began, wrote = time.monotonic(), 0
while time.monotonic() - began < {seconds}:
    wrote += out.write(block)
    time.sleep(max(0.0, began + wrote / {rate} - time.monotonic()))
out.write(b"the end of the flood\\n")
print(wrote, file=open({report!r}, "w"))
time.sleep(600)
"""


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str):
        super().__init__("firesteel", timeout=70)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(70)
        self.sock.connect(self.path)


class Client:
    """Asks the daemon over one kept connection; counts the bytes of bodies."""

    def __init__(self, path: str):
        self.connection = UnixConnection(path)
        self.bytes = 0

    def ask(self, path: str, method: str = "GET", body: dict | None = None) -> dict:
        headers = {"X-Firesteel-Client": "bench/1", "Content-Type": "application/json"}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        reply = self.connection.getresponse()
        content = reply.read()
        self.bytes += len(content)
        if reply.status >= 400:
            raise SystemExit(f"{path}: {reply.status} {content!r}")
        return json.loads(content)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int, what: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(what)).split()[1]) / 1024


class Daemon:
    def __init__(self, binary: Path, limit_mib: int):
        self.runtime = Path(tempfile.mkdtemp(prefix="fsb-"))
        self.state = ROOT / "build/bench/watch-state"
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir(parents=True)
        self.binary = binary
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("FIRESTEEL_", "SPARK_", "JAVA_"))
        }
        self.environment = kept | {
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_STATE_HOME": str(self.state),
            "FIRESTEEL_LOG_LIMIT_MIB": str(limit_mib),
        }
        paths = json.loads(subprocess.check_output([binary, "paths", "--json"], env=self.environment))
        self.socket, self.logs = paths["api_socket"], Path(paths["state_dir"]) / "logs"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([self.binary, "daemon"], env=self.environment, stdout=subprocess.DEVNULL)
        for _ in range(2000):
            try:
                Client(self.socket).ask("/api/v1/status")
                return
            except OSError:
                time.sleep(0.005)
        raise SystemExit("the daemon does not answer")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)

    def close(self) -> None:
        self.end()
        shutil.rmtree(self.runtime, ignore_errors=True)
        shutil.rmtree(self.state, ignore_errors=True)

    def connection(self, name: str, java_home: str) -> Path:
        """Makes one; gives its log."""
        client = Client(self.socket)
        environment = {"python": sys.executable, "java_home": java_home}
        made = client.ask("/api/v1/connections", "POST", {"name": name, "environment": environment})
        return self.logs / f"{made['id']}.log"

    def failed(self, name: str) -> Path:
        """One whose start has failed: its log is ours to write."""
        log = self.connection(name, "/nonexistent")
        Client(self.socket).ask(f"/api/v1/connections/{name}?settle_ms=20000")
        return log


def grow(log: Path, ended: threading.Event) -> None:
    number = 0
    with log.open("ab", buffering=0) as file:
        while not ended.wait(0.5):
            for _ in range(10):
                file.write(b"26/11/22 08:30:36 INFO Foo: one more line, number %d\n" % number)
                number += 1


def last_line(path: Path) -> str:
    return subprocess.check_output(["tail", "-n", "1", path], text=True).rstrip("\n")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments) -> None:
        pass

    def copyfile(self, source, _output) -> None:
        self.wfile.flush()
        os.sendfile(self.connection.fileno(), source.fileno(), 0, 1)
        offset, size = 1, os.fstat(source.fileno()).st_size
        while offset < size:
            offset += os.sendfile(self.connection.fileno(), source.fileno(), offset, 1 << 24)


def serve(directory: str, port) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=directory))
    port.value = server.server_address[1]
    server.serve_forever()


def watch_whole_file(log: Path, seconds: float) -> tuple[float, float, str]:
    """Bytes and CPU seconds of the server, and the last line seen."""
    port = multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=serve, args=(str(log.parent), port), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.01)
    cpu, got, tail = cpu_seconds(server.pid), 0, b""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port.value, timeout=60)
        connection.request("GET", f"/{log.name}")
        reply = connection.getresponse()
        while piece := reply.read1(1 << 20):
            got += len(piece)
            tail = (tail + piece)[-500:]
        connection.close()
        time.sleep(0.7)
    cpu = cpu_seconds(server.pid) - cpu
    server.terminate()
    return got, cpu, tail.decode().splitlines()[-1]


def watch_ours(daemon: Daemon, name: str, seconds: float) -> tuple[float, float, str]:
    client = Client(daemon.socket)
    path = f"/api/v1/connections/{name}/log/lines"
    cpu = cpu_seconds(daemon.process.pid)
    window = client.ask(f"{path}?limit=500")
    until = time.monotonic() + seconds
    last = window["lines"][-1]["text"]
    while time.monotonic() < until:
        first = window["end_line"]
        window = client.ask(f"{path}?first={first}&limit=5000&seen={window['bytes']}&wait_ms=1000")
        if window["lines"]:
            last = window["lines"][-1]["text"]
    return client.bytes, cpu_seconds(daemon.process.pid) - cpu, last


def check(right: bool, what: str) -> None:
    if not right:
        raise SystemExit(f"wrong: {what}")


def measure_watch(binary: Path, seconds: float) -> dict:
    daemon = Daemon(binary, 256)
    try:
        log = daemon.failed("watched")
        source = ROOT / "build/bench/watched.log"
        make_log(source, WATCHED_MB * 10**6)
        shutil.copyfile(source, log)
        Client(daemon.socket).ask("/api/v1/connections/watched/log/lines")
        out = {}
        for name, watch in (
            ("whole file", functools.partial(watch_whole_file, log)),
            ("ours", functools.partial(watch_ours, daemon, "watched")),
        ):
            ended = threading.Event()
            writer = threading.Thread(target=grow, args=(log, ended))
            writer.start()
            got, cpu, last = watch(seconds=seconds)
            ended.set()
            writer.join()
            check("one more line" in last, f"the last line seen by {name} is {last!r}")
            out[name] = {"mb_a_minute": got / 1e6 * 60 / seconds, "cpu_s_a_minute": cpu * 60 / seconds}
        return out
    finally:
        daemon.close()


def times_of_requests(client: Client, until) -> list[float]:
    took = []
    deadline = time.monotonic() + 120
    while not until():
        check(time.monotonic() < deadline, "the flood has no end")
        began = time.perf_counter()
        client.ask("/api/v1/connections")
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(0.005)
    return took


def quantiles(took: list[float]) -> dict:
    took = sorted(took)
    return {
        "requests": len(took),
        "p50_ms": statistics.median(took),
        "p99_ms": took[int(len(took) * 0.99)],
        "most_ms": took[-1],
    }


def fake_java(home: Path, target: str, seconds: float) -> Path:
    (home / "bin").mkdir(parents=True, exist_ok=True)
    (home / "release").write_text('JAVA_VERSION="17.0.1"\n')
    program = home / "bin/java"
    report = home / "report"
    report.unlink(missing_ok=True)
    program.write_text(
        JAVA.format(python=sys.executable, seconds=seconds, rate=FLOOD_MB_S * 10**6, target=target, report=str(report))
    )
    program.chmod(0o755)
    return report


def measure_flood(binary: Path, seconds: float) -> dict:
    daemon = Daemon(binary, 256)
    home = daemon.state / "java"
    out = {}
    try:
        client = Client(daemon.socket)
        client.ask("/api/v1/connections")
        began = time.monotonic()
        out["nothing goes on"] = quantiles(times_of_requests(client, lambda: time.monotonic() - began > 5))
        other = ROOT / "build/bench/flood.log"
        other.unlink(missing_ok=True)
        report = fake_java(home, str(other), seconds)
        writer = subprocess.Popen([home / "bin/java"])
        out["flood elsewhere"] = quantiles(times_of_requests(client, report.exists))
        out["flood elsewhere"]["mb_s"] = int(report.read_text()) / 1e6 / seconds
        writer.kill()
        writer.wait()
        other.unlink()
        report = fake_java(home, "", seconds)
        cpu = cpu_seconds(daemon.process.pid)
        log = daemon.connection("flood", str(home))
        out["flood into the log"] = quantiles(times_of_requests(client, report.exists))
        out["flood into the log"]["mb_s"] = int(report.read_text()) / 1e6 / seconds
        out["cpu_share"] = (cpu_seconds(daemon.process.pid) - cpu) / seconds
        ended = time.monotonic()
        path = "/api/v1/connections/flood/log/lines?limit=3"
        while (window := client.ask(path))["lines"][-1]["text"] != "the end of the flood":
            check(time.monotonic() - ended < 20, f"the end of the log: {window['lines']!r}")
            time.sleep(0.05)
        out["end_seen_after_s"] = time.monotonic() - ended
        check(last_line(log) == "the end of the flood", "the end of the file")
        out["rss_mib"] = memory_mib(daemon.process.pid, "VmRSS")
        out["most_rss_mib"] = memory_mib(daemon.process.pid, "VmHWM")
        out["written_mb"] = window["bytes"] / 1e6
        time.sleep(1.5)
        out["on_disk_mb"] = log.stat().st_blocks * 512 / 1e6
        window = client.ask(path)
        out["dropped_mb"], out["dropped_lines"] = window["dropped"]["bytes"] / 1e6, window["dropped"].get("lines")
        suggestions = client.ask("/api/v1/connections/flood")["suggestions"]
        out["said"] = [each["message"] for each in suggestions]
        client.ask("/api/v1/connections/flood/stop", "POST")
        client.ask("/api/v1/connections/flood?settle_ms=30000")
        return out
    finally:
        daemon.close()


def measure_open(binary: Path, megabytes: int) -> dict:
    daemon = Daemon(binary, 0)
    try:
        log = daemon.failed("large")
        source = ROOT / "build/bench/spark.log"
        make_log(source, megabytes * 10**6)
        os.link(source, log) if not log.exists() else (log.unlink(), os.link(source, log))
        with log.open("rb") as file:
            while file.read(1 << 22):
                pass
        began = time.perf_counter()
        subprocess.check_output(["tail", "-n", "500", log])
        tail_ms = (time.perf_counter() - began) * 1000
        wanted = subprocess.check_output(["tail", "-n", "500", log], text=True).splitlines()
        out = {"tail_ms": tail_ms, "mb": log.stat().st_size / 1e6}
        index = log.with_name(log.name + ".index")
        path = "/api/v1/connections/large/log/lines?limit=500"
        for name, before in (
            ("first", daemon.end),
            ("again", None),
            ("after_end", daemon.end),
            ("after_kill", daemon.kill),
        ):
            if before:
                if name != "first":
                    for _ in range(1000):
                        if index.exists():
                            break
                        time.sleep(0.01)
                    out["index_kb"] = index.stat().st_size / 1000
                before()
                daemon.start()
            client = Client(daemon.socket)
            client.ask("/api/v1/status")
            began = time.perf_counter()
            requests = 1
            window = client.ask(path)
            out[f"{name}_reply_ms"] = (time.perf_counter() - began) * 1000
            while window["indexed_bytes"] < window["bytes"]:
                window = client.ask(path)
                requests += 1
            out[f"{name}_ms"] = (time.perf_counter() - began) * 1000
            out[f"{name}_requests"] = requests
            # The log has secrets, which are masked in ours: what is before them is the same.
            same = [line["text"].split("secret")[0] for line in window["lines"]] == [
                x.split("secret")[0] for x in wanted
            ]
            check(same, "the last 500 lines")
        out["rss_mib"] = memory_mib(daemon.process.pid, "VmRSS")
        out["search"] = search(daemon, log)
        out["most_rss_mib"] = memory_mib(daemon.process.pid, "VmHWM")
        return out
    finally:
        daemon.close()


def search(daemon: Daemon, log: Path) -> list[dict]:
    """Through the API, step by step, beside grep."""
    out = []
    for name, query, pattern in (
        ("rare, plain text", "q=OutOfMemoryError", "OutOfMemoryError"),
        ("rare, pattern", "regex=true&q=ERROR%20.*stage%20%5B0-9%5D%2B%20lost", "ERROR .*stage [0-9]+ lost"),
    ):
        began = time.perf_counter()
        command = ["grep", "-E", "-c", "-e", pattern, str(log)]
        count = int(subprocess.run(command, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True).stdout)
        grep_s = time.perf_counter() - began
        client, cursor, found = Client(daemon.socket), "", 0
        began = time.perf_counter()
        longest = 0.0
        while True:
            asked = time.perf_counter()
            step = client.ask(f"/api/v1/connections/large/log/search?{query}&limit=1000{cursor}")
            longest = max(longest, time.perf_counter() - asked)
            found += step["found"]
            if "next" not in step:
                break
            cursor = f"&cursor={step['next']}"
        ours_s = time.perf_counter() - began
        check(found == count, f"{found} lines found, grep has {count}")
        out.append({"name": name, "found": found, "ratio": grep_s / ours_s, "longest_request_ms": longest * 1000})
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure logs through a daemon.")
    parser.add_argument("binary", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--only", default="watch,flood,open")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    binary = options.binary.resolve()
    (ROOT / "build/bench").mkdir(parents=True, exist_ok=True)
    print(f"load before: {os.getloadavg()[0]:.2f}")
    results = {}
    if "watch" in options.only:
        watch = results["watch"] = measure_watch(binary, options.seconds)
        theirs, ours = watch["whole file"], watch["ours"]
        print(f"\nwatching a log of {WATCHED_MB} MB for a minute{'MB sent':>12}{'CPU s':>8}")
        for name, row in watch.items():
            print(f"  {name:38}{row['mb_a_minute']:>12.2f}{row['cpu_s_a_minute']:>8.2f}")
        print(
            f"  ratio: 1 to {theirs['mb_a_minute'] / ours['mb_a_minute']:.0f} in bytes, "
            f"1 to {theirs['cpu_s_a_minute'] / max(ours['cpu_s_a_minute'], 0.01):.1f} in CPU"
        )
    if "flood" in options.only:
        flood = results["flood"] = measure_flood(binary, options.seconds)
        print(f"\nrequests meanwhile{'MB/s':>22}{'requests':>10}{'p50 ms':>8}{'p99 ms':>8}{'most':>8}")
        for name, row in flood.items():
            if isinstance(row, dict):
                print(
                    f"  {name:28}{row.get('mb_s', 0):>10.0f}{row['requests']:>10}{row['p50_ms']:>8.2f}"
                    f"{row['p99_ms']:>8.2f}{row['most_ms']:>8.2f}"
                )
        print(
            f"  {flood['written_mb']:.0f} MB written, {flood['on_disk_mb']:.0f} MB on disk, "
            f"{flood['dropped_mb']:.0f} MB ({flood['dropped_lines']} lines) said to be dropped; "
            f"the end seen after {flood['end_seen_after_s']:.2f} s"
        )
        print(
            f"  the daemon: {flood['cpu_share'] * 100:.0f} % of a core, {flood['rss_mib']:.1f} MiB RSS, at most "
            f"{flood['most_rss_mib']:.1f}; said: {flood['said']}"
        )
    if "open" in options.only:
        opened = results["open"] = measure_open(binary, options.mb)
        print(
            f"\nthe last 500 lines of {opened['mb']:.0f} MB: {opened['first_ms']:.0f} ms by a daemon that has just "
            f"started ({opened['first_requests']} requests, the first reply after {opened['first_reply_ms']:.0f} ms), "
            f"{opened['again_ms']:.1f} ms after that; tail: {opened['tail_ms']:.1f} ms"
        )
        for name, what in (("after_end", "after an orderly end"), ("after_kill", "after kill -9")):
            print(
                f"  by the next daemon {what}: {opened[f'{name}_ms']:.1f} ms ({opened[f'{name}_requests']} requests), "
                f"from an index of {opened['index_kb']:.0f} kB"
            )
        for row in opened["search"]:
            print(
                f"  search through the API, {row['name']}: {row['ratio']:.2f} of grep's speed, {row['found']} lines, "
                f"a request {row['longest_request_ms']:.0f} ms at most"
            )
        print(f"  RSS {opened['rss_mib']:.1f} MiB after opening, at most {opened['most_rss_mib']:.1f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
