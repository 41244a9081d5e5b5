"""Batches in which each token is judged at its own instant."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from typing import Any, Optional

import jot
import numpy
import pyarrow
import pytest
from batches import found
from conftest import NOW

AS_OF: list[Any] = [
    list,
    tuple,
    lambda at: [datetime.datetime.fromtimestamp(one, datetime.timezone.utc) for one in at],
    lambda at: [one + 0.9 for one in at],
    numpy.array,
    lambda at: numpy.array(at, numpy.int32),
    lambda at: numpy.array(at * 2)[::2] if False else numpy.repeat(numpy.array(at), 2)[::2],
    lambda at: numpy.array(at, float),
    lambda at: numpy.array(at, "M8[s]").astype("M8[ns]"),
    pyarrow.array,
    lambda at: pyarrow.array([0, *at])[1:],
    lambda at: pyarrow.array(at, pyarrow.int64()).cast(pyarrow.timestamp("s")),
    lambda at: pyarrow.array([one * 10**9 + 5 for one in at], pyarrow.timestamp("ns", "UTC")),
    lambda at: pyarrow.chunked_array([at[:3], at[3:]]),
]


@pytest.mark.parametrize("form", AS_OF)
def test_each_row_is_judged_at_its_own_instant(
    form: Any, judge: jot.Verifier, tokens: list[Optional[str]]
) -> None:
    some = tokens[20:40]
    at = [NOW + 30] * len(some)
    at[3] = NOW + 1000
    wanted = [0 if row >= 11 and row != 3 else 692 for row in range(len(some))]
    assert found(judge, some, now=None, as_of=form(at)) == wanted
    column = pyarrow.chunked_array([some[:7], some[7:]])
    assert found(judge, column, now=None, as_of=form(at)) == wanted


UNKNOWN: list[Callable[[list[Optional[int]]], Any]] = [
    list,
    lambda at: numpy.array(at, "M8[s]"),
    lambda at: numpy.ma.array([one or 0 for one in at], mask=[one is None for one in at]),
    lambda at: numpy.ma.array([one or 7 for one in at], object, mask=[one is None for one in at]),
    pyarrow.array,
    lambda at: pyarrow.array([0, *at])[1:],
    lambda at: pyarrow.array([None, *at])[1:],
    lambda at: pyarrow.array(at, pyarrow.timestamp("s")),
    lambda at: pyarrow.array([one and one * 1000 + 5 for one in at], pyarrow.timestamp("ms")),
    lambda at: pyarrow.array([None, *(one and one * 10**9 for one in at)], pyarrow.timestamp("ns"))[1:],
    lambda at: pyarrow.chunked_array([at[:3], at[3:]]),
]


@pytest.mark.parametrize("without", [None, "numpy"])
@pytest.mark.parametrize("form", UNKNOWN)
def test_token_without_instant_is_never_accepted(
    form: Any, without: Optional[str], judge: jot.Verifier, hmac: jot.SigningKey, monkeypatch: Any
) -> None:
    good, late = jot.encode({"exp": NOW}, hmac), jot.encode({"exp": NOW - 9}, hmac)
    tokens = [good, good, late, late, None, "a.b.c", good[:-3] + "AAA", good]
    given = form([NOW - 1, None, NOW - 1, None, None, None, None, NOW])
    if without and type(given).__module__.startswith("pyarrow"):
        monkeypatch.delitem(sys.modules, without)
    wanted = [0, 695, 692, 695, 207, 301, 501, 692]
    wanted[5:7] = judge.verify_batch(tokens[5:7], now=NOW).codes
    assert found(judge, tokens, now=None, as_of=given) == wanted
    for column in (pyarrow.array(tokens), pyarrow.chunked_array([tokens[:1], [], tokens[1:4], tokens[4:]])):
        told = judge.verify_batch(column, as_of=given, columns=["time_ok", "expired_by_seconds"])
        assert told.column("code").to_pylist() == wanted
        assert told.column("time_ok").to_pylist() == [True, None, False, None, None, None, None, False]
        assert told.column("expired_by_seconds").to_pylist() == [None, None, 8, *[None] * 4, 0]


def test_column_without_any_instant(judge: jot.Verifier, hmac: jot.SigningKey) -> None:
    token = jot.encode({"exp": NOW}, hmac)
    for given in (pyarrow.nulls(2), pyarrow.nulls(2, pyarrow.timestamp("us", "UTC")), [None, None]):
        assert found(judge, [token, token], now=None, as_of=given) == [695, 695]


def test_instants_before_1970_round_towards_the_past(hmac: jot.SigningKey, judge: jot.Verifier) -> None:
    token = jot.encode({"exp": -5}, hmac)
    stamps = pyarrow.array([-5_500, -4_500], pyarrow.timestamp("ms"))
    assert found(judge, [token] * 2, now=None, as_of=stamps) == [0, 692]
    assert found(judge, [token] * 2, now=None, as_of=numpy.array([-5_500, -4_500], "M8[ms]")) == [0, 692]


@pytest.mark.parametrize(
    "wrong",
    [
        [1],
        [1, 2, 3],
        [1, "2"],
        [1, 2**63],
        numpy.array([1, 2**63 + 1], numpy.uint64),
    ],
    ids=repr,
)
def test_wrong_instants_are_refused(wrong: Any, judge: jot.Verifier) -> None:
    with pytest.raises((TypeError, ValueError)):
        judge.verify_batch(["a.b.c", "a.b.c"], as_of=wrong)


@pytest.mark.parametrize("wrong", [5, 5.0, datetime.datetime.now(datetime.timezone.utc)], ids=type)
def test_one_instant_for_all_is_now(wrong: Any, judge: jot.Verifier) -> None:
    with pytest.raises(
        TypeError, match=r"as_of must be a column of instants, not .*; one for all tokens is now"
    ):
        judge.verify_batch(["a.b.c"], as_of=wrong)
    with pytest.raises(TypeError, match="one dimension"):
        judge.verify_batch(["a.b.c"], as_of=numpy.array([[1]]))


def test_now_and_as_of_exclude_each_other(judge: jot.Verifier) -> None:
    with pytest.raises(ValueError, match="not both"):
        judge.verify_batch(["a"], now=1, as_of=[1])
