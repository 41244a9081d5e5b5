"""Auditing on Dask, as :mod:`jot.spark` does on Spark.

    import jot.audit, jot.dask, dask.dataframe
    verdicts = jot.dask.verdicts(dask.dataframe.read_parquet("logs/"), audit)
    print(jot.dask.totals(verdicts).compute())

Needs dask[dataframe] and pyarrow.
"""

from __future__ import annotations

from typing import Any

import pandas
import pyarrow

from .audit import Audit


def judge(part: pandas.DataFrame, audit: Audit) -> pandas.DataFrame:
    """Judge the rows of a pandas frame."""
    rows = pyarrow.Table.from_pandas(part[audit.columns], preserve_index=False)
    return audit.judge(rows).to_pandas(types_mapper=pandas.ArrowDtype)


def verdicts(frame: Any, audit: Audit) -> Any:
    """Judge the rows of a Dask frame, partition by partition."""
    return frame.map_partitions(judge, audit, meta=judge(frame._meta, audit))


def totals(verdicts: Any) -> Any:
    """Count verdicts by issuer, key, hour of use and name."""
    hours = verdicts.assign(hour=verdicts["used_at"] // 3600 * 3600)
    return hours.groupby(["issuer", "kid", "hour", "name"], dropna=False).size()
