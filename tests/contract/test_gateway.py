# SPDX-License-Identifier: Apache-2.0
"""Real clients and real Spark with the gateway between them: who gets in, what is seen of them, and what stops them."""

import json
import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

import contract
import processes
from test_activity import make_url, token_of
from test_spark import kernel, secret_of

pytestmark = pytest.mark.spark

NAMED = "/api/v1/connections/{name}"


class Client:
    """A PySpark process (`remote_side.py`) that tells what it does, line by line."""

    def __init__(self, url: str, environment: dict[str, str], function: str, arguments: dict):
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("remote_side.py"), function, json.dumps(arguments)],
            env=environment | {"SPARK_REMOTE": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def says(self) -> dict:
        line = self._process.stdout.readline()
        assert line, self._process.communicate(timeout=60)[1][-4000:]
        return json.loads(line)

    def go_on(self) -> None:
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate(timeout=30)


@contextmanager
def client(daemon, function: str, url: str | None = None, **arguments):
    with daemon.http() as http:
        url = url or make_url(http)
    made = Client(url, daemon.environment, function, arguments)
    try:
        yield made
    finally:
        made.end()


def read(daemon, what: str, name: str = "shared") -> list[dict]:
    path = f"{NAMED}/{what}"
    with daemon.http() as http:
        return contract.check_reply(http.get(path.replace("{name}", name)), path, "get")[what]


def session(daemon, session_id: str) -> dict | None:
    return next((each for each in read(daemon, "sessions") if each["session_id"] == session_id), None)


def session_ids(daemon) -> list[str]:
    return [each["session_id"] for each in read(daemon, "sessions")]


def operations_of(daemon, session_id: str) -> list[dict]:
    return [each for each in read(daemon, "operations") if each["session_id"] == session_id]


def running(daemon, session_id: str) -> dict:
    """The operation of the session that runs, once one does."""
    found = []

    def look() -> bool:
        found[:] = [each for each in operations_of(daemon, session_id) if each["state"] == "running"]
        return bool(found)

    processes.wait_for(look, 30, f"an operation of {session_id} runs")
    return found[0]


def interrupt(daemon, **what) -> list[str]:
    path = f"{NAMED}/interrupt"
    with daemon.http() as http:
        reply = http.post(path.replace("{name}", "shared"), json=what)
    return contract.check_reply(reply, path, "post")["operation_ids"]


def refusal(target: str, metadata: list[tuple[str, str]]):
    """What Spark Connect's simplest call ends with."""
    import grpc
    from pyspark.sql.connect import proto

    with grpc.insecure_channel(target, options=[("grpc.enable_http_proxy", 0)]) as channel:
        request = proto.AnalyzePlanRequest(session_id=str(uuid.uuid4()))
        request.spark_version.SetInParent()
        with pytest.raises(grpc.RpcError) as refused:
            proto.SparkConnectServiceStub(channel).AnalyzePlan(request, timeout=20, metadata=metadata)
    return refused.value


def test_pyspark_takes_the_url_as_it_is(with_spark):
    with client(with_spark, "query") as pyspark:
        said = pyspark.says()
        assert (said["total"], said["application_id"]) == (499_500, with_spark.connection("shared")["application_id"])
        pyspark.go_on()
        assert pyspark.says() == {"again": 7}


def test_the_url_that_the_command_prints_leads_to_the_connection_that_it_names(with_spark):
    url = with_spark.cli("endpoint", "--url", "--name", "shared").out.strip()
    with client(with_spark, "query", url) as pyspark:
        assert pyspark.says()["application_id"] == with_spark.connection("shared")["application_id"]


def test_a_connection_that_is_not_there_is_refused_with_those_that_are(with_spark):
    import grpc

    with with_spark.http() as http:
        endpoint, token = http.get("/api/v1/endpoint").json(), token_of(make_url(http))
    refused = refusal(
        f"{endpoint['host']}:{endpoint['port']}",
        [("authorization", f"Bearer {token}"), ("x-firesteel-connection", "nothing")],
    )
    assert refused.code() is not grpc.StatusCode.UNAVAILABLE, "PySpark would try again for ten minutes"
    assert "nothing" in refused.details()
    assert "shared" in refused.details()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic {token}", "Bearer {token}x", "{token}"])
def test_without_the_token_nobody_gets_in(with_spark, header):
    import grpc

    before = session_ids(with_spark)
    with with_spark.http() as http:
        endpoint, token = http.get("/api/v1/endpoint").json(), token_of(make_url(http))
    metadata = [("authorization", header.format(token=token))] if header else []
    refused = refusal(f"{endpoint['host']}:{endpoint['port']}", metadata)
    assert refused.code() is grpc.StatusCode.UNAUTHENTICATED
    assert token not in refused.details()
    assert session_ids(with_spark) == before


def test_sparks_own_secret_opens_nothing(with_spark):
    import grpc

    with with_spark.http() as http:
        endpoint = http.get("/api/v1/endpoint").json()
    secret = secret_of(with_spark, "shared").decode()
    refused = refusal(f"{endpoint['host']}:{endpoint['port']}", [("authorization", f"Bearer {secret}")])
    assert refused.code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_client_can_not_read_sparks_secret(with_spark):
    with client(with_spark, "read_secrets") as pyspark:
        pyspark.says()
        text = pyspark.says()["read"]
    with with_spark.http() as http:
        token = token_of(make_url(http))
    assert "spark.app.id" in text
    assert secret_of(with_spark, "shared").decode() not in text
    assert token not in text


def test_rotating_ends_what_came_in_with_the_old_token(with_spark):
    with with_spark.http() as http:
        old, endpoint = token_of(make_url(http)), http.get("/api/v1/endpoint").json()
        contract.check_reply(http.post("/api/v1/endpoint/rotate"), "/api/v1/endpoint/rotate", "post")
    refused = refusal(f"{endpoint['host']}:{endpoint['port']}", [("authorization", f"Bearer {old}")])
    assert refused.code().name == "UNAUTHENTICATED"
    with client(with_spark, "query") as pyspark:
        assert pyspark.says()["total"] == 499_500


def test_a_session_is_seen_from_its_first_call_to_its_end(with_spark):
    with with_spark.events() as events, client(with_spark, "query") as pyspark:
        said = pyspark.says()
        seen = session(with_spark, said["session_id"])
        assert (seen["local"], seen["notebook"], seen["running"]) == (False, "", 0)
        assert "PYTHON" in seen["client_type"]
        (operation,) = [each for each in operations_of(with_spark, said["session_id"]) if each["kind"] == "query"]
        assert (operation["state"], operation["rows"], operation["bytes"] > 0) == ("finished", 1, True)

        told, _ = events.until(
            lambda e: e["type"] == "activity" and said["session_id"] in [each["session_id"] for each in e["sessions"]]
        )
        contract.check(told, "ActivityEvent")
        assert told["connection"] == "shared"

        pyspark.go_on()
        assert pyspark.says() == {"again": 7}
        ended, read_meanwhile = events.until(
            lambda e: (
                e["type"] == "activity" and said["session_id"] not in [each["session_id"] for each in e["sessions"]]
            )
        )
    for event in [*read_meanwhile, ended]:
        contract.check(event, "Event")
    assert session(with_spark, said["session_id"]) is None


def test_a_kernels_session_is_local(with_spark):
    with with_spark.events() as events:
        kernel(with_spark, "describe", connection="shared")
        told, _ = events.until(lambda e: e["type"] == "activity" and any(each["local"] for each in e["sessions"]))
    contract.check(told, "ActivityEvent")


def test_a_viewer_gets_what_goes_on_with_the_snapshot(with_spark):
    with client(with_spark, "query") as pyspark:
        said = pyspark.says()
        with with_spark.events() as events:
            snapshot = events.next()
        contract.check(snapshot, "SnapshotEvent")
        (activity,) = [each for each in snapshot["activity"] if each["connection"] == "shared"]
        assert said["session_id"] in [each["session_id"] for each in activity["sessions"]]


@pytest.mark.parametrize("what", ["operation", "session", "all"])
def test_interrupt_really_stops_spark(with_spark, what):
    """Its tasks too: the next query gets the cores, long before the sleep is over."""
    with client(with_spark, "occupy", tasks=os.cpu_count() or 1, seconds=120) as pyspark:
        session_id = pyspark.says()["session_id"]
        operation = running(with_spark, session_id)
        assert (operation["kind"], operation["attended"]) == ("query", True)
        assert session(with_spark, session_id)["running"] == 1
        wanted = {"operation": {"operation_id": operation["operation_id"]}, "session": {"session_id": session_id}}
        assert interrupt(with_spark, **wanted.get(what, {})) == [operation["operation_id"]]
        assert "OPERATION_CANCELED" in pyspark.says()["error"]
        after = pyspark.says()
        assert after["count"] > 0
        assert after["seconds"] < 60
    (ended,) = [e for e in operations_of(with_spark, session_id) if e["operation_id"] == operation["operation_id"]]
    assert ended["state"] == "interrupted"


def test_the_command_interrupts_and_lists(with_spark):
    with client(with_spark, "occupy", tasks=1, seconds=120) as pyspark:
        session_id = pyspark.says()["session_id"]
        operation = running(with_spark, session_id)["operation_id"]
        listed = with_spark.cli("operations", "--json")
        contract.check_cli(listed.json, "operations")
        assert operation in [each["operation_id"] for each in listed.json["operations"]]
        assert operation in with_spark.cli("operations", "shared").out
        assert session_id in with_spark.cli("sessions").out
        done = with_spark.cli("interrupt", "shared", "--session", session_id, "--operation", operation, "--json")
        contract.check_cli(done.json, "interrupt")
        assert (done.code, done.json["operation_ids"]) == (0, [operation])
        assert "OPERATION_CANCELED" in pyspark.says()["error"]
        assert operation not in [
            each["operation_id"] for each in with_spark.cli("operations", "--json").json["operations"]
        ]
        assert operation in with_spark.cli("operations", "--all").out


def test_what_is_not_there_is_not_interrupted(with_spark):
    nobody = str(uuid.uuid4())
    before = session_ids(with_spark)
    for body, code in (
        ({"operation_id": nobody}, "operation_not_found"),
        ({"session_id": nobody}, "session_not_found"),
        ({"session_id": nobody, "operation_id": nobody}, "operation_not_found"),
    ):
        with with_spark.http() as http:
            reply = http.post("/api/v1/connections/shared/interrupt", json=body)
        contract.check(reply.json(), "ErrorReply")
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, code)
    assert session_ids(with_spark) == before, "and Spark has no new session"


