# SPDX-License-Identifier: Apache-2.0
"""What a Jupyter server loads: jupyter-server-proxy's way to the daemon, and a word in the log when that can't work."""

from __future__ import annotations

import re
import sys
from typing import Any

from . import _daemon
from ._errors import FiresteelError

READY_SECONDS = 20


def setup() -> dict[str, Any]:
    """Entry point `jupyter_serverproxy_servers`: <base_url>/firesteel/ is the daemon's api.sock."""
    binary = _daemon.find_binary()
    headers = {}
    if re.fullmatch("/[!-~]*", sys.executable):  # else it can't be a header, and the daemon looks for itself
        headers["X-Firesteel-Python"] = _literal(sys.executable)
    return {
        "command": [_literal(binary), "daemon", "--attach"],
        "unix_socket": _daemon.read_paths().api_socket,
        "absolute_url": False,
        "timeout": READY_SECONDS,
        "launcher_entry": {"enabled": False},
        "request_headers_override": headers,
        # The panel's event stream ticks each second; that is not a person at work, and idle servers may be culled.
        "update_last_activity": False,
    }


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")  # jupyter-server-proxy formats these strings


def _load_jupyter_server_extension(app: Any) -> None:
    """Routes are jupyter-server-proxy's business; this says in the log if the daemon can't be started."""
    try:
        app.log.info(f"Firesteel uses {_daemon.find_binary()}")
        _daemon.read_paths()
    except FiresteelError as error:
        app.log.error(f"Firesteel's panel will not work: {error}")
