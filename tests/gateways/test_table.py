"""The one table of requests, through every gateway."""

import json
import pathlib

import pytest

CASES = json.loads((pathlib.Path(__file__).parent / "cases.json").read_text())
BEARER = [["Authorization", "Bearer {token}"]]


def filled(text, tokens):
    for name, token in tokens.items():
        text = text.replace("{" + name + "}", token)
    return text


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(gateway, case):
    other = case.get(gateway.name, {})
    if other.get("skip"):
        pytest.skip(other["why"])
    recipes = {**case.get("tokens", {}), **({"token": case["token"]} if "token" in case else {})}
    tokens = {name: gateway.forge.token(**recipe) for name, recipe in recipes.items()}
    headers = [(name, filled(value, tokens)) for name, value in case.get("headers", BEARER)]
    answer = gateway.ask(filled(case["path"], tokens), headers)

    assert answer.status == other.get("status", case["status"]), answer.body
    if other.get("status"):
        return
    if case["status"] != 200:
        refusal(gateway, case, answer)
        return
    seen = answer.upstream()
    for name, value in {**case.get("upstream", {}), **other.get("upstream", {})}.items():
        assert seen.get(name) == (value and filled(value, tokens)), name


def refusal(gateway, case, answer):
    code = gateway.code_of(answer)
    if code is None:
        return
    assert code == case.get("code", code)
    challenge = answer.challenge()
    assert challenge and challenge["realm"]
    expected = case.get("challenge")
    if expected is not None:
        assert {name: challenge.get(name) for name in ("error", "scope")} == {
            name: expected.get(name) for name in ("error", "scope")
        }
        assert ("error_description" in challenge) == ("error" in expected)


def test_names_are_unique():
    assert len({case["name"] for case in CASES}) == len(CASES)
