"""What each function and argument does."""

from __future__ import annotations

import datetime
import json
import pickle
import time
from typing import Any

import jot
import pytest
from conftest import NOW, claims

ALGORITHMS = [
    *("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"),
    *("ES512", "ES256K", "EdDSA", "Ed25519", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"),
]


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_token_is_accepted_of_the_key_that_signed_it_and_of_no_other(alg: str) -> None:
    key, other = (jot.SigningKey.generate(alg, kid="k") for _ in range(2))
    token = jot.encode({"sub": "alice", "exp": NOW + 1}, key, algorithm=alg)
    claims = jot.Verifier(key.public_keys(), algorithms=[alg]).verify(token, NOW)
    assert dict(claims) == {"sub": "alice", "exp": NOW + 1}
    assert claims.header == {"alg": alg, "typ": "JWT", "kid": "k"}
    with pytest.raises(jot.Rejected) as refused:
        jot.Verifier(other.public_keys(), algorithms=[alg]).verify(token, NOW)
    assert refused.value.code == jot.Code.SIGNATURE_INVALID
    read = jot.SigningKey.from_jwk(key.to_jwk())
    assert (read.algorithm, read.kid, read.thumbprint) == (alg, "k", key.thumbprint)


def test_claims_are_a_mapping_of_what_was_signed(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    text = '{"iss":"https://issuer","aud":["api","b"],"exp":1800000001,"n":{"ü":[1,2.5,null,"\\u00e9"]}}'
    found = verifier.verify(jot.encode(text, key), NOW)
    assert found == json.loads(text)
    assert found.payload == text.encode()
    assert list(found) == ["iss", "aud", "exp", "n"] and len(found) == 4
    assert "exp" in found and "nbf" not in found and found.get("nbf") is None
    assert (found.key_index, found.issuer_index) == (0, 0)
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(KeyError):
        found["nbf"]


def test_claims_survive_a_number_of_very_many_digits(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    text = json.dumps(claims())[:-1] + ', "n": ' + "9" * 5000 + "}"
    assert verifier.verify(jot.encode(text, key), NOW)["n"] == float("inf")


@pytest.mark.parametrize("form", [str, bytes, bytearray, memoryview])
def test_token_may_be_text_or_bytes(form: Any, key: jot.SigningKey, verifier: jot.Verifier) -> None:
    token = jot.encode(claims(), key)
    assert verifier.verify(token if form is str else form(token.encode()), NOW)["sub"] == "alice"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (NOW, 0),
        (NOW + 0.99, 0),
        (NOW + 3599.5, 0),
        (NOW + 3600, 692),
        (datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc), 0),
        (datetime.datetime.fromtimestamp(NOW + 3600, datetime.timezone.utc), 692),
        (NOW - 11, 672),
    ],
)
def test_now_is_seconds_or_a_datetime(
    now: Any, code: int, key: jot.SigningKey, verifier: jot.Verifier
) -> None:
    verdict = verifier.judge(jot.encode(claims(nbf=None), key), now)
    assert verdict.code == code or (code == 672 and verdict.code == 0)
    try:
        verifier.verify(jot.encode(claims(), key), now)
        assert verdict.code == 0
    except jot.Rejected as refused:
        assert refused.code == verdict.code


def test_clock_is_the_systems_unless_told(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    now = int(time.time())
    assert verifier.verify(jot.encode(claims(exp=now + 60, iat=now), key))["exp"] == now + 60
    with pytest.raises(jot.Rejected, match="expired"):
        verifier.verify(jot.encode(claims(exp=now - 1, iat=now - 9), key))


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"exp": NOW}, "expired", "exp"),
    ({"exp": None}, "exp_missing", "exp"),
    ({"exp": "never"}, "exp_invalid", "exp"),
    ({"nbf": NOW + 1}, "not_yet_valid", "nbf"),
    ({"iat": NOW + 1}, "issued_in_future", "iat"),
    ({"aud": "other"}, "aud_mismatch", "aud"),
    ({"aud": None}, "aud_missing", "aud"),
    ({"iss": "https://other"}, "iss_mismatch", "iss"),
    ({"sub": 1}, "sub_invalid", "sub"),
]


