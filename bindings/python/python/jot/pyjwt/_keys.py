"""What PyJWT takes for a key, as keys of the engine."""

from __future__ import annotations

import functools
import json
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, Callable, NamedTuple, Optional, TypeVar, Union

from .. import keys as engine
from .._codes import Code
from .._errors import Error, InvalidArgument, InvalidKey
from ..verifier import Verifier
from .exceptions import InvalidKeyError, PyJWKError, PyJWKSetError, PyJWTError
from .warnings import InsecureKeyLengthWarning

#: The algorithms that tokens may be made and verified with. Those that PyJWT
#: does not have stand behind.
ALGORITHMS = (
    *("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES256K", "ES384", "ES512"),
    *("PS256", "PS384", "PS512", "EdDSA", "Ed25519", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"),
)

_WEAK = (Code.KEY_RSA_TOO_SHORT, Code.KEY_SECRET_TOO_SHORT)
_HASH_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
#: How many keys are kept parsed.
_KEPT = 64


_Made = TypeVar("_Made")


class Material(NamedTuple):
    """A key as it was given: how to read it, and its bytes."""

    form: str
    content: bytes

    def __repr__(self) -> str:
        return f"<a key as {self.form}>"


class PyJWK:
    """A JSON Web Key and the algorithm that it is for."""

    def __init__(self, jwk_data: dict[str, Any], algorithm: Optional[str] = None) -> None:
        """Read a JWK, public or private. Without ``algorithm``, and without an
        ``alg`` of its own, its type and curve say which it is.

        Raises :class:`InvalidKeyError` or :class:`PyJWKError`.
        """
        self._jwk_data = jwk_data
        if not isinstance(jwk_data, dict):
            raise InvalidKeyError("Key is not a JSON object")
        if not jwk_data.get("kty"):
            raise InvalidKeyError("kty is not found")
        self.algorithm_name: str = algorithm or jwk_data.get("alg") or _algorithm_of(jwk_data)
        if self.algorithm_name not in ALGORITHMS:
            raise PyJWKError("Unable to find an algorithm for key")
        # What verifies is the algorithm of this object, whatever names it.
        members = {name: value for name, value in jwk_data.items() if name not in ("alg", "kid")}
        try:
            content = json.dumps(members).encode()
        except (TypeError, ValueError) as fault:
            raise InvalidKeyError(f"Unable to construct key from JWK: {fault}") from fault
        #: The key, for ``encode`` and ``decode``.
        self.key = Material("jwk", content)
        _verifying(self.key, self.algorithm_name)

    @staticmethod
    def from_dict(obj: dict[str, Any], algorithm: Optional[str] = None) -> PyJWK:
        """Read a JWK."""
        return PyJWK(obj, algorithm)

    @staticmethod
    def from_json(data: Union[str, bytes], algorithm: Optional[str] = None) -> PyJWK:
        """Read the JSON text of a JWK."""
        return PyJWK(json.loads(data), algorithm)

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

    def __init__(self, keys: list[dict[str, Any]]) -> None:
        """Read the ``keys`` of a JWK Set. Raises :class:`PyJWKSetError`."""
        if not keys:
            raise PyJWKSetError("The JWK Set did not contain any keys")
        if not isinstance(keys, list):
            raise PyJWKSetError("Invalid JWK Set value")
        self.keys: list[PyJWK] = []
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
        """Go through the keys."""
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


def material(key: Any, algorithm: str) -> Material:
    """Return a key as it was given.

    Raises ``TypeError`` or :class:`InvalidKeyError`.
    """
    if isinstance(key, PyJWK):
        return key.key
    if isinstance(key, Material):
        return key
    if algorithm.startswith("HS"):
        if not isinstance(key, (str, bytes)):
            raise TypeError("Expected a string or bytes value")
        content = key.encode() if isinstance(key, str) else key
        if not content:
            raise InvalidKeyError("HMAC key must not be empty.")
        return Material("secret", content)
    if isinstance(key, (str, bytes)):
        return Material("pem", key.encode() if isinstance(key, str) else key)
    if hasattr(key, "private_bytes") or hasattr(key, "public_bytes"):
        return _of_cryptography(key)
    raise TypeError("Expecting a PEM-formatted key.")


def _of_cryptography(key: Any) -> Material:
    """Write out a key object of the package ``cryptography``."""
    from cryptography.hazmat.primitives import serialization

    der = serialization.Encoding.DER
    if hasattr(key, "private_bytes"):
        plain = serialization.NoEncryption()
        return Material("der", key.private_bytes(der, serialization.PrivateFormat.PKCS8, plain))
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return Material("der", key.public_bytes(der, form))


def _key_error(fault: Error) -> InvalidKeyError:
    if fault.code == Code.KEY_SECRET_IS_KEY_TEXT:
        return InvalidKeyError(
            "The specified key is an asymmetric key, an x509 certificate or a JWK"
            " and should not be used as an HMAC secret."
        )
    return InvalidKeyError(f"The key cannot be used: {fault}")


@functools.lru_cache(_KEPT)
def _verifying(key: Material, algorithm: str) -> tuple[Verifier, Optional[str]]:
    def made(weak: bool) -> Verifier:
        read = getattr(engine.KeySet, f"from_{key.form}")
        keys = read(key.content, alg=algorithm, allow_weak_keys=weak)
        return Verifier(keys, algorithms=[algorithm], understand_critical=["b64"])

    return _made(made, key, algorithm)


@functools.lru_cache(_KEPT)
def _signing(key: Material, algorithm: str) -> tuple[engine.SigningKey, Optional[str]]:
    def made(weak: bool) -> engine.SigningKey:
        read = getattr(engine.SigningKey, f"from_{key.form}")
        signer: engine.SigningKey = read(key.content, alg=algorithm, allow_weak_keys=weak)
        return signer

    return _made(made, key, algorithm)


def _made(make: Callable[[bool], _Made], key: Material, algorithm: str) -> tuple[_Made, Optional[str]]:
    """Make of a key what it is for, and say what is to be said of its length."""
    try:
        try:
            return make(False), None
        except InvalidKey as fault:
            if fault.code not in _WEAK:
                raise
            return make(True), _length(key, algorithm)
    except (InvalidKey, InvalidArgument) as fault:
        raise _key_error(fault) from fault


def _length(key: Material, algorithm: str) -> str:
    least = _HASH_BYTES.get(algorithm)
    if least is None:
        return "The RSA key is shorter than the minimum recommended size of 2048 bits. See NIST SP 800-131A."
    if key.form != "secret":
        return f"The HMAC key is below the minimum recommended length of {least} bytes. See RFC 7518 Section 3.2."
    return (
        f"The HMAC key is {len(key.content)} bytes long, which is below "
        f"the minimum recommended length of {least} bytes for "
        f"SHA{least * 8}. See RFC 7518 Section 3.2."
    )


def _warn(short: Optional[str], enforce: bool) -> None:
    if short is None:
        return
    if enforce:
        raise InvalidKeyError(short)
    warnings.warn(short, InsecureKeyLengthWarning, stacklevel=5)


def verifier(key: Any, algorithm: str, enforce: bool) -> Verifier:
    """Return a verifier of this key and algorithm alone, and warn of short keys."""
    made, short = _verifying(material(key, algorithm), algorithm)
    _warn(short, enforce)
    return made


def signer(key: Any, algorithm: str, enforce: bool) -> engine.SigningKey:
    """Return what signs with this key, and warn of short keys."""
    made, short = _signing(material(key, algorithm), algorithm)
    _warn(short, enforce)
    return made
