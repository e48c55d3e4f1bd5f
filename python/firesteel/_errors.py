# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between a notebook and Spark, in words a notebook's author can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class FiresteelError(Exception):
    """Base of all errors of this package. The message says what is wrong and what to do."""

    def _render_traceback_(self) -> list[str]:
        # IPython shows this instead of a traceback: the frames are ours and pyspark's, the remedy is in the message.
        return [f"{type(self).__name__}: {self}"]


class BinaryNotFound(FiresteelError):
    """The `firesteel` program is not where this Python can find it."""


class PySparkMissing(FiresteelError):
    """This Python has no usable pyspark."""


class DaemonUnreachable(FiresteelError):
    """The daemon doesn't answer and could not be started."""


class DaemonRefused(FiresteelError):
    """The daemon answered with an error.

    `code` is the API's stable error code; `failure` the connection's failure, if the reply has one.
    """

    def __init__(self, message: str, code: str = "internal", failure: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.failure = dict(failure or {})


class ConnectionNotFound(FiresteelError):
    """There is no such connection, or none at all. `connections` are the names that exist."""

    def __init__(self, message: str, connections: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.connections = list(connections)


class NotReady(FiresteelError):
    """The connection exists but can't be used: it failed, was stopped, or is still starting at the deadline."""


class SessionNotFound(FiresteelError):
    """This process has no session to reset, or several and no name was given."""
