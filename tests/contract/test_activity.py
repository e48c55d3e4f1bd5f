# SPDX-License-Identifier: Apache-2.0
"""Sessions, operations and the endpoint, held against the contract; no Spark needed."""

import json
import re
from urllib.parse import unquote

import pytest

import contract
from test_api import refused

SESSION = "00000000-0000-4000-8000-000000000000"
NAMED = "/api/v1/connections/{name}"
RELEASE = NAMED + "/sessions/{session_id}/release"
# One line of Prometheus' text format: a comment, or a name with labels and a number.
METRIC = re.compile(r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.e+]+')


@pytest.fixture
def http(no_java):
    with no_java.http() as client:
        yield client


@pytest.fixture(scope="module")
def failed(no_java):
    """The name of a connection whose server doesn't run."""
    no_java.create("broken")
    assert no_java.connection("broken", settle_ms=20_000)["state"] == "failed"
    return "broken"


def at(path: str, name: str, session: str = SESSION) -> str:
    return path.replace("{name}", name).replace("{session_id}", session)


def token_of(url: str) -> str:
    """The token in an endpoint's URL."""
    parameters = dict(part.split("=", 1) for part in url.partition("/;")[2].split(";"))
    scheme, _, token = unquote(parameters["authorization"]).partition(" ")
    assert scheme == "Bearer"
    assert len(token) >= 32
    return token


def make_url(http, **body) -> str:
    reply = http.post("/api/v1/endpoint/url", json=body) if body else http.post("/api/v1/endpoint/url")
    return contract.check_reply(reply, "/api/v1/endpoint/url", "post")["url"]


@pytest.mark.parametrize("what", ["sessions", "operations"])
def test_a_connection_that_nobody_uses_has_none(http, failed, what):
    path = f"{NAMED}/{what}"
    assert contract.check_reply(http.get(at(path, failed)), path, "get") == {what: []}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", f"{NAMED}/sessions"),
        ("get", f"{NAMED}/operations"),
        ("post", f"{NAMED}/interrupt"),
        ("post", RELEASE),
    ],
)
def test_a_connection_that_does_not_exist_is_named_with_those_that_do(http, failed, method, path):
    error = refused(http.request(method, at(path, "nothing")), 404, "connection_not_found")
    assert error["connections"] == [failed]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "limit=-1", "limit=", "what=1"])
def test_bad_operation_queries(http, failed, query):
    assert http.get(f"{at(NAMED, failed)}/operations?{query}").status_code == 400
    assert http.get(f"{at(NAMED, failed)}/operations?limit=1000").status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"operation": "x"}, "operation"),
        ({"session_id": ""}, "session_id"),
        ({"session_id": "x" * 129}, "session_id"),
        ({"operation_id": 7}, "operation_id"),
        ({"operation_id": None}, "operation_id"),
    ],
)
def test_bad_interrupt_requests_are_refused_by_name(http, failed, body, field):
    reply = http.post(f"{at(NAMED, failed)}/interrupt", json=body)
    assert reply.status_code == 400, reply.text
    assert reply.json()["error"]["field"] == field


@pytest.mark.parametrize("body", [None, {}, {"session_id": SESSION}])
def test_nothing_is_interrupted_where_no_server_runs(http, failed, body):
    error = refused(http.post(f"{at(NAMED, failed)}/interrupt", json=body), 409, "wrong_state")
    assert error["message"]


def test_nothing_is_released_where_no_server_runs(http, failed):
    refused(http.post(at(RELEASE, failed)), 409, "wrong_state")


@pytest.mark.parametrize("session", ["x" * 129, "%C3%A9", "a%20b", "a%2Fb", "%00", "%0A"])
def test_what_can_be_no_session_is_not_found(http, failed, session):
    reply = http.post(at(RELEASE, failed, session))
    assert reply.status_code in (400, 404), reply.text
    contract.check(reply.json(), "ErrorReply")


