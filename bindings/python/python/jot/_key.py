"""The description of a key."""

from __future__ import annotations

import ctypes
from typing import NamedTuple, Optional

from ._header import HAS_EXP, HAS_NBF, KeyInfo
from ._values import algorithm_name, copied


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


def room() -> KeyInfo:
    """Return the room for a description."""
    return KeyInfo(size=ctypes.sizeof(KeyInfo))


def described(info: KeyInfo) -> Key:
    """Return the description that the library gave."""
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
