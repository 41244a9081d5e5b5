"""Batches: every form of column, threads, claims beside the verdicts."""

from __future__ import annotations

import copy
import pickle
import sys
import threading
from typing import Any, Optional

import jot
import jot.batch
import numpy
import pyarrow
import pytest
from batches import found
from conftest import NOW, ROWS


@pytest.fixture(scope="module")
def codes(judge: jot.Verifier, tokens: list[Optional[str]]) -> list[int]:
    at = NOW + 100
    return [207 if token is None else int(judge.judge(token, at).code) for token in tokens]


ARROW = [
    pyarrow.string(),
    pyarrow.large_string(),
    pyarrow.binary(),
    pyarrow.large_binary(),
    pyarrow.string_view(),
    pyarrow.binary_view(),
]


@pytest.mark.parametrize("kind", ARROW, ids=str)
def test_arrow_column_is_read_where_it_is(
    kind: Any, judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int]
) -> None:
    column = pyarrow.array(tokens, kind)
    assert found(judge, column) == codes
    assert found(judge, column[3:250]) == codes[3:250]
    assert found(judge, column[5:6]) == [207]
    assert found(judge, column[7:7]) == []
    chunks = pyarrow.chunked_array([column[2:9], column[9:9], column[100:]])
    assert found(judge, chunks) == codes[2:9] + codes[100:]


@pytest.mark.parametrize("kind", [pyarrow.string(), pyarrow.large_string(), pyarrow.binary()], ids=str)
@pytest.mark.parametrize("index", [pyarrow.int8(), pyarrow.int32(), pyarrow.uint64()], ids=str)
def test_dictionary_points_at_its_words(
    kind: Any, index: Any, judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int]
) -> None:
    words = pyarrow.array(tokens[:100], kind)
    picks = [row % 100 for row in range(0, 500, 3)]
    chosen: list[Optional[int]] = [None if pick == 50 else pick for pick in picks]
    column = pyarrow.DictionaryArray.from_arrays(pyarrow.array(chosen, index), words)
    wanted = [207 if pick == 50 else codes[pick] for pick in picks]
    assert found(judge, column) == wanted
    assert found(judge, column[10:99]) == wanted[10:99]
    sliced = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0, 1], index), words[5:7])
    assert found(judge, sliced) == codes[5:7]


def test_chunks_of_dictionaries_have_words_of_their_own(
    judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int]
) -> None:
    column = pyarrow.chunked_array(
        [pyarrow.array(part).dictionary_encode() for part in (tokens[:9], tokens[90:])]
    )
    assert found(judge, column) == codes[:9] + codes[90:]


def test_null_column_has_no_token(judge: jot.Verifier) -> None:
    assert found(judge, pyarrow.nulls(3)) == [207] * 3


@pytest.mark.parametrize("without", ["numpy", "pyarrow", "both"])
def test_columns_are_read_without_numpy_and_pyarrow(
    without: str, judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int], monkeypatch: Any
) -> None:
    views = pyarrow.array(tokens, pyarrow.string_view())
    for module in ("numpy", "pyarrow"):
        if without in (module, "both"):
            monkeypatch.delitem(sys.modules, module)
    if without == "numpy":
        assert found(judge, views) == codes
        assert found(judge, views[3:77]) == codes[3:77]
        stamps = pyarrow.array([NOW * 1000 + 100_001] * ROWS, pyarrow.timestamp("ms"))
        assert found(judge, views, now=None, as_of=stamps) == codes
    out = judge.verify_batch(tokens, now=NOW + 100)
    assert [int(code) for code in out.codes] == codes
    assert isinstance(out.codes, numpy.ndarray if without == "pyarrow" else memoryview)


