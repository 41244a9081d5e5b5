"""The tokens of a batch, in the caller's memory.

Bytes and Arrow columns are not copied. Each kind becomes a list of parts, each
of which the library takes in one call.
"""

from __future__ import annotations

import array
import ctypes
import itertools
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Callable, NamedTuple, Optional, Protocol, Union

from ._header import (
    ARROW32,
    ARROW64,
    ARROW_DICTIONARY,
    ARROW_VIEWS,
    BOUNDED,
    SLICES,
    UNSIGNED_INDICES,
    TokenColumn,
    View,
)
from ._values import octets


class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object = None) -> Any: ...


class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object = None) -> Any: ...


#: A column with Arrow's C data interface, such as those of pyarrow.
ArrowColumn = Union[_ArrowArray, _ArrowStream]


class Part:
    """Some rows of tokens, and the objects that keep their memory alive."""

    __slots__ = ("column", "kept", "rows")

    def __init__(
        self, layout: int, rows: int, kept: tuple[object, ...], flags: int = 0, **places: int
    ) -> None:
        self.rows = rows
        self.kept = kept
        self.column = TokenColumn(
            size=ctypes.sizeof(TokenColumn), layout=layout, flags=flags, rows=rows, **places
        )


def parts(tokens: Any) -> list[Part]:
    """Return the tokens as parts.

    Raises ``TypeError`` for anything other than a column of tokens.
    """
    if isinstance(tokens, (str, bytes, bytearray, memoryview)):
        raise TypeError("tokens must be several; for one token use Verifier.verify")
    if isinstance(tokens, (list, tuple)):
        return [_of_list(tuple(tokens))]
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
        return [_of_list(tuple(tokens))]
    raise TypeError(f"tokens must be a list, numpy or pyarrow column, not {type(tokens).__name__}")


def kept(column: Any) -> Any:
    """Return a column that can be read twice, and by the number of a row: an iterator is
    read, and a stream of Arrow imported."""
    if hasattr(column, "__arrow_c_stream__") or hasattr(column, "__arrow_c_array__"):
        pyarrow = sys.modules.get("pyarrow")
        is_kept = pyarrow is not None and isinstance(column, (pyarrow.Array, pyarrow.ChunkedArray))
        return column if is_kept else as_arrow(column)
    is_read = isinstance(column, Iterable) and not hasattr(column, "__getitem__")
    return tuple(column) if is_read or isinstance(column, Mapping) else column


def as_arrow(column: Any) -> Any:
    """Import a column through Arrow's C data interface."""
    import pyarrow

    if hasattr(column, "__arrow_c_stream__"):
        return pyarrow.chunked_array(column)
    return pyarrow.array(column)


def is_arrow(tokens: Any) -> bool:
    """Return ``True`` if verdicts are returned as a RecordBatch."""
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is not None and isinstance(tokens, (pyarrow.Array, pyarrow.ChunkedArray)):
        return True
    return hasattr(tokens, "__arrow_c_stream__") or hasattr(tokens, "__arrow_c_array__")


def _slices(rows: int, starts: Any, lengths: Any, *kept: object) -> Part:
    """Make slices from the addresses and lengths of tokens."""
    views = array.array("Q", bytes(16 * rows))
    views[0::2] = array.array("Q", starts)
    views[1::2] = array.array("Q", lengths)
    return Part(SLICES, rows, (views, *kept), slices=views.buffer_info()[0])


def _of_octets(tokens: tuple[Optional[bytes], ...]) -> Part:
    """Point each row at the buffer of its ``bytes`` object."""
    starts = (ctypes.c_char_p * len(tokens))(*tokens)
    at = memoryview(starts).cast("B").cast("Q") if tokens else []
    lengths = (0 if token is None else len(token) for token in tokens)
    return _slices(len(tokens), at, lengths, starts, tokens)


def _of_list(tokens: tuple[Any, ...]) -> Part:
    # A tuple, because another thread could change a list between the two passes.
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
    return _of_octets(tuple(None if token is None else octets(token, "a token") for token in tokens))


