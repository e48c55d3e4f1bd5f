# SPDX-License-Identifier: Apache-2.0
"""gRPC channels from a kernel to the gateway, and what each call says of where it goes and comes from."""

from __future__ import annotations

import os
import pwd
import re
import sys
import threading
from collections import namedtuple
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import grpc
from pyspark.sql.connect.client import ChannelBuilder

from ._daemon import Channel

MAX_METADATA_BYTES = 1024
# gRPC would take $http_proxy even for loopback, and wait up to two minutes before it tries a lost socket again.
CHANNEL_OPTIONS = [
    ("grpc.enable_http_proxy", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 500),
]
# Spark 3.5's builder is made of an URL alone.
TAKES_URL = not hasattr(ChannelBuilder, "setChannelOption")
_latest = threading.local()


class FiresteelChannelBuilder(ChannelBuilder):
    """Opens channels to one run of a connection's server. Copied deeply by newSession() and cloneSession()."""

    host = ""  # in pyspark a property that others have to define

    def __init__(self, channel: Channel) -> None:
        user = pwd.getpwuid(os.getuid()).pw_name
        if TAKES_URL:
            super().__init__("sc://localhost", CHANNEL_OPTIONS)
            self.params[ChannelBuilder.PARAM_USER_ID] = user
        else:
            super().__init__(channelOptions=CHANNEL_OPTIONS, params={ChannelBuilder.PARAM_USER_ID: user})
        self.host = channel.target
        self._origin = CallOrigin(channel.name, channel.server_id)

    def toChannel(self) -> grpc.Channel:
        # A unix socket: file permissions are the login.
        return grpc.intercept_channel(grpc.insecure_channel(self.host, options=self._channel_options), self._origin)


_CallDetails = namedtuple("_CallDetails", "method timeout metadata credentials wait_for_ready compression")


class CallOrigin(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """Adds to every call which connection, and which run of its server, it is for; and notebook and cell."""

    def __init__(self, connection: str, server_id: str) -> None:
        self._destination = [("x-firesteel-connection", connection), ("x-firesteel-server", server_id)]

    def _intercept(self, continuation: Callable[[Any, Any], Any], details: Any, request: Any) -> Any:
        _latest.rpc = details.method.rpartition("/")[2]
        metadata = [*(details.metadata or ()), *self._destination]
        for key, value in (("x-firesteel-notebook", _notebook()), ("x-firesteel-cell", _cell())):
            if value:
                metadata.append((key, value))
        changed = _CallDetails(
            details.method,
            details.timeout,
            metadata,
            details.credentials,
            getattr(details, "wait_for_ready", None),
            getattr(details, "compression", None),
        )
        return continuation(changed, request)

    intercept_unary_unary = _intercept
    intercept_unary_stream = _intercept
    intercept_stream_unary = _intercept
    intercept_stream_stream = _intercept


def latest_rpc() -> str:
    """Name of the RPC that the calling thread issued last, e.g. `ExecutePlan`; empty before the first."""
    return getattr(_latest, "rpc", "")


def _notebook() -> str:
    """The notebook's path as Jupyter gave it to the kernel."""
    return _ascii(os.environ.get("JPY_SESSION_NAME", ""))


def _cell() -> str:
    """Id of the cell that runs; in a thread of the user's, of the cell that the kernel runs at this moment.

    Empty outside of a notebook, and whenever it can't be had: no query may fail for want of it.
    """
    try:
        shell = sys.modules["IPython"].get_ipython()
        return _ascii(shell.get_parent()["metadata"]["cellId"])
    except (KeyError, AttributeError, TypeError):
        return ""


def _ascii(text: str) -> str:
    """Percent-encoded, and cut at a whole character so that it fits a header."""
    encoded = quote(text.encode(errors="surrogateescape"), safe="/")
    if len(encoded) <= MAX_METADATA_BYTES:
        return encoded
    return re.sub("%.?$", "", encoded[:MAX_METADATA_BYTES])
