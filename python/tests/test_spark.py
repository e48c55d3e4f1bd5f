# SPDX-License-Identifier: Apache-2.0
"""Against a real Spark Connect server."""

from __future__ import annotations

import pytest
from fake_daemon import FakeDaemon
from firesteel import get_spark_session, reset_spark_session
from spark_server import SparkServer

pytestmark = pytest.mark.spark


@pytest.fixture
def local(daemon: FakeDaemon, spark_server: SparkServer) -> FakeDaemon:
    daemon.add("local", is_default=True, target=spark_server.target, token=spark_server.token)
    return daemon


def test_query_and_udf(local: FakeDaemon) -> None:
    from pyspark.sql.functions import udf

    spark = get_spark_session()
    assert spark.range(1000).selectExpr("sum(id)").collect()[0][0] == 499500
    double = udf(lambda x: x * 2, "long")
    assert [row[0] for row in spark.range(3).select(double("id")).collect()] == [0, 2, 4]
    assert get_spark_session() is spark
    assert get_spark_session("local") is spark
