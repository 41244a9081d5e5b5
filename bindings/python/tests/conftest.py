"""What the tests share."""

from __future__ import annotations

import json
import pathlib
from typing import Any, Optional

import jot
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
NOW = 1_800_000_000
# How many tokens a column of the tests of batches has.
ROWS = 300


def table(path: str) -> Any:
    """Read a table that all languages share."""
    return json.loads((ROOT / "tests" / path).read_text())


@pytest.fixture(scope="session")
def key() -> jot.SigningKey:
    return jot.SigningKey.generate("ES256", kid="1")


@pytest.fixture
def verifier(key: jot.SigningKey) -> jot.Verifier:
    return jot.Verifier(key.public_keys(), algorithms=["ES256"], issuer="https://issuer", audience="api")


def claims(**changes: Any) -> dict[str, Any]:
    """Return claims that the verifier of the fixture accepts at NOW."""
    sound = {"iss": "https://issuer", "aud": "api", "sub": "alice", "iat": NOW - 10, "exp": NOW + 3600}
    return {name: value for name, value in {**sound, **changes}.items() if value is not None}


@pytest.fixture(scope="module")
def hmac() -> jot.SigningKey:
    return jot.SigningKey.generate("HS256", kid="s")


@pytest.fixture(scope="module")
def judge(hmac: jot.SigningKey) -> jot.Verifier:
    return jot.Verifier(hmac.public_keys(), algorithms=["HS256"])


@pytest.fixture(scope="module")
def tokens(hmac: jot.SigningKey) -> list[Optional[str]]:
    """Tokens that expire one second after the other; some are none, some short."""
    made: list[Optional[str]] = [
        jot.encode({"exp": NOW + row, "n": "x" * (row % 7)}, hmac) for row in range(ROWS)
    ]
    made[5] = made[200] = None
    made[6], made[7], made[8] = "", "a.b", made[9]
    return made
