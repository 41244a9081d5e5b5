"""Measures how the audit grows with workers, and writes it into docs/distributed.md.

    scaling.py PAGE

Run by ``scripts/engines.sh --scaling``.
"""

from __future__ import annotations

import datetime
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from functools import partial
from typing import Callable

import jot.audit
import jot.spark
import pyarrow.dataset
from cluster import Cluster
from conftest import Log
from pyspark.sql import DataFrame

LINES = 200_000
ROUNDS = 3
BACKENDS = ("aws-lc", "auto")


def rate(run: Callable[[], int], rows: int) -> float:
    """Return rows a second, the best of some rounds behind one that warms up."""
    best = 0.0
    for _ in range(1 + ROUNDS):
        began = time.perf_counter()
        accepted = run()
        best = max(best, rows / (time.perf_counter() - began))
        if accepted != rows:
            sys.exit(f"scaling: {accepted} of {rows} accepted")
    return best


def spark(frame: DataFrame, audit: jot.audit.Audit) -> int:
    return int(jot.spark.verdicts(frame, audit).where("valid_at_use").count())


def measured(folder: pathlib.Path) -> dict[str, list[float]]:
    log = Log(folder, LINES, "--clean", "--repeat", "1")
    audits = [
        jot.audit.Audit(log.audit.keys, **{**log.audit.rules, "backend": backend}) for backend in BACKENDS
    ]
    given = pyarrow.dataset.dataset(log.parquet)

    def alone(audit: jot.audit.Audit) -> int:
        batches = audit(given.to_batches(columns=audit.columns, batch_size=10_000))
        return sum(int(batch.column("valid_at_use").true_count) for batch in batches)

    found = {"one process, pyarrow alone": [rate(partial(alone, audit), log.rows) for audit in audits]}
    for workers in (1, 2):
        part = folder / f"spark-{workers}"
        part.mkdir()
        cluster = Cluster(part, workers)
        session = cluster.session({})
        frame = session.read.parquet(str(log.parquet))
        name = f"Spark, {workers} worker{'s' if workers > 1 else ''} of one core"
        found[name] = [rate(partial(spark, frame, audit), log.rows) for audit in audits]
        session.stop()
        cluster.stop()
    return found


def main() -> None:
    page = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        found = measured(pathlib.Path(folder))
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    lines = [
        f"{model[1] if model else 'unknown'}, two processors, {datetime.date.today().isoformat()}, commit "
        f"{commit.strip()}, `scripts/engines.sh --scaling`: {LINES:,} rows of Parquet in 24 files, as many",
        "tokens, half ES256 and half RS256; rows per second, from the files to the count of the accepted.",
        "",
        "| | " + " | ".join(f'`backend="{backend}"`' for backend in BACKENDS) + " |",
        "|---|--:|--:|",
        *(
            f"| {name} | " + " | ".join(f"{rate:,.0f}" for rate in rates) + " |"
            for name, rates in found.items()
        ),
    ]
    one, two = (next(rates for name, rates in found.items() if f"{count} worker" in name) for count in (1, 2))
    ratios = " and ".join(f"{second / first:.2f}x" for first, second in zip(one, two))
    lines += [
        "",
        f"Two workers against one: {ratios}. The driver and the master run on the same two processors.",
    ]
    begin, end = "<!-- scaling:begin -->\n", "<!-- scaling:end -->"
    before, rest = page.read_text().split(begin)
    page.write_text(before + begin + "\n".join(lines) + "\n" + end + rest.split(end)[1])


main()
