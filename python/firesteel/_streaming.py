# SPDX-License-Identifier: Apache-2.0
"""What the daemon answers, passed on piece by piece: the download of a log, and the pages of a Spark UI.

jupyter-server-proxy collects an answer before it sends it on, and refuses one of more than 100 MB; a log, or an event
log that the Spark UI gives, may be longer. So GET on these addresses has handlers of our own, which must come before
jupyter-server-proxy's in the Jupyter server's list; it carries everything else. What the browser hasn't taken isn't
read.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import aiohttp
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import routing, web
from tornado.httputil import HTTPServerRequest
from tornado.iostream import StreamClosedError
from yarl import URL

from . import _daemon
from ._errors import FiresteelError

PIECE_BYTES = 64 * 1024
CONNECT_SECONDS = 10
# How long the daemon may take for one piece; the browser may take as long as the daemon lets it. A thread dump of a
# busy driver takes two minutes to begin.
PIECE_SECONDS = 150
# What is about one connection, and what is between the browser and Jupyter.
NOT_PASSED_ON = {
    *("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
    *("authorization", "cookie", "proxy-authorization", "set-cookie"),
}
# What aiohttp would say for a browser that doesn't.
BROWSERS_OWN = ("Accept", "Accept-Encoding", "User-Agent")
# A log is a file, not a page: Jupyter's own headers stay.
OF_A_FILE = {
    *("cache-control", "content-disposition", "content-encoding", "content-length", "content-type", "vary"),
    "x-content-type-options",
}


class _PlainGet(routing.PathMatches):
    """GET and HEAD; what becomes a WebSocket, and what changes something, is jupyter-server-proxy's business."""

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        if request.method not in ("GET", "HEAD") or "Upgrade" in request.headers:
            return None
        return super().match(request)


def routes(base_url: str) -> list[routing.Rule]:
    """In front of jupyter-server-proxy's, for the web application of a Jupyter server."""
    root = url_path_join(base_url, "firesteel")
    kwargs = {"root": root}
    return [
        routing.Rule(_PlainGet(f"{re.escape(root)}/api/v1/connections/[^/]+/log/text$"), LogDownload, kwargs),
        routing.Rule(_PlainGet(f"{re.escape(root)}/ui/.*$"), SparkUi, kwargs),
    ]


class _Streamed(JupyterHandler):
    """GET and HEAD, for whoever is logged in; `root` is the path that stands for the daemon's own."""

    def initialize(self, root: str) -> None:
        self.root = root

    def compute_etag(self) -> None:
        return None

    def check_xsrf_cookie(self) -> None:
        """As jupyter-server-proxy does: JupyterHub would ask GET for a token that a script's address can't have."""

    @web.authenticated
    async def get(self) -> None:
        for may_start in (True, False):
            try:
                return await self._pass(self.request.path[len(self.root) :])
            except aiohttp.ClientConnectorError as error:
                if not may_start:
                    raise web.HTTPError(502, f"The Firesteel daemon does not answer: {error}.") from None
            try:
                await asyncio.to_thread(_daemon.ensure_running)
            except FiresteelError as error:
                raise web.HTTPError(502, str(error)) from None

    head = get

    def request_headers(self) -> list[tuple[str, str]]:
        raise NotImplementedError

    def begin(self, answer: aiohttp.ClientResponse) -> None:
        raise NotImplementedError

    async def _pass(self, target: str) -> None:
        """Passes the daemon's answer on; one that breaks off here breaks off there, so that no half looks whole."""
        deadlines = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=PIECE_SECONDS)
        connector = aiohttp.UnixConnector(path=_daemon.read_paths().api_socket)
        query = f"?{self.request.query}" if self.request.query else ""
        where = URL(f"http://localhost{target}{query}", encoded=True)
        request = {"headers": self.request_headers(), "allow_redirects": False}
        async with aiohttp.ClientSession(
            connector=connector, timeout=deadlines, auto_decompress=False, skip_auto_headers=BROWSERS_OWN
        ) as session:
            began = False
            try:
                async with session.request(self.request.method or "GET", where, **request) as answer:  # type: ignore[arg-type]
                    self.begin(answer)
                    async for piece in answer.content.iter_chunked(PIECE_BYTES):
                        began = True
                        self.write(piece)
                        await self.flush()
            except StreamClosedError:
                return  # the browser has had enough
            except aiohttp.ClientConnectorError:
                raise
            except (aiohttp.ClientError, TimeoutError) as error:
                said = f"The Firesteel daemon broke off: {error or type(error).__name__}."
                if not began:
                    raise web.HTTPError(502, said) from None
                self.log.error(f"An answer is not whole. {said}")
                self.request.connection.stream.close()  # type: ignore[union-attr]


class LogDownload(_Streamed):
    """A log, whole, as the browser takes it."""

    def request_headers(self) -> list[tuple[str, str]]:
        return [("Accept-Encoding", self.request.headers.get("Accept-Encoding", "identity"))]

    def begin(self, answer: aiohttp.ClientResponse) -> None:
        self.set_status(answer.status, answer.reason)
        for name, value in answer.headers.items():
            if name.lower() in OF_A_FILE:
                self.set_header(name, value)


class SparkUi(_Streamed):
    """A page of a connection's Spark UI, or what belongs to one, with Spark's own headers."""

    def request_headers(self) -> list[tuple[str, str]]:
        own = {"x-forwarded-context", "x-proxycontextpath", "x-forwarded-prefix"}
        given = [
            (name, value)
            for name, value in self.request.headers.get_all()
            if name.lower() not in NOT_PASSED_ON | own and not name.lower().startswith("x-firesteel-")
        ]
        # As jupyter-server-proxy says under which path the daemon is known.
        return [*given, ("X-Forwarded-Context", self.root), ("X-ProxyContextPath", self.root)]

    def begin(self, answer: aiohttp.ClientResponse) -> None:
        self.set_status(answer.status, answer.reason)
        # Jupyter's own are for its own pages: its content policy forbids scripts of Spark's.
        for name in [name for name, _ in self._headers.get_all()]:
            self.clear_header(name)
        for name, value in answer.headers.items():
            if name.lower() not in NOT_PASSED_ON:
                self.add_header(name, value)