def _place(content: bytes) -> int:
    # A view of C keeps the bytes where they are, and is only asked for it.
    return ctypes.cast(ctypes.c_char_p(content), ctypes.c_void_p).value or 0


def _of_numpy(numpy: Any, tokens: Any) -> Part:
    masked = numpy.ma.getmaskarray(tokens) if isinstance(tokens, numpy.ma.MaskedArray) else None
    # Exactly an array: a subclass could lie about its memory.
    tokens = numpy.asarray(tokens)
    if tokens.ndim != 1:
        raise TypeError(f"tokens must have one dimension, not {tokens.ndim}")
    if tokens.dtype.kind == "S" and tokens.dtype.itemsize:
        rows = len(tokens)
        first = tokens.__array_interface__["data"][0]
        views = numpy.empty((rows, 2), numpy.uint64)
        steps = numpy.arange(rows, dtype=numpy.int64) * tokens.strides[0] + first
        views[:, 0] = steps.astype(numpy.uint64)
        views[:, 1] = numpy.char.str_len(tokens)
        if masked is not None:
            views[masked] = 0
        return Part(SLICES, rows, (views, tokens), slices=views.ctypes.data)
    values = tokens.tolist()
    if masked is not None:
        values = [None if none else value for value, none in zip(values, masked.tolist())]
    return _of_list(tuple(values))


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
        return _of_octets((None,) * len(tokens))
    raise TypeError(f"tokens must be a column of strings or binaries, not {kind}")


def _never(_: object) -> bool:
    return False


def _address(buffer: Any) -> int:
    return 0 if buffer is None else int(buffer.address)


def _size(buffer: Any) -> int:
    return 0 if buffer is None else max(int(buffer.size), 0)


def _arrow(layout: int, column: Any, kept: tuple[object, ...], flags: int = 0, **places: int) -> Part:
    """Pass the buffers with their sizes; the library checks their content."""
    validity, offsets = column.buffers()[:2]
    return Part(
        layout,
        len(column),
        kept,
        flags=flags | BOUNDED,
        offset=column.offset,
        offsets=_address(offsets),
        offsets_bytes=_size(offsets),
        validity=_address(validity),
        validity_bytes=_size(validity),
        **places,
    )


def _of_offsets(tokens: Any, layout: int) -> Part:
    data = tokens.buffers()[2]
    return _arrow(layout, tokens, (tokens,), data=_address(data), data_len=_size(data))


def _of_dictionary(pyarrow: Any, tokens: Any) -> Part:
    words, indices = _of_arrow(pyarrow, tokens.dictionary), tokens.indices
    return _arrow(
        ARROW_DICTIONARY,
        indices,
        (tokens, indices, words),
        flags=UNSIGNED_INDICES if pyarrow.types.is_unsigned_integer(indices.type) else 0,
        dictionary=ctypes.addressof(words.column),
        index_bytes=indices.type.bit_width // 8,
    )


def _of_views(tokens: Any) -> Part:
    buffers = tokens.buffers()[2:]
    views = (View * len(buffers))(*(View(_address(buffer), _size(buffer)) for buffer in buffers))
    return _arrow(
        ARROW_VIEWS,
        tokens,
        (tokens, views),
        buffers=ctypes.addressof(views),
        buffer_count=len(buffers),
    )


class Instants(NamedTuple):
    """The instants of rows in memory that ``kept`` keeps alive."""

    #: Where they are, in seconds since 1970.
    at: int
    #: Where a byte for each says whether it is known; 0 if all are.
    known: int
    kept: object

    def of_row(self, row: int) -> tuple[int, int]:
        """Return both addresses from a row onwards."""
        return self.at + 8 * row, self.known and self.known + row


