"""Converts the keys that PyJWT accepts into keys of the engine."""

from __future__ import annotations

import base64
import functools
import json
from typing import Any, Optional, Union

from .._codes import Code
from .._errors import Error, InvalidArgument, InvalidKey
from .._key import Key as Description
from .._library import library
from .._values import algorithm as number_of
from .._values import octets, view, written
from ..keys import KeySet
from ..signing_key import SigningKey
from .exceptions import InvalidKeyError
from .utils import is_ssh_key

#: How many parsed keys are kept: this many that were given as text, and as many that
#: were given as objects of ``cryptography``. One takes about 3 kB.
_KEPT = 2048

_DER_SEQUENCE = b"\x30"
_holds = library.jot_key_set_check_signature
_INVALID = int(Code.SIGNATURE_INVALID)


class Key:
    """A key, parsed once for each algorithm that it is used with.

    ``prepare_key`` and ``from_jwk`` return it where PyJWT returns an object of
    ``cryptography``. It works with ``encode``, ``decode`` and the methods of the
    algorithms, and is otherwise opaque.
    """

    __slots__ = ("_bits", "_content", "_form", "_info", "_signing", "_verifying")

    def __init__(self, form: str, content: bytes) -> None:
        self._form = form
        self._content = content
        self._verifying: dict[Optional[str], Verifying] = {}
        self._signing: dict[Optional[str], SigningKey] = {}
        self._info: Optional[Description] = None
        self._bits: Optional[int] = None

    @property
    def kty(self) -> str:
        """The type, as the ``kty`` of a JWK names it."""
        return self._of_itself().kty

    @property
    def crv(self) -> Optional[str]:
        """The curve, as the ``crv`` of a JWK names it."""
        return self._of_itself().crv

    @property
    def key_size(self) -> int:
        """The bits of an RSA modulus."""
        if self._bits is None:
            modulus = str(self.public_jwk()["n"])
            self._bits = int.from_bytes(base64.urlsafe_b64decode(modulus + "=="), "big").bit_length()
        return self._bits

    def _of_itself(self) -> Description:
        if self._info is None:
            self._info = self._public()[0]
        return self._info

    def _public(self) -> KeySet:
        self.fits(None)
        found = self._verifying.get(None)
        return self._signing[None].public_keys() if found is None else found.keys

    def fits(self, algorithm: Optional[str]) -> None:
        """Raise :class:`InvalidKeyError` for a key that does not work with this algorithm."""
        if algorithm in self._verifying or algorithm in self._signing:
            return
        try:
            self.verifying(algorithm)
        except InvalidKeyError as fault:
            # A JWK that is for signing only.
            if _code(fault) != Code.KEY_OPS_NOT_ALLOWED:
                raise
            self.signing(algorithm)

    def verifying(self, algorithm: Optional[str]) -> Verifying:
        """Return the verifying key for this algorithm; for ``None``, for any that fits.

        Raises :class:`InvalidKeyError`.
        """
        found = self._verifying.get(algorithm)
        if found is None:
            found = Verifying(self._read(KeySet, algorithm), algorithm)
            self._verifying[algorithm] = found
        return found

    def signing(self, algorithm: Optional[str]) -> SigningKey:
        """Return the signing key for this algorithm. Raises :class:`InvalidKeyError`."""
        found = self._signing.get(algorithm)
        if found is None:
            made: SigningKey = self._read(SigningKey, algorithm)
            found = self._signing[algorithm] = made
        return found

    def _read(self, kind: Any, algorithm: Optional[str]) -> Any:
        read = getattr(kind, f"from_{self._form}")
        try:
            return read(self._content, alg=algorithm, allow_weak_keys=True)
        except (InvalidKey, InvalidArgument) as fault:
            raise _refusal(fault, self._content) from fault

    def member(self, name: str) -> str:
        """Return a member of the JWK that the key was read from."""
        return str(json.loads(self._content)[name])

    def public_jwk(self) -> dict[str, Any]:
        """Return the members of the public JWK."""
        found: dict[str, Any] = json.loads(self._public().to_jwks())["keys"][0]
        return found

    def private_jwk(self) -> Optional[dict[str, Any]]:
        """Return the members of the private JWK; ``None`` for a key that does not sign."""
        try:
            signer = self.signing(None)
        except InvalidKeyError as fault:
            if _code(fault) in (Code.KEY_NOT_PRIVATE, Code.KEY_OPS_NOT_ALLOWED):
                return None
            raise
        found: dict[str, Any] = json.loads(signer.to_jwk())
        return found

    def __getattr__(self, name: str) -> Any:
        # Methods that programs call on PyJWT's object, such as writing it as PEM.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._of_cryptography(), name)

    def _of_cryptography(self) -> Any:
        try:
            from cryptography.hazmat.primitives import serialization
        except ImportError:
            raise AttributeError("a key has this with the package cryptography alone") from None
        if self.private_jwk() is None:
            return serialization.load_pem_public_key(self._public().to_pem().encode())
        return serialization.load_pem_private_key(self._signing[None].to_pem().encode(), None)

    def __reduce__(self) -> tuple[Any, ...]:
        # The parsed forms hold pointers; the copy makes its own.
        return (Key, (self._form, self._content))

    def __repr__(self) -> str:
        return f"<a key as {self._form}>"


