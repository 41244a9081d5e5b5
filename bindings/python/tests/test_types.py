"""What is typed is typed strictly, and seen so from outside."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import jot

PACKAGE = pathlib.Path(jot.__file__).parent
PROJECT = pathlib.Path(__file__).resolve().parents[1]

PROGRAM = """
import jot, jot.pyjwt as jwt
keys = jot.KeySet.from_secret(bytes(32), alg="HS256")
verifier = jot.Verifier(keys, algorithms=["HS256"], audience=["a", "b"], leeway=5)
reveal_type(verifier.verify("t"))
reveal_type(verifier.verify(b"t", now=5.0).header)
reveal_type(jot.encode({"a": 1}, b"k"))
reveal_type(jwt.decode("t", "k", algorithms=["HS256"]))
reveal_type(verifier.verify_batch(["t", b"t", None], threads=1))
reveal_type(verifier.verify_batch(iter(("t",)))[0].code)
class Column:
    def __arrow_c_array__(self, requested_schema: object = None) -> object: ...
verifier.verify_batch(Column(), claims=["sub"]).column("code")
verifier.verify(5)
jot.Verifier(keys)
verifier.verify_batch(["t"], claims=["sub"])
verifier.verify_batch(5)
verifier.verify_batch(["t"]).column("code")
"""


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mypy", *arguments], capture_output=True, text=True, cwd=PROJECT
    )


def test_package_is_typed_strictly() -> None:
    done = mypy()
    assert done.returncode == 0, done.stdout


def test_types_are_seen_from_outside(tmp_path: pathlib.Path) -> None:
    assert (PACKAGE / "py.typed").exists()
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    seen = mypy("--strict", "--config-file", "pyproject.toml", str(program)).stdout
    for wanted in (
        'note: Revealed type is "jot.claims.Claims"',
        'note: Revealed type is "str"',
        'error: Argument 1 to "verify" of "Verifier" has incompatible type "int"',
        'error: Missing named argument "algorithms" for "Verifier"',
        'note: Revealed type is "jot.batch.Verdicts"',
        'note: Revealed type is "jot._codes.Code"',
        '"Verdicts" has no attribute "column"',
        'No overload variant of "verify_batch" of "Verifier" matches argument types',
        "Found 5 errors in 1 file",
    ):
        assert wanted.replace("builtins.", "") in seen.replace("builtins.", ""), seen
