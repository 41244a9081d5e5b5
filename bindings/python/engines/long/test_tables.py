"""Delta and Iceberg tables, read by their own libraries."""

from __future__ import annotations

import pathlib

import deltalake
import pyarrow
import pyarrow.dataset
from conftest import Log, totals
from pyiceberg.catalog.sql import SqlCatalog


def test_delta_table(log: Log, tmp_path: pathlib.Path) -> None:
    rows = pyarrow.dataset.dataset(log.parquet).to_table()
    half = rows.num_rows // 2
    path = str(tmp_path / "table")
    deltalake.write_deltalake(path, rows[:half])
    deltalake.write_deltalake(path, rows[half:], mode="append")
    # What was deleted is in the files, and not in the table.
    deltalake.write_deltalake(path, rows[:100], mode="append")
    table = deltalake.DeltaTable(path)
    table.restore(1)
    assert len(list((tmp_path / "table").glob("*.parquet"))) >= 3
    given = table.to_pyarrow_dataset()
    judged = log.audit(given.to_batches(columns=log.audit.columns, batch_size=10_000))
    found = pyarrow.Table.from_batches(judged, schema=log.audit.schema(given.schema))
    assert found.num_rows == log.rows
    assert totals(found) == log.totals


def test_iceberg_table(log: Log, tmp_path: pathlib.Path) -> None:
    rows = pyarrow.dataset.dataset(log.parquet).to_table()
    half = rows.num_rows // 2
    catalog = SqlCatalog("here", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=f"file://{tmp_path}")
    catalog.create_namespace("logs")
    table = catalog.create_table("logs.access", schema=rows.schema)
    table.append(rows[:half])
    table.append(rows[half:])
    snapshot = table.current_snapshot()
    assert snapshot is not None
    table.append(rows[:100])
    scan = table.scan(selected_fields=tuple(log.audit.columns), snapshot_id=snapshot.snapshot_id)
    given = scan.to_arrow_batch_reader()
    judged = log.audit(given)
    found = pyarrow.Table.from_batches(judged, schema=log.audit.schema(given.schema))
    assert found.num_rows == log.rows
    assert totals(found) == log.totals
