# SPDX-License-Identifier: Apache-2.0
"""A notebook's side of a test, in a process of its own: the `firesteel` package, plain Python, no IPython.

Runs one of the functions below, named by the first argument, with the JSON of the second; prints one line of JSON for
each thing that the test waits for.
"""

import contextlib
import json
import sys
import time


def say(**what) -> None:
    print(json.dumps(what), flush=True)


def read_options(connection: str, keys: list[str]) -> None:
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    say(values={key: spark.conf.get(key, None) for key in keys})


def evaluate(connection: str, expressions: list[str]) -> None:
    from firesteel import get_spark_session

    say(values=list(get_spark_session(name=connection).range(1).selectExpr(*expressions).collect()[0]))


def describe(connection: str) -> None:
    from firesteel import get_spark_session

    began = time.monotonic()
    spark = get_spark_session(name=connection)
    rows = spark.range(1000).selectExpr("sum(id) AS total").collect()
    say(application_id=spark.conf.get("spark.app.id"), total=rows[0].total, seconds=time.monotonic() - began)


def use_python_workers(connection: str) -> None:
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    from pyspark.sql import functions as F

    double = F.udf(lambda value: value * 2, "long")
    say(total=spark.range(100, numPartitions=2).select(double("id").alias("d")).agg(F.sum("d")).collect()[0][0])


def use_executors(connection: str) -> None:
    """A shuffle between executors and Python on them; where it ran."""
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    from pyspark.sql import functions as F

    sums = spark.range(1000, numPartitions=4).groupBy((F.col("id") % 7).alias("k")).sum("id").collect()
    double = F.udf(lambda value: value * 2, "long")
    here = F.udf(lambda _: __import__("os").getppid(), "long")
    rows = spark.range(100, numPartitions=2).select(double("id").alias("d"), here("id").alias("parent"))
    total = rows.agg(F.sum("d")).collect()[0][0]
    parents = sorted({row.parent for row in rows.collect()})
    say(groups=len(sums), sum=sum(row["sum(id)"] for row in sums), total=total, parents=parents)


def long_query(connection: str, seconds: int) -> None:
    """A query of about `seconds` seconds on one core each, then a second one on the same session."""
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    say(running=True)
    slow = f"java_method('java.lang.Thread', 'sleep', {seconds * 1000}L)"
    rows = spark.range(2, numPartitions=2).selectExpr("id", f"{slow} AS slept").collect()
    say(ids=sorted(row.id for row in rows))
    say(again=get_spark_session(name=connection).range(7).count(), same=get_spark_session(name=connection) is spark)


def mixed_load(connection: str, seconds: float) -> None:
    """Queries of many kinds, one after the other, each result held against what it must be."""
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    from pyspark.sql import functions as F

    sleep = "java_method('java.lang.Thread', 'sleep', 300L)"
    spark.range(50).createOrReplaceTempView("fifty")

    def large() -> bool:
        table = spark.range(400_000).withColumn("text", F.repeat(F.lit("x"), 30)).toArrow()
        return table.num_rows == 400_000 and table.column("id")[399_999].as_py() == 399_999

    def failing() -> bool:
        try:
            spark.sql("SELECT nowhere FROM fifty").collect()
        except Exception as error:
            return "UNRESOLVED_COLUMN" in str(error)
        return False

    kinds = {
        "sum": lambda: spark.range(1000).agg(F.sum("id")).collect()[0][0] == 499_500,
        "slow": lambda: spark.range(2, numPartitions=2).selectExpr("id", sleep).count() == 2,
        "view": lambda: spark.sql("SELECT count(*) FROM fifty").first()[0] == 50,
        "schema": lambda: spark.table("fifty").schema.names == ["id"],
        "local": lambda: spark.createDataFrame([(i, str(i)) for i in range(2000)], "a int, b string").count() == 2000,
        "large": large,
        "failing": failing,
    }
    done, wrong = 0, []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for kind, ask in kinds.items():
            if not ask():
                wrong.append(kind)
            done += 1
    say(done=done, wrong=wrong)


def wait_for_the_end(connection: str, kind: str) -> None:
    """A long call that the test ends from outside; says how it ended, and tries again when the test says so."""
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    slow = "java_method('java.lang.Thread', 'sleep', 60000L)"
    say(running=True, session=spark.client._session_id)
    began = time.monotonic()
    try:
        spark.range(1).selectExpr(slow).collect()
        say(error=None)
    except BaseException as error:
        say(error=str(error), type=type(error).__name__, seconds=time.monotonic() - began)
    if kind == "again":
        input()
        say(count=get_spark_session(name=connection).range(9).count())


def analyze_for_long(connection: str) -> None:
    """An AnalyzePlan whose job takes a minute; says how it ended."""
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    _ = spark.range(1).schema  # an analysis without a job: what the Spark UI lists is the one below
    slow = "java_method('java.lang.Thread', 'sleep', 60000L)"
    say(running=True, session=spark.client._session_id)
    began = time.monotonic()
    try:
        _ = spark.range(2).selectExpr("id", f"{slow} AS slept").groupBy("id").pivot("slept").count().schema
        say(error=None)
    except BaseException as error:
        say(error=str(error), type=type(error).__name__, seconds=time.monotonic() - began)


def use_much_of_spark(connection: str) -> None:
    """Something for each page of the Spark UI: jobs, SQL, a failure, a cache, a stream, a Python worker."""
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    from pyspark.sql import functions as F

    spark.range(1000, numPartitions=4).groupBy((F.col("id") % 7).alias("k")).count().collect()
    cached = spark.range(100).cache()
    cached.count()
    double = F.udf(lambda value: value * 2, "long")
    spark.range(10).select(double("id")).collect()
    with contextlib.suppress(Exception):
        spark.range(3).select(F.raise_error(F.lit("on purpose"))).collect()
    rate = spark.readStream.format("rate").load()
    stream = rate.writeStream.format("memory").queryName("rates").start()
    stream.processAllAvailable()
    stream.stop()
    _ = spark.range(4).groupBy("id").pivot("id").count().schema
    say(done=True)


def plain_pyspark(url: str) -> None:
    """PySpark as anybody has it, without the `firesteel` package."""
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.remote(url).getOrCreate()
    say(count=spark.range(11).count())
    spark.stop()


if __name__ == "__main__":
    globals()[sys.argv[1]](**json.loads(sys.argv[2]))
