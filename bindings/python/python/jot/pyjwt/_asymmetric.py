"""The algorithms with public and private keys."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Optional, Union

from . import _keys
from ._algorithm import Algorithm, Hashed, hash_name
from ._keys import Key
from .exceptions import InvalidKeyError
from .types import JWKDict


class Asymmetric(Algorithm):
    """An algorithm with public and private keys, which the engine reads."""

    _crypto_key_types = (Key,)
    _kty: ClassVar[str] = ""
    _none_such: ClassVar[str] = ""

    def _algorithm_for(self, key: Key) -> str:
        """Return the name of the algorithm for a key."""
        raise NotImplementedError

    def prepare_key(self, key: Any) -> Key:
        """Read a key: PEM, an object of ``cryptography``, or a prepared key.

        Raises :class:`InvalidKeyError` for a key that does not fit, and
        ``TypeError`` for anything that is not a key.
        """
        found = _keys.read(key)
        if key is not found and isinstance(key, (str, bytes)):
            self.check_crypto_key_type(found)
        found.fits(self._algorithm_for(found))
        return found

    def check_crypto_key_type(self, key: Any) -> None:
        """Raise :class:`InvalidKeyError` for a key of another type."""
        super().check_crypto_key_type(key)
        if key.kty != self._kty:
            raise InvalidKeyError(f"Expected a key of type {self._kty}, got: {key.kty}")

    def sign(self, msg: bytes, key: Any) -> bytes:
        """Return the signature of a message.

        Raises :class:`InvalidKeyError` for a public key.
        """
        found = _keys.read(key)
        return _keys.signed(found.signing(self._algorithm_for(found)), _message(msg))

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        """Return ``True`` if the signature of a message holds."""
        found = _keys.read(key)
        return found.verifying(self._algorithm_for(found)).holds(_message(msg), _message(sig))

    @classmethod
    def _members(cls, key_obj: Any) -> tuple[JWKDict, bool]:
        """Return the members of a JWK, and whether it is private."""
        try:
            found = _keys.read(key_obj)
        except TypeError:
            raise InvalidKeyError("Not a public or private key") from None
        private = found.private_jwk()
        members = found.public_jwk() if private is None else private
        if members["kty"] != cls._kty:
            raise InvalidKeyError("Not a public or private key")
        return {
            name: value for name, value in members.items() if name not in ("alg", "kid")
        }, private is not None


class RSAAlgorithm(Asymmetric, Hashed):
    """RS256, RS384, RS512."""

    _names = {"sha256": "RS256", "sha384": "RS384", "sha512": "RS512"}
    _kty = "RSA"
    #: The minimum size of a key in bits; subclasses may require more.
    _MIN_KEY_SIZE: ClassVar[int] = 2048

    def _algorithm_for(self, key: Key) -> str:
        return self._algorithm()

    def check_key_length(self, key: Any) -> Optional[str]:
        """Return the warning about a key that is too short."""
        bits = _keys.read(key).key_size
        if bits >= self._MIN_KEY_SIZE:
            return None
        return (
            f"The RSA key is {bits} bits long, which is below the minimum recommended size of "
            f"{self._MIN_KEY_SIZE} bits. See NIST SP 800-131A."
        )

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Union[JWKDict, str]:
        """Write a key as a JWK, private or public as it is."""
        members, private = RSAAlgorithm._members(key_obj)
        members["key_ops"] = ["sign"] if private else ["verify"]
        return members if as_dict else json.dumps(members)

    @staticmethod
    def from_jwk(jwk: Union[str, JWKDict]) -> Key:
        """Read a JWK. Raises :class:`InvalidKeyError`."""
        return _keys.of_jwk(jwk, "RSA", "Not an RSA key")


class RSAPSSAlgorithm(RSAAlgorithm):
    """PS256, PS384, PS512."""

    _names = {"sha256": "PS256", "sha384": "PS384", "sha512": "PS512"}


class ECAlgorithm(Asymmetric, Hashed):
    """ES256, ES384, ES512, ES256K."""

    _kty = "EC"
    _curves: ClassVar[dict[tuple[str, str], str]] = {
        ("sha256", "P-256"): "ES256",
        ("sha256", "secp256k1"): "ES256K",
        ("sha384", "P-384"): "ES384",
        ("sha512", "P-521"): "ES512",
    }

    def __init__(self, hash_alg: Any, expected_curve: Any = None) -> None:
        """Take a hash and a curve: its name, or a class of ``cryptography``."""
        super().__init__(hash_alg)
        self.expected_curve = expected_curve
        self._hash = hash_name(hash_alg)

    def _validate_curve(self, key: Key) -> None:
        """Raise :class:`InvalidKeyError` for a key on another curve."""
        if self.expected_curve is None:
            return
        expected = _curve_name(self.expected_curve)
        if _SEC_NAMES.get(str(key.crv)) != expected:
            raise InvalidKeyError(
                f"The key's curve '{_SEC_NAMES.get(str(key.crv))}' does not match the expected "
                f"curve '{expected}' for this algorithm"
            )

    def prepare_key(self, key: Any) -> Key:
        """Read a key; see :meth:`RSAAlgorithm.prepare_key`."""
        found = _keys.read(key)
        if key is not found and isinstance(key, (str, bytes)):
            self.check_crypto_key_type(found)
        self._validate_curve(found)
        found.fits(None)
        return found

    def _algorithm_for(self, key: Key) -> str:
        found = self._curves.get((self._hash, str(key.crv)))
        if found is None:
            raise InvalidKeyError(f"There is no algorithm with {self._hash} and the curve {key.crv}")
        return found

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Union[JWKDict, str]:
        """Write a key as a JWK, private or public as it is."""
        members, _ = ECAlgorithm._members(key_obj)
        return members if as_dict else json.dumps(members)

    @staticmethod
    def from_jwk(jwk: Union[str, JWKDict]) -> Key:
        """Read a JWK. Raises :class:`InvalidKeyError`."""
        return _keys.of_jwk(jwk, "EC", "Not an Elliptic curve key")


class OKPAlgorithm(Asymmetric):
    """EdDSA with Ed25519, and Ed25519 by its full name."""

    _kty = "OKP"

    def __init__(self, *, name: str = "EdDSA", **kwargs: Any) -> None:
        self._name = name

    def prepare_key(self, key: Any) -> Key:
        """Read a key; here anything else raises :class:`InvalidKeyError`."""
        try:
            return super().prepare_key(key)
        except TypeError as fault:
            raise InvalidKeyError(str(fault)) from fault

    def _algorithm_for(self, key: Key) -> str:
        return self._name

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Union[JWKDict, str]:
        """Write a key as a JWK, private or public as it is."""
        members, _ = OKPAlgorithm._members(key_obj)
        return members if as_dict else json.dumps(members)

    @staticmethod
    def from_jwk(jwk: Union[str, JWKDict]) -> Key:
        """Read a JWK. Raises :class:`InvalidKeyError`."""
        return _keys.of_jwk(jwk, "OKP", "Not an Octet Key Pair")


class MLDSAAlgorithm(Asymmetric):
    """ML-DSA-44, -65 and -87 (RFC 9964), which PyJWT does not have."""

    _kty = "AKP"

    def __init__(self, name: str) -> None:
        self._name = name

    def _algorithm_for(self, key: Key) -> str:
        return self._name

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Union[JWKDict, str]:
        """Write a key as a JWK, private or public as it is."""
        found = _keys.read(key_obj)
        members = found.private_jwk() or found.public_jwk()
        return members if as_dict else json.dumps(members)

    @staticmethod
    def from_jwk(jwk: Union[str, JWKDict]) -> Key:
        """Read a JWK. Raises :class:`InvalidKeyError`."""
        return _keys.of_jwk(jwk, "AKP", "Not an AKP key")


_SEC_NAMES = {"P-256": "secp256r1", "P-384": "secp384r1", "P-521": "secp521r1", "secp256k1": "secp256k1"}


def _curve_name(curve: Any) -> str:
    return curve if isinstance(curve, str) else str(curve.name)


def _message(content: Union[str, bytes]) -> bytes:
    return content.encode() if isinstance(content, str) else content
