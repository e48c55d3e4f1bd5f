# SPDX-License-Identifier: Apache-2.0
"""The download of a log, passed on piece by piece.

jupyter-server-proxy collects an answer before it sends it on, and refuses one of more than 100 MB; a log may be longer.
So this one address of the daemon's has a handler of our own, which must come before jupyter-server-proxy's in the
Jupyter server's list. What the browser hasn't taken isn't read.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import aiohttp
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.iostream import StreamClosedError
from yarl import URL

from . import _daemon
from ._errors import FiresteelError

PIECE_BYTES = 64 * 1024
CONNECT_SECONDS = 10
# How long the daemon may take for one piece; the browser may take as long as the daemon lets it.
PIECE_SECONDS = 60
PASSED_ON = (
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Vary",
    "X-Content-Type-Options",
)


def route(base_url: str) -> tuple[str, type[JupyterHandler]]:
    return url_path_join(base_url, r"/firesteel/api/v1/connections/([^/]+)/log/text"), LogDownload


class LogDownload(JupyterHandler):
    """GET and HEAD, for whoever is logged in."""

    def compute_etag(self) -> None:
        return None

    @web.authenticated
    async def get(self, name: str) -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        target = f"/api/v1/connections/{quote(name, safe='')}/log/text{query}"
        for may_start in (True, False):
            try:
                return await self._pass(target)
            except aiohttp.ClientConnectorError as error:
                if not may_start:
                    raise web.HTTPError(502, f"The Firesteel daemon does not answer: {error}.") from None
            try:
                await asyncio.to_thread(_daemon.ensure_running)
            except FiresteelError as error:
                raise web.HTTPError(502, str(error)) from None

    head = get

    async def _pass(self, target: str) -> None:
        """Passes the daemon's answer on; one that breaks off here breaks off there, so that no half log looks whole."""
        accepted = self.request.headers.get("Accept-Encoding", "identity")
        deadlines = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=PIECE_SECONDS)
        connector = aiohttp.UnixConnector(path=_daemon.read_paths().api_socket)
        async with aiohttp.ClientSession(connector=connector, timeout=deadlines, auto_decompress=False) as session:
            began = False
            try:
                where = URL(f"http://localhost{target}", encoded=True)
                method, headers = self.request.method or "GET", {"Accept-Encoding": accepted}
                async with session.request(method, where, headers=headers, allow_redirects=False) as answer:
                    self._head(answer)
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
                self.log.error(f"A log's download is not whole. {said}")
                self.request.connection.stream.close()  # type: ignore[union-attr]

    def _head(self, answer: Any) -> None:
        self.set_status(answer.status, answer.reason)
        for header in PASSED_ON:
            if header in answer.headers:
                self.set_header(header, answer.headers[header])
