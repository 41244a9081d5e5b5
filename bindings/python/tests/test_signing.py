"""What is signed, and what is read without being verified."""

from __future__ import annotations

import json
from typing import Any

import jot
import pytest
from conftest import NOW


def test_encode_takes_keys_in_every_form() -> None:
    key = jot.SigningKey.generate("ES256", kid="1")
    forms: list[Any] = [key, json.loads(key.to_jwk()), key.to_pem(), key.to_pem().encode()]
    for form in forms:
        token = jot.encode({"exp": NOW + 1}, form, algorithm="ES256")
        assert jot.Verifier(key.public_keys(), algorithms=["ES256"]).judge(token, NOW).accepted
    token = jot.encode({"exp": NOW + 1}, bytes(range(32)), algorithm="HS256")
    assert jot.decode_unverified(token).header["alg"] == "HS256"


def test_encode_writes_headers(key: jot.SigningKey) -> None:
    def header(**headers: Any) -> dict[str, Any]:
        return jot.decode_unverified(jot.encode({}, key, headers=headers)).header

    assert header() == {"alg": "ES256", "typ": "JWT", "kid": "1"}
    assert header(typ=None) == {"alg": "ES256", "kid": "1"}
    assert header(typ="at+jwt", cty="x", foo=[1])["foo"] == [1]
    assert header(crit=["x"], x=True)["crit"] == ["x"]
    for wrong in ({"alg": "RS256"}, {"crit": []}, {"crit": ["gone"]}, {"kid": "2"}):
        with pytest.raises(jot.InvalidArgument, match="header_to_sign_invalid"):
            header(**wrong)


def test_encode_refuses_what_is_no_claims_set(key: jot.SigningKey) -> None:
    for wrong in ("[]", '{"a":1,"a":2}', "nonsense", b"\xff", '{"a":"\ud800"}'):
        with pytest.raises(jot.InvalidArgument, match="claims_to_sign_invalid"):
            jot.encode(wrong, key)
    with pytest.raises(ValueError):
        jot.encode({"x": float("nan")}, key)
    with pytest.raises(TypeError):
        jot.encode({"x": object()}, key)
    with pytest.raises(TypeError):
        jot.encode(5, key)  # type: ignore[arg-type]
    with pytest.raises(jot.InvalidKey, match="algorithm_not_for_key"):
        jot.encode({}, key, algorithm="RS256")
    with pytest.raises(TypeError):
        jot.encode({}, 5)  # type: ignore[arg-type]


def test_payload_of_any_bytes_attached_and_detached(key: jot.SigningKey) -> None:
    verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"])
    assert verifier.verify_jws(jot.encode_payload(b"\x00any", key)).payload == b"\x00any"
    for content in (b"apart", b""):
        for b64 in (True, False):
            token = jot.encode_payload(content, key, detached=True, b64=b64)
            assert verifier.verify_jws(token, detached=content).payload == content
            with pytest.raises(jot.Rejected, match="signature_invalid"):
                verifier.verify_jws(token, detached=content + b"x")
    with pytest.raises(jot.Rejected, match="payload_attached"):
        verifier.verify_jws(jot.encode_payload(b"in", key), detached=b"in")
    with pytest.raises(ValueError):
        jot.encode_payload(b"x", key, b64=False)


def test_decode_unverified_shows_and_refuses_only_what_is_malformed(key: jot.SigningKey) -> None:
    shown = jot.decode_unverified(jot.encode({"a": 1}, key)[:-3] + "AAA")
    assert shown.claims == {"a": 1} and len(shown.signature) == 64
    assert jot.decode_unverified(jot.encode_payload(b"no json", key)).claims is None
    for wrong, name in (("", "token_empty"), ("a.b", "token_segments"), ("!.e30.", "header_encoding")):
        with pytest.raises(jot.Rejected, match=name):
            jot.decode_unverified(wrong)
