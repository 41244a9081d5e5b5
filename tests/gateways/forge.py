"""Keys and tokens for the table of requests, good and bad."""

import base64
import hashlib
import hmac
import json
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

ISSUER = "https://issuer.example"
OTHER = "https://other.example"
SERVICE = "https://service.example"


def encode(data):
    """Return data as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    """Return an unsigned integer as a JWK writes it."""
    return encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Rsa:
    """An RSA key for RS256."""

    alg = "RS256"

    def __init__(self, kid):
        self.kid = kid
        self.private = rsa.generate_private_key(65537, 2048)

    def sign(self, data):
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def jwk(self):
        public = self.private.public_key().public_numbers()
        return {"kty": "RSA", "kid": self.kid, "alg": self.alg, "use": "sig", "n": number(public.n), "e": number(public.e)}

    def pem(self):
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


class Ec:
    """A P-256 key for ES256."""

    alg = "ES256"

    def __init__(self, kid, private=None):
        self.kid = kid
        self.private = private or ec.generate_private_key(ec.SECP256R1())

    def sign(self, data):
        r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def jwk(self):
        public = self.private.public_key().public_numbers()
        point = {"x": number(public.x, 32), "y": number(public.y, 32)}
        return {"kty": "EC", "crv": "P-256", "kid": self.kid, "alg": self.alg, "use": "sig", **point}


class Ed:
    """An Ed25519 key for EdDSA."""

    alg = "EdDSA"

    def __init__(self, kid):
        self.kid = kid
        self.private = ed25519.Ed25519PrivateKey.generate()

    def sign(self, data):
        return self.private.sign(data)

    def jwk(self):
        x = encode(self.private.public_key().public_bytes_raw())
        return {"kty": "OKP", "crv": "Ed25519", "kid": self.kid, "alg": self.alg, "use": "sig", "x": x}


class Secret:
    """An HMAC secret for HS256."""

    alg = "HS256"

    def __init__(self, kid, secret):
        self.kid = kid
        self.secret = secret

    def sign(self, data):
        return hmac.digest(self.secret, data, hashlib.sha256)

    def jwk(self):
        return {"kty": "oct", "kid": self.kid, "alg": self.alg, "k": encode(self.secret)}


class Forge:
    """The keys of one run, and the tokens that are made with them."""

    def __init__(self):
        self.keys = {
            "rsa": Rsa("rsa-1"),
            "ec": Ec("ec-1"),
            "other": Rsa("other-1"),
            "service": Secret("service-1", b"0123456789abcdef0123456789abcdef"),
            # In no set, under the kid of one that is.
            "stranger": Rsa("rsa-1"),
            "next": Rsa("rsa-2"),
        }
        pem = self.keys["rsa"].pem().encode()
        self.keys["confused"] = Secret("rsa-1", pem)

    def jwks(self, *names):
        """Return a JWK Set of these keys, as text."""
        return json.dumps({"keys": [self.keys[name].jwk() for name in names]})

    def token(self, key="rsa", header=None, set=None, drop=(), text=None, payload=None, change=None, raw=None):
        """Make a token; every argument departs from a good one.

        Dates in `set` may be strings such as "-10": seconds from now. `text`
        and `payload` take the place of the header's and the claims' JSON.
        """
        if raw is not None:
            return raw
        signer = self.keys[key]
        now = int(time.time())
        issuer = {"other": OTHER, "service": SERVICE}.get(key, ISSUER)
        claims = {"iss": issuer, "aud": "api", "sub": "alice", "iat": now - 10, "exp": now + 3600}
        for name, value in (set or {}).items():
            relative = name in ("exp", "nbf", "iat") and isinstance(value, str) and value[:1] in "+-"
            claims[name] = now + int(value) if relative else value
        for name in drop:
            claims.pop(name, None)
        whole = {"alg": signer.alg, "kid": signer.kid, "typ": "JWT", **(header or {})}
        whole = {name: value for name, value in whole.items() if value is not None}
        first = encode((text or json.dumps(whole)).encode())
        second = encode((payload or json.dumps(claims)).encode())
        signature = signer.sign(f"{first}.{second}".encode())
        return CHANGES[change](first, second, encode(signature))


def flipped(first, second, signature):
    """Change one bit in the middle of the signature."""
    data = bytearray(base64.urlsafe_b64decode(signature + "=="))
    data[len(data) // 2] ^= 1
    return f"{first}.{second}.{encode(bytes(data))}"


CHANGES = {
    None: lambda *parts: ".".join(parts),
    "signature_flipped": flipped,
    "signature_empty": lambda first, second, _: f"{first}.{second}.",
    "signature_missing": lambda first, second, _: f"{first}.{second}",
    "signature_padded": lambda *parts: ".".join(parts) + "==",
    "dots_escaped": lambda *parts: "%2E".join(parts),
    "segment_more": lambda *parts: ".".join(parts) + ".x",
    "payload_swapped": lambda first, _, signature: f"{first}.{encode(b'{}')}.{signature}",
}
