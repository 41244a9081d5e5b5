"""The totals of every engine are those of ``jotctl audit`` on the same data."""

from __future__ import annotations

import collections
import pathlib
from typing import Any

import dask.dataframe
import duckdb
import jot.audit
import jot.dask
import polars
import pyarrow
import pyarrow.dataset
from conftest import Log, totals
from distributed import Client, LocalCluster


def counted(rows: Any) -> collections.Counter[tuple[Any, ...]]:
    return collections.Counter({tuple(row[:-1]): int(row[-1]) for row in rows})


def test_log_has_every_kind_of_verdict(log: Log) -> None:
    names = {name for *_, name in log.totals}
    wanted = {
        "accepted",
        "expired",
        "kid_unknown",
        "key_retired",
        "signature_invalid",
        "token_null",
        "aud_mismatch",
    }
    assert wanted <= names
    assert sum(log.totals.values()) == log.rows > 0.9 * sum(1 for _ in log.totals)


def test_arrow_alone(log: Log) -> None:
    table = pyarrow.dataset.dataset(log.parquet).to_table()
    assert totals(log.audit.judge(table)) == log.totals


def test_rows_are_those_of_jotctl(log: Log) -> None:
    judged = log.audit.judge(pyarrow.dataset.dataset(log.parquet).to_table())
    for field in jot.audit.verdict_fields():
        theirs = log.found.column(field.name).cast(field.type)
        assert judged.column(field.name).to_pylist() == theirs.to_pylist(), field.name
    states = set(judged.column("key_state").to_pylist())
    assert states == {"active", "retired", "unknown", None}


def test_duckdb(log: Log) -> None:
    with duckdb.connect() as database:
        # What is read lazily takes a cursor of its own.
        rows = database.cursor().sql(f"SELECT token, time, line FROM '{log.parquet}/*.parquet'")
        given = rows.to_arrow_reader(10_000)
        judged = log.audit(given)
        verdicts = pyarrow.RecordBatchReader.from_batches(log.audit.schema(given.schema), judged)
        database.register("verdicts", verdicts)
        found = database.sql(
            "SELECT issuer, kid, used_at // 3600 * 3600, name, count(*) FROM verdicts GROUP BY ALL"
        )
        assert counted(found.fetchall()) == log.totals


def test_polars(log: Log) -> None:
    frame = polars.scan_parquet(log.parquet / "*.parquet")
    verdicts = polars.from_arrow(log.audit.judge(frame.select(log.audit.columns).collect().to_arrow()))
    assert isinstance(verdicts, polars.DataFrame)
    hour = (polars.col("used_at") // 3600 * 3600).alias("hour")
    assert counted(verdicts.group_by("issuer", "kid", hour, "name").len().rows()) == log.totals


def test_dask_with_two_worker_processes(log: Log) -> None:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        frame = dask.dataframe.read_parquet(str(log.parquet))
        found = jot.dask.totals(jot.dask.verdicts(frame, log.audit)).compute()
    plain = found.reset_index().astype(object).where(lambda frame: frame.notna(), None)
    assert counted(plain.itertuples(index=False)) == log.totals


def test_folder_is_what_was_written(log: Log) -> None:
    assert len(list(pathlib.Path(log.parquet).iterdir())) == 24
