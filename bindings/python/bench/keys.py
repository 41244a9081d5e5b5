"""Counts what fetches cost an issuer and its callers, for this package and for PyJWT:

    bindings/python/.venv/bin/python bindings/python/bench/keys.py [--tokens N] [--peers FOLDER] [--envoy]

Each client follows an issuer on this machine. docs/keys.md has the tables. With a folder,
jwks-rsa (for Node.js) and go-oidc are installed there and counted as well. With --envoy,
Envoy is counted instead, with this project's filter and with its own: scripts/gateways.sh
installs it, and the filter must have been built for release.
"""

from __future__ import annotations

import argparse
import itertools
import pathlib
import queue
import secrets
import shutil
import subprocess
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
import gateways
from issuer import Issuer, jwks, page, slow

FLOOD = {"tokens": 1_000}
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


def foreign(command: list[str]) -> Callable[..., Check]:
    """Verify with a program that answers lines, in any order."""

    def made(url: str, issuer: str, **options: Any) -> Check:
        arguments = [*command, url, issuer, str(options.get("lifespan", 300))]
        program = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert program.stdin and program.stdout
        lines, answers = program.stdout, {}
        numbers, lock = itertools.count(), threading.Lock()

        def read() -> None:
            for line in lines:
                number, answer = line.split()
                answers[number].put(answer == "yes")

        threading.Thread(target=read, daemon=True).start()

        def check(token: str) -> bool:
            with lock:
                number = str(next(numbers))
                answers[number] = queue.SimpleQueue()
                program.stdin.write(f"{number} {token}\n")
            answer = answers[number].get()
            del answers[number]
            return answer

        return check

    return made


def peers(folder: pathlib.Path) -> dict[str, Callable[..., Check]]:
    """Install clients for other languages, and return how to make them."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in (pathlib.Path(__file__).parent / "peers").iterdir():
        shutil.copy(file, folder)

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout

    run("npm", "install", "--silent", "jwks-rsa", "jsonwebtoken")
    script = "console.log(require('jwks-rsa/package.json').version)"
    made = {f"jwks-rsa {run('node', '-e', script).strip()}": foreign(["node", str(folder / "jwks_rsa.mjs")])}
    if not (folder / "go.mod").exists():
        run("go", "mod", "init", "peer")
    run("go", "get", "github.com/coreos/go-oidc/v3/oidc")
    run("go", "build", "-o", "go_oidc", "go_oidc.go")
    version = run("go", "list", "-m", "-f", "{{.Version}}", "github.com/coreos/go-oidc/v3").strip()
    return {**made, f"go-oidc {version.removeprefix('v')}": foreign([str(folder / "go_oidc")])}


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
    """Count the fetches for tokens with random kids, when no cool-down runs any more."""
    with issuer_of() as issuer:
        check = make(f"{issuer.url}/jwks", issuer.url)
        assert check(issuer.token(KEYS[0]))
        tokens = strangers(issuer, FLOOD["tokens"])
        time.sleep(31)
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


def options_of(make: Any) -> dict[str, Any]:
    """Return the options of a client for an issuer that is slow."""
    return {"timeout": 5} if make in (CLIENTS["jot.pyjwt"], CLIENTS[f"PyJWT {jwt.__version__}"]) else {}


def stall(make: Any) -> str:
    """Return the longest wait of a good token while a fetch for another one takes 2 s."""
    with issuer_of() as issuer:
        check = make(f"{issuer.url}/jwks", issuer.url, **options_of(make))
        token, other = issuer.token(KEYS[0]), strangers(issuer, 1)[0]
        assert check(token)
        if make is CLIENTS[f"PyJWT {jwt.__version__}"]:
            time.sleep(30)  # its cool-down begins with any fetch
        issuer.pages["/jwks"] = slow(2, jwks(KEYS[0]))
        before = issuer.count()
        thread = threading.Thread(target=check, args=(other,))
        thread.start()
        longest = 0.0
        while thread.is_alive():
            begin = time.monotonic()
            assert check(token)
            longest = max(longest, time.monotonic() - begin)
        if issuer.count() == before:
            return "no fetch"
        return f"{longest * 1000:.0f} ms"


def renewal(make: Any) -> str:
    """Return the longest wait of a good token while its keys are fetched anew, in 2 s."""
    with issuer_of() as issuer:
        check = make(f"{issuer.url}/jwks", issuer.url, lifespan=2, **options_of(make))
        token = issuer.token(KEYS[0])
        assert check(token)
        issuer.pages["/jwks"] = slow(2, jwks(KEYS[0]))
        begin, longest = time.monotonic(), 0.0
        while time.monotonic() - begin < 6:
            asked = time.monotonic()
            assert check(token)
            longest = max(longest, time.monotonic() - asked)
        return f"{longest * 1000:.0f} ms"


ROWS: list[tuple[str, Callable[[Any], str]]] = [
    ("fetches for {tokens:,} tokens with random `kid`s", lambda make: flood(make, down=False)),
    ("the same while the issuer answers 503", lambda make: flood(make, down=True)),
    ("tokens of a key that was published a moment ago", rotated),
    ("good tokens refused while the issuer is down for 5 s", outage),
    ("longest wait of a good token while a fetch for another one takes 2 s", stall),
    ("the same while the keys themselves are fetched anew", renewal),
]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", type=pathlib.Path)
    parser.add_argument("--envoy", action="store_true", help="count Envoy and nothing else")
    parser.add_argument("--tokens", type=int, default=FLOOD["tokens"], help="how many a flood has")
    given = parser.parse_args()
    folder, FLOOD["tokens"] = given.peers, given.tokens
    if folder:
        CLIENTS.update(peers(folder.resolve()))
    columns = dict(gateways.clients()) if given.envoy else CLIENTS
    print("| | " + " | ".join(columns) + " |\n|---|" + "--:|" * len(columns))
    for name, row in ROWS:
        print(
            f"| {name.format(**FLOOD)} | " + " | ".join(row(make) for make in columns.values()) + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
