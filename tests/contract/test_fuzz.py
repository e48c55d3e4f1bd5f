# SPDX-License-Identifier: Apache-2.0
"""Requests that nobody thought of: schemathesis makes them from the contract and holds the replies against it."""

import copy
import os
import socket

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from requests.adapters import HTTPAdapter
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

import contract

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
]
EXAMPLES = int(os.environ.get("FIRESTEEL_FUZZ_EXAMPLES", "40"))
FUZZING = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 40, suppress_health_check=list(HealthCheck)
)


class UnixAdapter(HTTPAdapter):
    """requests over a unix socket, whatever the URL's host is."""

    def __init__(self, path: str):
        self._path = path
        super().__init__()

    def get_connection_with_tls_context(self, *_args, **_kwargs):
        path = self._path

        class Connection(HTTPConnection):
            def connect(self):
                self.sock = socket.socket(socket.AF_UNIX)
                self.sock.settimeout(70)
                self.sock.connect(path)

        class Pool(HTTPConnectionPool):
            ConnectionCls = Connection

        return Pool("firesteel")


def schema_with(wanted):
    """The contract's operations for which `wanted(path, method)` says yes."""
    document = copy.deepcopy(contract.document())
    for path, item in list(document["paths"].items()):
        for method in ("get", "post", "delete"):
            if method in item and not wanted(path, method):
                del item[method]
        if not {"get", "post", "delete"} & item.keys():
            del document["paths"][path]
    return schemathesis.openapi.from_dict(document)


# Left out: the event stream (an upgrade) and shutdown (it would end the daemon under test); test_api.py has them.
api = schema_with(lambda path, _: path.startswith("/api/") and path not in ("/api/v1/events", "/api/v1/shutdown"))
kernel = schema_with(lambda path, _: path.startswith("/kernel/"))


@pytest.fixture(scope="module")
def sessions(no_java):
    no_java.create("existing")
    no_java.connection("existing", settle_ms=20_000)
    made = {}
    for key in ("api_socket", "kernel_socket"):
        made[key] = requests.Session()
        made[key].trust_env = False
        made[key].mount("http://", UnixAdapter(no_java.paths[key]))
    return made


@api.parametrize()
@FUZZING
def test_api(case, sessions):
    case.call_and_validate(base_url="http://firesteel", session=sessions["api_socket"], checks=CHECKS)


@kernel.parametrize()
@FUZZING
def test_kernel(case, sessions):
    case.call_and_validate(base_url="http://firesteel", session=sessions["kernel_socket"], checks=CHECKS)


def test_the_daemon_is_well_after_all_that(no_java):
    assert no_java.process.poll() is None
    with no_java.http() as http:
        contract.check_reply(http.get("/api/v1/connections"), "/api/v1/connections", "get")
