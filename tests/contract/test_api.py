# SPDX-License-Identifier: Apache-2.0
"""What the daemon answers, held against the contract; no Spark needed."""

import os

import pytest

import contract
from conftest import NO_JAVA


@pytest.fixture
def http(no_java):
    with no_java.http() as client:
        yield client


@pytest.fixture
def failed(no_java, http):
    """The name of a connection that failed to start; it is removed afterwards."""
    no_java.create("broken", options={"spark.app.name": "first"})
    assert no_java.connection("broken", settle_ms=20_000)["state"] == "failed"
    yield "broken"
    http.delete("/api/v1/connections/broken")


def refused(response, status: int, code: str) -> dict:
    assert (response.status_code, response.json()["error"]["code"]) == (status, code), response.text
    contract.check(response.json(), "ErrorReply")
    return response.json()["error"]


def test_status(no_java, http):
    status = contract.check_reply(http.get("/api/v1/status"), "/api/v1/status", "get")
    assert status["pid"] == no_java.process.pid
    assert status["runtime_dir"] == str(no_java.directory) or status["runtime_dir"].startswith(f"{no_java.directory}/")
    assert {key: status[key] for key in ("api_socket", "kernel_socket")} == {
        key: no_java.paths[key] for key in ("api_socket", "kernel_socket")
    }


def test_clusters_begin_with_local(http):
    clusters = contract.check_reply(http.get("/api/v1/clusters"), "/api/v1/clusters", "get")["clusters"]
    assert clusters[0]["name"] == "local"


def test_connections_and_one_connection(http, failed):
    listed = contract.check_reply(http.get("/api/v1/connections"), "/api/v1/connections", "get")["connections"]
    one = contract.check_reply(http.get(f"/api/v1/connections/{failed}"), "/api/v1/connections/{name}", "get")
    assert [c["name"] for c in listed] == [failed]
    assert one["options"] == {"spark.app.name": "first"}


def test_a_missing_java_is_named_with_what_to_do(no_java, failed):
    failure = no_java.connection(failed)["failure"]
    assert failure["reason"] == "no_java"
    assert NO_JAVA in failure["message"]
    assert failure["advice"]


def test_the_java_of_the_request_has_no_fallback(no_java, http):
    no_java.create("own-java", environment={"java_home": "/nonexistent/other"})
    failure = no_java.connection("own-java", settle_ms=20_000)["failure"]
    assert (failure["reason"], "/nonexistent/other" in failure["message"]) == ("no_java", True)
    contract.check_reply(http.delete("/api/v1/connections/own-java"), "/api/v1/connections/{name}", "delete")


def test_a_name_is_used_once(http, failed):
    error = refused(http.post("/api/v1/connections", json={"name": failed}), 409, "connection_exists")
    assert failed in error["message"]


@pytest.mark.parametrize("name", ["", "-a", "a/b", "a b", "é", "a" * 65, "../x", "a\n", "."])
def test_bad_names_are_refused(http, name):
    refused(http.post("/api/v1/connections", json={"name": name}), 400, "invalid_name")


def test_an_unknown_cluster_is_refused(http):
    refused(http.post("/api/v1/connections", json={"name": "x", "cluster": "moon"}), 400, "unknown_cluster")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "sparkling": 1},
        {"name": "x", "environment": {"pyhton": "/usr/bin/python3"}},
    ],
)
def test_unknown_fields_are_refused_by_name(http, body):
    error = refused(http.post("/api/v1/connections", json=body), 400, "unknown_field")
    assert "sparkling" in error["field"] or "pyhton" in error["field"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '"x"', "1", '{"name": 1}', '{"name":"x","options":[]}', "\xff", "[" * 5000]
)
def test_broken_bodies_are_refused(http, content):
    raw = content.encode("latin-1")
    response = http.post("/api/v1/connections", content=raw, headers={"Content-Type": "application/json"})
    assert response.status_code == 400, response.text
    contract.check(response.json(), "ErrorReply")


@pytest.mark.parametrize("action", ["start", "stop", "restart", "default"])
def test_actions_on_nothing_name_what_exists(http, failed, action):
    error = refused(http.post(f"/api/v1/connections/nothing/{action}"), 404, "connection_not_found")
    assert error["connections"] == [failed]


def test_reads_of_nothing(http):
    for request in (
        http.get("/api/v1/connections/nothing"),
        http.get("/api/v1/connections/nothing/log"),
        http.delete("/api/v1/connections/nothing"),
    ):
        refused(request, 404, "connection_not_found")