class Verifying:
    """A key that verifies with one algorithm."""

    __slots__ = ("_algorithm", "_handle", "_number", "keys")

    def __init__(self, keys: KeySet, algorithm: Optional[str]) -> None:
        #: The key, in a set of its own.
        self.keys = keys
        self._algorithm = algorithm
        self._handle = keys._handle
        self._number = number_of(algorithm)

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Return ``True`` if the signature of the message holds."""
        code = _holds(self._handle, 0, self._number, view(_plain(message)), view(_plain(signature)))
        if code:
            if code != _INVALID:
                raise InvalidArgument(code)
            return False
        return True

    def __reduce__(self) -> tuple[Any, ...]:
        return (Verifying, (self.keys, self._algorithm))


def _plain(content: Any) -> bytes:
    """Return plain bytes, whose length can be trusted, from any bytes-like object."""
    return content if type(content) is bytes else bytes(memoryview(content))


def signed(key: SigningKey, message: bytes) -> bytes:
    """Return the signature of a message."""
    content = view(_plain(message))
    return written(lambda out, why: library.jot_signer_sign_message(key._handle, content, out, why))


def _code(fault: BaseException) -> Optional[Code]:
    """Return the code of the engine behind an exception of PyJWT."""
    return getattr(fault.__cause__, "code", None)


def _refusal(fault: Error, content: bytes) -> Exception:
    """Return PyJWT's exception for a key that the engine cannot read."""
    if fault.code == Code.KEY_SECRET_IS_KEY_TEXT:
        if b"----" in content or is_ssh_key(content) or content.startswith(_DER_SEQUENCE):
            return InvalidKeyError(
                "The specified key is an asymmetric key or x509 certificate "
                "and should not be used as an HMAC secret."
            )
        return InvalidKeyError(
            "The specified key looks like a JWK and should not be used directly as an HMAC secret. "
            "Load it via PyJWK / HMACAlgorithm.from_jwk first."
        )
    if fault.code == Code.KEY_SECRET_TOO_SHORT:
        return InvalidKeyError("HMAC key must not be empty.")
    if fault.code == Code.KEY_ENCRYPTED:
        return TypeError(
            "Password was not given but private key is encrypted: "
            "encrypted keys are not supported, decrypt the key first"
        )
    if fault.code.name.startswith(("KEY_TEXT_", "KEY_PEM_")):
        return InvalidKeyError(f"Could not parse the provided public key. {fault}")
    return InvalidKeyError(f"The key cannot be used: {fault}")


@functools.lru_cache(_KEPT)
def secret(content: bytes) -> Key:
    """Return an HMAC secret as a key."""
    return Key("secret", content)


@functools.lru_cache(_KEPT)
def _pem(content: bytes) -> Key:
    if content.startswith((b"ssh-", b"ecdsa-sha2-")):
        raise InvalidKeyError(
            "Public keys in the form of SSH are not supported; `ssh-keygen -e -m PKCS8` writes one as PEM."
        )
    return Key("pem", content)


def read(key: Any) -> Key:
    """Return the key for a PEM text, an object of ``cryptography``, or a parsed key.

    Raises ``TypeError`` for anything else, and for an encrypted key.
    """
    if type(key) is Key:
        return key
    if isinstance(key, (str, bytes)):
        return _pem(octets(key, "key"))
    kept = _objects.get(id(key))
    if kept is not None and kept[0] is key:
        return kept[1]
    if hasattr(key, "private_bytes") or hasattr(key, "public_bytes"):
        return _of_cryptography(key)
    raise TypeError("Expecting a PEM-formatted key.")


#: Key objects of ``cryptography`` by their identity. They are kept alive, because
#: another object could otherwise get the identity of one of them.
_objects: dict[int, tuple[Any, Key]] = {}


def _of_cryptography(key: Any) -> Key:
    from cryptography.hazmat.primitives import serialization

    der = serialization.Encoding.DER
    if hasattr(key, "private_bytes"):
        plain = serialization.NoEncryption()
        content = key.private_bytes(der, serialization.PrivateFormat.PKCS8, plain)
    else:
        content = key.public_bytes(der, serialization.PublicFormat.SubjectPublicKeyInfo)
    made = Key("der", content)
    while len(_objects) >= _KEPT:
        try:
            _objects.pop(next(iter(_objects)), None)
        except (StopIteration, RuntimeError):
            # Another thread was there first.
            break
    _objects[id(key)] = (key, made)
    return made


def of_jwk(jwk: Union[str, bytes, dict[str, Any]], kty: str, otherwise: str) -> Key:
    """Read a JWK of this type, private or public; ``otherwise`` is the message if it is
    not one.

    Raises :class:`InvalidKeyError`, also when its private part is broken.
    """
    try:
        members = jwk if isinstance(jwk, dict) else json.loads(jwk)
    except (TypeError, ValueError):
        raise InvalidKeyError("Key is not valid JSON") from None
    if not isinstance(members, dict):
        raise InvalidKeyError("Key is not valid JSON")
    if members.get("kty") != kty:
        raise InvalidKeyError(otherwise)
    # The caller decides which algorithm it is for.
    plain = {name: value for name, value in members.items() if name not in ("alg", "kid")}
    if kty == "AKP":
        plain["alg"] = members.get("alg")
    try:
        made = Key("jwk", json.dumps(plain).encode())
    except (TypeError, ValueError) as fault:
        raise InvalidKeyError(f"Unable to construct key from JWK: {fault}") from fault
    made.fits(None)
    if kty != "oct" and ("d" in plain or "priv" in plain):
        try:
            made.signing(None)
        except InvalidKeyError as fault:
            # A private JWK that is for verifying only.
            if _code(fault) != Code.KEY_OPS_NOT_ALLOWED:
                raise
    return made
