# SPDX-License-Identifier: Apache-2.0
"""Logs through the API: windows, live follow, search, download, suggestions, masking, the limit on disk."""

import gzip
import itertools
import json
import re
import sys
import threading
import time
from pathlib import Path

import pytest

import contract
import processes
from conftest import NO_JAVA

STAMP = "26/11/22 08:30:36"
LINES = "/api/v1/connections/{name}/log/lines"
SEARCH = "/api/v1/connections/{name}/log/search"
TEXT = "/api/v1/connections/{name}/log/text"
_names = itertools.count()


class Log:
    """The log of a connection whose start failed: nobody else writes there."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.name = f"log{next(_names)}"
        daemon.create(self.name)
        self.id = daemon.connection(self.name, settle_ms=20_000)["id"]
        self.path = Path(daemon.paths["state_dir"]) / "logs" / f"{self.id}.log"
        self.path.unlink(missing_ok=True)

    def write(self, text: str | bytes) -> None:
        with self.path.open("ab") as file:
            file.write(text.encode() if isinstance(text, str) else text)

    def get(self, path: str, **params):
        with self.daemon.http() as http:
            return http.get(path.format(name=self.name), params=params)

    def lines(self, **params) -> dict:
        reply = self.get(LINES, **params)
        assert reply.status_code == 200, reply.text
        return contract.check_reply(reply, LINES, "get")

    def search(self, **params) -> tuple[list[dict], int]:
        """All hits, and how many lines were found, over all steps."""
        hits, found, cursor = [], 0, {}
        for _ in range(10_000):
            reply = self.get(SEARCH, **params, **cursor)
            assert reply.status_code == 200, reply.text
            step = contract.check_reply(reply, SEARCH, "get")
            assert len(step["hits"]) <= params.get("limit", 200)
            hits += step["hits"]
            found += step["found"]
            if "next" not in step:
                return hits, found
            cursor = {"cursor": step["next"]}
        raise AssertionError("the search doesn't end")


@pytest.fixture
def log(no_java):
    made = Log(no_java)
    yield made
    with no_java.http() as http:
        http.delete(f"/api/v1/connections/{made.name}")


def numbered(count: int, start: int = 0) -> str:
    return "".join(
        f"{STAMP} {'ERROR' if i % 100 == 99 else 'INFO'} Foo: line {i}\n" for i in range(start, start + count)
    )


def texts(reply: dict) -> list[str]:
    return [line["text"] for line in reply["lines"]]


def test_a_log_that_is_not_there_is_empty(log):
    window = log.lines()
    assert (window["lines"], window["bytes"], window["end_line"]) == ([], 0, 0)
    assert log.search(q="x") == ([], 0)
    assert log.get(TEXT).text == ""


def test_a_failed_start_says_so_in_its_log(no_java):
    no_java.create("nojava")
    no_java.connection("nojava", settle_ms=20_000)
    with no_java.http() as http:
        window = http.get(LINES.format(name="nojava")).json()
        http.delete("/api/v1/connections/nojava")
    (line,) = window["lines"]
    assert line["source"] == "launch"
    assert line["text"].startswith("[firesteel] The start failed: ")


def test_windows_by_number_and_the_last_ones(log):
    log.write(numbered(1000) + "unfinished")
    window = log.lines(limit=3)
    assert [(line["number"], line.get("unfinished", False)) for line in window["lines"]] == [
        (998, False),
        (999, False),
        (1000, True),
    ]
    assert window["counts"] == {"none": 0, "trace": 0, "debug": 0, "info": 990, "warn": 0, "error": 10, "fatal": 0}
    assert window["first_error"] == 99
    assert (window["first_line"], window["end_line"]) == (0, 1000)
    assert window["bytes"] == log.path.stat().st_size
    assert window["indexed_bytes"] == window["bytes"] - len("unfinished")
    assert texts(log.lines(first=500, limit=2)) == [f"{STAMP} INFO Foo: line 500", f"{STAMP} INFO Foo: line 501"]
    assert log.lines(first=5000)["lines"] == []


def test_levels_sources_and_odd_lines(log):
    log.write("[firesteel] Spark 4\n[pre_script] WARN: old ticket\nx\rshown\n")
    log.write(b"\xff\xfe bytes\n" + b"y" * 40_000 + b"\n")
    lines = log.lines()["lines"]
    assert [(line["source"], line["level"]) for line in lines[:3]] == [
        ("launch", "none"),
        ("pre_script", "warn"),
        ("server", "none"),
    ]
    assert lines[2]["text"] == "shown"
    assert lines[3]["text"] == "\ufffd\ufffd bytes"
    assert (len(lines[4]["text"]), lines[4]["cut"]) == (16 * 1024, 40_000 - 16 * 1024)


def test_the_last_lines_come_though_they_are_long(log):
    log.write("".join(f"{i}" + "z" * 15_000 + "\n" for i in range(300)))
    window = log.lines(limit=200)
    assert window["lines"][-1]["number"] == 299
    assert 50 <= len(window["lines"]) <= 70


def test_who_waits_gets_the_next_line_at_once(log):
    log.write("one\n")
    seen = log.lines()["bytes"]
    began = time.monotonic()
    assert log.lines(seen=seen, wait_ms=300)["bytes"] == seen
    assert time.monotonic() - began >= 0.3
    replies = []
    waiting = threading.Thread(target=lambda: replies.append(log.lines(seen=seen, wait_ms=60_000)))
    waiting.start()
    log.write("two\n")
    waiting.join(20)
    assert [texts(reply) for reply in replies] == [["one", "two"]]


def test_another_log_is_another_generation(log):
    log.write(numbered(10))
    before = log.lines()["generation"]
    assert log.lines()["generation"] == before
    log.path.unlink()
    log.write("new\n")
    window = log.lines()
    assert window["generation"] != before
    assert texts(window) == ["new"]


def test_no_generation_comes_back_with_the_next_daemon(new_daemon):
    daemon = new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA)
    log = Log(daemon)
    log.write(numbered(10))
    first = log.lines()["generation"]
    step = log.get(SEARCH, q="line", limit=2).json()
    daemon.kill()
    daemon.start()
    assert log.lines()["generation"] != first
    again = log.get(SEARCH, q="line", limit=2, cursor=step["next"])
    assert contract.check_reply(again, SEARCH, "get")["begun_anew"]


@pytest.mark.parametrize("limit", [200, 7])
@pytest.mark.parametrize("backwards", ["false", "true"])
def test_search_finds_what_python_finds(log, backwards, limit):
    content = numbered(3000) + "last line 7"
    log.write(content)
    for query, params in [
        ("line 7", {}),
        ("LINE 29", {"ignore_case": "true"}),
        (r"line [0-9]*7$", {"regex": "true"}),
        (r"^[^ ]+ .*(ERROR|9{3})", {"regex": "true"}),
    ]:
        pattern = query if params.get("regex") else re.escape(query)
        regex = re.compile(pattern, re.IGNORECASE if params.get("ignore_case") else 0)
        wanted = [i for i, line in enumerate(content.splitlines()) if regex.search(line)]
        hits, found = log.search(q=query, backwards=backwards, limit=limit, **params)
        assert [hit["number"] for hit in hits] == (wanted[::-1] if backwards == "true" else wanted), query
        assert found == len(wanted)


def test_search_by_level_and_where_it_matches(log):
    log.write(
        f"{STAMP} INFO Foo: 🔥 Feuer\n{STAMP} ERROR Foo: Größe\njava.lang.Foo: 🔥🔥 Feuer Feuer\n{STAMP} INFO x\n"
    )
    hits, found = log.search(levels="error,fatal")
    assert ([hit["number"] for hit in hits], found) == ([1, 2], 2)
    hits, _ = log.search(q="Feuer", levels="error")
    (hit,) = hits
    units = hit["text"].encode("utf-16-le")
    assert [units[2 * a : 2 * b].decode("utf-16-le") for a, b in hit["spans"]] == ["Feuer", "Feuer"]


def test_a_search_shows_ten_thousand_and_counts_the_rest(log):
    log.write("a\n" * 12_000)
    hits, found = log.search(q="a", limit=1000)
    assert (len(hits), found) == (10_000, 12_000)


@pytest.mark.parametrize(
    "query",
    [
        {"q": "(", "regex": "true"},
        {"q": "(?=x)", "regex": "true"},
        {"q": "x" * 1001},
        {"q": "a\nb"},
        {"regex": "yes"},
        {"levels": ""},
        {"levels": "error,,warn"},
        {"levels": "ERROR"},
        {"limit": "0"},
        {"limit": "1001"},
        {"cursor": ""},
        {"cursor": "x"},
        {"what": "1"},
    ],
)
def test_bad_searches(log, query):
    log.write("one\n")
    reply = log.get(SEARCH, **query)
    contract.check(reply.json(), "ErrorReply")
    assert reply.status_code == 400
    if query.get("q"):
        assert reply.json()["error"]["field"] == "q"


@pytest.mark.parametrize(
    "query", [{"wait_ms": 1}, {"limit": 0}, {"limit": 5001}, {"first": -1}, {"seen": "x"}, {"a": 1}]
)
def test_bad_windows(log, query):
    reply = log.get(LINES, **query)
    contract.check(reply.json(), "ErrorReply")
    assert reply.status_code == 400


def test_a_made_up_cursor_shows_no_half_of_a_line(log):
    log.write("first\npassword=abcdef\nlast\n")
    step = log.get(SEARCH, limit=1).json()
    generation, *numbers = step["next"].split("~")
    shown = []
    for at in range(27):
        cursor = "~".join([generation, numbers[0], str(at), *numbers[2:]])
        reply = log.get(SEARCH, cursor=cursor)
        assert reply.status_code in (200, 400)
        shown += [hit["text"] for hit in reply.json().get("hits", [])]
    assert shown and not any("abc" in text or "def" in text for text in shown)


def test_secrets_leave_by_no_door(log):
    with log.daemon.http() as http:
        options = {"spark.hadoop.fs.s3a.secret.key": "Hush/Hush+1"}
        http.post(f"/api/v1/connections/{log.name}/start", json={"options": options})
    log.daemon.connection(log.name, settle_ms=20_000)
    log.path.unlink(missing_ok=True)
    log.write("my.password=Swordfish1\nsent Hush/Hush+1 there\nNo space left on device token: Swordfish1\n")
    replies = [log.get(LINES), log.get(SEARCH), log.get(TEXT), log.get("/api/v1/connections/{name}/log")]
    replies += [log.get(SEARCH, q="Swordfish1"), log.get(SEARCH, q="S[a-z]*1", regex="true"), log.get(SEARCH, q="Hush")]
    assert all(reply.status_code == 200 for reply in replies)
    assert [reply.json()["hits"] for reply in replies[4:]] == [[], [], []]
    suggestion = suggestions(log, 1)[0]
    said = [reply.text for reply in replies] + [json.dumps(suggestion)]
    assert not any("Swordfish" in text or "Hush/" in text for text in said)
    assert suggestion["line"] == "No space left on device token: *****"


def test_a_failure_tells_no_secret_either(new_daemon, tmp_path):
    """What the catalogue and an option's name say to be secret, and what a line itself does."""
    words = "java.io.IOException: refused password=Swordfish1 and Hush/Hush+1 and Quiet/Quiet+2"
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{words}'\nexit 1\n")
    java.chmod(0o755)
    opts = {"spark.hadoop.fs.s3a.secret.key": "Quiet/Quiet+2"}
    catalog = tmp_path / "catalog.json"
    catalog.write_text(json.dumps({"clusters": {"here": {"display_name": "Here", "opts": opts}}}))
    daemon = new_daemon(FIRESTEEL_CATALOG=str(catalog))
    environment = {"python": sys.executable, "java_home": str(tmp_path)}
    daemon.create("x", options={"spark.my.token": "Hush/Hush+1"}, environment=environment)
    failure = daemon.connection("x", settle_ms=60_000)["failure"]
    said = json.dumps(failure)
    assert "refused password=***** and ***** and *****" in said
    assert not any(secret in said for secret in ("Swordfish", "Hush/", "Quiet/"))
    assert not any("Quiet/" in line for line in log_lines(daemon, "x"))


