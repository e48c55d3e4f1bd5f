# SPDX-License-Identifier: Apache-2.0
"""What the daemon costs: time to start, memory while idle, size of the binary, time of a command.

python bench/daemon.py build/release/bin/firesteel
"""

import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 20
REQUEST = b"GET /api/v1/status HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"


def answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(path)
        except OSError:
            return False
        connection.sendall(REQUEST)
        return connection.recv(15) == b"HTTP/1.1 200 OK"


def start_once(binary: Path) -> tuple[float, float, float]:
    """Seconds to the first answer, seconds of a `status` command, MiB of RSS after one idle second."""
    directory = tempfile.mkdtemp(prefix="fsb-")
    environment = os.environ | {"FIRESTEEL_RUNTIME_DIR": directory}
    api = json.loads(subprocess.check_output([binary, "paths", "--json"], env=environment))["api_socket"]
    began = time.perf_counter()
    daemon = subprocess.Popen([binary, "daemon"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(api):
            if time.perf_counter() - began > 10:
                raise SystemExit("the daemon did not answer within 10 s")
            time.sleep(0.0005)
        started = time.perf_counter() - began
        began = time.perf_counter()
        subprocess.check_output([binary, "status", "--json"], env=environment)
        command = time.perf_counter() - began
        time.sleep(1)
        status = Path(f"/proc/{daemon.pid}/status").read_text()
        rss = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
    finally:
        daemon.terminate()
        daemon.wait(10)
        shutil.rmtree(directory, ignore_errors=True)
    return started, command, rss


def main() -> None:
    binary = Path(sys.argv[1]).resolve()
    starts, commands, memory = zip(*(start_once(binary) for _ in range(RUNS)), strict=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, {RUNS} runs; median (least to most)")
    for what, values, unit, factor in (
        ("daemon: start to first answer", starts, "ms", 1000),
        ("command: firesteel status --json", commands, "ms", 1000),
        ("daemon: resident memory, idle", memory, "MiB", 1),
    ):
        values = [value * factor for value in values]
        print(f"{what:35} {statistics.median(values):6.1f} {unit} ({min(values):.1f} to {max(values):.1f})")
    print(f"{'binary':35} {binary.stat().st_size / 2**20:6.1f} MiB")


main()
