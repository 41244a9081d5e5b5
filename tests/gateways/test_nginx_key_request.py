"""Keys that a location of nginx has fetched, by proxy_pass and proxy_cache."""

import copy
import fcntl
import json
import os
import signal
import threading
import time

import pytest

from forge import ISSUER
from gateway import Load, free_port, until
from nginx_gateway import validate

HTTP = """
    add_header X-Jot-Code $jot_code always;
    jot_file_check 200ms;
    jot_fetch_path DIRECTORY/fetched;
    proxy_cache_path DIRECTORY/cache keys_zone=keys:1m;
    server {
        listen 127.0.0.1:PORT;
        server_name first.example;
        access_log DIRECTORY/access.log;
        deny 192.0.2.1;
        jot on;
        jot_algorithms RS256;
        jot_audience api;
        jot_key_request /_keys issuer=ISSUER;
        location / { try_files /none =204; }
        location = /_keys {
            internal;
            subrequest_output_buffer_size 64k;
            proxy_pass http://127.0.0.1:IDP/keys;
            MORE
        }
        location = /jot { jot off; jot_status; }
    }
"""


@pytest.fixture
def requesting(nginx, issuer):
    """Start an nginx whose location /_keys has the keys fetched."""

    def start(more="", change=lambda text: text, **arguments):
        return nginx(change(HTTP.replace("IDP", str(issuer.port)).replace("MORE", more)), **arguments)

    return start


def fresh(forge, kid="rsa-2", key="next"):
    return forge.token(key, set={"iss": ISSUER}, header={"kid": kid})


def codes(server, token, count=20):
    return {server.code_of(server.bearer(token, "/")) for _ in range(count)}


def state(server):
    [file] = server.status_page()["files"]
    return file


def test_location_has_the_keys_fetched_once_for_all_workers(requesting, forge, issuer):
    issuer.ways["/keys"] = {"delay": 0.5}
    server = requesting(workers=4)
    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(server.bearer(forge.token(), "/").status)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [204] * 8, server.log()
    assert codes(server, forge.token()) == {"accepted"} and issuer.count() == 1
    assert issuer.fields[0]["Host"].startswith("127.0.0.1:")
    # It is no location for clients, and stands in no log.
    assert server.ask("/_keys", [("authorization", f"Bearer {forge.token()}")]).status == 404
    access = server.directory / "access.log"
    # A request is logged after it was answered.
    assert until(lambda: "/_keys" in access.read_text()), access.read_text()
    log = access.read_text()
    assert "444" not in log and "unix:" not in log, log
    told = state(server)
    assert (told["source"], told["error"], told["fetch_failures"]) == ("/_keys", None, 0), told
    assert told["keys"] == 1 and 0 <= told["age"] < 20 and told["next_fetch"] > time.time() + 60, told


def test_first_token_of_a_new_key_waits_for_the_request_that_it_causes(requesting, forge, issuer):
    server = requesting(workers=4)
    assert server.bearer(forge.token(), "/").status == 204
    issuer.good = forge.jwks("rsa", "next")
    began = time.monotonic()
    assert server.bearer(fresh(forge), "/").status == 204, server.log()
    assert time.monotonic() - began < 3 and issuer.count() == 2
    assert until(lambda: codes(server, fresh(forge)) == {"accepted"})
    # Further strangers cost nothing for a while.
    assert codes(server, fresh(forge, kid="unknown")) == {"kid_unknown"} and issuer.count() == 2


def test_flood_of_unknown_kids_costs_one_fetch(requesting, forge, issuer):
    server = requesting(workers=2)
    token = forge.token()
    assert server.bearer(token, "/").status == 204
    bad = forge.token(text=json.dumps({"alg": "RS256", "kid": "unknown"}), change="signature_empty") + "A" * 342
    with Load(server, [token], threads=1, path="/") as load:
        connection = server.connect()
        assert {server.bearer(bad, "/", connection).status for _ in range(2_000)} == {401}
    assert set(load.statuses) == {204} and load.errors == [] and issuer.count() == 2


