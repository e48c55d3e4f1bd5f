# SPDX-License-Identifier: Apache-2.0
"""What a proxy costs: CPU time and memory of a process and its children."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from pathlib import Path

START_SECONDS = 20.0
MB = 1e6


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def tree(pid: int) -> list[int]:
    """The process and all that come from it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """Of all threads that run now, by the scheduler's own count (/proc/PID/stat has but hundredths of a second)."""
    tasks = [task for each in tree(pid) for task in Path(f"/proc/{each}/task").iterdir()]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def resident_mb(pid: int) -> float:
    """Of the largest process of the tree: of nginx and nghttpx that is the worker; their masters are let off."""
    return max(_status_kb(each, "VmRSS") for each in tree(pid)) * 1024 / MB


def _status_kb(pid: int, key: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(key + ":")), 0)


class PeakMemory:
    """The most that a process tree held while the block ran, looked at each 20 ms."""

    def __init__(self, pid: int) -> None:
        self.mb = 0.0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.mb = max(self.mb, resident_mb(self._pid))
            if self._ended.wait(0.02):
                return


class Process:
    """A server of ours that listens on `port`; what it says goes to `log`."""

    def __init__(self, command: list[str], port: int, log: Path, environment: dict[str, str] | None = None) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
            )
        self.pid = self._process.pid
        until = time.monotonic() + START_SECONDS
        while not self._listens(port):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise SystemExit(f"{' '.join(command)} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.01)

    @staticmethod
    def _listens(port: int) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
