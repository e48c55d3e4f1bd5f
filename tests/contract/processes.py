# SPDX-License-Identifier: Apache-2.0
"""Which processes an instance of Firesteel has: by what /proc says, not by what Firesteel says."""

import os
import time
from pathlib import Path

import psutil


def of_instance(directory: Path) -> list[psutil.Process]:
    """Every process whose environment or command line names the instance's directory, but the tests' own."""
    own = {process.pid for process in [psutil.Process(), *psutil.Process().parents()]}
    marker = str(directory).encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in own:
            continue
        try:
            if marker in (entry / "environ").read_bytes() or marker in (entry / "cmdline").read_bytes():
                found.append(psutil.Process(int(entry.name)))
        except (OSError, psutil.NoSuchProcess):
            continue  # it ended while we looked
    return found


def family(pid: int) -> list[psutil.Process]:
    """The process, its descendants, and all of its session and group."""
    root = psutil.Process(pid)
    members = {root.pid: root} | {child.pid: child for child in root.children(recursive=True)}
    group = os.getpgid(pid)
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group:
                members[process.pid] = process
        except ProcessLookupError:
            continue
    return list(members.values())


def wait_gone(processes: list[psutil.Process], timeout: float = 15.0) -> None:
    """Returns when none of them runs; says who is left after `timeout` seconds."""
    _, alive = psutil.wait_procs(processes, timeout=timeout)
    running = [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not running, [(process.pid, process.cmdline()[:6]) for process in running]


def all_command_lines() -> bytes:
    return b"\n".join(_read(entry / "cmdline") for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def wait_for(condition, timeout: float, what: str) -> float:
    """Polls a condition that gives no event; returns the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < timeout:
        if condition():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {timeout} s: {what}")
