"""What all that a thread of the library follows has in common."""

from __future__ import annotations

import ctypes
import os
import weakref
from typing import Any, Callable, ClassVar, Optional, TypeVar

from ._errors import check, code_of
from ._fetching import NEVER
from ._library import library
from ._values import written

_MOST_MILLISECONDS = 0xFFFFFFFF
_T = TypeVar("_T")

_alive: weakref.WeakSet[Remote] = weakref.WeakSet()


class Remote:
    """A handle of the library's for what one of its threads follows."""

    __slots__ = ("__weakref__", "_handle")
    #: What the names of its functions begin with.
    _prefix: ClassVar[str]
    #: The function that frees it, which must still be there at the end of the process.
    _free: ClassVar[Callable[[Optional[int]], None]]
    _handle: Optional[int]

    def __init_subclass__(cls, prefix: str) -> None:
        cls._prefix = f"jot_{prefix}_"
        cls._free = staticmethod(getattr(library, f"{cls._prefix}free"))

    def _owning(self, handle: Optional[int]) -> None:
        """Keep what the library made, and have it followed in children of a fork, too."""
        self._handle = handle
        _alive.add(self)

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self._handle = None
            type(self)._free(handle)

    def _ask(self, name: str, *arguments: Any) -> int:
        """Call a function of the library, and return what it says."""
        return int(getattr(library, self._prefix + name)(self._handle, *arguments))

    def _written(self, name: str, *arguments: Any) -> str:
        """Return the text that a function of the library writes."""
        return written(lambda out, _: self._ask(name, *arguments, out)).decode()

    def _measured(self, raw: type[ctypes.Structure], made: Callable[..., _T], *arguments: Any) -> _T:
        """Return how it does, of the fields of a struct of the library."""
        taken = raw()
        taken.size = ctypes.sizeof(raw)
        check(self._ask("health", *arguments, ctypes.byref(taken)))
        values: dict[str, Any] = {
            name: int(getattr(taken, name)) for name, *_ in raw._fields_ if name != "size"
        }
        for name, value in values.items():
            if value == NEVER:
                values[name] = None
        values["error"] = code_of(values["error"]) if values["error"] else None
        return made(**values, reason=self._written("reason", *arguments))

    def wait(self, longest: float) -> None:
        """Wait until what is followed can be used, no longer than this many seconds.

        Raises :class:`InvalidKey` with the code that tokens are rejected with meanwhile.
        """
        check(self._ask("wait", milliseconds(longest, "longest")))

    def refresh(self) -> None:
        """Ask for a fetch as soon as possible, whatever was fetched when: for operators."""
        check(self._ask("refresh_now"))


def milliseconds(value: object, name: str) -> int:
    """Return a time in seconds as milliseconds."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number of seconds, not {type(value).__name__}")
    if not 0 <= value <= _MOST_MILLISECONDS / 1000:
        raise ValueError(f"{name} must be from 0 to {_MOST_MILLISECONDS // 1000} seconds")
    return int(value * 1000)


def flags_of(given: dict[str, Any], flags: dict[str, int]) -> int:
    """Return the flags of the options that are set."""
    for name in flags:
        if not isinstance(given[name], bool):
            raise TypeError(f"{name} must be bool, not {type(given[name]).__name__}")
    return sum(flag for name, flag in flags.items() if given[name])


def _follow_in_child() -> None:
    """Start the threads that a fork did not take along."""
    for one in list(_alive):
        if one._handle:
            one._ask("start")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_follow_in_child)
