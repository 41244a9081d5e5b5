"""The tokens of a batch, where the caller has them.

Bytes and Arrow columns are not copied. Each kind becomes a list of parts, each
of which the library takes in one call.
"""

from __future__ import annotations

import array
import ctypes
import itertools
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Callable, Optional

from ._library import ARROW32, ARROW64, SLICES, TokenColumn
from ._values import octets


class Part:
    """Some rows of tokens, and what keeps their memory."""

    __slots__ = ("column", "kept", "rows")

    def __init__(self, layout: int, rows: int, kept: tuple[object, ...], **places: int) -> None:
        self.rows = rows
        self.kept = kept
        self.column = TokenColumn(size=ctypes.sizeof(TokenColumn), layout=layout, rows=rows, **places)


def parts(tokens: Any) -> list[Part]:
    """Return the tokens as parts.

    Raises ``TypeError`` for what is no column of tokens.
    """
    if isinstance(tokens, (str, bytes, bytearray, memoryview)):
        raise TypeError("tokens must be several; for one token use Verifier.verify")
    if isinstance(tokens, (list, tuple)):
        return [_of_list(tokens)]
    pyarrow, numpy = sys.modules.get("pyarrow"), sys.modules.get("numpy")
    if pyarrow is not None:
        if isinstance(tokens, pyarrow.ChunkedArray):
            return [_of_arrow(pyarrow, chunk) for chunk in tokens.chunks]
        if isinstance(tokens, pyarrow.Array):
            return [_of_arrow(pyarrow, tokens)]
    if numpy is not None and isinstance(tokens, numpy.ndarray):
        return [_of_numpy(numpy, tokens)]
    if hasattr(tokens, "__arrow_c_stream__") or hasattr(tokens, "__arrow_c_array__"):
        return parts(as_arrow(tokens))
    if isinstance(tokens, Iterable):
        return [_of_list(list(tokens))]
    raise TypeError(f"tokens must be a list, numpy or pyarrow column, not {type(tokens).__name__}")


def as_arrow(column: Any) -> Any:
    """Take over a column of whatever speaks Arrow's C data interface."""
    import pyarrow

    if hasattr(column, "__arrow_c_stream__"):
        return pyarrow.chunked_array(column)
    return pyarrow.array(column)


def is_arrow(tokens: Any) -> bool:
    """Whether verdicts are wanted as a RecordBatch."""
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is not None and isinstance(tokens, (pyarrow.Array, pyarrow.ChunkedArray)):
        return True
    return hasattr(tokens, "__arrow_c_stream__") or hasattr(tokens, "__arrow_c_array__")


def _slices(rows: int, starts: Any, lengths: Any, *kept: object) -> Part:
    """Make slices of where tokens begin and how long they are."""
    views = array.array("Q", bytes(16 * rows))
    views[0::2] = array.array("Q", starts)
    views[1::2] = array.array("Q", lengths)
    return Part(SLICES, rows, (views, *kept), slices=views.buffer_info()[0])


def _of_octets(tokens: list[Optional[bytes]]) -> Part:
    starts = (ctypes.c_char_p * len(tokens))(*tokens)
    at = memoryview(starts).cast("B").cast("Q") if tokens else []
    lengths = (0 if token is None else len(token) for token in tokens)
    return _slices(len(tokens), at, lengths, starts, tokens)


def _of_list(tokens: Any) -> Part:
    rows = len(tokens)
    kinds = set(map(type, tokens))
    if kinds <= {bytes, type(None)}:
        return _of_octets(tokens)
    if kinds == {str}:
        joined = "".join(tokens)
        if joined.isascii():
            data = joined.encode()
            offsets = array.array("q", itertools.accumulate(map(len, tokens), initial=0))
            return Part(
                ARROW64,
                rows,
                (data, offsets),
                data=_place(data),
                data_len=len(data),
                offsets=offsets.buffer_info()[0],
            )
    return _of_octets([None if token is None else octets(token, "a token") for token in tokens])


def _place(content: bytes) -> int:
    # A view of C keeps the bytes where they are, and is only asked for it.
    return ctypes.cast(ctypes.c_char_p(content), ctypes.c_void_p).value or 0


