"""Token Status Lists in nginx: one process fetches those that tokens name."""

import os
import signal
import time

import pytest

from forge import ISSUER
from gateway import until
from nginx_gateway import JOTCTL, validate

HTTP = """
    add_header X-Jot-Code $jot_code always;
    jot_file_check 200ms;
    jot_fetch COMMAND --allow-loopback --proxy= --timeout 2 --poll 1;
    jot_fetch_path DIRECTORY/fetched;
    server {
        listen 127.0.0.1:PORT;
        jot on;
        jot_key_file DIRECTORY/jwks.json issuer=ISSUER;
        jot_algorithms RS256;
        jot_audience api;
        jot_cache zone 100;
        jot_status_list_url http://127.0.0.1:IDP/status/ http://127.0.0.1:IDP/given keys=http://127.0.0.1:IDP/keys alg=RS256 MORE;
        location / { try_files /none =204; }
        location = /required { jot_require_status on; try_files /none =204; }
        location = /free { jot_status_list_url off; try_files /none =204; }
        location = /jot { jot off; jot_status; }
    }
"""

# 16 tokens, of which number 3 is revoked and 2 is not.
DRAFT = {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}
# The other way round.
OTHER = {"bits": 1, "lst": "eNrbuhgAAg8BWQ"}


@pytest.fixture
def following(nginx, forge, issuer):
    """Start an nginx that has status lists fetched."""

    serve(forge, issuer, "/given")

    def start(more="", **arguments):
        http = HTTP.replace("COMMAND", str(JOTCTL)).replace("IDP", str(issuer.port)).replace("MORE", more)
        return nginx(http, **arguments)

    return start


def uri(issuer, path):
    return f"http://127.0.0.1:{issuer.port}{path}"


def serve(forge, issuer, path, lives=600, list=DRAFT, key="rsa"):
    claims = {"sub": uri(issuer, path), "iat": "-0", "exp": f"+{lives}", "ttl": 1, "status_list": list}
    issuer.ways[path] = {"text": forge.token(key, {"typ": "statuslist+jwt"}, claims, drop=("aud",))}


def token(forge, issuer, path, index=2, **more):
    status = {"status_list": {"idx": index, "uri": uri(issuer, path)}}
    return forge.token(set={"iss": ISSUER, "status": status}, **more)


def told(server, token, path="/"):
    answer = server.bearer(token, path)
    return answer.status, server.code_of(answer)


def codes(server, token, count=12):
    """Return the codes of requests by as many connections, so that all workers answer."""
    return {told(server, token)[1] for _ in range(count)}


def state(server):
    [file] = [file for file in server.status_page()["files"] if "statuses" in file]
    return file


def test_lists_are_fetched_when_tokens_name_them(following, forge, issuer):
    for number in range(3):
        serve(forge, issuer, f"/status/{number}")
    server = following(workers=2)
    assert told(server, forge.token()) == (204, "accepted")
    assert told(server, forge.token(), "/required") == (401, "status_missing")
    assert until(lambda: issuer.count("/given") > 0), "it is followed from the start"
    assert [issuer.count(f"/status/{number}") for number in range(3)] == [0, 0, 0]
    # The first request waits until the list came.
    assert told(server, token(forge, issuer, "/status/1")) == (204, "accepted"), server.log()
    assert told(server, token(forge, issuer, "/status/1", 3)) == (401, "status_revoked")
    assert told(server, token(forge, issuer, "/status/1", 16)) == (401, "status_invalid")
    assert told(server, token(forge, issuer, "/status/2", 3)) == (401, "status_revoked")
    assert told(server, token(forge, issuer, "/given", 3)) == (401, "status_revoked")
    assert told(server, token(forge, issuer, "/given", 3), "/required") == (401, "status_revoked")
    assert told(server, token(forge, issuer, "/given", 3), "/free") == (204, "accepted")
    for path in ["/elsewhere", "/status/", "/status", "/given2"]:
        assert told(server, token(forge, issuer, path)) == (503, "status_list_unknown"), path
    # A signature that does not hold has nothing fetched.
    forged = token(forge, issuer, "/status/0", key="next", header={"kid": "rsa-1"})
    assert told(server, forged)[0] == 401
    time.sleep(1)
    assert issuer.count("/status/0") == 0
    assert codes(server, token(forge, issuer, "/status/1", 3)) == {"status_revoked"}


