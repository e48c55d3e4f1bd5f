# SPDX-License-Identifier: Apache-2.0
"""The proxies that are compared: how each is started in front of a server.

All run as one worker without TLS or access log. nginx and nghttpx keep their sockets to the server open and have
limits and timeouts out of the way. Each comes twice: with the buffers and windows that it has when nobody says
otherwise, and (`-tuned`) with those at which it was fastest here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from processes import Process, free_port

FILES = 20_000  # sockets that a proxy may have open, where the system lets it

NGINX = """
daemon off;
worker_processes 1;
worker_rlimit_nofile {files};
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  upstream spark {{
    server 127.0.0.1:{upstream};
    keepalive 1024;
    keepalive_requests 100000000;
    keepalive_timeout 1h;
  }}
  server {{
    listen 127.0.0.1:{port} http2;
    http2_max_concurrent_streams 1024;
    keepalive_requests 100000000;
    keepalive_timeout 1h;
    client_max_body_size 0;
    client_body_timeout 1h;
    send_timeout 1h;
    location / {{
      grpc_pass grpc://spark;
      {sizes}
      grpc_read_timeout 1h;
      grpc_send_timeout 1h;
    }}
  }}
}}
"""
NGINX_TUNED = "http2_chunk_size 16k; grpc_buffer_size 1m;"

NGHTTPX = {
    "workers": "1",
    "conf": "/dev/null",
    "accesslog-file": "/dev/null",
    "rlimit-nofile": str(FILES),
    "frontend-http2-max-concurrent-streams": "1024",
    "frontend-http2-read-timeout": "1h",
    "frontend-write-timeout": "1h",
    "stream-write-timeout": "1h",
    "backend-read-timeout": "1h",
    "backend-write-timeout": "1h",
}
NGHTTPX_TUNED = {
    "frontend-http2-window-size": "2M",
    "frontend-http2-connection-window-size": "2M",
    "backend-http2-window-size": "2M",
    "backend-response-buffer": "1M",
    "backend-request-buffer": "1M",
}


@dataclass
class Peer:
    """A way from the load to the server; `process` is None where there is nothing between them."""

    name: str
    target: str
    process: Process | None

    def stop(self) -> None:
        if self.process:
            self.process.stop()


def program(name: str) -> str:
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if found is None:
        raise SystemExit(f"{name} is missing; `make setup-bench` installs it")
    return found


def direct(_tools: Path, upstream: int, _directory: Path) -> Peer:
    return Peer("direct", f"127.0.0.1:{upstream}", None)


def relay(tools: Path, upstream: int, directory: Path) -> Peer:
    port = free_port()
    command = [str(tools / "bench_relay"), str(upstream), str(port)]
    return Peer("relay", f"127.0.0.1:{port}", Process(command, port, directory / "relay.log"))


def nginx(_tools: Path, upstream: int, directory: Path, *, tuned: bool = False) -> Peer:
    name, sizes = ("nginx-tuned", NGINX_TUNED) if tuned else ("nginx", "")
    port = free_port()
    own = directory / f"{name}-{port}"
    own.mkdir()
    configuration = own / "nginx.conf"
    configuration.write_text(NGINX.format(directory=own, upstream=upstream, port=port, files=FILES, sizes=sizes))
    command = [program("nginx"), "-e", str(own / "nginx-error.log"), "-c", str(configuration)]
    return Peer(name, f"127.0.0.1:{port}", Process(command, port, own / "nginx.log"))


def nghttpx(_tools: Path, upstream: int, directory: Path, *, tuned: bool = False) -> Peer:
    name, sizes = ("nghttpx-tuned", NGHTTPX_TUNED) if tuned else ("nghttpx", {})
    port = free_port()
    log = str(directory / f"{name}-{port}.log")
    options = {
        "frontend": f"127.0.0.1,{port};no-tls",
        "backend": f"127.0.0.1,{upstream};;proto=h2",
        "errorlog-file": log,
        **NGHTTPX,
        **sizes,
    }
    command = [program("nghttpx"), *(f"--{key}={value}" for key, value in options.items())]
    command += ["--no-via", "--no-location-rewrite", "--no-server-rewrite", "--no-server-push"]
    return Peer(name, f"127.0.0.1:{port}", Process(command, port, directory / f"{name}-{port}.out"))


def gateway(binary: Path, upstream: int, directory: Path, *, unix: bool = False) -> Peer:
    port = free_port()
    command = [str(binary), "gateway", "--upstream", f"sc://127.0.0.1:{upstream}"]
    command += ["--listen", f"127.0.0.1:{port}", "--no-token"]
    name, target = "gateway", f"127.0.0.1:{port}"
    if unix:
        path = directory / f"{port}.sock"
        command += ["--socket", str(path)]
        name, target = "gateway-unix", f"unix:{path}"
    return Peer(name, target, Process(command, port, directory / f"{name}-{port}.log"))


# In the order of the table's columns.
PEERS: dict[str, Callable[[Path, int, Path], Peer]] = {
    "direct": direct,
    "relay": relay,
    "nginx": nginx,
    "nginx-tuned": partial(nginx, tuned=True),
    "nghttpx": nghttpx,
    "nghttpx-tuned": partial(nghttpx, tuned=True),
    "gateway": gateway,
    "gateway-unix": partial(gateway, unix=True),
}
