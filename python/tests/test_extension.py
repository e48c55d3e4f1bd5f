# SPDX-License-Identifier: Apache-2.0
"""`%load_ext firesteel`, and what importing the package costs."""

from __future__ import annotations

import subprocess
import sys

import firesteel
import pytest
from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture
def shell() -> InteractiveShell:
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def test_load_and_unload(shell: InteractiveShell) -> None:
    shell.run_line_magic("load_ext", "firesteel")
    assert shell.user_ns["get_spark_session"] is firesteel.get_spark_session
    assert shell.user_ns["reset_spark_session"] is firesteel.reset_spark_session
    assert shell.user_ns["attach_config"] is firesteel.attach_config
    shell.run_line_magic("unload_ext", "firesteel")
    assert "get_spark_session" not in shell.user_ns


def test_unload_leaves_what_the_user_put_there(shell: InteractiveShell) -> None:
    shell.run_line_magic("load_ext", "firesteel")
    shell.user_ns["reset_spark_session"] = "mine"
    shell.run_line_magic("unload_ext", "firesteel")
    assert shell.user_ns["reset_spark_session"] == "mine"


def test_importing_is_cheap(environment: None) -> None:
    program = "import sys, firesteel; print(sorted({'pyspark', 'grpc', 'pandas', 'IPython'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


def test_errors_are_attributes() -> None:
    assert issubclass(firesteel.ConnectionNotFound, firesteel.FiresteelError)
    assert issubclass(firesteel.SparkGone, firesteel.FiresteelError)
    with pytest.raises(AttributeError):
        firesteel.NoSuchThing  # noqa: B018


def test_without_pyspark_it_says_how_to_get_it(environment: None) -> None:
    program = (
        "import sys; sys.modules['pyspark'] = None\n"
        "from firesteel import FiresteelError, get_spark_session\n"
        "try: get_spark_session()\n"
        "except FiresteelError as error: print(error)"
    )
    said = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert "pip install 'pyspark[connect]" in said and sys.executable in said
