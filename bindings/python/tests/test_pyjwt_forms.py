"""What the facade and the real PyJWT write, and read of each other."""

from __future__ import annotations

import datetime
import inspect
import json
import re
from typing import Any

import jot
import jot.pyjwt
import jwt
import pytest
from conftest import ROOT
from pyjwt_forge import GOOD, KEYS, NOW, SECRET, jwk, private_pem, public_pem

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

ALGORITHMS = ["HS256", "HS384", "HS512", *KEYS]


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("form", ["pem", "object"])
def test_each_reads_the_tokens_of_the_other(alg: str, form: str) -> None:
    claims = {"sub": "alice", "exp": NOW + 3600, "n": [1, 2.5, None, "é"]}
    private: Any = SECRET
    public: Any = SECRET
    if not alg.startswith("HS"):
        private = private_pem(KEYS[alg]) if form == "pem" else KEYS[alg]
        public = public_pem(KEYS[alg]).decode() if form == "pem" else KEYS[alg].public_key()
    for one, other in ((jwt, jot.pyjwt), (jot.pyjwt, jwt), (jot.pyjwt, jot.pyjwt)):
        token = one.encode(claims, private, algorithm=alg, headers={"kid": "k"})
        assert other.decode(token, public, algorithms=[alg]) == claims
        assert other.get_unverified_header(token) == {"alg": alg, "typ": "JWT", "kid": "k"}


def test_header_is_what_pyjwt_writes() -> None:
    for headers in (None, {}, {"kid": "1"}, {"typ": None}, {"typ": "at+jwt"}, {"alg": "HS384"}, {"x": [1]}):
        real, ours = (
            module.get_unverified_header(module.encode({"a": 1}, SECRET, headers=headers))
            for module in (jwt, jot.pyjwt)
        )
        assert ours == real


def test_dates_and_encoders_are_written_alike() -> None:
    class Encoder(json.JSONEncoder):
        def default(self, o: Any) -> Any:
            return sorted(o) if isinstance(o, set) else super().default(o)

    claims = {"exp": datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc), "s": {2, 1}, "é": "ü"}
    real, ours = (
        module.encode(claims, SECRET, json_encoder=Encoder, headers={"h": {3}}) for module in (jwt, jot.pyjwt)
    )
    assert ours.split(".")[1] == real.split(".")[1]
    assert jot.pyjwt.get_unverified_header(ours) == jwt.get_unverified_header(real)
    assert isinstance(claims["exp"], datetime.datetime)


def test_detached_payload_goes_both_ways() -> None:
    for one, other in ((jwt, jot.pyjwt), (jot.pyjwt, jwt)):
        for headers, detached in (({"b64": False}, False), (None, True)):
            token = one.PyJWS().encode(
                b'{"a":1}', SECRET, algorithm="HS256", headers=headers, is_payload_detached=detached
            )
            assert token.split(".")[1] == ""
            assert other.decode(token, SECRET, algorithms=["HS256"], detached_payload=b'{"a":1}') == {"a": 1}
            for payload, raised in ((b'{"a":2}', "InvalidSignatureError"), (None, "DecodeError")):
                for module in (jwt, jot.pyjwt):
                    with pytest.raises(getattr(module, raised)):
                        module.decode(token, SECRET, algorithms=["HS256"], detached_payload=payload)


@pytest.mark.parametrize("alg", ["RS256", "ES256", "ES512", "EdDSA"])
def test_jwk_and_jwk_set_are_read_alike(alg: str) -> None:
    token = jwt.encode({"a": 1}, KEYS[alg], algorithm=alg)
    data = jwk(alg)
    for module in (jwt, jot.pyjwt):
        key = module.PyJWK(data)
        assert (key.key_id, key.key_type, key.public_key_use) == (f"kid-{alg}", data["kty"], data.get("use"))
        assert key.algorithm_name == alg
        assert module.decode(token, key) == module.decode(token, key, algorithms=[alg]) == {"a": 1}
        assert module.decode(token, key.key, algorithms=[alg]) == {"a": 1}
        keys = module.PyJWKSet.from_json(json.dumps({"keys": [{"kty": "X"}, data]}))
        assert [one.key_id for one in keys] == [f"kid-{alg}"] and module.decode(
            token, keys[f"kid-{alg}"]
        ) == {"a": 1}
        with pytest.raises(KeyError):
            keys["gone"]
        with pytest.raises(module.InvalidAlgorithmError):
            module.decode(GOOD, key)
        with pytest.raises(module.InvalidAlgorithmError):
            module.decode(token, key, algorithms=["HS256"])


