# SPDX-License-Identifier: Apache-2.0
"""`firesteel gateway` in front of a gRPC server that isn't Spark: what goes in comes out, and nothing else."""

import os
import re
import signal
import socket
import subprocess
import time
from concurrent import futures
from pathlib import Path

import grpc
import pytest

from daemon import BINARY
from grpc_peer import SERVICE, Client, Peer


class Gateway:
    """The process, with its TCP door and its unix socket."""

    def __init__(
        self,
        upstream: int | str,
        directory,
        *arguments: str,
        secret: str = "the-servers-own-secret",
        binary: Path = BINARY,
    ) -> None:
        """`upstream`: a port of this machine, or a URL."""
        self.socket = str(directory / "gw.sock")
        url = upstream if isinstance(upstream, str) else f"sc://127.0.0.1:{upstream}"
        command = [binary, "gateway", "--upstream", url, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(
            [*command, "--socket", self.socket, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            # The sanitizer would keep 256 MiB of freed memory, which hides what is measured here.
            env={
                **os.environ,
                "FIRESTEEL_UPSTREAM_TOKEN": secret,
                "ASAN_OPTIONS": "quarantine_size_mb=4",
            },
        )
        self.url = self.process.stdout.readline().strip()
        self.port = int(re.search(r":(\d+)/", self.url)[1])
        token = re.search(r"(?:Bearer%20|;token=)([^;\s]+)", self.url)
        self.token = token[1] if token else None
        assert self.process.stdout.readline().strip() == f"unix:{self.socket}"

    @property
    def local(self) -> str:
        return f"unix:{self.socket}"

    @property
    def tcp(self) -> str:
        return f"127.0.0.1:{self.port}"

    def rss(self) -> int:
        """Bytes."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0


@pytest.fixture
def peer():
    made = Peer()
    yield made
    made.stop()


@pytest.fixture
def gateway(peer, tmp_path):
    made = Gateway(peer.port, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def client(gateway):
    made = Client(gateway.local)
    yield made
    made.close()


@pytest.mark.parametrize("size", [0, 1, 600, 16384, 5_000_000, 128 * 1024 * 1024])
def test_a_message_comes_back_as_it_was(client, size):
    message = os.urandom(size)
    assert client.echo(message) == message


def test_metadata_and_trailers_pass_in_both_directions(client, peer):
    call = client.unary("Echo").with_call(b"x", metadata=[("x-mine", "m"), ("x-mine-bin", b"\x00\x01")], timeout=10)[1]
    assert peer.metadata[-1]["x-mine"] == "m"
    assert peer.metadata[-1]["x-mine-bin"] == b"\x00\x01"
    assert dict(call.initial_metadata())["x-initial"] == "i"
    assert dict(call.trailing_metadata())["x-trailing"] == "t"
    assert dict(call.trailing_metadata())["x-detail-bin"] == b"\x00\xff\x80"


def test_the_server_sees_its_own_secret_and_nothing_of_the_clients(gateway, peer):
    client = Client(gateway.tcp, gateway.token)
    client.echo(b"x", [("x-firesteel-connection", "main"), ("x-firesteel-cell", "c")])
    client.close()
    seen = peer.metadata[-1]
    assert seen["authorization"] == "Bearer the-servers-own-secret"
    assert not [name for name in seen if name.startswith("x-firesteel")]


@pytest.mark.parametrize("token", [None, "wrong", "the-servers-own-secret"])
def test_without_the_token_nothing_reaches_the_server(gateway, peer, token):
    client = Client(gateway.tcp, token)
    with pytest.raises(grpc.RpcError) as refused:
        client.echo(b"x")
    client.close()
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert "firesteel endpoint" in refused.value.details()
    assert not peer.metadata


def test_an_error_keeps_its_code_message_and_details(client):
    with pytest.raises(grpc.RpcError) as failed:
        client.unary("Fail")(b"", timeout=10)
    assert failed.value.code() is grpc.StatusCode.INTERNAL
    assert failed.value.details() == "kaputt: 100 % ünïcode"
    assert dict(failed.value.trailing_metadata())["grpc-status-details-bin"] == b"\x08\x0d" + b"d" * 6000


def test_an_error_after_messages_comes_after_them(client):
    call = client.stream("BreakOff")(b"", timeout=10)
    assert [next(call), next(call)] == [b"one", b"two"]
    with pytest.raises(grpc.RpcError) as failed:
        next(call)
    assert failed.value.code() is grpc.StatusCode.DATA_LOSS


def test_a_long_stream_arrives_whole_and_in_order(client):
    numbers = [int.from_bytes(message[:8], "big") for message in client.count(200, 1_000_000)]
    assert numbers == list(range(200))


def test_requests_stream_too(client):
    collect = client.channel.stream_unary(f"/{SERVICE}/Collect")
    assert collect((bytes(1_000_000) for _ in range(150)), timeout=60) == b"150000000"
    talk = client.channel.stream_stream(f"/{SERVICE}/Talk")
    assert list(talk(iter([b"abc", b"def"]), timeout=10)) == [b"cba", b"fed"]


def test_an_unknown_method_is_the_servers_to_refuse(client):
    with pytest.raises(grpc.RpcError) as refused:
        client.unary("Nonsense")(b"", timeout=10)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_cancelling_reaches_the_server(client, peer):
    call = client.stream("Forever")(b"", timeout=60)
    assert next(call) == b"first"
    call.cancel()
    assert peer.cancelled.wait(5)


def test_a_client_that_vanishes_is_a_cancelled_call(gateway, peer):
    client = Client(gateway.local)
    assert next(client.stream("Forever")(b"", timeout=60)) == b"first"
    client.close()
    assert peer.cancelled.wait(5)


def test_a_deadline_is_kept(client):
    call = client.stream("Forever")(b"", timeout=0.5)
    with pytest.raises(grpc.RpcError) as late:
        list(call)
    assert late.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def keep_alive_seconds(port: int) -> float | None:
    """When the kernel will ask the host behind an idle connection to that port whether it is there."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, _, remote, state, _, timer, *_ = line.split()
        if int(remote.split(":")[1], 16) == port and state == "01" and timer.startswith("02:"):
            return int(timer[3:], 16) / 100
    return None


def test_a_quiet_call_is_watched_by_the_kernel(client, peer):
    assert next(client.stream("Forever")(b"", timeout=60)) == b"first"
    deadline = time.monotonic() + 10
    while (left := keep_alive_seconds(peer.port)) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left is not None
    assert left <= 20


def test_metadata_that_the_server_takes_passes_and_longer_is_refused_for_this_call_alone(client, peer):
    assert client.echo(b"x", [("x-long", "v" * 9000)]) == b"x"
    assert peer.metadata[-1]["x-long"] == "v" * 9000
    with pytest.raises(grpc.RpcError) as refused:
        client.echo(b"x", [("x-long", "v" * 12_000)])
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert client.echo(b"still there") == b"still there"


def test_a_thousand_calls_run_at_once_on_one_channel(client):
    calls = [client.unary("Echo").future(str(i).encode(), timeout=60) for i in range(1000)]
    assert [int(call.result()) for call in calls] == list(range(1000))


def test_a_server_that_is_away_is_unavailable_and_is_found_when_it_is_back(gateway, client, peer):
    assert client.echo(b"x") == b"x"
    call = client.stream("Forever")(b"", timeout=60)
    assert next(call) == b"first"
    peer.server.stop(None).wait()
    with pytest.raises(grpc.RpcError) as lost:
        next(call)
    assert lost.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
    with pytest.raises(grpc.RpcError) as away:
        client.echo(b"x")
    assert away.value.code() is grpc.StatusCode.UNAVAILABLE


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
    other = Client(gateway.local)
    assert len(list(other.count(50, 1_000_000))) == 50
    other.close()
    assert client.echo(b"same channel") == b"same channel"
    assert sum(1 for _ in stalled) == 999


GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@pytest.mark.parametrize("garbage", [b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 16, GREETING + b"\xff" * 100])
def test_garbage_ends_its_own_socket_alone(gateway, client, garbage):
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as sender:
        sender.sendall(garbage)
        sender.settimeout(15)
        while sender.recv(4096):
            pass
    assert client.echo(b"alive") == b"alive"


def test_who_says_nothing_is_shown_the_door(gateway, client):
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as silent:
        silent.sendall(b"PRI * HTTP")
        silent.settimeout(15)
        while silent.recv(4096):
            pass
    assert client.echo(b"alive") == b"alive"


def test_many_short_lives_leave_nothing_behind(gateway, client, peer):
    def life(number: int) -> bool:
        one = Client(gateway.tcp, gateway.token)
        done = one.echo(str(number).encode()) == str(number).encode()
        one.close()
        return done

    with futures.ThreadPoolExecutor(8) as pool:
        assert all(pool.map(life, range(40)))
        first = gateway.descriptors(), gateway.rss()
        assert all(pool.map(life, range(200)))
    deadline = time.monotonic() + 10
    while gateway.descriptors() > first[0] and time.monotonic() < deadline:
        time.sleep(0.1)
    assert gateway.descriptors() <= first[0]
    assert gateway.rss() < first[1] + 8 * 1024 * 1024


def test_without_a_token_only_by_request(peer, tmp_path):
    gateway = Gateway(peer.port, tmp_path, "--no-token")
    client = Client(gateway.tcp)
    assert client.echo(b"x") == b"x"
    client.close()
    gateway.stop()
