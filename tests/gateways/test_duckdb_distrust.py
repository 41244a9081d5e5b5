"""What DuckDB's functions do when accelerated code is wrong."""

import json
import time

import duckdb
import pytest

import planted
from planted import DENIED, FAILED, INSANE, UNTESTED, forged

# More than it takes to earn the tables of a key.
LINES = 2000
NAMES = """SELECT list(v.name) FROM (SELECT jot_verdict(?, token, ?) AS v FROM
    (SELECT unnest(?) AS token))"""


@pytest.fixture(scope="module")
def forge():
    return planted.forge()


@pytest.fixture(scope="module")
def extension(tmp_path_factory):
    return planted.extension_of_duckdb(tmp_path_factory.mktemp("duckdb") / "jot.duckdb_extension")


@pytest.fixture
def judge(extension, forge):
    """Judge tokens by a policy for these keys and algorithms."""
    with duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "1"}) as opened:
        opened.execute(f"LOAD '{extension}'")

        def judge(keys, tokens, *more):
            rules = {"algorithms": ["ES256", "EdDSA", *more], "audience": ["api"], "keys": json.loads(forge.jwks(*keys))}
            opened.execute("SELECT jot_policy('p', ?)", [json.dumps(rules)])
            assert opened.fetchall() == [(len(keys),)]
            return opened.execute(NAMES, ["p", int(time.time()), tokens]).fetchall()[0][0]

        yield judge


def tokens(forge, key):
    return [forge.token(key, set={"n": number}) for number in range(LINES)]


def assert_fails_once(judge, keys, given, words, name, wanted, *more):
    """The first query fails, and the second one has aws-lc's verdicts."""
    with pytest.raises(duckdb.Error, match="run this one again") as failed:
        judge(keys, given, *more)
    assert words in str(failed.value) and name in str(failed.value)
    assert judge(keys, given, *more) == wanted


# What a process distrusts it distrusts for ever, so the order matters: ES256 comes last.
def test_duckdb_tells_of_each_thing_that_was_wrong_once(judge, forge):
    good = tokens(forge, "ed")
    assert judge(["ed"], good) == ["accepted"] * LINES

    words = f"is not used for {UNTESTED}"
    assert_fails_once(judge, ["ed"], good, words, INSANE, ["accepted"] * LINES, UNTESTED)

    bad = [*good, forged(forge, "ed")]
    wanted = ["accepted"] * LINES + ["signature_invalid"]
    assert_fails_once(judge, ["ed"], bad, "verifies EdDSA, Ed25519 alone", DENIED, wanted)

    good = tokens(forge, "spoiled")
    assert_fails_once(judge, ["spoiled"], good, "verifies ES256 alone", FAILED, ["accepted"] * LINES)
    assert judge(["ed"], bad, UNTESTED) == wanted
