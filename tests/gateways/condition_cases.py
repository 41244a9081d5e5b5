"""The conditions of the table that all languages share, for gateways."""

import base64
import json
import re
import time

from nginx_gateway import ROOT

WORD = re.compile(r'"(?:\\.|[^"\\])*"|[^ ]+')
TEXTS = ("prefix", "regex")


def payload_of(token):
    """Return the JSON of a token's claims with dates that are good now."""
    part = token.split(".")[1]
    text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    now = int(time.time())
    dates = {"iat": now - 10, "nbf": now - 10, "exp": now + 3600}
    return re.sub(r'"(iat|nbf|exp)":\d+', lambda found: f'"{found[1]}":{dates[found[1]]}', text)


def cases():
    """Return id, conditions, claims and code of each case that is about conditions alone."""
    table = json.loads((ROOT / "tests/cases/tokens.json").read_text())
    found = [case for case in table if set(case["policy"]) == {"algorithms", "claims"}]
    return [(case["id"], tuple(case["policy"]["claims"]), payload_of(case["token"]), case["code"]) for case in found]


def plain(word):
    """Return what a word says: a JSON string its characters, any other itself."""
    return json.loads(word) if word.startswith('"') else word


def words(condition):
    """Return the name and the words of a condition."""
    [name, *rest] = WORD.findall(condition)
    return plain(name), rest


def for_nginx(condition):
    """Write a condition as a directive, each word quoted."""
    name, rest = words(condition)
    escaped = (word.replace("\\", "\\\\").replace("'", "\\'") for word in (name, *rest))
    quoted = " ".join(f"'{word}'" for word in escaped)
    return f"jot_require_claim {quoted} error=401;"


def for_envoy(condition):
    """Write a condition as an entry of require_claims."""
    name, rest = words(condition)
    parts = [part.replace("~1", "/").replace("~0", "~") for part in name.split("/")[1:]]
    entry = {"claim": parts if name.startswith("/") else name}
    negated = rest[0] == "not"
    [test, *operands] = rest[1:] if negated else rest
    values = [plain(word) if test in TEXTS else value(word) for word in operands]
    single = values[0] if values and test != "any_of" and (test != "contains" or len(values) == 1) else values
    condition = {test: single if operands else True}
    return entry | ({"not": condition} if negated else condition)


def value(word):
    """Return the value that a word is as an operand."""
    try:
        return json.loads(word)
    except ValueError:
        return word
