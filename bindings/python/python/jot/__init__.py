"""libjot for Python: verify JSON Web Tokens, strictly and fast.

>>> import jot
>>> key = jot.SigningKey.generate("ES256", kid="2026-01")
>>> verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"], audience="api")
>>> token = jot.encode({"sub": "alice", "aud": "api", "exp": 4102444800}, key)
>>> verifier.verify(token)["sub"]
'alice'
>>> verifier.verify(token[:-2])
Traceback (most recent call last):
...
jot.Rejected: signature_invalid (500): The JWS Signature does not hold.
"""

from __future__ import annotations

from ._backend import backend_news
from ._codes import Code
from ._conditions import any_of, contains, equals, ge, gt, le, lt, not_, prefix, present, regex
from ._errors import Error, InvalidArgument, InvalidKey, Rejected
from ._library import library as _engine
from ._lists import ListHealth
from ._self_signed import SelfSigned, SelfSignedVerifier, access_token_hash, self_signed
from .batch import Row, Verdicts
from .claims import Claims, Signed, Unverified, Verdict
from .keys import Key, KeySet, SkippedKey
from .remote import Health, RemoteKeys
from .remote_revocations import RemoteRevocations
from .revocations import Revocations
from .signing import decode_unverified, encode, encode_payload
from .signing_key import SigningKey
from .status_lists import RemoteStatusLists
from .verifier import Verifier

#: The version of the engine and of this package.
__version__: str = _engine.jot_version().decode()

__all__ = [
    "Claims",
    "Code",
    "Error",
    "Health",
    "InvalidArgument",
    "InvalidKey",
    "Key",
    "KeySet",
    "ListHealth",
    "Rejected",
    "RemoteKeys",
    "RemoteRevocations",
    "RemoteStatusLists",
    "Revocations",
    "Row",
    "SelfSigned",
    "SelfSignedVerifier",
    "Signed",
    "SigningKey",
    "SkippedKey",
    "Unverified",
    "Verdict",
    "Verdicts",
    "Verifier",
    "__version__",
    "access_token_hash",
    "any_of",
    "backend_news",
    "contains",
    "decode_unverified",
    "encode",
    "encode_payload",
    "equals",
    "ge",
    "gt",
    "le",
    "lt",
    "not_",
    "prefix",
    "present",
    "regex",
    "self_signed",
]
