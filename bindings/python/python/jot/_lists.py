"""What all lists at a URL have in common."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import Any, NamedTuple, Optional

from ._codes import Code
from ._fetching import LIST_ALLOW_LOOPBACK, START_WITHOUT_LIST, ListOptions
from ._header import NONE
from ._remote import flags_of
from ._values import algorithms, count, duration
from .remote import RemoteKeys


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


def signers(keys: object, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the algorithms that a list may be signed with."""
    if not isinstance(keys, RemoteKeys):
        raise TypeError(f"keys must be jot.RemoteKeys, not {type(keys).__name__}")
    if isinstance(names, str):
        raise TypeError('algorithms must be a list such as ["RS256"]')
    return tuple(names)


def bits(names: tuple[str, ...]) -> int:
    """Return a bit for each algorithm."""
    return sum(1 << number for number in set(algorithms(names)))


def list_options(given: dict[str, Any]) -> ListOptions:
    """Return the options of a list."""
    options = ListOptions(size=ctypes.sizeof(ListOptions))
    for name in ("poll", "least_poll", "most_poll", "timeout"):
        # 0 would be the default.
        setattr(options, name, max(1, duration(given[name], name)))
    stale = given["stale"]
    options.serve_stale_for = NONE if stale is None else min(duration(stale, "stale"), NONE - 1)
    options.most_entries = max(1, min(count(given["max_entries"], "max_entries"), NONE))
    options.most_bytes = max(1, count(given["max_bytes"], "max_bytes"))
    options.flags = flags_of(
        given, {"start_without": START_WITHOUT_LIST, "allow_loopback": LIST_ALLOW_LOOPBACK}
    )
    return options
