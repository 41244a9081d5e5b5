"""JSON Web Keys and sets of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Optional, Union

from .algorithms import Algorithm, get_default_algorithms
from .exceptions import InvalidKeyError, PyJWKError, PyJWKSetError, PyJWTError
from .types import JWKDict


class PyJWK:
    """A JSON Web Key and the algorithm that it is for."""

    #: The algorithm, by its name.
    algorithm_name: str
    #: The algorithm object, from ``get_algorithm_by_name``.
    Algorithm: Algorithm
    #: The key, for ``encode``, ``decode`` and the algorithm's methods.
    key: Any

    def __init__(self, jwk_data: JWKDict, algorithm: Optional[str] = None) -> None:
        """Read a JWK, public or private. Without ``algorithm`` and without an ``alg``
        in the JWK, the type and curve determine the algorithm.

        Raises :class:`InvalidKeyError` or :class:`PyJWKError`.
        """
        if not isinstance(jwk_data, dict):
            raise InvalidKeyError("Key is not a JSON object")
        self._jwk_data = jwk_data
        if not jwk_data.get("kty"):
            raise InvalidKeyError("kty is not found")
        self.algorithm_name = algorithm or jwk_data.get("alg") or _algorithm_of(jwk_data)
        found = get_default_algorithms().get(self.algorithm_name)
        if found is None:
            raise PyJWKError("Unable to find an algorithm for key")
        self.Algorithm = found
        try:
            self.key = found.from_jwk(jwk_data)
        except (TypeError, ValueError, KeyError) as fault:
            raise InvalidKeyError(f"Unable to construct key from JWK: {fault}") from fault

    @staticmethod
    def from_dict(obj: JWKDict, algorithm: Optional[str] = None) -> PyJWK:
        """Read a JWK."""
        return PyJWK(obj, algorithm)

    @staticmethod
    def from_json(data: Union[str, bytes], algorithm: Optional[str] = None) -> PyJWK:
        """Read the JSON text of a JWK."""
        return PyJWK.from_dict(json.loads(data), algorithm)

    @property
    def key_type(self) -> Optional[str]:
        """The ``kty``."""
        return self._jwk_data.get("kty")

    @property
    def key_id(self) -> Optional[str]:
        """The ``kid``."""
        return self._jwk_data.get("kid")

    @property
    def public_key_use(self) -> Optional[str]:
        """The ``use``."""
        return self._jwk_data.get("use")

    def __repr__(self) -> str:
        return f"<PyJWK {self.algorithm_name} {self.key_id!r}>"


class PyJWKSet:
    """A JWK Set. Keys that cannot be used are left out."""

    def __init__(self, keys: list[JWKDict]) -> None:
        """Read the ``keys`` of a JWK Set. Raises :class:`PyJWKSetError`."""
        self.keys: list[PyJWK] = []
        if not keys:
            raise PyJWKSetError("The JWK Set did not contain any keys")
        if not isinstance(keys, list):
            raise PyJWKSetError("Invalid JWK Set value")
        for key in keys:
            try:
                self.keys.append(PyJWK(key))
            except PyJWTError:
                continue
        if not self.keys:
            raise PyJWKSetError("The JWK Set did not contain any usable keys.")

    @staticmethod
    def from_dict(obj: dict[str, Any]) -> PyJWKSet:
        """Read a JWK Set."""
        return PyJWKSet(obj.get("keys", []))

    @staticmethod
    def from_json(data: Union[str, bytes]) -> PyJWKSet:
        """Read the JSON text of a JWK Set."""
        return PyJWKSet.from_dict(json.loads(data))

    def __getitem__(self, kid: str) -> PyJWK:
        """Return the key with this ``kid``; raises ``KeyError``."""
        for key in self.keys:
            if key.key_id == kid:
                return key
        raise KeyError(f"keyset has no key for kid: {kid}")

    def __iter__(self) -> Iterator[PyJWK]:
        """Iterate over the keys."""
        return iter(self.keys)


def _algorithm_of(jwk: Mapping[str, Any]) -> str:
    kty, crv = jwk.get("kty"), jwk.get("crv")
    if kty == "EC":
        curves = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "secp256k1": "ES256K"}
        found = curves.get(str(crv)) if crv else "ES256"
        if found is None:
            raise InvalidKeyError(f"Unsupported crv: {crv}")
        return found
    if kty == "OKP" and crv != "Ed25519":
        raise InvalidKeyError(f"Unsupported crv: {crv}" if crv else "crv is not found")
    found = {"RSA": "RS256", "oct": "HS256", "OKP": "EdDSA"}.get(str(kty))
    if found is None:
        raise InvalidKeyError(f"Unsupported kty: {kty}")
    return found
