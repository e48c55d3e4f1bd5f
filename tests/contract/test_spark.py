# SPDX-License-Identifier: Apache-2.0
"""A real Spark Connect server behind a connection: what it is told, and what nobody else is told."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import contract
import processes
from daemon import BINARY

pytestmark = pytest.mark.spark

MARK = "/tmp/firesteel-contract-was-run"
VALUES = {
    "spark.test.spaces": "two  spaces and\ttab",
    "spark.test.quotes": """it's "quoted" `here`""",
    "spark.test.semicolon": f"a; touch {MARK}; b",
    "spark.test.substitution": f"$(touch {MARK}) `touch {MARK}` $HOME ${{HOME}} %PATH% ~",
    "spark.test.newline": "first\nsecond\r\nthird",
    "spark.test.emoji": "🔥 Funken 🧨",
    "spark.test.unicode": "Größe, 点火, нож, \u200b|\u00a0|\ufeff",
    "spark.test.equals": "a=b=c==",
    "spark.test.backslash": r"C:\temp\new \u0041 \\ \n",
    "spark.test.comment": "#not a comment !neither",
    "spark.test.empty": "",
    "spark.test.dashes": "--conf spark.evil=1 -Dx=y",
    "spark.test.long": "x" * 60_000,
    "spark.test.last_newline": "trailing \n",
    "spark.test.näme": "2",
    "spark.test.#!": "3",
}
# Spark trims blanks around what it reads, and Java takes no NUL; names like these are more likely slips than names.
REFUSED_VALUES = {
    "spark.test.leading": "  leading",
    "spark.test.trailing": "trailing\t ",
    "spark.test.nul": "a\0b",
    "spark.test.name with space": "1",
    "spark.test.a=b": "2",
    "spark.test.a:b": "3",
    "spark.test.new\nline": "4",
    "": "5",
}


def kernel(daemon, function: str, **arguments) -> list[dict]:
    """What the kernel's side said, line by line."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("kernel_side.py"), function, json.dumps(arguments)],
        env=daemon.environment | {"FIRESTEEL_BINARY": str(BINARY)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def secret_of(daemon, name: str) -> bytes:
    """Of the connection's server, from where the daemon keeps it: nobody is told it."""
    server_id = daemon.connection(name)["server_id"]
    for path in daemon.directory.rglob(f"*{server_id}*/*.json"):
        if secret := json.loads(path.read_text()).get("secret"):
            return secret.encode()
    raise AssertionError(f"there is no record of {name}'s server")


def test_a_ready_connection_says_everything(with_spark):
    connection = with_spark.connection("shared")
    contract.check(connection, "Connection")
    assert {"pid", "server_id", "spark_version", "application_id", "endpoint", "ready_at"} <= connection.keys()
    assert [phase["phase"] for phase in connection["phases"]] == ["preparing", "starting_jvm", "creating_driver"]
    assert all(phase["done"] for phase in connection["phases"])
    assert connection["endpoint"].startswith("sc://127.0.0.1:")
    assert connection["is_default"]


def test_python_code_gets_the_application_that_the_card_shows(with_spark):
    (said,) = kernel(with_spark, "describe", connection="shared")
    assert said["application_id"] == with_spark.connection("shared")["application_id"]
    assert said["total"] == 499_500


def test_the_channel_without_a_name_is_the_default(with_spark):
    with with_spark.http(kernel=True) as http:
        channel = contract.check_reply(http.get("/kernel/v1/channel"), "/kernel/v1/channel", "get")
    with with_spark.http() as http:
        endpoint = http.get("/api/v1/endpoint").json()
    assert (channel["name"], channel["target"]) == ("shared", f"unix:{endpoint['socket']}")


def test_everything_listens_on_loopback_only(with_spark):
    listening = [
        entry.laddr
        for process in processes.family(with_spark.connection("shared")["pid"])
        for entry in process.net_connections("tcp")
        if entry.status == "LISTEN"
    ]
    assert len(listening) >= 2
    assert {address.ip for address in listening} <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}


def test_the_secret_stays_secret(with_spark):
    secret = secret_of(with_spark, "shared")
    assert len(secret) >= 32
    kernel(with_spark, "describe", connection="shared")
    assert secret not in processes.all_command_lines()
    with with_spark.http() as http, with_spark.events() as events:
        log = http.get("/api/v1/connections/shared/log", params={"limit": 5000})
        contract.check_reply(log, "/api/v1/connections/{name}/log", "get")
        replies = [log.content, json.dumps(events.next()).encode()]
        replies += [
            http.get(path).content for path in ("/api/v1/status", "/api/v1/connections", "/api/v1/connections/shared")
        ]
    assert not any(secret in reply for reply in replies)
    for path, content in with_spark.log_files().items():
        if secret in content:
            assert path.suffix not in (".log", ".out", ".err"), path
            assert stat.S_IMODE(os.stat(path).st_mode) & 0o077 == 0, path


def test_a_stranger_without_the_secret_is_not_answered(with_spark):
    import grpc
    from pyspark.sql.connect import proto

    target = with_spark.connection("shared")["endpoint"].removeprefix("sc://")
    with grpc.insecure_channel(target, options=[("grpc.enable_http_proxy", 0)]) as channel:
        stub = proto.SparkConnectServiceStub(channel)
        request = proto.AnalyzePlanRequest(session_id="00000000-0000-4000-8000-000000000000")
        request.spark_version.SetInParent()
        with pytest.raises(grpc.RpcError) as refused:
            stub.AnalyzePlan(request, timeout=20)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_log_from_a_cursor_on(with_spark):
    with with_spark.http() as http:
        whole = http.get("/api/v1/connections/shared/log", params={"after": 0, "limit": 5000}).json()
        read, cursor = [], 0
        while True:
            chunk = http.get("/api/v1/connections/shared/log", params={"after": cursor, "limit": 7}).json()
            read, cursor = read + chunk["lines"], chunk["next"]
            if chunk["end"]:
                break
    assert whole["lines"] and read[: len(whole["lines"])] == whole["lines"]


def test_options_reach_spark_unchanged_or_are_refused(with_spark):
    Path(MARK).unlink(missing_ok=True)
    accepted, refused = {}, set()
    with with_spark.http() as http:
        for key, value in (VALUES | REFUSED_VALUES).items():
            reply = http.post(
                "/api/v1/connections",
                json={"name": "probe", "options": {key: value}, "environment": {"java_home": "/nonexistent"}},
            )
            if reply.status_code == 201:
                accepted[key] = value
                with_spark.connection("probe", settle_ms=20_000)
                http.delete("/api/v1/connections/probe")
                continue
            contract.check(reply.json(), "ErrorReply")
            error = reply.json()["error"]
            assert (reply.status_code, error["code"], error["field"]) == (400, "invalid_option", f"options.{key}")
            refused.add(key)
    assert refused == REFUSED_VALUES.keys()
    with_spark.ready("options", options=accepted)
    (said,) = kernel(with_spark, "read_options", connection="options", keys=list(accepted))
    assert said["values"] == accepted
    assert with_spark.connection("options")["options"] == accepted
    assert not Path(MARK).exists()


@pytest.mark.parametrize(
    "key", ["spark.connect.grpc.binding.port", "spark.connect.authenticate.token", "spark.connect.grpc.binding.address"]
)
def test_options_that_are_ours_are_refused(with_spark, key):
    with with_spark.http() as http:
        reply = http.post("/api/v1/connections", json={"name": "x", "options": {key: "1"}})
    assert (reply.status_code, reply.json()["error"]["code"], reply.json()["error"]["field"]) == (
        400,
        "invalid_option",
        f"options.{key}",
    )
