"""Spark with two workers on this machine, one of which is killed in mid-job."""

from __future__ import annotations

import collections
import pathlib
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import jot.audit
import jot.spark
import pytest
from cluster import Cluster, executors
from conftest import FILES, Log
from pyspark.sql import DataFrame, SparkSession


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("spark"), 2)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def spark(cluster: Cluster) -> Iterator[SparkSession]:
    session = cluster.session(
        {
            # Workers import what the test hands them.
            "spark.executorEnv.PYTHONPATH": str(pathlib.Path(__file__).parent),
            "spark.sql.files.maxPartitionBytes": "1m",
            "spark.sql.files.openCostInBytes": "1m",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
        }
    )
    yield session
    session.stop()


def totals(verdicts: DataFrame) -> collections.Counter[tuple[Any, ...]]:
    rows = jot.spark.totals(verdicts).collect()
    return collections.Counter({tuple(row[:-1]): row[-1] for row in rows})


def test_totals_are_those_of_jotctl(spark: SparkSession, cluster: Cluster, log: Log) -> None:
    cluster.wait(lambda: executors(spark) == 2)
    frame = spark.read.parquet(str(log.parquet))
    assert totals(jot.spark.verdicts(frame, log.audit)) == log.totals


def test_arrow_udf_is_the_same(spark: SparkSession, log: Log) -> None:
    frame = spark.read.parquet(str(log.parquet))
    verdict = jot.spark.udf(log.audit)
    structs = frame.select("line", verdict("token", "time").alias("v"))
    assert totals(structs.select("v.*")) == log.totals
    # Also in SQL, and without a time.
    spark.udf.register("jot_verdict", verdict)
    frame.limit(500).createOrReplaceTempView("log")
    verdicts = "SELECT jot_verdict(token, CAST(NULL AS BIGINT)) AS v FROM log"
    found = spark.sql(f"SELECT v.* FROM ({verdicts})").collect()
    assert len(found) == 500 and not any(row.valid_at_use for row in found)
    assert {row.used_at for row in found} == {None}
    assert "time_unknown" in {row.name for row in found}


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
