"""Keys behind a URL: an issuer that behaves, and one that does not."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import pathlib
import pickle
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Any, Callable

import jot
import pyarrow
import pytest
from issuer import Issuer, Page, dead, half, jwks, page, slow

KEYS = [jot.SigningKey.generate("ES256", kid=name) for name in "abcd"]


@pytest.fixture
def issuer(tmp_path: pathlib.Path) -> Iterator[Issuer]:
    with Issuer(tmp_path) as running:
        running.publish(KEYS[0])
        yield running


def follow(issuer: Issuer, **options: Any) -> jot.RemoteKeys:
    return jot.RemoteKeys(f"{issuer.url}/jwks", **{"ca": issuer.ca, "proxy": "", **options})


def verifier(keys: jot.RemoteKeys, issuer: Issuer) -> jot.Verifier:
    return jot.Verifier(keys, algorithms=["ES256"], issuer=issuer.url, audience="api")


def code(verifier: jot.Verifier, token: str) -> jot.Code:
    try:
        verifier.verify(token)
    except jot.Rejected as refused:
        return refused.code
    return jot.Code.ACCEPTED


def eventually(is_so: Callable[[], bool], longest: float = 20) -> None:
    end = time.monotonic() + longest
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def test_issuer_says_where_its_keys_are(issuer: Issuer) -> None:
    keys = jot.RemoteKeys.discover(issuer.url, ca=issuer.ca, proxy="")
    found = jot.Verifier(keys, algorithms=["ES256"], audience="api")
    assert found.issuers == (issuer.url,) and keys.issuer == issuer.url
    assert found.verify(issuer.token(KEYS[0]))["aud"] == "api"
    assert found.keys()[0].kid == "a" and len(keys.key_set()) == 1
    assert (issuer.count("/.well-known/openid-configuration"), issuer.count()) == (1, 1)
    assert code(found, issuer.token(KEYS[0], iss="https://other")) == jot.Code.ISS_MISMATCH
    issuer.pages["/.well-known/openid-configuration"] = page(
        {"issuer": "https://other", "jwks_uri": f"{issuer.url}/jwks"}
    )
    impostor = jot.RemoteKeys.discover(issuer.url, ca=issuer.ca, proxy="")
    other = jot.Verifier(impostor, algorithms=["ES256"], audience="api")
    assert code(other, issuer.token(KEYS[0])) == jot.Code.DISCOVERY_ISSUER


def test_issuer_alone_is_enough() -> None:
    with pytest.raises(TypeError, match="give keys, or the issuer"):
        jot.Verifier(algorithms=["ES256"])
    alone = jot.Verifier(issuer="https://127.0.0.1:1", algorithms=["ES256"])
    # Nobody listens there.
    assert code(alone, jot.encode({"iss": "https://127.0.0.1:1", "exp": 9}, KEYS[0])) == jot.Code.FETCH_FAILED
    with pytest.raises(jot.InvalidKey) as refused:
        jot.Verifier(issuer="http://issuer.example", algorithms=["ES256"])
    assert refused.value.code == jot.Code.URL_REFUSED


def test_certificate_of_an_unknown_authority_brings_no_keys(issuer: Issuer) -> None:
    keys = follow(issuer, ca=None)
    assert code(verifier(keys, issuer), issuer.token(KEYS[0])) == jot.Code.FETCH_FAILED
    assert "certificate" in keys.health().reason and not issuer.requests
    with pytest.raises(jot.InvalidKey) as none:
        keys.key_set()
    assert none.value.code == jot.Code.KEYS_NOT_YET


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (page(b"", 500), jot.Code.FETCH_STATUS),
        (page(b"", 302, Location="https://evil.example/"), jot.Code.FETCH_REDIRECT),
        (page(b"<html>Log in</html>"), jot.Code.KEY_TEXT_IS_PAGE),
        (page({"keys": []}), jot.Code.KEY_SET_EMPTY),
        (page(b" " * 100_001), jot.Code.REPLY_TOO_LONG),
        (slow(3, jwks(KEYS[0])), jot.Code.FETCH_TIMEOUT),
        (dead, jot.Code.FETCH_FAILED),
        (half, jot.Code.FETCH_FAILED),
    ],
)
def test_bad_answer_is_named_and_leaves_the_keys_alone(issuer: Issuer, bad: Page, expected: jot.Code) -> None:
    keys = follow(issuer, timeout=1, max_bytes=100_000)
    found = verifier(keys, issuer)
    assert code(found, issuer.token(KEYS[0])) == jot.Code.ACCEPTED
    issuer.pages["/jwks"] = bad
    keys.refresh()
    eventually(lambda: keys.health().error is not None)
    health = keys.health()
    assert health.error == expected and health.reason and health.keys == 1
    assert code(found, issuer.token(KEYS[0])) == jot.Code.ACCEPTED


def test_new_key_is_fetched_at_once_and_a_removed_one_is_refused(issuer: Issuer) -> None:
    keys = follow(issuer, cool_down=1)
    found = verifier(keys, issuer)
    for turn in range(1, 4):
        assert code(found, issuer.token(KEYS[turn - 1])) == jot.Code.ACCEPTED
        issuer.publish(KEYS[turn])
        time.sleep(1.1)  # the cool-down
        assert code(found, issuer.token(KEYS[turn])) == jot.Code.ACCEPTED
        assert code(found, issuer.token(KEYS[turn - 1])) == jot.Code.KID_UNKNOWN


def test_random_kids_fetch_once(issuer: Issuer) -> None:
    keys = follow(issuer)
    found = verifier(keys, issuer)
    assert code(found, issuer.token(KEYS[0])) == jot.Code.ACCEPTED
    other = jot.SigningKey.from_jwk(KEYS[1].to_jwk()).to_jwk()
    strangers = [
        jot.SigningKey.from_jwk(other.replace('"b"', f'"{secrets.token_hex(8)}"')) for _ in range(50)
    ]
    tokens = [issuer.token(stranger) for stranger in strangers]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(lambda turn: code(found, tokens[turn % 50]), range(10_000)))
    assert codes == {jot.Code.KID_UNKNOWN}
    assert issuer.count() == 2 and keys.health().refused >= 9_000


def test_issuer_that_is_down_fails_no_token_of_a_known_key(issuer: Issuer) -> None:
    keys = follow(issuer, fresh=1, least_fresh=1, most_fresh=1, cool_down=0, timeout=1)
    found = verifier(keys, issuer)
    known, unknown = issuer.token(KEYS[0]), issuer.token(KEYS[1])
    assert code(found, known) == jot.Code.ACCEPTED
    issuer.pages["/jwks"] = page(b"", 503)
    assert code(found, unknown) == jot.Code.FETCH_STATUS
    end = time.monotonic() + 3
    while time.monotonic() < end:
        assert code(found, known) == jot.Code.ACCEPTED
    assert keys.health().failures >= 1
    issuer.publish(KEYS[0])
    keys.refresh()
    eventually(lambda: keys.health().error is None)


def test_keys_that_ran_out_are_refused_as_such(issuer: Issuer) -> None:
    keys = follow(issuer, fresh=1, least_fresh=1, most_fresh=1, stale=0, cool_down=300, wait=0)
    found = verifier(keys, issuer)
    keys.wait(20)
    issuer.pages["/jwks"] = dead
    eventually(lambda: code(found, issuer.token(KEYS[0])) == jot.Code.KEYS_STALE)


def test_rotation_under_load_has_no_wrong_verdict(issuer: Issuer) -> None:
    keys = follow(issuer, cool_down=1)
    found = verifier(keys, issuer)
    current, stop, wrong, turns = [0], threading.Event(), [], [0]

    def look() -> None:
        while not stop.is_set():
            mine = current[0]
            answer = code(found, issuer.token(KEYS[mine]))
            # Unless it was taken away in between.
            if answer != jot.Code.ACCEPTED and current[0] == mine:
                wrong.append(answer)
            turns[0] += 1

    keys.wait(20)
    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(1, 5):
            time.sleep(1.1)  # the cool-down; all together stay within 10 in a minute
            issuer.publish(KEYS[turn % 4])
            current[0] = turn % 4
            before = turns[0]
            eventually(lambda before=before: turns[0] > before + 50)  # type: ignore[misc]
            assert code(found, issuer.token(KEYS[(turn - 1) % 4])) == jot.Code.KID_UNKNOWN
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_several_issuers_ask_for_their_own_keys(issuer: Issuer, tmp_path: pathlib.Path) -> None:
    (tmp_path / "b").mkdir()
    with Issuer(tmp_path / "b") as other:
        other.publish(KEYS[1])
        found = jot.Verifier(
            {issuer.url: follow(issuer), other.url: follow(other), "https://fixed": KEYS[2].public_keys()},
            algorithms=["ES256"],
            audience="api",
        )
        assert code(found, issuer.token(KEYS[0])) == jot.Code.ACCEPTED
        assert code(found, other.token(KEYS[1])) == jot.Code.ACCEPTED
        assert code(found, issuer.token(KEYS[2], iss="https://fixed")) == jot.Code.ACCEPTED
        assert code(found, issuer.token(KEYS[0], iss="https://fixed")) == jot.Code.KID_UNKNOWN
        other.publish(KEYS[3])
        before = issuer.count()
        assert found.judge(other.token(KEYS[3])).code == jot.Code.ACCEPTED
        assert issuer.count() == before
        with pytest.raises(TypeError, match="cannot be replaced"):
            found.replace_keys(KEYS[0].public_keys(), issuer.url)
        found.replace_keys(KEYS[0].public_keys(), "https://fixed")
        assert code(found, issuer.token(KEYS[0], iss="https://fixed")) == jot.Code.ACCEPTED
        signed = jot.encode_payload(b"x", KEYS[1])
        with pytest.raises(jot.Rejected) as refused:
            found.verify_jws(signed, issuer=other.url)
        assert refused.value.code == jot.Code.KID_UNKNOWN


def test_batch_waits_for_the_first_keys(issuer: Issuer) -> None:
    found = verifier(follow(issuer), issuer)
    assert [row.code for row in found.verify_batch([issuer.token(KEYS[0])])] == [jot.Code.ACCEPTED]


def test_batch_asks_once_for_a_key_that_it_does_not_know(issuer: Issuer) -> None:
    found = verifier(follow(issuer, cool_down=60), issuer)
    good, new = issuer.token(KEYS[0]), issuer.token(KEYS[1])

    def codes(*tokens: str) -> list[jot.Code]:
        return [row.code for row in found.verify_batch(list(tokens))]

    assert codes(good, new) == [jot.Code.ACCEPTED, jot.Code.KID_UNKNOWN] and issuer.count() == 2
    # Within the cool-down nothing is fetched, and nothing verified twice.
    issuer.publish(*KEYS[:2])
    before = found.verdicts()["kid_unknown"]
    assert codes(good, new) == [jot.Code.ACCEPTED, jot.Code.KID_UNKNOWN] and issuer.count() == 2
    assert found.verdicts()["kid_unknown"] == before + 1
    other = verifier(follow(issuer, cool_down=60), issuer)
    issuer.publish(*KEYS[:3])
    rows = other.verify_batch([good, new, issuer.token(KEYS[2])])
    assert [row.code for row in rows] == [jot.Code.ACCEPTED] * 3


class Once:
    """A stream of Arrow that can be read once."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = iter([pyarrow.chunked_array([tokens])])

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        return next(self.left).__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("form", [iter, lambda tokens: (one for one in tokens), dict.fromkeys, Once])
def test_batch_that_can_be_read_once_is_verified_twice(form: Any, issuer: Issuer) -> None:
    """What was read for the first time is still there when the keys have come."""
    found = verifier(follow(issuer), issuer)
    tokens = [issuer.token(KEYS[0]), issuer.token(KEYS[1])]
    assert found.verify(tokens[0])
    issuer.publish(*KEYS[:2])
    rows = found.verify_batch(form(tokens), as_of=iter([time.time()] * 2))
    codes = rows.column("code").to_pylist() if form is Once else [int(row.code) for row in rows]
    assert codes == [0, 0] and issuer.count() == 2


