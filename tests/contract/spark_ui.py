# SPDX-License-Identifier: Apache-2.0
"""A server's own Spark UI, asked directly with its key, as a judge of what really goes on in Spark."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

import httpx


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _token(key: str) -> str:
    secret = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    signed = f"{_base64url(json.dumps({'alg': 'HS256'}).encode())}.{_base64url(b'{}')}"
    return f"{signed}.{_base64url(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def run_record(daemon, connection: str) -> dict:
    """What the daemon keeps of the server that runs: its ports and secrets."""
    server = daemon.connection(connection)["server_id"]
    return json.loads((daemon.directory / "servers" / server / "run.json").read_text())


class SparkUi:
    """The Spark UI of a connection's server."""

    def __init__(self, daemon, connection: str = "shared") -> None:
        run = run_record(daemon, connection)
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{run['ui_port']}",
            headers={"Authorization": f"Bearer {_token(run['ui_key'])}"},
            trust_env=False,
            timeout=60,  # its first answer takes the UI seconds
        )

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path, headers={"Accept-Encoding": "gzip"})

    def jobs(self, status: str = "running") -> list[dict]:
        (application,) = self._http.get("/api/v1/applications").raise_for_status().json()
        jobs = self._http.get(f"/api/v1/applications/{application['id']}/jobs", params={"status": status})
        return jobs.raise_for_status().json()

    def wait_for(self, wanted: Callable[[list[dict]], bool], seconds: float = 20) -> list[dict]:
        """The running jobs as soon as they are as wanted."""
        end = time.monotonic() + seconds
        while True:
            jobs = self.jobs()
            if wanted(jobs):
                return jobs
            assert time.monotonic() < end, jobs
            time.sleep(0.1)