def log_lines(daemon, name: str) -> list[str]:
    with daemon.http() as http:
        return http.get(f"/api/v1/connections/{name}/log").json()["lines"]


def suggestions(log: Log, count: int) -> list[dict]:
    """Of the connection, when there are so many."""
    with log.daemon.events() as events:
        event, _ = events.until(
            lambda e: any(
                c["name"] == log.name and len(c["suggestions"]) == count
                for c in ([e["connection"]] if e["type"] == "connection" else e.get("connections", []))
            )
        )
    found = [event["connection"]] if event["type"] == "connection" else event["connections"]
    told = next(c for c in found if c["name"] == log.name)["suggestions"]
    for each in told:
        contract.check(each, "Suggestion")
    return told


def test_suggestions_come_with_the_line_they_are_from(log):
    log.write(f"fine\n{STAMP} WARN x: 'SparkUI' is slow\njava.net.BindException: survived\n")
    log.write(f"{STAMP} ERROR Foo: java.lang.ClassNotFoundException: org.postgresql.Driver\n")
    log.write("Caused by: GSSException: No valid credentials provided (Failed to find any Kerberos tgt)\n" * 2)
    log.lines()
    classes, kerberos = suggestions(log, 2)
    assert (classes["type"], classes["line_number"], classes["count"]) == ("error", 3, 1)
    assert "org.postgresql.Driver" in classes["message"]
    assert (kerberos["line_number"], kerberos["count"]) == (4, 2)
    assert "`kinit`" in kerberos["message"]


