"""Envoy with libjot's filter over time: reloads, crashes, garbage, counters."""

import json
import random
import socket
import subprocess
import time

import pytest

from envoy_gateway import Guarded
from forge import ISSUER, Forge, Secret
from gateway import Load, free_port, replace, until


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
        gateway.options += ["--restart-epoch", "1", "--drain-time-s", "1", "--parent-shutdown-time-s", "5"]
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


def test_optional_tokens_are_all_or_none(guarded, forge):
    service = {
        "issuers": [{"keys": {"inline": forge.jwks("service")}}],
        "algorithms": ["HS256"],
        "audiences": ["api"],
        "from": [{"header": "x-service"}],
    }
    gateway = guarded({"inline": forge.jwks("rsa")}, service=service, whole={"optional": True})
    main = [("authorization", f"Bearer {forge.token()}")]
    good, bad = [[("x-service", forge.token("service", set={"exp": exp}))] for exp in ("+60", "-60")]
    assert gateway.ask("/").status == 200
    assert gateway.ask("/", main + good).status == 200
    for headers in (main, good, bad, main + bad):
        assert gateway.ask("/", headers).status == 401, headers


def test_preflight_passes_only_where_it_is_told_to(guarded, forge):
    gateway = guarded({"inline": forge.jwks("rsa")}, whole={"bypass_cors_preflight": True})
    preflight = [("origin", "https://web.example"), ("access-control-request-method", "GET")]
    assert gateway.ask("/main", preflight, "OPTIONS").status == 200
    assert gateway.ask("/main", preflight[:1], "OPTIONS").status == 401
    assert gateway.ask("/main", preflight, "GET").status == 401


def test_new_configurations_by_xds_lose_no_request_and_leave_cleanly(tmp_path, forge):
    keys = tmp_path / "jwks.json"
    keys.write_text(forge.jwks("rsa"))
    gateway = ByXds(tmp_path, forge, {"file": str(keys)}, cache_entries=100)
    gateway.offer()
    gateway.start()
    try:
        token, late = forge.token(), forge.token(set={"exp": "-30"})
        with Load(gateway, [token]) as load:
            for leeway in [60, 0, 60, 0]:
                gateway.jot["providers"]["main"]["leeway_seconds"] = leeway
                gateway.offer()
                wanted = 200 if leeway else 401
                assert until(lambda: gateway.bearer(late).status == wanted), gateway.log()
        assert load.errors == [] and set(load.statuses) == {200}
        # A configuration that is refused changes nothing.
        gateway.jot["providers"]["main"]["leeway"] = 60
        gateway.offer()
        assert until(lambda: "unknown field `leeway`" in gateway.log())
        assert gateway.bearer(token).status == 200
        # Nothing uses the module any more; the process lives on and ends well.
        gateway.offer(none=True)
        assert until(lambda: gateway.stats("total_listeners_active").get("listener_manager.total_listeners_active") == 0)
        time.sleep(1.2)
        process = gateway.process
        assert gateway.admin("/ready")[0] == 200
    finally:
        gateway.stop()
    assert process.returncode == 0


class ByXds(Guarded):
    """The same with its listener in a file that Envoy watches."""

    name = "xds"

    def config(self):
        whole = super().config()
        self.listener = whole["static_resources"].pop("listeners")[0]
        source = {"path_config_source": {"path": str(self.directory / "lds.json")}}
        return {**whole, "node": {"id": "n", "cluster": "c"}, "dynamic_resources": {"lds_config": source}}

    def offer(self, none=False):
        self.config()
        kind = "type.googleapis.com/envoy.config.listener.v3.Listener"
        resources = [] if none else [{"@type": kind, **self.listener}]
        path = self.directory / "lds.json"
        path.touch()
        replace(path, json.dumps({"version_info": str(time.monotonic()), "resources": resources}))


def test_doubt_about_a_secret_is_told_once_for_each_state_of_its_keys(guarded, forge, tmp_path):
    own = Forge()
    secret = b"a secret that an editor ended with a line.\n"
    own.keys.update(kept=Secret("s", secret), meant=Secret("s", secret.rstrip()))
    path = tmp_path / "jwks.json"
    path.write_text(own.jwks("kept"))
    rsa = {"issuer": "https://rsa.example", "keys": {"inline": json.loads(forge.jwks("rsa"))}}
    issuers = [rsa, {"issuer": ISSUER, "keys": {"file": str(path)}}]
    gateway = guarded(None, issuers=issuers, algorithms=["RS256", "HS256"])
    told = "jot: providers.main.issuers[1]: a signature does not hold, and the secret ends with a line break"
    forged = forge.token("stranger", set={"iss": "https://rsa.example"})

    def refused(token):
        assert gateway.code_of(gateway.bearer(token)) == "signature_invalid"
        return gateway.log().count(told)

    assert until(lambda: gateway.bearer(own.token("kept")).status == 200)
    meant = own.token("meant")
    assert [refused(token) for token in (forged, meant, meant, forged)] == [0, 1, 1, 1]
    before = gateway.stats("keys_replaced")
    replace(path, own.jwks("kept", "service"))
    assert until(lambda: gateway.stats("keys_replaced") != before)
    assert [refused(token) for token in (forged, meant, meant)] == [1, 2, 2]
    assert secret.decode().strip() not in gateway.log()