def instants(as_of: Any, rows: int, seconds: Callable[[object, str], int]) -> Instants:
    """Return the rows' instants; a null is one that is unknown."""
    pyarrow, numpy = sys.modules.get("pyarrow"), sys.modules.get("numpy")
    if pyarrow is not None and isinstance(as_of, (pyarrow.Array, pyarrow.ChunkedArray)):
        return _arrow_instants(pyarrow, as_of, rows, seconds)
    if numpy is not None and isinstance(as_of, numpy.ndarray):
        return _numpy_instants(numpy, as_of, rows, seconds)
    if hasattr(as_of, "__arrow_c_stream__") or hasattr(as_of, "__arrow_c_array__"):
        return instants(as_arrow(as_of), rows, seconds)
    if not isinstance(as_of, Iterable):
        raise TypeError(
            f"as_of must be a column of instants, not {type(as_of).__name__}; one for all tokens is now"
        )
    made, known = array.array("q"), bytearray()
    for instant in as_of:
        made.append(0 if instant is None else seconds(instant, "as_of"))
        known.append(instant is not None)
    _check_rows(len(made), rows)
    place = 0
    if not all(known):
        octets = (ctypes.c_uint8 * len(known)).from_buffer(known)
        place = ctypes.addressof(octets)
    return Instants(made.buffer_info()[0], place, (made, known))


def _check_rows(found: int, rows: int) -> None:
    if found != rows:
        raise ValueError(f"as_of has {found} instants for {rows} tokens")


def _numpy_instants(numpy: Any, as_of: Any, rows: int, seconds: Callable[[object, str], int]) -> Instants:
    if as_of.ndim != 1:
        raise TypeError(f"as_of must have one dimension, not {as_of.ndim}")
    _check_rows(len(as_of), rows)
    missing = numpy.ma.getmaskarray(as_of) if numpy.ma.isMaskedArray(as_of) else None
    as_of = numpy.asarray(as_of)
    if as_of.dtype.kind == "M":
        not_a_time = numpy.isnat(as_of)
        missing = not_a_time if missing is None else missing | not_a_time
        # Rounds towards the past, as everywhere.
        as_of = as_of.astype("M8[s]").astype(numpy.int64)
    if as_of.dtype.kind in "iu" and not (as_of.dtype == numpy.uint64 and (as_of >> 63).any()):
        column = numpy.ascontiguousarray(as_of, numpy.int64)
        if missing is None or not missing.any():
            return Instants(column.ctypes.data, 0, column)
        known = numpy.ascontiguousarray(~missing, numpy.uint8)
        return Instants(column.ctypes.data, known.ctypes.data, (column, known))
    listed = as_of.tolist()
    if missing is not None:
        listed = [None if lacks else one for one, lacks in zip(listed, missing.tolist())]
    return instants(listed, rows, seconds)


_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def _arrow_instants(pyarrow: Any, as_of: Any, rows: int, seconds: Callable[[object, str], int]) -> Instants:
    _check_rows(len(as_of), rows)
    # Check that its buffers are as long as it claims; raises a ValueError.
    as_of.validate()
    if isinstance(as_of, pyarrow.ChunkedArray):
        as_of = as_of.combine_chunks()
        if isinstance(as_of, pyarrow.ChunkedArray):
            as_of = as_of.chunk(0) if as_of.num_chunks else pyarrow.array([], as_of.type)
    if pyarrow.types.is_null(as_of.type):
        as_of = as_of.cast(pyarrow.int64())
    known = None
    if as_of.null_count:
        known = as_of.is_valid().cast(pyarrow.uint8())
    if pyarrow.types.is_timestamp(as_of.type):
        unit = _UNITS[as_of.type.unit]
        counts = as_of.view(pyarrow.int64()).fill_null(0)
        if unit == 1:
            as_of = counts
        else:
            numpy = sys.modules.get("numpy")
            if numpy is not None:
                as_of = pyarrow.array(counts.to_numpy() // unit)
            else:
                as_of = pyarrow.array([one // unit for one in counts.to_pylist()], pyarrow.int64())
    elif not pyarrow.types.is_integer(as_of.type):
        return instants(as_of.to_pylist(), rows, seconds)
    else:
        as_of = as_of.cast(pyarrow.int64())
    place = 0 if known is None else _address(known.buffers()[1]) + known.offset
    return Instants(_address(as_of.buffers()[1]) + 8 * as_of.offset, place, (as_of, known))
