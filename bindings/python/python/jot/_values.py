"""Converts Python values for the library, and back."""

from __future__ import annotations

import ctypes
import datetime
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Callable, Optional, Union, cast

from ._errors import check, failure
from ._header import Failure, Slice
from ._library import library

#: Bytes, or a text that is encoded as UTF-8.
Text = Union[str, bytes, bytearray, memoryview]
#: An instant: seconds since 1970, or an aware ``datetime``.
Instant = Union[int, float, datetime.datetime]

ABSENT = Slice()


def octets(value: object, name: str) -> bytes:
    """Return bytes, or the UTF-8 of a text."""
    if isinstance(value, str):
        # A lone surrogate is not UTF-8; the library rejects the bytes.
        return str.encode(value, "utf-8", "surrogatepass")
    if type(value) is bytes:
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        # A plain copy, because a subclass could lie about its length and its bytes.
        return bytes(memoryview(value))
    raise TypeError(f"{name} must be str or bytes, not {type(value).__name__}")


def text(value: object, name: str) -> bytes:
    """Return the UTF-8 of a text."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    return str.encode(value, "utf-8", "surrogatepass")


def view(content: Optional[bytes]) -> Slice:
    """Return a view that keeps the bytes alive; ``None`` is absent."""
    return ABSENT if content is None else Slice(content, bytes.__len__(content))


def json_octets(value: object, name: str) -> bytes:
    """Return a JSON text, or a mapping as JSON."""
    if isinstance(value, Mapping):
        return to_json(value)
    return octets(value, name)


def to_json(value: Any) -> bytes:
    """Write JSON in its most compact form."""
    if isinstance(value, Mapping) and not isinstance(value, dict):
        value = dict(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode(
        "utf-8", "surrogatepass"
    )


_scan: Callable[[str, int], tuple[Any, int]] = vars(json.JSONDecoder())["scan_once"]


def _integer(digits: str) -> Union[int, float]:
    try:
        return int(digits)
    except ValueError:
        # More digits than Python converts: CVE-2020-10735.
        return float(digits)


def from_json(content: bytes) -> Any:
    """Read JSON that the library has checked."""
    try:
        # What json.loads does, without guessing the encoding.
        return _scan(content.decode(), 0)[0]
    except (ValueError, StopIteration):
        # Leading white space, or a number with very many digits.
        return json.loads(content, parse_int=_integer)


def seconds(instant: object, name: str) -> int:
    """Return the whole seconds of an instant, rounded towards the past."""
    if isinstance(instant, bool):
        raise TypeError(f"{name} must be a number of seconds, not bool")
    if isinstance(instant, int):
        value = instant
    elif isinstance(instant, float):
        if not math.isfinite(instant):
            raise ValueError(f"{name} must be finite")
        value = math.floor(instant)
    elif isinstance(instant, datetime.datetime):
        if instant.tzinfo is None:
            raise ValueError(f"{name} must be an aware datetime: it has no time zone")
        value = math.floor(instant.timestamp())
    else:
        raise TypeError(f"{name} must be a number of seconds or a datetime, not {type(instant).__name__}")
    if not -(1 << 63) <= value < 1 << 63:
        raise ValueError(f"{name} must fit into 64 bits")
    return value


def duration(value: object, name: str) -> int:
    """Return whole seconds from 0 to 2^32 - 1, from a number or a ``timedelta``."""
    if isinstance(value, datetime.timedelta):
        value = value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number of seconds or a timedelta, not {type(value).__name__}")
    if value != value or not 0 <= value < 1 << 32 or int(value) != value:
        raise ValueError(f"{name} must be whole seconds from 0 to 2^32 - 1")
    return int(value)


def count(value: object, name: str) -> int:
    """Return a number from 1 to 2^48."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be int, not {type(value).__name__}")
    if not 1 <= value <= 1 << 48:
        raise ValueError(f"{name} must be a number from 1 on")
    return value


def algorithm(name: object) -> int:
    """Return the number of an algorithm; 0 for ``None``."""
    if name is None:
        return 0
    number = ctypes.c_uint32()
    check(library.jot_alg_parse(view(text(name, "algorithm")), ctypes.byref(number)), None, str(name))
    return number.value


def algorithms(value: object) -> Any:
    """Return the numbers of algorithms as an array of C."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError('algorithms must be a list such as ["RS256"]')
    numbers = [algorithm(text(one, "algorithms").decode("utf-8", "replace")) for one in value]
    return (ctypes.c_uint32 * len(numbers))(*numbers)


def algorithm_name(number: int) -> Optional[str]:
    """Return the name of an algorithm; ``None`` for 0."""
    return cast(bytes, library.jot_alg_name(number)).decode() if number else None


def copied(pointer: Optional[int], length: int) -> Optional[str]:
    """Copy a view that the library returned."""
    return None if not pointer else ctypes.string_at(pointer, length).decode("utf-8", "replace")


def written(call: Callable[[int, Failure], int]) -> bytes:
    """Return the text that a call writes."""
    room = library.jot_text_new()
    if not room:
        raise MemoryError
    try:
        why = failure()
        check(call(room, why), why)
        found = library.jot_text_view(room)
        return ctypes.string_at(found.ptr, found.len) if found.len else b""
    finally:
        library.jot_text_free(room)
