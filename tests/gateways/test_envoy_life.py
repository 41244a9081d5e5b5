"""Envoy with libjot's filter over time: reloads, crashes, garbage, counters."""

import http.server
import json
import os
import random
import socket
import subprocess
import threading
import time

import pytest

from envoy_gateway import Envoy, bootstrap, cluster, direct, jot_filter
from forge import ISSUER
from gateway import Load, free_port


class Guarded(Envoy):
    """Envoy with one provider before a direct response, and what a test adds."""

    name = "guarded"

    def __init__(self, directory, forge, keys, clusters=(), more_filters=(), whole=None, base_id=None, **provider):
        super().__init__(directory, forge, None)
        if base_id:
            self.options = ["--base-id", str(base_id)]
        self.clusters = clusters
        self.more_filters = more_filters
        issuer = {"issuer": ISSUER, "keys": keys}
        main = {"issuers": [issuer], "algorithms": ["RS256"], "audiences": ["api"], **provider}
        self.jot = {"providers": {"main": main}, **(whole or {})}

    def config(self):
        filters = [jot_filter(self.jot), *self.more_filters]
        return bootstrap(self.port, self.admin_port, filters, [direct()], clusters=self.clusters)

    def code_of(self, answer):
        return answer.body.decode().strip()


@pytest.fixture
def guarded(tmp_path, forge):
    """Start an Envoy with these keys; it is stopped when the test ends."""
    running = []

    def start(keys, **more):
        running.append(Guarded(tmp_path, forge, keys, **more).start())
        return running[-1]

    yield start
    for gateway in running:
        gateway.stop()


def replace(path, text):
    """Put a file in the place of another at once, as `mv` does."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.replace(fresh, path)


def until(condition, seconds=8):
    """Wait for the condition and tell whether it came."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("cache_entries", [0, 1000])
def test_keys_are_replaced_under_load_without_losing_a_request(guarded, forge, tmp_path, cache_entries):
    path = tmp_path / "jwks.json"
    path.write_text(forge.jwks("rsa"))
    gateway = guarded({"file": str(path)}, cache_entries=cache_entries)
    token, later = forge.token(), forge.token("next", set={"iss": ISSUER})
    assert gateway.code_of(gateway.bearer(later)) == "kid_unknown"
    with Load(gateway, [token]) as load:
        # The old key stays in the set: not one of its tokens may be refused.
        for names in [("rsa", "next"), ("next", "rsa")] * 2:
            before = gateway.stats("keys_replaced")
            replace(path, forge.jwks(*names))
            assert until(lambda: gateway.stats("keys_replaced") != before), gateway.log()
    assert load.errors == [] and set(load.statuses) == {200} and load.statuses[200] > 100
    assert gateway.bearer(later).status == 200

    # A key that is taken away is refused, also where the cache knew its tokens.
    assert gateway.bearer(token).status == 200
    replace(path, forge.jwks("next"))
    assert until(lambda: gateway.bearer(token).status == 401)
    assert gateway.code_of(gateway.bearer(token)) == "kid_unknown"


