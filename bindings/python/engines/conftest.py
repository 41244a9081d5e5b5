"""A log, its keys, and what ``jotctl audit`` says of it."""

from __future__ import annotations

import collections
import json
import os
import pathlib
import subprocess
from typing import Any

import jot
import jot.audit
import pyarrow
import pyarrow.parquet
import pytest

LINES = int(os.environ.get("JOT_ENGINE_LINES", "60000"))
FILES = 24
RULES: dict[str, Any] = {"algorithms": ["ES256", "RS256"], "audience": "api"}


def jotctl(*arguments: str) -> None:
    done = subprocess.run([os.environ["JOTCTL"], *arguments], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr


class Log:
    """Parquet files, and the totals of ``jotctl audit`` on them."""

    def __init__(self, folder: pathlib.Path, lines: int = LINES, *options: str) -> None:
        made = folder / "log"
        jotctl("gen-log", "--out", str(made), "--lines", str(lines), *options)
        self.parquet = folder / "parquet"
        self.parquet.mkdir()
        self.write(made / "access.ndjson")
        issuers = {f"https://{path.stem}.example": path for path in sorted((made / "keys").iterdir())}
        self.key_files = issuers
        keys = {
            issuer: jot.KeySet.from_jwks(path.read_text(), dated=True) for issuer, path in issuers.items()
        }
        self.audit = jot.audit.Audit(keys, keep=["line"], **RULES)
        rows = folder / "rows.parquet"
        named = [part for issuer, path in issuers.items() for part in ("--keys", f"{issuer}={path}")]
        algorithms = ["--alg", ",".join(RULES["algorithms"]), "--aud", RULES["audience"]]
        where = ["--token", "token", "--time", "time", "--out", str(rows), "--quiet"]
        jotctl("audit", str(self.parquet), *named, *algorithms, *where)
        found = pyarrow.parquet.read_table(rows)
        self.found = found
        self.totals = totals(found)
        self.rows = found.num_rows

    def write(self, lines: pathlib.Path) -> None:
        """Write what can be read of a log as Parquet, in some files."""
        rows = []
        for number, line in enumerate(lines.read_bytes().splitlines()):
            try:
                record = json.loads(line)
                token = record["authorization"]
                time = pyarrow.scalar(record["time"]).cast(pyarrow.timestamp("us", "UTC")).value // 10**6
            except (ValueError, KeyError, TypeError):
                continue
            bare = token[7:] if isinstance(token, str) and token[:7] == "Bearer " else None
            rows.append({"line": number, "token": bare, "time": time})
        table = pyarrow.Table.from_pylist(rows)
        size = -(-len(rows) // FILES)
        for part in range(FILES):
            file = self.parquet / f"part-{part:02}.parquet"
            # Not snappy: Spark's library for it takes a system that has musl
            # beside glibc for one of musl alone, and then does not load.
            pyarrow.parquet.write_table(table.slice(part * size, size), file, compression="zstd")


def totals(table: pyarrow.Table) -> collections.Counter[tuple[Any, ...]]:
    """Count verdicts by issuer, key, hour and name."""
    columns = (table.column(name).to_pylist() for name in ("issuer", "kid", "used_at", "name"))
    return collections.Counter(
        (issuer, kid, at // 3600 * 3600, name) for issuer, kid, at, name in zip(*columns)
    )


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return Log(tmp_path_factory.mktemp("engines"))
