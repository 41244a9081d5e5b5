"""A keeper of the library, for code that makes its requests in Python."""

from __future__ import annotations

import ctypes
import json
import os
import random
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable, NamedTuple, Optional

from ._codes import Code
from ._errors import check, code_of, failure
from ._fetching import (
    ALLOW_LOOPBACK,
    CHANGE_KEYS,
    FAILED,
    REPLIED,
    TIMED_OUT,
    Field,
    Health,
    KeeperOptions,
    Reply,
    Request,
)
from ._header import ALLOW_WEAK_KEYS
from ._library import library
from ._values import view
from .keys import KeySet

_CONNECTION = {Code.FETCH_FAILED, Code.FETCH_TIMEOUT, Code.FETCH_STATUS, Code.FETCH_REDIRECT}


class Fault(Exception):
    """Why there are no keys, or no new ones."""

    def __init__(self, code: Code, cause: Optional[BaseException] = None) -> None:
        """Take the code, and what Python says of it."""
        super().__init__(code, cause)
        self.code, self.cause = code, cause

    @property
    def is_of_connection(self) -> bool:
        """Whether no key set was read at all."""
        return self.code in _CONNECTION or self.code in (Code.KEYS_NOT_YET, Code.KEYS_STALE)

    def __str__(self) -> str:
        meaning: bytes = library.jot_code_meaning(int(self.code))
        return str(self.cause) if self.cause is not None else meaning.decode()


class Answer(NamedTuple):
    """How a request ended; without a status there was none."""

    status: Optional[int]
    fields: list[tuple[str, str]]
    body: bytes
    cause: Optional[BaseException] = None


