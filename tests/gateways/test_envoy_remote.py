"""Keys that Envoy fetches for libjot's filter."""

import contextlib
import http.server
import threading
import time

import pytest

from envoy_gateway import Guarded, bootstrap, cluster, direct, jot_filter, jot_route
from forge import ISSUER
from gateway import free_port, until


class KeyServer:
    """An issuer's key server that a test can make fail, path by path."""

    def __init__(self, text):
        self.good = text
        self.ways = {}
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.path, self.headers["host"], time.monotonic()))
                way = {"text": outer.good, "status": 200, "headers": {}, "delay": 0, "cut": 0}
                way.update(outer.ways.get(self.path, {}))
                time.sleep(way["delay"])
                self.send_response(way["status"])
                for name, value in way["headers"].items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(way["text"]) + way["cut"]))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # Nobody waits any more.
                    self.wfile.write(way["text"].encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def key_server(forge):
    server = KeyServer(forge.jwks("rsa"))
    yield server
    server.stop()


def remote(**more):
    return {"remote": {"cluster": "idp", "uri": "https://idp.example/keys?v=1", **more}}


def test_remote_keys_are_fetched_and_refreshed_for_an_unknown_kid(guarded, forge, key_server):
    clusters = [cluster("idp", key_server.port)]
    gateway = guarded(remote(cooldown_seconds=3), clusters=clusters)
    token, later = forge.token(), forge.token("next", set={"iss": ISSUER})
    assert until(lambda: gateway.bearer(token).status == 200), gateway.log()
    assert [row[:2] for row in key_server.asked] == [("/keys?v=1", "idp.example")]

    # Many tokens of an unknown key lead to one request for a cool-down.
    key_server.good = forge.jwks("rsa", "next")
    statuses = []
    assert until(lambda: statuses.append(gateway.bearer(later).status) or statuses[-1] == 200), gateway.log()
    assert set(statuses) == {401, 200} and len(key_server.asked) == 2
    unknown = forge.token(header={"kid": "never"})
    started = time.monotonic()
    while time.monotonic() < started + 2:
        assert gateway.bearer(unknown).status == 401
        assert gateway.bearer(token).status == 200
    assert len(key_server.asked) == 2
    assert gateway.stats("keys_replaced").popitem()[1] == 2


def test_requests_are_refused_until_the_first_keys_came(guarded, forge, key_server):
    key_server.ways["/keys?v=1"] = {"status": 503}
    clusters = [cluster("idp", key_server.port)]
    gateway = guarded(remote(), clusters=clusters)
    refused = gateway.bearer(forge.token())
    assert (refused.status, gateway.code_of(refused)) == (503, "keys_unavailable")
    assert refused.headers["www-authenticate"] is None
    assert gateway.ask("/main").status == 401
    key_server.ways.clear()
    assert until(lambda: gateway.bearer(forge.token()).status == 200)


NO_KEYS = "; there are no keys so far, and tokens are answered with 503"
LAST_KEYS = "; the last keys stay"


def told(fault, stand, provider="main", path="/keys?v=1"):
    """Return the line about keys that could not be fetched."""
    return f"jot: providers.{provider}.issuers[0]: https://idp.example{path} by cluster idp: {fault}{stand}"


def test_unknown_cluster_is_told_and_refuses(guarded, forge):
    gateway = guarded(remote())
    assert until(lambda: told("there is no such cluster", NO_KEYS) in gateway.log()), gateway.log()
    assert gateway.bearer(forge.token()).status == 503


def test_key_server_that_is_down_is_told(guarded, forge):
    gateway = guarded(remote(), clusters=[cluster("idp", free_port())])
    refused = told("the status is 503: upstream connect error", "")
    assert until(lambda: refused in gateway.log()), gateway.log()
    line = next(line for line in gateway.log().splitlines() if refused in line)
    assert line.endswith("remote connection failure" + NO_KEYS), line
    assert gateway.bearer(forge.token()).status == 503


# How a key server fails, and what the log says of it.
LOGIN = "https://idp.example/login"
FAULTS = {
    "status": ({"status": 500}, "the status is 500"),
    "redirect": (
        {"status": 302, "headers": {"location": LOGIN}},
        f"the status is 302, a redirect to {LOGIN}; redirects are not followed",
    ),
    "page": ({"text": "\n<!DOCTYPE html><title>Log in</title>"}, "key_text_is_page (427): The text is an HTML or XML page, such as a login or error page, not a key."),
    "nothing": ({"text": ""}, "no text at all"),
    "large": ({"text": " " * (1 << 20) + "{"}, "the reply is longer than 1 MiB"),
    "no_keys": ({"text": '{"keys":[]}'}, "key_set_empty (417): None of the keys can be used."),
    "slow": ({"delay": 1.5}, "the status is 504: upstream request timeout"),
    "cut": ({"cut": 1}, "the connection ended before the reply did"),
}


class Many(Guarded):
    """Envoy with a provider, its keys and a route for each way to fail."""

    def config(self):
        providers, routes = {}, []
        for name in FAULTS:
            keys = {"cluster": "idp", "uri": f"https://idp.example/{name}", "timeout_ms": 700}
            issuers = [{"keys": {"remote": {**keys, "cooldown_seconds": 1, "refresh_seconds": 1}}}]
            providers[name] = {"issuers": issuers, "algorithms": ["RS256"], "audiences": ["api"]}
            routes.append(direct(f"/{name}", typed_per_filter_config=jot_route({"require": name})))
        filters = [jot_filter({"providers": providers})]
        return bootstrap(self.port, self.admin_port, filters, routes, clusters=self.clusters)

    def statuses(self, token):
        return {self.bearer(token, f"/{name}").status for name in FAULTS}


@pytest.mark.parametrize("at_first", [True, False])
def test_what_is_wrong_with_a_reply_is_told(tmp_path, forge, key_server, at_first):
    """Keys that came before stay, and the log says so only if there are some."""
    token, fresh = forge.token(), forge.token("next", set={"iss": ISSUER})
    faulty = {f"/{name}": way for name, (way, _) in FAULTS.items()}
    if at_first:
        key_server.ways = faulty
    gateway = Many(tmp_path, forge, None, clusters=[cluster("idp", key_server.port)]).start()
    try:
        if not at_first:
            assert until(lambda: gateway.statuses(token) == {200}), gateway.log()
            key_server.ways = faulty
        before = 0 if at_first else len(gateway.log())
        for name, (_, fault) in FAULTS.items():
            line = told(fault, NO_KEYS if at_first else LAST_KEYS, name, f"/{name}")
            assert until(lambda: line in gateway.log()), (line, gateway.log())
        assert gateway.statuses(token) == {503 if at_first else 200}
        assert (LAST_KEYS if at_first else NO_KEYS) not in gateway.log()[before:]
        key_server.good = forge.jwks("next")
        key_server.ways = {}
        assert until(lambda: gateway.statuses(fresh) == {200}), gateway.log()
        assert gateway.statuses(token) == {401}
    finally:
        gateway.stop()
