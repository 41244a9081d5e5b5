"""The facade beside the real PyJWT: the same answer, or the documented difference."""

from __future__ import annotations

import datetime
import json
from typing import Any, Callable

import jot
import jot.pyjwt
import jwt
import pytest
from pyjwt_forge import (
    GOOD,
    KEYS,
    NOW,
    OTHER,
    SECRET,
    TINY,
    WEAK,
    answer,
    b64,
    forged,
    hs,
    jwk,
    private_jwk,
    private_pem,
    public_pem,
    theirs,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def decode(token: Any, *arguments: Any, **named: Any) -> Callable[[Any], Any]:
    return lambda module: module.decode(token, *arguments, **named)


ONLY = {"algorithms": ["HS256"]}

#: Calls that come to the same, by what they show.
SAME: dict[str, Callable[[Any], Any]] = {
    "sound": decode(GOOD, SECRET, **ONLY),
    "sound as bytes": decode(GOOD.encode(), SECRET.encode(), **ONLY),
    "several algorithms": decode(GOOD, SECRET, ["RS256", "HS256"]),
    "no algorithms": decode(GOOD, SECRET),
    "no algorithms, empty": decode(GOOD, SECRET, []),
    "algorithm not allowed": decode(GOOD, SECRET, ["HS512"]),
    "unknown algorithm allowed": decode(GOOD, SECRET, ["XX", "HS256"]),
    "algorithm unknown": decode(forged({"alg": "XX"}, {}), SECRET, ["XX"]),
    "algorithm absent": decode(forged({}, {}), SECRET, **ONLY),
    "algorithm a number": decode(forged({"alg": 5}, {}), SECRET, **ONLY),
    "algorithm null": decode(forged({"alg": None}, {}), SECRET, **ONLY),
    "wrong secret": decode(GOOD, SECRET + "x", **ONLY),
    "empty secret": decode(GOOD, "", **ONLY),
    "no key": decode(GOOD, **ONLY),
    "key of another type": decode(GOOD, 5, **ONLY),
    "short secret warns": decode(forged({"alg": "HS256"}, {"a": 1}, "short"), "short", **ONLY),
    "short secret enforced": decode(
        forged({"alg": "HS256"}, {}, "short"), "short", options={"enforce_minimum_key_length": True}, **ONLY
    ),
    "pem as secret": decode(GOOD, public_pem(KEYS["RS256"]), **ONLY),
    "jwk as secret": decode(GOOD, '{"kty":"oct","k":"AAAA"}', **ONLY),
    "secret for RS256": decode(jwt.encode({}, KEYS["RS256"], "RS256"), SECRET, ["RS256"]),
    "key of another curve": decode(
        jwt.encode({}, KEYS["ES384"], "ES384"), public_pem(KEYS["ES256"]), ["ES384"]
    ),
    "key of another type of key": decode(
        jwt.encode({}, KEYS["RS256"], "RS256"), public_pem(KEYS["ES256"]), ["RS256"]
    ),
    "key of somebody else": decode(jwt.encode({}, OTHER, "ES256"), public_pem(KEYS["ES256"]), ["ES256"]),
    "private key verifies": decode(
        jwt.encode({"a": 1}, KEYS["ES256"], "ES256"), private_pem(KEYS["ES256"]), ["ES256"]
    ),
    "weak RSA key warns": decode(theirs(WEAK, "RS256", {"a": 1}), public_pem(WEAK), ["RS256"]),
    "expired": decode(hs({"exp": NOW - 5}), SECRET, **ONLY),
    "expired within leeway": decode(hs({"exp": NOW - 5}), SECRET, leeway=3600, **ONLY),
    "leeway as timedelta": decode(hs({"exp": NOW - 5}), SECRET, leeway=datetime.timedelta(hours=1), **ONLY),
    "expired not looked at": decode(hs({"exp": 1}), SECRET, options={"verify_exp": False}, **ONLY),
    "exp a fraction": decode(hs({"exp": NOW + 3600.7}), SECRET, **ONLY),
    "exp no number": decode(hs({"exp": "soon"}), SECRET, **ONLY),
    "exp null": decode(hs({"exp": None}), SECRET, **ONLY),
    "exp a list": decode(hs({"exp": [1]}), SECRET, **ONLY),
    "exp huge": decode(hs({"exp": 10**400}), SECRET, **ONLY),
    "exp 1e999": decode(forged({"alg": "HS256"}, b'{"exp":1e999}'), SECRET, **ONLY),
    "nbf in the future": decode(hs({"nbf": NOW + 3600}), SECRET, **ONLY),
    "nbf within leeway": decode(hs({"nbf": NOW + 3600}), SECRET, leeway=3690, **ONLY),
    "nbf no number": decode(hs({"nbf": "x"}), SECRET, **ONLY),
    "iat in the future": decode(hs({"iat": NOW + 3600}), SECRET, **ONLY),
    "iat no number": decode(hs({"iat": "x"}), SECRET, **ONLY),
    "iat not looked at": decode(hs({"iat": "x"}), SECRET, options={"verify_iat": False}, **ONLY),
    "aud expected": decode(hs({"aud": "a"}), SECRET, audience="a", **ONLY),
    "aud of several": decode(hs({"aud": ["a", "b"]}), SECRET, audience=["c", "b"], **ONLY),
    "aud as set": decode(hs({"aud": "b"}), SECRET, audience={"c", "b"}, **ONLY),
    "aud another": decode(hs({"aud": "a"}), SECRET, audience="b", **ONLY),
    "aud absent": decode(hs({}), SECRET, audience="b", **ONLY),
    "aud not expected": decode(hs({"aud": "a"}), SECRET, **ONLY),
    "aud not looked at": decode(hs({"aud": "a"}), SECRET, options={"verify_aud": False}, **ONLY),
    "aud a number": decode(hs({"aud": 5}), SECRET, audience="a", **ONLY),
    "aud with a number": decode(hs({"aud": ["a", 5]}), SECRET, audience="a", **ONLY),
    "aud empty": decode(hs({"aud": []}), SECRET, **ONLY),
    "aud expected none": decode(hs({"aud": "a"}), SECRET, audience=[], **ONLY),
    "audience a number": decode(hs({"aud": "a"}), SECRET, audience=5, **ONLY),
    "aud strict": decode(hs({"aud": "a"}), SECRET, audience="a", options={"strict_aud": True}, **ONLY),
    "aud strict, list": decode(
        hs({"aud": ["a"]}), SECRET, audience="a", options={"strict_aud": True}, **ONLY
    ),
    "aud strict, several": decode(
        hs({"aud": "a"}), SECRET, audience=["a"], options={"strict_aud": True}, **ONLY
    ),
    "iss expected": decode(hs({"iss": "i"}), SECRET, issuer="i", **ONLY),
    "iss of several": decode(hs({"iss": "i"}), SECRET, issuer=["h", "i"], **ONLY),
    "iss another": decode(hs({"iss": "i"}), SECRET, issuer="j", **ONLY),
    "iss part": decode(hs({"iss": "i"}), SECRET, issuer="iss", **ONLY),
    "iss absent": decode(hs({}), SECRET, issuer="j", **ONLY),
    "iss a list": decode(hs({"iss": ["j"]}), SECRET, issuer="j", **ONLY),
    "issuer a number": decode(hs({"iss": "j"}), SECRET, issuer=5, **ONLY),
    "sub a number": decode(hs({"sub": 5}), SECRET, **ONLY),
    "sub a number, not looked at": decode(hs({"sub": 5}), SECRET, options={"verify_sub": False}, **ONLY),
    "sub expected": decode(hs({"sub": "s"}), SECRET, subject="s", **ONLY),
    "sub another": decode(hs({"sub": "s"}), SECRET, subject="t", **ONLY),
    "jti a number": decode(hs({"jti": 5}), SECRET, **ONLY),
    "required is there": decode(hs({"exp": NOW + 3600}), SECRET, options={"require": ["exp"]}, **ONLY),
    "required is absent": decode(hs({}), SECRET, options={"require": ["exp"]}, **ONLY),
    "required is null": decode(hs({"x": None}), SECRET, options={"require": ["x"]}, **ONLY),
    "not verified": decode(GOOD[:-3], options={"verify_signature": False}),
    "not verified, expired": decode(hs({"exp": 1, "aud": 5}), options={"verify_signature": False}),
    "not verified, exp looked at": decode(
        hs({"exp": 1}), options={"verify_signature": False, "verify_exp": True}
    ),
    "verify given": decode(GOOD, SECRET, verify=False, **ONLY),
    "unknown argument": decode(GOOD, SECRET, nonsense=1, **ONLY),
    "payload a list": decode(hs([1]), SECRET, **ONLY),
    "payload no JSON": decode(forged({"alg": "HS256"}, b"{"), SECRET, **ONLY),
    "header a list": decode(forged([1], {}), SECRET, **ONLY),
    "header no JSON": decode(forged(b"x", {}), SECRET, **ONLY),
    "kid a number": decode(hs({}, kid=5), SECRET, **ONLY),
    "kid of any name": decode(hs({"a": 1}, kid="x"), SECRET, **ONLY),
    "crit unknown": decode(hs({}, crit=["x"], x=1), SECRET, **ONLY),
    "crit empty": decode(hs({}, crit=[]), SECRET, **ONLY),
    "crit b64 absent": decode(hs({}, crit=["b64"]), SECRET, **ONLY),
    "two segments": decode("a.b", SECRET, **ONLY),
    "no token": decode("", SECRET, **ONLY),
    "None as token": decode(None, SECRET, **ONLY),
    "number as token": decode(5, SECRET, **ONLY),
    "header no base64": decode("!!!.e30.AAAA", SECRET, **ONLY),
    "signature no base64": decode(GOOD + "!", SECRET, **ONLY),
    "detached without b64": decode(GOOD, SECRET, detached_payload=b"{}", **ONLY),
    "complete": lambda module: module.decode_complete(GOOD, SECRET, **ONLY),
    "header": lambda module: module.get_unverified_header(GOOD),
    "header of nonsense": lambda module: module.get_unverified_header("nonsense"),
    "encode sets": lambda module: module.encode([1], SECRET),
    "encode iss": lambda module: module.encode({"iss": 1}, SECRET),
    "encode empty key": lambda module: module.encode({}, ""),
    "encode unknown algorithm": lambda module: module.encode({}, SECRET, "XX"),
    "encode kid number": lambda module: module.encode({}, SECRET, headers={"kid": 1}),
    "encode what is no JSON": lambda module: module.encode({"x": object()}, SECRET),
    "instance": lambda module: module.PyJWT().decode(GOOD, SECRET, **ONLY),
    "instance with options": lambda module: module.PyJWT({"verify_exp": False}).decode(
        hs({"exp": 1}), SECRET, **ONLY
    ),
    "jws": lambda module: module.PyJWS().decode(forged({"alg": "HS256"}, b"any"), SECRET, **ONLY),
    "jws with algorithms": lambda module: module.PyJWS(["HS512"]).decode(GOOD, SECRET, **ONLY),
    "jwk without kty": lambda module: module.PyJWK({}),
    "jwk of unknown type": lambda module: module.PyJWK({"kty": "X"}),
    "jwk of unknown curve": lambda module: module.PyJWK({"kty": "EC", "crv": "P-1"}),
    "jwk of unknown algorithm": lambda module: module.PyJWK({"kty": "oct", "k": "AAAA", "alg": "X"}),
    "jwk without members": lambda module: module.PyJWK({"kty": "RSA"}),
    "jwk set empty": lambda module: module.PyJWKSet([]),
    "jwk set of nonsense": lambda module: module.PyJWKSet([{"kty": "X"}]),
    "none is allowed": decode(f"{b64(json.dumps({'alg': 'none'}).encode())}.e30.", "", ["none"]),
    "public JWK in UTF-16 as secret": lambda module: module.encode({}, '{"kty":"RSA"}'.encode("utf-16")),
    "public JWK in UTF-32 as secret": lambda module: module.encode({}, '{"kty":"RSA"}'.encode("utf-32-be")),
    "deep JWK with escapes as secret": lambda module: module.encode({}, '[{"a":{"k\\u0074y":"RSA"}}]'),
    "mark of a key as secret": lambda module: module.encode({}, f"-----BEGIN PUBLIC KEY----- {SECRET}"),
    "kty as secret": lambda module: module.encode({}, '["kty"]'),
    "typ a number": decode(hs({"a": 1}, typ=5), SECRET, **ONLY),
    "typ null": decode(hs({"a": 1}, typ=None), SECRET, **ONLY),
    "deep": decode(forged({"alg": "HS256"}, b'{"a":' + b"[" * 40 + b"]" * 40 + b"}"), SECRET, **ONLY),
    "jwk set no list": lambda module: module.PyJWKSet({"a": 1}),
}


@pytest.mark.parametrize("what", SAME)
def test_call_comes_to_the_same(what: str) -> None:
    real, ours = (answer(lambda module=module: SAME[what](module)) for module in (jwt, jot.pyjwt))
    assert ours == real


#: Calls that come to something else here, as docs/pyjwt.md says.
DIFFERENT: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "exp as text": (decode(hs({"exp": str(NOW + 3600)}), SECRET, **ONLY), "", "DecodeError"),
    "nbf as text": (decode(hs({"nbf": "1"}), SECRET, **ONLY), "", "DecodeError"),
    "iat as text": (decode(hs({"iat": "1"}), SECRET, **ONLY), "", "InvalidIssuedAtError"),
    "exp a boolean": (decode(hs({"nbf": True}), SECRET, **ONLY), "", "DecodeError"),
    "member twice": (decode(forged({"alg": "HS256"}, b'{"a":1,"a":2}'), SECRET, **ONLY), "", "DecodeError"),
    "header member twice": (
        decode(forged(b'{"alg":"HS256","alg":"HS256"}', {}), SECRET, **ONLY),
        "",
        "DecodeError",
    ),
    "NaN": (decode(forged({"alg": "HS256"}, b'{"a":NaN}'), SECRET, **ONLY), "", "DecodeError"),
    "padding": (decode(forged({"alg": "HS256"}, {}) + "=", SECRET, **ONLY), "", "DecodeError"),
    "b64 no boolean": (decode(hs({}, b64=0), SECRET, **ONLY), "", "InvalidTokenError"),
    "header with a mark": (
        decode(forged(b'\xef\xbb\xbf{"alg":"HS256"}', {}), SECRET, **ONLY),
        "",
        "DecodeError",
    ),
    "header in UTF-16": (
        decode(forged('{"alg":"HS256"}'.encode("utf-16-le"), {}), SECRET, **ONLY),
        "",
        "DecodeError",
    ),
    "header deep": (
        decode(hs({"a": 1}, x=json.loads("[" * 40 + "]" * 40)), SECRET, **ONLY),
        "",
        "DecodeError",
    ),
    "secret that begins a key": (
        lambda module: module.encode({}, "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"),
        "",
        "InvalidKeyError",
    ),
    "key for verifying alone": (
        lambda module: module.encode({}, module.PyJWK({**private_jwk("ES256"), "key_ops": ["verify"]})),
        "",
        "InvalidKeyError",
    ),
    "algorithms as text": (decode(GOOD, SECRET, "HS256 HS512"), "", "InvalidAlgorithmError"),
    "header too long": (decode(hs({}, x="y" * 9000), SECRET, **ONLY), "", "DecodeError"),
    "token too long": (decode(hs({"x": "y" * 70000}), SECRET, **ONLY), "", "DecodeError"),
    "encode with a public key": (
        lambda module: module.encode({}, public_pem(KEYS["ES256"]), "ES256"),
        "AttributeError",
        "InvalidKeyError",
    ),
    "encode none": (lambda module: module.encode({}, None, algorithm=None), "", "NotImplementedError"),
    "encode none by name": (
        lambda module: module.encode({}, "", algorithm="none"),
        "",
        "NotImplementedError",
    ),
    "encode NaN": (lambda module: module.encode({"x": float("nan")}, SECRET), "", "ValueError"),
    "weak RSA with another hash": (
        decode(theirs(WEAK, "PS256"), public_pem(WEAK), ["PS256"]),
        "",
        "InvalidKeyError",
    ),
    "tiny RSA key": (
        decode(jwt.encode({}, KEYS["RS256"], "RS256"), TINY, ["RS256"]),
        "InvalidSignatureError",
        "InvalidKeyError",
    ),
    "key for encryption": (
        lambda module: module.PyJWK({**jwk("ES256"), "use": "enc"}),
        "",
        "InvalidKeyError",
    ),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_call_comes_to_the_documented_difference(what: str) -> None:
    call, real, ours = DIFFERENT[what]
    assert answer(lambda: call(jwt)).raised == real
    assert answer(lambda: call(jot.pyjwt)).raised == ours
