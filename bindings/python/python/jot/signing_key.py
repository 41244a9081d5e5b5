"""Signing keys."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any, Callable, Optional, Union

from ._errors import check, failure
from ._header import ALLOW_WEAK_KEYS
from ._key import Key, described, room
from ._library import library
from ._source import Source, raw
from ._values import Text, algorithm, json_octets, octets, text, view, written
from .keys import KeySet


class SigningKey:
    """A private key or an HMAC secret that signs with exactly one algorithm.

    If neither the key nor ``alg`` names one, it is RS256 for RSA, HS256 for a secret,
    EdDSA for Ed25519, and the algorithm of the curve for EC. It never changes, and
    threads may share it. It can be pickled; the pickle is a secret.

    >>> import jot
    >>> key = jot.SigningKey.generate("ES256", kid="2026-01")
    >>> key.algorithm, key.kid
    ('ES256', '2026-01')
    >>> jwks = key.public_keys().to_jwks()
    """

    __slots__ = ("__weakref__", "_handle", "_key")
    _handle: Optional[int]
    _key: Key

    def __init__(self) -> None:
        raise TypeError("use SigningKey.generate, from_jwk, from_pem, from_der or from_secret")

    def __del__(self, free: Callable[[int], None] = library.jot_signer_free) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self._handle = None
            free(handle)

    @classmethod
    def _made(cls, call: Callable[..., int], *arguments: object) -> SigningKey:
        self = cls.__new__(cls)
        out, why = ctypes.c_void_p(), failure()
        check(call(*arguments, ctypes.byref(out), why), why)
        self._handle = out.value
        info = room()
        check(library.jot_signer_key(self._handle, ctypes.byref(info)))
        self._key = described(info)
        return self

    @classmethod
    def _read(cls, source: Source) -> SigningKey:
        call = getattr(library, f"jot_signer_from_{source.form}")
        return cls._made(call, view(source.content), ctypes.byref(source.options()))

    @classmethod
    def generate(cls, alg: str, *, kid: Optional[str] = None, rsa_bits: Optional[int] = None) -> SigningKey:
        """Make a new key for this algorithm. ``rsa_bits`` is 2048, 3072, 4096 or
        8192; 2048 by default. An HMAC secret is as long as the hash output.

        Raises :class:`InvalidKey`.
        """
        name = None if kid is None else text(kid, "kid")
        bits = 0 if rsa_bits is None else rsa_bits
        if isinstance(bits, bool) or not isinstance(bits, int):
            raise TypeError(f"rsa_bits must be int, not {type(bits).__name__}")
        if not 0 <= bits < 1 << 32:
            raise ValueError("rsa_bits must be 2048, 3072, 4096 or 8192")
        return cls._made(library.jot_signer_generate, algorithm(text(alg, "alg").decode()), bits, view(name))

    @classmethod
    def from_jwk(
        cls,
        jwk: Union[Text, Mapping[str, Any]],
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
    ) -> SigningKey:
        """Read a private JWK. Raises :class:`InvalidKey`."""
        return cls._read(Source.of("jwk", json_octets(jwk, "jwk"), alg, kid, allow_weak_keys))

    @classmethod
    def from_pem(
        cls,
        pem: Text,
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
    ) -> SigningKey:
        """Read the only private key in a PEM text, not encrypted. Otherwise it works
        like :meth:`from_jwk`."""
        return cls._read(Source.of("pem", octets(pem, "pem"), alg, kid, allow_weak_keys))

    @classmethod
    def from_der(
        cls,
        der: bytes,
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
    ) -> SigningKey:
        """Read a private key in DER. Otherwise it works like :meth:`from_jwk`."""
        return cls._read(Source.of("der", raw(der, "der"), alg, kid, allow_weak_keys))

    @classmethod
    def from_secret(
        cls,
        secret: bytes,
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
    ) -> SigningKey:
        """Take an HMAC secret, byte for byte. Otherwise it works like :meth:`from_jwk`."""
        return cls._read(Source.of("secret", raw(secret, "secret"), alg, kid, allow_weak_keys))

    @property
    def algorithm(self) -> str:
        """The algorithm that the key signs with."""
        return self._key.algorithm or ""

    @property
    def kid(self) -> Optional[str]:
        """The ``kid`` that tokens will name; ``None`` if the key has none."""
        return self._key.kid

    @property
    def thumbprint(self) -> str:
        """The JWK Thumbprint with SHA-256 in base64url (RFC 7638)."""
        return self._key.thumbprint

    def public_keys(self) -> KeySet:
        """Return the verifying key as a set; for a secret, the secret."""
        name = self.kid.encode() if self.kid is not None else None
        if self._key.kty == "oct":
            return KeySet._of(Source("jwk", self.to_jwk().encode(), 0, ALLOW_WEAK_KEYS, name))
        public = KeySet()
        why = failure()
        check(library.jot_key_set_add_signer(public._handle, self._handle, why), why)
        return KeySet._of(Source("jwks", public.to_jwks().encode(), 0, ALLOW_WEAK_KEYS, name))

    def to_jwk(self) -> str:
        """Write the private JWK. The text is a secret."""
        return written(lambda out, why: library.jot_signer_to_jwk(self._handle, out, why)).decode()

    def to_pem(self) -> str:
        """Write the key as a PrivateKeyInfo in PEM. The text is a secret.

        Raises :class:`InvalidKey` for an HMAC secret, which cannot be written as PEM.
        """
        return written(lambda out, why: library.jot_signer_to_pem(self._handle, out, why)).decode()

    def __reduce__(self) -> tuple[Any, ...]:
        return (_reread, (self.to_jwk(),))

    def __repr__(self) -> str:
        return f"<jot.SigningKey {self.algorithm} {self.kid or self.thumbprint[:8]}>"


def _reread(jwk: str) -> SigningKey:
    return SigningKey.from_jwk(jwk, allow_weak_keys=True)