@pytest.mark.parametrize(("change", "name", "claim"), REFUSED, ids=lambda part: str(part))
def test_refusal_names_code_and_claim(
    change: dict[str, Any], name: str, claim: str, key: jot.SigningKey, verifier: jot.Verifier
) -> None:
    sound = claims()
    sound.update(change)
    token = jot.encode({name: value for name, value in sound.items() if value is not None}, key)
    with pytest.raises(jot.Rejected) as caught:
        verifier.verify(token, NOW)
    refused = caught.value
    assert refused.name == name and refused.code == jot.Code[name.upper()]
    assert refused.claim in (claim, None)
    assert refused.signature_ok
    assert str(refused) == refused.message and name in str(refused)
    again = pickle.loads(pickle.dumps(refused))
    assert (again.code, again.claim, again.signature_ok) == (
        refused.code,
        refused.claim,
        refused.signature_ok,
    )


SETTINGS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"leeway": 1}, {"exp": NOW}, "accepted"),
    ({"leeway": datetime.timedelta(seconds=1)}, {"exp": NOW}, "accepted"),
    ({"allow_missing_exp": True}, {"exp": None}, "accepted"),
    ({"max_age": 10}, {}, "accepted"),
    ({"max_age": 9}, {}, "too_old"),
    ({"audience": None}, {}, "aud_unexpected"),
    ({"audience": None}, {"aud": None}, "accepted"),
    ({"audience": None, "any_audience": True}, {}, "accepted"),
    ({"audience": ["x", "api"]}, {}, "accepted"),
    ({"subject": "alice"}, {}, "accepted"),
    ({"subject": "bob"}, {}, "sub_mismatch"),
    ({"require": ["jti"]}, {}, "claim_missing"),
    ({"require": ["jti"]}, {"jti": "7"}, "accepted"),
    ({"scope": "read"}, {"scope": "write read"}, "accepted"),
    ({"scope": ["read", "write"]}, {"scp": ["write"]}, "scope_insufficient"),
    ({"nonce": "n"}, {"nonce": "n"}, "accepted"),
    ({"nonce": "n"}, {"nonce": "m"}, "claim_mismatch"),
    ({"authorized_party": "app"}, {"azp": "app"}, "accepted"),
    ({"authorized_party": "app"}, {}, "azp_missing"),
    ({"typ": "at+jwt"}, {}, "typ_mismatch"),
    ({"typ": "JWT"}, {}, "accepted"),
    ({"claims": {"role": "admin"}}, {"role": "admin"}, "accepted"),
    ({"claims": {"role": "admin"}}, {"role": "user"}, "claim_mismatch"),
    ({"claims": {("a", "b"): 5}}, {"a": {"b": 5.0}}, "accepted"),
    ({"claims": {"x": 2.5}}, {"x": 2.5}, "accepted"),
    ({"claims": {"x": 2**70}}, {"x": 2**70}, "accepted"),
    ({"claims": {"x": 2**70}}, {"x": 2**70 + 1}, "claim_mismatch"),
    ({"claims": {"x": True}}, {"x": 1}, "claim_mismatch"),
    ({"claims": {"g": jot.contains("staff")}}, {"g": ["a", "staff"]}, "accepted"),
    ({"claims": {"g": jot.contains("staff")}}, {"g": "staff"}, "claim_mismatch"),
    ({"max_token_bytes": 50}, {}, "token_too_long"),
    ({"max_header_bytes": 20}, {}, "header_too_long"),
    ({"cache_entries": 10}, {}, "accepted"),
    ({"cache_bytes": 10_000}, {}, "accepted"),
    ({"backend": "auto"}, {}, "accepted"),
    ({"backend": "accelerated"}, {}, "accepted"),
    ({"backend": "portable"}, {}, "accepted"),
]


@pytest.mark.parametrize(("setting", "change", "name"), SETTINGS, ids=lambda part: str(part))
def test_setting_decides(
    setting: dict[str, Any], change: dict[str, Any], name: str, key: jot.SigningKey
) -> None:
    rules = {"algorithms": ["ES256"], "issuer": "https://issuer", "audience": "api", **setting}
    verifier = jot.Verifier(key.public_keys(), **rules)
    sound = {**claims(), **change}
    token = jot.encode({name: value for name, value in sound.items() if value is not None}, key)
    assert verifier.judge(token, NOW).name == name
    copy = pickle.loads(pickle.dumps(verifier))
    assert copy.judge(token, NOW).name == name


