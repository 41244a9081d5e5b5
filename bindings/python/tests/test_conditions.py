"""Conditions on claims: the notation in text, and functions with the same words."""

from __future__ import annotations

import pickle
from typing import Any

import jot
import pytest

KEY = jot.SigningKey.generate("ES256")
CLAIMS = {
    "tier": "gold",
    "level": 100,
    "sub": "svc-a",
    "roles": ["admin", 7, True],
    "realm": {"on": True},
    "n": "7",
}
TOKEN = jot.encode({**CLAIMS, "exp": 4102444800}, KEY)


def verdict(claims: Any) -> str:
    return jot.Verifier(KEY.public_keys(), algorithms=["ES256"], claims=claims).judge(TOKEN).code.name.lower()


CASES: list[tuple[dict[Any, Any], str, str]] = [
    ({"tier": jot.present()}, "tier present", "accepted"),
    ({"nope": jot.present()}, "nope present", "claim_missing"),
    ({"nope": jot.not_(jot.present())}, "nope not present", "accepted"),
    ({"tier": "gold"}, "tier equals gold", "accepted"),
    ({"tier": jot.equals("tin")}, "tier equals tin", "claim_mismatch"),
    ({"level": 100}, "level equals 1e2", "accepted"),
    ({"level": 100.0}, "level equals 100", "accepted"),
    ({"level": "100"}, 'level equals "100"', "claim_mismatch"),
    ({"level": 10**30}, "level equals 1e30", "claim_mismatch"),
    ({"tier": jot.any_of("gold", "silver", 3, True)}, "tier any_of gold silver 3 true", "accepted"),
    ({"n": jot.any_of(7, True)}, "n any_of 7 true", "claim_mismatch"),
    ({"n": jot.any_of("7")}, 'n any_of "7"', "accepted"),
    ({"roles": jot.contains("admin")}, "roles contains admin", "accepted"),
    ({"roles": jot.contains(8, 7)}, "roles contains 8 7", "accepted"),
    ({"roles": jot.not_(jot.contains("guest"))}, "roles not contains guest", "accepted"),
    ({"tier": jot.not_(jot.contains("guest"))}, "tier not contains guest", "claim_mismatch"),
    ({"sub": jot.prefix("svc-")}, "sub prefix svc-", "accepted"),
    ({"sub": jot.regex(r"svc-\w")}, r"sub regex svc-\w", "accepted"),
    ({"sub": jot.regex("svc")}, "sub regex svc", "claim_mismatch"),
    ({"level": jot.ge(100)}, "level ge 100", "accepted"),
    ({"level": jot.gt(100)}, "level gt 100", "claim_mismatch"),
    ({"level": jot.le(99.5)}, "level le 99.5", "claim_mismatch"),
    ({"level": jot.lt(100.5)}, "level lt 100.5", "accepted"),
    ({("realm", "on"): True}, "/realm/on equals true", "accepted"),
    ({("realm", "on"): jot.not_(True)}, "/realm/on not equals true", "claim_mismatch"),
    ({"sub": jot.not_(jot.not_(jot.prefix("svc-")))}, "sub prefix svc-", "accepted"),
]


@pytest.mark.parametrize("typed, notation, name", CASES, ids=[case[1] for case in CASES])
def test_functions_and_the_notation_say_the_same(typed: dict[Any, Any], notation: str, name: str) -> None:
    assert verdict(typed) == name
    assert verdict([notation]) == name
    assert verdict(notation) == name


def test_several_conditions_are_all_demanded() -> None:
    assert verdict(["tier present", "level ge 1"]) == "accepted"
    assert verdict(iter(["tier present", "level ge 101"])) == "claim_mismatch"
    assert verdict({"tier": "gold", "level": jot.lt(1)}) == "claim_mismatch"
    assert verdict(()) == verdict({}) == verdict(None) == "accepted"


@pytest.mark.parametrize(
    "notation, code, word, offset",
    [
        ("tier is gold", jot.Code.CONDITION_TEST, "is", 5),
        ("tier equals", jot.Code.CONDITION_OPERANDS, "equals", 5),
        ("level ge high", jot.Code.CONDITION_OPERAND, "high", 9),
        ('tier equals "gold', jot.Code.CONDITION_QUOTES, '"gold', 12),
        ("sub regex a(b", jot.Code.CONDITION_PATTERN, "unclosed group", 1),
        ("/a~ present", jot.Code.CONDITION_NAME, "/a~", 0),
    ],
)
def test_condition_that_makes_no_sense_is_explained(
    notation: str, code: jot.Code, word: str, offset: int
) -> None:
    with pytest.raises(jot.InvalidArgument) as raised:
        verdict([notation])
    assert (raised.value.code, raised.value.argument, raised.value.offset) == (code, word, offset)


@pytest.mark.parametrize(
    "claims, wanted",
    [
        ({"x": None}, "NoneType is none of"),
        ({"x": [1]}, "list is none of"),
        ({"x": b"a"}, "bytes is none of"),
        ({1: "a"}, "a path is str or several"),
        ({"x": 1}.items(), "claims must be str, not tuple"),
        (7, "claims must be a mapping or conditions in str"),
    ],
)
def test_wrong_types_are_refused(claims: Any, wanted: str) -> None:
    with pytest.raises(TypeError, match=wanted):
        verdict(claims)


def test_operands_of_the_wrong_type_are_refused() -> None:
    wrong: list[Any] = [
        lambda: jot.any_of("a", None),  # type: ignore[arg-type]
        lambda: jot.ge("1"),  # type: ignore[arg-type]
        lambda: jot.lt(True),
        lambda: jot.prefix(1),  # type: ignore[arg-type]
        lambda: jot.regex(b"a"),  # type: ignore[arg-type]
    ]
    for call in wrong:
        with pytest.raises(TypeError, match="claims: "):
            call()
    with pytest.raises(ValueError, match="empty"):
        verdict({(): 1})
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError):
            verdict({"x": value})
    with pytest.raises(jot.InvalidArgument) as raised:
        verdict({"x": jot.any_of()})
    assert raised.value.code == jot.Code.CONDITION_OPERANDS


def test_conditions_are_shown_and_pickled() -> None:
    condition = jot.not_(jot.any_of("a", 1, True))
    assert repr(condition) == "jot.not_(jot.any_of('a', 1, True))"
    assert repr(pickle.loads(pickle.dumps(condition))) == repr(condition)