def test_lists_are_followed_for_cached_tokens_and_fail_closed(following, forge, issuer):
    serve(forge, issuer, "/status/1")
    server = following(workers=2)
    good, bad = token(forge, issuer, "/status/1", 2), token(forge, issuer, "/status/1", 3)
    assert told(server, good) == (204, "accepted"), server.log()
    assert codes(server, good) == {"accepted"} and codes(server, bad) == {"status_revoked"}
    serve(forge, issuer, "/status/1", lives=8, list=OTHER)
    assert until(lambda: codes(server, good) == {"status_revoked"}), server.log()
    assert codes(server, bad) == {"accepted"}
    page = state(server)
    assert page["error"] is None and page["fetch_failures"] == 0 and 0 <= page["age"] < 10, page
    # A restart goes on with what is there, while the issuer is down, until the list ends.
    issuer.down()
    server.stop()
    server.start()
    assert codes(server, good) == {"status_revoked"} and codes(server, bad) == {"accepted"}, server.log()
    assert until(lambda: codes(server, good) == {"status_list_stale"}), server.log()
    assert told(server, good) == (503, "status_list_stale") and "are too old" in server.log()
    assert until(lambda: state(server)["fetch_failures"] > 0), state(server)
    issuer.up()
    serve(forge, issuer, "/status/1")
    assert until(lambda: codes(server, good) == {"accepted"}, 40), server.log()
    prometheus = server.ask("/jot?format=prometheus").body.decode()
    assert 'kind="statuses"} 16\n' in prometheus or 'kind="statuses"} 0\n' in prometheus, prometheus


def test_list_that_cannot_be_had_is_503(following, forge, issuer):
    issuer.ways["/status/1"] = {"status": 500}
    serve(forge, issuer, "/status/2", key="other")
    server = following()
    began = time.monotonic()
    assert told(server, token(forge, issuer, "/status/1")) == (503, "status_list_not_yet")
    assert 4 < time.monotonic() - began < 15
    # The next ones do not wait for what does not come.
    began = time.monotonic()
    assert told(server, token(forge, issuer, "/status/1")) == (503, "status_list_not_yet")
    assert time.monotonic() - began < 3
    # A list counts if a key of the issuer signed it.
    assert told(server, token(forge, issuer, "/status/2")) == (503, "status_list_not_yet")
    assert until(lambda: "kid_unknown" in server.log()), server.log()
    assert told(server, forge.token()) == (204, "accepted")
    serve(forge, issuer, "/status/1")
    assert until(lambda: told(server, token(forge, issuer, "/status/1")) == (204, "accepted"), 40), server.log()


def test_reload_and_death_of_a_worker_lose_no_list(following, forge, issuer):
    serve(forge, issuer, "/status/1")
    server = following(workers=2)
    bad = token(forge, issuer, "/status/1", 3)
    assert until(lambda: codes(server, bad) == {"status_revoked"}), server.log()
    issuer.ways["/status/1"] = {"status": 500}
    before = server.worker_pids()
    server.reload()
    assert until(lambda: len(server.worker_pids()) == 2 and not set(before) & set(server.worker_pids()))
    assert codes(server, bad) == {"status_revoked"}, server.log()
    for pid in server.worker_pids():
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: len(server.worker_pids()) == 2)
    assert codes(server, bad) == {"status_revoked"}, server.log()
    # Who fetches knows by the files what it has to follow.
    asked = issuer.count("/status/1")
    assert until(lambda: issuer.count("/status/1") > asked, 40), server.log()


def test_list_that_nobody_follows_any_more_is_forgotten(following, forge, issuer):
    serve(forge, issuer, "/status/1")
    server = following()
    good = token(forge, issuer, "/status/1")
    assert told(server, good) == (204, "accepted"), server.log()
    written = {path: path.read_text() for path in (server.directory / "fetched").glob("*.statuses/*")}
    [path] = [path for path, content in written.items() if "/status/1" in content]
    path.unlink()
    issuer.ways["/status/1"] = {"status": 500}
    assert until(lambda: told(server, good)[1] == "status_list_not_yet"), server.log()
    # A file that comes is taken, whoever wrote it.
    path.write_text(written[path])
    assert told(server, good) == (204, "accepted"), server.log()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("jot_status_list_url https://i.example/s/ issuer=a alg=ES256;", 'needs "jot_fetch_path" before it'),
        ("jot_fetch_path f; jot_status_list_url i.example/s/ issuer=a alg=ES256;", "invalid URL"),
        ("jot_fetch_path f; jot_status_list_url https://i/s/ issuer=a;", 'needs "alg="'),
        ("jot_fetch_path f; jot_status_list_url https://i/s/ alg=E;", 'needs either "issuer=" or "keys="'),
        ("jot_fetch_path f; jot_status_list_url https://i/s/ alg=E issuer=a keys=b;", 'needs either "issuer="'),
        ("jot_fetch_path f; jot_status_list_url https://i/s/ alg=E iss=a;", "invalid parameter"),
        ("jot_fetch_path f; jot_status_list_url https://i/s/ alg=E issuer=a stale=x;", "invalid time"),
        ("jot_fetch_path f; jot_status_list_url https://i/s/$host issuer=a alg=E;", "variables"),
        ("jot_status_list_url off; jot_status_list_url off;", 'is "off" already'),
        (
            "jot_fetch_path f; jot_status_list_url https://i/s/ issuer=a alg=E; jot_status_list_url off;",
            'has lists beside "off"',
        ),
        (
            "jot_key_file jwks.json; jot_algorithms RS256; jot_require_status on; server { jot on; }",
            '"jot_require_status" needs "jot_status_list_url"',
        ),
    ],
)
def test_mistakes_are_told(tmp_path, forge, line, fault):
    (tmp_path / "jwks.json").write_text(forge.jwks("rsa"))
    status, output = validate(tmp_path, line)
    assert status == 1 and fault in output, output
