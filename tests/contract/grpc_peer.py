# SPDX-License-Identifier: Apache-2.0
"""A gRPC server and channels without .proto files: messages are bytes, so a test sees what a proxy does to them."""

from __future__ import annotations

import threading
import time
from concurrent import futures

import grpc

SERVICE = "spark.connect.SparkConnectService"
UNLIMITED = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_metadata_size", 64 * 1024),
    ("grpc.absolute_max_metadata_size", 64 * 1024),
    ("grpc.enable_http_proxy", 0),
]


class Peer:
    """What is behind the gateway; remembers what arrived."""

    def __init__(self, credentials: grpc.ServerCredentials | None = None) -> None:
        self.metadata: list[dict[str, str]] = []
        self.authorities: list[str] = []
        self.cancelled = threading.Event()
        self.sent = 0
        self.pool = futures.ThreadPoolExecutor(max_workers=64)
        self.server = grpc.server(self.pool, options=[*UNLIMITED, ("grpc.so_reuseport", 0)])
        handlers = {
            "Echo": grpc.unary_unary_rpc_method_handler(self.echo),
            "Fail": grpc.unary_unary_rpc_method_handler(self.fail),
            "Count": grpc.unary_stream_rpc_method_handler(self.count),
            "Collect": grpc.stream_unary_rpc_method_handler(self.collect),
            "Talk": grpc.stream_stream_rpc_method_handler(self.talk),
            "Forever": grpc.unary_stream_rpc_method_handler(self.forever),
            "BreakOff": grpc.unary_stream_rpc_method_handler(self.break_off),
        }
        self.server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, handlers)])
        if credentials:
            self.port = self.server.add_secure_port("127.0.0.1:0", credentials)
        else:
            self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def _saw(self, context: grpc.ServicerContext) -> None:
        self.metadata.append(dict(context.invocation_metadata()))
        self.authorities.append(context._rpc_event.call_details.host.decode())  # grpcio tells it nobody else

    def echo(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        self._saw(context)
        context.send_initial_metadata([("x-initial", "i")])
        context.set_trailing_metadata([("x-trailing", "t"), ("x-detail-bin", b"\x00\xff\x80")])
        return request

    def fail(self, _request: bytes, context: grpc.ServicerContext) -> bytes:
        context.set_trailing_metadata([("grpc-status-details-bin", b"\x08\x0d" + b"d" * 6000)])
        context.abort(grpc.StatusCode.INTERNAL, "kaputt: 100 % ünïcode")

    def count(self, request: bytes, _context: grpc.ServicerContext):
        """`<messages> <bytes of each>`: messages that begin with their number."""
        messages, size = map(int, request.split())
        for i in range(messages):
            self.sent = i + 1
            yield i.to_bytes(8, "big") + bytes(size - 8)

    def collect(self, requests, _context: grpc.ServicerContext) -> bytes:
        return str(sum(len(request) for request in requests)).encode()

    def talk(self, requests, _context: grpc.ServicerContext):
        for request in requests:
            yield request[::-1]

    def forever(self, _request: bytes, context: grpc.ServicerContext):
        self._saw(context)
        context.add_callback(self.cancelled.set)
        yield b"first"
        while context.is_active():
            time.sleep(0.01)

    def break_off(self, _request: bytes, context: grpc.ServicerContext):
        yield b"one"
        yield b"two"
        context.abort(grpc.StatusCode.DATA_LOSS, "gone")

    def stop(self) -> None:
        self.server.stop(None).wait()
        self.pool.shutdown(wait=False, cancel_futures=True)


class Client:
    """Calls of that service on one channel."""

    def __init__(self, target: str, token: str | None = None, roots: bytes | None = None) -> None:
        """`roots`: speaks TLS with servers for which these certificates vouch."""
        options = [*UNLIMITED, ("grpc.use_local_subchannel_pool", 1)]
        if roots:
            self.channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(roots), options=options)
        else:
            self.channel = grpc.insecure_channel(target, options=options)
        self.metadata = [("authorization", f"Bearer {token}")] if token else []

    def unary(self, method: str):
        return self.channel.unary_unary(f"/{SERVICE}/{method}")

    def stream(self, method: str):
        return self.channel.unary_stream(f"/{SERVICE}/{method}")

    def echo(self, message: bytes, metadata=(), timeout: float = 20) -> bytes:
        return self.unary("Echo")(message, metadata=[*self.metadata, *metadata], timeout=timeout)

    def count(self, messages: int, size: int, timeout: float = 60):
        return self.stream("Count")(f"{messages} {size}".encode(), metadata=self.metadata, timeout=timeout)

    def close(self) -> None:
        self.channel.close()
