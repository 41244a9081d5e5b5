"""Verifying keys."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from typing import Any, Callable, NamedTuple, Optional, Union

from ._codes import Code
from ._errors import Error, InvalidKey, check, failure, misuse
from ._header import NONE, View
from ._key import Key as Key
from ._key import described, room
from ._library import library
from ._source import Source, raw
from ._values import Text, copied, json_octets, octets, view, written


class SkippedKey(NamedTuple):
    """A key of a set that cannot be used, and the reason."""

    #: Its position in the ``keys`` of the JWK Set, or among the PEM blocks.
    position: int
    #: Its ``kid``, if that could be read.
    kid: Optional[str]
    #: The reason.
    reason: Error


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
    _sources: tuple[Source, ...]

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
    def _owning(cls, handle: int) -> KeySet:
        """Take over a set of public keys that the library returned."""
        self = cls.__new__(cls)
        self._handle = handle
        self._sources = (Source.of("jwks", self.to_jwks().encode(), None, None, True),)
        return self

    @classmethod
    def _of(cls, *sources: Source) -> KeySet:
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
        certificate_validity: bool = False,
    ) -> KeySet:
        """Read a JWK Set (RFC 7517 §5), from its text or a mapping.

        A key that cannot be used is skipped; see :attr:`skipped`. ``alg`` binds
        keys that name no algorithm to this one. ``allow_weak_keys`` accepts RSA
        keys from 1024 bits and short secrets. ``dated`` reads the members ``nbf``
        and ``exp`` of a key, between which it is in force, for audits, and
        ``certificate_validity`` the dates of its certificate (``x5c``).

        Raises :class:`InvalidKey`, also if no key can be used.
        """
        content, certified = json_octets(jwks, "jwks"), certificate_validity
        source = Source.of("jwks", content, alg, kid, allow_weak_keys, dated, certificate_validity=certified)
        return cls._of(source)

    @classmethod
    def from_jwk(
        cls,
        jwk: Union[Text, Mapping[str, Any]],
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
        dated: bool = False,
        certificate_validity: bool = False,
    ) -> KeySet:
        """Read a JWK, private or public. Otherwise it works like :meth:`from_jwks`, but
        a key that cannot be used is an error. ``kid`` is for a key without one."""
        content, certified = json_octets(jwk, "jwk"), certificate_validity
        source = Source.of("jwk", content, alg, kid, allow_weak_keys, dated, certificate_validity=certified)
        return cls._of(source)

    @classmethod
    def from_pem(
        cls,
        pem: Text,
        *,
        alg: Optional[str] = None,
        kid: Optional[str] = None,
        allow_weak_keys: bool = False,
        certificate_validity: bool = False,
    ) -> KeySet:
        """Read the only key in a PEM text: a public key, a certificate, or the
        public part of a private key. Otherwise it works like :meth:`from_jwk`."""
        content, certified = octets(pem, "pem"), certificate_validity
        return cls._of(Source.of("pem", content, alg, kid, allow_weak_keys, certificate_validity=certified))

    @classmethod
    def from_pem_bundle(
        cls,
        pem: Text,
        *,
        alg: Optional[str] = None,
        allow_weak_keys: bool = False,
        all_certificates: bool = False,
        certificate_validity: bool = False,
    ) -> KeySet:
        """Read every key in a PEM text, such as several certificates. A certificate
        that issued another one in the text is skipped (``key_of_authority``), unless
        ``all_certificates`` is set: only the leaf of a chain signs tokens. Otherwise it
        works like :meth:`from_jwks`."""
        content, every, certified = octets(pem, "pem"), all_certificates, certificate_validity
        source = Source.of("pem_bundle", content, alg, None, allow_weak_keys, False, every, certified)
        return cls._of(source)

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
        return cls._of(Source.of("der", raw(der, "der"), alg, kid, allow_weak_keys))

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
        return cls._of(Source.of("secret", raw(secret, "secret"), alg, kid, allow_weak_keys))

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
        info = room()
        check(library.jot_key_set_key(self._handle, position, ctypes.byref(info)))
        return described(info)

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


def _rebuilt(*sources: Source) -> KeySet:
    return KeySet._of(*sources)
