"""What keys and key sets do."""

from __future__ import annotations

import base64
import contextlib
import json
import pickle

import jot
import pytest
from conftest import NOW, table


def test_key_set_tells_what_it_holds_and_skipped(key: jot.SigningKey) -> None:
    jwks = json.loads(key.public_keys().to_jwks())
    jwks["keys"].append({"kty": "RSA", "kid": "bad", "n": "AQAB", "e": "AQAB"})
    keys = jot.KeySet.from_jwks(jwks)
    assert len(keys) == 1 and keys[0] == keys[-1] == next(iter(keys))
    found = keys[0]
    assert (found.kid, found.kty, found.crv, found.algorithms) == ("1", "EC", "P-256", ("ES256",))
    assert [(one.position, one.kid) for one in keys.skipped] == [(1, "bad")]
    assert isinstance(keys.skipped[0].reason, jot.InvalidKey)
    assert pickle.loads(pickle.dumps(keys)).to_jwks() == keys.to_jwks()
    both = keys + jot.KeySet.from_pem(jot.SigningKey.generate("EdDSA").to_pem(), kid="2")
    assert [one.kid for one in both] == ["1", "2"]
    assert jot.KeySet.from_pem(both.to_pem(1))[0].thumbprint == both[1].thumbprint
    bundle = jot.KeySet.from_pem_bundle(both.to_pem(0) + both.to_pem(1))
    assert len(bundle) == 2
    with pytest.raises(jot.InvalidKey) as refused:
        jot.KeySet.from_jwks({"keys": [{"kty": "XX"}, {**jwks["keys"][1], "kid": "grün"}]})
    error = refused.value
    assert error.reasons.startswith("key 1 of 2 in the JWK Set: key_type_unknown (403): ")
    assert 'key 2 of 2 in the JWK Set (kid "grün"): ' in error.reasons and str(error).endswith(error.reasons)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.code, again.reasons) == (str(error), jot.Code.KEY_SET_EMPTY, error.reasons)
    with pytest.raises(IndexError):
        keys[1]
    with pytest.raises(TypeError):
        keys + 1  # type: ignore[operator]


#: The certificate of "me", and that of "ca", which issued it.
CHAIN = """\
-----BEGIN CERTIFICATE-----
MIHCMHYCAQEwBQYDK2VwMA0xCzAJBgNVBAMMAmNhMCAXDTI2MTEyODIyNTEyN1oY
DzIwNTQwNDE0MjI1MTI3WjANMQswCQYDVQQDDAJtZTAqMAUGAytlcAMhAOGP35rX
aSUmMZuwSXVgijEoMjP7MENnZoCge3PggZpNMAUGAytlcANBAOpCHlvJF/NVlgCq
HcOgSB3rvGNGkGsL9tVX48iHSPKSN2dmJTuTh2w4++i6yOlvVxciv72FbPOwLmw+
J8NKzAw=
-----END CERTIFICATE-----
-----BEGIN CERTIFICATE-----
MIHWMIGJAhQQ4kbbSjMsygZ0zj+Kcf2vCO6yLTAFBgMrZXAwDTELMAkGA1UEAwwC
Y2EwIBcNMjYxMTI4MjI1MTI3WhgPMjA1NDA0MTQyMjUxMjdaMA0xCzAJBgNVBAMM
AmNhMCowBQYDK2VwAyEAnivDspU4Jxy+6Zodfw/gxu4nujmaa39pdTPCCJ6rX/Yw
BQYDK2VwA0EA8ZBkPlvFee+UAzuNukJFggzDaU9GDMDmlewNna5XVR0HoMbSL1o5
s35YbxXSk3HgH2pdpANgJ6DHtphJyUciBw==
-----END CERTIFICATE-----
"""


def test_chain_gives_its_leaf() -> None:
    chain = jot.KeySet.from_pem_bundle(CHAIN)
    end = "-----END CERTIFICATE-----\n"
    leaf, authority = (jot.KeySet.from_pem(block + end) for block in CHAIN.split(end)[:2])
    assert [key.thumbprint for key in chain] == [leaf[0].thumbprint]
    assert [(one.position, one.reason.code) for one in chain.skipped] == [(1, jot.Code.KEY_OF_AUTHORITY)]
    every = jot.KeySet.from_pem_bundle(CHAIN, all_certificates=True)
    assert [key.thumbprint for key in every] == [leaf[0].thumbprint, authority[0].thumbprint]
    assert len(pickle.loads(pickle.dumps(every))) == 2


def test_validity_of_a_certificate_is_read_when_asked_for() -> None:
    certificate = CHAIN.split("-----END CERTIFICATE-----\n")[0] + "-----END CERTIFICATE-----\n"
    (plain,) = jot.KeySet.from_pem(certificate)
    assert (plain.not_before, plain.expires_at) == (None, None)
    for read in (jot.KeySet.from_pem, jot.KeySet.from_pem_bundle):
        (dated,) = read(certificate, certificate_validity=True)
        assert dated.not_before is not None and dated.expires_at is not None
        assert dated.not_before < dated.expires_at
    encoded = "".join(certificate.splitlines()[1:-1])
    jwk = {"kty": "OKP", "x5c": [encoded]}
    assert jot.KeySet.from_jwk(jwk)[0].not_before is None
    assert jot.KeySet.from_jwk(jwk, certificate_validity=True)[0].not_before == dated.not_before
    assert jot.KeySet.from_jwks({"keys": [jwk]}, certificate_validity=True)[0].expires_at == dated.expires_at


