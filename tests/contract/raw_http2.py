# SPDX-License-Identifier: Apache-2.0
"""A client that keeps no manners: HTTP/2 frames by hand, for what gRPC libraries never do."""

from __future__ import annotations

import socket
import struct

GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS = 0, 1, 3, 4
END_STREAM, END_HEADERS = 1, 4


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def _literal(name: str, value: str) -> bytes:
    """HPACK's plainest: a field that goes into no table, not compressed; both shorter than 127 bytes."""
    return b"\x00" + bytes((len(name),)) + name.encode() + bytes((len(value),)) + value.encode()


def headers(path: str, token: str | None = None) -> bytes:
    fields = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost", "te": "trailers"}
    fields["content-type"] = "application/grpc"
    if token:
        fields["authorization"] = f"Bearer {token}"
    return b"".join(_literal(name, value) for name, value in fields.items())


class RawClient:
    """A socket that has greeted; what comes is read only when asked for."""

    def __init__(self, port: int, token: str | None, service: str) -> None:
        self.token, self.service = token, service
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.sendall(GREETING + frame(SETTINGS, 0, 0))
        self.reader = self.socket.makefile("rb")
        self.next = 1

    def begin(self, method: str, message: bytes | None = None) -> int:
        """A call; without a message its request stays open. Gives its stream."""
        stream, self.next = self.next, self.next + 2
        out = frame(HEADERS, END_HEADERS, stream, headers(f"/{self.service}/{method}", self.token))
        if message is not None:
            out += frame(DATA, END_STREAM, stream, struct.pack(">BI", 0, len(message)) + message)
        self.socket.sendall(out)
        return stream

    def begin_many(self, method: str, count: int) -> None:
        """So many calls in one piece, as fast as the socket takes them; their requests stay open."""
        first, self.next = self.next, self.next + 2 * count
        block = headers(f"/{self.service}/{method}", self.token)
        frames = (frame(HEADERS, END_HEADERS, stream, block) for stream in range(first, self.next, 2))
        self.socket.sendall(b"".join(frames))

    def reset(self, stream: int, code: int = 8) -> None:
        self.socket.sendall(frame(RESET, 0, stream, struct.pack(">I", code)))

    def frames(self):
        """(kind, flags, stream, payload) as they come, until the other end closes."""
        while len(head := self.reader.read(9)) == 9:
            size = int.from_bytes(head[:3], "big")
            yield head[3], head[4], int.from_bytes(head[5:], "big") & 0x7FFFFFFF, self.reader.read(size)

    def frames_of(self, stream: int):
        """The same of one call, until it ends."""
        for one in self.frames():
            if one[2] == stream:
                yield one
                if one[0] == RESET or (one[0] in (DATA, HEADERS) and one[1] & END_STREAM):
                    return

    def vanish(self) -> None:
        """Gone with a TCP reset, as a process that is killed with bytes unread."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.reader.close()
        self.socket.close()
