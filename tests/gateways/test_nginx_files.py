"""Files of keys and revocations: which are taken, and what a bad one does."""

import base64
import json
import os
import time

import pytest

from forge import Forge, Secret
from gateway import replace, until
from nginx_sites import code, watched


def test_broken_key_file_leaves_the_last_keys(nginx, forge):
    server = nginx(watched())
    path = server.directory / "jwks.json"
    token = forge.token()
    failures = 0
    empty, foreign = '{"keys":[]}', '{"keys":[{"kty":"OKP","crv":"X25519","x":"AA"}]}'
    for broken in ["", "{", empty, foreign, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "x" * (2 << 20), None]:
        if broken is None:
            path.unlink()
        else:
            replace(path, broken)
        failures += 1
        assert until(lambda: server.status_page()["files"][0]["failures"] == failures), (broken or "")[:20]
        assert server.status_page()["files"][0]["failed"]
        assert code(server, token) == "accepted"
        # A good one ends the failure, also when it says what the last one did.
        replace(path, forge.jwks("rsa", "ec"))
        assert until(lambda: not server.status_page()["files"][0]["failed"])
    # Each failure is told once, not at every tick.
    assert server.log().count("cannot be used, what was read before stays in force") == failures
    assert "No such file or directory" in server.log()


def test_each_state_of_a_file_is_told_once(nginx, forge):
    server = nginx(watched())
    path = server.directory / "jwks.json"
    line = "cannot be used, what was read before stays in force: "
    told = []
    for text, why in [
        ("", "key_text_unknown (447)"),
        ("<!DOCTYPE html><html><title>Sign in</title></html>", "key_text_is_page (427): The text is an HTML or XML page"),
        ('{"keys":[]}', "key_set_empty (417)"),
        (forge.jwks("ec"), f"no key verifies with any of \"jot_algorithms\" in {server.directory}/nginx.conf:"),
        ("{", "key_json (400)"),
        (" ", "key_text_unknown (447)"),
    ]:
        replace(path, text)
        told.append(why)
        assert until(lambda: server.log().count(line) == len(told)), (text, server.log())
        time.sleep(0.4)
    lines = [found.split(line)[1] for found in server.log().splitlines() if line in found]
    assert len(lines) == len(told) and all(found.startswith(why) for found, why in zip(lines, told)), lines
    assert code(server, forge.token()) == "accepted"


def test_unusable_key_does_not_spoil_the_others(nginx, forge):
    server = nginx(watched())
    keys = json.loads(forge.jwks("rsa"))["keys"]
    replace(server.directory / "jwks.json", json.dumps({"keys": [{"kty": "new", "kid": "odd"}, *keys]}))
    assert until(lambda: server.status_page()["files"][0]["reloads"] == 1)
    assert code(server, forge.token()) == "accepted"
    assert 'not used: key 1 of 2 in the JWK Set (kid "odd"): key_type_unknown (403)' in server.log()


@pytest.mark.parametrize("form", ["jwk", "pem", "pem_bundle"])
def test_key_file_may_be_a_jwk_or_pem(nginx, forge, form):
    pem = forge.keys["rsa"].pem()
    texts = {"jwk": json.dumps(forge.keys["rsa"].jwk()), "pem": "\n " + pem, "pem_bundle": forge.keys["next"].pem() + pem}
    server = nginx(watched())
    replace(server.directory / "jwks.json", texts[form])
    assert until(lambda: server.status_page()["files"][0]["reloads"] == 1), server.log()
    assert server.bearer(forge.token(), "/").status == 204
    assert server.bearer(forge.token("stranger"), "/").status == 401


def test_cache_forgets_expired_tokens_and_replaced_keys(nginx, forge):
    server = nginx(watched("jot_cache tokens 1000;"))
    short = forge.token(set={"exp": "+2"})
    for _ in range(3):
        assert code(server, short) == "accepted"
    assert server.status_page()["rules"][0]["cache_hits"] == 2
    assert until(lambda: code(server, short) == "expired")
    # Another key under the same kid.
    token = forge.token()
    assert code(server, token) == "accepted"
    replace(server.directory / "jwks.json", forge.jwks("stranger"))
    assert until(lambda: code(server, token) == "signature_invalid")


def test_revoked_tokens_are_refused_at_once(nginx, forge, tmp_path):
    revoked = tmp_path / "revoked.ndjson"
    revoked.write_text('{"jti":"one"}\n')
    server = nginx(watched("jot_revoked_file DIRECTORY/revoked.ndjson; jot_cache tokens 100;"))
    one, two = (forge.token(set={"jti": jti}) for jti in ("one", "two"))
    assert (code(server, one), code(server, two)) == ("jti_revoked", "accepted")
    replace(revoked, '{"jti":"two"}\n{"sub":"bob","issued_before":4102444800}\n')
    assert until(lambda: code(server, two) == "jti_revoked")
    assert code(server, one) == "accepted"
    assert code(server, forge.token(set={"sub": "bob"})) == "sub_revoked"
    replace(revoked, "nonsense\n")
    assert until(lambda: server.status_page()["files"][1]["failed"])
    assert code(server, two) == "jti_revoked"


def test_worker_needs_no_access_to_secrets_that_the_master_read(nginx, forge):
    if os.getuid() != 0:
        pytest.skip("needs root for the master")
    server = nginx(watched(), main="user nobody nogroup;")
    path = server.directory / "jwks.json"
    assert code(server, forge.token()) == "accepted"
    path.write_text(forge.jwks("next"))
    path.chmod(0o600)
    # The workers may not read it, so they keep what they have and say so ...
    assert until(lambda: server.status_page()["files"][0]["failed"])
    assert "Permission denied" in server.log() and code(server, forge.token()) == "accepted"
    # ... until the master reads it for them.
    server.reload()
    assert until(lambda: code(server, forge.token("next")) == "accepted")


def test_doubt_about_a_secret_is_told_once_for_each_state_of_its_file(nginx, forge):
    # The secret that was meant is the one that this text is base64 of.
    spelled = Secret("spelled-1", base64.b64encode(b"a secret that somebody wrote in base64"))
    meant = Secret("spelled-1", base64.b64decode(spelled.secret))
    own = Forge()
    own.keys.update(spelled=spelled, meant=meant)
    server = nginx(watched())
    path = server.directory / "jwks.json"
    told = f'"{path}": a signature does not hold, and the secret looks like base64, which is not decoded'

    def refused(key):
        assert code(server, own.token(key)) == "signature_invalid"
        return server.log().count(told)

    for names in (("rsa", "spelled"), ("spelled", "rsa")):
        before = server.log().count(told)
        replace(path, own.jwks(*names))
        assert until(lambda: code(server, own.token("spelled")) == "accepted" and code(server, own.token()) == "accepted")
        assert [refused(key) for key in ("stranger", "meant", "meant")] == [before, before + 1, before + 1]
        replace(path, own.jwks("rsa"))
        assert until(lambda: code(server, own.token("spelled")) == "kid_unknown")
    log = server.log()
    assert spelled.secret.decode() not in log and meant.secret.decode() not in log
