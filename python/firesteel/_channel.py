# SPDX-License-Identifier: Apache-2.0
"""gRPC channels from a kernel to a connection's server, and what every call on them tells about its origin."""

from __future__ import annotations

import os
import pwd
import re
import sys
import threading
from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import grpc
from pyspark.sql.connect.client import ChannelBuilder

from ._daemon import Channel

MAX_METADATA_BYTES = 1024
# gRPC would take $http_proxy even for loopback; and wait up to two minutes before it tries a lost server again.
CHANNEL_OPTIONS = [
    ("grpc.enable_http_proxy", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]
_latest = threading.local()

Opener = Callable[[Sequence[tuple[str, Any]]], grpc.Channel]


def opener(channel: Channel) -> Opener:
    """The one place that knows how a server is reached, and the only holder of its token.

    A channel without a token (a unix socket, where file permissions are the login) is opened plainly. The token is
    handed to gRPC's own credentials: it is in no attribute, metadata list or stack frame of Python's that an
    object's repr, `vars()` or a verbose traceback could show.
    """
    target, token = channel.target, channel.token

    def open_channel(options: Sequence[tuple[str, Any]]) -> grpc.Channel:
        if token is None:
            return grpc.insecure_channel(target, options=options)
        # Local credentials: cleartext, but gRPC makes sure that the other end is on this machine.
        credentials = grpc.composite_channel_credentials(
            grpc.local_channel_credentials(), grpc.access_token_call_credentials(token)
        )
        return grpc.secure_channel(target, credentials, options=options)

    return open_channel


class FiresteelChannelBuilder(ChannelBuilder):
    """Opens channels to one run of a connection's server. Copied deeply by newSession() and cloneSession()."""

    def __init__(self, channel: Channel) -> None:
        user = pwd.getpwuid(os.getuid()).pw_name
        super().__init__(channelOptions=CHANNEL_OPTIONS, params={ChannelBuilder.PARAM_USER_ID: user})
        self._target = channel.target
        self._open = opener(channel)
        self.add_interceptor(CallOrigin(channel.name))

    @property
    def host(self) -> str:
        return self._target

    @property
    def token(self) -> str | None:
        return None  # not pyspark's business: else it would take $SPARK_CONNECT_AUTHENTICATE_TOKEN

    def toChannel(self) -> grpc.Channel:
        effective = getattr(self, "_effective_channel_options", None)  # adds keepalive; since pyspark 4.3
        options = effective() if effective else self._channel_options
        return grpc.intercept_channel(self._open(options), *self._interceptors)


_CallDetails = namedtuple("_CallDetails", "method timeout metadata credentials wait_for_ready compression")


class CallOrigin(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """Adds to every call which connection, notebook and cell it comes from."""

    def __init__(self, connection: str) -> None:
        self._connection = connection

    def _intercept(self, continuation: Callable[[Any, Any], Any], details: Any, request: Any) -> Any:
        _latest.rpc = details.method.rpartition("/")[2]
        metadata = [*(details.metadata or ()), ("x-firesteel-connection", self._connection)]
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
