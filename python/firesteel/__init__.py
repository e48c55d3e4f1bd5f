# SPDX-License-Identifier: Apache-2.0
"""Firesteel: Apache Spark in JupyterLab through Spark Connect.

    %load_ext firesteel
    spark = get_spark_session()

or, outside of IPython, ``from firesteel import get_spark_session``. Importing this package is cheap: pyspark is
imported with the first session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._about import __version__
from ._errors import FiresteelError

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

__all__ = ["FiresteelError", "__version__", "attach_config", "get_spark_session", "reset_spark_session"]


def get_spark_session(name: str | None = None, *, start: bool = False, timeout: float = 120.0) -> SparkSession:
    """The Spark session of this process on a connection; the same one each time, as long as it lives.

    Parameters
    ----------
    name
        The connection's name. Without it: the default connection, the only one that runs, or the only one.
    start
        Start the connection if it is stopped, has failed or doesn't exist; without a name, the default cluster's.
    timeout
        Seconds to wait for a connection that is starting.

    Raises
    ------
    FiresteelError
        The message says what exists and what to do.
    """
    from . import _session

    return _session.get(name, start, timeout)


def reset_spark_session(name: str | None = None) -> None:
    """Ends this process' session on a connection (without a name: the one that was got without a name).

    Its temporary views, functions and settings are gone; the connection and everybody else's sessions stay.
    The next ``get_spark_session()`` makes a new one.
    """
    from . import _session

    _session.reset(name)


def attach_config(name: str | None = None) -> None:
    """Keeps a connection's cluster, bundles and options in the notebook, so that it can be started from there again.

    Options that look secret are left out, and nothing is started. The page that shows the notebook does it; the
    cell's output says what became of it.

    Parameters
    ----------
    name
        The connection's name; without it the one that this notebook uses.
    """
    from . import _attach

    _attach.attach(name)


_IN_NOTEBOOKS = {
    "attach_config": attach_config,
    "get_spark_session": get_spark_session,
    "reset_spark_session": reset_spark_session,
}


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext firesteel``"""
    ipython.push(_IN_NOTEBOOKS)


def unload_ipython_extension(ipython: Any) -> None:
    """``%unload_ext firesteel``; sessions live on."""
    ipython.drop_by_id(_IN_NOTEBOOKS)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "firesteel.jupyter"}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "@firesteel/labextension"}]


def __getattr__(name: str) -> Any:
    # The classes of errors, as firesteel.NotReady and so on; two of them need pyspark.
    from . import _errors

    if name in ("CallEnded", "SparkGone"):
        from . import _retry

        return getattr(_retry, name)
    error = getattr(_errors, name, None)
    if isinstance(error, type) and issubclass(error, FiresteelError):
        return error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