def test_cache_forgets_expired_tokens_and_replaced_keys(guarded, forge, tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(forge.jwks("rsa"))
    gateway = guarded({"file": str(path)}, cache_entries=1000)
    short = forge.token(set={"exp": "+2"})
    for _ in range(3):
        assert gateway.bearer(short).status == 200
    assert gateway.stats("cache_hit").popitem()[1] == 2 and gateway.stats("cache_miss").popitem()[1] == 1
    assert until(lambda: gateway.bearer(short).status == 401)
    assert gateway.code_of(gateway.bearer(short)) == "expired"

    # Another key under the same kid.
    token = forge.token()
    assert gateway.bearer(token).status == 200
    replace(path, forge.jwks("stranger"))
    assert until(lambda: gateway.code_of(gateway.bearer(token)) == "signature_invalid")


def test_broken_key_file_leaves_the_last_keys(guarded, forge, tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(forge.jwks("rsa"))
    gateway = guarded({"file": str(path)})
    token = forge.token()
    for broken in ["", "{", "{\"keys\":[]}", forge.jwks("ec"), "x" * (2 << 20)]:
        failed = gateway.stats("keys_failed")
        replace(path, broken)
        assert until(lambda: gateway.stats("keys_failed") != failed), broken[:20]
        assert gateway.bearer(token).status == 200, broken[:20]
    assert gateway.stats("keys_failed") and "the last keys stay" in gateway.log()
    path.unlink()
    time.sleep(1.2)
    assert gateway.bearer(token).status == 200
    path.write_text(forge.jwks("next"))
    assert until(lambda: gateway.bearer(token).status == 401)


def test_killed_process_comes_back(guarded, forge):
    gateway = guarded({"inline": forge.jwks("rsa")}, base_id=free_port())
    token, bad = forge.token(), forge.token("stranger")
    with Load(gateway, [token]) as load:
        assert until(lambda: load.statuses.get(200, 0) > 50)
        gateway.kill()
        # What a supervisor does: start the same command again.
        gateway.start()
        before = load.statuses[200]
        assert until(lambda: load.statuses[200] > before + 50)
    assert set(load.statuses) == {200}
    assert gateway.bearer(bad).status == 401


def test_hot_restart_under_load_loses_no_request(guarded, forge):
    gateway = guarded({"inline": forge.jwks("rsa")}, base_id=free_port())
    token, later = forge.token(), forge.token("next", set={"iss": ISSUER})
    assert gateway.bearer(later).status == 401
    old = gateway.process
    with Load(gateway, [token]) as load:
        gateway.jot["providers"]["main"]["issuers"][0]["keys"] = {"inline": forge.jwks("rsa", "next")}
        gateway.options += ["--restart-epoch", "1", "--drain-time-s", "1", "--parent-shutdown-time-s", "2"]
        with open(gateway.directory / "next.log", "wb") as log:
            gateway.process = subprocess.Popen(gateway.command(), stdout=log, stderr=log)
        assert old.wait(20) == 0
        before = load.statuses[200]
        assert until(lambda: load.statuses[200] > before + 50)
    assert load.errors == [] and set(load.statuses) == {200}
    assert gateway.bearer(later).status == 200


def test_garbage_is_refused_without_a_crash_or_a_leak(guarded, forge):
    gateway = guarded({"inline": forge.jwks("rsa")}, cache_entries=1000)
    seeded = random.Random(7)
    token = forge.token().encode()
    flood(gateway, seeded, token, 10_000)
    before = gateway.resident_kib()
    flood(gateway, seeded, token, 90_000)
    assert gateway.process.poll() is None
    assert gateway.resident_kib() - before < 4096
    assert gateway.bearer(token.decode()).status == 200
    assert gateway.stats("jot.allowed").popitem()[1] == 1
    assert sum(gateway.stats("jot.denied").values()) == 100_000


def flood(gateway, seeded, token, count):
    """Send requests with random bytes for a token; each must be a 401.

    Over many connections, one request at a time on each: Envoy closes a
    connection on which a request follows one that it answered itself.
    """
    allowed = bytes(byte for byte in range(0x20, 0x100) if byte != 0x7F)
    connections = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(50)]
    for _ in range(count // len(connections)):
        values = [garbage(seeded, token, allowed) for _ in connections]
        for connection, value in zip(connections, values):
            connection.sendall(b"GET /main HTTP/1.1\r\nhost: x\r\nauthorization: " + value + b"\r\n\r\n")
        for connection, value in zip(connections, values):
            reply = b""
            while b"\r\n\r\n" not in reply or not reply.endswith(b"\n"):
                part = connection.recv(4096)
                assert part, (value, reply)
                reply += part
            assert reply.startswith(b"HTTP/1.1 401 "), (value, reply)
    for connection in connections:
        connection.close()


def garbage(seeded, token, allowed):
    kind = seeded.randrange(4)
    if kind == 0:
        return b"x" + bytes(seeded.choices(allowed, k=seeded.randrange(200))) + b"x"
    if kind == 1:
        return b"Bearer x" + bytes(seeded.choices(allowed, k=seeded.randrange(400))) + b"x"
    if kind == 2:
        dots = b".".join(bytes(seeded.choices(allowed, k=seeded.randrange(60))) for _ in range(3))
        return b"Bearer e" + dots + b"x"
    # A good token with some bytes changed.
    changed = bytearray(token)
    for index in seeded.sample(range(len(token) - 3), seeded.randrange(1, 4)):
        while changed[index] == token[index]:
            changed[index] = seeded.choice(allowed)
    return b"Bearer " + bytes(changed)


def test_long_token_is_taken_up_to_the_limit(guarded, forge):
    gateway = guarded({"inline": forge.jwks("rsa")}, max_token_bytes=20_000)
    assert gateway.bearer(forge.token(set={"filler": "x" * 12_000})).status == 200
    refused = gateway.bearer(forge.token(set={"filler": "x" * 20_000}))
    assert (refused.status, gateway.code_of(refused)) == (401, "token_too_long")


def test_counters_tell_what_happened(guarded, forge):
    gateway = guarded({"inline": forge.jwks("rsa")})
    for _ in range(3):
        gateway.bearer(forge.token())
    gateway.bearer(forge.token(set={"exp": "-3600"}))
    gateway.ask("/main")
    assert gateway.stats("jot.allowed") == {"dynamicmodulescustom.jot.allowed": 3}
    assert gateway.stats("jot.denied") == {
        "dynamicmodulescustom.jot.denied.code.expired": 1,
        "dynamicmodulescustom.jot.denied.code.token_missing": 1,
    }
    prometheus = gateway.admin("/stats/prometheus?filter=jot")[1]
    assert 'jot_denied{code="expired"} 1' in prometheus, prometheus


class KeyServer:
    """An issuer's key server that a test can make fail."""

    def __init__(self, text):
        self.text = text
        self.status = 200
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.path, self.headers["host"], time.monotonic()))
                body = outer.text.encode()
                self.send_response(outer.status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
    clusters = [cluster("idp", key_server.server.server_port)]
    gateway = guarded(remote(cooldown_seconds=3), clusters=clusters)
    token, later = forge.token(), forge.token("next", set={"iss": ISSUER})
    assert until(lambda: gateway.bearer(token).status == 200), gateway.log()
    assert [row[:2] for row in key_server.asked] == [("/keys?v=1", "idp.example")]

    # Many tokens of an unknown key lead to one request for a cool-down.
    key_server.text = forge.jwks("rsa", "next")
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


def test_failing_key_server_leaves_the_last_keys(guarded, forge, key_server):
    clusters = [cluster("idp", key_server.server.server_port)]
    gateway = guarded(remote(cooldown_seconds=1, refresh_seconds=1), clusters=clusters)
    token = forge.token()
    assert until(lambda: gateway.bearer(token).status == 200)
    for status, text in [(500, ""), (200, "<html>"), (200, "{\"keys\":[]}"), (200, " " * (2 << 20))]:
        key_server.status, key_server.text = status, text
        failed = gateway.stats("keys_failed")
        assert until(lambda: gateway.stats("keys_failed") != failed), gateway.log()
        assert gateway.bearer(token).status == 200
    key_server.status, key_server.text = 200, forge.jwks("next")
    assert until(lambda: gateway.bearer(token).status == 401)


def test_requests_are_refused_until_the_first_keys_came(guarded, forge, key_server):
    key_server.status = 503
    clusters = [cluster("idp", key_server.server.server_port)]
    gateway = guarded(remote(), clusters=clusters)
    refused = gateway.bearer(forge.token())
    assert (refused.status, gateway.code_of(refused)) == (503, "keys_unavailable")
    assert refused.headers["www-authenticate"] is None
    assert gateway.ask("/main").status == 401
    key_server.status = 200
    assert until(lambda: gateway.bearer(forge.token()).status == 200)


def test_unknown_cluster_is_told_and_refuses(guarded, forge):
    gateway = guarded(remote())
    assert until(lambda: "the cluster does not exist" in gateway.log())
    assert gateway.bearer(forge.token()).status == 503


def test_claims_reach_other_filters_as_metadata(guarded, forge):
    rule = {
        "permissions": [{"any": True}],
        "principals": [
            {
                "metadata": {
                    "filter": "jot",
                    "path": [{"key": "token"}, {"key": "realm_access"}, {"key": "roles"}],
                    "value": {"list_match": {"one_of": {"string_match": {"exact": "admin"}}}},
                }
            }
        ],
    }
    rbac = {
        "name": "rbac",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
            "rules": {"action": "ALLOW", "policies": {"admins": rule}},
        },
    }

    gateway = guarded({"inline": forge.jwks("rsa")}, more_filters=[rbac], metadata_key="token")
    extras = {"n": 1.5, "t": True, "z": None, "o": {"a": [1, "x", []]}}
    admin = forge.token(set={"realm_access": {"roles": ["user", "admin"]}, **extras})
    assert gateway.bearer(admin).status == 200
    assert gateway.bearer(forge.token(set={"realm_access": {"roles": ["user"]}})).status == 403


def test_failure_is_put_into_the_words_of_the_configuration(guarded, forge):
    body = '{"error":"{error}","code":"{code}","status":{status}}'
    failure = {"realm": "orders", "body": body, "content_type": "application/json", "describe": False}
    gateway = guarded({"inline": forge.jwks("rsa")}, whole={"failure": failure})
    refused = gateway.bearer("x")
    assert json.loads(refused.body) == {"error": "invalid_token", "code": "token_segments", "status": 401}
    assert refused.headers["content-type"] == "application/json"
    assert refused.headers["www-authenticate"] == 'Bearer realm="orders", error="invalid_token"'


def test_preflight_passes_only_where_it_is_told_to(guarded, forge):
    gateway = guarded({"inline": forge.jwks("rsa")}, whole={"bypass_cors_preflight": True})
    preflight = [("origin", "https://web.example"), ("access-control-request-method", "GET")]
    assert gateway.ask("/main", preflight, "OPTIONS").status == 200
    assert gateway.ask("/main", preflight[:1], "OPTIONS").status == 401
    assert gateway.ask("/main", preflight, "GET").status == 401