class Keeper:
    """The keys at a URL, and when to fetch them. Threads may share it."""

    def __init__(self, url: str, *, fresh: int, stale: int, cool_down: int, timeout: int) -> None:
        """Follow a URL. Raises :class:`Fault`."""
        self._handle: Optional[int] = None
        self._budget = library.jot_budget_new(10, 60)
        options = KeeperOptions(size=ctypes.sizeof(KeeperOptions))
        check(library.jot_keeper_options_default(ctypes.byref(options)))
        options.fresh = options.least_fresh = options.most_fresh = fresh
        options.serve_stale_for, options.cool_down, options.timeout = stale, cool_down, timeout
        options.flags, options.key_flags = ALLOW_LOOPBACK, ALLOW_WEAK_KEYS
        out, why = ctypes.c_void_p(), failure()
        place = url.encode("utf-8", "surrogatepass")
        code = library.jot_keeper_new(
            view(place), ctypes.byref(options), random.getrandbits(64), ctypes.byref(out), why
        )
        if code:
            raise Fault(code_of(code))
        self._handle = out.value
        self.most_bytes = int(options.most_bytes)
        #: Grows with each change of the keys.
        self.number = 0
        #: Why the last fetch failed.
        self.fault: Optional[Fault] = None
        self._json: Optional[str] = None
        # The first is held for a moment only, the second through a fetch.
        self._lock, self._fetching = threading.Lock(), threading.Lock()
        _alive.add(self)

    def __del__(
        self,
        free: Callable[[int], None] = library.jot_keeper_free,
        free_budget: Callable[[int], None] = library.jot_budget_free,
    ) -> None:
        if self._handle:
            free(self._handle)
        free_budget(self._budget)

    def has_keys(self) -> bool:
        """Whether there are keys that may be used."""
        handle = self._keys()
        try:
            return bool(library.jot_key_set_len(handle))
        finally:
            library.jot_key_set_free(handle)

    def none(self) -> Fault:
        """Return why there are no keys."""
        return self.fault or Fault(Code.KEYS_STALE if self.number else Code.KEYS_NOT_YET)

    def is_due(self) -> bool:
        """Whether something is to be fetched, and nobody does it yet; without keys, also
        if somebody does."""
        health = Health(size=ctypes.sizeof(Health))
        with self._lock:
            check(library.jot_keeper_health(self._handle, ctypes.byref(health)))
        due = health.next_fetch <= int(time.time()) and not self._fetching.locked()
        return due or not self.has_keys()

    def refresh(self) -> None:
        """Make a fetch due."""
        with self._lock:
            check(library.jot_keeper_refresh_now(self._handle, int(time.time())))

    def unknown_kid(self) -> bool:
        """Whether to fetch for a ``kid`` that no key has."""
        pending = ctypes.c_uint32()
        with self._lock:
            now = int(time.time())
            check(library.jot_keeper_unknown_kid(self._handle, self._budget, now, ctypes.byref(pending)))
        return bool(pending.value)

    @contextmanager
    def turn(self, longest: float) -> Iterator[bool]:
        """Give the turn to fetch, or wait for the end of another thread's."""
        is_mine = self._fetching.acquire(blocking=False)
        if not is_mine and self._fetching.acquire(timeout=longest):
            self._fetching.release()
        try:
            yield is_mine
        finally:
            if is_mine:
                self._fetching.release()

    def requests(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Give each request that is due, its URL and header fields; answer it before the
        next one."""
        while True:
            request = Request(size=ctypes.sizeof(Request))
            with self._lock:
                check(library.jot_keeper_poll(self._handle, int(time.time()), ctypes.byref(request)))
                if not request.ticket:
                    return
                self._ticket = request.ticket
                views = (request.url, request.etag, request.last_modified)
                url, etag, modified = (
                    ctypes.string_at(one.ptr, one.len).decode() if one.len else "" for one in views
                )
            fields = {"If-None-Match": etag, "If-Modified-Since": modified}
            yield url, {name: value for name, value in fields.items() if value}

    def answer(self, answer: Answer) -> None:
        """Take how the request ended. Raises :class:`Fault`."""
        outcome = REPLIED
        if answer.status is None:
            outcome = TIMED_OUT if isinstance(answer.cause, TimeoutError) else FAILED
        raw = [
            (name.encode("utf-8", "replace"), value.encode("utf-8", "replace"))
            for name, value in answer.fields
        ]
        fields = (Field * len(raw))(*(Field(view(name), view(value)) for name, value in raw))
        reply = Reply(
            size=ctypes.sizeof(Reply),
            outcome=outcome,
            status=answer.status or 0,
            fields=fields,
            field_count=len(raw),
            body=view(answer.body),
        )
        change = ctypes.c_uint32()
        with self._lock:
            code = library.jot_keeper_answer(
                self._handle,
                self._ticket,
                ctypes.byref(reply),
                int(time.time()),
                ctypes.byref(change),
                None,
            )
            self.fault = Fault(code_of(code), answer.cause) if code else None
            if not code and change.value == CHANGE_KEYS:
                self.number += 1
                self._json = _jwks(answer.body)
        if self.fault is not None:
            raise self.fault

    def text(self) -> str:
        """Return the keys in force as a JWK Set."""
        return self._json if self._json is not None else KeySet._owning(self._keys()).to_jwks()

    def _keys(self) -> int:
        out = ctypes.c_void_p()
        with self._lock:
            check(library.jot_keeper_keys(self._handle, int(time.time()), ctypes.byref(out)))
        return int(out.value or 0)


def _jwks(body: bytes) -> Optional[str]:
    """Return the text of an answer if it is a JWK Set, whose members PyJWT's classes show."""
    try:
        return body.decode() if isinstance(json.loads(body).get("keys"), list) else None
    except (ValueError, AttributeError):
        return None


_alive: weakref.WeakSet[Keeper] = weakref.WeakSet()


_held: list[Keeper] = []


def _hold() -> None:
    """Wait for the threads that change a keeper: a child must not have half a change."""
    _held[:] = _alive
    for keeper in _held:
        keeper._lock.acquire()


def _release() -> None:
    for keeper in _held:
        keeper._lock.release()
    _held.clear()


def _release_in_child() -> None:
    for keeper in _held:
        # The thread that fetched did not come along.
        keeper._fetching = threading.Lock()
    _release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_release_in_child)
