"""Audits: what stands in their columns, whatever the rows come in."""

from __future__ import annotations

import base64
import json
import os
import pathlib
import pickle
import subprocess
from typing import Any

import jot
import jot.audit
import pyarrow
import pyarrow.parquet
import pytest
from conftest import NOW

DAY = 86_400


def dated(key: jot.SigningKey, **bounds: int) -> dict[str, Any]:
    """A key as a JWK with its dates."""
    (jwk,) = json.loads(key.public_keys().to_jwks())["keys"]
    return {**jwk, **bounds}


@pytest.fixture(scope="module")
def old() -> jot.SigningKey:
    return jot.SigningKey.generate("ES256", kid="k")


@pytest.fixture(scope="module")
def new() -> jot.SigningKey:
    return jot.SigningKey.generate("ES256", kid="k")


@pytest.fixture(scope="module")
def audit(old: jot.SigningKey, new: jot.SigningKey) -> jot.audit.Audit:
    """An issuer whose key was replaced at NOW under its old name, and another."""
    keys = {"keys": [dated(old, nbf=NOW - DAY, exp=NOW), dated(new, nbf=NOW)]}
    sets = {
        "https://a": old.public_keys(),
        "https://b": jot.KeySet.from_jwks(keys, dated=True),
    }
    return jot.audit.Audit(sets, algorithms=["ES256"], leeway=5, keep=["row"])


def rows(old: jot.SigningKey, new: jot.SigningKey) -> list[tuple[Any, int, tuple[Any, ...]]]:
    """Tokens, when they were used, and name, issuer, subject, jti, key_state."""
    claims = {"iss": "https://b", "sub": "alice", "exp": NOW + 9 * DAY}
    first, second = jot.encode({**claims, "jti": "1"}, old), jot.encode(claims, new)
    stranger = jot.SigningKey.generate("ES256", kid="?")
    told = ("https://b", "alice")
    return [
        (first, NOW - 1, ("accepted", *told, "1", "active")),
        (first, NOW, ("accepted", *told, "1", "retired")),
        (first, NOW + 5, ("key_retired", *told, "1", "retired")),
        (first, NOW - DAY - 9, ("key_not_yet_valid", *told, "1", "not_yet_valid")),
        (second, NOW - 1, ("accepted", *told, None, "not_yet_valid")),
        (second, NOW + 9 * DAY + 5, ("expired", *told, None, "active")),
        (
            jot.encode({**claims, "iss": "https://a"}, old),
            NOW + DAY,
            ("accepted", "https://a", "alice", None, "active"),
        ),
        (jot.encode({**claims, "aud": "x"}, new), NOW, ("aud_unexpected", *told, None, "active")),
        (jot.encode(claims, stranger), NOW, ("kid_unknown", None, None, None, "unknown")),
        (first[:-4] + "AAAA", NOW, ("signature_invalid", None, None, None, None)),
        (None, NOW, ("token_null", None, None, None, None)),
        ("garbage", NOW, ("token_segments", None, None, None, None)),
    ]


def test_keys_tell_their_dates(new: jot.SigningKey) -> None:
    jwk = dated(new, nbf=-5, exp=NOW)
    told = [jot.KeySet.from_jwk(jwk, dated=how)[0] for how in (True, False)]
    assert [(key.not_before, key.expires_at) for key in told] == [(-5, NOW), (None, None)]


COLUMNS = ("name", "issuer", "subject", "jti", "key_state")


def test_rows_tell_whose_tokens_and_which_keys(
    audit: jot.audit.Audit, old: jot.SigningKey, new: jot.SigningKey
) -> None:
    tokens, times, wanted = zip(*rows(old, new))
    given = pyarrow.table({"token": tokens, "time": times, "row": range(len(tokens))})
    single = given.to_batches()[0]
    for audited in (audit, pickle.loads(pickle.dumps(audit))):
        found = audited.judge(single)
        assert found.schema == audited.schema(given.schema)
        assert list(zip(*(found.column(name).to_pylist() for name in COLUMNS))) == list(wanted)
    chunked = pyarrow.concat_tables([given[:5], given[5:5], given[5:]])
    judged = audit.judge(chunked)
    assert judged.to_pylist() == found.to_pylist()
    judged.validate(full=True)
    assert audit.judge(given[:0]).schema == audit.schema(given.schema)


def test_table_is_judged_by_and_by(
    audit: jot.audit.Audit, old: jot.SigningKey, new: jot.SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jot.audit, "_ROWS", 5)
    tokens, times, wanted = zip(*rows(old, new))
    found = audit.judge(pyarrow.table({"token": tokens, "time": times, "row": range(len(tokens))}))
    assert list(zip(*(found.column(name).to_pylist() for name in COLUMNS))) == list(wanted)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_sole_keys_and_timestamps(unit: str, new: jot.SigningKey) -> None:
    keys = jot.KeySet.from_jwks({"keys": [dated(new, exp=NOW)]}, dated=True)
    audit = jot.audit.Audit(keys, algorithms=["ES256"], token="t", time="at")
    token = jot.encode({"exp": NOW + 9, "sub": "s"}, new)
    times = pyarrow.array([NOW - 1, NOW], pyarrow.timestamp("s", "UTC")).cast(pyarrow.timestamp(unit, "UTC"))
    found = audit.judge(pyarrow.record_batch({"t": [token, token], "at": times}))
    assert found.column("key_state").to_pylist() == ["active", "retired"]
    assert found.column("subject").to_pylist() == ["s", "s"]
    assert found.column("issuer").to_pylist() == [None, None]


