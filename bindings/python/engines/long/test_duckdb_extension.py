"""The extension for DuckDB, over the same log as every engine. No Python judges anything."""

from __future__ import annotations

import collections
import json
import os
from collections.abc import Iterator
from typing import Any

import duckdb
import jot.audit
import pytest
from conftest import RULES, Log


@pytest.fixture(scope="module")
def database(log: Log) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "2"}) as opened:
        opened.execute(f"LOAD '{os.environ['JOT_DUCKDB']}'")
        opened.execute("SELECT jot_policy('log', ?)", [rules(log)])
        assert opened.fetchall() == [(sum(len(keys) for keys in log.audit.keys.values()),)]
        yield opened


def rules(log: Log, **more: Any) -> str:
    # With their dates, which to_jwks leaves out.
    issuers = {issuer: json.loads(path.read_text()) for issuer, path in log.key_files.items()}
    named = {"algorithms": RULES["algorithms"], "audience": [RULES["audience"]]}
    return json.dumps({**named, "issuers": issuers, **more})


def test_totals_over_parquet(database: duckdb.DuckDBPyConnection, log: Log) -> None:
    found = database.execute(
        f"""SELECT v.issuer, v.kid, v.used_at // 3600 * 3600, v.name, count(*)
        FROM (SELECT jot_verdict('log', token, time) AS v FROM '{log.parquet}/*.parquet') GROUP BY ALL"""
    ).fetchall()
    assert collections.Counter({tuple(row[:-1]): row[-1] for row in found}) == log.totals


def test_every_column_is_that_of_jotctl(database: duckdb.DuckDBPyConnection, log: Log) -> None:
    names = [field.name for field in jot.audit.verdict_fields()]
    rows = database.execute(
        f"""SELECT {", ".join(f"v.{name}" for name in names)}
        FROM (SELECT line, jot_verdict('log', token, time) AS v FROM '{log.parquet}/*.parquet') ORDER BY line"""
    ).fetchall()
    theirs = zip(*(log.found.column(name).to_pylist() for name in names))
    assert len(rows) == log.rows
    for row, wanted in zip(rows, theirs):
        assert row == wanted


@pytest.mark.parametrize(
    "kind",
    ["make_timestamp(time * 1000000 + 999999)", "make_timestamp(time * 1000000)::TIMESTAMPTZ", "time"],
)
def test_kinds_of_times(kind: str, database: duckdb.DuckDBPyConnection, log: Log) -> None:
    database.execute("SET TimeZone = 'UTC'")
    found = database.execute(
        f"""SELECT v.used_at, time, v.name, jot_verdict('log', token, time).name
        FROM (SELECT *, jot_verdict('log', token, {kind}) AS v FROM '{log.parquet}/part-03.parquet')"""
    ).fetchall()
    assert found and all(used_at == time and one == other for used_at, time, one, other in found)


def test_nulls_have_verdicts_too(database: duckdb.DuckDBPyConnection, log: Log) -> None:
    found = database.execute(
        f"""SELECT v.name, v.used_at, v.valid_at_use, v.time_ok FROM
        (SELECT jot_verdict('log', token, NULL::BIGINT) AS v FROM '{log.parquet}/part-03.parquet')"""
    ).fetchall()
    assert "time_unknown" in {name for name, *_ in found}
    assert {tuple(rest) for _, *rest in found} == {(None, False, None)}
    one = "SELECT v.name, v.signature_ok, v.alg FROM (SELECT jot_verdict('log', {}, 5) AS v)"
    assert database.execute(one.format("NULL")).fetchall() == [("token_null", False, None)]
    assert database.execute(one.format("''")).fetchall() == [("token_empty", False, None)]
    assert database.execute(one.format("'a.b.c'")).fetchall() == [("header_encoding", False, None)]
    empty = "SELECT jot_verdict('log', t, 5) FROM (SELECT 'x' AS t WHERE false)"
    assert database.execute(empty).fetchall() == []


def test_mistakes_are_told(database: duckdb.DuckDBPyConnection) -> None:
    for query, words in [
        ("SELECT jot_verdict('other', 'a.b.c', 5)", "no policy is called"),
        ("SELECT jot_verdict(NULL, 'a.b.c', 5)", "the name of a policy"),
        ("SELECT jot_verdict(n, 'a.b.c', 5) FROM (VALUES ('log'), ('x')) AS t(n)", "one policy for all rows"),
        ("SELECT jot_policy('p', '{')", "the rules"),
        ("SELECT jot_policy('p', NULL)", "a name and rules"),
        ("""SELECT jot_policy('p', '{"algorithms":["none"]}')""", "no algorithm: none"),
    ]:
        with pytest.raises(duckdb.Error, match=words):
            database.execute(query).fetchall()
    # The database goes on.
    assert database.execute("SELECT 7").fetchall() == [(7,)]


def test_policy_is_replaced(database: duckdb.DuckDBPyConnection, log: Log) -> None:
    accepted = f"""SELECT count(*) FILTER (v.valid_at_use) FROM
        (SELECT jot_verdict('again', token, time) AS v FROM '{log.parquet}/part-03.parquet')"""
    counts = []
    for audience in (RULES["audience"], "nobody", RULES["audience"]):
        database.execute("SELECT jot_policy('again', ?)", [rules(log, audience=[audience])]).fetchall()
        counts += database.execute(accepted).fetchone() or []
    assert counts[0] == counts[2] > 0 and counts[1] == 0
