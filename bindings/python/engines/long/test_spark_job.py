"""Spark with three workers, two of which are killed; a job by day; one token on half of the
rows."""

from __future__ import annotations

import collections
import datetime
import pathlib
import threading
from collections.abc import Iterator
from typing import Any

import jot.audit
import jot.spark
import pyarrow.parquet
import pytest
from cluster import Cluster, executors
from conftest import FILES, Log
from pyspark.sql import DataFrame, SparkSession
from skewed import Skewed
from test_spark import Slow, totals


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("spark"), 3)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def spark(cluster: Cluster) -> Iterator[SparkSession]:
    session = cluster.session(
        {
            # Workers import what the test hands them.
            "spark.executorEnv.PYTHONPATH": str(pathlib.Path(__file__).parent.parent),
            "spark.sql.files.maxPartitionBytes": "1m",
            "spark.sql.files.openCostInBytes": "1m",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
        }
    )
    yield session
    session.stop()


def day_of(used_at: int) -> datetime.date:
    return datetime.datetime.fromtimestamp(used_at, datetime.timezone.utc).date()


def findings(log: Log) -> dict[str, collections.Counter[Any]]:
    """What jotctl found that was not valid, by day."""
    found: dict[str, collections.Counter[Any]] = collections.defaultdict(collections.Counter)
    for row in log.found.select(["used_at", "name", "kid", "subject", "valid_at_use"]).to_pylist():
        if not row["valid_at_use"]:
            day = day_of(row["used_at"]).isoformat()
            found[day][row["used_at"], row["name"], row["kid"], row["subject"]] += 1
    return found


def written(folder: pathlib.Path) -> dict[str, collections.Counter[Any]]:
    found = {}
    for day in folder.glob("day=*"):
        rows = pyarrow.parquet.read_table(day, partitioning=None).to_pylist()
        name = day.name.removeprefix("day=")
        found[name] = collections.Counter(
            (row["used_at"], row["name"], row["kid"], row["subject"]) for row in rows
        )
    return found


@pytest.mark.parametrize("kind", ["seconds", "timestamps"])
def test_job_by_day_can_be_run_again(
    kind: str, spark: SparkSession, log: Log, tmp_path: pathlib.Path
) -> None:
    wanted = findings(log)
    days = sorted({day_of(used_at) for used_at in log.found.column("used_at").to_pylist()})
    assert len(days) > 3
    first, second = days[1:3]
    frame = spark.read.parquet(str(log.parquet))
    if kind == "timestamps":
        frame = frame.withColumn("time", frame["time"].cast("timestamp"))
    out = tmp_path / "findings"

    def job(*days: datetime.date) -> dict[str, collections.Counter[Any]]:
        jot.spark.write_findings(frame, log.audit, str(out), days)
        return written(out)

    one = {first.isoformat(): wanted[first.isoformat()]}
    assert job(first) == one
    two = {**one, second.isoformat(): wanted[second.isoformat()]}
    assert job(second) == two
    # Again, and after a run that was broken off: half a file too much, no mark of success.
    (out / f"day={second}" / "_SUCCESS").unlink()
    (file,) = sorted((out / f"day={second}").glob("part-*.parquet"))[:1]
    (out / f"day={second}" / "part-99999-broken.parquet").write_bytes(file.read_bytes()[:100])
    assert job(first, second) == two
    assert (out / f"day={second}" / "_SUCCESS").exists()
    # A day that has no findings any more loses those that it had.
    jot.spark.write_findings(frame.limit(0), log.audit, str(out), [second])
    assert written(out) == {**one, second.isoformat(): collections.Counter()}
    # Rows without a time are judged and found, by themselves.
    timeless = (
        frame.limit(50)
        .withColumn("time", frame["time"] - frame["time"])
        .selectExpr("line", "token", "CAST(NULL AS BIGINT) AS time")
    )
    jot.spark.write_findings(timeless, log.audit, str(out), [None])
    rows = pyarrow.parquet.read_table(out / "day=unknown", partitioning=None)
    assert rows.num_rows == 50 and rows.column("used_at").null_count == 50


def test_one_token_on_half_of_the_rows(spark: SparkSession, tmp_path: pathlib.Path) -> None:
    skewed = Skewed(tmp_path / "skewed", 20_000)
    frame = spark.read.parquet(str(skewed.folder))
    plain = totals(jot.spark.verdicts(frame, skewed.audit))
    counted = jot.spark.counted(frame, skewed.audit)
    assert counted.columns[0] == "uses"
    assert totals(counted) == plain
    assert sum(plain.values()) == skewed.rows
    # The token's uses are counted before they are judged, and by all workers.
    assert counted.count() < 0.7 * skewed.rows
    assert counted.rdd.getNumPartitions() > 1


def test_counted_rows_are_those_of_jotctl(spark: SparkSession, log: Log) -> None:
    audit = jot.audit.Audit(log.audit.keys, **log.audit.rules)
    frame: DataFrame = spark.read.parquet(str(log.parquet))
    assert totals(jot.spark.counted(frame, audit)) == log.totals


def test_two_of_three_workers_die_and_nothing_is_lost(
    spark: SparkSession, cluster: Cluster, log: Log
) -> None:
    cluster.wait(lambda: executors(spark) == 3)
    tracker = spark.sparkContext.statusTracker()
    seen: list[int] = []

    def kill() -> None:
        def under_way() -> bool:
            stages = (tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds())
            seen[:] = [stage.numCompletedTasks for stage in stages if stage and stage.numTasks >= FILES]
            return bool(seen) and seen[0] >= 4

        cluster.wait(under_way)
        cluster.kill_worker(1)
        cluster.kill_worker(2)

    killer = threading.Thread(target=kill)
    killer.start()
    frame = spark.read.parquet(str(log.parquet))
    found = frame.select(*log.audit.columns).mapInArrow(Slow(log), jot.spark.schema(frame, log.audit))
    result = totals(found)
    killer.join()
    assert 4 <= seen[0] < FILES, "they were killed too late to prove anything"
    cluster.wait(lambda: executors(spark) == 1)
    assert result == log.totals
