"""Revocations behind a URL: an issuer that behaves, and one that does not."""

from __future__ import annotations

import os
import pathlib
import pickle
import time
from collections.abc import Iterator
from typing import Any, Callable, Optional

import jot
import pytest
from issuer import Issuer, page

KEY = jot.SigningKey.generate("ES256", kid="a")


@pytest.fixture
def issuer(tmp_path: pathlib.Path) -> Iterator[Issuer]:
    with Issuer(tmp_path) as running:
        running.publish(KEY)
        yield running


def revoke(issuer: Issuer, sid: str, lives: int = 600, key: jot.SigningKey = KEY, **fields: str) -> str:
    """Serve a list that revokes one session."""
    now = int(time.time())
    claims = {
        "iss": issuer.url,
        "iat": now,
        "exp": now + lives,
        "ttl": 1,
        "revocations": [{"sid": sid}],
    }
    token = jot.encode(claims, key, headers={"typ": "revocations+jwt"})
    issuer.pages["/revoked"] = page(token.encode(), **fields)
    return token


def remote(server: Issuer, keys: Optional[jot.RemoteKeys] = None, **options: Any) -> jot.RemoteRevocations:
    followed = keys or jot.RemoteKeys(f"{server.url}/jwks", ca=server.ca, proxy="")
    given = {"algorithms": ["ES256"], "issuer": server.url, "least_poll": 1, **options}
    return jot.RemoteRevocations(f"{server.url}/revoked", followed, **given)


def verifier(revoked: jot.RemoteRevocations, issuer: Issuer) -> jot.Verifier:
    return jot.Verifier(
        revoked._keys, algorithms=["ES256"], issuer=issuer.url, audience="api", revocations=revoked
    )


def token(issuer: Issuer, sid: str) -> str:
    return issuer.token(KEY, sid=sid)


def code(verifier: jot.Verifier, token: str) -> jot.Code:
    return verifier.judge(token).code


def eventually(is_so: Callable[[], bool], longest: float = 20) -> None:
    end = time.monotonic() + longest
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_first_verification_waits_for_keys_and_list(issuer: Issuer) -> None:
    revoke(issuer, "one", ETag='"1"')
    found = verifier(remote(issuer), issuer)
    assert code(found, token(issuer, "one")) == jot.Code.SID_REVOKED
    assert found.verify(token(issuer, "two"))["sid"] == "two"
    assert issuer.count("/revoked") == 1
    revoke(issuer, "two")
    eventually(lambda: code(found, token(issuer, "two")) == jot.Code.SID_REVOKED)
    assert code(found, token(issuer, "one")) == jot.Code.ACCEPTED
    with pytest.raises(TypeError, match="cannot be replaced"):
        found.set_revocations(jot.Revocations())


def test_list_that_cannot_be_had_is_503_when_it_ends(issuer: Issuer) -> None:
    revoke(issuer, "one", lives=4)
    revoked = remote(issuer)
    lax = verifier(remote(issuer, revoked._keys, stale=None), issuer)
    found = verifier(revoked, issuer)
    assert [code(one, token(issuer, "one")) for one in (found, lax)] == [jot.Code.SID_REVOKED] * 2
    issuer.pages["/revoked"] = page(b"", 503)
    eventually(lambda: code(found, token(issuer, "two")) == jot.Code.REVOCATIONS_STALE)
    assert code(lax, token(issuer, "two")) == jot.Code.ACCEPTED
    health = revoked.health()
    assert health.error == jot.Code.FETCH_STATUS and health.reason == "the status is 503"
    assert health.entries == 1 and health.failures and health.expires_at is not None
    with pytest.raises(jot.InvalidKey) as stale:
        revoked.wait(0)
    assert stale.value.code == jot.Code.REVOCATIONS_STALE
    revoke(issuer, "one")
    revoked.refresh()
    eventually(lambda: code(found, token(issuer, "two")) == jot.Code.ACCEPTED)


