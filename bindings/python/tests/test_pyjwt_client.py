"""``PyJWKClient``: what PyJWT's does, and none of what it should not."""

from __future__ import annotations

import concurrent.futures
import json
import os
import pathlib
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any

import jot
import jot.pyjwt
import jwt
import pytest
from issuer import Issuer, dead, jwks, page, slow
from jot.pyjwt import PyJWKClient, PyJWKClientConnectionError, PyJWKClientError

KEYS = [jot.SigningKey.generate("ES256", kid=name) for name in "ab"]


@pytest.fixture
def issuer(tmp_path: pathlib.Path) -> Iterator[Issuer]:
    with Issuer(tmp_path, tls=False) as running:
        running.publish(KEYS[0])
        yield running


def client(issuer: Issuer, **options: Any) -> PyJWKClient:
    return PyJWKClient(f"{issuer.url}/jwks", **options)


@pytest.mark.parametrize("module", [jwt, jot.pyjwt])
def test_both_find_the_key_of_a_token(issuer: Issuer, module: Any) -> None:
    found = module.PyJWKClient(f"{issuer.url}/jwks", headers={"X-Tenant": "t"}, timeout=9)
    token = issuer.token(KEYS[0])
    key = found.get_signing_key_from_jwt(token)
    assert (key.key_id, key.public_key_use, key.algorithm_name) == ("a", None, "ES256")
    assert module.decode(token, key, algorithms=["ES256"], audience="api")["iss"] == issuer.url
    assert [one.key_id for one in found.get_signing_keys()] == ["a"]
    assert found.get_jwk_set()["a"].key_id == "a" and found.get_signing_key("a").key_id == "a"
    assert found.match_kid(found.get_signing_keys(), "a").key_id == "a"
    assert found.fetch_data()["keys"][0]["kid"] == "a"
    assert issuer.count() == 2 and issuer.fields[0]["x-tenant"] == "t"
    with pytest.raises(module.PyJWKClientError, match='Unable to find a signing key that matches: "x"'):
        found.get_signing_key("x")
    issuer.pages["/jwks"] = dead
    with pytest.raises(module.PyJWKClientConnectionError, match="Fail to fetch data from the url"):
        found.get_signing_keys(refresh=True)


@pytest.mark.parametrize("module", [jwt, jot.pyjwt])
def test_both_refuse_what_makes_no_sense(module: Any) -> None:
    for options in ({"lifespan": 0}, {"cooldown_duration": -1}, {"cooldown_duration": float("inf")}):
        with pytest.raises(module.PyJWKClientError):
            module.PyJWKClient("https://issuer.example/jwks", **options)
    with pytest.raises(module.PyJWKClientError, match="scheme 'file'"):
        module.PyJWKClient("file:///etc/passwd")


def test_plain_http_is_for_this_machine_alone() -> None:
    with pytest.raises(PyJWKClientError, match="not one of https"):
        PyJWKClient("http://issuer.example/jwks")


def test_unknown_kid_fetches_once_also_while_the_server_fails(issuer: Issuer) -> None:
    found = client(issuer, cooldown_duration=300)
    assert found.get_signing_key("a").key_id == "a"
    issuer.publish(KEYS[1])
    # At once: the cool-down counts from fetches for unknown kids.
    assert found.get_signing_key("b").key_id == "b"
    # A removed key is gone.
    with pytest.raises(PyJWKClientError):
        found.get_signing_key("a")
    issuer.pages["/jwks"] = page(b"", 503)
    for turn in range(1000):
        with pytest.raises(PyJWKClientError):
            found.get_signing_key(f"{turn}")
    assert issuer.count() == 2


def test_server_that_fails_takes_no_key_away(issuer: Issuer) -> None:
    found = client(issuer, lifespan=1, cache_keys=True)
    assert found.get_signing_key("a").key_id == "a"
    for bad in (page(b"", 503), dead, page({"keys": []}), page(b"<html>"), page(b"x" * (1 << 21))):
        issuer.pages["/jwks"] = bad
        time.sleep(1.1)
        assert found.get_signing_key("a").key_id == "a"
    assert issuer.count() >= 2
    issuer.pages["/jwks"] = page(b"", 302, Location="https://evil.example/")
    fresh = client(issuer)
    with pytest.raises(PyJWKClientConnectionError):
        fresh.get_jwk_set()


def test_known_keys_wait_for_nobody(issuer: Issuer) -> None:
    found = client(issuer)
    found.get_signing_key("a")
    issuer.pages["/jwks"] = slow(1, jwks(*KEYS))
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        asking = [pool.submit(found.get_signing_key, "b") for _ in range(4)]
        time.sleep(0.2)
        begin = time.monotonic()
        assert found.get_signing_key("a").key_id == "a"
        assert time.monotonic() - begin < 0.5
        assert [one.result().key_id for one in asking] == ["b"] * 4
    assert issuer.count() == 2


def test_tls_is_that_of_the_context(tmp_path: pathlib.Path) -> None:
    with Issuer(tmp_path) as issuer:
        issuer.publish(KEYS[0])
        context = ssl.create_default_context(cadata=issuer.ca)
        assert client(issuer, ssl_context=context).get_signing_key("a").key_id == "a"
        with pytest.raises(PyJWKClientConnectionError, match="certificate"):
            client(issuer).get_signing_key("a")


def test_subclass_may_fetch_elsewhere(issuer: Issuer) -> None:
    class Own(PyJWKClient):
        def fetch_data(self) -> Any:
            return json.loads(jwks(KEYS[1]))

    found = Own(f"{issuer.url}/jwks")
    assert found.get_signing_key("b").key_id == "b" and issuer.count() == 0

    class More(PyJWKClient):
        def fetch_data(self) -> Any:
            return super().fetch_data()

    assert More(f"{issuer.url}/jwks").get_signing_key("a").key_id == "a"


def test_without_a_cache_each_call_fetches(issuer: Issuer) -> None:
    found = client(issuer, cache_jwk_set=False)
    for _ in range(3):
        found.get_signing_key("a")
    assert issuer.count() == 3


def test_child_of_a_fork_goes_on(issuer: Issuer) -> None:
    found = client(issuer)
    found.get_signing_key("a")
    issuer.publish(KEYS[1])
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            found.get_jwk_set()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                try:
                    os._exit(int(found.get_signing_key("b").key_id != "b"))
                finally:
                    os._exit(2)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        thread.join()
