# SPDX-License-Identifier: Apache-2.0
"""`firesteel gateway` after very many calls, and before clients who want to have its memory."""

import sys
import time
from collections import Counter
from pathlib import Path

import grpc
import pytest

from daemon import BINARY
from grpc_peer import SERVICE, Client, Peer
from raw_http2 import DATA, END_HEADERS, END_STREAM, HEADERS, RESET, RawClient, frame, headers
from test_gateway_alone import Gateway

MIB = 1024 * 1024
NO_ERROR, REFUSED_STREAM = 0, 7
# The wheel's, without sanitizers: theirs keep memory that was given back.
RELEASE = Path(sys.executable).with_name("firesteel")


@pytest.fixture
def peer():
    made = Peer()
    yield made
    made.stop()


def settled(ask, wanted, patience: float = 10.0):
    """What `ask` says once that is `wanted`, or at last."""
    deadline = time.monotonic() + patience
    while (found := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def fails_with(code: grpc.StatusCode, call) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        list(call)
    assert failed.value.code() is code


def hundred_calls(gateway: Gateway, client: Client) -> None:
    """A hundred calls of every kind and end."""
    echoes = [client.unary("Echo").future(b"x" * 100, timeout=60) for _ in range(58)]
    failures = [client.unary("Fail").future(b"", timeout=60) for _ in range(6)]
    streams = [client.count(5, 20_000) for _ in range(8)]
    long = [client.count(1000, 20_000) for _ in range(8)]
    broken = [client.stream("BreakOff")(b"", timeout=60) for _ in range(4)]
    late = [client.stream("Forever")(b"", timeout=0.05) for _ in range(4)]
    for call in long:
        next(call)
        call.cancel()
    assert all(call.result() == b"x" * 100 for call in echoes)
    assert all(call.exception().code() is grpc.StatusCode.INTERNAL for call in failures)
    assert all(sum(1 for _ in call) == 5 for call in streams)
    for call in broken:
        fails_with(grpc.StatusCode.DATA_LOSS, call)
    for call in late:
        fails_with(grpc.StatusCode.DEADLINE_EXCEEDED, call)
    for number in range(4):
        raw = RawClient(gateway.port, gateway.token, SERVICE)
        stream = raw.begin("Count", b"100 20000")
        next(raw.frames())
        raw.begin("Talk")
        if number % 2:
            raw.reset(stream)
        raw.vanish()
    for target in ((gateway.tcp, gateway.token), (gateway.local, None)):
        other = Client(*target)
        other.echo(b"x")
        closing = other.count(1000, 20_000)
        next(closing)
        other.close()


@pytest.mark.parametrize(("binary", "growth"), [(BINARY, 8 * MIB), (RELEASE, MIB)], ids=["sanitized", "release"])
def test_ten_thousand_calls_leave_nothing_behind(peer, tmp_path, binary, growth):
    gateway = Gateway(peer.port, tmp_path, binary=binary)
    client = Client(gateway.local)
    client.echo(b"x")
    idle = gateway.descriptors()
    for _ in range(20):
        hundred_calls(gateway, client)
    assert settled(gateway.descriptors, idle) == idle
    early = gateway.rss()
    for _ in range(80):
        hundred_calls(gateway, client)
    assert settled(gateway.descriptors, idle) == idle
    assert gateway.rss() < early + growth
    client.close()
    gateway.stop()  # and the sanitizer has found no leak


@pytest.fixture
def gateway(peer, tmp_path):
    made = Gateway(peer.port, tmp_path)
    yield made
    made.stop()


def test_five_thousand_calls_that_send_nothing_cost_little_and_hold_nobody_up(gateway):
    other = Client(gateway.local)
    other.echo(b"x")
    idle, early = gateway.descriptors(), gateway.rss()
    many = RawClient(gateway.port, gateway.token, SERVICE)
    sizes, ends = [], Counter()
    for _ in range(3):
        many.begin_many("Nowhere", 5000)
        open_calls = 5000
        for kind, _, _, payload in many.frames():
            if kind == RESET:
                ends[int.from_bytes(payload, "big")] += 1
                open_calls -= 1
            if open_calls == 0:
                break
        sizes.append(gateway.rss())
    # Those beyond the limit end at once, the others when the server has answered: none stays open.
    assert set(ends) == {NO_ERROR, REFUSED_STREAM}
    assert ends.total() == 15_000
    # How many are open at a time varies; 15,000 that stayed would need twice this under the sanitizers.
    assert max(sizes) < early + 64 * MIB
    assert other.echo(b"y", timeout=5) == b"y"
    many.vanish()
    assert settled(gateway.descriptors, idle) == idle
    other.close()


def test_a_stranger_has_no_memory_for_calls_that_stay_open(gateway):
    other = Client(gateway.local)
    other.echo(b"x")
    early = gateway.rss()
    stranger = RawClient(gateway.port, "wrong", SERVICE)
    sizes = []
    for _ in range(4):
        last = [stranger.begin("Talk") for _ in range(5000)][-1]
        for kind, _, stream, _ in stranger.frames():
            if kind == RESET and stream == last:
                break
        sizes.append(gateway.rss())
    assert max(sizes) < early + 64 * MIB
    assert other.echo(b"y", timeout=5) == b"y"
    stranger.vanish()
    other.close()


def test_headers_that_come_byte_by_byte_hold_nobody_up(gateway):
    slow = [RawClient(gateway.port, gateway.token, SERVICE) for _ in range(50)]
    other = Client(gateway.local)
    other.echo(b"x")
    early = gateway.rss()
    call = frame(HEADERS, END_HEADERS, 1, headers(f"/{SERVICE}/Echo", gateway.token))
    for i in range(len(call)):
        for one in slow:
            one.socket.sendall(call[i : i + 1])
        if i % 50 == 0:
            assert other.echo(b"y", timeout=5) == b"y"
    assert gateway.rss() < early + 4 * MIB
    for one in slow:  # what was said slowly is understood all the same
        one.next = 3
        one.socket.sendall(frame(DATA, END_STREAM, 1, b"\0\0\0\0\1z"))
        assert any(kind == DATA and payload == b"\0\0\0\0\1z" for kind, _, _, payload in one.frames_of(1))
        one.vanish()
    other.close()
