"""Batches: threads and memory of the library, kept for the next call."""

from __future__ import annotations

import ctypes
import os
from typing import Callable

from ._errors import check, failure
from ._library import library


class Batch:
    """A handle that one call uses at a time."""

    __slots__ = ("handle", "threads")

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.handle = 0
        out, why = ctypes.c_void_p(), failure()
        check(library.jot_batch_new(threads, ctypes.byref(out), why), why)
        self.handle = int(out.value or 0)

    def __del__(self, free: Callable[[int], None] = library.jot_batch_free) -> None:
        if self.handle:
            free(self.handle)
            self.handle = 0


_idle: dict[int, list[Batch]] = {}
#: How many are kept for each number of threads.
_KEPT = 2


def take(threads: int) -> Batch:
    """Take a batch that works on this many threads; 0 means one for each processor."""
    try:
        return _idle[threads].pop()
    except (KeyError, IndexError):
        return Batch(threads)


def put(batch: Batch) -> None:
    """Give a batch back."""
    kept = _idle.setdefault(batch.threads, [])
    if len(kept) < _KEPT:
        kept.append(batch)


def _forget() -> None:
    # A forked child has none of their threads, so nothing could end them.
    for kept in _idle.values():
        for batch in kept:
            batch.handle = 0
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
