# SPDX-License-Identifier: Apache-2.0
"""With the installed daemon, its gateway and real Spark."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import firesteel
import pytest
from firesteel import get_spark_session, reset_spark_session
from notebook import Notebook
from real_daemon import RealDaemon

pytestmark = [pytest.mark.spark, pytest.mark.timeout(400)]

# A query that goes on for `seconds`, and shows all the while that it does.
SLOW = """
import pathlib, time
from pyspark.sql.functions import udf
def slow(_):
    until = time.monotonic() + {seconds}
    while time.monotonic() < until:
        pathlib.Path({mark!r}).write_text(str(time.monotonic()))
        time.sleep(0.1)
    return 1
result = spark.range(1).select(udf(slow, "int")("id")).collect()[0][0]
print("result", result)
"""
HELLO = "%load_ext firesteel\nspark = get_spark_session('local')"


@pytest.fixture
def notebook(real: RealDaemon, directory: Path) -> Iterator[Notebook]:
    notebook = Notebook(directory, http_proxy="http://127.0.0.1:9", HTTPS_PROXY="http://127.0.0.1:9")
    yield notebook
    notebook.close()


@pytest.fixture
def mortal(real: RealDaemon) -> RealDaemon:
    """With a connection `mortal` that runs, whose server a test may end."""
    real.start("mortal")
    return real


def stands_still(mark: Path) -> bool:
    """Whether the query that writes there has stopped."""
    before = mark.read_text()
    time.sleep(1)
    return mark.read_text() == before


def test_query_udf_and_session_from_the_builder(real: RealDaemon) -> None:
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import udf

    spark = get_spark_session("local")
    assert spark.range(1000).selectExpr("sum(id)").collect()[0][0] == 499500
    double = udf(lambda x: x * 2, "long")
    assert [row[0] for row in spark.range(3).select(double("id")).collect()] == [0, 2, 4]
    assert SparkSession.builder.appName("mine").getOrCreate() is spark
    assert get_spark_session("local") is spark
    spark.stop()
    again = SparkSession.builder.config("spark.sql.shuffle.partitions", "7").getOrCreate()
    assert again.range(5).count() == 5
    assert again.conf.get("spark.sql.shuffle.partitions") == "7"
    assert get_spark_session("local") is again


def test_two_notebooks_share_the_application_but_not_views(real: RealDaemon) -> None:
    program = (
        "from firesteel import get_spark_session; spark = get_spark_session('local')\n"
        "print(spark.conf.get('spark.app.id'), spark.catalog.tableExists('mine'))"
    )
    spark = get_spark_session("local")
    spark.range(3).createTempView("mine")
    assert spark.table("mine").count() == 3
    second = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert second.stdout.split() == [spark.conf.get("spark.app.id"), "False"]


def test_reset_forgets_views(real: RealDaemon) -> None:
    get_spark_session("local").range(3).createTempView("mine")
    reset_spark_session("local")
    assert not get_spark_session("local").catalog.tableExists("mine")


def test_a_session_that_was_closed_on_the_server_is_replaced(real: RealDaemon) -> None:
    from firesteel._session import call_once

    old = get_spark_session("local")
    assert call_once(old.client, "ReleaseSession", 5) is None  # as when it was idle for too long
    with pytest.raises(firesteel.SparkGone, match="has ended"):
        old.range(1).collect()
    new = get_spark_session("local")
    assert new is not old and new.range(2).count() == 2


def test_sql_errors_are_not_followed_by_a_line_of_json(notebook: Notebook) -> None:
    result = notebook.run(HELLO + "\nspark.sql('select nothing').collect()")
    assert result.error == "AnalysisException"
    assert "QueryContextLogger" not in result.shown


def test_sparks_secret_never_reaches_the_notebook(notebook: Notebook, real: RealDaemon) -> None:
    assert notebook.run(HELLO.replace("\n", "\n%xmode Verbose\n")).status == "ok"
    assert notebook.run("spark.range(3).count()").text == "3"
    for code in (
        "import os; dict(os.environ)",
        "spark, vars(spark), vars(spark.client), spark.client._builder, vars(spark.client._builder)",
        "spark.conf.getAll, spark.sql('set -v').collect()",
        "spark.conf.get('spark.connect.authenticate.token')",
        "spark.sql('select nothing').collect()",
        "spark.client._stub.AnalyzePlan(1)",
        "spark.stop(); spark.range(1).collect()",
        "get_spark_session('missing')",
    ):
        notebook.run(code)
    assert "Traceback" in notebook.everything and "AnalysisException" in notebook.everything
    secrets = real.secrets()
    assert secrets and not [secret for secret in secrets if secret in notebook.everything]


def test_interrupt_ends_the_query_and_the_session_goes_on(
    notebook: Notebook, directory: Path, eventually: Callable[..., None]
) -> None:
    assert notebook.run(HELLO).status == "ok"
    mark = directory / "runs"
    cell = notebook.start(SLOW.format(mark=str(mark), seconds=60))
    eventually(mark.exists, 60)
    notebook.interrupt()
    assert notebook.finish(cell, 10).error == "KeyboardInterrupt"
    assert notebook.run("spark.range(5).count()").text == "5"
    eventually(lambda: stands_still(mark))


def test_interrupt_stops_spark_also_when_the_daemon_was_killed(
    notebook: Notebook, real: RealDaemon, directory: Path, eventually: Callable[..., None]
) -> None:
    assert notebook.run(HELLO).status == "ok"
    mark = directory / "runs"
    cell = notebook.start(SLOW.format(mark=str(mark), seconds=60))
    eventually(mark.exists, 60)
    real.kill()
    notebook.interrupt()
    assert notebook.finish(cell, 10).error == "KeyboardInterrupt"
    eventually(lambda: stands_still(mark))
    assert notebook.run("spark.range(5).count()").text == "5"


def test_a_query_outlives_the_daemon(
    notebook: Notebook, real: RealDaemon, directory: Path, eventually: Callable[..., None]
) -> None:
    assert notebook.run(HELLO + "\nspark.range(3).createTempView('mine')").status == "ok"
    mark = directory / "runs"
    cell = notebook.start(SLOW.format(mark=str(mark), seconds=5))
    eventually(mark.exists, 60)
    real.kill()
    assert notebook.finish(cell, 60).text.endswith("result 1\n")
    assert notebook.run("get_spark_session('local').table('mine').count()").text == "3"


def test_a_preset_spark_remote_is_left_alone(real: RealDaemon) -> None:
    program = (
        "import os; from firesteel import get_spark_session; spark = get_spark_session('local')\n"
        "from pyspark.sql import SparkSession\n"
        "print(spark.range(4).count(), SparkSession.builder.getOrCreate() is spark, os.environ['SPARK_REMOTE'])"
    )
    environment = os.environ | {"SPARK_REMOTE": "sc://elsewhere:1"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["4", "True", "sc://elsewhere:1"]
    assert "SPARK_REMOTE was set before and stays as it is" in done.stderr


def test_a_server_that_dies(
    mortal: RealDaemon, notebook: Notebook, directory: Path, eventually: Callable[..., None]
) -> None:
    """Mid-query: one sentence in seconds. Then a new server and a new session."""
    assert notebook.run(HELLO.replace("local", "mortal")).status == "ok"
    mark = directory / "runs"
    cell = notebook.start(SLOW.format(mark=str(mark), seconds=60))
    eventually(mark.exists, 60)
    began = time.monotonic()
    os.kill(mortal.connection("mortal")["pid"], signal.SIGKILL)
    result = notebook.finish(cell, 30)
    assert time.monotonic() - began < 5
    assert result.error == "SparkGone"
    assert "'mortal' has ended: " in result.text and "SIGKILL" in result.text and "Traceback" not in result.text
    assert notebook.run("get_spark_session('mortal')").error == "NotReady"
    again = notebook.run("spark = get_spark_session('mortal', start=True)\nspark.range(7).count()")
    assert again.text.endswith("7"), again.text


def test_a_server_that_is_restarted(mortal: RealDaemon) -> None:
    """An old session's calls never reach the new server."""
    spark = get_spark_session("mortal")
    raised: list[BaseException] = []

    def query() -> None:
        try:
            spark.sql("select java_method('java.lang.Thread', 'sleep', 60000L)").collect()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=query)
    thread.start()
    mortal.cli("restart", "mortal", "--wait")
    thread.join(30)
    with pytest.raises(firesteel.SparkGone, match="'mortal' was restarted"):
        spark.range(3).collect()
    assert [type(error) for error in raised] == [firesteel.SparkGone]
    assert get_spark_session("mortal").range(3).count() == 3
