"""Token Status Lists, which an issuer serves at URIs that its tokens name."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import Any, Union

from ._codes import Code
from ._errors import check, failure
from ._fetching import ListHealth as RawHealth
from ._fetching import StatusPlaces
from ._header import NONE, Slice
from ._library import library
from ._lists import ListHealth, bits, list_options, signers
from ._remote import Remote, milliseconds
from ._values import count, duration, text, view
from .remote import RemoteKeys

_NOT_YET = int(Code.STATUS_LIST_NOT_YET)


class RemoteStatusLists(Remote, prefix="remote_status_lists"):
    """The Token Status Lists of an issuer (draft-ietf-oauth-status-list), always up to date.
    Give them to a verifier: ``jot.Verifier(…, status_lists=…)``.

    The thread that follows the issuer's keys fetches the lists, too: those at the URIs that
    are given, and below a URI that ends with ``/`` those that tokens name. Any number of
    threads and verifiers may share one. It can be pickled; the copy fetches anew.

    >>> import jot
    >>> keys = jot.RemoteKeys("https://issuer.example/jwks")
    >>> lists = jot.RemoteStatusLists("https://issuer.example/status/", keys, algorithms=["RS256"])
    >>> verifier = jot.Verifier(keys, algorithms=["RS256"], issuer="https://issuer.example",
    ...                         status_lists=lists)
    """

    __slots__ = ("_arguments", "_keys", "_wait", "places")
    #: The URIs of lists, and those below which lists are followed.
    places: tuple[str, ...]

    def __init__(
        self,
        places: Union[str, Iterable[str]],
        keys: RemoteKeys,
        *,
        algorithms: Iterable[str],
        wait: float = 5,
        max_lists: int = 256,
        forget_after: int = 86_400,
        poll: int = 60,
        least_poll: int = 5,
        most_poll: int = 3600,
        stale: Union[int, None] = 0,
        start_without: bool = False,
        timeout: int = 5,
        max_bytes: int = 8 << 20,
        max_entries: int = 1 << 24,
        allow_loopback: bool = False,
    ) -> None:
        """Follow lists. Times are in seconds.

        - ``places``: the URI of a list, which is followed from the start; or one that ends
          with ``/``, below which a list is followed from the first token on that names it,
          once the token's signature has been verified; or several of these.
        - ``keys``: those of the issuer of the lists.
        - ``algorithms``: the algorithms that they may be signed with.
        - ``wait``: how long a verification may wait for the first answer of a list; 0 for
          never.
        - ``max_lists``: how many lists are followed at a time. A token of one more is
          ``status_list_unknown`` (503), until another list was forgotten.
        - ``forget_after``: after what time a list that no token names is forgotten, unless
          its own URI is in ``places``.
        - ``poll``, ``least_poll``, ``most_poll``: after what time a list is fetched again
          that does not say so in ``ttl``, and the bounds for one that does.
        - ``stale``: how long a list stays in use after its ``exp`` if no other can be had;
          ``None`` for ever. After that its tokens are rejected with
          ``status_list_stale`` (503).
        - ``start_without``: accept tokens while their list is fetched for the first time. By
          default they are rejected with ``status_list_not_yet`` (503).
        - ``timeout``: how long a whole fetch may take.
        - ``max_bytes``, ``max_entries``: larger lists are refused.
        - ``allow_loopback``: allow ``http`` to this machine.

        Raises :class:`InvalidKey` for a URI that is not one of ``https``.
        """
        self._handle = None
        names = signers(keys, algorithms)
        self._arguments: dict[str, Any] = {
            "algorithms": names,
            "wait": wait,
            "max_lists": max_lists,
            "forget_after": forget_after,
            "poll": poll,
            "least_poll": least_poll,
            "most_poll": most_poll,
            "stale": stale,
            "start_without": start_without,
            "timeout": timeout,
            "max_bytes": max_bytes,
            "max_entries": max_entries,
            "allow_loopback": allow_loopback,
        }
        self.places = (places,) if isinstance(places, str) else tuple(places)
        self._keys, self._wait = keys, milliseconds(wait, "wait")
        how = list_options(self._arguments)
        uris = [text(place, "places") for place in self.places]
        where = StatusPlaces(
            size=ctypes.sizeof(StatusPlaces),
            uris=(Slice * len(uris))(*map(view, uris)),
            count=len(uris),
            # 0 would be the default.
            most=max(1, min(count(max_lists, "max_lists"), NONE)),
            forget_after=max(1, duration(forget_after, "forget_after")),
        )
        out, why = ctypes.c_void_p(), failure()
        check(
            library.jot_remote_status_lists_new(
                keys._fetcher.handle,
                ctypes.byref(where),
                keys._handle,
                bits(names),
                ctypes.byref(how),
                ctypes.byref(out),
                why,
            ),
            why,
        )
        self._owning(out.value)

    @property
    def uris(self) -> tuple[str, ...]:
        """The URIs of the lists that are followed now."""
        return tuple(self._written("uris").split())

    @property
    def refused(self) -> int:
        """How often a token named a list that could not be followed because of
        ``max_lists``."""
        return self._ask("refused")

    def health(self) -> dict[str, ListHealth]:
        """Return how each list does, by its URI, for metrics."""
        return {uri: self._measured(RawHealth, ListHealth, view(text(uri, "uri"))) for uri in self.uris}

    def _feed(self, verifier: int) -> None:
        check(self._ask("feed", verifier))

    def _answer(self, code: int) -> int:
        """Wait for a list that is on its way; return 0 to have the token verified again."""
        return self._ask("retry", code, self._wait) if code == _NOT_YET else code

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self.places, self._keys, self._arguments))

    def __repr__(self) -> str:
        return f"<jot.RemoteStatusLists {' '.join(self.places)}>"


def _rebuilt(places: tuple[str, ...], keys: RemoteKeys, options: dict[str, Any]) -> RemoteStatusLists:
    return RemoteStatusLists(places, keys, **options)
