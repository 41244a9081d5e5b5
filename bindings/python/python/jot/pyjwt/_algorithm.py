"""What every algorithm is, and what has a hash."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Optional, Union

from .exceptions import InvalidKeyError
from .types import HashlibHash, JWKDict


class Algorithm(ABC):
    """An algorithm that signs and verifies tokens; programs may register their own."""

    _crypto_key_types: Optional[tuple[type, ...]] = None

    def compute_hash_digest(self, bytestr: bytes) -> bytes:
        """Hash bytes like the algorithm does, for example for ``at_hash``.

        Raises ``NotImplementedError`` if the algorithm has no hash.
        """
        function = getattr(self, "hash_alg", None)
        if function is None:
            raise NotImplementedError
        return hashlib.new(hash_name(function), bytestr).digest()

    def check_crypto_key_type(self, key: Any) -> None:
        """Raise :class:`InvalidKeyError` for a key of another type."""
        if self._crypto_key_types is None:
            raise ValueError("Only algorithms with public keys have types of keys.")
        if not isinstance(key, self._crypto_key_types):
            raise InvalidKeyError(f"Invalid Key type for {type(self).__name__}: {type(key).__name__}")

    @abstractmethod
    def prepare_key(self, key: Any) -> Any:
        """Check a key, and return it in the form for :meth:`sign` and :meth:`verify`."""

    @abstractmethod
    def sign(self, msg: bytes, key: Any) -> bytes:
        """Return the signature of a message."""

    @abstractmethod
    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        """Return ``True`` if the signature of a message holds."""

    @staticmethod
    @abstractmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Union[JWKDict, str]:
        """Write a key as a JWK, as text or dictionary."""

    @staticmethod
    @abstractmethod
    def from_jwk(jwk: Union[str, JWKDict]) -> Any:
        """Read a JWK, as text or dictionary."""

    def check_key_length(self, key: Any) -> Optional[str]:
        """Return the warning about a key that is too short."""
        return None


class NoneAlgorithm(Algorithm):
    """No signature: such tokens are neither made nor accepted."""

    def prepare_key(self, key: Optional[str]) -> None:
        """Take no key, or an empty one."""
        if key not in (None, ""):
            raise InvalidKeyError('When alg = "none", key value must be None.')

    def sign(self, msg: bytes, key: Any) -> bytes:
        """Raise ``NotImplementedError``: anybody could have written the token."""
        raise NotImplementedError("Algorithm not supported: unsecured tokens are not made")

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        """Return ``False``."""
        return False

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Union[JWKDict, str]:
        """Raise ``NotImplementedError``."""
        raise NotImplementedError

    @staticmethod
    def from_jwk(jwk: Union[str, JWKDict]) -> Any:
        """Raise ``NotImplementedError``."""
        raise NotImplementedError


class Hashed(Algorithm):
    """An algorithm whose hash is a parameter: a function of ``hashlib``, or a hash of
    ``cryptography``."""

    SHA256: ClassVar[HashlibHash] = hashlib.sha256
    SHA384: ClassVar[HashlibHash] = hashlib.sha384
    SHA512: ClassVar[HashlibHash] = hashlib.sha512
    _names: ClassVar[dict[str, str]] = {}

    def __init__(self, hash_alg: Any) -> None:
        self.hash_alg = hash_alg
        self._name = self._names.get(hash_name(hash_alg))

    def _algorithm(self) -> str:
        if self._name is None:
            raise NotImplementedError("Algorithm not supported")
        return self._name


def hash_name(function: Any) -> str:
    """Return the name of a hash of ``hashlib`` or of ``cryptography``."""
    name = getattr(function, "name", None)
    return str(function().name if name is None else name)
