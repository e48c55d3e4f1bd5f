# SPDX-License-Identifier: Apache-2.0
"""A notebook's side of a test, in a process of its own: the `firesteel` package, plain Python, no IPython.

Runs one of the functions below, named by the first argument, with the JSON of the second; prints one line of JSON for
each thing that the test waits for.
"""

import json
import sys
import time


def say(**what) -> None:
    print(json.dumps(what), flush=True)


def read_options(connection: str, keys: list[str]) -> None:
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    say(values={key: spark.conf.get(key, None) for key in keys})


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


def long_query(connection: str, seconds: int) -> None:
    """A query of about `seconds` seconds on one core each, then a second one on the same session."""
    from firesteel import get_spark_session

    spark = get_spark_session(name=connection)
    say(running=True)
    slow = f"java_method('java.lang.Thread', 'sleep', {seconds * 1000}L)"
    rows = spark.range(2, numPartitions=2).selectExpr("id", f"{slow} AS slept").collect()
    say(ids=sorted(row.id for row in rows))
    say(again=get_spark_session(name=connection).range(7).count(), same=get_spark_session(name=connection) is spark)


if __name__ == "__main__":
    globals()[sys.argv[1]](**json.loads(sys.argv[2]))