def test_batch_asks_only_the_issuers_whose_keys_are_missing(issuer: Issuer, tmp_path: pathlib.Path) -> None:
    (tmp_path / "other").mkdir()
    with Issuer(tmp_path / "other") as other:
        other.publish(KEYS[2])
        found = jot.Verifier(
            {one.url: follow(one) for one in (issuer, other)}, algorithms=["ES256"], audience="api"
        )
        tokens = [issuer.token(KEYS[0]), other.token(KEYS[2])]
        assert [row.code for row in found.verify_batch(tokens)] == [jot.Code.ACCEPTED] * 2
        other.publish(KEYS[2], KEYS[3])
        batch = [*tokens, other.token(KEYS[3])]
        assert [row.code for row in found.verify_batch(batch)] == [jot.Code.ACCEPTED] * 3
        assert (issuer.count(), other.count()) == (1, 2)


def test_child_of_a_fork_follows_the_keys(issuer: Issuer) -> None:
    keys = follow(issuer, cool_down=0, fresh=1, least_fresh=1, most_fresh=1)
    found = verifier(keys, issuer)
    assert code(found, issuer.token(KEYS[0])) == jot.Code.ACCEPTED
    token = issuer.token(KEYS[1])
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.read(ready, 1)
            # Not by asking for it: it was fetched because the time had come.
            eventually(lambda: keys.key_set()[0].kid == "b")
            os._exit(int(code(found, token) != jot.Code.ACCEPTED))
        finally:
            os._exit(2)
    issuer.publish(KEYS[1])
    os.write(go, b"x")
    assert os.waitpid(child, 0)[1] == 0
    assert code(found, token) == jot.Code.ACCEPTED