def test_secret_is_bound_to_its_algorithms_and_stays_secret() -> None:
    keys = jot.KeySet.from_secret(bytes(range(48)))
    assert keys[0].algorithms == ("HS256", "HS384")
    with pytest.raises(jot.InvalidKey, match="key_secret_not_public"):
        keys.to_jwks()
    with pytest.raises(jot.InvalidKey, match="key_secret_too_short"):
        jot.KeySet.from_secret(b"short", alg="HS256")
    assert len(jot.KeySet.from_secret(b"short", alg="HS256", allow_weak_keys=True)) == 1
    with pytest.raises(jot.InvalidKey, match="key_secret_is_key_text"):
        jot.KeySet.from_secret(b"-----BEGIN PUBLIC KEY-----\nMFkwEwYH\n-----END PUBLIC KEY-----", alg="HS256")
    secret = jot.SigningKey.from_secret(bytes(range(32)), alg="HS256", kid="s")
    for shown in (repr(secret), repr(secret.public_keys()), repr(keys)):
        assert "AAEC" not in shown and "\\x00" not in shown
    token = jot.encode({"exp": NOW + 1}, secret)
    assert jot.Verifier(secret.public_keys(), algorithms=["HS256"]).judge(token, NOW).accepted


def test_doubt_about_a_secret_is_logged_once_when_an_hmac_does_not_hold(
    caplog: pytest.LogCaptureFixture, key: jot.SigningKey
) -> None:
    secret = base64.b64encode(b"a secret that somebody wrote in base64")
    keys = jot.KeySet.from_secret(secret) + key.public_keys()
    assert keys.secret_doubt == "the secret looks like base64, which is not decoded"
    assert key.public_keys().secret_doubt is None
    verifier = jot.Verifier(keys, algorithms=["HS256", "ES256"])
    other = jot.encode({"exp": NOW}, base64.b64decode(secret), algorithm="HS256")
    foreign = jot.encode({"exp": NOW}, jot.SigningKey.generate("ES256", kid="1"))
    told = []
    for token, verify in [(foreign, verifier.verify), (other, verifier.verify), (other, verifier.judge)] * 2:
        with contextlib.suppress(jot.Rejected):
            verify(token, NOW)
        told.append(len(caplog.records))
    assert told == [0, 1, 1, 1, 1, 1]
    record = caplog.records[0]
    assert (record.name, record.levelname) == ("jot", "WARNING")
    assert record.getMessage() == f"a signature does not hold, and {keys.secret_doubt}"
    verifier.replace_keys(keys)
    assert verifier.judge(other, NOW).name == "signature_invalid" and len(caplog.records) == 2


def rsa(name: str) -> dict[str, str]:
    """Return the private JWK of a key without its primes."""
    found = next(key for key in table("cases/rsa_primes.json")["keys"] if key["name"] == name)
    e, p, q = (int(found[member], 16) for member in "epq")
    numbers = {"n": p * q, "e": e, "d": pow(e, -1, (p - 1) * (q - 1))}
    octets = {
        member: number.to_bytes((number.bit_length() + 7) // 8, "big") for member, number in numbers.items()
    }
    return {
        "kty": "RSA",
        **{member: base64.urlsafe_b64encode(value).rstrip(b"=").decode() for member, value in octets.items()},
    }


def test_rsa_key_signs_without_its_primes() -> None:
    key = jot.SigningKey.from_jwk(rsa("2048"), alg="PS256")
    token = jot.encode({"exp": NOW + 1}, key)
    assert jot.Verifier(key.public_keys(), algorithms=["PS256"]).judge(token, NOW).accepted
    assert {"p", "q", "dp", "dq", "qi"} < json.loads(key.to_jwk()).keys()
    with pytest.raises(jot.InvalidKey, match="key_invalid"):
        jot.SigningKey.from_jwk({**rsa("2048"), "d": rsa("1024")["d"]})


def test_short_rsa_key_signs_where_weak_keys_are_allowed() -> None:
    with pytest.raises(jot.InvalidKey, match="key_rsa_too_short"):
        jot.SigningKey.from_jwk(rsa("1024"))
    for name, alg in (("1024", "RS256"), ("1536", "RS512")):
        key = jot.SigningKey.from_jwk(rsa(name), alg=alg, allow_weak_keys=True)
        again = jot.SigningKey.from_pem(key.to_pem(), alg=alg, allow_weak_keys=True)
        for signer in (key, again, pickle.loads(pickle.dumps(key))):
            token = jot.encode({"exp": NOW + 1}, signer)
            assert jot.Verifier(key.public_keys(), algorithms=[alg]).judge(token, NOW).accepted
    with pytest.raises(jot.InvalidKey, match="key_rsa_too_short"):
        jot.SigningKey.from_jwk(rsa("1024"), alg="PS256", allow_weak_keys=True)


def test_dated_keys_are_in_force_for_their_time_only(key: jot.SigningKey) -> None:
    jwk = {**json.loads(key.public_keys().to_jwks())["keys"][0], "nbf": NOW, "exp": NOW + 100}
    verifier = jot.Verifier(jot.KeySet.from_jwk(jwk, dated=True), algorithms=["ES256"])
    token = jot.encode({"exp": NOW + 1000}, key)
    assert [verifier.judge(token, at).name for at in (NOW - 1, NOW, NOW + 99, NOW + 100)] == [
        *("key_not_yet_valid", "accepted", "accepted", "key_retired"),
    ]
    undated = jot.Verifier(jot.KeySet.from_jwk(jwk), algorithms=["ES256"])
    assert undated.judge(token, NOW + 100).accepted
