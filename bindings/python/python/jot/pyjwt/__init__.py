"""PyJWT's interface on libjot's engine.

With ``import jot.pyjwt as jwt`` instead of ``import jwt``, an ordinary program
runs unchanged. ``docs/pyjwt.md`` lists every difference: this module is stricter
where PyJWT could accept a token that it should reject.

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

#: The version of PyJWT whose interface this is; some programs read it.
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
