"""Keys and tokens for the tests of the facade, made without it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import warnings
from typing import Any, Callable, NamedTuple

import jot
import jot.pyjwt
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

SECRET = "a secret that is long enough for HS512, which takes sixty-four bytes"
KEYS = {
    "RS256": rsa.generate_private_key(65537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "ES256K": ec.generate_private_key(ec.SECP256K1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
for _alias in ("RS384", "RS512", "PS256", "PS384", "PS512"):
    KEYS[_alias] = KEYS["RS256"]
WEAK = rsa.generate_private_key(65537, 1024)
TINY = rsa.RSAPublicNumbers(65537, (2**383 - 421) * (2**384 - 317)).public_key()
OTHER = ec.generate_private_key(ec.SECP256R1())


def private_pem(key: Any) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())  # type: ignore[no-any-return]


def public_pem(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)  # type: ignore[no-any-return]


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def forged(header: Any, payload: Any, secret: str = SECRET) -> str:
    """Sign anything with HS256, however strange."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    body = ".".join(map(b64, parts))
    return f"{body}.{b64(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest())}"


class Answer(NamedTuple):
    """What a call comes to: a value or the name of an exception, and warnings."""

    value: Any
    raised: str
    warned: tuple[str, ...]


def answer(call: Callable[[], Any]) -> Answer:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value, raised = call(), ""
        except Exception as error:
            value, raised = None, type(error).__name__
    return Answer(value, raised, tuple(sorted(one.category.__name__ for one in caught)))


NOW = int(time.time())


def theirs(key: Any, alg: str, claims: Any = None) -> str:
    """Sign with the real PyJWT, whatever it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return jwt.encode(claims or {}, key, alg)


def hs(payload: Any, **header: Any) -> str:
    return forged({"alg": "HS256", "typ": "JWT", **header}, payload)


GOOD = hs({"sub": "alice", "exp": NOW + 3600})


def jwk(alg: str) -> dict[str, Any]:
    keys = jot.KeySet.from_pem(public_pem(KEYS[alg]), kid=f"kid-{alg}")
    found: dict[str, Any] = json.loads(keys.to_jwks())["keys"][0]
    return found


def private_jwk(alg: str) -> dict[str, Any]:
    return jwt.algorithms.ECAlgorithm.to_jwk(KEYS[alg], as_dict=True)
