"""Token Status Lists behind URIs: an issuer that behaves, and one that does not."""

from __future__ import annotations

import http.server
import os
import pathlib
import pickle
import threading
import time
from collections.abc import Iterator
from typing import Any, Callable

import jot
import pytest
from issuer import Issuer, page

KEY = jot.SigningKey.generate("ES256", kid="a")
#: 16 tokens, of which number 3 is revoked and 2 is not.
DRAFT = {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}


@pytest.fixture
def issuer(tmp_path: pathlib.Path) -> Iterator[Issuer]:
    with Issuer(tmp_path) as running:
        running.publish(KEY)
        yield running


def serve(issuer: Issuer, path: str, lives: int = 600, **fields: str) -> None:
    now = int(time.time())
    uri = issuer.url + path
    claims = {"sub": uri, "iat": now, "exp": now + lives, "ttl": 1, "status_list": DRAFT}
    token = jot.encode(claims, KEY, headers={"typ": "statuslist+jwt"})
    issuer.pages[path] = page(token.encode(), **fields)


def token(issuer: Issuer, path: str, index: int = 2) -> str:
    return issuer.token(KEY, status={"status_list": {"idx": index, "uri": issuer.url + path}})


def remote(server: Issuer, *places: str, **options: Any) -> jot.RemoteStatusLists:
    keys = jot.RemoteKeys(f"{server.url}/jwks", ca=server.ca, proxy="")
    given = {"algorithms": ["ES256"], "least_poll": 1, **options}
    return jot.RemoteStatusLists([server.url + place for place in places or ("/status/",)], keys, **given)


def verifier(issuer: Issuer, lists: jot.RemoteStatusLists, **rules: Any) -> jot.Verifier:
    return jot.Verifier(
        lists._keys, algorithms=["ES256"], issuer=issuer.url, audience="api", status_lists=lists, **rules
    )


def code(verifier: jot.Verifier, token: str) -> jot.Code:
    return verifier.judge(token).code


def eventually(is_so: Callable[[], bool], longest: float = 20) -> None:
    end = time.monotonic() + longest
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_first_token_of_a_list_waits_for_keys_and_list(issuer: Issuer) -> None:
    serve(issuer, "/status/1")
    lists = remote(issuer)
    found = verifier(issuer, lists)
    assert lists.uris == () and issuer.count("/status/1") == 0
    assert found.verify(token(issuer, "/status/1"))["aud"] == "api"
    with pytest.raises(jot.Rejected) as refused:
        found.verify(token(issuer, "/status/1", 3))
    assert refused.value.code == jot.Code.STATUS_REVOKED
    assert issuer.count("/status/1") == 1
    uri = issuer.url + "/status/1"
    assert lists.uris == (uri,) and lists.health()[uri].entries == 16
    # A token without a status passes, unless each must have one.
    assert code(found, issuer.token(KEY)) == jot.Code.ACCEPTED
    strict = verifier(issuer, lists, require_status=True)
    assert code(strict, issuer.token(KEY)) == jot.Code.STATUS_MISSING
    assert code(strict, token(issuer, "/status/1", 3)) == jot.Code.STATUS_REVOKED
    assert code(found, token(issuer, "/elsewhere/1")) == jot.Code.STATUS_LIST_UNKNOWN
    # Without lists the status of a token does not count.
    lax = jot.Verifier(lists._keys, algorithms=["ES256"], issuer=issuer.url, audience="api")
    assert code(lax, token(issuer, "/status/1", 3)) == jot.Code.ACCEPTED


def test_list_that_cannot_be_had_is_503_and_waited_for_only_once(issuer: Issuer) -> None:
    issuer.pages["/status/1"] = page(b"", 500)
    lists = remote(issuer, wait=1)
    found = verifier(issuer, lists)
    assert code(found, token(issuer, "/status/1")) == jot.Code.STATUS_LIST_NOT_YET
    began = time.monotonic()
    assert {code(found, token(issuer, "/status/1")) for _ in range(50)} == {jot.Code.STATUS_LIST_NOT_YET}
    assert time.monotonic() - began < 1, "each token waited"
    serve(issuer, "/status/1", lives=3)
    lists.refresh()
    eventually(lambda: code(found, token(issuer, "/status/1")) == jot.Code.ACCEPTED)
    issuer.pages["/status/1"] = page(b"", 500)
    eventually(lambda: code(found, token(issuer, "/status/1")) == jot.Code.STATUS_LIST_STALE)
    health = lists.health()[issuer.url + "/status/1"]
    assert health.error == jot.Code.FETCH_STATUS and health.reason == "the status is 500"
    with pytest.raises(jot.InvalidKey) as stale:
        lists.wait(0)
    assert stale.value.code == jot.Code.STATUS_LIST_STALE


