"""Scratches: the buffers of one verification at a time."""

from __future__ import annotations

import ctypes
from typing import Callable, Optional

from ._header import Decoded, Slice, Verdict
from ._library import library


class Scratch:
    """A scratch, and the structs that go with it.

    A user takes one out of the pool and puts it back. It therefore belongs to one
    caller at a time, even if other threads, signal handlers or finalizers verify in
    between.
    """

    __slots__ = ("decoded", "decoded_at", "handle", "token", "verdict", "verdict_at")

    def __init__(self) -> None:
        self.handle: Optional[int] = library.jot_scratch_new()
        if not self.handle:
            raise MemoryError
        self.token = Slice()
        self.verdict = Verdict(size=ctypes.sizeof(Verdict))
        self.verdict_at = ctypes.pointer(self.verdict)
        self.decoded = Decoded(size=ctypes.sizeof(Decoded))
        self.decoded_at = ctypes.pointer(self.decoded)

    def __del__(self, free: Callable[[int], None] = library.jot_scratch_free) -> None:
        handle = getattr(self, "handle", None)
        if handle:
            self.handle = None
            free(handle)


#: Unused scratches. Taking and putting back are atomic.
pool: list[Scratch] = []


def take() -> Scratch:
    """Take a scratch out of the pool, or a new one."""
    try:
        return pool.pop()
    except IndexError:
        return Scratch()
