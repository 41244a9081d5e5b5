"""What the tests share."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import jot
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
NOW = 1_800_000_000


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
