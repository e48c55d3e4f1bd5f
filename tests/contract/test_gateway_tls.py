# SPDX-License-Identifier: Apache-2.0
"""TLS at both ends of `firesteel gateway`: to the server behind it, and on the port in front."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest

from certificates import Authority, openssl
from daemon import BINARY
from grpc_peer import SERVICE, Client, Peer
from test_gateway_alone import GREETING, Gateway


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def own(authority):
    return authority.certify()


def server(files) -> Peer:
    certificate, key = files
    return Peer(grpc.ssl_server_credentials([(key.read_bytes(), certificate.read_bytes())]))


@pytest.fixture
def peer(own):
    made = server(own)
    yield made
    made.stop()


@pytest.fixture
def gateway(peer, own, authority, tmp_path):
    """TLS at both ends."""
    made = Gateway(
        f"sc://127.0.0.1:{peer.port}/;use_ssl=true",
        tmp_path,
        *("--upstream-ca", authority.file, "--tls-cert", own[0], "--tls-key", own[1]),
    )
    yield made
    made.stop()


@pytest.fixture
def client(gateway, authority):
    made = Client(gateway.tcp, gateway.token, authority.roots)
    yield made
    made.close()


def refused(target: str, token: str | None = None, **keywords) -> grpc.RpcError:
    client = Client(target, token, **keywords)
    with pytest.raises(grpc.RpcError) as error:
        client.echo(b"x")
    client.close()
    return error.value


def gateway_that_wont_start(*arguments, upstream: str = "sc://127.0.0.1:1") -> str:
    command = [BINARY, "gateway", "--upstream", upstream, "--listen", "127.0.0.1:0", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode != 0
    assert done.stdout == ""
    return done.stderr


# What goes through


@pytest.mark.parametrize("size", [0, 1, 600, 16384, 16385, 5_000_000, 64 * 1024 * 1024])
def test_a_message_comes_back_as_it_was(client, size):
    message = os.urandom(size)
    assert client.echo(message) == message


def test_the_url_is_for_tls_and_the_server_sees_its_own_secret_and_the_name_it_is_called_by(gateway, client, peer):
    assert gateway.url.startswith(f"sc://127.0.0.1:{gateway.port}/;use_ssl=true;token=")
    client.echo(b"x")
    assert peer.metadata[-1]["authorization"] == "Bearer the-servers-own-secret"
    by_socket = Client(gateway.local)
    by_socket.echo(b"x")
    by_socket.close()
    assert peer.authorities == [f"127.0.0.1:{peer.port}"] * 2


def test_long_streams_go_both_ways_and_many_calls_at_once(client):
    numbers = [int.from_bytes(message[:8], "big") for message in client.count(200, 1_000_000)]
    assert numbers == list(range(200))
    collect = client.channel.stream_unary(f"/{SERVICE}/Collect")
    assert collect((bytes(1_000_000) for _ in range(150)), metadata=client.metadata, timeout=60) == b"150000000"
    calls = [client.unary("Echo").future(str(i).encode(), metadata=client.metadata, timeout=60) for i in range(300)]
    assert [int(call.result()) for call in calls] == list(range(300))


def test_the_unix_socket_needs_no_tls(gateway):
    client = Client(gateway.local)
    assert client.echo(b"x") == b"x"
    client.close()


def test_a_reader_who_stalls_costs_little_memory_and_holds_nobody_up(gateway, client, peer):
    assert client.echo(b"warm") == b"warm"
    before = gateway.rss()
    stalled = client.count(1000, 1_000_000, timeout=120)
    next(stalled)
    sent = -1
    while sent != peer.sent:  # until the server may not send any more
        sent = peer.sent
        time.sleep(0.5)
    assert peer.sent < 100
    assert gateway.rss() - before < 16 * 1024 * 1024
    assert client.echo(b"same channel") == b"same channel"
    assert sum(1 for _ in stalled) == 999


# Whom the gateway trusts


def upstream_refusal(tmp_path, url: str, *arguments) -> str:
    """What a client is told of a server that the gateway doesn't want: at once, and so that it isn't tried again."""
    gateway = Gateway(url, tmp_path, *arguments)
    began = time.monotonic()
    error = refused(gateway.local)
    assert time.monotonic() - began < 5
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION, error
    assert dict(error.trailing_metadata())["x-firesteel-error"] in ("server_untrusted", "tls_failed")
    gateway.stop()
    return error.details()


def test_a_server_of_an_unknown_authority_is_refused(peer, tmp_path):
    url = f"sc://127.0.0.1:{peer.port}/;use_ssl=true"
    said = upstream_refusal(tmp_path, url)
    assert f"127.0.0.1:{peer.port}" in said
    assert "Authority ca" in said
    assert "--upstream-ca" in said
    other = Authority(tmp_path, "other")
    assert "Authority ca" in upstream_refusal(tmp_path, url, "--upstream-ca", other.file)
    assert not peer.metadata


def test_a_server_under_another_name_is_refused(authority, tmp_path):
    peer = server(authority.certify("elsewhere", "DNS:spark.example.org,IP:192.0.2.1"))
    said = upstream_refusal(tmp_path, f"sc://localhost:{peer.port}/;use_ssl=true", "--upstream-ca", authority.file)
    assert "'localhost'" in said
    assert "spark.example.org, 192.0.2.1" in said
    said = upstream_refusal(tmp_path, f"sc://127.0.0.1:{peer.port}/;use_ssl=true", "--upstream-ca", authority.file)
    assert "'127.0.0.1'" in said
    assert not peer.metadata
    peer.stop()


def test_a_server_whose_certificate_has_expired_is_refused(authority, tmp_path):
    peer = server(authority.certify("old", days=-1))
    said = upstream_refusal(tmp_path, f"sc://127.0.0.1:{peer.port}/;use_ssl=true", "--upstream-ca", authority.file)
    assert "expired on 20" in said
    assert "renew" in said
    peer.stop()


def test_a_server_is_known_by_its_name_too_and_by_the_systems_authorities(peer, authority, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    gateway = Gateway(f"sc://localhost:{peer.port}/;use_ssl=true", tmp_path)
    client = Client(gateway.local)
    assert client.echo(b"x") == b"x"
    client.close()
    gateway.stop()


def test_a_server_that_speaks_no_tls_is_said_to(tmp_path):
    peer = Peer()
    said = upstream_refusal(tmp_path, f"sc://127.0.0.1:{peer.port}/;use_ssl=true")
    assert "doesn't speak TLS" in said
    assert "use_ssl" in said
    peer.stop()


def test_a_server_that_wants_tls_and_gets_none_is_unavailable_at_once(peer, tmp_path):
    gateway = Gateway(peer.port, tmp_path)
    began = time.monotonic()
    assert refused(gateway.local).code() is grpc.StatusCode.UNAVAILABLE
    assert time.monotonic() - began < 5
    gateway.stop()


def tls_listener(files, protocols):
    """A socket and the context of a server that isn't gRPC's."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    if protocols:
        context.set_alpn_protocols(protocols)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    return listener, context