def test_lists_are_bounded_pickled_and_followed_from_the_start(issuer: Issuer) -> None:
    for path in ("/status/1", "/status/2", "/one"):
        serve(issuer, path)
    lists = remote(issuer, "/status/", "/one", max_lists=2)
    lists.wait(20)
    found = verifier(issuer, lists)
    assert code(found, token(issuer, "/one", 3)) == jot.Code.STATUS_REVOKED
    assert code(found, token(issuer, "/status/1")) == jot.Code.ACCEPTED
    assert code(found, token(issuer, "/status/2")) == jot.Code.STATUS_LIST_UNKNOWN
    assert lists.refused > 0 and repr(lists).startswith("<jot.RemoteStatusLists https://")
    copy = pickle.loads(pickle.dumps(found))
    assert code(copy, token(issuer, "/one", 3)) == jot.Code.STATUS_REVOKED
    batch = copy.verify_batch([token(issuer, "/one", 2), token(issuer, "/one", 3)])
    assert list(batch.codes) == [jot.Code.ACCEPTED, jot.Code.STATUS_REVOKED]
    # A batch waits for a list that it names first.
    batch = copy.verify_batch([token(issuer, "/status/2", 2), token(issuer, "/status/2", 3)])
    assert list(batch.codes) == [jot.Code.ACCEPTED, jot.Code.STATUS_REVOKED]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_child_of_a_fork_follows_the_lists(issuer: Issuer) -> None:
    serve(issuer, "/status/1")
    found = verifier(issuer, remote(issuer))
    assert code(found, token(issuer, "/status/1")) == jot.Code.ACCEPTED
    serve(issuer, "/status/2")
    child = os.fork()
    if child == 0:
        os._exit(0 if code(found, token(issuer, "/status/2", 3)) == jot.Code.STATUS_REVOKED else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_child_of_a_fork_does_not_wait_for_the_fetch_of_its_parent(issuer: Issuer) -> None:
    serve(issuer, "/status/1")
    ready = issuer.pages["/status/1"]
    asked, end = threading.Event(), threading.Event()

    def held(handler: http.server.BaseHTTPRequestHandler) -> None:
        issuer.pages["/status/1"] = ready
        asked.set()
        end.wait(60)
        handler.close_connection = True

    issuer.pages["/status/1"] = held
    # A fetch that does not end is given up after the end of the test.
    found = verifier(issuer, remote(issuer, timeout=60, wait=0))
    revoked = token(issuer, "/status/1", 3)
    assert code(found, revoked) == jot.Code.STATUS_LIST_NOT_YET
    assert asked.wait(20)
    child = os.fork()
    if child == 0:
        try:
            eventually(lambda: code(found, revoked) == jot.Code.STATUS_REVOKED)
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert code(found, revoked) == jot.Code.STATUS_LIST_NOT_YET
    end.set()
    eventually(lambda: code(found, revoked) == jot.Code.STATUS_REVOKED)


def test_wrong_arguments_are_named() -> None:
    keys = jot.RemoteKeys("https://a.example/jwks")
    with pytest.raises(jot.InvalidKey) as refused:
        jot.RemoteStatusLists("http://a.example/", keys, algorithms=["ES256"])
    assert refused.value.code == jot.Code.URL_REFUSED
    for arguments in ({"keys": jot.KeySet()}, {"algorithms": "ES256"}, {"start_without": 1}):
        given: dict[str, Any] = {"keys": keys, "algorithms": ["ES256"], **arguments}
        with pytest.raises(TypeError):
            jot.RemoteStatusLists("https://a.example/", **given)
    for wrong in ("https://a.example/", [1], 1):
        with pytest.raises(TypeError, match="status_lists"):
            jot.Verifier(keys, algorithms=["ES256"], status_lists=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="status_lists"):
        jot.Verifier(keys, algorithms=["ES256"], require_status=True)