def test_algorithm_classes_read_a_jwk() -> None:
    token = jwt.encode({"a": 1}, KEYS["RS256"], algorithm="RS256")
    for module in (jwt, jot.pyjwt):
        read = module.algorithms.RSAAlgorithm.from_jwk
        for form in (jwk("RS256"), json.dumps(jwk("RS256"))):
            assert module.decode(token, read(form), algorithms=["RS256"]) == {"a": 1}
        for wrong in (jwk("ES256"), "nonsense"):
            with pytest.raises(module.InvalidKeyError):
                read(wrong)


def test_names_and_trees_of_exceptions_are_those_of_pyjwt() -> None:
    for name, real in vars(jwt.exceptions).items():
        if inspect.isclass(real) and issubclass(real, Exception):
            ours = getattr(jot.pyjwt.exceptions, name)
            assert [base.__name__ for base in ours.__mro__] == [base.__name__ for base in real.__mro__], name
    assert [name for name in jwt.__all__ if not hasattr(jot.pyjwt, name)] == []
    assert jot.pyjwt.__version__ == jwt.__version__


def test_failures_of_other_programs_stand_in_the_tables() -> None:
    """Every reason in the list that scripts/pyjwt_world.py checks is a line of the page."""
    page = (ROOT / "docs" / "pyjwt.md").read_text()
    tables = {
        "unsafe": "### Rejected because it is unsafe",
        "unsupported": "### Not supported",
        "internals": "### PyJWT's internals",
    }
    listed = (ROOT / "tests" / "pyjwt" / "failures.txt").read_text()
    reasons = re.findall(r"^\[(\w+)\] (.+)$", listed, flags=re.M)
    assert {table for table, _ in reasons} == set(tables)
    for table, reason in reasons:
        section = page[page.index(tables[table]) :].split("\n###")[0]
        assert f"\n| {reason} |" in section, reason


def test_refusal_carries_the_reason_of_the_engine() -> None:
    with pytest.raises(jot.pyjwt.InvalidSignatureError) as caught:
        jot.pyjwt.decode(GOOD[:-3] + "AAA", SECRET, algorithms=["HS256"])
    cause = caught.value.__cause__
    assert isinstance(cause, jot.Rejected) and cause.code == jot.Code.SIGNATURE_INVALID


@pytest.mark.parametrize("function", ["decode", "decode_complete", "encode"])
def test_arguments_stand_in_the_same_order(function: str) -> None:
    real, ours = (inspect.signature(getattr(module, function)).parameters for module in (jwt, jot.pyjwt))
    assert list(real) == list(ours)
    assert {name for name, one in real.items() if one.default is inspect.Parameter.empty} == {
        name for name, one in ours.items() if one.default is inspect.Parameter.empty
    }


PROGRAM = """
def issue(user, minutes=5):
    now = datetime.datetime.now(tz=datetime.timezone.utc)
    claims = {"sub": user, "iat": now, "exp": now + datetime.timedelta(minutes=minutes), "aud": ["web"]}
    return jwt.encode(claims, SECRET, algorithm="HS256", headers={"kid": "main"})

def login(token):
    try:
        assert jwt.get_unverified_header(token)["kid"] == "main"
        return jwt.decode(token, SECRET, algorithms=["HS256"], audience="web", leeway=10,
                          options={"require": ["exp", "sub"]})["sub"]
    except jwt.ExpiredSignatureError:
        return "expired"
    except jwt.InvalidAudienceError:
        return "not for us"
    except jwt.exceptions.InvalidTokenError as error:
        return f"invalid: {error}"

result = [login(issue("alice")), login(issue("alice", -5)), login("x"), login(issue("alice")[:-2] + "AA"),
          login(jwt.encode({"sub": "a", "exp": 4102444800, "aud": "x"}, SECRET, headers={"kid": "main"}))]
"""


def test_ordinary_program_runs_unchanged() -> None:
    results = []
    for module in (jwt, jot.pyjwt):
        names: dict[str, Any] = {"jwt": module, "datetime": datetime, "SECRET": SECRET}
        exec(PROGRAM, names)
        results.append(names["result"])
    assert results[0] == results[1]
    assert results[1][:2] == ["alice", "expired"] and results[1][4] == "not for us"
