"""Revocations that an issuer serves at a URL."""

from __future__ import annotations

import ctypes
import os
import time
import weakref
from collections.abc import Iterable
from typing import Any, Callable, NamedTuple, Optional

from ._codes import Code
from ._errors import check, code_of, failure
from ._fetching import LIST_ALLOW_LOOPBACK, NEVER, START_WITHOUT_LIST, ListOptions
from ._fetching import ListHealth as RawHealth
from ._header import NONE
from ._library import library
from ._values import Text, count, duration, octets, text, view, written
from ._values import algorithms as _algorithms
from .remote import RemoteKeys, milliseconds
from .revocations import LIMIT, Revocations


class ListHealth(NamedTuple):
    """How a list does. Instants are seconds since 1970."""

    #: When the list was fetched or confirmed last; ``None`` for never.
    last_success: Optional[int]
    #: When the list in force was made.
    issued_at: Optional[int]
    #: When the list in force ends.
    expires_at: Optional[int]
    #: When the next fetch is due.
    next_fetch: int
    #: What was wrong with the last fetch or its list; ``None`` if it succeeded.
    error: Optional[Code]
    #: The same in words; ``""`` if it succeeded.
    reason: str
    #: How many fetches failed since the last success.
    failures: int
    #: How many requests were made.
    fetches: int
    #: How many answers brought or confirmed a list.
    successes: int
    #: How many entries the list in force has.
    entries: int


_alive: weakref.WeakSet[RemoteRevocations] = weakref.WeakSet()


class RemoteRevocations:
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

    __slots__ = ("__weakref__", "_arguments", "_deadline", "_handle", "_keys", "url")
    _handle: Optional[int]
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
        if not isinstance(keys, RemoteKeys):
            raise TypeError(f"keys must be jot.RemoteKeys, not {type(keys).__name__}")
        if isinstance(algorithms, str):
            raise TypeError('algorithms must be a list such as ["RS256"]')
        names = tuple(algorithms)
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
        how = _options(self._arguments)
        out, why = ctypes.c_void_p(), failure()
        check(
            library.jot_remote_revocations_new(
                keys._fetcher.handle,
                view(text(url, "url")),
                keys._handle,
                view(None if issuer is None else text(issuer, "issuer")),
                sum(1 << number for number in set(_algorithms(names))),
                ctypes.byref(how),
                ctypes.byref(out),
                why,
            ),
            why,
        )
        self._handle = out.value
        if saved is not None:
            content = octets(saved, "saved")
            check(library.jot_remote_revocations_restore(self._handle, view(content)), None, "saved")
        _alive.add(self)

    def __del__(self, free: Callable[[int], None] = library.jot_remote_revocations_free) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self._handle = None
            free(handle)

    def wait(self, longest: float) -> None:
        """Wait until there is a list in force, no longer than this many seconds.

        Raises :class:`InvalidKey` with ``revocations_not_yet`` or ``revocations_stale``.
        """
        check(library.jot_remote_revocations_wait(self._handle, milliseconds(longest, "longest")))

    def revocations(self) -> Revocations:
        """Return a copy of the list that verifiers have now."""
        out = ctypes.c_void_p()
        check(library.jot_remote_revocations_list(self._handle, ctypes.byref(out)))
        return Revocations._owning(int(out.value or 0), LIMIT)

    def refresh(self) -> None:
        """Ask for a fetch as soon as possible."""
        check(library.jot_remote_revocations_refresh_now(self._handle))

    def health(self) -> ListHealth:
        """Return how the list does, for metrics."""
        raw = RawHealth(size=ctypes.sizeof(RawHealth))
        check(library.jot_remote_revocations_health(self._handle, ctypes.byref(raw)))
        values = {name: int(getattr(raw, name)) for name, *_ in RawHealth._fields_ if name != "size"}
        reason = written(lambda out, _: library.jot_remote_revocations_reason(self._handle, out)).decode()
        optional: dict[str, Any] = {
            name: None if values[name] == NEVER else values[name]
            for name in ("last_success", "issued_at", "expires_at")
        }
        error = code_of(values["error"]) if values["error"] else None
        return ListHealth(**{**values, **optional, "error": error, "reason": reason})

    def save(self) -> str:
        """Return the JWT of the list in force, for the ``saved`` of the next process; ``""``
        if there is none."""
        return written(lambda out, _: library.jot_remote_revocations_save(self._handle, out)).decode()

    def _feed(self, verifier: int) -> None:
        check(library.jot_remote_revocations_feed(self._handle, verifier))

    def _await_first(self) -> int:
        """Wait for the first list while that is allowed; return why there is none, or 0."""
        left = max(0.0, self._deadline - time.monotonic())
        return int(library.jot_remote_revocations_wait(self._handle, int(left * 1000)))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self.url, self._keys, self._arguments))

    def __repr__(self) -> str:
        return f"<jot.RemoteRevocations {self.url}>"


def _rebuilt(url: str, keys: RemoteKeys, options: dict[str, Any]) -> RemoteRevocations:
    return RemoteRevocations(url, keys, **options)


def _options(given: dict[str, Any]) -> ListOptions:
    options = ListOptions(size=ctypes.sizeof(ListOptions))
    for name in ("poll", "least_poll", "most_poll", "timeout"):
        # 0 would be the default.
        setattr(options, name, max(1, duration(given[name], name)))
    stale = given["stale"]
    options.serve_stale_for = NONE if stale is None else min(duration(stale, "stale"), NONE - 1)
    options.most_entries = max(1, min(count(given["max_entries"], "max_entries"), NONE))
    options.most_bytes = max(1, count(given["max_bytes"], "max_bytes"))
    flags = {"start_without": START_WITHOUT_LIST, "allow_loopback": LIST_ALLOW_LOOPBACK}
    for name in flags:
        if not isinstance(given[name], bool):
            raise TypeError(f"{name} must be bool, not {type(given[name]).__name__}")
    options.flags = sum(flag for name, flag in flags.items() if given[name])
    return options


def _follow_in_child() -> None:
    """Start the threads that a fork did not take along."""
    for one in list(_alive):
        if one._handle:
            library.jot_remote_revocations_start(one._handle)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_follow_in_child)
