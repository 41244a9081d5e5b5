"""Revocations that an issuer serves at a URL."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterable
from typing import Any, Optional

from ._errors import check, failure
from ._fetching import ListHealth as RawHealth
from ._library import library
from ._lists import ListHealth, bits, list_options, signers
from ._remote import Remote, milliseconds
from ._values import Text, octets, text, view
from .remote import RemoteKeys
from .revocations import LIMIT, Revocations


class RemoteRevocations(Remote, prefix="remote_revocations"):
    """The revocations that an issuer serves as a signed JWT (docs/revocation.md), always
    up to date. Give it to a verifier: ``jot.Verifier(…, revocations=…)``.

    The thread that follows the issuer's keys fetches the list, too. Any number of
    threads and verifiers may share one. It can be pickled; the copy fetches anew.

    >>> import jot
    >>> keys = jot.RemoteKeys("https://issuer.example/jwks")
    >>> revoked = jot.RemoteRevocations("https://issuer.example/revocations", keys,
    ...                                 algorithms=["RS256"], issuer="https://issuer.example")
    >>> verifier = jot.Verifier(keys, algorithms=["RS256"], issuer="https://issuer.example",
    ...                         revocations=revoked)
    """

    __slots__ = ("_arguments", "_deadline", "_keys", "url")
    #: The URL of the list.
    url: str

    def __init__(
        self,
        url: str,
        keys: RemoteKeys,
        *,
        algorithms: Iterable[str],
        issuer: Optional[str] = None,
        wait: float = 5,
        poll: int = 60,
        least_poll: int = 5,
        most_poll: int = 3600,
        stale: Optional[int] = 0,
        start_without: bool = False,
        timeout: int = 5,
        max_bytes: int = 8 << 20,
        max_entries: int = 100_000,
        allow_loopback: bool = False,
        saved: Optional[Text] = None,
    ) -> None:
        """Follow the list at a URL. Times are in seconds.

        - ``keys``: those of the issuer, one of which signs the list.
        - ``algorithms``: the algorithms that it may be signed with.
        - ``issuer``: the ``iss`` of the list; not needed for keys that were discovered.
        - ``wait``: how long after it was made verifications may wait for the first list.
        - ``poll``, ``least_poll``, ``most_poll``: after what time a list is fetched again
          that does not say so in ``ttl``, and the bounds for one that does.
        - ``stale``: how long the last list stays in use after its ``exp`` if no other can
          be had; ``None`` for ever. After that tokens are rejected with
          ``revocations_stale`` (503).
        - ``start_without``: accept tokens before the first list. By default they are
          rejected with ``revocations_not_yet`` (503).
        - ``timeout``: how long a whole fetch may take.
        - ``max_bytes``, ``max_entries``: larger lists are refused.
        - ``allow_loopback``: allow ``http`` to this machine.
        - ``saved``: what :meth:`save` of an earlier process returned. The keys must be
          there, for instance by their own ``saved``.

        Raises :class:`InvalidKey` for a URL that is not ``https``.
        """
        self._handle = None
        names = signers(keys, algorithms)
        self._arguments: dict[str, Any] = {
            "algorithms": names,
            "issuer": issuer,
            "wait": wait,
            "poll": poll,
            "least_poll": least_poll,
            "most_poll": most_poll,
            "stale": stale,
            "start_without": start_without,
            "timeout": timeout,
            "max_bytes": max_bytes,
            "max_entries": max_entries,
            "allow_loopback": allow_loopback,
            "saved": saved,
        }
        self.url, self._keys = url, keys
        self._deadline = time.monotonic() + milliseconds(wait, "wait") / 1000
        how = list_options(self._arguments)
        out, why = ctypes.c_void_p(), failure()
        check(
            library.jot_remote_revocations_new(
                keys._fetcher.handle,
                view(text(url, "url")),
                keys._handle,
                view(None if issuer is None else text(issuer, "issuer")),
                bits(names),
                ctypes.byref(how),
                ctypes.byref(out),
                why,
            ),
            why,
        )
        self._owning(out.value)
        if saved is not None:
            content = octets(saved, "saved")
            check(self._ask("restore", view(content)), None, "saved")

    def revocations(self) -> Revocations:
        """Return a copy of the list that verifiers have now."""
        out = ctypes.c_void_p()
        check(self._ask("list", ctypes.byref(out)))
        return Revocations._owning(int(out.value or 0), LIMIT)

    def health(self) -> ListHealth:
        """Return how the list does, for metrics."""
        return self._measured(RawHealth, ListHealth)

    def save(self) -> str:
        """Return the JWT of the list in force, for the ``saved`` of the next process; ``""``
        if there is none."""
        return self._written("save")

    def _feed(self, verifier: int) -> None:
        check(self._ask("feed", verifier))

    def _await_first(self) -> int:
        """Wait for the first list while that is allowed; return why there is none, or 0."""
        left = max(0.0, self._deadline - time.monotonic())
        return self._ask("wait", int(left * 1000))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self.url, self._keys, self._arguments))

    def __repr__(self) -> str:
        return f"<jot.RemoteRevocations {self.url}>"


def _rebuilt(url: str, keys: RemoteKeys, options: dict[str, Any]) -> RemoteRevocations:
    return RemoteRevocations(url, keys, **options)
