"""Counts what fetches cost an issuer and its callers, for this package and for PyJWT:

    bindings/python/.venv/bin/python bindings/python/bench/keys.py

Each client follows an issuer on this machine. docs/keys.md has the table.
"""

from __future__ import annotations

import pathlib
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Callable

import jot
import jot.pyjwt
import jwt

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))
from issuer import Issuer, jwks, page, slow

KEYS = [jot.SigningKey.generate("ES256", kid=name) for name in "abc"]
Check = Callable[[str], bool]


def engine(url: str, issuer: str, **options: Any) -> Check:
    """Verify with :class:`jot.Verifier`."""
    seconds = options.get("lifespan", 300)
    keys = jot.RemoteKeys(
        url, allow_loopback=True, proxy="", fresh=seconds, least_fresh=seconds, most_fresh=seconds
    )
    verifier = jot.Verifier(keys, algorithms=["ES256"], issuer=issuer, audience="api")

    def check(token: str) -> bool:
        try:
            return bool(verifier.verify(token))
        except jot.Rejected:
            return False

    return check


def client(module: Any) -> Callable[..., Check]:
    """Verify with the ``PyJWKClient`` of PyJWT, or of this package."""

    def made(url: str, issuer: str, **options: Any) -> Check:
        keys = module.PyJWKClient(url, **options)

        def check(token: str) -> bool:
            try:
                key = keys.get_signing_key_from_jwt(token)
                return bool(module.decode(token, key, algorithms=["ES256"], audience="api", issuer=issuer))
            except module.PyJWTError:
                return False

        return check

    return made


CLIENTS = {"jot.Verifier": engine, "jot.pyjwt": client(jot.pyjwt), f"PyJWT {jwt.__version__}": client(jwt)}


@contextmanager
def issuer_of() -> Iterator[Issuer]:
    """Run an issuer that publishes the first key."""
    with tempfile.TemporaryDirectory() as folder, Issuer(pathlib.Path(folder), tls=False) as issuer:
        issuer.publish(KEYS[0])
        yield issuer


def strangers(issuer: Issuer, count: int) -> list[str]:
    """Return tokens whose ``kid`` nobody knows."""
    jwk = KEYS[2].to_jwk()
    keys = (jot.SigningKey.from_jwk(jwk.replace('"c"', f'"{secrets.token_hex(8)}"')) for _ in range(count))
    return [issuer.token(key) for key in keys]


def flood(make: Any, down: bool) -> str:
    """Count the fetches for 10,000 tokens with random kids."""
    with issuer_of() as issuer:
        check = make(f"{issuer.url}/jwks", issuer.url)
        assert check(issuer.token(KEYS[0]))
        tokens = strangers(issuer, 10_000)
        if down:
            issuer.pages["/jwks"] = page(b"", 503)
        before = issuer.count()
        assert not any(map(check, tokens))
        return f"{issuer.count() - before:,}"


def rotated(make: Any) -> str:
    """Return how long a new key's tokens are refused, asked for ten times in a second."""
    with issuer_of() as issuer:
        check = make(f"{issuer.url}/jwks", issuer.url)
        assert check(issuer.token(KEYS[0]))
        issuer.publish(KEYS[1])
        begin, refused = time.monotonic(), 0
        while not check(issuer.token(KEYS[1])):
            refused += 1
            time.sleep(0.1)
        return f"{refused} refused in {time.monotonic() - begin:.1f} s"


def outage(make: Any) -> str:
    """Count the good tokens that are refused while the issuer is down for 5 seconds."""
    with issuer_of() as issuer:
        check = make(f"{issuer.url}/jwks", issuer.url, lifespan=2)
        token = issuer.token(KEYS[0])
        assert check(token)
        issuer.pages["/jwks"] = page(b"", 503)
        answers = []
        for _ in range(50):
            answers.append(check(token))
            time.sleep(0.1)
        return f"{answers.count(False)} of 50"


def stall(make: Any) -> str:
    """Return the longest wait of a good token while a fetch for another one takes 2 s."""
    with issuer_of() as issuer:
        check = make(f"{issuer.url}/jwks", issuer.url, **({} if make is engine else {"timeout": 5}))
        token, other = issuer.token(KEYS[0]), strangers(issuer, 1)[0]
        assert check(token)
        if make is CLIENTS[f"PyJWT {jwt.__version__}"]:
            time.sleep(30)  # its cool-down begins with any fetch
        issuer.pages["/jwks"] = slow(2, jwks(KEYS[0]))
        thread = threading.Thread(target=check, args=(other,))
        thread.start()
        longest = 0.0
        while thread.is_alive():
            begin = time.monotonic()
            assert check(token)
            longest = max(longest, time.monotonic() - begin)
        return f"{longest * 1000:.0f} ms"


ROWS: list[tuple[str, Callable[[Any], str]]] = [
    ("fetches for 10,000 tokens with random `kid`s", lambda make: flood(make, down=False)),
    ("the same while the issuer answers 503", lambda make: flood(make, down=True)),
    ("tokens of a key that was published a moment ago", rotated),
    ("good tokens refused while the issuer is down for 5 s", outage),
    ("longest wait of a good token while a fetch takes 2 s", stall),
]


def main() -> None:
    """Print the table."""
    print("| | " + " | ".join(CLIENTS) + " |\n|---|" + "--:|" * len(CLIENTS))
    for name, row in ROWS:
        print(f"| {name} | " + " | ".join(row(make) for make in CLIENTS.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
