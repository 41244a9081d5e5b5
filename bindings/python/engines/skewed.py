"""A log of which half of the rows have one token and stand in one partition.

    skewed.py

Measures what that costs on Spark, and what counting before judging saves. Run by
``scripts/engines.sh --skew``.
"""

from __future__ import annotations

import pathlib
import tempfile
import time

import jot
import jot.audit
import jot.spark
import pyarrow
import pyarrow.parquet
from cluster import Cluster
from pyspark.sql import DataFrame

ROWS = 200_000
ROUNDS = 3


class Skewed:
    """A log of which half of the rows have one token and stand in one partition."""

    def __init__(self, folder: pathlib.Path, rows: int, hot_parts: int = 1) -> None:
        key = jot.SigningKey.generate("ES256", kid="1")
        now = 1_800_000_000
        claims = {"iss": "https://issuer", "exp": now + 1800}
        hot = jot.encode({**claims, "sub": "robot"}, key)
        others = [jot.encode({**claims, "sub": str(number)}, key) for number in range(rows // 2)]
        self.folder = folder
        folder.mkdir()
        parts = 12
        size = -(-len(others) // parts)
        for part in range(parts):
            tokens = others[part * size : (part + 1) * size]
            self.write(f"part-{part:02}", tokens, [now + number % 3600 for number in range(len(tokens))])
        share = -(-(rows // 2) // hot_parts)
        for part in range(hot_parts):
            count = min(share, rows // 2 - part * share)
            self.write(f"hot-{part:02}", [hot] * count, [now + number % 3600 for number in range(count)])
        self.audit = jot.audit.Audit({"https://issuer": key.public_keys()}, algorithms=["ES256"])
        self.rows = 2 * (rows // 2)

    def write(self, name: str, tokens: list[str], times: list[int]) -> None:
        table = pyarrow.table({"token": tokens, "time": times})
        path = self.folder / f"{name}.parquet"
        pyarrow.parquet.write_table(table, path, compression="zstd", row_group_size=len(tokens))


def seconds(frame: DataFrame, audit: jot.audit.Audit, is_counted: bool) -> float:
    judge = jot.spark.counted if is_counted else jot.spark.verdicts
    began = time.perf_counter()
    totals = jot.spark.totals(judge(frame, audit)).collect()
    passed = time.perf_counter() - began
    if sum(row["count"] for row in totals) != ROWS:
        raise SystemExit("skewed: rows were lost")
    return passed


def measure(folder: pathlib.Path, cluster: Cluster) -> None:
    session = cluster.session({"spark.sql.files.maxPartitionBytes": "512m"})
    for parts in (1, 12):
        skewed = Skewed(folder / f"log-{parts}", ROWS, parts)
        frame = session.read.parquet(str(skewed.folder))
        best = {True: float("inf"), False: float("inf")}
        for _ in range(1 + ROUNDS):
            for is_counted in best:
                best[is_counted] = min(best[is_counted], seconds(frame, skewed.audit, is_counted))
        print(f"hot rows in {parts}: plain {best[False]:.2f} s, counted {best[True]:.2f} s", flush=True)
    session.stop()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cluster = Cluster(folder, 2)
        try:
            measure(folder, cluster)
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
