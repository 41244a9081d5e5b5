"""Builds a verifier of the library from keyword arguments."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from ._conditions import demand
from ._errors import check, failure
from ._header import Slice
from ._library import library
from ._trusted import Trusted
from ._values import algorithms, count, duration, text, view
from .keys import KeySet
from .remote import RemoteKeys


def texts(value: object, name: str) -> list[bytes]:
    """Return the UTF-8 of one text or of several."""
    if value is None:
        return []
    if isinstance(value, str):
        return [text(value, name)]
    if not isinstance(value, Iterable) or isinstance(value, (bytes, bytearray, memoryview, Mapping)):
        raise TypeError(f"{name} must be str or several, not {type(value).__name__}")
    return [text(one, name) for one in value]


# Rules that take several values, claims beside them.
_SEVERAL = ("algorithms", "audience", "typ", "require", "scope", "understand_critical")


def rules(**given: Any) -> dict[str, Any]:
    """Return the rules of a verifier by name, in a form that can be read again."""
    for name in ("require", "understand_critical"):
        if isinstance(given[name], str):
            raise TypeError("require and understand_critical must be lists of str")
    claims = given["claims"]
    given["claims"] = dict(claims) if isinstance(claims, Mapping) else _kept(claims)
    return {**given, **{name: _kept(given[name]) for name in _SEVERAL}}


def _kept(value: Any) -> Any:
    """Keep several values as a list, which can be iterated over again."""
    if isinstance(value, (str, bytes, list, tuple)) or not isinstance(value, Iterable):
        return value
    return list(value)


def _new_policy(profile: Optional[str], audiences: list[bytes], algs: Any) -> ctypes.c_void_p:
    policy, why = ctypes.c_void_p(), failure()
    at, out = ctypes.cast(algs, ctypes.c_void_p), ctypes.byref(policy)
    if profile is None:
        check(library.jot_policy_new(at, len(algs), out, why), why)
        return policy
    new = {
        "access_token": library.jot_policy_new_access_token,
        "id_token": library.jot_policy_new_id_token,
    }.get(profile)
    if new is None:
        raise ValueError('profile must be "access_token" or "id_token"')
    if len(audiences) != 1:
        raise ValueError(f'profile "{profile}" needs one audience: the resource, or the client')
    check(new(view(audiences.pop()), at, len(algs), out, why), why)
    return policy


def _set(policy: ctypes.c_void_p, rules: Mapping[str, Any], audiences: list[bytes]) -> None:
    for audience in audiences:
        check(library.jot_policy_audience(policy, view(audience)), None, "audience")
    for name in ("subject", "nonce", "authorized_party"):
        if rules[name] is not None:
            setting = getattr(library, f"jot_policy_{name}")
            check(setting(policy, view(text(rules[name], name))), None, name)
    for name in ("typ", "require", "scope", "understand_critical"):
        setting = getattr(library, f"jot_policy_{name}")
        for one in texts(rules[name], name):
            check(setting(policy, view(one)), None, name)
    for name in (
        "any_audience",
        "allow_missing_exp",
        "allow_future_iat",
        "issuer_required",
        "require_status",
    ):
        if not isinstance(rules[name], bool):
            raise TypeError(f"{name} must be bool, not {type(rules[name]).__name__}")
        if rules[name]:
            check(getattr(library, f"jot_policy_{name}")(policy), None, name)
    check(library.jot_policy_leeway(policy, duration(rules["leeway"], "leeway")), None, "leeway")
    if rules["max_age"] is not None:
        check(library.jot_policy_max_age(policy, duration(rules["max_age"], "max_age")), None, "max_age")
    limits = [0 if rules[name] is None else count(rules[name], name) for name in LIMITS]
    check(library.jot_policy_limits(policy, *limits), None, "max_token_bytes")
    demand(policy, rules["claims"])


# In the order of their numbers in C.
BACKENDS = ("aws-lc", "auto", "accelerated", "portable")
LIMITS = ("max_token_bytes", "max_header_bytes")


def _checked(trusted: Trusted) -> None:
    keys = trusted.keys
    if isinstance(keys, (KeySet, RemoteKeys)):
        return
    if not isinstance(keys, Mapping):
        raise TypeError(
            "keys must be a jot.KeySet or jot.RemoteKeys, or a mapping of issuers to such, "
            f"not {type(keys).__name__}"
        )
    if trusted.issuer is not None:
        raise ValueError("issuer is named by keys already, which is a mapping")
    for one in keys.values():
        if not isinstance(one, (KeySet, RemoteKeys)):
            raise TypeError(
                "keys: the keys of an issuer must be a jot.KeySet or jot.RemoteKeys, "
                f"not {type(one).__name__}"
            )


def _named(issuer: Optional[str]) -> Slice:
    return view(None if issuer is None else text(issuer, "issuer"))


def _trust(builder: ctypes.c_void_p, trusted: Trusted) -> None:
    _checked(trusted)
    each = trusted.keys.values() if isinstance(trusted.keys, dict) else [trusted.keys]
    for issuer, keys in zip(trusted.issuers(), each):
        current = keys._current() if isinstance(keys, RemoteKeys) else None
        handle = keys._handle if isinstance(keys, KeySet) else current
        try:
            if issuer is None:
                check(library.jot_verifier_builder_keys(builder, handle), None, "keys")
            else:
                check(library.jot_verifier_builder_issuer(builder, _named(issuer), handle), None, "issuer")
        finally:
            library.jot_key_set_free(current)


def feed(verifier: int, trusted: Trusted) -> None:
    """Have the remote keys replace those of a verifier, from now on."""
    for issuer, remote in zip(trusted.issuers(), trusted.remote):
        if remote is not None:
            why = failure()
            check(library.jot_remote_keys_feed(remote._handle, verifier, _named(issuer), why), why)


def build(trusted: Trusted, rules: Mapping[str, Any], checks_status: bool) -> int:
    """Return the handle of a new verifier."""
    if rules["require_status"] and not checks_status:
        raise ValueError("require_status needs status_lists")
    if rules["cache_entries"] is not None and rules["cache_bytes"] is not None:
        raise ValueError("give cache_entries or cache_bytes, not both")
    audiences = texts(rules["audience"], "audience")
    if rules["audience"] is not None and not audiences:
        raise ValueError("audience must not be empty; leave it out for none")
    policy = _new_policy(rules["profile"], audiences, algorithms(rules["algorithms"]))
    builder = ctypes.c_void_p()
    try:
        _set(policy, rules, audiences)
        if checks_status and not rules["require_status"]:
            check(library.jot_policy_check_status(policy), None, "status_lists")
        why = failure()
        check(library.jot_verifier_builder_new(policy, ctypes.byref(builder), why), why)
        _trust(builder, trusted)
        for name in ("cache_entries", "cache_bytes"):
            if rules[name] is not None:
                setting = getattr(library, f"jot_verifier_builder_{name}")
                check(setting(builder, count(rules[name], name)), None, name)
        if rules["backend"] not in BACKENDS:
            raise ValueError(f"backend must be one of {', '.join(BACKENDS)}")
        check(
            library.jot_verifier_builder_backend(builder, BACKENDS.index(rules["backend"])), None, "backend"
        )
        out, why = ctypes.c_void_p(), failure()
        check(library.jot_verifier_builder_build(builder, ctypes.byref(out), why), why)
        return int(out.value or 0)
    finally:
        library.jot_verifier_builder_free(builder)
        library.jot_policy_free(policy)
