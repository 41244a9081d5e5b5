"""What says wrong things of its memory is never read past its end: columns of Arrow
whose buffers do not fit, and classes of Python that lie about themselves."""

from __future__ import annotations

import base64
import struct
import sys
from typing import Any, Callable, Optional

import jot
import numpy
import pyarrow
import pytest
from conftest import NOW

BATCH_INVALID = 130


@pytest.fixture(scope="module")
def token(hmac: jot.SigningKey) -> str:
    return jot.encode({"exp": NOW + 60}, hmac)


def codes(judge: jot.Verifier, column: Any) -> list[int]:
    out = judge.verify_batch(column, now=NOW)
    if isinstance(out, pyarrow.RecordBatch):
        return out.column("code").to_pylist()  # type: ignore[no-any-return]
    return [int(code) for code in out.codes]


def refused(judge: jot.Verifier, column: Any) -> tuple[int, str]:
    """Return the code and the buffer that the refusal names."""
    with pytest.raises(jot.InvalidArgument) as caught:
        judge.verify_batch(column, now=NOW)
    return int(caught.value.code), caught.value.argument


def buffer(octets: bytes) -> Any:
    return pyarrow.py_buffer(octets)


def plain(kind: str, offsets: list[int], data: bytes, rows: int, **rest: Any) -> Any:
    """Make a column of offsets into data, whatever they are."""
    letter, arrow = {"32": ("i", pyarrow.binary()), "64": ("q", pyarrow.large_binary())}[kind]
    packed = struct.pack(f"{len(offsets)}{letter}", *offsets)
    buffers = [rest.pop("validity", None), buffer(packed), buffer(data)]
    return pyarrow.Array.from_buffers(arrow, rows, buffers, **rest)


# What pyarrow itself refuses to make, buffers that are too short among it, does not
# come this way; tests/c/batch.c has it.


@pytest.mark.parametrize("kind", ["32", "64"])
@pytest.mark.parametrize(
    "offsets",
    [[0, -1, 4], [4, 2, 4], [0, 5, 4], [0, 2**31 - 1, 4], [0, -(2**31), 4], [3, 0, 4]],
    ids=str,
)
def test_offsets_that_do_not_fit_are_refused(kind: str, offsets: list[int], judge: jot.Verifier) -> None:
    assert refused(judge, plain(kind, offsets, b"a.b.", 2)) == (BATCH_INVALID, "offsets")
    column = plain(kind, [0, 0, *offsets], b"a.b.", 2, offset=2)
    assert refused(judge, column) == (BATCH_INVALID, "offsets")


def view(length: int, index: int = 0, offset: int = 0) -> bytes:
    return struct.pack("i4sii", length, b"abcd", index, offset)


@pytest.mark.parametrize("kind", [pyarrow.string_view(), pyarrow.binary_view()], ids=str)
@pytest.mark.parametrize(
    "views, data",
    [
        ([view(20, 0, 2**30)], [bytes(40)]),
        ([view(20, 0, 21)], [bytes(40)]),
        ([view(20, 0, -1)], [bytes(40)]),
        ([view(41)], [bytes(40)]),
        ([view(2**31 - 1)], [bytes(40)]),
        ([view(-1)], [bytes(40)]),
        ([view(-(2**31))], [bytes(40)]),
        ([view(20, 1)], [bytes(40)]),
        ([view(20, -1)], [bytes(40)]),
        ([view(20, 2**31 - 1)], [bytes(40), bytes(40)]),
        ([view(20)], []),
    ],
)
def test_view_that_points_nowhere_is_refused(
    kind: Any, views: list[bytes], data: list[bytes], judge: jot.Verifier
) -> None:
    column = pyarrow.Array.from_buffers(
        kind, 1, [None, buffer(b"".join(views)), *map(buffer, data)], null_count=0
    )
    assert refused(judge, column) == (BATCH_INVALID, "views")


def test_sound_views_are_read_in_every_buffer(judge: jot.Verifier, token: str) -> None:
    octets = token.encode()
    views = [
        view(len(octets), 1, 3),
        view(3, -9, -9),
        view(len(octets), 0, 0),
        view(12, 7, 7),
        view(-5, 9, 9),
    ]
    data = [octets, b"xyz" + octets]
    bits = buffer(bytes([0b01111]))
    column = pyarrow.Array.from_buffers(
        pyarrow.binary_view(), 5, [bits, buffer(b"".join(views)), *map(buffer, data)], null_count=1
    )
    whole = [octets, b"abc", octets, b"abcd" + struct.pack("ii", 7, 7), None]
    assert codes(judge, column) == codes(judge, whole)
    assert codes(judge, column)[0] == codes(judge, column)[2] == 0
    assert codes(judge, column[2:]) == codes(judge, column)[2:]


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_index_that_points_nowhere_is_refused(kind: str, judge: jot.Verifier, token: str) -> None:
    words, index = pyarrow.array([token, "a.b.c", None]), getattr(pyarrow, kind)()
    most = numpy.iinfo(kind).max
    wrong = [3, most] if kind[0] == "u" else [3, most, -1, numpy.iinfo(kind).min]
    for one in wrong:
        picks = pyarrow.array([0, one], index)
        column = pyarrow.DictionaryArray.from_arrays(picks, words, safe=False)
        assert refused(judge, column) == (BATCH_INVALID, "indices")
        # Nobody looks at what stands under a null.
        masked = pyarrow.DictionaryArray.from_arrays(
            pyarrow.Array.from_buffers(index, 2, [buffer(b"\x01"), picks.buffers()[1]]), words, safe=False
        )
        assert codes(judge, masked) == [0, 207]
    sound = pyarrow.DictionaryArray.from_arrays(pyarrow.array([2, 1, 0], index), words)
    assert codes(judge, sound) == [207, codes(judge, ["a.b.c"])[0], 0]


