"""Revocations behind a URL in nginx: the process that fetches keys follows the list, too."""

import json
import time

import pytest

from forge import ISSUER
from gateway import until
from nginx_gateway import JOTCTL, validate

HTTP = """
    add_header X-Jot-Code $jot_code always;
    jot_file_check 200ms;
    jot_fetch COMMAND --allow-loopback --proxy= --timeout 2;
    jot_fetch_path DIRECTORY/fetched;
    server {
        listen 127.0.0.1:PORT;
        jot on;
        jot_key_url http://127.0.0.1:IDP/keys issuer=ISSUER;
        jot_algorithms RS256;
        jot_audience api;
        jot_revocation_url http://127.0.0.1:IDP/revoked issuer=ISSUER keys=http://127.0.0.1:IDP/keys alg=RS256 MORE;
        location / { try_files /none =204; }
        location = /free { jot_revoked_file off; try_files /none =204; }
        location = /jot { jot off; jot_status; }
    }
"""


@pytest.fixture
def following(nginx, issuer):
    """Start an nginx that has keys and revocations fetched."""

    def start(more="", **arguments):
        http = HTTP.replace("COMMAND", str(JOTCTL)).replace("IDP", str(issuer.port)).replace("MORE", more)
        return nginx(http, **arguments)

    return start


def revoke(forge, issuer, sid, lives=600):
    now = int(time.time())
    claims = {"iss": ISSUER, "iat": now, "exp": now + lives, "ttl": 5, "revocations": [{"sid": sid}]}
    issuer.ways["/revoked"] = {"text": forge.token(set=claims, header={"typ": "revocations+jwt"})}


def code(server, token, path="/"):
    return server.code_of(server.bearer(token, path))


def state(server):
    """Return what the status page tells of the list."""
    [file] = [file for file in server.status_page()["files"] if "revocations" in file]
    return file


def test_revocations_are_followed_and_fail_closed(following, forge, issuer):
    issuer.ways["/revoked"] = {"status": 500}
    server = following(workers=2)
    one, two = (forge.token(set={"iss": ISSUER, "sid": sid}) for sid in ("one", "two"))
    # Keys are there, and no list: nobody vouches for the token.
    assert until(lambda: code(server, one) == "revocations_not_yet"), server.log()
    assert server.bearer(one, "/").status == 503
    assert server.bearer(one, "/free").status == 204
    assert until(lambda: state(server)["error"] == "fetch_status"), state(server)
    assert state(server)["fetched_at"] is None and state(server)["fetch_failures"] > 0, state(server)
    revoke(forge, issuer, "one", 14)
    assert until(lambda: code(server, one) == "sid_revoked", 40), server.log()
    assert until(lambda: {code(server, two) for _ in range(10)} == {"accepted"}), server.log()
    # A restart goes on with what is there, while the issuer is down.
    told = state(server)
    assert (told["error"], told["fetch_failures"]) == (None, 0) and 0 <= told["age"] <= 20, told
    issuer.down()
    server.stop()
    server.start()
    assert until(lambda: code(server, one) == "sid_revoked" and code(server, two) == "accepted"), server.log()
    # Until the list ends.
    assert until(lambda: {code(server, two) for _ in range(10)} == {"revocations_stale"}, 30), server.log()
    assert server.bearer(two, "/").status == 503 and "are too old" in server.log()
    later = state(server)
    assert later["fetched_at"] >= told["fetched_at"] and later["age"] > told["age"], (told, later)
    issuer.up()
    revoke(forge, issuer, "two")
    assert until(lambda: {code(server, two) for _ in range(10)} == {"sid_revoked"}, 60), server.log()
    assert until(lambda: {code(server, one) for _ in range(10)} == {"accepted"}), server.log()
    assert any(file.get("revocations") == 1 for file in server.status_page()["files"]), server.status_page()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("jot_revocation_url https://i.example/r issuer=a alg=ES256;", 'needs "jot_fetch_path" before it'),
        ("jot_fetch_path fetched; jot_revocation_url i.example/r issuer=a alg=ES256;", "invalid URL"),
        ("jot_fetch_path fetched; jot_revocation_url https://i.example/r issuer=a;", 'needs "alg="'),
        ("jot_fetch_path fetched; jot_revocation_url https://i.example/r alg=ES256;", 'needs "issuer="'),
        ("jot_fetch_path fetched; jot_revocation_url https://i.example/r issuer=a iss=b;", "invalid parameter"),
        ("jot_fetch_path fetched; jot_revocation_url https://i.example/r issuer=a issuer=b;", "invalid parameter"),
        ("jot_fetch_path fetched; jot_revocation_url https://i.example/r issuer=a alg=E stale=x;", "invalid time"),
        ("jot_fetch_path fetched; jot_revocation_url https://i.example/$host issuer=a alg=E;", "variables"),
        (
            "jot_fetch_path fetched; jot_revocation_url https://i/r issuer=a alg=E; jot_revoked_file off;",
            "is duplicate",
        ),
    ],
)
def test_mistakes_are_told(tmp_path, line, told):
    status, output = validate(tmp_path, line)
    assert status == 1 and told in output, output


def test_file_that_is_too_old_fails_closed(nginx, forge, tmp_path):
    path = tmp_path / "revoked"
    path.write_text(json.dumps({"usable_until": int(time.time()) + 4}) + '\n{"sid":"one"}\n')
    server = nginx(f"""
        add_header X-Jot-Code $jot_code always;
        jot_file_check 200ms;
        server {{
            listen 127.0.0.1:PORT;
            jot on;
            jot_key_file DIRECTORY/jwks.json issuer=ISSUER;
            jot_algorithms RS256;
            jot_audience api;
            jot_revoked_file {path};
            location / {{ try_files /none =204; }}
        }}
    """)
    one, two = (forge.token(set={"iss": ISSUER, "sid": sid}) for sid in ("one", "two"))
    assert (code(server, one), code(server, two)) == ("sid_revoked", "accepted")
    assert until(lambda: code(server, two) == "revocations_stale"), server.log()
    path.write_text('{"sid":"two"}\n')
    assert until(lambda: code(server, two) == "sid_revoked"), server.log()
    assert code(server, one) == "accepted"