@pytest.mark.parametrize("accept", ["gzip", "identity"])
def test_the_whole_log_as_a_text(log, accept):
    content = numbered(30_000) + "🔥 end without a line end"
    log.write(content)
    with log.daemon.http() as http:
        path = TEXT.format(name=log.name)
        with http.stream("GET", path, headers={"Accept-Encoding": accept}) as reply:
            raw = b"".join(reply.iter_raw())
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["content-disposition"] == f'attachment; filename="{log.name}.log"'
    assert reply.headers.get("content-encoding", "identity") == accept
    if accept == "gzip":
        assert len(raw) < len(content) / 5
        raw = gzip.decompress(raw)
    assert raw.decode() == content


def test_a_log_keeps_within_its_limit_and_says_what_went(new_daemon):
    log = Log(new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA, FIRESTEEL_LOG_LIMIT_MIB="1"))
    log.write(numbered(60_000))
    size = log.path.stat().st_size
    log.lines()
    window = log.lines(seen=size, wait_ms=1000)
    deadline = time.monotonic() + 20
    while log.path.stat().st_blocks * 512 > 1024 * 1024 and time.monotonic() < deadline:
        window = log.lines(seen=size, wait_ms=200)
    assert window["bytes"] == size and window["end_line"] == 60_000
    assert window["dropped"]["lines"] == window["first_line"] > 0
    assert log.path.stat().st_blocks * 512 <= 1024 * 1024
    assert texts(log.lines(first=0, limit=1)) == [
        f"{STAMP} INFO Foo: line {window['first_line']}".replace(
            "INFO", "ERROR" if window["first_line"] % 100 == 99 else "INFO"
        )
    ]
    text = log.get(TEXT).text.splitlines()
    assert text[0] == f"[firesteel] {window['first_line']} lines before this one are not kept any more."
    assert text[-1] == f"{STAMP} ERROR Foo: line 59999"
    old = log.get("/api/v1/connections/{name}/log", after=0, limit=1).json()
    assert "\0" not in old["lines"][0]