@pytest.mark.parametrize("protocols", [[], ["http/1.1"]])
def test_a_server_without_http2_is_refused(own, authority, tmp_path, protocols):
    listener, context = tls_listener(own, protocols)
    gateway = Gateway(
        f"sc://127.0.0.1:{listener.getsockname()[1]}/;use_ssl=true", tmp_path, "--upstream-ca", authority.file
    )
    client = Client(gateway.local)
    call = client.unary("Echo").future(b"x", timeout=10)
    accepted, _ = listener.accept()
    accepted.settimeout(10)
    try:
        with context.wrap_socket(accepted, server_side=True) as stream:
            stream.recv(1)
    except OSError:
        pass  # the gateway has gone, as it should
    assert call.exception().code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "HTTP/2" in call.exception().details()
    client.close()
    gateway.stop()
    listener.close()


def test_a_server_that_asks_for_a_clients_certificate_is_refused(own, authority, tmp_path):
    certificate, key = own
    pairs = [(key.read_bytes(), certificate.read_bytes())]
    peer = Peer(grpc.ssl_server_credentials(pairs, authority.roots, require_client_auth=True))
    said = upstream_refusal(tmp_path, f"sc://127.0.0.1:{peer.port}/;use_ssl=true", "--upstream-ca", authority.file)
    assert "certificate" in said
    assert not peer.metadata
    peer.stop()


