"""Revoked tokens, sessions, subjects and keys."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Mapping
from typing import Any, Callable, Optional, Union

from ._errors import check, failure
from ._library import library
from ._values import Instant, Text, count, octets, seconds, text, view, written

#: The default limit of a list.
LIMIT = 1 << 20
_NEVER = (1 << 63) - 1


class Revocations:
    """A list of revocations: tokens by ``jti``, sessions by ``sid``, subjects by ``sub``,
    and keys.

    It is a plain value: build it, pass it to :meth:`Verifier.set_revocations`, save
    it with :meth:`to_text` and load it again. One thread at a time may use it.

    >>> import jot
    >>> revoked = jot.Revocations()
    >>> revoked.revoke_jti("7f3a", until=1_800_000_000)
    >>> revoked.revoke_subject("mallory", issued_before=1_790_000_000)
    >>> len(revoked)
    2
    """

    __slots__ = ("__weakref__", "_handle", "_limit")
    _handle: Optional[int]

    def __init__(self, limit: int = LIMIT) -> None:
        """Make an empty list for at most ``limit`` revocations."""
        self._limit = count(limit, "limit")
        self._handle = library.jot_revocations_new(limit)
        if not self._handle:
            raise MemoryError

    def __del__(self, free: Callable[[int], None] = library.jot_revocations_free) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self._handle = None
            free(handle)

    @classmethod
    def from_text(cls, saved: Text, limit: int = LIMIT) -> Revocations:
        """Read the text of :meth:`to_text`. Raises :class:`InvalidArgument`."""
        content, out, why = octets(saved, "saved"), ctypes.c_void_p(), failure()
        room = count(limit, "limit")
        check(library.jot_revocations_from_text(view(content), room, ctypes.byref(out), why), why)
        return cls._owning(int(out.value or 0), room)

    @classmethod
    def from_claims(cls, claims: Union[Text, Mapping[str, Any]], limit: int = LIMIT) -> Revocations:
        """Read the claims of a signed list (docs/revocation.md), which you verified: with
        its ``typ`` ``revocations+jwt``, its issuer and its ``exp``.

        Raises :class:`InvalidArgument` if the list is missing or an entry is malformed.

        >>> import jot
        >>> len(jot.Revocations.from_claims({"revocations": [{"sid": "s-17"}]}))
        1
        """
        content = octets(json.dumps(claims) if isinstance(claims, Mapping) else claims, "claims")
        out, why, room = ctypes.c_void_p(), failure(), count(limit, "limit")
        check(library.jot_revocations_from_claims(view(content), room, ctypes.byref(out), why), why)
        return cls._owning(int(out.value or 0), room)

    @classmethod
    def _owning(cls, handle: int, limit: int) -> Revocations:
        self = cls.__new__(cls)
        self._handle, self._limit = handle, limit
        return self

    def revoke_jti(self, jti: str, until: Optional[Instant] = None) -> None:
        """Revoke the tokens with this ``jti``. ``until`` is the time when they expire,
        after which :meth:`purge` drops the entry; ``None`` keeps it.

        Raises :class:`InvalidArgument` if the list is full.
        """
        instant = _NEVER if until is None else seconds(until, "until")
        check(library.jot_revocations_revoke_jti(self._handle, view(text(jti, "jti")), instant))

    def revoke_session(self, sid: str, until: Optional[Instant] = None) -> None:
        """Revoke the tokens of the session with this ``sid``, as a logout does. ``until``
        is the time when the last of them expires."""
        instant = _NEVER if until is None else seconds(until, "until")
        check(library.jot_revocations_revoke_session(self._handle, view(text(sid, "sid")), instant))

    def revoke_subject(self, subject: str, issued_before: Instant) -> None:
        """Revoke the tokens of this ``sub`` whose ``iat`` is before an instant,
        and those without an ``iat``."""
        instant = seconds(issued_before, "issued_before")
        check(library.jot_revocations_revoke_subject(self._handle, view(text(subject, "subject")), instant))

    def revoke_key(self, thumbprint: str) -> None:
        """Revoke the key with this thumbprint; see :class:`Key`."""
        check(library.jot_revocations_revoke_key(self._handle, view(text(thumbprint, "thumbprint"))))

    def purge(self, now: Instant) -> None:
        """Drop the entries that have expired at ``now``."""
        check(library.jot_revocations_purge(self._handle, seconds(now, "now")))

    def to_text(self) -> str:
        """Write the list as lines of JSON."""
        return written(lambda out, _: library.jot_revocations_to_text(self._handle, out)).decode()

    def __len__(self) -> int:
        """Return the number of revocations."""
        return int(library.jot_revocations_len(self._handle))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Revocations.from_text, (self.to_text(), self._limit))

    def __repr__(self) -> str:
        return f"<jot.Revocations {len(self)} of {self._limit}>"
