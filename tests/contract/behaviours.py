# SPDX-License-Identifier: Apache-2.0
"""What PySpark does with a Spark Connect server, one behaviour per function: run directly and through the gateway, all
must give the same. Prints one JSON object, with an error's name and condition where a behaviour raises.

    python behaviours.py sc://…
"""

import json
import re
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

SLEEP = "java_method('java.lang.Thread', 'sleep', 30000L)"


def aggregates(spark):
    return [
        tuple(row) for row in spark.range(1000).groupBy((F.col("id") % 3).alias("k")).sum("id").orderBy("k").collect()
    ]


def errors_with_details(spark):
    try:
        spark.sql("SELECT nowhere FROM range(3)").collect()
    except Exception as error:
        context = error.getQueryContext()[0]
        return [type(error).__name__, error.getCondition(), error.getSqlState(), str(error)[:80], context.fragment()]


def errors_while_it_runs(spark):
    try:
        spark.sql("SELECT raise_error('on purpose')").collect()
    except Exception as error:
        return [type(error).__name__, error.getCondition(), "on purpose" in str(error)]


def python_functions(spark):
    return [row[0] for row in spark.range(4).select(F.udf(lambda x: x * x, "long")("id")).collect()]


def pandas_functions(spark):
    def doubled(frames):
        for frame in frames:
            yield frame * 2

    return spark.range(4).mapInPandas(doubled, "id long").toPandas()["id"].tolist()


def local_data(spark):
    frame = spark.createDataFrame([(i, f"text {i}") for i in range(20_000)], "number int, text string")
    return [frame.count(), frame.schema.simpleString(), frame.filter("number = 19999").first().text]


def large_results(spark):
    table = spark.range(1_000_000).withColumn("text", F.repeat(F.lit("x"), 40)).toArrow()
    return [table.num_rows, table.nbytes > 40_000_000]


def rows_one_by_one(spark):
    return sum(row.id for row in spark.range(10_000, numPartitions=4).toLocalIterator())


def a_long_statement(spark):
    return spark.sql("SELECT 1 AS one /*" + "c" * 3_000_000 + "*/").first().one


def plans_and_schemas(spark):
    frame = spark.range(5).selectExpr("id", "cast(id AS string) AS text")
    plan = re.sub(r"#\d+L?|plan_id=\d+", "", frame._explain_string(extended=True))
    return [frame.schema.json(), plan, frame.isLocal(), frame.isStreaming, frame.semanticHash() != 0]


def views_and_catalog(spark):
    spark.range(7).createOrReplaceTempView("seven")
    return [spark.catalog.tableExists("seven"), spark.table("seven").count(), spark.catalog.dropTempView("seven")]


def settings(spark):
    spark.conf.set("spark.sql.shuffle.partitions", "3")
    value = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.unset("spark.sql.shuffle.partitions")
    return [value, spark.conf.isModifiable("spark.sql.shuffle.partitions"), spark.conf.isModifiable("spark.app.name")]


def cached_data(spark):
    frame = spark.range(100).cache()
    counted = frame.count()
    level = str(frame.storageLevel)
    frame.unpersist()
    return [counted, level, str(frame.storageLevel)]


def files_for_the_session(spark):
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "shipped_module.py"
        module.write_text("ANSWER = 42\n")
        large = Path(folder) / f"large-{uuid.uuid4()}.txt"
        large.write_bytes(b"0123456789abcdef" * 2_000_000)
        spark.addArtifacts(str(module), pyfile=True)
        spark.addArtifacts(str(large), file=True)
        name = large.name

    def look(_):
        import shipped_module
        from pyspark import SparkFiles

        return shipped_module.ANSWER + Path(SparkFiles.get(name)).stat().st_size

    return spark.range(1).select(F.udf(look, "long")("id")).first()[0]


def streams(spark):
    name = "stream_" + uuid.uuid4().hex
    with tempfile.TemporaryDirectory() as folder:
        spark.range(50).write.parquet(f"{folder}/in")
        source = spark.readStream.schema("id long").parquet(f"{folder}/in")
        query = source.writeStream.format("memory").queryName(name).trigger(availableNow=True).start()
        ended = query.awaitTermination(60)
        return [ended, spark.table(name).count(), query.isActive, query.exception() is None]


def ended_from(spark, interrupt):
    """How a long query ends when `interrupt(spark)` is called while it runs."""
    result = []

    def ask():
        spark.addTag("slow")
        try:
            spark.range(1).selectExpr(SLEEP).collect()
        except Exception as error:
            result.append("OPERATION_CANCELED" in str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    deadline = time.monotonic() + 20
    ids = []
    while not ids and time.monotonic() < deadline:
        ids = interrupt(spark)
        time.sleep(0.1)
    thread.join(20)
    return [len(ids), result]


def interrupt_by_tag(spark):
    return ended_from(spark, lambda session: session.interruptTag("slow"))


def interrupt_all(spark):
    return ended_from(spark, lambda session: session.interruptAll())


def sessions_of_their_own(spark):
    other = spark.newSession()
    spark.range(1).createOrReplaceTempView("mine")
    copy = spark.cloneSession() if hasattr(spark, "cloneSession") else other
    found = [session.catalog.tableExists("mine") for session in (spark, other, copy)]
    spark.catalog.dropTempView("mine")
    other.stop()
    return found


def machine_learning(spark):
    from pyspark.ml.feature import StringIndexer

    frame = spark.createDataFrame([("a",), ("b",), ("a",)], ["letter"])
    model = StringIndexer(inputCol="letter", outputCol="index").fit(frame)
    return [list(model.labels), [row["index"] for row in model.transform(frame).collect()]]


def pandas_api(spark):  # noqa: ARG001: it finds the session by itself
    import pyspark.pandas as ps

    return int(ps.DataFrame({"a": [1, 2, 3]}).a.sum())


BEHAVIOURS = [
    value for name, value in list(globals().items()) if getattr(value, "__code__", None) and name != "ended_from"
]


def main(url: str) -> None:
    spark = SparkSession.builder.remote(url).getOrCreate()
    told = {}
    for behaviour in BEHAVIOURS:
        try:
            told[behaviour.__name__] = behaviour(spark)
        except Exception as error:
            condition = error.getCondition() if hasattr(error, "getCondition") else None
            told[behaviour.__name__] = ["raised", type(error).__name__, condition, str(error)[:200]]
    print(json.dumps(told, default=str), flush=True)
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1])