def test_lists_of_text_and_bytes(judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int]) -> None:
    octets = [None if token is None else token.encode() for token in tokens]
    assert found(judge, tokens) == found(judge, tuple(octets)) == found(judge, iter(tokens)) == codes
    assert found(judge, tokens[9:190]) == codes[9:190]
    mixed = [octet if row % 2 else token for row, (token, octet) in enumerate(zip(tokens, octets))]
    assert found(judge, mixed) == codes
    assert found(judge, [None if token is None else bytearray(token) for token in octets]) == codes
    strange = ["é.b.c", *tokens[9:20], "a\ud800"]
    assert found(judge, strange)[1:-1] == codes[9:20]
    assert found(judge, []) == []


def test_numpy_columns(judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int]) -> None:
    full = [token or "" for token in tokens]
    wanted = [200 if code == 207 else code for code in codes]
    for column in (numpy.array(full), numpy.array([token.encode() for token in full])):
        assert found(judge, column) == wanted
        assert found(judge, column[10:90:3]) == wanted[10:90:3]
        assert found(judge, column[::-1]) == wanted[::-1]
    assert found(judge, numpy.array(tokens, object)) == codes
    with pytest.raises(TypeError, match="one dimension"):
        judge.verify_batch(numpy.array([full]))


def test_column_of_another_library_comes_by_the_c_data_interface(
    judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int]
) -> None:
    class Stream:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return pyarrow.chunked_array([pyarrow.array(tokens)]).__arrow_c_stream__(requested_schema)

    class Array:
        def __arrow_c_array__(self, requested_schema: object = None) -> object:
            return pyarrow.array(tokens).__arrow_c_array__(requested_schema)

    assert found(judge, Stream()) == found(judge, Array()) == codes


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        5,
        "a.b.c",
        b"a.b.c",
        bytearray(b"a"),
        pyarrow.array([1, 2]),
        pyarrow.array([["a"]]),
        [1],
        ["a", 5],
        [[]],
    ],
    ids=repr,
)
def test_what_is_no_column_of_tokens_is_refused(wrong: Any, judge: jot.Verifier) -> None:
    with pytest.raises(TypeError):
        judge.verify_batch(wrong)


def test_column_that_lies_about_its_offsets_is_refused(judge: jot.Verifier) -> None:
    offsets = pyarrow.array([0, 2**30, 4], pyarrow.int32())
    lying = pyarrow.Array.from_buffers(
        pyarrow.string(), 2, [None, offsets.buffers()[1], pyarrow.py_buffer(b"abcd")]
    )
    with pytest.raises(jot.InvalidArgument, match="batch_invalid"):
        judge.verify_batch(lying)


def test_record_batch_says_all_of_each_row(judge: jot.Verifier, hmac: jot.SigningKey) -> None:
    good = jot.encode({"exp": NOW + 9, "iat": NOW, "nbf": NOW - 1}, hmac)
    out = judge.verify_batch(pyarrow.array([good, None, good, good[:-3] + "AAA"]), now=NOW)
    first, none, again, bad = out.to_pylist()
    whole = {
        "code": 0,
        "name": "accepted",
        "accepted": True,
        "signature_ok": True,
        "from_cache": False,
        "repeated": False,
        "issuer_index": 0,
        "key_index": 0,
        "expires_at": NOW + 9,
        "not_before": NOW - 1,
        "issued_at": NOW,
    }
    assert first == whole and again == {**whole, "repeated": True}
    assert (none["name"], none["key_index"], none["expires_at"]) == ("token_null", None, None)
    assert (bad["name"], bad["signature_ok"], bad["key_index"]) == ("signature_invalid", False, None)
    assert out.schema == jot.batch.schema()


