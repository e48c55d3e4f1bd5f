# SPDX-License-Identifier: Apache-2.0
"""What a notebook does, in the Python of the Spark that is tried: one call of a function here, JSON to standard output.

Nothing here is newer than Spark 3.5's client.
"""

import json
import os
import sys
import time
import warnings

SLOW = "java_method('java.lang.Thread', 'sleep', {}L)"


def say(**what) -> None:
    print(json.dumps(what), flush=True)


def session(connection: str):
    from firesteel import get_spark_session

    return get_spark_session(name=connection)


def everyday(connection: str) -> None:
    """A query, a UDF, pandas, data from here, a view, an error."""
    import pyspark

    spark = session(connection)
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as F

    double = F.udf(lambda value: value * 2, "long")
    spark.createDataFrame([(1, "a"), (2, "b")], "n int, s string").createOrReplaceTempView("pair")
    try:
        spark.sql("SELECT nowhere FROM pair").collect()
        error = None
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"
    say(
        client=pyspark.__version__,
        version=spark.version,
        total=spark.range(1000).selectExpr("sum(id) AS total").collect()[0].total,
        doubled=spark.range(100, numPartitions=2).select(double("id").alias("d")).agg(F.sum("d")).collect()[0][0],
        frame=spark.range(1000).toPandas()["id"].sum().item(),
        view=[list(row) for row in spark.sql("SELECT * FROM pair ORDER BY n").collect()],
        schema=spark.table("pair").schema.simpleString(),
        error=error,
        same=session(connection) is spark and SparkSession.builder.getOrCreate() is spark,
        application=spark.conf.get("spark.app.id"),
    )


def new_session_after_reset(connection: str) -> None:
    from firesteel import reset_spark_session

    spark = session(connection)
    before = spark.client._session_id
    spark.range(3).createOrReplaceTempView("mine")
    reset_spark_session(connection)
    spark = session(connection)
    say(another=spark.client._session_id != before, views=len(spark.catalog.listTables()))


def slow_query(connection: str, seconds: int) -> None:
    """Says how a query of so many seconds has ended, and what the session is good for then."""
    warnings.simplefilter("error")  # a call in the background that fails is only said by a warning
    spark = session(connection)
    say(running=True, session=spark.client._session_id)
    began = time.monotonic()
    try:
        rows = spark.range(2, numPartitions=2).selectExpr("id", SLOW.format(seconds * 1000)).collect()
        say(ids=sorted(row.id for row in rows))
    except BaseException as error:
        say(error=str(error), type=type(error).__name__, seconds=time.monotonic() - began)
    say(again=int(spark.range(7).count()))


def until_spark_is_gone(connection: str) -> None:
    spark = session(connection)
    say(running=True)
    began = time.monotonic()
    try:
        spark.range(1).selectExpr(SLOW.format(120_000)).collect()
        say(error=None)
    except BaseException as error:
        say(error=str(error), type=type(error).__name__, seconds=time.monotonic() - began)


def plain_pyspark(url: str) -> None:
    """PySpark as anybody has it, without the `firesteel` package."""
    assert "PYTHONPATH" not in os.environ
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.remote(url).getOrCreate()
    say(count=int(spark.range(11).count()))
    spark.stop()


if __name__ == "__main__":
    globals()[sys.argv[1]](**json.loads(sys.argv[2]))
