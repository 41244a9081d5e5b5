"""Keys behind a URL in nginx: one process fetches them for the whole server."""

import json
import os
import pathlib
import re
import signal
import threading
import time

import pytest

from gateway import Load, until
from nginx_gateway import JOTCTL, validate
from nginx_sites import FETCHED, fresh, timed

KEYS = "/keys"


def command(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def fetchers(server):
    """Return the processes that fetch for this server, those that wait for the lock not counted."""
    mark = str(server.directory / "fetched")
    pids = [int(path.name) for path in pathlib.Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if "keys watch" in command(pid) and mark in command(pid)]


def parent(pid):
    return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def codes(server, token, count=20):
    """Return the codes of requests by as many connections, so that all workers answer."""
    return {server.code_of(server.bearer(token, "/")) for _ in range(count)}


def test_one_fetch_serves_all_workers_and_the_first_requests_wait_for_it(fetching, forge, issuer):
    issuer.ways[KEYS] = {"delay": 0.5}
    server = fetching(workers=4)
    answers = []
    ask = threading.Thread(target=lambda: answers.append(server.bearer(forge.token(), "/").status))
    threads = [ask, *(threading.Thread(target=ask._target) for _ in range(15))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [204] * 16, server.log()
    assert codes(server, forge.token()) == {"accepted"}
    assert issuer.count() == 1 and len(fetchers(server)) == 1


def test_first_token_of_a_new_key_waits_for_the_fetch_that_it_causes(fetching, forge, issuer):
    server = fetching(workers=2)
    assert server.bearer(forge.token(), "/").status == 204
    issuer.good = forge.jwks("rsa", "next")
    answer, took = timed(lambda: server.bearer(fresh(forge), "/"))
    assert (answer.status, issuer.count()) == (204, 2) and took < 3, (took, server.log())
    assert until(lambda: codes(server, fresh(forge)) == {"accepted"})
    assert codes(server, forge.token()) == {"accepted"}


def test_removed_key_is_refused_with_the_fetch_that_lacks_it(fetching, forge, issuer):
    server = fetching(workers=2)
    assert server.bearer(forge.token(), "/").status == 204
    issuer.good = forge.jwks("next")
    assert server.bearer(fresh(forge), "/").status == 204
    assert until(lambda: codes(server, forge.token()) == {"kid_unknown"}), server.log()


def test_flood_of_unknown_kids_costs_one_fetch_and_delays_nobody(fetching, forge, issuer):
    server = fetching(workers=2)
    token = forge.token()
    assert server.bearer(token, "/").status == 204
    began = time.monotonic()
    statuses = {}
    lock = threading.Lock()

    def flood(numbers):
        connection = server.connect()
        for number in numbers:
            # Only the header is new; nobody looks at the signature.
            head = json.dumps({"alg": "RS256", "kid": f"unknown-{number}"})
            bad = forge.token(text=head, change="signature_empty") + "A" * 342
            status = server.bearer(bad, "/", connection).status
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
        connection.close()

    threads = [threading.Thread(target=flood, args=(range(start, 10_000, 2),)) for start in range(2)]
    with Load(server, [token], threads=1, path="/") as load:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lasted = time.monotonic() - began
    assert sum(statuses.values()) == 10_000 and set(statuses) == {401}, statuses
    assert set(load.statuses) == {204} and load.errors == []
    # One at the start, one in the cool-down of 30 seconds; and once in 8 seconds by age.
    assert issuer.count() <= 2 + lasted // 30 + lasted // 8, (issuer.count(), lasted)


def test_issuer_that_is_down_is_503_for_new_keys_and_harms_no_known_one(fetching, forge, issuer):
    server = fetching()
    assert server.bearer(forge.token(), "/").status == 204
    issuer.down()
    answer, took = timed(lambda: server.bearer(fresh(forge), "/"))
    assert (answer.status, server.code_of(answer)) == (503, "keys_unavailable") and took < 7, took
    answer, took = timed(lambda: server.bearer(fresh(forge), "/"))
    assert (answer.status, server.code_of(answer)) == (401, "kid_unknown") and took < 1, took
    assert server.bearer(forge.token(), "/").status == 204


def test_keys_survive_a_restart_while_the_issuer_is_down(fetching, forge, issuer):
    server = fetching(workers=2)
    assert server.bearer(forge.token(), "/").status == 204
    # Until the file is so old that it is looked at no more.
    time.sleep(3)
    server.stop()
    issuer.down()
    server.start()
    assert codes(server, forge.token()) == {"accepted"}


def test_without_keys_tokens_are_503_and_nginx_starts(fetching, forge, issuer):
    issuer.down()
    server = fetching()
    answer, took = timed(lambda: server.bearer(forge.token(), "/"))
    assert (answer.status, server.code_of(answer)) == (503, "keys_not_yet") and took < 7, took
    assert "www-authenticate" not in answer.headers
    answer = server.bearer(forge.token(set={"iss": "https://nobody.example"}), "/")
    assert (answer.status, server.code_of(answer)) == (401, "issuer_unknown")
    assert server.status_page()["files"][0]["keys"] == 0
    issuer.up()
    assert until(lambda: server.bearer(forge.token(), "/").status == 204, 30), server.log()
    assert server.status_page()["files"][0]["keys"] == 1


def test_reload_under_load_loses_no_request_and_leaves_one_fetcher(fetching, forge, issuer):
    server = fetching(workers=2)
    token = forge.token()
    assert server.bearer(token, "/").status == 204
    with Load(server, [token], path="/") as load:
        for _ in range(3):
            before = set(server.worker_pids())
            server.reload()
            assert until(lambda: len(server.worker_pids()) == 2 and not before & set(server.worker_pids()))
            assert codes(server, token) == {"accepted"}
    assert set(load.statuses) == {204}, load.statuses
    assert until(lambda: len(fetchers(server)) == 1 and parent(fetchers(server)[0]) in server.worker_pids())
    # A fetch that has begun already would bring the old keys.
    seen = -1
    while seen != (seen := server.log().count("wrote 1 key")):
        time.sleep(1.5)
    issuer.good = forge.jwks("rsa", "next")
    assert server.bearer(fresh(forge), "/").status == 204, server.log()


@pytest.mark.parametrize("victim", ["worker", "fetcher"])
def test_fetcher_comes_back_whoever_is_killed(fetching, forge, issuer, victim):
    server = fetching(workers=2)
    assert server.bearer(forge.token(), "/").status == 204
    assert until(lambda: len(fetchers(server)) == 1)
    [fetcher] = fetchers(server)
    os.kill(parent(fetcher) if victim == "worker" else fetcher, signal.SIGKILL)
    assert until(lambda: len(fetchers(server)) == 1 and fetchers(server) != [fetcher]), server.log()
    assert until(lambda: len(server.worker_pids()) == 2)
    assert codes(server, forge.token()) == {"accepted"}
    # A fetch that has begun already would bring the old keys.
    assert until(lambda: server.log().count("wrote 1 key") == 2), server.log()
    issuer.good = forge.jwks("rsa", "next")
    assert server.bearer(fresh(forge), "/").status == 204, server.log()


def test_fetcher_ends_with_nginx(fetching, forge, issuer):
    server = fetching()
    assert server.bearer(forge.token(), "/").status == 204
    assert until(lambda: len(fetchers(server)) == 1)
    server.kill()
    # The worker outlives its master for a moment, and takes the fetcher with it.
    for pid in fetchers(server):
        os.kill(parent(pid), signal.SIGKILL)
    assert until(lambda: fetchers(server) == [])


def test_issuer_is_enough_when_its_metadata_name_the_keys(fetching, forge, issuer):
    own = f"http://127.0.0.1:{issuer.port}"
    metadata = json.dumps({"issuer": own, "jwks_uri": f"{own}{KEYS}"})
    issuer.ways["/.well-known/openid-configuration"] = {"text": metadata}
    server = fetching(change=lambda text: text.replace(f"jot_key_url {own}/keys issuer=ISSUER", f"jot_issuer_discover {own}"))
    assert server.bearer(forge.token(set={"iss": own}), "/").status == 204, server.log()
    answer = server.bearer(forge.token(), "/")
    assert (answer.status, server.code_of(answer)) == (401, "iss_mismatch")
    assert [row[0] for row in issuer.asked] == ["/.well-known/openid-configuration", KEYS]


def test_keys_that_were_fetched_too_long_ago_are_not_used(fetching, forge, issuer):
    server = fetching(change=lambda text: "jot_fetch_stale 2s;" + text)
    assert server.bearer(forge.token(), "/").status == 204
    issuer.down()
    assert until(lambda: server.code_of(server.bearer(forge.token(), "/")) == "keys_stale"), server.log()
    assert server.bearer(forge.token(), "/").status == 503
    # A restart finds them as old as they are.
    server.stop()
    server.start()
    assert server.code_of(server.bearer(forge.token(), "/")) == "keys_stale", server.log()
    issuer.up()
    assert until(lambda: server.bearer(forge.token(), "/").status == 204, 30), server.log()


def test_status_tells_how_old_keys_are_and_why_they_cannot_be_fetched(fetching, forge, issuer):
    server = fetching()
    assert server.bearer(forge.token(), "/").status == 204

    def state():
        [file] = server.status_page()["files"]
        return file

    assert until(lambda: state()["fetched_at"] is not None), state()
    began, told = time.time(), state()
    assert told["source"] == f"http://127.0.0.1:{issuer.port}{KEYS}"
    assert (told["error"], told["fetch_failures"]) == (None, 0)
    assert 0 <= began - told["fetched_at"] < 10 and 0 <= told["age"] <= 10
    assert began <= told["next_fetch"] <= began + 10
    issuer.ways[KEYS] = {"status": 500}
    assert until(lambda: state()["error"] == "fetch_status"), state()
    failed = state()
    assert failed["fetch_failures"] >= 1 and failed["age"] > 0
    prometheus = server.ask("/jot?format=prometheus").body.decode()
    assert f'source="{told["source"]}",code="fetch_status"}} 1\n' in prometheus
    for name in ["jot_fetch_age_seconds", "jot_fetch_next_seconds", "jot_fetch_failures"]:
        assert re.search(rf'^{name}{{file="[^"]+",kind="keys",source="[^"]+"}} -?\d+$', prometheus, re.M), prometheus
    # Who fetches begins anew, and the keys are no younger for it.
    [path] = (server.directory / "fetched").glob("*.state")
    server.stop()
    left = path.read_text()
    server.start()
    assert until(lambda: path.read_text() != left), left
    assert (state()["fetched_at"], state()["error"]) == (failed["fetched_at"], "fetch_status")
    issuer.ways = {}
    assert until(lambda: (state()["error"], state()["fetch_failures"]) == (None, 0), 40), state()
    assert state()["fetched_at"] > failed["fetched_at"]


def test_status_tells_nothing_that_is_no_state(fetching, forge, issuer):
    issuer.down()
    server = fetching(change=lambda text: text.replace(str(JOTCTL), "/bin/false"))
    assert until(lambda: list((server.directory / "fetched").glob("*.lock")))
    [path] = (server.directory / "fetched").glob("*.lock")
    unknown = {"fetched_at": None, "age": None, "next_fetch": None, "fetch_failures": None, "error": None}

    def told(text):
        path.with_suffix(".state").write_bytes(text)
        [file] = server.status_page()["files"]
        return {name: file[name] for name in unknown}

    for text in [b"", b"error", b"error a\"b\n", b"fetched_at -5\nnext_fetch x\nfailures 99999999999999999999\n"]:
        assert told(text) == unknown, text
    assert told(b"error " + b"a" * 64 + b"\n") == unknown
    assert told(b"error " + b"a" * 63 + b"\nlater 1\nfailures 2\n") == unknown | {"error": "a" * 63, "fetch_failures": 2}
    assert told(b"failures 2\n" + b"\n" * 2000 + b"error x\n") == unknown | {"fetch_failures": 2}
    # Made later than now by a clock that was set back.
    assert told(b"fetched_at 99999999999\n")["age"] == 0


def test_rotation_under_load_has_no_wrong_verdict(fetching, forge, issuer):
    """The issuer shows a key before it signs with it and for a while after."""
    names = [f"rolled-{index}" for index in range(4)]
    for name in names:
        forge.keys[name] = type(forge.keys["rsa"])(name)
    server = fetching(workers=2)
    wrong = []
    with Load(server, [forge.token()], path="/") as load:
        for old, new in zip([None, *names], names):
            issuer.good = forge.jwks("rsa", *filter(None, [old]), new)
            # By age it is fetched within 10 seconds, whatever the cool-down says.
            seen = issuer.count()
            assert until(lambda: issuer.count() > seen)
            time.sleep(1.5)
            for name in filter(None, [old, new]):
                found = codes(server, fresh(forge, kid=name, key=name), 4)
                wrong += [] if found == {"accepted"} else [(name, found)]
    assert wrong == [] and load.errors == [] and set(load.statuses) == {204}, (wrong, load.statuses)
    gone = fresh(forge, kid=names[0], key=names[0])
    assert until(lambda: codes(server, gone, 4) == {"kid_unknown"})


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("jot_key_url https://i.example/keys;", 'needs "jot_fetch_path" before it'),
        ("jot_fetch_path fetched; jot_key_url i.example/keys;", "invalid URL"),
        ("jot_fetch_path fetched; jot_key_url https://i.example/$host;", "variables"),
        ("jot_fetch_path fetched; jot_key_url https://i.example/keys iss=a;", "invalid parameter"),
        ("jot_fetch_path fetched; jot_file_check 0; jot_key_url https://i.example/keys;", 'needs "jot_file_check"'),
        ("jot_fetch a; jot_fetch b;", "is duplicate"),
    ],
)
def test_mistakes_are_told(tmp_path, lines, told):
    status, output = validate(tmp_path, lines)
    assert status == 1 and told in output, output


def test_program_that_is_missing_is_told(nginx, issuer):
    http = FETCHED.replace("COMMAND", "/nowhere/jotctl").replace("IDP", str(issuer.port)).replace("MORE", "")
    server = nginx(http)
    assert until(lambda: "is started again" in server.log())