@pytest.mark.parametrize("threads", [1, 2])
def test_claims_stand_beside_the_verdicts(threads: int, judge: jot.Verifier, hmac: jot.SigningKey) -> None:
    alice = jot.encode({"sub": "alicé", "jti": 5, "exp": NOW + 9}, hmac)
    late = jot.encode({"sub": "", "jti": "j", "iss": "i", "exp": NOW - 9}, hmac)
    rows = [alice, None, late, alice, alice[:-3] + "AAA"]
    column = pyarrow.chunked_array([rows, [late], pyarrow.array([], pyarrow.string())])
    for _ in range(2):
        out = judge.verify_batch(column, now=NOW, threads=threads, claims=["jti", "sub"])
        out.validate(full=True)
        assert out.schema == jot.batch.schema(["jti", "sub"])
        assert out.column("sub").to_pylist() == ["alicé", None, "", "alicé", None, ""]
        assert out.column("jti").to_pylist() == [None, None, "j", None, None, "j"]
    assert "sub" not in judge.verify_batch(column, now=NOW).schema.names
    issuers = judge.verify_batch(column, now=NOW, claims=("iss",)).column("iss")
    assert issuers.to_pylist() == [None, None, "i", None, None, "i"]
    empty = judge.verify_batch(pyarrow.chunked_array([], pyarrow.string()), claims=("iss",))
    assert empty.column("iss").to_pylist() == []


@pytest.mark.parametrize(
    ("claims", "kind"), [("sub", TypeError), (5, TypeError), (["aud"], ValueError), ([None], ValueError)]
)
def test_wrong_claims_are_refused(claims: Any, kind: type[Exception], judge: jot.Verifier) -> None:
    with pytest.raises(kind, match="claims must be"):
        judge.verify_batch(pyarrow.array(["a.b.c"]), claims=claims)


def test_claims_are_for_arrow_alone(judge: jot.Verifier) -> None:
    with pytest.raises(TypeError, match="claims are for Arrow"):
        judge.verify_batch(["a.b.c"], claims=["sub"])


def test_verdicts_give_rows(judge: jot.Verifier, hmac: jot.SigningKey) -> None:
    good = jot.encode({"exp": NOW + 9}, hmac)
    out = judge.verify_batch([good, good, "a.b.c"], now=NOW)
    assert (len(out), out.accepted, out.distinct) == (3, 2, 2)
    assert out[1].repeated and out[1].expires_at == NOW + 9 and out[1].issued_at is None
    assert [row.code.name for row in out] == ["ACCEPTED", "ACCEPTED", "HEADER_ENCODING"]


@pytest.mark.parametrize("without", [None, "numpy"])
def test_verdicts_survive_a_pickle(
    without: Optional[str], judge: jot.Verifier, tokens: list[Optional[str]], monkeypatch: Any
) -> None:
    if without:
        monkeypatch.delitem(sys.modules, without)
    out = judge.verify_batch(tokens, now=NOW + 100)
    for made in (pickle.loads(pickle.dumps(out)), copy.deepcopy(out)):
        assert list(made) == list(out)
        assert (made.accepted, made.distinct, len(made)) == (out.accepted, out.distinct, ROWS)
        assert type(made.codes) is (memoryview if without else numpy.ndarray)
    assert list(pickle.loads(pickle.dumps(judge.verify_batch([])))) == []
    assert repr(out) == f"<jot.Verdicts rows={ROWS} accepted={out.accepted} distinct={out.distinct}>"


@pytest.mark.parametrize("threads", [1, 2, 7, None])
def test_answer_is_the_same_with_any_number_of_threads(
    threads: Optional[int], judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int]
) -> None:
    assert found(judge, tokens * 9, threads=threads) == codes * 9


@pytest.mark.parametrize(
    ("threads", "kind"),
    [(0, ValueError), (-1, ValueError), (5000, ValueError), ("2", TypeError), (True, TypeError)],
)
def test_wrong_number_of_threads_is_refused(threads: Any, kind: type[Exception], judge: jot.Verifier) -> None:
    with pytest.raises(kind, match="threads"):
        judge.verify_batch(["a"], threads=threads)


def test_batches_run_beside_each_other(
    judge: jot.Verifier, tokens: list[Optional[str]], codes: list[int]
) -> None:
    results: list[list[int]] = []

    def work() -> None:
        for _ in range(5):
            results.append(found(judge, tokens * 4))

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert results == [codes * 4] * 30
