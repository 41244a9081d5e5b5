"""Issuing tokens, and decoding them without verification."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any, Optional, Union

from . import _scratch
from ._codes import Code
from ._errors import InvalidArgument, InvalidKey, Rejected
from ._header import ATTACHED, DETACHED, UNENCODED_DETACHED, WITHOUT_TYP, Critical, SignHeader
from ._library import library
from ._values import Text, from_json, json_octets, octets, text, to_json, view, written
from .claims import Unverified
from .signing_key import SigningKey

#: The types that :func:`encode` accepts as a key: a key, or its source: a private
#: JWK as a mapping, a PEM text, or the bytes of an HMAC secret.
SigningKeyLike = Union[SigningKey, Mapping[str, Any], str, bytes]


def signing_key(key: object, algorithm: Optional[str]) -> SigningKey:
    """Return the key for a value, and check that it signs with this algorithm."""
    if isinstance(key, SigningKey):
        if algorithm is not None and key.algorithm != algorithm:
            raise InvalidKey(Code.ALGORITHM_NOT_FOR_KEY, "algorithm")
        return key
    if isinstance(key, Mapping):
        return SigningKey.from_jwk(key, alg=algorithm)
    if isinstance(key, str):
        return SigningKey.from_pem(key, alg=algorithm)
    if isinstance(key, (bytes, bytearray, memoryview)):
        content = octets(key, "key")
        if b"-----BEGIN " in content:
            return SigningKey.from_pem(content, alg=algorithm)
        return SigningKey.from_secret(content, alg=algorithm)
    raise TypeError(f"key must be a jot.SigningKey, a JWK, PEM or secret bytes, not {type(key).__name__}")


class _Header:
    """A ``jot_sign_header`` and the data that it points to."""

    def __init__(self, headers: Optional[Mapping[str, Any]], key: SigningKey) -> None:
        rest = dict(headers or {})
        self.struct = SignHeader(size=ctypes.sizeof(SignHeader))
        alg = rest.pop("alg", key.algorithm)
        if alg != key.algorithm:
            raise InvalidArgument(Code.HEADER_TO_SIGN_INVALID, "alg")
        if "typ" in rest:
            typ = rest.pop("typ")
            if typ is None:
                self.struct.flags = WITHOUT_TYP
            else:
                self.struct.typ = view(text(typ, "headers: typ"))
        if "cty" in rest:
            self.struct.cty = view(text(rest.pop("cty"), "headers: cty"))
        if "kid" in rest and rest["kid"] == key.kid:
            del rest["kid"]
        critical = rest.pop("crit", None)
        if critical is not None:
            self._critical(critical, rest)
        if rest:
            self.struct.parameters = view(to_json(rest))

    def _critical(self, names: object, rest: dict[str, Any]) -> None:
        if not isinstance(names, (list, tuple)) or not names:
            raise InvalidArgument(Code.HEADER_TO_SIGN_INVALID, "crit")
        found = []
        for name in names:
            if not isinstance(name, str) or name not in rest:
                raise InvalidArgument(Code.HEADER_TO_SIGN_INVALID, "crit")
            found.append(Critical(view(text(name, "headers: crit")), view(to_json(rest.pop(name)))))
        self.critical = (Critical * len(found))(*found)
        self.struct.critical = ctypes.addressof(self.critical)
        self.struct.critical_count = len(found)


def encode(
    claims: Union[Mapping[str, Any], Text],
    key: SigningKeyLike,
    algorithm: Optional[str] = None,
    headers: Optional[Mapping[str, Any]] = None,
) -> str:
    """Sign a Claims Set as a JWT and return the token.

    ``claims`` is a mapping, or the JSON text of an object, whose bytes go into the
    token unchanged. ``key`` is a :class:`SigningKey`; a JWK (mapping), PEM or secret
    (bytes) is parsed on each call. ``headers`` are further Header Parameters; ``typ``
    is ``JWT`` by default, and left out for ``None``.

    Raises :class:`InvalidKey` or :class:`InvalidArgument`.

    >>> import jot
    >>> key = jot.SigningKey.generate("EdDSA", kid="1")
    >>> token = jot.encode({"sub": "alice"}, key, algorithm="EdDSA", headers={"typ": "at+jwt"})
    >>> jot.decode_unverified(token).header
    {'alg': 'EdDSA', 'typ': 'at+jwt', 'kid': '1'}
    """
    signer = signing_key(key, algorithm)
    header = _Header(headers, signer)
    content = view(json_octets(claims, "claims"))
    at = ctypes.byref(header.struct)
    return written(
        lambda out, why: library.jot_signer_sign_claims(signer._handle, at, content, out, why)
    ).decode()


def encode_payload(
    payload: Text,
    key: SigningKeyLike,
    algorithm: Optional[str] = None,
    headers: Optional[Mapping[str, Any]] = None,
    *,
    detached: bool = False,
    b64: bool = True,
) -> str:
    """Sign any bytes as a JWS in the Compact Serialization.

    ``detached`` leaves the payload out of the token (RFC 7515 Appendix F);
    ``b64=False`` signs it unencoded (RFC 7797), only with ``detached``. Otherwise it
    works like :func:`encode`.
    """
    if not b64 and not detached:
        raise ValueError("b64=False needs detached=True")
    form = ATTACHED if not detached else DETACHED if b64 else UNENCODED_DETACHED
    signer = signing_key(key, algorithm)
    header = _Header(headers, signer)
    content = view(octets(payload, "payload"))
    at = ctypes.byref(header.struct)
    return written(
        lambda out, why: library.jot_signer_sign_payload(signer._handle, at, content, form, out, why)
    ).decode()


def decode_unverified(token: Text) -> Unverified:
    """Decode a token without verifying it, for display and debugging. Never base a
    decision on it: anybody can write such a token.

    Raises :class:`Rejected` if it is malformed.
    """
    header, payload, signature, code = segments(octets(token, "token"))
    return Unverified(from_json(header), from_json(payload) if code == 0 else None, payload, signature)


def segments(token: bytes) -> tuple[bytes, bytes, bytes, int]:
    """Decode the segments of an unverified token. The last value is 0, or the code of the
    reason why the payload is not a JSON object. The header is always one.

    Raises :class:`Rejected` if it is malformed.
    """
    scratch = _scratch.take()
    try:
        view_, decoded = scratch.token, scratch.decoded
        view_.ptr = token
        view_.len = len(token)
        code = _decode(view_, scratch.handle, scratch.decoded_at)
        if code:
            raise Rejected(code)
        return (
            _copy(decoded.header, decoded.header_len),
            _copy(decoded.payload, decoded.payload_len) if decoded.payload_len else b"",
            _copy(decoded.signature, decoded.signature_len) if decoded.signature_len else b"",
            decoded.claims_code,
        )
    finally:
        _scratch.pool.append(scratch)


_decode = library.jot_token_decode_unverified
_copy = ctypes.string_at
