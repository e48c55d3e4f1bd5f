# SPDX-License-Identifier: Apache-2.0
"""Run by jupyter-server-proxy as `firesteel daemon --attach`: echoes each request's method, path and headers."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_unix_socket
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler


def described(handler: Any) -> str:
    request = handler.request
    return json.dumps({"method": request.method, "uri": request.uri, "headers": dict(request.headers)})


class Echo(RequestHandler):
    def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(described(self))

    post = delete = get


class Events(WebSocketHandler):
    def open(self) -> None:
        self.write_message(described(self))

    def check_origin(self, _origin: str) -> bool:
        return True


async def main(socket: str) -> None:
    server = HTTPServer(Application([("/api/v1/events", Events), ("/.*", Echo)]))
    server.add_socket(bind_unix_socket(socket))
    await asyncio.Event().wait()


if __name__ == "__main__":
    paths = {name: str(Path(__file__).parent / f"{name}.sock") for name in ("api_socket", "kernel_socket")}
    if sys.argv[1:] == ["paths", "--json"]:
        print(json.dumps(paths))
    elif sys.argv[1:] == ["daemon", "--attach"]:
        asyncio.run(main(paths["api_socket"]))
    else:
        sys.exit(f"not expected: {sys.argv[1:]}")