WRONG_SETTINGS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"algorithms": []}, jot.InvalidArgument, "algorithms_empty"),
    ({"algorithms": "ES256"}, TypeError, "algorithms"),
    ({"algorithms": ["ES257"]}, jot.InvalidArgument, "alg_unknown"),
    ({"algorithms": ["none"]}, jot.InvalidArgument, "alg_none"),
    ({"algorithms": [1]}, TypeError, "algorithms"),
    ({"algorithms": None}, TypeError, "algorithms"),
    ({"audience": ""}, jot.InvalidArgument, "audience"),
    ({"audience": []}, ValueError, "audience"),
    ({"audience": 5}, TypeError, "audience"),
    ({"audience": b"api"}, TypeError, "audience"),
    ({"audience": "a\ud800"}, jot.InvalidArgument, "argument_text"),
    ({"audience": "api", "any_audience": True}, jot.InvalidArgument, "audience"),
    ({"any_audience": 1}, TypeError, "any_audience"),
    ({"leeway": -1}, ValueError, "leeway"),
    ({"leeway": 2**32}, ValueError, "leeway"),
    ({"leeway": "1"}, TypeError, "leeway"),
    ({"leeway": True}, TypeError, "leeway"),
    ({"leeway": float("nan")}, ValueError, "leeway"),
    ({"max_age": 1.5}, ValueError, "max_age"),
    ({"issuer": 5}, TypeError, "issuer"),
    ({"issuer_required": True}, jot.InvalidArgument, "issuer_required"),
    ({"require": "exp"}, TypeError, "require"),
    ({"claims": {"x": None}}, TypeError, "claims"),
    ({"claims": {"x": float("inf")}}, ValueError, "claims: JSON has no number inf"),
    ({"claims": {"x": jot.ge(1), "y": float("nan")}}, ValueError, "claims: JSON has no number nan"),
    ({"claims": {(): 1}}, ValueError, "claims: the path"),
    ({"profile": "admin"}, ValueError, "profile"),
    ({"profile": "id_token"}, ValueError, "audience"),
    ({"cache_entries": 0}, ValueError, "cache_entries"),
    ({"cache_entries": 2**60}, ValueError, "cache_entries"),
    ({"cache_entries": 5, "cache_bytes": 5}, ValueError, "cache_entries"),
    ({"backend": "fast"}, ValueError, "backend"),
    ({"max_token_bytes": -1}, ValueError, "max_token_bytes"),
    ({"max_token_bytes": 2.5}, TypeError, "max_token_bytes"),
]


@pytest.mark.parametrize(("setting", "kind", "words"), WRONG_SETTINGS, ids=lambda part: str(part))
def test_setting_that_makes_no_sense_is_refused(
    setting: dict[str, Any], kind: type[Exception], words: str, key: jot.SigningKey
) -> None:
    with pytest.raises(kind, match=words):
        jot.Verifier(key.public_keys(), **{"algorithms": ["ES256"], **setting})


def test_issuers_have_keys_of_their_own() -> None:
    a, b = (jot.SigningKey.generate("ES256", kid=kid) for kid in "ab")
    verifier = jot.Verifier(
        {"https://a": a.public_keys(), "https://b": b.public_keys()}, algorithms=["ES256"]
    )
    assert verifier.issuers == ("https://a", "https://b")

    def name(issuer: str, key: jot.SigningKey) -> str:
        return verifier.judge(jot.encode({"iss": issuer, "exp": NOW + 1}, key), NOW).name

    assert name("https://a", a) == name("https://b", b) == "accepted"
    assert name("https://a", b) == "kid_unknown"
    assert verifier.judge(jot.encode({"iss": "https://b", "exp": NOW + 1}, b), NOW).issuer_index == 1
    verifier.replace_keys(b.public_keys(), issuer="https://a")
    assert name("https://a", b) == "accepted" and name("https://a", a) == "kid_unknown"
    assert verifier.keys("https://a")[0].kid == "b"
    with pytest.raises(jot.InvalidKey, match="issuer_unknown"):
        verifier.replace_keys(b.public_keys(), issuer="https://c")
    with pytest.raises(jot.InvalidKey, match="issuer_unknown"):
        verifier.keys("https://c")
    with pytest.raises(ValueError, match="issuer"):
        jot.Verifier({"https://a": a.public_keys()}, algorithms=["ES256"], issuer="https://a")


