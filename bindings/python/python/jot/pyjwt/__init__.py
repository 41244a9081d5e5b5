"""What code written for PyJWT calls, with the engine behind it.

``import jot.pyjwt as jwt`` in the place of ``import jwt`` runs an ordinary
program unchanged. ``docs/pyjwt.md`` lists every difference: it is stricter where
PyJWT's laxness could accept a token that it should not.

>>> import jot.pyjwt as jwt
>>> token = jwt.encode({"sub": "alice"}, "a secret that is long enough: 32 bytes", algorithm="HS256")
>>> jwt.decode(token, "a secret that is long enough: 32 bytes", algorithms=["HS256"])
{'sub': 'alice'}
"""

from __future__ import annotations

from . import algorithms, exceptions, warnings
from ._keys import PyJWK, PyJWKSet
from .api_jws import PyJWS, get_unverified_header
from .api_jwt import PyJWT, decode, decode_complete, encode
from .exceptions import (
    DecodeError,
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAlgorithmError,
    InvalidAudienceError,
    InvalidIssuedAtError,
    InvalidIssuerError,
    InvalidJTIError,
    InvalidKeyError,
    InvalidSignatureError,
    InvalidSubjectError,
    InvalidTokenError,
    MissingRequiredClaimError,
    PyJWKClientConnectionError,
    PyJWKClientError,
    PyJWKError,
    PyJWKSetError,
    PyJWTError,
)
from .warnings import InsecureKeyLengthWarning

__all__ = [
    "DecodeError",
    "ExpiredSignatureError",
    "ImmatureSignatureError",
    "InsecureKeyLengthWarning",
    "InvalidAlgorithmError",
    "InvalidAudienceError",
    "InvalidIssuedAtError",
    "InvalidIssuerError",
    "InvalidJTIError",
    "InvalidKeyError",
    "InvalidSignatureError",
    "InvalidSubjectError",
    "InvalidTokenError",
    "MissingRequiredClaimError",
    "PyJWK",
    "PyJWKClientConnectionError",
    "PyJWKClientError",
    "PyJWKError",
    "PyJWKSet",
    "PyJWKSetError",
    "PyJWS",
    "PyJWT",
    "PyJWTError",
    "algorithms",
    "decode",
    "decode_complete",
    "encode",
    "exceptions",
    "get_unverified_header",
    "warnings",
]
