"""Spark on this machine: a standalone master and workers."""

from __future__ import annotations

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import pyspark
from pyspark.sql import SparkSession

HOME = pathlib.Path(pyspark.__file__).parent


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class Cluster:
    """A standalone master and its workers, one core each."""

    def __init__(self, folder: pathlib.Path, workers: int) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_HOME": str(HOME),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_NO_DAEMONIZE": "1",
        }
        self.url = f"spark://127.0.0.1:{free_port()}"
        port = self.url.rsplit(":", 1)[1]
        self.master = self.start("master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", "0")
        self.wait(lambda: self.answers(int(port)))
        self.workers = [self.worker(number) for number in range(workers)]

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
        log = (self.folder / f"{name}.log").open("ab")
        return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def worker(self, number: int) -> subprocess.Popen[bytes]:
        folder = self.folder / f"worker-{number}"
        room = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder), "--webui-port", "0"]
        return self.start("worker.Worker", "--host", "127.0.0.1", *room, self.url)

    @staticmethod
    def answers(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    @staticmethod
    def wait(ready: Any, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, "it takes too long"
            time.sleep(0.1)

    def kill_worker(self, number: int = 1) -> None:
        """Kill a worker with its executor, which are one session."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        # Executors are sessions' children too; whatever is left ends with them.
        self.workers[number].wait(10)

    def stop(self) -> None:
        for process in (*self.workers, self.master):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def session(self, settings: dict[str, str]) -> SparkSession:
        """Begin a session whose work the workers do."""
        os.environ.update(SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable)
        common = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "512m",
            "spark.executor.memory": "512m",
            "spark.executor.cores": "1",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.adaptive.enabled": "false",
        }
        builder = SparkSession.builder.master(self.url).appName("audit")
        for name, value in {**common, **settings}.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        self.wait(lambda: executors(session) == len(self.workers))
        return session


def executors(spark: SparkSession) -> int:
    """Those that do the work: all but the driver."""
    return int(spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()) - 1