def test_reload_death_of_the_worker_and_an_outage_lose_no_keys(requesting, forge, issuer):
    server = requesting(workers=2)
    assert until(lambda: codes(server, forge.token()) == {"accepted"})
    issuer.down()
    before = server.worker_pids()
    server.reload()
    assert until(lambda: len(server.worker_pids()) == 2 and not set(before) & set(server.worker_pids()))
    assert codes(server, forge.token()) == {"accepted"}, server.log()
    for pid in server.worker_pids():
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: len(server.worker_pids()) == 2)
    assert codes(server, forge.token()) == {"accepted"}, server.log()
    server.stop()
    server.start()
    assert codes(server, forge.token()) == {"accepted"}, server.log()
    assert until(lambda: state(server)["error"] == "fetch_status"), state(server)
    assert state(server)["fetched_at"] is not None
    issuer.good = forge.jwks("rsa", "next")
    issuer.up()
    assert until(lambda: codes(server, fresh(forge)) == {"accepted"}, 40), server.log()
    assert state(server)["error"] is None


def test_only_who_has_the_lock_has_keys_fetched(requesting, forge, issuer):
    server = requesting()
    assert server.bearer(forge.token(), "/").status == 204
    server.stop()
    [path] = (server.directory / "fetched").glob("*.lock")
    with path.open() as lock:
        # As another server's first worker, which is about to end.
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.start()
        time.sleep(1)
        assert server.bearer(forge.token(), "/").status == 204 and issuer.count() == 1
    assert until(lambda: issuer.count() == 2), server.log()


@pytest.mark.parametrize(
    ("way", "error"),
    [
        ({"status": 500}, "fetch_status"),
        ({"text": "<html>"}, "key_text_is_page"),
        ({"text": '{"keys":[]}'}, "key_set_empty"),
        ({"text": '{"keys":[' + " " * 70_000 + "]}"}, "fetch_failed"),
        ({"delay": 8}, "fetch_timeout"),
    ],
)
def test_bad_answers_are_told_and_replace_nothing(requesting, forge, issuer, way, error):
    issuer.ways["/keys"] = way
    server = requesting()
    assert until(lambda: state(server)["error"] == error), (state(server), server.log())
    answer = server.bearer(forge.token(), "/")
    assert (answer.status, server.code_of(answer)) == (503, "keys_not_yet")
    issuer.ways = {}
    assert until(lambda: server.bearer(forge.token(), "/").status == 204, 40), server.log()


def test_cache_of_nginx_answers(requesting, forge, issuer):
    server = requesting("proxy_cache keys; proxy_cache_valid 200 1h;")
    assert server.bearer(forge.token(), "/").status == 204
    issuer.down()
    server.stop()
    [path] = (server.directory / "fetched").glob("*.jwks")
    path.unlink()
    server.start()
    assert until(lambda: server.bearer(forge.token(), "/").status == 204), server.log()
    assert issuer.count() == 1


def test_servers_have_keys_of_their_own(requesting, forge, issuer):
    issuer.ways["/other"] = {"text": forge.jwks("other")}

    def two(text):
        begin = text.index("    server {")
        other = text[begin:].replace("/keys;", "/other;").replace("issuer=ISSUER", "issuer=https://other.example")
        return text + other.replace("127.0.0.1:PORT", f"127.0.0.1:{port}")

    port = free_port()
    server = requesting(change=two)
    other = copy.copy(server)
    other.port = port
    assert server.bearer(forge.token(), "/").status == 204, server.log()
    assert other.bearer(forge.token("other"), "/").status == 204, server.log()
    assert server.code_of(server.bearer(forge.token("other"), "/")) == "kid_unknown"
    assert other.code_of(other.bearer(forge.token(), "/")) == "kid_unknown"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("server { jot_key_request /a; }", 'needs "jot_fetch_path" before it'),
        ("jot_fetch_path f; server { jot_key_request a; }", "invalid location"),
        ("jot_fetch_path f; server { jot_key_request /a iss=b; }", "invalid parameter"),
        ("jot_fetch_path f; server { jot_key_request /$host; }", "variables"),
        ("jot_fetch_path f; jot_file_check 0; server { jot_key_request /a; }", 'needs "jot_file_check"'),
        ("jot_fetch_path f; jot_key_request /a;", "is not allowed here"),
    ],
)
def test_mistakes_are_told(tmp_path, lines, told):
    status, output = validate(tmp_path, lines)
    assert status == 1 and told in output, output
