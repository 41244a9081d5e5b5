"""Tokens that come with their own key, which are never accepted."""

from __future__ import annotations

import json
import pickle
from typing import Any, Optional

import jot
import pytest

PROOF = {"htm": "GET", "htu": "https://api.example/", "iat": 1_800_000_000, "jti": "1"}


def proof_of(key: jot.SigningKey, jwk: Optional[dict[str, Any]] = None, **header: Any) -> str:
    """Sign a proof, with the key in its header."""
    brought = public(key) if jwk is None else jwk
    return jot.encode(PROOF, key, headers={"typ": "dpop+jwt", "jwk": brought, **header})


def public(key: jot.SigningKey) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(key.public_keys().to_jwks())["keys"][0]
    return found


@pytest.fixture
def proofs() -> jot.SelfSignedVerifier:
    return jot.SelfSignedVerifier(["ES256", "EdDSA"], typ="dpop+jwt")


def refusal(call: Any) -> str:
    with pytest.raises(jot.Rejected) as refused:
        call()
    return refused.value.name


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_good_proof_tells_its_key_and_is_no_verdict(alg: str, proofs: jot.SelfSignedVerifier) -> None:
    key = jot.SigningKey.generate(alg)
    known = proofs.verify(proof_of(key))
    assert known == (key.thumbprint, alg, PROOF, 1_800_000_000, None, None)
    assert not isinstance(known, (jot.Claims, jot.Verdict))
    again = pickle.loads(pickle.dumps(proofs))
    assert again.verify(proof_of(key).encode()) == known
    assert repr(again) == "<jot.SelfSignedVerifier algorithms=['ES256', 'EdDSA'] typ=['dpop+jwt']>"


def test_key_is_handed_over(proofs: jot.SelfSignedVerifier) -> None:
    key, other = jot.SigningKey.generate("ES256"), jot.SigningKey.generate("ES256")
    token = jot.encode(PROOF, key, headers={"typ": "dpop+jwt"})
    assert proofs.verify(token, json.dumps(public(key))).thumbprint == key.thumbprint
    assert refusal(lambda: proofs.verify(token)) == "jwk_missing"
    assert refusal(lambda: proofs.verify(token, json.dumps(public(other)))) == "signature_invalid"
    assert refusal(lambda: proofs.verify(proof_of(key), json.dumps(public(key)))) == "jwk_unexpected"
    assert refusal(lambda: proofs.verify(token, "")) == "key_json"


def test_hostile_proofs_are_refused(proofs: jot.SelfSignedVerifier) -> None:
    key, other = jot.SigningKey.generate("ES256"), jot.SigningKey.generate("ES256")
    assert refusal(lambda: proofs.verify(proof_of(key, json.loads(key.to_jwk())))) == "jwk_private"
    assert (
        refusal(lambda: proofs.verify(proof_of(key, {"kty": "oct", "k": "A" * 43})))
        == "key_secret_not_public"
    )
    assert refusal(lambda: proofs.verify(proof_of(key, public(other)))) == "signature_invalid"
    assert refusal(lambda: proofs.verify(proof_of(key, typ="at+jwt"))) == "typ_mismatch"
    assert refusal(lambda: proofs.verify("a.b")) == "token_segments"
    with pytest.raises(jot.Rejected) as refused:
        proofs.verify(proof_of(key, {**public(key), "y": None}))
    assert (refused.value.name, refused.value.claim) == ("key_member_invalid", "y")


@pytest.mark.parametrize("backend", ["aws-lc", "auto"])
@pytest.mark.parametrize("threads", [1, 2])
def test_batch_answers_as_single_calls_do(backend: str, threads: int) -> None:
    proofs = jot.SelfSignedVerifier(["ES256", "EdDSA"], typ="dpop+jwt", backend=backend)
    keys = [jot.SigningKey.generate(("ES256", "EdDSA")[row % 3 == 0]) for row in range(40)]
    tokens: list[Optional[str]] = [proof_of(key) for key in keys]
    tokens[3], tokens[4], tokens[5] = None, "a.b", proof_of(keys[5], public(keys[7]))
    found = proofs.verify_batch(tokens, threads=threads)
    names = [answer.name if isinstance(answer, jot.Rejected) else answer for answer in found]
    wanted = [key.thumbprint for key in keys]
    wanted[3:6] = ["token_null", "token_segments", "signature_invalid"]
    assert names == wanted
    plain = [jot.encode(PROOF, key, headers={"typ": "dpop+jwt"}) for key in keys]
    jwks = [json.dumps(public(key)) for key in keys]
    assert proofs.verify_batch(plain, jwks, threads) == [key.thumbprint for key in keys]
    with pytest.raises(jot.InvalidArgument, match="keys"):
        proofs.verify_batch(plain, jwks[1:])
    assert proofs.verify_batch([]) == []


def test_chunks_of_a_column_are_joined(proofs: jot.SelfSignedVerifier) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    keys = [jot.SigningKey.generate("EdDSA") for _ in range(5)]
    tokens = [proof_of(key) for key in keys]
    column = pyarrow.chunked_array([tokens[:2], tokens[2:]])
    assert proofs.verify_batch(column) == [key.thumbprint for key in keys]
    assert proofs.verify_batch(pyarrow.chunked_array([], type=pyarrow.string())) == []


def test_rules_make_sense_or_are_refused() -> None:
    for algorithms, rules, argument in [
        ([], {"typ": "a"}, ""),
        (["ES256", "HS256"], {"typ": "a"}, "algorithms"),
        (["ES256"], {}, "typ"),
        (["ES256"], {"typ": [""]}, "typ"),
        (["ES256"], {"typ": "a", "any_typ": True}, "any_typ"),
    ]:
        with pytest.raises(jot.InvalidArgument) as refused:
            jot.SelfSignedVerifier(algorithms, **rules)  # type: ignore[arg-type]
        assert refused.value.argument == argument
    for wrong in ({"backend": "fast"}, {"max_token_bytes": 0}):
        with pytest.raises(ValueError):
            jot.SelfSignedVerifier(["ES256"], typ="a", **wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        jot.SelfSignedVerifier("ES256", typ="a")
    key = jot.SigningKey.generate("ES256")
    token = jot.encode(PROOF, key, headers={"typ": None, "jwk": public(key)})
    assert jot.self_signed(token, ["ES256"], any_typ=True).thumbprint == key.thumbprint
