"""The tables of cases that every language runs, with the same codes."""

from __future__ import annotations

import base64
import ctypes
import json
from typing import Any, Optional

import jot
import pytest
from conftest import table
from jot._errors import check
from jot._library import library
from jot._values import view

# A mapping cannot name an issuer twice.
CASES = [case for case in table("cases/tokens.json") if case["code"] != "issuer_repeated"]
NAMES = {
    "audiences": "audience",
    "required": "require",
    "typs": "typ",
    "scopes": "scope",
    "token_bytes": "max_token_bytes",
    "header_bytes": "max_header_bytes",
}
ELSEWHERE = ("access_token", "id_token", "issuers", "allow_weak_keys", "key_alg", "check_status")
#: Lists that nobody fetches: those of a case are put into its verifier.
NOBODY = "https://127.0.0.1:9/"
LISTS = jot.RemoteStatusLists(
    f"{NOBODY}lists/", jot.RemoteKeys(f"{NOBODY}jwks", proxy=""), algorithms=["EdDSA"], wait=0
)
PLACES = {name: getattr(library, f"jot_{name}") for name in ("status_list_not_yet", "status_list_stale")}
for _place in PLACES.values():
    _place.restype = ctypes.c_void_p


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def token(case: dict[str, Any]) -> bytes:
    if "token" in case:
        return bytes(case["token"], "utf-8")
    if "token_b64" in case:
        return unb64(case["token_b64"])
    parts = (
        part if isinstance(part, str) else part["repeat"] * part["times"] for part in case["token_parts"]
    )
    return "".join(parts).encode()


def rules(policy: dict[str, Any]) -> dict[str, Any]:
    found = {NAMES.get(name, name): value for name, value in policy.items() if name not in ELSEWHERE}
    for profile in ("access_token", "id_token"):
        if profile in policy:
            found |= {"profile": profile, "audience": policy[profile]}
    return found


def keys(case: dict[str, Any]) -> jot.KeySet:
    policy = case["policy"]
    how = {"alg": policy.get("key_alg"), "allow_weak_keys": policy.get("allow_weak_keys", False)}
    if "keys" in case:
        return jot.KeySet.from_jwks(case["keys"], **how)
    if "jwk" in case:
        return jot.KeySet.from_jwk(case["jwk"], **how)
    if "pem" in case:
        return jot.KeySet.from_pem(case["pem"], **how)
    return jot.KeySet.from_secret(unb64(case["secret_b64"]), **how)


def put(verifier: jot.Verifier, lists: list[dict[str, Any]]) -> None:
    """Put status lists into a verifier, or what stands in their places."""
    for claims in lists:
        handle = ctypes.c_void_p()
        if "absent" in claims:
            handle.value = PLACES[claims["absent"]](view(claims["sub"].encode()))
        else:
            text = view(json.dumps(claims).encode())
            check(
                library.jot_status_list_from_claims(text, ctypes.c_size_t(1024), ctypes.byref(handle), None)
            )
        check(library.jot_verifier_put_status_list(ctypes.c_void_p(verifier._handle), handle))
        library.jot_status_list_free(handle)


def verifier(case: dict[str, Any], **more: Any) -> jot.Verifier:
    policy = case["policy"]
    trusted: Any
    if "issuer_keys" in case:
        trusted = {issuer: jot.KeySet.from_jwks(jwks) for issuer, jwks in case["issuer_keys"].items()}
    elif policy.get("issuers"):
        trusted = {issuer: keys(case) for issuer in policy["issuers"]}
    else:
        trusted = keys(case)
    checked = policy.get("check_status") or policy.get("require_status")
    built = jot.Verifier(trusted, **rules(policy), **more, status_lists=LISTS if checked else ())
    put(built, case.get("status_lists", []))
    return built


def outcome(case: dict[str, Any]) -> tuple[str, bool, Optional[str]]:
    try:
        built = verifier(case)
    except (jot.InvalidKey, jot.InvalidArgument) as refused:
        return refused.name, False, refused.argument
    try:
        built.verify(token(case), case["now"])
    except jot.Rejected as refused:
        return refused.name, refused.signature_ok, refused.claim
    return "accepted", True, None


def test_table_is_whole() -> None:
    assert len(CASES) > 900


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case_has_its_outcome(case: dict[str, Any]) -> None:
    code, signature_ok, claim = outcome(case)
    assert (code, signature_ok) == (case["code"], case["signature_ok"]), case["why"]
    if "claim" in case:
        assert claim == case["claim"]


@pytest.mark.parametrize("cached", [False, True])
def test_batch_and_judge_agree_with_the_table(cached: bool) -> None:
    run = 0
    for case in CASES:
        try:
            built = verifier(case)
        except jot.Error:
            continue
        if cached:
            built = verifier(case, cache_entries=64)
            built.judge(token(case), case["now"])
        verdict = built.judge(token(case), case["now"])
        row = built.verify_batch([token(case)], now=case["now"])[0]
        assert (verdict.name, verdict.signature_ok) == (case["code"], case["signature_ok"]), case["id"]
        assert (row.code, row.signature_ok) == (verdict.code, verdict.signature_ok), case["id"]
        assert row.key_index == verdict.key_index, case["id"]
        if verdict.accepted:
            dates = (verdict.expires_at, verdict.not_before, verdict.issued_at)
            assert (row.expires_at, row.not_before, row.issued_at) == dates, case["id"]
        run += 1
    assert run > 850


RFC = [
    (name, case)
    for name in ("rfc7515", "rfc7520", "rfc7797", "rfc8037", "rfc9864", "rfc9964")
    for case in table(f"rfc/{name}.json")["cases"]
]


@pytest.mark.parametrize(
    ("name", "case"), RFC, ids=lambda part: part if isinstance(part, str) else part["id"]
)
def test_rfc_example_comes_out_as_written(name: str, case: dict[str, Any]) -> None:
    assert name.startswith("rfc")
    known = [alg for alg in case["alg_allowed"] if alg not in ("Ed448", "ESP256")]
    if not known:
        pytest.skip("no algorithm of the engine")
    try:
        keys = jot.KeySet.from_jwk(case["key"])
    except jot.InvalidKey as refused:
        assert refused.name == case["jws"] == case["jwt"]
        return
    verifier = jot.Verifier(keys, algorithms=known, allow_missing_exp=True)
    detached = case.get("detached_payload")
    signed: Optional[jot.Signed] = None
    try:
        signed = verifier.verify_jws(case["token"], detached=detached and detached.encode())
        jws = "accepted"
    except jot.Rejected as refused:
        jws = refused.name
    verdict = verifier.judge(case["token"], case["now"])
    assert (jws, verdict.name) == (case["jws"], case["jwt"])
    if "payload_utf8" in case:
        assert signed is not None and signed.payload == case["payload_utf8"].encode()
    if "payload_claims" in case:
        assert dict(verifier.verify(case["token"], case["now"])) == case["payload_claims"]


@pytest.mark.parametrize("case", table("rfc/rfc7638.json")["cases"], ids=lambda case: case["source"])
def test_thumbprint_is_as_written(case: dict[str, Any]) -> None:
    assert jot.KeySet.from_jwk(case["jwk"])[0].thumbprint == case["sha256"]