def test_a_server_that_says_nothing_is_given_up_after_ten_seconds(tmp_path):
    listener = socket.create_server(("127.0.0.1", 0))
    gateway = Gateway(f"sc://127.0.0.1:{listener.getsockname()[1]}/;use_ssl=true", tmp_path)
    began = time.monotonic()
    error = refused(gateway.local)
    assert 9 < time.monotonic() - began < 15
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert "didn't finish the TLS handshake in time" in error.details()
    gateway.stop()
    listener.close()


def test_a_file_of_authorities_that_cant_be_used_is_named(tmp_path):
    missing, empty = tmp_path / "missing.pem", tmp_path / "empty.pem"
    empty.write_text("nothing\n")
    for file in (missing, empty):
        said = gateway_that_wont_start("--upstream-ca", file, upstream="sc://127.0.0.1:1/;use_ssl=true")
        assert str(file) in said
    assert "use_ssl=true" in gateway_that_wont_start("--upstream-ca", empty)


# Whom the port is for


def test_a_client_that_trusts_another_authority_or_expects_another_name_doesnt_come_in(
    gateway, client, authority, tmp_path, peer
):
    other = Authority(tmp_path, "other")
    assert refused(gateway.tcp, gateway.token, roots=other.roots).code() is grpc.StatusCode.UNAVAILABLE
    assert not peer.metadata
    assert client.echo(b"x") == b"x"


def test_without_the_token_nothing_reaches_the_server(gateway, authority, peer):
    error = refused(gateway.tcp, "wrong", roots=authority.roots)
    assert error.code() is grpc.StatusCode.UNAUTHENTICATED
    assert not peer.metadata


def test_a_client_in_clear_text_is_told_what_to_do(gateway, peer):
    began = time.monotonic()
    error = refused(gateway.tcp, gateway.token)
    assert time.monotonic() - began < 5
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "use_ssl=true" in error.details()
    assert dict(error.trailing_metadata())["x-firesteel-error"] == "needs_tls"
    assert not peer.metadata


def test_a_client_by_tls_where_there_is_none_fails_at_once(peer, authority, tmp_path):
    gateway = Gateway(peer.port, tmp_path)
    began = time.monotonic()
    error = refused(gateway.tcp, gateway.token, roots=authority.roots)
    assert time.monotonic() - began < 5
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    gateway.stop()


def until_closed(stream) -> None:
    stream.settimeout(25)
    try:
        while stream.recv(4096):
            pass
    except ConnectionResetError:
        pass


@pytest.mark.parametrize("garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + b"\xff" * 4000, b"\x80" * 500])
def test_garbage_ends_its_own_socket_alone(gateway, client, garbage):
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as sender:
        sender.sendall(garbage)
        until_closed(sender)
    assert client.echo(b"alive") == b"alive"


@pytest.mark.parametrize("beginning", [b"", b"\x16\x03\x01\x02"])
def test_who_says_nothing_is_shown_the_door(gateway, client, beginning):
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as silent:
        silent.sendall(beginning)
        until_closed(silent)
    assert 8 < time.monotonic() - began < 15
    assert client.echo(b"alive") == b"alive"


def by_tls(gateway, authority, protocols, newest=ssl.TLSVersion.TLSv1_3) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=authority.file)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = newest
    if protocols:
        context.set_alpn_protocols(protocols)
    return context.wrap_socket(
        socket.create_connection(("127.0.0.1", gateway.port), timeout=5), server_hostname="127.0.0.1"
    )


@pytest.mark.parametrize("protocols", [[], ["http/1.1"]])
def test_a_client_without_http2_is_shown_the_door(gateway, client, authority, protocols):
    try:
        with by_tls(gateway, authority, protocols) as stream:
            until_closed(stream)
    except ssl.SSLError as error:
        assert "alert" in str(error).lower()
    assert client.echo(b"alive") == b"alive"


@pytest.mark.filterwarnings("ignore:.*TLSv1_1:DeprecationWarning")
def test_versions_before_1_2_are_refused_and_1_2_is_taken(gateway, authority):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        by_tls(gateway, authority, ["h2"], ssl.TLSVersion.TLSv1_1)
    with by_tls(gateway, authority, ["h2"], ssl.TLSVersion.TLSv1_2) as stream:
        assert stream.version() == "TLSv1.2"
        stream.sendall(GREETING)
        assert stream.recv(9)[3] == 4  # its settings


