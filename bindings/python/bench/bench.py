"""Measures the Python package beside PyJWT and beside the engine in Rust.

    bench.py TWIN PAGE

TWIN is the program of twin.rs, PAGE the page whose section between the marks of
``python`` is written anew. Every subject must accept what is sound and refuse
what is not before it is timed.
"""

from __future__ import annotations

import json
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any, Callable

import jot
import jot.pyjwt
import jwt
import pyarrow
import pyarrow.compute
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

BEGIN, END = "<!-- python:begin -->", "<!-- python:end -->"
ISSUER, AUDIENCE = "https://issuer.example/realms/main", "api"
NOW = int(time.time())
TOKENS = 64
WINDOWS, TURNS = 40, 192
ROWS, BATCHES = 100_000, 9


def claims(number: int) -> dict[str, Any]:
    """Return a Claims Set of about 330 bytes."""
    return {
        "iss": ISSUER,
        "sub": f"user-{number:08}",
        "aud": AUDIENCE,
        "exp": NOW + 3600,
        "iat": NOW - 5,
        "nbf": NOW - 5,
        "jti": f"{number:032x}",
        "scope": "openid profile read:orders write:orders",
        "azp": "web-application",
        "name": "Alice Example",
        "email": f"alice.{number}@example.org",
        "roles": ["user", "editor", "audit"],
    }


