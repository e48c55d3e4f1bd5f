# SPDX-License-Identifier: Apache-2.0
"""PySpark's own behaviours through the gateway equal those directly at the server's port."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.spark

SCRIPT = Path(__file__).with_name("behaviours.py")


def behaviours(daemon, url: str) -> dict:
    done = subprocess.run(
        [sys.executable, SCRIPT, url], env=daemon.environment, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def told(with_spark):
    connection = with_spark.connection("shared")
    record = json.loads(next(with_spark.directory.rglob(f"{connection['server_id']}/run.json")).read_text())
    direct = f"sc://127.0.0.1:{connection['grpc_port']}" if "grpc_port" in connection else connection["endpoint"]
    through = with_spark.cli("endpoint", "--url", "--name", "shared").out.strip()
    return {
        "directly": behaviours(with_spark, f"{direct}/;authorization=Bearer%20{record['secret']}"),
        "through": behaviours(with_spark, through),
    }


def names() -> list[str]:
    import ast

    tree = ast.parse(SCRIPT.read_text())
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [name for name in functions if name not in ("ended_from", "main")]


@pytest.mark.parametrize("name", names())
def test_a_behaviour_is_the_same_through_the_gateway(told, name):
    assert told["directly"][name] is not None
    assert told["directly"][name][:1] != ["raised"] if isinstance(told["directly"][name], list) else True
    assert told["through"][name] == told["directly"][name]
