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

second: asyncio.Queue[str] = asyncio.Queue()


def described(handler: Any) -> str:
    request = handler.request
    return json.dumps({"method": request.method, "uri": request.uri, "headers": dict(request.headers)})


class Echo(RequestHandler):
    def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        self.set_header("X-Of-Spark", "1")
        self.finish(described(self))

    post = delete = get


class Log(RequestHandler):
    """A log in two halves: after the first one it goes on as `/second/whole` or `/second/broken` says."""

    async def get(self) -> None:
        self.set_header("Content-Disposition", 'attachment; filename="a.log"')
        self.write(b"1" * 1_000_000)
        await self.flush()
        if await second.get() == "broken":
            self.request.connection.stream.close()
            return
        self.write(b"2" * 1_000_000)


class Second(RequestHandler):
    def get(self, how: str) -> None:
        second.put_nowait(how)
        self.finish("{}")


class Events(WebSocketHandler):
    def open(self) -> None:
        self.write_message(described(self))

    def check_origin(self, _origin: str) -> bool:
        return True


async def main(socket: str) -> None:
    sockets = [(path, Events) for path in ("/api/v1/events", "/ui/main/socket")]
    long = [(path, Log) for path in ("/api/v1/connections/a%20b/log/text", "/ui/main/api/logs")]
    server = HTTPServer(Application([*sockets, *long, ("/second/(.*)", Second), ("/.*", Echo)]))
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
