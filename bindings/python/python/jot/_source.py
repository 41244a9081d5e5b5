"""The source of a key or of a set: what it was read from."""

from __future__ import annotations

import ctypes
from typing import NamedTuple, Optional

from ._header import ALL_CERTIFICATES, ALLOW_WEAK_KEYS, CERTIFICATE_VALIDITY, DATED_KEYS, KeyOptions
from ._values import algorithm, octets, text, view


class Source(NamedTuple):
    """The source of keys, for pickling and joining sets."""

    form: str
    content: bytes
    alg: int
    flags: int
    kid: Optional[bytes]

    @classmethod
    def of(
        cls,
        form: str,
        content: bytes,
        alg: Optional[str],
        kid: Optional[str],
        weak: bool,
        dated: bool = False,
        all_certificates: bool = False,
        certificate_validity: bool = False,
    ) -> Source:
        """Return the source in a form, with what its reader is told."""
        flags = (ALLOW_WEAK_KEYS if weak else 0) | (DATED_KEYS if dated else 0)
        flags |= ALL_CERTIFICATES if all_certificates else 0
        flags |= CERTIFICATE_VALIDITY if certificate_validity else 0
        return cls(form, content, algorithm(alg), flags, None if kid is None else text(kid, "kid"))

    def __repr__(self) -> str:
        # The content may be a secret.
        return f"<{self.form}>"

    def options(self) -> KeyOptions:
        """Return the options for the library; they keep the ``kid`` alive."""
        return KeyOptions(size=ctypes.sizeof(KeyOptions), alg=self.alg, flags=self.flags, kid=view(self.kid))


def raw(value: object, name: str) -> bytes:
    """Return the bytes of what must not be text."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return octets(value, name)
    raise TypeError(f"{name} must be bytes, not {type(value).__name__}")