def test_replaced_keys_are_in_force_at_once_for_cached_tokens_too() -> None:
    old, new = (jot.SigningKey.generate("ES256", kid="k") for _ in range(2))
    verifier = jot.Verifier(old.public_keys(), algorithms=["ES256"], cache_entries=10)
    token = jot.encode({"exp": NOW + 1}, old)
    verifier.verify(token, NOW)
    assert verifier.judge(token, NOW).from_cache
    verifier.replace_keys(new.public_keys())
    assert verifier.judge(token, NOW).name == "signature_invalid"
    with pytest.raises(jot.InvalidArgument, match="keys_empty"):
        verifier.replace_keys(jot.KeySet())
    assert verifier.judge(jot.encode({"exp": NOW + 1}, new), NOW).accepted


def test_revocations_are_in_force_at_once(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    token = jot.encode(claims(jti="7"), key)
    assert verifier.judge(token, NOW).accepted
    revoked = verifier.revocations
    revoked.revoke_jti("7", until=NOW + 3600)
    verifier.set_revocations(revoked)
    assert verifier.judge(token, NOW).name == "jti_revoked"
    revoked.purge(NOW + 3601)
    assert len(revoked) == 0 and len(verifier.revocations) == 1
    revoked.revoke_subject("alice", issued_before=NOW)
    verifier.set_revocations(jot.Revocations.from_text(revoked.to_text()))
    assert verifier.judge(token, NOW).name == "sub_revoked"
    revoked = jot.Revocations()
    revoked.revoke_key(key.thumbprint)
    verifier.set_revocations(pickle.loads(pickle.dumps(revoked)))
    assert verifier.judge(token, NOW).name == "key_revoked"
    full = jot.Revocations(limit=1)
    full.revoke_jti("a")
    with pytest.raises(jot.InvalidArgument, match="revocations_full"):
        full.revoke_jti("b")
    with pytest.raises(jot.InvalidArgument, match="revocations_invalid"):
        jot.Revocations.from_text("no list")


def test_statistics_count(key: jot.SigningKey) -> None:
    verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"], cache_entries=10)
    token = jot.encode({"exp": NOW + 1}, key)
    for _ in range(3):
        verifier.verify(token, NOW)
    verifier.judge(token, NOW + 1)
    counts = verifier.statistics()
    assert (counts["accepted"], counts["refused"]) == (3, 1)
    assert (counts["cache_hits"], counts["cache_misses"]) == (2, 1)
    assert verifier.verdicts() == {"accepted": 3, "expired": 1}
    assert 'jot_verdicts_total{code="expired"} 1' in verifier.prometheus()


def test_code_is_written_as_its_number() -> None:
    code = jot.Code.EXPIRED
    assert (str(code), f"{code}", f"{code:05d}", repr(code)) == ("692", "692", "00692", "<Code.EXPIRED: 692>")
    assert json.dumps(code) == "692"


def test_revocations_show_how_many_they_are() -> None:
    revoked = jot.Revocations(limit=5)
    revoked.revoke_jti("a")
    assert repr(revoked) == "<jot.Revocations 1 of 5>"


def test_judge_tells_of_refused_tokens_too(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    verdict = verifier.judge(jot.encode(claims(exp=NOW), key), NOW)
    assert not verdict.accepted and verdict.signature_ok and verdict.claims == claims(exp=NOW)
    assert (verdict.algorithm, verdict.kid, verdict.claim) == ("ES256", "1", "exp")
    assert (verdict.expires_at, verdict.issued_at, verdict.not_before) == (NOW, NOW - 10, None)
    forged = verifier.judge(jot.encode(claims(), jot.SigningKey.generate("ES256", kid="1")), NOW)
    assert (forged.name, forged.claims, forged.key_index) == ("signature_invalid", None, None)
