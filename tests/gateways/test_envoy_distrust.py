"""What Envoy does when accelerated code is wrong."""

import json
import pathlib

import pytest

import envoy_gateway
import planted
from planted import ACCEPTED, DENIED, FAILED, INSANE, UNTESTED, forged


@pytest.fixture(scope="module")
def forge():
    return planted.forge()


@pytest.fixture(scope="module")
def module():
    return pathlib.Path(planted.module_of_envoy()) / "libjot_envoy.so"


@pytest.fixture
def start(guarded, forge, module, monkeypatch):
    """Start an Envoy that takes tokens of these keys."""
    monkeypatch.setattr(envoy_gateway, "MODULE", module)
    # It is set in the environment of the tests, which others begin with.
    monkeypatch.setenv("ENVOY_DYNAMIC_MODULES_SEARCH_PATH", str(module.parent))

    def start(*keys, backend="accelerated", more=()):
        keys = {"inline": json.loads(forge.jwks(*keys))}
        return guarded(keys, algorithms=["ES256", "EdDSA", *more], backend=backend)

    return start


def code(gateway, token):
    answer = gateway.bearer(token)
    return "accepted" if answer.status == 200 else gateway.code_of(answer)


def alerts(gateway):
    return [line for line in gateway.log().splitlines() if "[critical]" in line]


def distrusted(gateway):
    return sum(gateway.stats("jot.distrusted").values())


def test_envoy_tells_each_form_that_was_wrong_once(start, forge):
    gateway = start("ec", "ed")
    bad = forge.token("ec", change="signature_flipped")
    assert [code(gateway, forge.token(key)) for key in ("ec", "ed")] == ["accepted"] * 2
    assert code(gateway, bad) == "signature_invalid"
    assert alerts(gateway) == [] and distrusted(gateway) == 0

    # Every worker is asked, and the process tells it once.
    for _ in range(8):
        assert code(gateway, forged(forge)) == "signature_invalid"
        assert code(gateway, bad) == "signature_invalid"
        assert [code(gateway, forge.token(key)) for key in ("ec", "ed")] == ["accepted"] * 2
    [alert] = alerts(gateway)
    assert "the token was rejected, and aws-lc verifies ES256 alone from now on" in alert and DENIED in alert
    assert distrusted(gateway) == 1

    for _ in range(8):
        assert code(gateway, forged(forge, "ed")) == "signature_invalid"
    [first, second] = alerts(gateway)
    assert first == alert and "verifies EdDSA, Ed25519 alone" in second and "ES256" not in second
    assert distrusted(gateway) == 2 and ACCEPTED not in gateway.log()


def test_envoy_tells_of_a_key_that_was_computed_wrong(start, forge):
    gateway = start("spoiled", "ed")
    for _ in range(8):
        assert [code(gateway, forge.token(key)) for key in ("spoiled", "ed")] == ["accepted"] * 2
        assert code(gateway, forged(forge, "spoiled")) == "signature_invalid"
    [alert] = alerts(gateway)
    assert "did not pass its check" in alert and "verifies ES256 alone" in alert and FAILED in alert
    assert distrusted(gateway) == 1


def test_envoy_tells_of_a_wrong_known_answer(start, forge):
    gateway = start("ec", more=[UNTESTED])
    assert [code(gateway, forge.token("ec")) for _ in range(8)] == ["accepted"] * 8
    [alert] = alerts(gateway)
    assert f"wrong known answer before its first use, and is not used for {UNTESTED} {INSANE}" in alert
    assert distrusted(gateway) == 1


def test_envoy_without_accelerated_code_has_nothing_to_distrust(start, forge):
    gateway = start("ec", "spoiled", backend="aws-lc", more=[UNTESTED])
    assert code(gateway, forged(forge)) == "signature_invalid"
    assert [code(gateway, forge.token(key)) for key in ("ec", "spoiled")] == ["accepted"] * 2
    assert alerts(gateway) == [] and distrusted(gateway) == 0
