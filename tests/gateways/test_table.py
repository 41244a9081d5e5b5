"""The one table of requests, through every gateway."""

import json
import pathlib
import re

import pytest

from gateway import ask_http2

CASES = json.loads((pathlib.Path(__file__).parent / "cases.json").read_text())
BEARER = [["Authorization", "Bearer {token}"]]
# What the engine tells a client, by the names of codes.
PAGE = (pathlib.Path(__file__).parents[2] / "docs/error-codes.md").read_text()
WORDS = dict(re.findall(r"^\| \d+ \| `(\w+)` \| [^|]* \| (.+) \|$", PAGE, re.MULTILINE))
WORDS |= {"token_repeated": "There is more than one token."}


def filled(text, tokens):
    for name, token in tokens.items():
        text = text.replace("{" + name + "}", token)
    return text


def asked(gateway, case):
    """Return path and headers of a case, and the tokens that are in them."""
    recipes = {**case.get("tokens", {}), **({"token": case["token"]} if "token" in case else {})}
    recipes = json.loads(json.dumps(recipes).replace("{lists}", gateway.lists or ""))
    tokens = {name: gateway.forge.token(**recipe) for name, recipe in recipes.items()}
    headers = [(name, filled(value, tokens)) for name, value in case.get("headers", BEARER)]
    return filled(case["path"], tokens), headers, tokens


def test_same_answers_by_http2(gateway):
    """Every case at once, as streams of one connection."""
    cases = [case for case in CASES if not case.get(gateway.name, {}).get("skip")]
    requests = []
    for case in cases:
        path, headers, _ = asked(gateway, case)
        headers = [(name.lower(), value.strip()) for name, value in headers]
        requests.append((path, list(split_cookies(headers))))
    answers = ask_http2(gateway.http2_port or gateway.port, requests)
    assert len(answers) == len(cases)
    for case, answer in zip(cases, answers):
        other = case.get(gateway.name, {}).get("status")
        assert answer.status == (other or case["status"]), case["name"]
        if not other and case["status"] != 200:
            refusal(gateway, case, answer)


def split_cookies(headers):
    """HTTP/2 may carry every cookie in a field of its own (RFC 9113 §8.2.3)."""
    for name, value in headers:
        yield from [(name, part) for part in (value.split("; ") if name == "cookie" else [value])]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(gateway, case):
    other = case.get(gateway.name, {})
    if other.get("skip"):
        pytest.skip(other["why"])
    path, headers, tokens = asked(gateway, case)
    answer = gateway.ask(path, headers)

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
    if case["status"] == 503:
        # It is not the token that is at fault.
        assert challenge is None
        return
    assert challenge and challenge["realm"]
    expected = case.get("challenge")
    if expected is not None:
        assert {name: challenge.get(name) for name in ("error", "scope")} == {
            name: expected.get(name) for name in ("error", "scope")
        }
        assert ("error_description" in challenge) == ("error" in expected)
    if "error" in challenge:
        # `Answer.challenge` takes every comma for that of a list.
        assert challenge["error_description"] == WORDS[code].replace(", ", "; ")


def test_names_are_unique():
    assert len({case["name"] for case in CASES}) == len(CASES)