def test_who_says_nothing_after_the_handshake_is_shown_the_door(gateway, authority):
    began = time.monotonic()
    with by_tls(gateway, authority, ["h2"]) as stream:
        until_closed(stream)
    assert 8 < time.monotonic() - began < 15


def test_many_short_lives_leave_nothing_behind(gateway, authority):
    def life() -> None:
        one = Client(gateway.tcp, gateway.token, authority.roots)
        assert one.echo(b"x") == b"x"
        one.close()
        socket.create_connection(("127.0.0.1", gateway.port), timeout=5).close()

    for _ in range(20):
        life()
    first = gateway.descriptors(), gateway.rss()
    for _ in range(60):
        life()
    deadline = time.monotonic() + 10
    while gateway.descriptors() > first[0] and time.monotonic() < deadline:
        time.sleep(0.1)
    assert gateway.descriptors() <= first[0]
    assert gateway.rss() < first[1] + 8 * 1024 * 1024


# Its certificate and key


def test_a_key_that_others_can_read_is_refused(own, tmp_path):
    key = tmp_path / "open.key"
    shutil.copy(own[1], key)
    for mode in (0o640, 0o604):
        key.chmod(mode)
        said = gateway_that_wont_start("--tls-cert", own[0], "--tls-key", key)
        assert f"chmod 600 {key}" in said
        assert f"{mode:04o}" in said


def test_files_that_cant_be_used_are_named_with_what_to_do(own, authority, tmp_path):
    other_key = authority.certify("other")[1]
    old = authority.certify("expired", days=-1)
    locked = tmp_path / "locked.key"
    openssl("pkey", "-in", own[1], "-aes256", "-passout", "pass:geheim", "-out", locked)
    locked.chmod(0o600)
    missing = tmp_path / "missing.pem"
    for certificate, key, expected in [
        (own[0], other_key, "doesn't belong"),
        (*old, "expired on"),
        (own[0], locked, "passphrase"),
        (missing, own[1], str(missing)),
        (own[0], missing, str(missing)),
        (own[1], own[1], "no certificate"),
        (own[0], own[1].parent, str(own[1].parent)),
    ]:
        said = gateway_that_wont_start("--tls-cert", certificate, "--tls-key", key)
        assert expected in said, said
    assert "--tls-key" in gateway_that_wont_start("--tls-cert", own[0])
    assert "--tls-cert" in gateway_that_wont_start("--tls-key", own[1])


def shown(gateway, authority) -> bytes:
    with by_tls(gateway, authority, ["h2"]) as stream:
        return stream.getpeercert(True)


def test_a_certificate_that_changes_is_shown_to_the_next_client(gateway, client, authority, own):
    assert client.echo(b"before") == b"before"
    first = shown(gateway, authority)
    kept = [file.read_bytes() for file in own]
    renewed = authority.certify("renewed")
    for file, new in zip(own, renewed, strict=True):
        file.write_bytes(new.read_bytes())
    deadline = time.monotonic() + 10
    while shown(gateway, authority) == first and time.monotonic() < deadline:
        time.sleep(0.2)
    assert shown(gateway, authority) == ssl.PEM_cert_to_DER_cert(renewed[0].read_text())
    assert client.echo(b"the same channel") == b"the same channel"
    own[0].write_text("broken")
    time.sleep(1.2)  # it looks at the files once a second
    assert shown(gateway, authority) == ssl.PEM_cert_to_DER_cert(renewed[0].read_text())
    for file, before in zip(own, kept, strict=True):
        file.write_bytes(before)


# Real Spark


@pytest.mark.spark
def test_pyspark_computes_by_tls(with_spark, own, authority, tmp_path):
    """PySpark takes the printed URL as it is; the gateway stands in front of the daemon's own endpoint."""
    endpoint = with_spark.cli("endpoint", "--url", "--name", "shared").out.strip()
    port, token = re.fullmatch(r"sc://127\.0\.0\.1:(\d+)/;authorization=Bearer%20([^;]+);.*", endpoint).groups()
    gateway = Gateway(int(port), tmp_path, "--tls-cert", own[0], "--tls-key", own[1], secret=token)
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("kernel_side.py"), "plain_pyspark", json.dumps({"url": gateway.url})],
        env=with_spark.environment | {"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(authority.file)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == '{"count": 11}', done.stderr[-3000:]
    gateway.stop()