def test_the_endpoint_is_told_without_its_token(no_java, http):
    endpoint = contract.check_reply(http.get("/api/v1/endpoint"), "/api/v1/endpoint", "get")
    assert (endpoint["host"], endpoint["port"] > 0) == ("127.0.0.1", True)
    assert endpoint["socket"].startswith(str(no_java.directory))
    assert "problem" not in endpoint


def test_a_url_has_the_token_and_names_its_connection(http, failed):
    endpoint = http.get("/api/v1/endpoint").json()
    plain, named = make_url(http), make_url(http, connection=failed)
    assert plain.startswith(f"sc://{endpoint['host']}:{endpoint['port']}/;")
    assert token_of(plain) == token_of(named)
    assert named == f"{plain};x-firesteel-connection={failed}"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"connection": "nothing"}, 404, "connection_not_found"),
        ({"connection": "a;token=x"}, 404, "connection_not_found"),
        ({"connection": 1}, 400, "bad_request"),
        ({"connection": None}, 400, "bad_request"),
        ({"name": "broken"}, 400, "unknown_field"),
    ],
)
def test_bad_url_requests_get_no_token(http, failed, body, status, code):
    error = refused(http.post("/api/v1/endpoint/url", json=body), status, code)
    assert token_of(make_url(http)) not in json.dumps(error)


@pytest.mark.parametrize("path", ["/api/v1/endpoint/url", "/api/v1/endpoint/rotate"])
def test_the_token_is_no_matter_for_get(http, path):
    refused(http.get(path), 405, "method_not_allowed")


def test_a_page_of_another_site_gets_no_token(no_java, http):
    token = token_of(make_url(http))
    with no_java.http(headers={"Origin": "http://evil.example"}) as page:
        for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            reply = page.post("/api/v1/endpoint/url", content="{}", headers={"Content-Type": content_type})
            refused(reply, 403, "missing_client_header")
            assert token not in reply.text


def test_rotating_makes_another_token(no_java, http):
    before = token_of(make_url(http))
    port = http.get("/api/v1/endpoint").json()["port"]
    assert contract.check_reply(http.post("/api/v1/endpoint/rotate"), "/api/v1/endpoint/rotate", "post") == {}
    assert token_of(make_url(http)) != before
    assert http.get("/api/v1/endpoint").json()["port"] == port


def test_no_read_shows_the_token(no_java, http, failed):
    token = token_of(make_url(http))
    read = {}
    for path, method, _ in contract.operations():
        if method == "get" and path.startswith("/api/") and path != "/api/v1/events":
            read[path] = http.get(at(path, failed)).text
    with no_java.http(kernel=True) as kernel, no_java.events() as events:
        read["channel"] = kernel.get("/kernel/v1/channel").text
        read["snapshot"] = json.dumps(events.next())
    for command in ("endpoint", "endpoint --json", "endpoint --rotate", "status", "paths"):
        result = no_java.cli(*command.split())
        read[command] = result.out + result.err
    read["log"] = "".join(
        content.decode(errors="replace") for path, content in no_java.log_files().items() if "log" in path.name
    )
    tokens = {token, token_of(make_url(http))}
    assert len(tokens) == 2
    assert [what for what, text in read.items() if any(each in text for each in tokens)] == []


def test_metrics_are_prometheus_text(http):
    reply = http.get("/api/v1/metrics")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/plain; version=0.0.4")
    lines = reply.text.splitlines()
    assert reply.text.endswith("\n")
    assert [line for line in lines if not METRIC.fullmatch(line)] == []
    assert any(line.startswith("firesteel_gateway_clients ") for line in lines)
    refused(http.get("/api/v1/metrics?x=1"), 400, "unknown_field")


def test_the_snapshot_has_the_endpoint_and_what_goes_on(no_java, http, failed):
    with no_java.events() as events:
        snapshot = events.next()
    contract.check(snapshot, "SnapshotEvent")
    assert snapshot["endpoint"] == http.get("/api/v1/endpoint").json()
    assert snapshot["activity"] == []
