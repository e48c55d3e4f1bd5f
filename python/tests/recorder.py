# SPDX-License-Identifier: Apache-2.0
"""Stands for the gateway and all behind it: answers each RPC with next to nothing, and keeps the call's metadata."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

import grpc
import pyspark.sql.connect.proto.base_pb2 as base_pb2
from google.protobuf.message_factory import GetMessageClass

SERVICE = base_pb2.DESCRIPTOR.services_by_name["SparkConnectService"]


class Recorder(grpc.GenericRpcHandler):
    """`calls`: (RPC name, metadata) in the order of arrival; `target` is where it listens.

    `fail_with`: status and details with which calls end, and the code by which the gateway marks an error of its own.
    (Not those of Config, which a client makes before its first plan.) `cancelled`: what clients gave up while `silent`.
    """

    def __init__(self, address: str = "127.0.0.1:0") -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.fail_with: tuple[Any, ...] | None = None
        self.silent = threading.Event()  # while it is set, nothing is answered
        self.cancelled: list[str] = []
        self._server = grpc.server(ThreadPoolExecutor(max_workers=4))
        self._server.add_generic_rpc_handlers([self])
        port = self._server.add_insecure_port(address)
        self.target = address if address.startswith("unix:") else f"127.0.0.1:{port}"

    def __enter__(self) -> Recorder:
        self._server.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.stop(grace=0).wait(5)

    def of(self, rpc: str) -> list[dict[str, str]]:
        return [metadata for name, metadata in self.calls if name == rpc]

    def service(self, handler_call_details: Any) -> Any:
        method = SERVICE.methods_by_name[handler_call_details.method.rpartition("/")[2]]
        self.calls.append((method.name, dict(handler_call_details.invocation_metadata)))

        def reply(request: Any, context: grpc.ServicerContext) -> Any:
            while self.silent.is_set() and context.is_active():
                time.sleep(0.02)
            if not context.is_active():
                self.cancelled.append(method.name)
            if self.fail_with and method.name != "Config":
                status, details, *code = self.fail_with
                context.set_trailing_metadata([("x-firesteel-error", code[0])] if code else [])
                context.abort(status, details)
            one = next(iter(request)) if method.client_streaming else request
            message = GetMessageClass(method.output_type)()
            if "session_id" in method.output_type.fields_by_name:
                message.session_id = one.session_id
            if method.name == "AnalyzePlan":
                message.spark_version.version = "recorded"
            if method.name == "CloneSession":
                message.new_session_id = str(uuid.uuid4())
            return iter([message]) if method.server_streaming else message

        kind = ("stream" if method.client_streaming else "unary", "stream" if method.server_streaming else "unary")
        return getattr(grpc, "_".join([*kind, "rpc_method_handler"]))(
            reply,
            request_deserializer=GetMessageClass(method.input_type).FromString,
            response_serializer=GetMessageClass(method.output_type).SerializeToString,
        )
