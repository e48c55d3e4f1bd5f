# SPDX-License-Identifier: Apache-2.0
"""A Spark Connect client that knows nothing of Firesteel: plain PySpark, which finds its URL in SPARK_REMOTE.

Runs the function named by the first argument with the JSON of the second; prints one line of JSON for each thing that
the test waits for, and goes on where it waits when it gets a line.
"""

import json
import sys
import time

from pyspark.sql import SparkSession


def say(**what) -> None:
    print(json.dumps(what), flush=True)


def wait_for_the_test() -> None:
    sys.stdin.readline()


def open_session() -> SparkSession:
    spark = SparkSession.builder.getOrCreate()
    total = spark.range(1000).selectExpr("sum(id) AS total").collect()[0].total
    say(session_id=spark.session_id, application_id=spark.conf.get("spark.app.id"), total=total)
    return spark


def query() -> None:
    """One query, then another one when the test says so, then the session is ended."""
    spark = open_session()
    wait_for_the_test()
    try:
        say(again=spark.range(7).count())
    except Exception as error:  # whatever it is, the test looks at it
        say(error=str(error))
    spark.stop()


def occupy(tasks: int, seconds: int) -> None:
    """A query that sleeps on so many cores; then what ended it, and how long the next query took."""
    spark = open_session()
    sleep = f"java_method('java.lang.Thread', 'sleep', {seconds * 1000}L)"
    try:
        spark.range(tasks, numPartitions=tasks).selectExpr("id", f"{sleep} AS slept").collect()
        say(ended="by itself")
    except Exception as error:  # whatever it is, the test looks at it
        say(error=str(error))
    began = time.monotonic()
    count = spark.range(tasks * 4, numPartitions=tasks * 4).selectExpr("uuid() AS id").distinct().count()
    say(count=count, seconds=time.monotonic() - began)
    spark.stop()


def read_secrets() -> None:
    """Everything of the server's configuration that a client can ask for."""
    spark = open_session()
    read = [str(spark.conf.getAll)]
    for key in ("spark.connect.authenticate.token", "spark.org.apache.spark.ui.JWSFilter.param.secretKey"):
        read.append(str(spark.conf.get(key, None)))
        read.append(str(spark.sql(f"SET {key}").collect()))
    read.append(str(spark.sql("SET").collect()))
    say(read="\n".join(read))
    spark.stop()


if __name__ == "__main__":
    globals()[sys.argv[1]](**json.loads(sys.argv[2]))
