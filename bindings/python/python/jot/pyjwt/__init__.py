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

from . import algorithms, api_jwk, api_jws, api_jwt, exceptions, types, utils, warnings
from .api_jwk import PyJWK, PyJWKSet
from .api_jws import (
    PyJWS,
    get_algorithm_by_name,
    get_unverified_header,
    register_algorithm,
    unregister_algorithm,
)
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
from .jwks_client import PyJWKClient
from .warnings import InsecureKeyLengthWarning

#: The version of PyJWT whose interface this is; programs ask for it.
__version__ = "2.15.1"

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
    "PyJWKClient",
    "PyJWKClientConnectionError",
    "PyJWKClientError",
    "PyJWKError",
    "PyJWKSet",
    "PyJWKSetError",
    "PyJWS",
    "PyJWT",
    "PyJWTError",
    "algorithms",
    "api_jwk",
    "api_jws",
    "api_jwt",
    "decode",
    "decode_complete",
    "encode",
    "exceptions",
    "get_algorithm_by_name",
    "get_unverified_header",
    "register_algorithm",
    "types",
    "unregister_algorithm",
    "utils",
    "warnings",
]
