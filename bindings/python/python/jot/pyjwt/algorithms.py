"""The part of ``jwt.algorithms`` that programs use: reading a JWK as a key."""

from __future__ import annotations

import json
from typing import Any, Union

from ._keys import ALGORITHMS, Material, PyJWK
from .exceptions import InvalidKeyError

#: Whether asymmetric algorithms are there. Always: the engine brings them.
has_crypto = True

#: The algorithms for which PyJWT needs another package. None.
requires_cryptography: set[str] = set()


class Algorithm:
    """A family of algorithms, by the type of their keys."""

    _kty = ""

    @classmethod
    def from_jwk(cls, jwk: Union[str, bytes, dict[str, Any]]) -> Material:
        """Read a JWK, as text or dictionary, for use as the ``key`` of ``encode``
        and ``decode``. Raises :class:`InvalidKeyError`."""
        try:
            members = jwk if isinstance(jwk, dict) else json.loads(jwk)
        except (TypeError, ValueError):
            raise InvalidKeyError("Key is not valid JSON") from None
        if not isinstance(members, dict) or members.get("kty") != cls._kty:
            raise InvalidKeyError(f"Not a key of type {cls._kty}")
        return PyJWK({name: value for name, value in members.items() if name != "alg"}).key


class HMACAlgorithm(Algorithm):
    """HS256, HS384, HS512."""

    _kty = "oct"


class RSAAlgorithm(Algorithm):
    """RS256, RS384, RS512."""

    _kty = "RSA"


class RSAPSSAlgorithm(RSAAlgorithm):
    """PS256, PS384, PS512."""


class ECAlgorithm(Algorithm):
    """ES256, ES384, ES512, ES256K."""

    _kty = "EC"


class OKPAlgorithm(Algorithm):
    """EdDSA with Ed25519."""

    _kty = "OKP"


def get_default_algorithms() -> dict[str, type[Algorithm]]:
    """Return the algorithms by name."""
    families = {"HS": HMACAlgorithm, "RS": RSAAlgorithm, "PS": RSAPSSAlgorithm, "ES": ECAlgorithm}
    return {name: families.get(name[:2], OKPAlgorithm) for name in ALGORITHMS if name[:2] != "ML"}