def test_a_released_session_is_over_for_its_client(with_spark):
    with client(with_spark, "query") as pyspark:
        session_id = pyspark.says()["session_id"]
        released = with_spark.cli("release", "shared", session_id, "--json")
        contract.check_cli(released.json, "release")
        assert released.code == 0, released
        assert session(with_spark, session_id) is None
        pyspark.go_on()
        assert "SESSION" in pyspark.says()["error"]
        again = with_spark.cli("release", "shared", session_id, "--json")
        assert (again.code, again.json["error"]["code"]) == (1, "session_not_found")


def test_the_metrics_count_what_goes_through(with_spark):
    def value(name: str) -> float:
        with with_spark.http() as http:
            lines = http.get("/api/v1/metrics").text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

    before = value("firesteel_gateway_calls_total")
    kernel(with_spark, "describe", connection="shared")
    assert value("firesteel_gateway_calls_total") > before


def test_no_token_reaches_a_log_or_a_command_line(with_spark):
    with with_spark.http() as http:
        url = make_url(http)
    token = unquote(token_of(url)).encode()
    with client(with_spark, "query", url) as pyspark:
        pyspark.says()
        assert token not in processes.all_command_lines()
    assert [path for path, content in with_spark.log_files().items() if token in content] == [
        Path(with_spark.paths["runtime_dir"]) / "endpoint.json"
    ]