def test_state_is_saved_and_pickled(issuer: Issuer) -> None:
    keys = follow(issuer)
    keys.wait(20)
    saved = keys.save()
    issuer.pages["/jwks"] = dead
    again = follow(issuer, saved=saved)
    assert code(verifier(again, issuer), issuer.token(KEYS[0])) == jot.Code.ACCEPTED
    with pytest.raises(jot.InvalidArgument) as refused:
        follow(issuer, saved="{}")
    assert refused.value.code == jot.Code.SAVED_KEYS_INVALID
    issuer.publish(KEYS[1])
    copy = pickle.loads(pickle.dumps(verifier(keys, issuer)))
    assert code(copy, issuer.token(KEYS[1])) == jot.Code.ACCEPTED
    found = pickle.loads(pickle.dumps(jot.RemoteKeys.discover(issuer.url, ca=issuer.ca, proxy="")))
    assert found.issuer == issuer.url and repr(found) == f"<jot.RemoteKeys {issuer.url}>"


def test_loop_is_never_blocked(issuer: Issuer) -> None:
    # The recipe of docs/keys.md.
    keys = follow(issuer, wait=0, cool_down=0)
    found = verifier(keys, issuer)
    issuer.pages["/jwks"] = slow(0.5, jwks(KEYS[0]))
    gaps = []

    async def tick(done: asyncio.Event) -> None:
        last = time.monotonic()
        while not done.is_set():
            await asyncio.sleep(0.01)
            now = time.monotonic()
            gaps.append(now - last)
            last = now

    async def verify(token: str) -> jot.Claims:
        try:
            return found.verify(token)
        except jot.Rejected as refused:
            if refused.code != jot.Code.FETCH_TIMEOUT:
                raise
            answer = await asyncio.to_thread(keys.retry, jot.Code.KID_UNKNOWN, 5)
            if answer is not None:
                raise jot.Rejected(answer) from None
            return found.verify(token)

    async def main() -> list[jot.Claims]:
        done = asyncio.Event()
        ticking = asyncio.ensure_future(tick(done))
        results = await asyncio.gather(*(verify(issuer.token(KEYS[0])) for _ in range(5)))
        done.set()
        await ticking
        return list(results)

    assert len(asyncio.run(main())) == 5
    assert len(gaps) > 10, "the loop stood still"


def test_wrong_options_are_named(issuer: Issuer) -> None:
    for options, error, words in [
        ({"wait": -1}, ValueError, "wait must be from 0"),
        ({"wait": "1"}, TypeError, "wait must be a number"),
        ({"timeout": 1.5}, ValueError, "timeout must be whole seconds"),
        ({"max_keys": 0}, ValueError, "max_keys must be a number from 1"),
        ({"absent_twice": 1}, TypeError, "absent_twice must be bool"),
        ({"ca": "x"}, jot.InvalidArgument, "authorities"),
        ({"proxy": "://"}, jot.InvalidArgument, "proxy"),
        ({"alg": "none"}, jot.InvalidArgument, "none"),
    ]:
        with pytest.raises(error, match=words):
            follow(issuer, **options)
    with pytest.raises(TypeError, match="unexpected keyword argument 'weight'"):
        jot.RemoteKeys.discover(issuer.url, weight=1)