def known_in_whole(log) -> dict:
    deadline = time.monotonic() + 20
    while (window := log.lines(limit=3))["indexed_bytes"] < window["bytes"]:
        assert time.monotonic() < deadline
    return window


@pytest.mark.parametrize("torn", [False, True])
def test_the_next_daemon_knows_a_large_log_at_once(new_daemon, torn):
    daemon = new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA)
    log = Log(daemon)
    log.write(numbered(200_000))
    before = known_in_whole(log)
    index = log.path.with_name(log.path.name + ".index")
    processes.wait_for(index.exists, 20, "the index is kept")
    assert index.stat().st_mode & 0o777 == 0o600
    daemon.kill()
    # Who goes through the log anew sees what is different now; who knows it doesn't look there.
    with log.path.open("r+b") as file:
        file.write(numbered(1).replace("INFO", "WARN").encode())
    log.write(numbered(10, 200_000))
    if torn:
        index.write_bytes(index.read_bytes()[:-100])
    daemon.start()
    after = known_in_whole(log)
    assert after["generation"] != before["generation"]
    assert after["end_line"] == 200_010
    assert after["counts"]["info"] == before["counts"]["info"] + 10 - torn
    assert after["counts"]["warn"] == torn
    assert (after["first_error"], after["first_line"]) == (before["first_error"], before["first_line"])
    assert [line["number"] for line in after["lines"]] == [200_007, 200_008, 200_009]
    assert texts(log.lines(first=150_000, limit=1)) == [f"{STAMP} INFO Foo: line 150000"]
    assert daemon.cli("remove", log.name).code == 0
    assert not list(log.path.parent.glob(f"{log.path.name}*"))


def test_a_wrong_limit_is_said(new_daemon):
    daemon = new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA, FIRESTEEL_LOG_LIMIT_MIB="much")
    said = [text for path, text in daemon.log_files().items() if path.name == "daemon.log"]
    assert any(b"FIRESTEEL_LOG_LIMIT_MIB must be a whole number" in text for text in said)


@pytest.mark.spark
def test_a_servers_log_begins_with_what_was_started(with_spark):
    with with_spark.http() as http:
        window = contract.check_reply(http.get(LINES.format(name="shared"), params={"first": 0}), LINES, "get")
        found = http.get(SEARCH.format(name="shared"), params={"q": "Spark"}).json()
    launch = [line["text"] for line in window["lines"] if line["source"] == "launch"]
    assert launch == texts(window)[: len(launch)]
    for what in ("starts 'shared' on ", "Python 3.", "Spark 4.", "Java ", "Spark Connect on 127.0.0.1:"):
        assert any(what in line for line in launch), (what, launch)
    assert {line["source"] for line in window["lines"]} == {"launch", "server"}
    assert found["hits"]
