"""Spark with two workers on this machine, one of which is killed in mid-job."""

from __future__ import annotations

import collections
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import jot.spark
import pyspark
import pytest
from conftest import FILES, Log
from pyspark.sql import DataFrame, SparkSession

HOME = pathlib.Path(pyspark.__file__).parent


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class Cluster:
    """A standalone master and two workers, one core each."""

    def __init__(self, folder: pathlib.Path) -> None:
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
        self.workers = [self.worker(number) for number in range(2)]

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

    def kill_worker(self) -> None:
        """Kill the second worker with its executor, which are one session."""
        os.killpg(self.workers[1].pid, signal.SIGKILL)
        # Executors are sessions' children too; whatever is left ends with them.
        self.workers[1].wait(10)

    def stop(self) -> None:
        for process in (*self.workers, self.master):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("spark"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def spark(cluster: Cluster) -> Iterator[SparkSession]:
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable)
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.executor.memory": "512m",
        "spark.executor.cores": "1",
        # Workers import what the test hands them.
        "spark.executorEnv.PYTHONPATH": str(pathlib.Path(__file__).parent),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.files.maxPartitionBytes": "1m",
        "spark.sql.files.openCostInBytes": "1m",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
        "spark.sql.adaptive.enabled": "false",
    }
    builder = SparkSession.builder.master(cluster.url).appName("audit")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def totals(verdicts: DataFrame) -> collections.Counter[tuple[Any, ...]]:
    rows = jot.spark.totals(verdicts).collect()
    return collections.Counter({tuple(row[:-1]): row[-1] for row in rows})


def executors(spark: SparkSession) -> int:
    """Those that do the work: all but the driver."""
    return int(spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()) - 1


def test_totals_are_those_of_jotctl(spark: SparkSession, cluster: Cluster, log: Log) -> None:
    cluster.wait(lambda: executors(spark) == 2)
    frame = spark.read.parquet(str(log.parquet))
    assert totals(jot.spark.verdicts(frame, log.audit)) == log.totals


class Slow:
    """An audit that takes its time, so that there is a middle of the job."""

    def __init__(self, log: Log) -> None:
        self.audit = log.audit

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            time.sleep(0.2)
            yield self.audit.judge(batch)


def test_killed_worker_loses_and_doubles_nothing(spark: SparkSession, cluster: Cluster, log: Log) -> None:
    cluster.wait(lambda: executors(spark) == 2)
    tracker = spark.sparkContext.statusTracker()
    seen: list[int] = []

    def kill() -> None:
        def under_way() -> bool:
            stages = (tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds())
            seen[:] = [stage.numCompletedTasks for stage in stages if stage and stage.numTasks >= FILES]
            return bool(seen) and seen[0] >= 4

        cluster.wait(under_way)
        cluster.kill_worker()

    killer = threading.Thread(target=kill)
    killer.start()
    frame = spark.read.parquet(str(log.parquet))
    found = frame.select(*log.audit.columns).mapInArrow(Slow(log), jot.spark.schema(frame, log.audit))
    result = totals(found)
    killer.join()
    assert 4 <= seen[0] < FILES, "it was killed too late to prove anything"
    assert cluster.workers[1].poll() is not None
    cluster.wait(lambda: executors(spark) == 1)
    assert result == log.totals
