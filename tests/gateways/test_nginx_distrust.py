"""What nginx does when accelerated code accepts what is no signature."""

import os
import subprocess

import pytest

from forge import encode
from nginx_gateway import ROOT
from nginx_sites import code, watched

# What the planted code accepts (src/crypto/accel/planted.rs).
PLANTED = encode(b"\x2a" * 64)
ALERT = "(backend_disagreement)"


@pytest.fixture(scope="module")
def planted():
    """Build the module with the library that test-c.sh plants faults in, and return its path."""
    own = {name: value for name, value in os.environ.items() if name not in ("CFLAGS", "MAKEFLAGS")}

    def run(*command):
        done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    run("scripts/lib.sh", "--cfg", "jot_planted")
    library = f"{run('scripts/target-dir.sh')}/debug/libjot.a"
    # A release has no such fault, and none of its names.
    assert "jot_plant_panic" in run("nm", "-g", "--defined-only", library)
    make = ["make", "-s", "-j2", "-C", "bindings/nginx", "CFLAGS=-O0", "BUILD=build/planted"]
    return run(*make, f"JOT_LIB={library}").splitlines()[-1]


def forged(forge):
    return forge.token("ec").rsplit(".", 1)[0] + "." + PLANTED


def alerts(server):
    return [line for line in server.log().splitlines() if ALERT in line]


def test_nginx_tells_once_of_code_that_was_wrong_and_verifies_without_it(nginx, forge, planted):
    rules = watched("jot_backend accelerated;").replace("RS256 HS256", "ES256 RS256")
    server = nginx(rules, module=planted)
    good, bad = forge.token("ec"), forge.token("ec", change="signature_flipped")
    assert code(server, good) == "accepted" and code(server, bad) == "signature_invalid"
    assert alerts(server) == [] and server.status_page()["distrusting_workers"] == 0

    assert code(server, forged(forge)) == "signature_invalid"
    [alert] = alerts(server)
    assert "[alert]" in alert and "the token was rejected, and aws-lc verifies alone from now on" in alert
    assert PLANTED not in server.log()

    for _ in range(3):
        assert code(server, forged(forge)) == "signature_invalid"
        assert code(server, forge.token("ec")) == "accepted"
        assert code(server, forge.token()) == "accepted"
        assert code(server, bad) == "signature_invalid"
    assert len(alerts(server)) == 1
    assert server.status_page()["distrusting_workers"] == 1
    assert b"jot_distrusting_workers_total 1\n" in server.ask("/jot?format=prometheus").body


def test_nginx_without_accelerated_code_has_nothing_to_distrust(nginx, forge, planted):
    server = nginx(watched().replace("RS256 HS256", "ES256"), module=planted)
    assert code(server, forged(forge)) == "signature_invalid" and code(server, forge.token("ec")) == "accepted"
    assert alerts(server) == [] and server.status_page()["distrusting_workers"] == 0
