# SPDX-License-Identifier: Apache-2.0
"""Against a real Spark Connect server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import firesteel
import pytest
from fake_daemon import FakeDaemon
from firesteel import get_spark_session, reset_spark_session
from notebook import Notebook
from spark_server import SparkServer

pytestmark = [pytest.mark.spark, pytest.mark.timeout(300)]

# A query that says when it runs, and then goes on for a minute unless it is stopped.
SLOW = """
import pathlib, time
from pyspark.sql.functions import udf
def slow(_):
    pathlib.Path({mark!r}).touch()
    time.sleep(60)
    return 1
spark.range(1).select(udf(slow, "int")("id")).collect()
"""


@pytest.fixture
def local(daemon: FakeDaemon, spark_server: SparkServer) -> FakeDaemon:
    daemon.add("local", is_default=True, target=spark_server.target, token=spark_server.token)
    return daemon


@pytest.fixture
def notebook(local: FakeDaemon, directory: Path) -> Iterator[Notebook]:
    notebook = Notebook(directory, http_proxy="http://127.0.0.1:9", HTTPS_PROXY="http://127.0.0.1:9")
    yield notebook
    notebook.close()


def test_query_udf_and_session_from_the_builder(local: FakeDaemon) -> None:
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import udf

    spark = get_spark_session()
    assert spark.range(1000).selectExpr("sum(id)").collect()[0][0] == 499500
    double = udf(lambda x: x * 2, "long")
    assert [row[0] for row in spark.range(3).select(double("id")).collect()] == [0, 2, 4]
    assert SparkSession.builder.appName("mine").getOrCreate() is spark
    assert get_spark_session() is spark


def test_two_notebooks_share_the_application_but_not_views(local: FakeDaemon, directory: Path) -> None:
    program = (
        "from firesteel import get_spark_session; spark = get_spark_session()\n"
        "print(spark.conf.get('spark.app.id'), spark.catalog.tableExists('mine'))"
    )
    spark = get_spark_session()
    spark.range(3).createTempView("mine")
    assert spark.table("mine").count() == 3
    second = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert second.stdout.split() == [spark.conf.get("spark.app.id"), "False"]


def test_reset_forgets_views(local: FakeDaemon) -> None:
    get_spark_session().range(3).createTempView("mine")
    reset_spark_session()
    assert not get_spark_session().catalog.tableExists("mine")


def test_a_session_that_was_closed_on_the_server_is_replaced(local: FakeDaemon) -> None:
    from firesteel._session import call_once

    old = get_spark_session()
    assert call_once(old.client, "ReleaseSession", 5) is None  # as when it was idle for too long
    with pytest.raises(firesteel.SparkGone, match="has ended"):
        old.range(1).collect()
    new = get_spark_session()
    assert new is not old and new.range(2).count() == 2


def test_sql_errors_are_not_followed_by_a_line_of_json(local: FakeDaemon, notebook: Notebook) -> None:
    result = notebook.run("%load_ext firesteel\nspark = get_spark_session()\nspark.sql('select nothing').collect()")
    assert result.error == "AnalysisException"
    assert "QueryContextLogger" not in result.shown


def test_the_token_is_never_shown(notebook: Notebook, spark_server: SparkServer) -> None:
    assert notebook.run("%load_ext firesteel\n%xmode Verbose\nspark = get_spark_session()").status == "ok"
    assert notebook.run("spark.range(3).count()").text == "3"
    for code in (
        "import os; dict(os.environ)",
        "spark, vars(spark), vars(spark.client), spark.client._builder, vars(spark.client._builder)",
        "[vars(interceptor) for interceptor in spark.client._builder._interceptors]",
        "list(spark.client._builder.metadata()), spark.client.token, spark.client.host",
        "import firesteel._session as s; vars(s), {n: vars(h) for n, h in s._sessions.items()}",
        "spark.sql('select nothing').collect()",
        "spark.sql('select raise_error(\"x\")').collect()",
        "spark.client.cache_artifact('not bytes')",
        "spark.client._stub.AnalyzePlan(1)",
        "spark.cloneSession('not-a-uuid')",
        "spark.stop(); spark.range(1).collect()",
        "get_spark_session('missing')",
    ):
        notebook.run(code)
    assert "Traceback" in notebook.everything and "AnalysisException" in notebook.everything
    assert spark_server.token not in notebook.everything


def test_interrupt_ends_the_query_and_the_session_goes_on(
    notebook: Notebook, directory: Path, eventually: Callable[..., None]
) -> None:
    assert notebook.run("%load_ext firesteel\nspark = get_spark_session()").status == "ok"
    mark = directory / "runs"
    cell = notebook.start(SLOW.format(mark=str(mark)))
    eventually(mark.exists, 60)
    notebook.interrupt()
    assert notebook.finish(cell, 10).error == "KeyboardInterrupt"
    assert notebook.run("spark.range(5).count()").text == "5"


def test_a_preset_spark_remote_is_left_alone(local: FakeDaemon, directory: Path) -> None:
    program = (
        "import os; from firesteel import get_spark_session; spark = get_spark_session()\n"
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
    daemon: FakeDaemon, directory: Path, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """Mid-query: a clear error in seconds; then a new server, a new session; then an exit that doesn't hang."""
    server = SparkServer(tmp_path).start()
    try:
        found = daemon.add("local", target=server.target, token=server.token)
        spark = get_spark_session()
        error, took = _kill_during_query(spark, server, daemon, directory / "runs", eventually)
        assert isinstance(error, firesteel.SparkGone)
        assert "'local' ended: It was killed by SIGKILL." in str(error)
        assert took < 3
        with pytest.raises(firesteel.NotReady, match=r"'local' failed: It was killed by SIGKILL\."):
            get_spark_session()

        server = SparkServer(tmp_path).start()
        with daemon.changing():
            daemon.connections.remove(found)
        daemon.add("local", target=server.target, token=server.token)
        again = get_spark_session()
        assert again is not spark and again.range(7).count() == 7

        notebook = Notebook(directory)
        cell = "%load_ext firesteel\nspark = get_spark_session()\nspark.range(9).count()"
        assert notebook.run(cell).text == "9"
        server.kill()
        assert notebook.shut_down() < 3
        notebook.close()
    finally:
        server.kill()


def _kill_during_query(
    spark: Any, server: SparkServer, daemon: FakeDaemon, mark: Path, eventually: Callable[..., None]
) -> tuple[BaseException | None, float]:
    """Kills the server while a query runs; its error, and the seconds between the daemon's word and the error."""
    raised: list[BaseException] = []

    def query() -> None:
        try:
            exec(SLOW.format(mark=str(mark)), {"spark": spark})
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=query)
    thread.start()
    eventually(mark.exists, 60)
    server.kill()
    with daemon.changing():
        failure = {"reason": "killed", "message": "It was killed by SIGKILL.", "signal": "SIGKILL"}
        daemon.connections[0].update(state="failed", failure=failure)
    began = time.monotonic()
    thread.join(30)
    return (raised[0] if raised else None), time.monotonic() - began
