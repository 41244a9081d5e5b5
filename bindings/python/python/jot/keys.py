"""Verifying keys and signing keys."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from typing import Any, Callable, NamedTuple, Optional, Union

from ._codes import Code
from ._errors import Error, InvalidKey, check, failure, misuse
from ._library import (
    ALL_CERTIFICATES,
    ALLOW_WEAK_KEYS,
    DATED_KEYS,
    HAS_EXP,
    HAS_NBF,
    NONE,
    KeyInfo,
    KeyOptions,
    View,
    library,
)
from ._values import (
    Text,
    algorithm,
    algorithm_name,
    copied,
    json_octets,
    octets,
    text,
    view,
    written,
)


class Key(NamedTuple):
    """A description of a key, without its secret."""

    #: The ``kid``; ``None`` if the key has none.
    kid: Optional[str]
    #: The ``kty``, such as ``"RSA"``.
    kty: str
    #: The ``crv``, such as ``"P-256"``; ``None`` if the type has none.
    crv: Optional[str]
    #: The algorithms that the key verifies.
    algorithms: tuple[str, ...]
    #: The algorithm that the key signs with; ``None`` for a key that only verifies.
    algorithm: Optional[str]
    #: The JWK Thumbprint with SHA-256 in base64url (RFC 7638). Whoever
    #: has the thumbprint of an HMAC secret can test guesses of the secret.
    thumbprint: str
    #: The beginning of the time in which the key is in force, in seconds since 1970;
    #: ``None`` if there is no beginning. It is read only with ``dated``.
    not_before: Optional[int] = None
    #: The end of that time.
    expires_at: Optional[int] = None


class SkippedKey(NamedTuple):
    """A key of a set that cannot be used, and the reason."""

    #: Its position in the ``keys`` of the JWK Set, or among the PEM blocks.
    position: int
    #: Its ``kid``, if that could be read.
    kid: Optional[str]
    #: The reason.
    reason: Error


def _key_of(info: KeyInfo) -> Key:
    names = (algorithm_name(bit) for bit in range(1, 32) if info.algs & (1 << bit))
    return Key(
        kid=copied(info.kid, info.kid_len),
        kty=copied(info.kty, info.kty_len) or "",
        crv=copied(info.crv, info.crv_len),
        algorithms=tuple(name for name in names if name),
        algorithm=algorithm_name(info.alg),
        thumbprint=copied(info.thumbprint, info.thumbprint_len) or "",
        not_before=info.not_before if info.flags & HAS_NBF else None,
        expires_at=info.expires_at if info.flags & HAS_EXP else None,
    )


def _room() -> KeyInfo:
    return KeyInfo(size=ctypes.sizeof(KeyInfo))


class _Source(NamedTuple):
    """The source of keys, for pickling and joining sets."""

    form: str
    content: bytes
    alg: int
    flags: int
    kid: Optional[bytes]

    def __repr__(self) -> str:
        # The content may be a secret.
        return f"<{self.form}>"

    def options(self) -> KeyOptions:
        return KeyOptions(size=ctypes.sizeof(KeyOptions), alg=self.alg, flags=self.flags, kid=view(self.kid))


def _source(
    form: str,
    content: bytes,
    alg: Optional[str],
    kid: Optional[str],
    weak: bool,
    dated: bool = False,
    all_certificates: bool = False,
) -> _Source:
    flags = (ALLOW_WEAK_KEYS if weak else 0) | (DATED_KEYS if dated else 0)
    flags |= ALL_CERTIFICATES if all_certificates else 0
    return _Source(form, content, algorithm(alg), flags, None if kid is None else text(kid, "kid"))


class KeySet:
    """Verifying keys, from a JWK Set or PEM texts, or joined.

    Every key keeps the algorithms that it was bound to when it was read. A set
    never changes; ``a + b`` returns a set with the keys of both. Threads may share
    it. It can be pickled; the pickle contains its secrets.

    >>> import jot
    >>> keys = jot.KeySet.from_jwks({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "1",
    ...     "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})
    >>> len(keys), keys[0].kid, keys[0].algorithms
    (1, '1', ('EdDSA', 'Ed25519'))
    """

    __slots__ = ("__weakref__", "_handle", "_sources")
    _handle: Optional[int]
    _sources: tuple[_Source, ...]

    def __init__(self) -> None:
        """Make an empty set, to which others can be added."""
        self._sources = ()
        self._handle = library.jot_key_set_new()
        if not self._handle:
            raise MemoryError

    def __del__(self, free: Callable[[int], None] = library.jot_key_set_free) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self._handle = None
            free(handle)

    @classmethod
    def _of(cls, *sources: _Source) -> KeySet:
        self = cls()
        for source in sources:
            add = getattr(library, f"jot_key_set_add_{source.form}")
            options, why = source.options(), failure()
            code = add(self._handle, view(source.content), ctypes.byref(options), why)
            if code == Code.KEY_SET_EMPTY:
                raise InvalidKey(code, reasons=self._reasons())
            check(code, why)
        self._sources = sources
        return self

    @classmethod
    def from_jwks(
        cls,
        jwks: Union[Text, Mapping[str, Any]],
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
        dated: bool = False,
    ) -> KeySet:
        """Read a JWK Set (RFC 7517 §5), from its text or a mapping.

        A key that cannot be used is skipped; see :attr:`skipped`. ``alg`` binds
        keys that name no algorithm to this one. ``allow_weak_keys`` accepts RSA
        keys from 1024 bits and short secrets. ``dated`` reads the members ``nbf``
        and ``exp`` of a key, between which it is in force, for audits.

        Raises :class:`InvalidKey`, also if no key can be used.
        """
        return cls._of(_source("jwks", json_octets(jwks, "jwks"), alg, kid, allow_weak_keys, dated))

    @classmethod
    def from_jwk(
        cls,
        jwk: Union[Text, Mapping[str, Any]],
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
        dated: bool = False,
    ) -> KeySet:
        """Read a JWK, private or public. Otherwise it works like :meth:`from_jwks`, but
        a key that cannot be used is an error. ``kid`` is for a key without one."""
        return cls._of(_source("jwk", json_octets(jwk, "jwk"), alg, kid, allow_weak_keys, dated))

    @classmethod
    def from_pem(
        cls,
        pem: Text,
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
    ) -> KeySet:
        """Read the only key in a PEM text: a public key, a certificate, or the
        public part of a private key. Otherwise it works like :meth:`from_jwk`."""
        return cls._of(_source("pem", octets(pem, "pem"), alg, kid, allow_weak_keys))

    @classmethod
    def from_pem_bundle(
        cls,
        pem: Text,
        *,
        alg: Optional[str] = None,
        allow_weak_keys: bool = False,
        all_certificates: bool = False,
    ) -> KeySet:
        """Read every key in a PEM text, such as several certificates. A certificate
        that issued another one in the text is skipped (``key_of_authority``), unless
        ``all_certificates`` is set: only the leaf of a chain signs tokens. Otherwise it
        works like :meth:`from_jwks`."""
        content, every = octets(pem, "pem"), all_certificates
        return cls._of(_source("pem_bundle", content, alg, None, allow_weak_keys, all_certificates=every))

    @classmethod
    def from_der(
        cls,
        der: bytes,
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
    ) -> KeySet:
        """Read a key in DER: SubjectPublicKeyInfo, RSAPublicKey, certificate or
        private key. Otherwise it works like :meth:`from_jwk`."""
        return cls._of(_source("der", _raw(der, "der"), alg, kid, allow_weak_keys))

    @classmethod
    def from_secret(
        cls,
        secret: bytes,
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
    ) -> KeySet:
        """Take an HMAC secret, byte for byte. Without ``alg`` it is bound to those of
        HS256, HS384 and HS512 whose hash is not longer than the secret. A secret that
        is a key in PEM, DER, JWK or SSH format is rejected."""
        return cls._of(_source("secret", _raw(secret, "secret"), alg, kid, allow_weak_keys))

    def __add__(self, other: object) -> KeySet:
        """Return a set with the keys of both."""
        if not isinstance(other, KeySet):
            return NotImplemented
        return KeySet._of(*self._sources, *other._sources)

    def __len__(self) -> int:
        """Return the number of keys."""
        return int(library.jot_key_set_len(self._handle))

    def __getitem__(self, index: int) -> Key:
        """Describe the key at this index; a verdict names the same index."""
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError("there is no such key")
        info = _room()
        check(library.jot_key_set_key(self._handle, position, ctypes.byref(info)))
        return _key_of(info)

    def __iter__(self) -> Iterator[Key]:
        """Iterate over the keys in order."""
        return (self[index] for index in range(len(self)))

    @property
    def skipped(self) -> tuple[SkippedKey, ...]:
        """The keys that were left out because they cannot be used."""
        found = []
        for index in range(library.jot_key_set_skipped_len(self._handle)):
            position, kid, why = ctypes.c_size_t(), View(), failure()
            check(
                library.jot_key_set_skipped(
                    self._handle, index, ctypes.byref(position), ctypes.byref(kid), ctypes.byref(why)
                )
            )
            offset = None if why.offset == NONE else int(why.offset)
            reason = misuse(why.code, why.name.decode("utf-8", "replace"), offset)
            found.append(SkippedKey(position.value, copied(kid.ptr, kid.len), reason))
        return tuple(found)

    @property
    def secret_doubt(self) -> Optional[str]:
        """What an HMAC secret of the set looks like if it may not have been meant as
        it is. A :class:`Verifier` logs it when a signature does not hold.

        >>> import jot
        >>> jot.KeySet.from_secret(b"c2VjcmV0IHdyaXR0ZW4gYXMgYmFzZTY0").secret_doubt
        'the secret looks like base64, which is not decoded'
        """
        doubt = library.jot_key_set_secret_doubt(self._handle)
        return copied(doubt.ptr, doubt.len)

    def _reasons(self) -> str:
        length = ctypes.c_size_t()
        check(library.jot_key_set_reasons(self._handle, None, 0, ctypes.byref(length)))
        buffer = ctypes.create_string_buffer(length.value + 1)
        check(library.jot_key_set_reasons(self._handle, buffer, len(buffer), None))
        return buffer.value.decode("utf-8", "replace")

    def to_jwks(self) -> str:
        """Write the public keys as a JWK Set.

        Raises :class:`InvalidKey` if a key is an HMAC secret.
        """
        return written(lambda out, why: library.jot_key_set_to_jwks(self._handle, out, why)).decode()

    def to_pem(self, index: int = 0) -> str:
        """Write a key as a SubjectPublicKeyInfo in PEM.

        Raises :class:`InvalidKey` for an HMAC secret.
        """
        self[index]
        position = index + len(self) if index < 0 else index
        return written(lambda out, why: library.jot_key_set_to_pem(self._handle, position, out, why)).decode()

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, self._sources)

    def __repr__(self) -> str:
        keys = ", ".join(f"{key.kid or key.thumbprint[:8]}: {key.kty}" for key in self)
        return f"<jot.KeySet {keys}>"


def _rebuilt(*sources: _Source) -> KeySet:
    return KeySet._of(*sources)


def _raw(value: object, name: str) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return octets(value, name)
    raise TypeError(f"{name} must be bytes, not {type(value).__name__}")


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
        info = _room()
        check(library.jot_signer_key(self._handle, ctypes.byref(info)))
        self._key = _key_of(info)
        return self

    @classmethod
    def _read(cls, source: _Source) -> SigningKey:
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
        return cls._read(_source("jwk", json_octets(jwk, "jwk"), alg, kid, allow_weak_keys))

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
        return cls._read(_source("pem", octets(pem, "pem"), alg, kid, allow_weak_keys))

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
        return cls._read(_source("der", _raw(der, "der"), alg, kid, allow_weak_keys))

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
        return cls._read(_source("secret", _raw(secret, "secret"), alg, kid, allow_weak_keys))

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
            return KeySet._of(_Source("jwk", self.to_jwk().encode(), 0, ALLOW_WEAK_KEYS, name))
        public = KeySet()
        why = failure()
        check(library.jot_key_set_add_signer(public._handle, self._handle, why), why)
        return KeySet._of(_Source("jwks", public.to_jwks().encode(), 0, ALLOW_WEAK_KEYS, name))

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
