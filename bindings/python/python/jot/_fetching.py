"""Declares the functions for keys at a URL: ``jot_keeper`` and ``include/jot_fetch.h``."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_int64, c_size_t, c_uint32, c_uint64, c_void_p

from ._header import Failure, Slice, View
from ._library import declare, library

ABSENT_TWICE, ALLOW_LOOPBACK = 1, 2
START_WITHOUT_LIST, LIST_ALLOW_LOOPBACK = 1, 2
REPLIED, FAILED, TIMED_OUT = 0, 1, 2
CHANGE_KEYS = 1
#: No such instant.
NEVER = -(1 << 63)


class KeeperOptions(ctypes.Structure):
    """``jot_keeper_options``."""

    _fields_ = [
        ("size", c_size_t),
        ("fresh", c_uint32),
        ("least_fresh", c_uint32),
        ("most_fresh", c_uint32),
        ("serve_stale_for", c_uint32),
        ("cool_down", c_uint32),
        ("timeout", c_uint32),
        ("most_keys", c_uint32),
        ("remembered", c_uint32),
        ("flags", c_uint32),
        ("algs", c_uint32),
        ("key_alg", c_uint32),
        ("key_flags", c_uint32),
        ("most_bytes", c_size_t),
    ]


class Health(ctypes.Structure):
    """``jot_health``."""

    _fields_ = [
        ("size", c_size_t),
        ("last_success", c_int64),
        ("fresh_until", c_int64),
        ("next_fetch", c_int64),
        ("error", c_uint32),
        ("failures", c_uint32),
        ("fetches", c_uint64),
        ("successes", c_uint64),
        ("refused", c_uint64),
        ("keys", c_size_t),
    ]


class Request(ctypes.Structure):
    """``jot_request``."""

    _fields_ = [
        ("size", c_size_t),
        ("ticket", c_uint64),
        ("until", c_int64),
        ("url", View),
        ("etag", View),
        ("last_modified", View),
        ("most_bytes", c_size_t),
        ("timeout", c_uint32),
        ("reserved", c_uint32),
        ("accept", View),
    ]


class Field(ctypes.Structure):
    """``jot_field``."""

    _fields_ = [("name", Slice), ("value", Slice)]


class Reply(ctypes.Structure):
    """``jot_reply``."""

    _fields_ = [
        ("size", c_size_t),
        ("outcome", c_uint32),
        ("status", c_uint32),
        ("fields", POINTER(Field)),
        ("field_count", c_size_t),
        ("body", Slice),
    ]


class FetcherOptions(ctypes.Structure):
    """``jot_fetcher_options``."""

    _fields_ = [
        ("size", c_size_t),
        ("authorities", Slice),
        ("client_chain", Slice),
        ("client_key", Slice),
        ("proxy", Slice),
        ("threads", c_uint32),
        ("budget_fetches", c_uint32),
        ("budget_seconds", c_uint32),
        ("reserved", c_uint32),
    ]


class ListOptions(ctypes.Structure):
    """``jot_list_options``."""

    _fields_ = [
        ("size", c_size_t),
        ("poll", c_uint32),
        ("least_poll", c_uint32),
        ("most_poll", c_uint32),
        ("serve_stale_for", c_uint32),
        ("timeout", c_uint32),
        ("most_entries", c_uint32),
        ("flags", c_uint32),
        ("reserved", c_uint32),
        ("most_bytes", c_size_t),
    ]


class ListHealth(ctypes.Structure):
    """``jot_list_health``."""

    _fields_ = [
        ("size", c_size_t),
        ("last_success", c_int64),
        ("issued_at", c_int64),
        ("expires_at", c_int64),
        ("next_fetch", c_int64),
        ("error", c_uint32),
        ("failures", c_uint32),
        ("fetches", c_uint64),
        ("successes", c_uint64),
        ("entries", c_size_t),
    ]


class StatusPlaces(ctypes.Structure):
    """``jot_status_places``."""

    _fields_ = [
        ("size", c_size_t),
        ("uris", POINTER(Slice)),
        ("count", c_size_t),
        ("most", c_uint32),
        ("forget_after", c_uint32),
    ]


_HANDLE, _OUT, _FAILURE = c_void_p, POINTER(c_void_p), POINTER(Failure)
_OPTIONS, _HEALTH = POINTER(KeeperOptions), POINTER(Health)
_LIST_OPTIONS, _LIST_HEALTH = POINTER(ListOptions), POINTER(ListHealth)

declare(
    library,
    [
        ("keeper_options_default", c_uint32, [_OPTIONS]),
        ("keeper_new", c_uint32, [Slice, _OPTIONS, c_uint64, _OUT, _FAILURE]),
        ("keeper_poll", c_uint32, [_HANDLE, c_int64, POINTER(Request)]),
        (
            "keeper_answer",
            c_uint32,
            [_HANDLE, c_uint64, POINTER(Reply), c_int64, POINTER(c_uint32), _FAILURE],
        ),
        ("keeper_keys", c_uint32, [_HANDLE, c_int64, _OUT]),
        ("keeper_unknown_kid", c_uint32, [_HANDLE, _HANDLE, c_int64, POINTER(c_uint32)]),
        ("keeper_refresh_now", c_uint32, [_HANDLE, c_int64]),
        ("keeper_health", c_uint32, [_HANDLE, _HEALTH]),
        ("keeper_free", None, [_HANDLE]),
        ("budget_new", c_void_p, [c_uint32, c_uint32]),
        ("budget_free", None, [_HANDLE]),
        ("fetcher_new", c_uint32, [POINTER(FetcherOptions), _OUT, _FAILURE]),
        ("fetcher_free", None, [_HANDLE]),
        ("remote_keys_new", c_uint32, [_HANDLE, Slice, _OPTIONS, _OUT, _FAILURE]),
        ("remote_keys_discover", c_uint32, [_HANDLE, Slice, _OPTIONS, _OUT, _FAILURE]),
        ("remote_keys_set", c_uint32, [_HANDLE, _OUT]),
        ("remote_keys_feed", c_uint32, [_HANDLE, _HANDLE, Slice, _FAILURE]),
        ("remote_keys_wait", c_uint32, [_HANDLE, c_uint32]),
        ("remote_keys_retry", c_uint32, [_HANDLE, c_uint32, c_uint32]),
        ("remote_keys_start", c_uint32, [_HANDLE]),
        ("remote_keys_refresh_now", c_uint32, [_HANDLE]),
        ("remote_keys_health", c_uint32, [_HANDLE, _HEALTH]),
        ("remote_keys_reason", c_uint32, [_HANDLE, _HANDLE]),
        ("remote_keys_save", c_uint32, [_HANDLE, _HANDLE]),
        ("remote_keys_restore", c_uint32, [_HANDLE, Slice, _FAILURE]),
        ("remote_keys_free", None, [_HANDLE]),
        (
            "remote_revocations_new",
            c_uint32,
            [_HANDLE, Slice, _HANDLE, Slice, c_uint32, _LIST_OPTIONS, _OUT, _FAILURE],
        ),
        ("remote_revocations_feed", c_uint32, [_HANDLE, _HANDLE]),
        ("remote_revocations_wait", c_uint32, [_HANDLE, c_uint32]),
        ("remote_revocations_list", c_uint32, [_HANDLE, _OUT]),
        ("remote_revocations_start", c_uint32, [_HANDLE]),
        ("remote_revocations_refresh_now", c_uint32, [_HANDLE]),
        ("remote_revocations_health", c_uint32, [_HANDLE, _LIST_HEALTH]),
        ("remote_revocations_reason", c_uint32, [_HANDLE, _HANDLE]),
        ("remote_revocations_save", c_uint32, [_HANDLE, _HANDLE]),
        ("remote_revocations_restore", c_uint32, [_HANDLE, Slice]),
        ("remote_revocations_free", None, [_HANDLE]),
        (
            "remote_status_lists_new",
            c_uint32,
            [_HANDLE, POINTER(StatusPlaces), _HANDLE, c_uint32, _LIST_OPTIONS, _OUT, _FAILURE],
        ),
        ("remote_status_lists_feed", c_uint32, [_HANDLE, _HANDLE]),
        ("remote_status_lists_wait", c_uint32, [_HANDLE, c_uint32]),
        ("remote_status_lists_retry", c_uint32, [_HANDLE, c_uint32, c_uint32]),
        ("remote_status_lists_start", c_uint32, [_HANDLE]),
        ("remote_status_lists_refresh_now", c_uint32, [_HANDLE]),
        ("remote_status_lists_uris", c_uint32, [_HANDLE, _HANDLE]),
        ("remote_status_lists_health", c_uint32, [_HANDLE, Slice, _LIST_HEALTH]),
        ("remote_status_lists_reason", c_uint32, [_HANDLE, Slice, _HANDLE]),
        ("remote_status_lists_refused", c_uint64, [_HANDLE]),
        ("remote_status_lists_free", None, [_HANDLE]),
    ],
)
