# SPDX-License-Identifier: Apache-2.0
"""A real ipykernel, used as JupyterLab uses it: each cell has an id."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from jupyter_client import KernelManager

CELL_SECONDS = 90.0


class Result:
    """What a cell gave: the reply's status, all that it showed, and the name of its error."""

    def __init__(self, reply: dict[str, Any], outputs: list[dict[str, Any]]) -> None:
        self.status = reply["status"]
        self.error = reply.get("ename", "")
        self.shown = json.dumps([reply, outputs], default=str)
        self.text = "".join(
            content.get("text", "")
            + content.get("data", {}).get("text/plain", "")
            + "\n".join(content.get("traceback", ()))
            for content in outputs
        )


class Notebook:
    def __init__(self, directory: Path, path: str = "notes/first.ipynb", **environment: str) -> None:
        self._manager = KernelManager()
        variables = os.environ | {"JPY_SESSION_NAME": path, "IPYTHONDIR": str(directory)} | environment
        self._manager.start_kernel(env=variables, cwd=str(directory))
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)
        self.everything = ""

    def start(self, code: str, cell: str = "cell-1") -> str:
        """Sends a cell and returns its message's id."""
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = self._client.session.msg("execute_request", content, metadata={"cellId": cell})
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def finish(self, message: str, seconds: float = CELL_SECONDS) -> Result:
        """Waits until the cell is done."""
        until = time.monotonic() + seconds
        outputs = []
        while True:
            found = self._client.get_iopub_msg(timeout=max(0.01, until - time.monotonic()))
            if found["parent_header"].get("msg_id") != message:
                continue
            if found["header"]["msg_type"] == "status" and found["content"]["execution_state"] == "idle":
                break
            outputs.append(found["content"])
        while True:
            reply = self._client.get_shell_msg(timeout=max(0.01, until - time.monotonic()))
            if reply["parent_header"].get("msg_id") == message:
                result = Result(reply["content"], outputs)
                self.everything += result.shown
                return result

    def run(self, code: str, cell: str = "cell-1", seconds: float = CELL_SECONDS) -> Result:
        return self.finish(self.start(code, cell), seconds)

    def close_comm(self, comm_id: str, data: dict[str, Any], seconds: float = 10.0) -> list[dict[str, Any]]:
        """Ends a comm as a page does; what the kernel shows anew because of it."""
        message = self._client.session.msg("comm_close", {"comm_id": comm_id, "data": data})
        self._client.shell_channel.send(message)
        published = self.published(message["header"]["msg_id"], seconds)
        return [content for kind, content in published if kind == "update_display_data"]

    def published(self, message: str, seconds: float) -> list[tuple[str, dict[str, Any]]]:
        """All that the kernel publishes until it is done with a message."""
        until = time.monotonic() + seconds
        published = []
        while True:
            found = self._client.get_iopub_msg(timeout=max(0.01, until - time.monotonic()))
            kind, content = found["header"]["msg_type"], found["content"]
            if found["parent_header"].get("msg_id") == message and content.get("execution_state") == "idle":
                return published
            published.append((kind, content))

    def interrupt(self) -> None:
        self._manager.interrupt_kernel()

    def shut_down(self) -> float:
        """Asks the kernel to end, as JupyterLab does; returns how many seconds it took."""
        began = time.monotonic()
        self._client.shutdown()
        while self._manager.is_alive() and time.monotonic() - began < 30:
            time.sleep(0.02)
        return time.monotonic() - began

    def close(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
