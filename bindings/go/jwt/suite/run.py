#!/usr/bin/env python3
"""Runs golang-jwt's own tests on the package jwt in its place: run.py FOLDER

They come from the Go module proxy. Each runs twice, in FOLDER: with golang-jwt, and with the package
jwt. What passes with the first must pass with the second, but for what failures.txt lists, and
everything that is listed must fail.
"""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
import sys

MODULE = "github.com/golang-jwt/jwt/v5"
OURS = "github.com/libjot/libjot/bindings/go/jwt"
VERSION = "v5.3.1"
FEWEST = 125
# These call functions inside of golang-jwt, which no program can.
LEFT_OUT = ("jwt_test.go", "map_claims_test.go", "validator_test.go")

here = pathlib.Path(__file__).resolve().parent
module = here.parent.parent


def fetched(folder: pathlib.Path) -> pathlib.Path:
    """Return the folder that has golang-jwt's module."""
    command = ["go", "mod", "download", "-json", f"{MODULE}@{VERSION}"]
    answer = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return pathlib.Path(json.loads(answer.stdout)["Dir"])


def writable_copy(source: pathlib.Path, target: pathlib.Path) -> None:
    """Copy a file of the module cache, where everything is read-only."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def theirs(source: pathlib.Path, home: pathlib.Path) -> None:
    """Put golang-jwt there, without the tests that are left out."""
    for file in source.rglob("*"):
        if file.is_file() and file.name not in LEFT_OUT:
            writable_copy(file, home / file.relative_to(source))


def ours(source: pathlib.Path, home: pathlib.Path) -> None:
    """Put the module of libjot there, with golang-jwt's tests in the package jwt."""
    for file in [*module.glob("*.go"), *module.glob("bridge.*"), module / "go.mod"]:
        if not file.name.endswith("_test.go"):
            writable_copy(file, home / file.name)
    for folder in ("internal", "jwt"):
        for file in (module / folder).rglob("*.go"):
            inside = file.relative_to(module)
            if not file.name.endswith("_test.go") and "compare" not in inside.parts:
                writable_copy(file, home / inside)
    for file in [*source.glob("*_test.go"), *source.glob("request/*_test.go"), *source.glob("test/*")]:
        if file.name in LEFT_OUT:
            continue
        target = home / "jwt" / file.relative_to(source)
        writable_copy(file, target)
        if file.suffix == ".go":
            target.write_text(target.read_text().replace(MODULE, OURS))


def passed(home: pathlib.Path, packages: list[str]) -> set[str]:
    """Run the tests, and return the names of those that pass."""
    command = ["go", "test", "-json", *packages]
    answer = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]
    broken = [line["Output"] for line in lines if line["Action"] == "build-output"]
    if broken or answer.stderr:
        sys.exit("".join(broken) + answer.stderr)
    return {line["Test"] for line in lines if line["Action"] == "pass" and "Test" in line}


def main() -> None:
    """Compare what passes."""
    folder = pathlib.Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text("module suites\n\ngo 1.22\n")
    source = fetched(folder)
    theirs(source, folder / "theirs")
    ours(source, folder / "ours")
    wanted = passed(folder / "theirs", ["./..."])
    found = passed(folder / "ours", ["./jwt", "./jwt/request"])
    listed = (here / "failures.txt").read_text().splitlines()
    known = {line for line in listed if line and not line.startswith("#")}
    # A group fails with its members.
    failed = {name for name in wanted - found if not any(other.startswith(f"{name}/") for other in wanted)}
    for name in sorted(failed - known):
        print(f"fails: {name}")
    for name in sorted(known - failed):
        print(f"is listed and does not fail: {name}")
    print(f"golang-jwt: {len(wanted)} tests pass with it, {len(wanted & found)} with libjot")
    if failed != known or len(wanted) < FEWEST:
        sys.exit(1)


main()
