"""The columns that a batch fills, and what becomes of them in Arrow."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import Any, Callable

from . import _pool
from ._codes import Code
from ._errors import check
from ._header import (
    CLAIM_ISSUER,
    CLAIM_JWT_ID,
    CLAIM_SUBJECT,
    FROM_CACHE,
    HAS_EXP,
    HAS_IAT,
    HAS_NBF,
    KEY_STATES,
    NONE,
    REPEATED,
    SIGNATURE_OK,
    TIME_OK_UNKNOWN,
    UNVERIFIED_ALG,
    UNVERIFIED_KID,
    ColumnsOut,
    Failure,
    TextColumn,
)
from ._library import library

#: The columns of every batch, and how many bytes a row of each takes.
VERDICTS = (
    ("codes", 4),
    ("flags", 1),
    ("issuer_index", 4),
    ("key_index", 4),
    ("expires_at", 8),
    ("not_before", 8),
    ("issued_at", 8),
)
#: The like for those that are only there if they are asked for.
_AUDIT = {"time_ok": 1, "expired_by_seconds": 8, "key_state": 1}
_CLAIMS = {"iss": CLAIM_ISSUER, "sub": CLAIM_SUBJECT, "jti": CLAIM_JWT_ID}
_UNVERIFIED = {"unverified_alg": UNVERIFIED_ALG, "unverified_kid": UNVERIFIED_KID}


class Wanted:
    """The columns that were asked for by name."""

    def __init__(self, claims: object = (), columns: object = ()) -> None:
        self.claims = _named(claims, "claims", _CLAIMS)
        self.columns = _named(columns, "columns", {**_AUDIT, **_UNVERIFIED})
        #: Those of ``columns`` that are texts.
        self.unverified = tuple(name for name in self.columns if name in _UNVERIFIED)


def _named(names: object, argument: str, known: Iterable[str]) -> tuple[str, ...]:
    if isinstance(names, (str, bytes)) or not isinstance(names, Iterable):
        raise TypeError(f"{argument} must be several names")
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            raise ValueError(f"{argument} must be of {', '.join(known)}, not {name!r}")
    return wanted


class Output:
    """The columns that the library fills, and the texts that it keeps."""

    def __init__(self, rows: int, buffer: Callable[[int], tuple[object, int]], wanted: Wanted) -> None:
        self.rows = rows
        self.wanted = wanted
        #: The copied texts of each name, part by part.
        self.texts: dict[str, list[Any]] = {name: [] for name in (*wanted.claims, *wanted.unverified)}
        self.bits = {
            "claims": sum(_CLAIMS[name] for name in wanted.claims),
            "unverified": sum(_UNVERIFIED[name] for name in wanted.unverified),
        }
        self.columns = [*VERDICTS, *((name, _AUDIT[name]) for name in wanted.columns if name in _AUDIT)]
        self.buffers: list[object] = []
        self.places: list[int] = []
        for _, width in self.columns:
            made, at = buffer(max(rows * width, 1))
            self.buffers.append(made)
            self.places.append(at)

    def part(self, row: int) -> ColumnsOut:
        """The columns from a row onwards."""
        places = {name: at + row * width for (name, width), at in zip(self.columns, self.places)}
        return ColumnsOut(size=ctypes.sizeof(ColumnsOut), **self.bits, **places)

    def take_texts(self, batch: _pool.Batch) -> None:
        """Copy the texts of the part that the batch has just verified."""
        for name, texts in self.texts.items():
            column, why = TextColumn(size=ctypes.sizeof(TextColumn)), Failure(size=ctypes.sizeof(Failure))
            give = library.jot_batch_claim if name in _CLAIMS else library.jot_batch_unverified
            bit = _CLAIMS[name] if name in _CLAIMS else _UNVERIFIED[name]
            check(give(batch.handle, bit, ctypes.byref(column), ctypes.byref(why)), why)
            texts.append(_text_array(column))


def plain_buffer(size: int) -> tuple[object, int]:
    """Return memory of Python's, and where it is."""
    made = (ctypes.c_uint64 * ((size + 7) // 8))()
    return made, ctypes.addressof(made)


def arrow_buffer(size: int) -> tuple[object, int]:
    """Return a ``pyarrow.Buffer``, and where it is."""
    import pyarrow

    made = pyarrow.allocate_buffer(size)
    return made, int(made.address)


def _text_array(column: TextColumn) -> Any:
    import pyarrow

    places = (
        (column.validity, (column.rows + 7) // 8),
        (column.offsets, 8 * (column.rows + 1)),
        (column.data, column.data_len),
    )
    buffers = []
    for at, size in places:
        made, place = arrow_buffer(size)
        if size:
            ctypes.memmove(place, at, size)
        buffers.append(made)
    return pyarrow.Array.from_buffers(pyarrow.large_string(), column.rows, buffers)


def schema(claims: Iterable[str] = (), columns: Iterable[str] = ()) -> Any:
    """Return the ``pyarrow.Schema`` of the verdicts of Arrow columns."""
    import pyarrow

    wanted = Wanted(claims, columns)
    kinds = {
        "time_ok": pyarrow.bool_(),
        "expired_by_seconds": pyarrow.int64(),
        "key_state": pyarrow.string(),
        **dict.fromkeys(_UNVERIFIED, pyarrow.large_string()),
    }
    return pyarrow.schema(
        [
            pyarrow.field("code", pyarrow.uint32(), nullable=False),
            pyarrow.field("name", pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), nullable=False),
            pyarrow.field("accepted", pyarrow.bool_(), nullable=False),
            pyarrow.field("signature_ok", pyarrow.bool_(), nullable=False),
            pyarrow.field("from_cache", pyarrow.bool_(), nullable=False),
            pyarrow.field("repeated", pyarrow.bool_(), nullable=False),
            pyarrow.field("issuer_index", pyarrow.uint32()),
            pyarrow.field("key_index", pyarrow.uint32()),
            pyarrow.field("expires_at", pyarrow.int64()),
            pyarrow.field("not_before", pyarrow.int64()),
            pyarrow.field("issued_at", pyarrow.int64()),
            *(pyarrow.field(name, pyarrow.large_string()) for name in wanted.claims),
            *(pyarrow.field(name, kinds[name]) for name in wanted.columns),
        ]
    )


def record_batch(output: Output) -> Any:
    """Make a ``pyarrow.RecordBatch`` of what the library filled."""
    import pyarrow
    import pyarrow.compute as compute

    rows, plain = output.rows, {}
    kinds = {4: pyarrow.uint32(), 1: pyarrow.uint8(), 8: pyarrow.int64()}
    for buffer, (name, width) in zip(output.buffers, output.columns):
        plain[name] = pyarrow.Array.from_buffers(kinds[width], rows, [None, buffer])

    def octet(number: int) -> Any:
        return pyarrow.scalar(number, pyarrow.uint8())

    def flag(bit: int) -> Any:
        masked = compute.bit_wise_and(plain["flags"], octet(bit))
        return compute.not_equal(masked, octet(0))

    def has(code: Code) -> Any:
        return compute.equal(plain["codes"], pyarrow.scalar(int(code), pyarrow.uint32()))

    def where(column: Any, valid: Any) -> Any:
        # A boolean column and a validity bitmap have the same layout.
        return pyarrow.Array.from_buffers(column.type, rows, [valid.buffers()[1], column.buffers()[1]])

    def audit(name: str) -> Any:
        """Make a column that was asked for by name."""
        if name in _UNVERIFIED:
            return text(name)
        column = plain[name]
        if name == "time_ok":
            return where(compute.equal(column, octet(1)), compute.not_equal(column, octet(TIME_OK_UNKNOWN)))
        if name == "key_state":
            return pyarrow.array(KEY_STATES, pyarrow.string()).take(column)
        return where(column, has(Code.EXPIRED))

    def text(name: str) -> Any:
        texts = output.texts[name]
        return pyarrow.concat_arrays(texts) if texts else pyarrow.array([], pyarrow.large_string())

    none = pyarrow.scalar(NONE, pyarrow.uint32())
    numbers = pyarrow.array([int(code) for code in Code], pyarrow.uint32())
    names = pyarrow.array([code.name.lower() for code in Code])
    indices = compute.index_in(plain["codes"], value_set=numbers).cast(pyarrow.int32())
    return pyarrow.RecordBatch.from_arrays(
        [
            plain["codes"],
            pyarrow.DictionaryArray.from_arrays(indices, names),
            has(Code.ACCEPTED),
            flag(SIGNATURE_OK),
            flag(FROM_CACHE),
            flag(REPEATED),
            *(
                where(plain[name], compute.not_equal(plain[name], none))
                for name in ("issuer_index", "key_index")
            ),
            where(plain["expires_at"], flag(HAS_EXP)),
            where(plain["not_before"], flag(HAS_NBF)),
            where(plain["issued_at"], flag(HAS_IAT)),
            *map(text, output.wanted.claims),
            *map(audit, output.wanted.columns),
        ],
        schema=schema(output.wanted.claims, output.wanted.columns),
    )