def made_up(old: jot.SigningKey, new: jot.SigningKey) -> list[str]:
    """Tokens with headers that readers of JSON and base64 take in different ways."""

    def segment(content: str) -> str:
        octets = content.encode("utf-8", "surrogateescape")
        return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()

    def of(header: str) -> str:
        return f"{segment(header)}.{segment('{}')}.AA"

    own = jot.encode({"iss": "https://b", "exp": NOW + 9}, old)
    plain = '{"alg":"ES256","kid":"k"}'
    headers = [
        '{"alg":"none","kid":"k"}',
        '{"alg":"nOnE"}',
        '{"alg":"HS256","kid":"k"}',
        '{"alg":"ES256","kid":7}',
        '{"alg":["ES256"],"kid":"k"}',
        '{"alg":null,"kid":null}',
        '{"alg":"ES256","kid":"k","typ":1}',
        '{"alg":"ES256","kid":"k","crit":["x"]}',
        # Repeated members.
        '{"alg":"ES256","kid":"k","alg":"none"}',
        '{"alg":"ES256","kid":"k","k\\u0069d":"l"}',
        '{"alg":"ES256","kid":"k","x":1,"x":2}',
        # Escapes.
        '{"\\u0061lg":"ES256","kid":"\\u00e9\\n\\""}',
        '{"alg":"ES256","kid":"\\ud83d\\ude00"}',
        '{"alg":"ES256","kid":"\\ud800"}',
        # What Python's reader takes and RFC 8259 does not.
        '{"alg":"ES256","kid":"k","x":NaN}',
        '{"alg":"ES256","kid":"k","x":Infinity}',
        '\ufeff{"alg":"ES256","kid":"k"}',
        '{"alg":"ES256","kid":"\udcff"}',
        '{"alg":"ES256","kid":"k"} x',
        '["ES256"]',
        '"ES256"',
        "{}",
        "",
        '{"alg":"ES256","x":' + "[" * 31 + "]" * 31 + "}",
        '{"alg":"ES256","x":' + "[" * 32 + "]" * 32 + "}",
        json.dumps({"alg": "ES256", "kid": "é" * 300}, ensure_ascii=False),
        json.dumps({"alg": "x" * 300, "kid": "k" * 256}),
        json.dumps({"alg": "ES256", "kid": "k", "x": "x" * 9000}),
    ]
    segments = [
        # Unused bits, padding, the other alphabet, white space.
        segment('{"alg":"ES256","kid":"kk"}')[:-1] + "1",
        segment(plain) + "=",
        segment('{"alg":"ES256","kid":"\U0001f5ff\xff"}').replace("-", "+").replace("_", "/"),
        segment(plain)[:8] + "\n" + segment(plain)[8:],
        segment(plain)[:-1],
    ]
    return [
        own,
        own[:-4] + "AAAA",
        jot.encode({"iss": "https://b", "exp": NOW - 9}, old),
        jot.encode({"iss": "https://b", "exp": NOW + 9, "aud": "x"}, new),
        *map(of, headers),
        *(f"{part}.{segment('{}')}.AA" for part in segments),
        # JWE, and tokens that were cut.
        segment('{"alg":"dir","enc":"A128GCM","kid":"k"}') + "..a.b.c",
        *(own[:length] for length in (1, 9, 30, len(own.split(".")[0]), len(own.rsplit(".", 1)[0]), -1)),
        f"{own}...",
        f"{own}.x",
        f"{segment(plain)}.{'x' * 70_000}",
        json.dumps({"payload": "e30", "signatures": []}),
    ]


def test_rows_of_made_up_headers_are_those_of_jotctl(
    old: jot.SigningKey, new: jot.SigningKey, tmp_path: pathlib.Path
) -> None:
    keys = {"keys": [dated(old, nbf=NOW - DAY, exp=NOW), dated(new, nbf=NOW)]}
    (tmp_path / "b.json").write_text(json.dumps(keys))
    audit = jot.audit.Audit({"https://b": jot.KeySet.from_jwks(keys, dated=True)}, algorithms=["ES256"])
    tokens = made_up(old, new)
    # Once at NOW, once before it, and once at nobody knows when.
    table = pyarrow.table(
        {
            "token": tokens * 3,
            "time": pyarrow.array([at for at in (NOW, NOW - 1, None) for _ in tokens], pyarrow.int64()),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "log.parquet")
    judged = audit.judge(table)
    out = tmp_path / "rows.parquet"
    arguments = ["--keys", f"https://b={tmp_path / 'b.json'}", "--alg", "ES256", "--out", str(out), "--quiet"]
    arguments += ["--time", "time"]
    done = subprocess.run(
        [os.environ["JOTCTL"], "audit", str(tmp_path / "log.parquet"), *arguments],
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    theirs = pyarrow.parquet.read_table(out)
    assert theirs.num_rows == judged.num_rows
    for field in jot.audit.verdict_fields():
        wanted = theirs.column(field.name).cast(field.type).to_pylist()
        for row, (one, other) in enumerate(zip(judged.column(field.name).to_pylist(), wanted)):
            assert one == other, (field.name, tokens[row % len(tokens)][:200])
    timeless = judged.slice(2 * len(tokens)).to_pylist()
    assert timeless[0]["code"] == timeless[2]["code"] == jot.Code.TIME_UNKNOWN == 695
    assert not any(row["valid_at_use"] for row in timeless)
    assert {row["used_at"] for row in timeless} == {row["time_ok"] for row in timeless} == {None}
    told = set(zip(judged.column("alg").to_pylist(), judged.column("kid").to_pylist()))
    read = [("none", "k"), ("ES256", None), ("ES256", "😀"), ("dir", "k"), (None, None), ("ES256", "é" * 256)]
    assert told >= set(read)
    assert {"active", "retired", "not_yet_valid", None} <= set(judged.column("key_state").to_pylist())
