"""Wrong types, half-made objects and huge inputs: errors, and nothing worse."""

from __future__ import annotations

import gc
from typing import Any

import jot
import pytest
from conftest import NOW, claims


@pytest.mark.parametrize("token", [None, 5, 1.5, [], {}, object(), ("a",)], ids=repr)
def test_token_of_another_type_is_refused(token: Any, verifier: jot.Verifier) -> None:
    for call in (verifier.verify, verifier.judge, verifier.verify_jws, jot.decode_unverified):
        with pytest.raises(TypeError, match="token must be str or bytes"):
            call(token)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "\x00",
        "a\x00.b.c",
        "\ud800.\udfff.",
        "é.ü.ö",
        b"\xff.\xfe.\xfd",
        "." * 100_000,
        b"\x00" * 99,
    ],
    ids=lambda token: repr(token[:12]),
)
def test_token_of_strange_content_is_rejected(token: Any, verifier: jot.Verifier) -> None:
    for call in (verifier.verify, verifier.verify_jws, jot.decode_unverified):
        with pytest.raises(jot.Rejected):
            call(token)
    assert verifier.verify_batch([token])[0].code == verifier.judge(token).code != 0


def test_huge_token_is_rejected_without_work(verifier: jot.Verifier) -> None:
    with pytest.raises(jot.Rejected, match="token_too_long"):
        verifier.verify("A" * (64 << 20))


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        ("now", TypeError),
        (True, TypeError),
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (2**63, ValueError),
        (-(2**63) - 1, ValueError),
        (1e300, ValueError),
        ([], TypeError),
    ],
)
def test_instant_of_another_type_is_refused(
    now: Any, kind: type[Exception], key: jot.SigningKey, verifier: jot.Verifier
) -> None:
    token = jot.encode(claims(), key)
    for call in (verifier.verify, verifier.judge):
        with pytest.raises(kind):
            call(token, now)
    with pytest.raises(kind):
        verifier.verify_batch([token], now=now)


@pytest.mark.parametrize("now", [2**63, -(2**63) - 1, 2**200])
def test_instant_beyond_64_bits_never_wraps(now: int, key: jot.SigningKey, verifier: jot.Verifier) -> None:
    with pytest.raises(ValueError):
        verifier.verify(jot.encode(claims(), key), now)


@pytest.mark.parametrize("kind", [jot.KeySet, jot.SigningKey, jot.Verifier, jot.Revocations])
def test_object_that_was_never_made_is_harmless(kind: Any) -> None:
    half = kind.__new__(kind)
    calls = ["__len__", "to_jwks", "to_jwk", "to_pem", "to_text", "statistics", "prometheus", "public_keys"]
    for name in calls:
        if hasattr(kind, name):
            with pytest.raises((AttributeError, jot.Error)):
                getattr(half, name)()
    if kind is jot.Verifier:
        for name, token in (("verify", "a.b.c"), ("judge", "a.b.c"), ("verify_batch", ["a.b.c"])):
            with pytest.raises((AttributeError, jot.Error)):
                getattr(half, name)(token)
    del half
    gc.collect()


def test_object_whose_handle_is_gone_is_harmless(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    verifier._handle, handle = None, verifier._handle
    for call in (verifier.verify, verifier.judge, verifier.verify_jws):
        with pytest.raises(jot.InvalidArgument, match="argument_null"):
            call(jot.encode(claims(), key))
    with pytest.raises(jot.InvalidArgument, match="argument_null"):
        verifier.verify_batch(["a.b.c"])
    verifier._handle = handle
    assert verifier.judge(jot.encode(claims(), key), NOW).accepted


@pytest.mark.parametrize("wrong", [None, 5, [], object()], ids=repr)
def test_keys_of_another_type_are_refused(wrong: Any, verifier: jot.Verifier) -> None:
    for read in (jot.KeySet.from_jwks, jot.KeySet.from_jwk, jot.KeySet.from_pem, jot.KeySet.from_secret):
        with pytest.raises(TypeError):
            read(wrong)
    for read in (jot.SigningKey.from_jwk, jot.SigningKey.from_pem, jot.SigningKey.generate):
        with pytest.raises(TypeError):
            read(wrong)
    with pytest.raises(TypeError):
        jot.Verifier(wrong, algorithms=["ES256"])
    with pytest.raises(TypeError):
        jot.Verifier({"https://a": wrong}, algorithms=["ES256"])
    with pytest.raises(TypeError):
        verifier.replace_keys(wrong)
    with pytest.raises(TypeError):
        verifier.set_revocations(wrong)


def test_secret_must_be_bytes() -> None:
    with pytest.raises(TypeError, match="secret must be bytes"):
        jot.KeySet.from_secret("a text is no secret, but its bytes are")  # type: ignore[arg-type]


def test_unusable_key_texts_are_refused() -> None:
    for wrong in ("", "{", "[]", "{}", '{"keys":[]}', "\ud800", "x" * (1 << 20), b"\xff"):
        for read in (jot.KeySet.from_jwks, jot.KeySet.from_jwk, jot.KeySet.from_pem, jot.SigningKey.from_jwk):
            with pytest.raises(jot.InvalidKey):
                read(wrong)


def test_algorithm_names_are_exact() -> None:
    for wrong in ("", "es256", "ES256 ", "\ud800", "none"):
        with pytest.raises(jot.InvalidArgument):
            jot.Verifier(jot.KeySet.from_secret(bytes(32)), algorithms=[wrong])


def test_token_is_not_kept_changed_under_the_verifier(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    token = bytearray(jot.encode(claims(), key).encode())
    found = verifier.verify(token, NOW)
    token[:] = b"x" * len(token)
    assert found["sub"] == "alice"
