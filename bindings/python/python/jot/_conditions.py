"""Conditions on claims: the tests, spelled as in every other configuration."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Union

from ._errors import check, failure
from ._header import Slice
from ._library import library
from ._values import text, to_json, view

#: The claim to look at: its name, or the names that lead to it.
Path = Union[str, Sequence[str]]
#: What claims are compared with. Types are never converted.
Operand = Union[str, int, float, bool]


class Condition:
    """What the functions of this module return."""

    __slots__ = ("negated", "operands", "test")

    def __init__(self, test: str, operands: tuple[Operand, ...] = (), negated: bool = False) -> None:
        self.test = test
        self.operands = operands
        self.negated = negated

    def __repr__(self) -> str:
        plain = f"jot.{self.test}({', '.join(map(repr, self.operands))})"
        return f"jot.not_({plain})" if self.negated else plain

    def __reduce__(self) -> tuple[Any, ...]:
        return (Condition, (self.test, self.operands, self.negated))

    def words(self) -> list[bytes]:
        """Return the words of the notation that follow the name of the claim."""
        test = [b"not", self.test.encode()] if self.negated else [self.test.encode()]
        return test + [to_json(operand) for operand in self.operands]


def _operand(value: object) -> Operand:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"claims: JSON has no number {value!r}")
    if isinstance(value, (str, bool, int, float)):
        return value
    raise TypeError(f"claims: {type(value).__name__} is none of str, int, float, bool and conditions of jot")


def _number(value: object) -> Operand:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"claims: a number is wanted, not {type(value).__name__}")
    return _operand(value)


def _string(value: object) -> Operand:
    if not isinstance(value, str):
        raise TypeError(f"claims: str is wanted, not {type(value).__name__}")
    return value


def present() -> Condition:
    """Demand, in ``claims=``, that a claim is there and not null.

    >>> import jot
    >>> keys = jot.KeySet.from_secret(bytes(32), alg="HS256")
    >>> rules = {"sub": jot.present(), ("realm", "suspended"): jot.not_(jot.present())}
    >>> verifier = jot.Verifier(keys, algorithms=["HS256"], claims=rules)
    """
    return Condition("present")


def equals(value: Operand) -> Condition:
    """Demand this very value, as the bare value does in ``claims=``."""
    return Condition("equals", (_operand(value),))


def any_of(*values: Operand) -> Condition:
    """Demand one of these values.

    >>> import jot
    >>> jot.any_of("gold", "silver", 3)
    jot.any_of('gold', 'silver', 3)
    """
    return Condition("any_of", tuple(map(_operand, values)))


def contains(*elements: Operand) -> Condition:
    """Demand an array that has one of these elements.

    >>> import jot
    >>> keys = jot.KeySet.from_secret(bytes(32), alg="HS256")
    >>> rules = {"groups": jot.contains("staff"), ("realm", "tier"): 3, "active": True}
    >>> verifier = jot.Verifier(keys, algorithms=["HS256"], claims=rules)
    """
    return Condition("contains", tuple(map(_operand, elements)))


def prefix(text: str) -> Condition:
    """Demand a string that begins with this text."""
    return Condition("prefix", (_string(text),))


def regex(pattern: str) -> Condition:
    """Demand a string that a regular expression matches as a whole, by the syntax of
    the Rust crate ``regex``, over ASCII."""
    return Condition("regex", (_string(pattern),))


def ge(number: Union[int, float]) -> Condition:
    """Demand a number that is this one or greater."""
    return Condition("ge", (_number(number),))


def gt(number: Union[int, float]) -> Condition:
    """Demand a number that is greater than this one."""
    return Condition("gt", (_number(number),))


def le(number: Union[int, float]) -> Condition:
    """Demand a number that is this one or less."""
    return Condition("le", (_number(number),))


def lt(number: Union[int, float]) -> Condition:
    """Demand a number that is less than this one."""
    return Condition("lt", (_number(number),))


def not_(condition: Union[Condition, Operand]) -> Condition:
    """Demand that a condition is not met, or another value than this one. An absent
    claim meets neither a condition over its value nor its contrary.

    >>> import jot
    >>> jot.not_(jot.contains("guest"))
    jot.not_(jot.contains('guest'))
    """
    plain = condition if isinstance(condition, Condition) else equals(condition)
    return Condition(plain.test, plain.operands, not plain.negated)


def _slices(texts: Sequence[bytes]) -> ctypes.Array[Slice]:
    return (Slice * len(texts))(*map(view, texts))


def _add(policy: ctypes.c_void_p, condition: ctypes.c_void_p) -> None:
    try:
        check(library.jot_policy_claim(policy, condition), None, "claims")
    finally:
        library.jot_condition_free(condition)


def _names(path: object) -> list[bytes]:
    if isinstance(path, str):
        return [text(path, "claims")]
    if not isinstance(path, Iterable) or isinstance(path, (bytes, bytearray, memoryview, Mapping)):
        raise TypeError(f"claims: a path is str or several, not {type(path).__name__}")
    return [text(name, "claims") for name in path]


def _demand(policy: ctypes.c_void_p, path: Path, value: object) -> None:
    condition = value if isinstance(value, Condition) else equals(_operand(value))
    names = _names(path)
    if not names:
        raise ValueError("claims: the path to a claim must not be empty")
    at, words = _slices(names), _slices(condition.words())
    made, why = ctypes.c_void_p(), failure()
    rows = ctypes.cast(at, ctypes.c_void_p), len(at), ctypes.cast(words, ctypes.c_void_p), len(words)
    check(library.jot_condition_new(*rows, 0, ctypes.byref(made), why), why, "claims")
    _add(policy, made)


def demand(policy: ctypes.c_void_p, claims: Union[str, Iterable[str], Mapping[Path, object], None]) -> None:
    """Add conditions to a policy: in the notation, or values and conditions by path."""
    if claims is None:
        return
    if isinstance(claims, Mapping):
        for path, value in claims.items():
            _demand(policy, path, value)
        return
    if not isinstance(claims, Iterable) or isinstance(claims, (bytes, bytearray, memoryview)):
        raise TypeError(f"claims must be a mapping or conditions in str, not {type(claims).__name__}")
    for notation in [claims] if isinstance(claims, str) else claims:
        made, why = ctypes.c_void_p(), failure()
        words = view(text(notation, "claims"))
        check(library.jot_condition_parse(words, ctypes.byref(made), why), why, "claims")
        _add(policy, made)
