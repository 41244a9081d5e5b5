"""Auditing on Apache Spark with a picklable policy.

    import jot, jot.audit, jot.spark
    audit = jot.audit.Audit({"https://issuer": keys}, algorithms=["ES256"], audience="api")
    verdicts = jot.spark.verdicts(spark.read.parquet("logs/"), audit)
    jot.spark.totals(verdicts).show()

Each Python worker builds the verifier once. Spark itself repeats a task whose worker
was lost. The result depends only on the rows, so nothing is lost or counted twice. It
needs pyspark and pyarrow.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Optional

import pyarrow
from pyspark.sql import functions as sql
from pyspark.sql.types import (
    BooleanType,
    DataType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from .audit import Audit, verdict_fields

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_TYPES: dict[str, DataType] = {
    "int32": IntegerType(),
    "int64": LongType(),
    "string": StringType(),
    "bool": BooleanType(),
}
_DAY = datetime.timedelta(days=1)
_EPOCH = datetime.date(1970, 1, 1)


def _verdict() -> list[StructField]:
    return [StructField(field.name, _TYPES[str(field.type)]) for field in verdict_fields()]


def schema(frame: DataFrame, audit: Audit) -> StructType:
    """Return the schema of the verdicts on the rows of a frame."""
    return StructType([*(frame.schema[name] for name in audit.keep), *_verdict()])


def verdicts(frame: DataFrame, audit: Audit) -> DataFrame:
    """Judge the rows of a frame: the columns ``keep`` of the audit, then those of
    :func:`jot.audit.verdict_fields`. Nothing runs until the result is requested."""
    return frame.select(*audit.columns).mapInArrow(audit, schema(frame, audit))


def counted(frame: DataFrame, audit: Audit) -> DataFrame:
    """Judge rows that are equal in all columns of the audit as one, with their number in the
    column ``uses`` behind those of ``keep``.

    The rows are shuffled by all of these columns, so the rows of a large partition are
    shared by all workers. The shuffle of the tokens costs more than it saves if it is large
    only because one token repeats: each batch verifies a token once.
    """
    uses = frame.groupBy(*audit.columns).agg(sql.count(sql.lit(1)).alias("uses"))
    with_uses = copy.copy(audit)
    with_uses.keep = (*audit.keep, "uses")
    return verdicts(uses, with_uses)


def udf(audit: Audit) -> Any:
    """Return a function of a column of tokens and one of times, whose values are structs of
    the verdict's columns. It passes Arrow data, and needs pyspark 4.1.

        verdict = jot.spark.udf(audit)
        frame.select("path", verdict("token", "time").alias("v")).where("not v.valid_at_use")
        spark.udf.register("jot_verdict", verdict)     # for SQL
    """
    from pyspark.sql.functions import arrow_udf

    # Spark reads the hints.
    def judge(tokens: pyarrow.Array, times: pyarrow.Array) -> pyarrow.Array:
        return audit.verdicts(tokens, times).to_struct_array()

    return arrow_udf(judge, StructType(_verdict()))


def totals(verdicts: DataFrame) -> DataFrame:
    """Count verdicts by issuer, key, hour of use and name; ``uses`` of :func:`counted` are
    summed up."""
    hour = (sql.floor(sql.col("used_at") / 3600) * 3600).alias("hour")
    number = sql.sum("uses") if "uses" in verdicts.columns else sql.count(sql.lit(1))
    return verdicts.groupBy("issuer", "kid", hour, "name").agg(number.alias("count"))


def write_findings(
    frame: DataFrame, audit: Audit, folder: str, days: Iterable[Optional[datetime.date]]
) -> None:
    """Write the rows that were not valid when they were used as Parquet, each day (in UTC)
    into a folder ``day=YYYY-MM-DD`` of its own.

    A day is replaced as a whole, whatever was there, and other days stay. So a job that runs
    for yesterday every night can be run again, for the same day or for any other. A folder
    without ``_SUCCESS`` is one whose job did not end: run it again. ``None`` among the days
    stands for rows without a time, in ``day=unknown``.
    """
    for day in days:
        found = verdicts(frame.where(_is_of(frame, audit, day)), audit).where("not valid_at_use")
        name = "unknown" if day is None else day.isoformat()
        found.write.mode("overwrite").parquet(f"{folder}/day={name}")


def _is_of(frame: DataFrame, audit: Audit, day: Optional[datetime.date]) -> Column:
    time = sql.col(audit.time)
    if day is None:
        return time.isNull()
    bounds = [(at - _EPOCH) // datetime.timedelta(seconds=1) for at in (day, day + _DAY)]
    # Compared as they are, so that Spark reads only what it needs.
    if isinstance(frame.schema[audit.time].dataType, LongType):
        start, end = map(sql.lit, bounds)
    else:
        start, end = (sql.timestamp_seconds(sql.lit(at)) for at in bounds)
    return (time >= start) & (time < end)