def test_tokens_wait_for_the_first_list_only_for_a_while(issuer: Issuer) -> None:
    issuer.pages["/revoked"] = page(b"", 500)
    found = verifier(remote(issuer, wait=1), issuer)
    began = time.monotonic()
    assert code(found, token(issuer, "one")) == jot.Code.REVOCATIONS_NOT_YET
    assert time.monotonic() - began < 10
    began = time.monotonic()
    assert {code(found, token(issuer, "one")) for _ in range(50)} == {jot.Code.REVOCATIONS_NOT_YET}
    assert time.monotonic() - began < 1, "each token waited"
    with pytest.raises(jot.Rejected) as refused:
        found.verify(token(issuer, "one"))
    assert refused.value.code == jot.Code.REVOCATIONS_NOT_YET
    open_ = verifier(remote(issuer, wait=0, start_without=True), issuer)
    eventually(lambda: code(open_, token(issuer, "one")) == jot.Code.ACCEPTED)


def test_list_of_a_stranger_or_another_kind_does_not_count(issuer: Issuer) -> None:
    stranger = jot.SigningKey.generate("ES256", kid="a")
    revoke(issuer, "one", key=stranger)
    revoked = remote(issuer)
    eventually(lambda: revoked.health().error == jot.Code.SIGNATURE_INVALID)
    issuer.pages["/revoked"] = page(issuer.token(KEY).encode())
    revoked.refresh()
    eventually(lambda: revoked.health().error == jot.Code.TYP_MISMATCH)
    assert len(revoked.revocations()) == 0 and revoked.save() == ""


def test_list_is_saved_and_pickled(issuer: Issuer) -> None:
    served = revoke(issuer, "one")
    keys = jot.RemoteKeys(f"{issuer.url}/jwks", ca=issuer.ca, proxy="")
    keys.wait(20)
    revoked = remote(issuer, keys)
    revoked.wait(20)
    assert revoked.save() == served and revoked.revocations().to_text() == '{"sid":"one"}\n'
    issuer.pages["/revoked"] = page(b"", 500)
    again = remote(issuer, keys, saved=served)
    assert len(again.revocations()) == 1
    with pytest.raises(jot.Error) as forged:
        remote(issuer, keys, saved=served[:-4] + "AAAA")
    assert forged.value.code == jot.Code.SIGNATURE_INVALID
    revoke(issuer, "two")
    copy = pickle.loads(pickle.dumps(verifier(revoked, issuer)))
    assert code(copy, token(issuer, "two")) == jot.Code.SID_REVOKED
    assert repr(revoked).startswith("<jot.RemoteRevocations https://")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_child_of_a_fork_follows_the_list(issuer: Issuer) -> None:
    revoke(issuer, "one")
    found = verifier(remote(issuer), issuer)
    assert code(found, token(issuer, "one")) == jot.Code.SID_REVOKED
    revoke(issuer, "two")
    two = token(issuer, "two")
    child = os.fork()
    if child == 0:
        end = time.monotonic() + 20
        while code(found, two) != jot.Code.SID_REVOKED and time.monotonic() < end:
            time.sleep(0.05)
        os._exit(code(found, two) != jot.Code.SID_REVOKED)
    assert os.waitpid(child, 0)[1] == 0


def test_wrong_arguments_are_named(issuer: Issuer) -> None:
    keys = jot.RemoteKeys(f"{issuer.url}/jwks", ca=issuer.ca, proxy="")
    with pytest.raises(TypeError, match=r"keys must be jot\.RemoteKeys"):
        jot.RemoteRevocations("https://i", KEY.public_keys(), algorithms=["ES256"])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="algorithms must be a list"):
        remote(issuer, keys, algorithms="ES256")
    with pytest.raises(TypeError, match="start_without must be bool"):
        remote(issuer, keys, start_without=1)
    with pytest.raises(jot.Error) as none:
        remote(issuer, keys, algorithms=[])
    assert none.value.code == jot.Code.ALGORITHMS_EMPTY
    with pytest.raises(jot.Error) as unnamed:
        remote(issuer, keys, issuer=None)
    assert unnamed.value.code == jot.Code.ISSUER_REQUIRED
    with pytest.raises(jot.Error) as plain:
        jot.RemoteRevocations("http://i.example/r", keys, algorithms=["ES256"], issuer="i")
    assert plain.value.code == jot.Code.URL_REFUSED
    revoked = jot.Revocations()
    revoked.revoke_session("one")
    fixed = jot.Verifier(KEY.public_keys(), algorithms=["ES256"], audience="api", revocations=revoked)
    assert code(fixed, token(issuer, "one")) == jot.Code.SID_REVOKED