class Singles:
    """Ways to verify one RS256 token."""

    def __init__(self) -> None:
        self.key = jot.SigningKey.generate("RS256", kid="2026-01")
        keys = self.key.public_keys()
        rules: dict[str, Any] = {"algorithms": ["RS256"], "issuer": ISSUER, "audience": AUDIENCE}
        self.plain, self.cached = jot.Verifier(keys, **rules), jot.Verifier(keys, cache_entries=1000, **rules)
        self.public = serialization.load_pem_public_key(keys.to_pem().encode())
        self.tokens = [jot.encode(claims(number), self.key) for number in range(TOKENS)]
        self.parts = {token: self.cut(token) for token in self.tokens}

    @staticmethod
    def cut(token: str) -> tuple[bytes, bytes]:
        return token.rsplit(".", 1)[0].encode(), jot.decode_unverified(token).signature

    def bare(self, token: str) -> None:
        body, signature = self.parts.get(token) or self.cut(token)
        self.public.verify(signature, body, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg,arg-type]

    def ways(self) -> dict[str, Callable[[str], Any]]:
        rules: dict[str, Any] = {"algorithms": ["RS256"], "issuer": ISSUER, "audience": AUDIENCE}
        return {
            "`cryptography`: the signature alone": self.bare,
            "`jwt.decode` (PyJWT)": lambda token: jwt.decode(token, self.public, **rules),
            "`jot.pyjwt.decode`": lambda token: jot.pyjwt.decode(token, self.public, **rules),
            "`verify`": self.plain.verify,
            "`verify`, and reading a claim": lambda token: self.plain.verify(token)["sub"],
            "`verify`, cached": self.cached.verify,
            "`verify`, cached, and reading a claim": lambda token: self.cached.verify(token)["sub"],
        }

    def check(self) -> None:
        other = jot.SigningKey.generate("RS256", kid="2026-01")
        bad = [self.tokens[0][:-8] + "AAAAAAAA", jot.encode(claims(0), other)]
        wrong = [{"exp": NOW - 1}, {"aud": "x"}, {"iss": "x"}, {"nbf": NOW + 900}]
        lies = [jot.encode({**claims(0), **change}, self.key) for change in wrong]
        for name, way in self.ways().items():
            for token in self.tokens:
                way(token)
            for token in bad if "cryptography" in name else [*bad, *lies]:
                try:
                    way(token)
                except (jot.Rejected, jwt.PyJWTError, jot.pyjwt.PyJWTError, InvalidSignature):
                    continue
                raise SystemExit(f"bench: {name} accepts what is not sound")
        for token, number in zip(self.tokens, range(TOKENS)):
            if (
                not dict(self.plain.verify(token))
                == claims(number)
                == jwt.decode(token, self.public, ["RS256"], audience=AUDIENCE)
            ):
                raise SystemExit("bench: the claims differ")

    def measure(self) -> dict[str, float]:
        """Microseconds of CPU time; the ways take turns in short windows."""
        ways = list(self.ways().items())
        times: dict[str, list[float]] = {name: [] for name, _ in ways}
        for window in range(WINDOWS):
            first = window % len(ways)
            for name, way in ways[first:] + ways[:first]:
                tokens = self.tokens * (TURNS // TOKENS)
                began = time.thread_time_ns()
                for token in tokens:
                    way(token)
                times[name].append((time.thread_time_ns() - began) / len(tokens) / 1000)
        return {name: statistics.median(found) for name, found in times.items()}


def batch(alg: str, twin: str, threads: int) -> tuple[float, float, float]:
    """Return seconds in Rust and in Python, and the median of their ratios."""
    key = jot.SigningKey.generate(alg, kid="2026-01")
    keys = key.public_keys()
    tokens = [jot.encode(claims(number), key) for number in range(ROWS)]
    column = pyarrow.array(tokens)
    verifier = jot.Verifier(keys, algorithms=[alg], issuer=ISSUER, audience=AUDIENCE)
    with tempfile.TemporaryDirectory() as folder:
        jwks, lines = pathlib.Path(folder, "jwks.json"), pathlib.Path(folder, "tokens.txt")
        jwks.write_text(
            keys.to_jwks() if alg != "HS256" else json.dumps({"keys": [json.loads(key.to_jwk())]})
        )
        lines.write_text("\n".join(tokens))
        command = [twin, str(jwks), str(lines), alg, str(NOW), str(threads)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as rust:
            assert rust.stdin is not None
            assert rust.stdout is not None
            theirs, ours = [], []
            for round_ in range(BATCHES):
                for turn in range(2):
                    if (turn + round_) % 2:
                        rust.stdin.write("go\n")
                        rust.stdin.flush()
                        seconds, accepted = rust.stdout.readline().split()
                        theirs.append(float(seconds))
                    else:
                        began = time.perf_counter()
                        found = verifier.verify_batch(column, now=NOW, threads=threads)
                        ours.append(time.perf_counter() - began)
                        accepted = str(pyarrow.compute.sum(found.column("accepted")).as_py())
                    if accepted != str(ROWS):
                        raise SystemExit(f"bench: {accepted} of {ROWS} tokens were accepted")
            rust.stdin.close()
    ratio = statistics.median(our / their for our, their in zip(ours[1:], theirs[1:]))
    return statistics.median(theirs[1:]), statistics.median(ours[1:]), ratio


def text(twin: str) -> str:
    """Measure, and write the section."""
    singles = Singles()
    singles.check()
    alone = singles.measure()
    wanted = {"`verify`": "<= 25", "`verify`, cached": "<= 4"}
    lines = [
        BEGIN,
        "## Python",
        "",
        "Written by `bindings/python/bench/bench.py`, which `make bench` runs. "
        f"Python {platform.python_version()}, PyJWT {jwt.__version__}; RS256 tokens of "
        f"{len(singles.tokens[0])} bytes, {TOKENS} of them in turn; microseconds of CPU time of one thread, "
        f"medians over {WINDOWS} windows in which all take turns.",
        "",
        "| one token | µs | wanted |",
        "|---|--:|--:|",
        *(f"| {name} | {micros:.1f} | {wanted.get(name, '')} |" for name, micros in alone.items()),
        "",
        f"`verify_batch` of {ROWS:,} different tokens in a pyarrow column, beside `Batch::verify` in Rust over "
        "the same tokens in the same layout, which take turns. Python's share includes making the "
        "RecordBatch with its eleven columns. HS256 is the harder one: the cheaper the signature, the more "
        "the rest is of the whole.",
        "",
        "| tokens | threads | Rust, s | Python, s | Python over Rust | wanted |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for alg, threads in (("ES256", 2), ("HS256", 2), ("HS256", 1)):
        rust, python, ratio = batch(alg, twin, threads)
        over = f"{(ratio - 1) * 100:+.1f} %"
        lines.append(f"| {alg} | {threads} | {rust:.3f} | {python:.3f} | {over} | <= 3 % |")
    return "\n".join([*lines, END])


def main() -> None:
    """Measure and write."""
    twin, page = sys.argv[1], pathlib.Path(sys.argv[2])
    made, before = text(twin), page.read_text()
    if BEGIN in before:
        head, _, rest = before.partition(BEGIN)
        page.write_text(head + made + rest.partition(END)[2])
    else:
        page.write_text(before.rstrip() + "\n\n" + made + "\n")
    print(made)


if __name__ == "__main__":
    main()
