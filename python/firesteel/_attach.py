# SPDX-License-Identifier: Apache-2.0
"""`attach_config()`: asks the page that shows the notebook to keep a connection's configuration in it.

The page answers when it likes, and a kernel reads no answers while its cell runs: nothing is waited for. The cell's
output says what was asked, and is replaced when the answer comes.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from ._connect import say
from ._errors import SessionNotFound

TARGET = "firesteel.attach"
MESSAGE_CHARACTERS = 500

# What was asked last and not been answered: one is enough.
_asked: Any = None


def attach(name: str | None) -> None:
    """See `firesteel.attach_config`."""
    name = name or _current()
    if not _in_kernel():
        say("attach_config() has attached nothing: this is no notebook, and there is no page that could keep it.")
        return
    from comm import create_comm
    from IPython.display import display

    _forget()
    output = display(
        _text(
            f"The page that shows this notebook was asked to attach the configuration of connection {name!r}. "
            f"Where none with Firesteel shows it (nbconvert, a console), nothing is attached."
        ),
        raw=True,
        display_id=True,
    )
    comm = create_comm(target_name=TARGET, primary=False)
    comm.on_close(lambda message: _answered(comm, output, message))
    _remember(comm)
    comm.open(data={"connection": name})


def _current() -> str:
    """The connection that this process uses."""
    session = sys.modules.get("firesteel._session")
    names = list(session._sessions) if session else []
    if session and session._unnamed in names:
        return str(session._unnamed)
    if len(names) == 1:
        return str(names[0])
    raise SessionNotFound(
        f"Say which connection's configuration to attach: sessions exist for {', '.join(map(repr, names))}."
        if names
        else "No connection is used here yet: get_spark_session() first, or attach_config(name=…)."
    )


def _in_kernel() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def _text(words: str) -> dict[str, str]:
    return {"text/plain": words}


def _remember(comm: Any) -> None:
    global _asked
    _asked = comm


def _forget() -> None:
    global _asked
    if _asked is not None:
        with contextlib.suppress(Exception):  # what isn't open any more needs no end
            _asked.close()
    _asked = None


def _answered(comm: Any, output: Any, message: dict[str, Any]) -> None:
    data = message.get("content", {}).get("data")
    data = data if isinstance(data, dict) else {}
    words = data.get("message")
    if data.get("status") in ("attached", "refused") and isinstance(words, str):
        output.update(_text(_readable(words)), raw=True)
        if _asked is comm:
            _remember(None)
        return
    # A page that knows nothing of Firesteel ends what it doesn't know; another one may still answer.
    from comm import get_comm_manager

    get_comm_manager().register_comm(comm)


def _readable(words: str) -> str:
    return "".join(c if c.isprintable() else " " for c in words[:MESSAGE_CHARACTERS])
