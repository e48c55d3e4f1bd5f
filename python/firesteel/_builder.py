# SPDX-License-Identifier: Apache-2.0
"""`SparkSession.builder` in a process that has a session of ours: code that doesn't know Firesteel runs unchanged."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import wraps
from urllib.parse import quote, unquote

from pyspark.sql.connect.session import SparkSession

from ._connect import say

# What SPARK_REMOTE is while there is a session, and the connection's name after it. There is no secret in it, so
# pyspark itself would be refused there: lead_to() sees to it that it needn't go.
SHARED_REMOTE = "sc://localhost/;x-firesteel-connection="

_set: dict[str, str] = {}
_told_of_remote = False


def share(name: str) -> None:
    """From now on the builder returns the session of the connection."""
    global _told_of_remote
    # Spark writes a long line of JSON to stderr, beside the exception, for every SQL error.
    for logger in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        logging.getLogger(logger).setLevel(logging.CRITICAL + 1)
    if _set:
        return
    wanted = {"SPARK_CONNECT_MODE_ENABLED": "1", "SPARK_REMOTE": SHARED_REMOTE + quote(name, safe="")}
    # Ours may be inherited: from a notebook by the programs that it starts.
    inherited = os.environ.get("SPARK_REMOTE", "").startswith(SHARED_REMOTE)
    for variable, value in wanted.items():
        if inherited or variable not in os.environ:
            os.environ[variable] = _set[variable] = value
    if "SPARK_REMOTE" not in _set and not _told_of_remote:
        _told_of_remote = True
        say(
            "SPARK_REMOTE was set before and stays as it is: SparkSession.builder.getOrCreate() returns the session "
            "from Firesteel while there is one, and goes to SPARK_REMOTE otherwise."
        )


def unshare() -> None:
    for variable, value in _set.items():
        if os.environ.get(variable) == value:
            del os.environ[variable]
    _set.clear()


def lead_to(make: Callable[[str], SparkSession]) -> None:
    """Has the builder ask `make` for the session of a connection wherever it would go to SHARED_REMOTE."""
    by_pyspark = SparkSession.Builder.create

    @wraps(by_pyspark)
    def create(self: SparkSession.Builder) -> SparkSession:
        remote = str(self._options.get("spark.remote", ""))
        if self._channel_builder is not None or not remote.startswith(SHARED_REMOTE):
            return by_pyspark(self)
        session = make(unquote(remote.removeprefix(SHARED_REMOTE)))
        self._apply_options(session)
        return session

    SparkSession.Builder.create = create