def test_start_again_replaces_what_the_body_names(no_java, http, failed):
    path = "/api/v1/connections/{name}/start"
    reply = http.post(f"/api/v1/connections/{failed}/start", json={"options": {"spark.app.name": "second"}})
    assert contract.check_reply(reply, path, "post")["options"] == {"spark.app.name": "second"}
    assert no_java.connection(failed, settle_ms=20_000)["state"] == "failed"
    assert contract.check_reply(http.post(f"/api/v1/connections/{failed}/start"), path, "post")["options"] == {
        "spark.app.name": "second"
    }
    no_java.connection(failed, settle_ms=20_000)


def test_stop_of_what_does_not_run_changes_nothing(http, failed):
    reply = http.post(f"/api/v1/connections/{failed}/stop")
    assert contract.check_reply(reply, "/api/v1/connections/{name}/stop", "post")["state"] == "failed"


def test_default_is_one(no_java, http, failed):
    no_java.create("other")
    no_java.connection("other", settle_ms=20_000)
    reply = contract.check_reply(
        http.post("/api/v1/connections/other/default"), "/api/v1/connections/{name}/default", "post"
    )
    listed = http.get("/api/v1/connections").json()["connections"]
    assert reply["is_default"]
    assert [c["name"] for c in listed if c["is_default"]] == ["other"]
    http.delete("/api/v1/connections/other")


@pytest.mark.parametrize("query", ["limit=0", "limit=5001", "limit=x", "after=-1", "after=1e3", "limit=", "what=1"])
def test_bad_log_queries(http, failed, query):
    assert http.get(f"/api/v1/connections/{failed}/log?{query}").status_code == 400


def test_log_of_a_failed_start(http, failed):
    contract.check_reply(http.get(f"/api/v1/connections/{failed}/log"), "/api/v1/connections/{name}/log", "get")


def test_unknown_routes_and_methods(http):
    refused(http.get("/api/v1/nothing"), 404, "not_found")
    refused(http.get("/"), 404, "not_found")
    refused(http.put("/api/v1/connections", json={}), 405, "method_not_allowed")
    assert "GET" in http.put("/api/v1/connections", json={}).headers["allow"]
    refused(http.get("/api/v1/events"), 426, "upgrade_required")


def test_each_socket_has_its_own_routes(no_java, http):
    refused(http.get("/kernel/v1/channel"), 404, "not_found")
    with no_java.http(kernel=True) as kernel:
        refused(kernel.get("/api/v1/status"), 404, "not_found")
        refused(kernel.get("/api/v1/connections"), 404, "not_found")


def test_a_kernel_hears_why_there_is_no_channel(no_java, failed):
    with no_java.http(kernel=True) as kernel:
        error = refused(kernel.get("/kernel/v1/channel", params={"name": "nothing"}), 404, "connection_not_found")
        assert error["connections"] == [failed]
        error = refused(kernel.get("/kernel/v1/channel", params={"name": failed}), 409, "not_ready")
        assert error["failure"]["reason"] == "no_java"


def test_events_begin_with_everything_and_tell_every_change(no_java, http):
    with no_java.events() as events:
        snapshot = events.next()
        contract.check(snapshot, "SnapshotEvent")
        assert snapshot["clusters"] == http.get("/api/v1/clusters").json()["clusters"]
        no_java.create("watched")
        _, read = events.until(lambda e: e["type"] == "connection" and e["connection"]["state"] == "failed")
        http.delete("/api/v1/connections/watched")
        gone, more = events.until(lambda e: e["type"] == "removed")
    for event in read + more:
        contract.check(event, "Event")
    assert read[0]["connection"]["state"] == "starting"
    assert gone["name"] == "watched"


def test_the_stream_ticks_every_second(no_java):
    with no_java.events() as events:
        events.next()
        for _ in range(2):
            contract.check(events.next(timeout=1.5), "TickEvent")


def test_viewers_are_counted(no_java, http):
    with no_java.events() as events:
        events.next()
        assert http.get("/api/v1/status").json()["viewers"] == 1


def test_what_a_viewer_sends_is_ignored_and_bounded(no_java):
    with no_java.events() as events:
        events.next()
        events._stream.send('{"type":"snapshot"}')
        contract.check(events.until(lambda e: e["type"] == "tick")[0], "TickEvent")


def test_shutdown_ends_the_daemon(new_daemon):
    daemon = new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA)
    with daemon.http() as http:
        contract.check_reply(http.post("/api/v1/shutdown"), "/api/v1/shutdown", "post")
    assert daemon.process.wait(10) == 0
    assert not os.path.exists(daemon.paths["api_socket"])