def _of_numpy(numpy: Any, tokens: Any) -> Part:
    if tokens.ndim != 1:
        raise TypeError(f"tokens must have one dimension, not {tokens.ndim}")
    if tokens.dtype.kind == "S" and tokens.dtype.itemsize:
        rows = len(tokens)
        first = tokens.__array_interface__["data"][0]
        views = numpy.empty((rows, 2), numpy.uint64)
        steps = numpy.arange(rows, dtype=numpy.int64) * tokens.strides[0] + first
        views[:, 0] = steps.astype(numpy.uint64)
        views[:, 1] = numpy.char.str_len(tokens)
        return Part(SLICES, rows, (views, tokens), slices=views.ctypes.data)
    return _of_list(tokens.tolist())


def _address(buffer: Any) -> int:
    return 0 if buffer is None else int(buffer.address)


def _of_arrow(pyarrow: Any, tokens: Any) -> Part:
    kind, types = tokens.type, pyarrow.types
    if types.is_string(kind) or types.is_binary(kind):
        return _of_offsets(tokens, ARROW32)
    if types.is_large_string(kind) or types.is_large_binary(kind):
        return _of_offsets(tokens, ARROW64)
    if types.is_dictionary(kind):
        return _of_dictionary(pyarrow, tokens)
    if getattr(types, "is_string_view", _never)(kind) or getattr(types, "is_binary_view", _never)(kind):
        return _of_views(tokens)
    if types.is_null(kind):
        return _of_octets([None] * len(tokens))
    raise TypeError(f"tokens must be a column of strings or binaries, not {kind}")


def _never(_: object) -> bool:
    return False


def _of_offsets(tokens: Any, layout: int) -> Part:
    validity, offsets, data = tokens.buffers()
    if len(tokens) == 0 or offsets is None:
        return _of_octets([None] * len(tokens))
    return Part(
        layout,
        len(tokens),
        (tokens,),
        data=_address(data),
        data_len=0 if data is None else data.size,
        offsets=_address(offsets),
        validity=_address(validity),
        offset=tokens.offset,
    )


def _of_dictionary(pyarrow: Any, tokens: Any) -> Part:
    """Point each row at its token in the dictionary."""
    words, indices = _pointers(pyarrow, tokens.dictionary), tokens.indices.to_pylist()
    starts, lengths = zip(*words) if words else ((), ())
    rows = len(tokens)
    return _slices(
        rows,
        (0 if index is None else starts[index] for index in indices),
        (0 if index is None else lengths[index] for index in indices),
        tokens,
    )


def _pointers(pyarrow: Any, words: Any) -> list[tuple[int, int]]:
    """Return where each word of a dictionary begins, and how long it is."""
    part = _of_arrow(pyarrow, words)
    if part.column.layout == SLICES:
        flat: Any = (
            (ctypes.c_uint64 * (2 * part.rows)).from_address(part.column.slices or 0) if part.rows else []
        )
        return list(zip(flat[0::2], flat[1::2]))
    width: Any = ctypes.c_int32 if part.column.layout == ARROW32 else ctypes.c_int64
    first = part.column.offsets + ctypes.sizeof(width) * part.column.offset
    ends = (width * (part.rows + 1)).from_address(first)
    base = part.column.data or 0
    whole = ((base + start, end - start) for start, end in zip(ends[:-1], ends[1:]))
    return [pointer if valid else (0, 0) for pointer, valid in zip(whole, words.is_valid().to_pylist())]


_INLINE = 12


