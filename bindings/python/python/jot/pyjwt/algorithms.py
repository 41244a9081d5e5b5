"""The algorithms on the engine, with the methods that PyJWT gives them."""

from __future__ import annotations

from typing import Any

from ._algorithm import Algorithm as Algorithm
from ._algorithm import NoneAlgorithm as NoneAlgorithm
from ._asymmetric import ECAlgorithm as ECAlgorithm
from ._asymmetric import MLDSAAlgorithm as MLDSAAlgorithm
from ._asymmetric import OKPAlgorithm as OKPAlgorithm
from ._asymmetric import RSAAlgorithm as RSAAlgorithm
from ._asymmetric import RSAPSSAlgorithm as RSAPSSAlgorithm
from ._hmac import HMACAlgorithm as HMACAlgorithm
from ._keys import Key as Key

#: Whether asymmetric algorithms are available: always, the engine has them.
has_crypto = True

#: The algorithms for which PyJWT needs the package ``cryptography``; programs use
#: this to find out whether an algorithm is asymmetric.
requires_cryptography = {
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES256K", "ES384", "ES521", "ES512", "EdDSA"),
}

# The types of PyJWT's signatures; objects of ``cryptography`` are accepted too.
AllowedKeys = Any
AllowedRSAKeys = Any
AllowedECKeys = Any
AllowedOKPKeys = Any
AllowedPrivateKeys = Any
AllowedPublicKeys = Any


_DEFAULT: dict[str, Algorithm] = {
    "none": NoneAlgorithm(),
    "HS256": HMACAlgorithm(HMACAlgorithm.SHA256),
    "HS384": HMACAlgorithm(HMACAlgorithm.SHA384),
    "HS512": HMACAlgorithm(HMACAlgorithm.SHA512),
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "RS384": RSAAlgorithm(RSAAlgorithm.SHA384),
    "RS512": RSAAlgorithm(RSAAlgorithm.SHA512),
    "ES256": ECAlgorithm(ECAlgorithm.SHA256, "secp256r1"),
    "ES256K": ECAlgorithm(ECAlgorithm.SHA256, "secp256k1"),
    "ES384": ECAlgorithm(ECAlgorithm.SHA384, "secp384r1"),
    "ES512": ECAlgorithm(ECAlgorithm.SHA512, "secp521r1"),
    "PS256": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA256),
    "PS384": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA384),
    "PS512": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA512),
    "EdDSA": OKPAlgorithm(),
    "Ed25519": OKPAlgorithm(name="Ed25519"),
    **{name: MLDSAAlgorithm(name) for name in ("ML-DSA-44", "ML-DSA-65", "ML-DSA-87")},
}


def get_default_algorithms() -> dict[str, Algorithm]:
    """Return the algorithms by name. Those that PyJWT does not have come last."""
    return dict(_DEFAULT)


def __getattr__(name: str) -> Any:
    # For oauthlib; available only with the package ``cryptography``.
    if name == "hashes":
        from cryptography.hazmat.primitives import hashes

        return hashes
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
