"""The algorithms on the engine, with the methods that PyJWT gives them."""

from __future__ import annotations

import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Optional, Union

from . import _keys
from ._keys import Key
from .exceptions import InvalidKeyError
from .types import HashlibHash, JWKDict
from .utils import base64url_decode, base64url_encode, force_bytes

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
        return hashlib.new(_hash_name(function), bytestr).digest()

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


class _Hashed(Algorithm):
    """An algorithm whose hash is a parameter: a function of ``hashlib``, or a hash of
    ``cryptography``."""

    SHA256: ClassVar[HashlibHash] = hashlib.sha256
    SHA384: ClassVar[HashlibHash] = hashlib.sha384
    SHA512: ClassVar[HashlibHash] = hashlib.sha512
    _names: ClassVar[dict[str, str]] = {}

    def __init__(self, hash_alg: Any) -> None:
        self.hash_alg = hash_alg
        self._name = self._names.get(_hash_name(hash_alg))

    def _algorithm(self) -> str:
        if self._name is None:
            raise NotImplementedError("Algorithm not supported")
        return self._name


class HMACAlgorithm(_Hashed):
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
            f"{_hash_name(self.hash_alg).upper()}. See RFC 7518 Section 3.2."
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


class _Asymmetric(Algorithm):
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


class RSAAlgorithm(_Asymmetric, _Hashed):
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


class ECAlgorithm(_Asymmetric, _Hashed):
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
        self._hash = _hash_name(hash_alg)

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


class OKPAlgorithm(_Asymmetric):
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


class MLDSAAlgorithm(_Asymmetric):
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


def _hash_name(function: Any) -> str:
    name = getattr(function, "name", None)
    return str(function().name if name is None else name)


def _curve_name(curve: Any) -> str:
    return curve if isinstance(curve, str) else str(curve.name)


def _message(content: Union[str, bytes]) -> bytes:
    return content.encode() if isinstance(content, str) else content


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
