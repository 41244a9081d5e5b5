"""Auditing on Apache Spark: ``mapInArrow`` with a picklable policy.

    import jot, jot.audit, jot.spark
    audit = jot.audit.Audit({"https://issuer": keys}, algorithms=["ES256"], audience="api")
    verdicts = jot.spark.verdicts(spark.read.parquet("logs/"), audit)
    jot.spark.totals(verdicts).show()

Each Python worker builds the verifier once. Spark itself repeats a task whose worker
was lost. The result depends only on the rows, so nothing is lost or counted twice. It
needs pyspark and pyarrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from pyspark.sql import DataFrame

_TYPES: dict[str, DataType] = {
    "int32": IntegerType(),
    "int64": LongType(),
    "string": StringType(),
    "bool": BooleanType(),
}


def schema(frame: DataFrame, audit: Audit) -> StructType:
    """Return the schema of the verdicts on the rows of a frame."""
    kept = [frame.schema[name] for name in audit.keep]
    made = [StructField(field.name, _TYPES[str(field.type)]) for field in verdict_fields()]
    return StructType([*kept, *made])


def verdicts(frame: DataFrame, audit: Audit) -> DataFrame:
    """Judge the rows of a frame: the columns ``keep`` of the audit, then those of
    :func:`jot.audit.verdict_fields`. Nothing runs until the result is requested."""
    return frame.select(*audit.columns).mapInArrow(audit, schema(frame, audit))


def totals(verdicts: DataFrame) -> DataFrame:
    """Count verdicts by issuer, key, hour of use and name."""
    hour = (sql.floor(sql.col("used_at") / 3600) * 3600).alias("hour")
    return verdicts.groupBy("issuer", "kid", hour, "name").count()
