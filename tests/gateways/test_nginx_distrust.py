"""What nginx does when accelerated code is wrong."""

import pytest

import planted
from nginx_sites import code, watched
from planted import ACCEPTED, DENIED, FAILED, INSANE, UNTESTED, forged

RULES = "jot_backend accelerated;"
GAUGE = b"jot_distrusting_workers_total %d\n"


@pytest.fixture(scope="module")
def forge():
    return planted.forge()


@pytest.fixture(scope="module")
def module():
    return planted.module_of_nginx()


def start(nginx, tmp_path, forge, module, keys, rules=RULES, algorithms="ES256 EdDSA RS256"):
    """Start an nginx that takes tokens of these keys."""
    (tmp_path / "jwks.json").write_text(forge.jwks("rsa", *keys))
    return nginx(watched(rules).replace("RS256 HS256", algorithms), module=module)


def alerts(server):
    return [line for line in server.log().splitlines() if "[alert]" in line]


def distrusting(server):
    """Return how many workers distrust, which both pages tell alike."""
    count = server.status_page()["distrusting_workers"]
    assert GAUGE % count in server.ask("/jot?format=prometheus").body
    return count


def test_nginx_tells_each_form_that_was_wrong_once(nginx, tmp_path, forge, module):
    server = start(nginx, tmp_path, forge, module, ["ec", "ed"])
    bad = forge.token("ec", change="signature_flipped")
    assert [code(server, forge.token(key)) for key in ("ec", "ed", "rsa")] == ["accepted"] * 3
    assert code(server, bad) == "signature_invalid"
    assert alerts(server) == [] and distrusting(server) == 0

    assert code(server, forged(forge)) == "signature_invalid"
    [alert] = alerts(server)
    assert "the token was rejected, and aws-lc verifies ES256 alone from now on" in alert and DENIED in alert

    for _ in range(3):
        assert code(server, forged(forge)) == "signature_invalid"
        assert code(server, bad) == "signature_invalid"
        assert [code(server, forge.token(key)) for key in ("ec", "ed", "rsa")] == ["accepted"] * 3
    assert alerts(server) == [alert]

    assert code(server, forged(forge, "ed")) == "signature_invalid"
    [first, second] = alerts(server)
    assert first == alert and "verifies EdDSA, Ed25519 alone" in second and "ES256" not in second
    assert code(server, forge.token("ed")) == "accepted" and len(alerts(server)) == 2
    # It is one worker still.
    assert distrusting(server) == 1
    assert ACCEPTED not in server.log()


def test_nginx_tells_of_a_key_that_was_computed_wrong(nginx, tmp_path, forge, module):
    server = start(nginx, tmp_path, forge, module, ["spoiled", "ed"])
    assert [code(server, forge.token(key)) for key in ("spoiled", "ed")] == ["accepted"] * 2
    [alert] = alerts(server)
    assert "did not pass its check" in alert and "verifies ES256 alone" in alert and FAILED in alert
    # From the start on the other code alone is asked.
    assert code(server, forged(forge, "spoiled")) == "signature_invalid"
    assert alerts(server) == [alert] and distrusting(server) == 1
    assert code(server, forged(forge, "ed")) == "signature_invalid"
    assert DENIED in alerts(server)[1] and distrusting(server) == 1


def test_nginx_tells_of_a_wrong_known_answer(nginx, tmp_path, forge, module):
    server = start(nginx, tmp_path, forge, module, ["ec"], algorithms=f"ES256 RS256 {UNTESTED}")
    assert [code(server, forge.token("ec")) for _ in range(3)] == ["accepted"] * 3
    [alert] = alerts(server)
    assert f"wrong known answer before its first use, and is not used for {UNTESTED} {INSANE}" in alert
    assert distrusting(server) == 1
    # Code for other algorithms is in use, and may be wrong as well.
    assert code(server, forged(forge)) == "signature_invalid"
    assert alerts(server)[0] == alert and DENIED in alerts(server)[1] and distrusting(server) == 1


def test_nginx_without_accelerated_code_has_nothing_to_distrust(nginx, tmp_path, forge, module):
    server = start(nginx, tmp_path, forge, module, ["ec", "spoiled"], "", f"ES256 RS256 {UNTESTED}")
    assert code(server, forged(forge)) == "signature_invalid"
    assert [code(server, forge.token(key)) for key in ("ec", "spoiled")] == ["accepted"] * 2
    assert alerts(server) == [] and distrusting(server) == 0