def _of_views(tokens: Any) -> Part:
    """Point each row at its bytes: within the view when it is short, or in one
    of the buffers."""
    _, views, *buffers = tokens.buffers()
    rows = len(tokens)
    if rows == 0:
        return _of_octets([])
    first = _address(views) + 16 * tokens.offset
    bases = [_address(buffer) for buffer in buffers]
    numpy = sys.modules.get("numpy")
    if numpy is None:
        words = (ctypes.c_int32 * (4 * rows)).from_address(first)
        nulls = [not valid for valid in tokens.is_valid().to_pylist()] if tokens.null_count else None
        pointers = _walk(words, first, bases, nulls)
        starts, lengths = zip(*pointers)
        return _slices(rows, starts, lengths, tokens)
    words = numpy.frombuffer((ctypes.c_int32 * (4 * rows)).from_address(first), numpy.int32).reshape(rows, 4)
    lengths = words[:, 0].astype(numpy.uint64)
    starts = first + 16 * numpy.arange(rows, dtype=numpy.int64)
    long = words[:, 0] > _INLINE
    if bases:
        where = numpy.array(bases, numpy.int64)
        starts[long] = where[words[long, 2]] + words[long, 3]
    if tokens.null_count:
        valid = tokens.is_valid().to_numpy(zero_copy_only=False)
        starts[~valid], lengths[~valid] = 0, 0
    slices = numpy.empty((rows, 2), numpy.uint64)
    slices[:, 0], slices[:, 1] = starts.astype(numpy.uint64), lengths
    return Part(SLICES, rows, (slices, tokens), slices=slices.ctypes.data)


def _walk(words: Any, first: int, bases: list[int], nulls: Optional[list[bool]]) -> Iterator[tuple[int, int]]:
    for row in range(len(words) // 4):
        length, _, buffer, offset = words[4 * row : 4 * row + 4]
        if nulls is not None and nulls[row]:
            yield 0, 0
        elif length <= _INLINE:
            yield first + 16 * row + 4, length
        else:
            yield bases[buffer] + offset, length


def instants(as_of: Any, rows: int, seconds: Callable[[object, str], int]) -> tuple[int, object]:
    """Return where the instants of the rows are, and what keeps their memory."""
    pyarrow, numpy = sys.modules.get("pyarrow"), sys.modules.get("numpy")
    if len(as_of) != rows:
        raise ValueError(f"as_of has {len(as_of)} instants for {rows} tokens")
    if pyarrow is not None and isinstance(as_of, (pyarrow.Array, pyarrow.ChunkedArray)):
        return _arrow_instants(pyarrow, as_of, seconds)
    if numpy is not None and isinstance(as_of, numpy.ndarray):
        if as_of.dtype.kind == "M":
            if numpy.isnat(as_of).any():
                raise ValueError("as_of must not have nulls")
            # Rounds towards the past, as everywhere.
            as_of = as_of.astype("M8[s]").astype(numpy.int64)
        if as_of.dtype.kind in "iu" and not (as_of.dtype == numpy.uint64 and (as_of >> 63).any()):
            column = numpy.ascontiguousarray(as_of, numpy.int64)
            return column.ctypes.data, column
        as_of = as_of.tolist()
    elif hasattr(as_of, "__arrow_c_stream__") or hasattr(as_of, "__arrow_c_array__"):
        return instants(as_arrow(as_of), rows, seconds)
    made = array.array("q", (seconds(instant, "as_of") for instant in as_of))
    return made.buffer_info()[0], made


_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def _arrow_instants(pyarrow: Any, as_of: Any, seconds: Callable[[object, str], int]) -> tuple[int, object]:
    if as_of.null_count:
        raise ValueError("as_of must not have nulls")
    if isinstance(as_of, pyarrow.ChunkedArray):
        as_of = as_of.combine_chunks()
        if isinstance(as_of, pyarrow.ChunkedArray):
            as_of = as_of.chunk(0) if as_of.num_chunks else pyarrow.array([], as_of.type)
    if pyarrow.types.is_timestamp(as_of.type):
        unit = _UNITS[as_of.type.unit]
        counts = as_of.view(pyarrow.int64())
        if unit == 1:
            as_of = counts
        else:
            numpy = sys.modules.get("numpy")
            if numpy is not None:
                return instants(counts.to_numpy() // unit, len(counts), seconds)
            as_of = pyarrow.array([one // unit for one in counts.to_pylist()], pyarrow.int64())
    elif not pyarrow.types.is_integer(as_of.type):
        return instants(as_of.to_pylist(), len(as_of), seconds)
    else:
        as_of = as_of.cast(pyarrow.int64())
    return _address(as_of.buffers()[1]) + 8 * as_of.offset, as_of
