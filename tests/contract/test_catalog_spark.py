# SPDX-License-Identifier: Apache-2.0
"""Real starts by a catalogue: what its options, its environment and a script's exports are in the running Spark."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import contract
from daemon import BINARY

pytestmark = pytest.mark.spark
EXAMPLE = contract.API.parent / "examples" / "catalog" / "existing-extension.json"


def in_spark(daemon, function: str, **arguments):
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("kernel_side.py"), function, json.dumps(arguments)],
        env=daemon.environment | {"FIRESTEEL_BINARY": str(BINARY)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])["values"]


def variables(daemon, connection: str, *names: str) -> list:
    expressions = [f"reflect('java.lang.System', 'getenv', '{name}')" for name in names]
    return in_spark(daemon, "evaluate", connection=connection, expressions=expressions)


def test_the_existing_extensions_configuration_starts_its_cluster(new_daemon):
    daemon = new_daemon(FIRESTEEL_CATALOG=str(EXAMPLE))
    connection = daemon.ready("x", cluster="laptop", bundles=["object_store"])
    assert connection["cluster_display_name"] == "Laptop"
    keys = ["spark.master", "spark.hadoop.fs.s3a.endpoint"]
    values = in_spark(daemon, "read_options", connection="x", keys=keys)
    assert values == {"spark.master": "local[2]", "spark.hadoop.fs.s3a.endpoint": "https://store.example.org"}


def test_what_a_script_exports_reaches_spark_and_what_it_says_the_log(new_daemon, tmp_path):
    (tmp_path / "setup.sh").write_text('echo "zone: $1"\nexport SITE_ZONE="$ZONE two  words" SITE_LIST=$\'a\\nb\'\n')
    document = {
        "SparkConnectorApp": {
            "clusters": {
                "forest": {
                    "display_name": "Forest",
                    "env": {"ZONE": "north", "SPARK_REMOTE": "sc://elsewhere"},
                    "opts": {"spark.master": "local[1]", "spark.x.zone": "{REGION}/a", "spark.x.list": "1"},
                    "pre_script": f"source {tmp_path}/setup.sh first\nexport SPARK_CONNECT_AUTHENTICATE_TOKEN=mine",
                }
            },
            "config_bundles": {
                "more": {"options": [{"name": "spark.x.list", "value": "2", "concatenate": ","}]},
            },
        }
    }
    file = tmp_path / "catalog.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    daemon = new_daemon(FIRESTEEL_CATALOG=str(file), REGION="hills")
    options = {
        "spark.x.mine": "$(id) {REGION}",
        "spark.driver.extraJavaOptions": r"""-Dx.password="sword  fish \\ \" #1" -Dx.other=2""",
    }
    connection = daemon.ready("x", bundles=["more"], options=options)
    expressions = [f"reflect('java.lang.System', 'getProperty', '{name}')" for name in ("x.password", "x.other")]
    given = in_spark(daemon, "evaluate", connection="x", expressions=expressions)
    assert given == [r"""sword  fish \ " #1""", "2"]
    assert b"x.password" not in Path(f"/proc/{connection['pid']}/cmdline").read_bytes()
    assert variables(daemon, "x", "ZONE", "SITE_ZONE", "SITE_LIST", "SPARK_REMOTE") == [
        "north",
        "north two  words",
        "a\nb",
        "null",  # as Spark shows what isn't there
    ]
    keys = ["spark.master", "spark.x.zone", "spark.x.list", "spark.x.mine"]
    assert in_spark(daemon, "read_options", connection="x", keys=keys) == {
        "spark.master": "local[1]",
        "spark.x.zone": "hills/a",
        "spark.x.list": "1,2",
        "spark.x.mine": "$(id) {REGION}",  # a user's values are data
    }
    with daemon.http() as http:
        chunk = http.get("/api/v1/connections/x/log", params={"after": 0, "limit": 5}).json()
    assert chunk["lines"][0] == "[pre_script] zone: first"
    run = next((daemon.directory / "servers").iterdir())
    assert not (run / "pre_script.sh").exists()