def test_words_that_do_not_fit_are_refused(judge: jot.Verifier) -> None:
    picks = pyarrow.array([0, 0], pyarrow.int32())
    wrong = [
        (plain("32", [0, 9, 4], b"a.b.", 2), "offsets"),
        (plain("64", [3, 0, 4], b"a.b.", 2), "offsets"),
        (pyarrow.Array.from_buffers(pyarrow.string_view(), 1, [None, buffer(view(20, 3))]), "views"),
    ]
    for words, named in wrong:
        column = pyarrow.DictionaryArray.from_arrays(picks, words, safe=False)
        assert refused(judge, column) == (BATCH_INVALID, named)


def test_dictionaries_in_dictionaries_are_read_to_a_depth(judge: jot.Verifier, token: str) -> None:
    column: Any = pyarrow.array([token])
    for depth in range(6):
        assert (codes(judge, column) if depth <= 4 else refused(judge, column)[1]) == (
            [0] if depth <= 4 else "dictionary"
        )
        column = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0], pyarrow.int8()), column)


class Lying:
    """Says that it is long."""

    def __len__(self) -> int:
        return 10**9

    def __bytes__(self) -> bytes:
        return LyingBytes(b"other")

    def __iter__(self) -> Any:
        return iter([])

    def __getitem__(self, _: Any) -> Any:
        return 7

    def encode(self, *_: Any) -> bytes:
        return LyingBytes(b"other")


class LyingBytes(Lying, bytes):
    pass


class LyingArray(Lying, bytearray):
    pass


class LyingText(Lying, str):
    pass


LIARS: list[Callable[[str], Any]] = [
    lambda text: LyingBytes(text.encode()),
    lambda text: LyingArray(text.encode()),
    LyingText,
]


@pytest.mark.parametrize("liar", LIARS)
def test_lengths_are_those_of_the_memory(
    liar: Callable[[str], Any], judge: jot.Verifier, token: str, hmac: jot.SigningKey
) -> None:
    assert judge.verify(liar(token), NOW)["exp"] == NOW + 60
    assert judge.judge(liar(token), NOW).code == 0
    assert codes(judge, [liar(token), token, None, liar("a.b.c")])[:2] == [0, 0]
    assert jot.decode_unverified(liar(token)).claims == {"exp": NOW + 60}
    signed = jot.encode_payload(liar("x" * 40), hmac)
    payload = signed.split(".")[1]
    assert base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) == b"x" * 40
    assert jot.encode(liar('{"exp":1}'), hmac) == jot.encode('{"exp":1}', hmac)
    assert len(jot.KeySet.from_jwk(liar(hmac.to_jwk()))) == 1
    if not isinstance(liar("a"), str):
        assert len(jot.KeySet.from_secret(liar("s" * 32), alg="HS256")) == 1
        assert jot.encode({}, liar("s" * 32)) == jot.encode({}, b"s" * 32)


def test_list_that_lies_about_its_length_is_taken_as_it_is(judge: jot.Verifier, token: str) -> None:
    class Long(list):  # type: ignore[type-arg]
        def __len__(self) -> int:
            return 10**6

    assert codes(judge, Long([token, token])) == [0, 0]
    with pytest.raises(ValueError, match="as_of has 1 instants for 2 tokens"):
        judge.verify_batch([token, token], as_of=Long([NOW]))


@pytest.mark.parametrize("without", [None, "numpy"])
def test_empty_columns_need_no_buffers(without: Optional[str], judge: jot.Verifier, monkeypatch: Any) -> None:
    if without:
        monkeypatch.delitem(sys.modules, without)
    for kind in (pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()):
        assert codes(judge, pyarrow.array([], kind)) == []
        assert codes(judge, pyarrow.array(["a.b"], kind)[1:]) == []


MASKED: list[Callable[[list[str]], Any]] = [
    lambda rows: numpy.ma.array([row.encode() for row in rows], mask=[0, 1, 0]),
    lambda rows: numpy.ma.array(rows, mask=[0, 1, 0]),
    lambda rows: numpy.ma.array(rows, object, mask=[0, 1, 0]),
    lambda rows: numpy.ma.array(
        [(row.encode(), row) for row in rows], [("s", "S999"), ("u", "U999")], mask=[(0, 0), (1, 1), (0, 0)]
    )["s"],
    lambda rows: numpy.ma.array([(row,) for row in rows], [("u", "U999")], mask=[(0,), (1,), (0,)])["u"],
    lambda rows: numpy.ma.array([*rows[:1], "?", *rows[1:]], mask=[0, 1, 1, 0])[[0, 2, 3]],
    lambda rows: numpy.ma.array([row.encode() for row in rows * 2], mask=[0, 0, 1, 0, 0, 0])[::2],
]


@pytest.mark.parametrize("form", MASKED)
def test_masked_row_has_no_token(form: Any, judge: jot.Verifier, token: str) -> None:
    assert codes(judge, form([token] * 3)) == [0, 207, 0]


def test_array_without_a_mask_has_every_token(judge: jot.Verifier, token: str) -> None:
    assert codes(judge, numpy.ma.array([token.encode()] * 2)) == [0, 0]


def test_masked_instants_are_unknown(judge: jot.Verifier, token: str) -> None:
    out = judge.verify_batch([token] * 2, as_of=numpy.ma.array([NOW, NOW], mask=[0, 1]))
    assert list(out.codes) == [0, 695]
    assert codes(judge, numpy.ma.array([token])) == [0]
    out = judge.verify_batch([token], as_of=numpy.ma.array([NOW], mask=[0]))
    assert out.accepted == 1
