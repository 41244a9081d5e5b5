"""HMAC, whose keys are secrets."""

from __future__ import annotations

import hmac
import json
from typing import Any, Optional, Union

from . import _keys
from ._algorithm import Hashed, hash_name
from .exceptions import InvalidKeyError
from .types import JWKDict
from .utils import base64url_decode, base64url_encode, force_bytes


class HMACAlgorithm(Hashed):
    """HS256, HS384, HS512. Its keys are the secrets themselves."""

    _names = {"sha256": "HS256", "sha384": "HS384", "sha512": "HS512"}
    #: A method in PyJWT; here the engine rejects keys that are not secrets.
    _is_der_key = None

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        if cls._is_der_key is not None:
            raise TypeError(f"{cls.__name__}: {_NOT_CALLED}")

    def __init__(self, hash_alg: Any) -> None:
        super().__init__(hash_alg)
        self._least: int = hash_alg().digest_size

    def prepare_key(self, key: Union[str, bytes]) -> bytes:
        """Return the bytes of a secret.

        Raises :class:`InvalidKeyError` for an empty one and for one that is a key
        in PEM, DER, JWK or SSH form.
        """
        if self._is_der_key is not None:
            raise TypeError(f"{type(self).__name__}: {_NOT_CALLED}")
        content = force_bytes(key)
        if not content:
            raise InvalidKeyError("HMAC key must not be empty.")
        _keys.secret(content).verifying(self._algorithm())
        return content

    def sign(self, msg: bytes, key: bytes) -> bytes:
        """Return the signature of a message."""
        return _keys.signed(_keys.secret(force_bytes(key)).signing(self._algorithm()), msg)

    def verify(self, msg: bytes, key: bytes, sig: bytes) -> bool:
        """Return ``True`` if the signature of a message holds."""
        if getattr(self.sign, "__func__", None) is not _sign_with_secret:
            # A program that overrides `sign` expects `verify` to use it.
            return hmac.compare_digest(sig, self.sign(msg, key))
        return _keys.secret(force_bytes(key)).verifying(self._algorithm()).holds(msg, sig)

    def check_key_length(self, key: bytes) -> Optional[str]:
        """Return the warning about a secret that is shorter than the hash."""
        if len(key) >= self._least:
            return None
        return (
            f"The HMAC key is {len(key)} bytes long, which is below "
            f"the minimum recommended length of {self._least} bytes for "
            f"{hash_name(self.hash_alg).upper()}. See RFC 7518 Section 3.2."
        )

    @staticmethod
    def to_jwk(key_obj: Union[str, bytes], as_dict: bool = False) -> Union[JWKDict, str]:
        """Write a secret as a JWK, which is secret too."""
        members = {"k": base64url_encode(force_bytes(key_obj)).decode(), "kty": "oct"}
        return members if as_dict else json.dumps(members)

    @staticmethod
    def from_jwk(jwk: Union[str, JWKDict]) -> bytes:
        """Read the secret of a JWK. Raises :class:`InvalidKeyError`."""
        return base64url_decode(_keys.of_jwk(jwk, "oct", "Not an HMAC key").member("k"))


_NOT_CALLED = "_is_der_key would not be called: the engine refuses such secrets"
_sign_with_secret = HMACAlgorithm.sign
