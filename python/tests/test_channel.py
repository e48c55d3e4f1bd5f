# SPDX-License-Identifier: Apache-2.0
"""What a channel sends and what it hides."""

from __future__ import annotations

import copy
import getpass
import os
from pathlib import Path

import pytest
from firesteel._channel import MAX_METADATA_BYTES, FiresteelChannelBuilder, _ascii, latest_rpc
from firesteel._daemon import Channel
from google.protobuf.message_factory import GetMessageClass
from pyspark.sql.connect.proto import base_pb2_grpc
from recorder import SERVICE, Recorder


def call_everything(builder: FiresteelChannelBuilder) -> None:
    with builder.toChannel() as channel:
        stub = base_pb2_grpc.SparkConnectServiceStub(channel)
        for method in SERVICE.methods:
            request = GetMessageClass(method.input_type)(session_id="s")
            call = getattr(stub, method.name)
            reply = call(iter([request]) if method.client_streaming else request, timeout=10)
            if method.server_streaming:
                list(reply)
            assert latest_rpc() == method.name


def channel(target: str) -> Channel:
    return Channel("analysis", "server-1", target)


def test_every_rpc_says_where_it_goes_and_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/Über uns.ipynb")
    with Recorder() as recorder:
        call_everything(FiresteelChannelBuilder(channel(recorder.target)))
    assert [name for name, _ in recorder.calls] == [method.name for method in SERVICE.methods]
    assert len({(m.client_streaming, m.server_streaming) for m in SERVICE.methods}) == 3
    for name, metadata in recorder.calls:
        assert metadata["x-firesteel-connection"] == "analysis", name
        assert metadata["x-firesteel-server"] == "server-1", name
        assert metadata["x-firesteel-notebook"] == "/home/me/%C3%9Cber%20uns.ipynb", name
        assert "x-firesteel-cell" not in metadata, name


def test_a_unix_socket_is_the_login(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setenv("SPARK_CONNECT_AUTHENTICATE_TOKEN", "of another server")
    with Recorder(f"unix:{directory}/gateway.sock") as recorder:
        call_everything(FiresteelChannelBuilder(channel(recorder.target)))
    for name, metadata in recorder.calls:
        assert "authorization" not in metadata, name
        assert "x-firesteel-notebook" not in metadata, name


def test_a_copy_of_the_builder_works() -> None:
    with Recorder() as recorder:
        call_everything(copy.deepcopy(FiresteelChannelBuilder(channel(recorder.target))))
    assert {metadata["x-firesteel-server"] for _, metadata in recorder.calls} == {"server-1"}


def test_a_dead_http_proxy_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("http_proxy", "HTTP_PROXY", "https_proxy", "grpc_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with Recorder() as recorder:
        call_everything(FiresteelChannelBuilder(channel(recorder.target)))
    assert len(recorder.calls) == len(SERVICE.methods)


def test_the_user_is_the_system_s(monkeypatch: pytest.MonkeyPatch) -> None:
    user = getpass.getuser() if os.environ.get("LOGNAME") is None else None
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    builder = FiresteelChannelBuilder(channel("unix:/gateway.sock"))
    assert builder.host == "unix:/gateway.sock"
    assert builder.userId not in (None, "somebody-else")
    assert user is None or builder.userId == user


@pytest.mark.parametrize("text", ["plain.ipynb", "a\nb\r\x00", "🔥" * 5, "\udc80", 'q"uo;te', "x" * 5000, "é" * 5000])
def test_metadata_is_ascii_and_bounded(text: str) -> None:
    encoded = _ascii(text)
    assert encoded.isascii() and encoded.isprintable() and " " not in encoded
    assert len(encoded) <= MAX_METADATA_BYTES
    assert not encoded.endswith("%") and encoded[-2:-1] != "%"
