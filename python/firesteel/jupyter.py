# SPDX-License-Identifier: Apache-2.0
"""What a Jupyter server loads: jupyter-server-proxy's way to the daemon, and a word in the log when that can't work."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from . import _catalog, _daemon
from ._errors import FiresteelError

READY_SECONDS = 20


def setup() -> dict[str, Any]:
    """Entry point `jupyter_serverproxy_servers`: <base_url>/firesteel/ is the daemon's api.sock."""
    binary = _daemon.find_binary()
    socket = Path(_daemon.read_paths().api_socket)
    # jupyter-server-proxy takes whoever listens there for ours, and sends him the browser's cookies.
    _daemon.ensure_private(socket.parent)
    headers = {}
    if re.fullmatch("/[!-~]*", sys.executable):  # else it can't be a header, and the daemon looks for itself
        headers["X-Firesteel-Python"] = _literal(sys.executable)
    return {
        "command": [_literal(binary), "daemon", "--attach"],
        "unix_socket": str(socket),
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
    """Hands the catalogue in Jupyter's configuration to the daemon, and says in the log what can't work.

    Routes are jupyter-server-proxy's business, all but what is passed on in pieces. Jupyter loads extensions by the
    order of their names, so those come before jupyter-server-proxy's.
    """
    try:
        app.log.info(f"Firesteel uses {_daemon.find_binary()}")
        paths = _daemon.read_paths()
        _daemon.ensure_private(Path(paths.api_socket).parent)
    except FiresteelError as error:
        app.log.error(f"Firesteel's panel will not work: {error}")
        return
    from . import _streaming  # it needs what isn't everywhere

    app.web_app.add_handlers(".*$", _streaming.routes(app.web_app.settings["base_url"]))
    try:
        if paths.state_dir:
            _catalog.hand_over(app, Path(paths.state_dir))
    except Exception as error:  # whatever a configuration holds, Jupyter itself has to start
        app.log.error(f"Firesteel can't use the catalogue in Jupyter's configuration: {error!r}")
