#!/usr/bin/env python3
"""Changes the accelerated code in one place at a time, and runs what must notice.

  scripts/mutants.py kept              every mutant of proofs/mutants/kept.toml dies
  scripts/mutants.py kept KIND...      only those of these kinds
  scripts/mutants.py one-of-each       the first of each kind
  scripts/mutants.py generated COUNT   so many made-up mutants, spread over all files
  scripts/mutants.py list COUNT        shows those

Each runs against the tests of the crate, the self-test first, and then against the
prover, in a copy under target/mutants. A test has 30 seconds of the processor's time; one that takes
longer counts as dead, because the tests stop then. The results are lines of text, in
target/mutants/results.tsv as well: name, what killed it, file, line, change.
"""

import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "mutants"
TREE = WORK / "tree"
# What the run began with, whatever is edited meanwhile.
ORIGIN = WORK / "origin"
SOURCES = Path("accel/src")
SIMD_TESTS = SOURCES / "simd/tests.rs"
SECONDS = 30

# Made for tests, or tables that known answers cover as a whole.
LEFT_OUT = re.compile(r"tests\.rs$|_emulated\.rs$|/tests/|known\.rs$|answers\.rs$|moduli\.rs$|curves\.rs$")

# What is changed: a kind, a pattern, and what comes in its place.
CHANGES = [
    ("sign", r" \+ ", " - "),
    ("sign", r" - ", " + "),
    ("sign", r"\badd64\(", "sub64("),
    ("sign", r"\bsub64\(", "add64("),
    ("sign", r"\.plus\(", ".minus("),
    ("sign", r"\bwrapping_neg\(\)", "wrapping_add(0)"),
    ("sign", r"\.negated\(\)", ""),
    ("half", r"\bmadd52_low\(", "madd52_high("),
    ("half", r"\bmadd52_high\(", "madd52_low("),
    ("shift", r" << ", " >> "),
    ("shift", r" >> ", " << "),
    ("shift", r"shift_right64::<(\d+)>", lambda m: f"shift_right64::<{int(m[1]) - 1}>"),
    ("shift", r"shift_left64::<(\d+)>", lambda m: f"shift_left64::<{int(m[1]) + 1}>"),
    ("shift", r"\bshift_right_signed64\b", "shift_right64"),
    ("mask", r" & ", " | "),
    ("mask", r" \|= ", " = "),
    ("mask", r"u8::MAX\b", "0xfe"),
    ("mask", r"\bblend64\((\w+), ([^,]+), ([^)]+)\)", r"blend64(\1, \3, \2)"),
    ("mask", r"choose\((\*?[\w.]+), (&?[\w.]+), (&?[\w.]+)\)", r"choose(\1, \3, \2)"),
    ("comparison", r" < ", " <= "),
    ("comparison", r" >= ", " > "),
    ("comparison", r" > ", " >= "),
    ("comparison", r" == ", " != "),
    ("comparison", r" != ", " == "),
    ("comparison", r" && ", " || "),
    ("comparison", r" \|\| ", " && "),
    ("comparison", r"([ (])!(\w)", r"\1\2"),
    ("constant", r"(?<![\w.\[:<])([1-9]\d*)(?![\w.\]x>])", lambda m: str(int(m[1]) + 1)),
    ("constant", r"(?<![\w.\[:<])(0)(?![\w.\]x>])", "1"),
    ("constant", r"&P2\b", "&P"),
    ("constant", r"&P6\b", "&P4"),
    ("constant", r"0x([0-9a-f_]+)", lambda m: hex(int(m[1].replace("_", ""), 16) ^ 1)),
    ("constant", r"\bLIMB\b", "(LIMB >> 1)"),
    ("index", r"\[(\d+)\]", lambda m: f"[{int(m[1]) ^ 1}]"),
    ("index", r"\[(\w) \+ (\w)\]", r"[\1]"),
    ("index", r"\[(\w)\]", lambda m: f"[{m[1]} ^ 1]"),
    ("factor", r"\.squared\(\)", ".clone()"),
    ("factor", r"\.doubled\(\)", ".clone()"),
    ("dropped", r"^(\s*)(?=\S)(?!let |type |pub|const )[\w.*\[\] +]+ [|&+^-]?= [^;{}]+;$", r"\1"),
    ("dropped", r"^(\s*)(?=\S)(?!pub)[\w.]+\([^;{}]*\);$", r"\1"),
]
NO_CODE = re.compile(r"^\s*(//|#|use |pub(\(.*\))? (use|mod) |mod |const fn|debug_assert|assert|impl|static |.*\b(trait|fn|type|for<) )")


def candidates():
    """All mutants: (kind, file, line number, old line, new line)."""
    for path in sorted((ROOT / SOURCES).rglob("*.rs")):
        name = str(path.relative_to(ROOT))
        if LEFT_OUT.search(name):
            continue
        for number, line in enumerate(path.read_text().split("\n"), 1):
            if NO_CODE.match(line) or not line.strip():
                continue
            code = line.split(" // ")[0]
            for kind, pattern, put in CHANGES:
                for found in re.finditer(pattern, code):
                    new = code[: found.start()] + (found.expand(put) if isinstance(put, str) else put(found))
                    new += code[found.end() :]
                    if new != code:
                        yield kind, name, number, line, new


def chosen(count):
    """Spreads the mutants over files and kinds, the same ones every time."""
    groups = {}
    for mutant in set(candidates()):
        rank = hashlib.sha256(repr(mutant).encode()).hexdigest()
        groups.setdefault((mutant[1], mutant[0]), []).append((rank, mutant))
    order = sorted(groups, key=lambda group: hashlib.sha256(repr(group).encode()).hexdigest())
    for group in groups.values():
        group.sort()
    taken = []
    while len(taken) < count and any(groups.values()):
        for group in order:
            if groups[group] and len(taken) < count:
                taken.append(groups[group].pop(0)[1])
    return taken


def prepare():
    """Copies the crates, and makes a workspace of their own of them."""
    shutil.rmtree(ORIGIN, ignore_errors=True)
    shutil.copytree(ROOT / SOURCES, ORIGIN / SOURCES)
    TREE.mkdir(parents=True, exist_ok=True)
    members = ["accel", "proofs"]
    for name in members:
        shutil.rmtree(TREE / name, ignore_errors=True)
        shutil.copytree(ROOT / name, TREE / name, ignore=shutil.ignore_patterns("target"))
    manifest = (ROOT / "Cargo.toml").read_text()
    workspace = manifest[: manifest.index("\n[package]\n")] + "\n" + manifest[manifest.index("[profile.dev]") :]
    workspace = re.sub(r"members = \[[^\]]*\]", f"members = {json.dumps(members)}", workspace)
    # The engine is not among them.
    workspace = re.sub(r"(?m)^(#.*|exclude = .*)\n", "", workspace)
    workspace = re.sub(r"\[profile\.dev\.package\.(?!jot-|num-|\"\*\")[^\]]*\]\n[^\[]*", "", workspace)
    (TREE / "Cargo.toml").write_text(workspace)
    shutil.copy(ROOT / "Cargo.lock", TREE / "Cargo.lock")


def built(*command):
    """Returns the programs that a command of cargo's makes, or None if they do not compile."""
    command = ["cargo", *command, "--quiet", "--message-format=json"]
    run = subprocess.run(command, cwd=TREE, env=ENVIRONMENT, capture_output=True, text=True)
    if run.returncode:
        return None
    rows = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return [row["executable"] for row in rows if row.get("executable")]


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


def killer(program, *arguments):
    """Runs a test program; returns the test that failed first, or None."""
    run = subprocess.run([program, "--test-threads=1", *arguments], cwd=TREE / "accel", env=ENVIRONMENT,
                         capture_output=True, text=True, preexec_fn=limit)
    if run.returncode == 0:
        return None
    failed = re.search(r"(?m)^test (\S+) .*FAILED", run.stdout)
    begun = re.findall(r"(?m)^test (\S+) \.\.\.", run.stdout)
    if failed:
        return failed[1]
    return f"{begun[-1] if begun else program} (stopped)"


def outcome(name):
    """Runs one mutant: `does not compile`, what killed it, or `survives`."""
    # The comparison of instructions depends on nothing but them, and takes longest.
    left_out = "/simd/" not in name
    (TREE / SIMD_TESTS).write_text("" if left_out else (ORIGIN / SIMD_TESTS).read_text())
    self_test = ["--exact", "known::tests::all_code_gives_the_known_answers"]
    for which, arguments in ((["--lib"], self_test), (["--lib"], []), (["--test", "vectors"], [])):
        programs = built("test", "--no-run", "-p", "jot-accel", *which)
        if programs is None:
            return "does not compile"
        for program in programs:
            found = killer(program, *arguments)
            if found:
                return found
    programs = built("build", "-p", "jot-proofs", "--bins")
    if programs is None:
        return "proof: does not compile"
    for program in programs:
        if subprocess.run([program], capture_output=True, preexec_fn=limit).returncode:
            return f"proof: {Path(program).name}"
    return "survives"


def changed(file, old, new, number=None):
    """Writes the mutant into the copy; `old` must be there once."""
    text = (ORIGIN / file).read_text()
    if number is None:
        if text.count(old) != 1:
            sys.exit(f"{file}: not there once: {old!r}")
        text = text.replace(old, new)
    else:
        lines = text.split("\n")
        if lines[number - 1] != old:
            sys.exit(f"{file}:{number}: has changed")
        lines[number - 1] = new
        text = "\n".join(lines)
    (TREE / file).write_text(text)


def restored(file):
    shutil.copyfile(ORIGIN / file, TREE / file)


def kept(kinds):
    """Returns the kept mutants of these kinds, or all."""
    rows = tomllib.loads((ROOT / "proofs/mutants/kept.toml").read_text())["mutant"]
    unknown = set(kinds) - {row["kind"] for row in rows}
    if unknown:
        sys.exit(f"no kept mutant is of the kind {unknown}")
    return [row for row in rows if not kinds or row["kind"] in kinds]


def main():
    what, *rest = sys.argv[1:] or ["kept"]
    if what == "list":
        for kind, file, number, old, new in chosen(int(rest[0])):
            print(f"{kind}\t{file}:{number}\t{old.strip()}\t{new.strip()}")
        return
    prepare()
    results = WORK / "results.tsv"
    harmless, survivors = set(), 0
    if what in ("kept", "one-of-each"):
        rows = kept(rest)
        if what == "one-of-each":
            rows = list({row["kind"]: row for row in reversed(rows)}.values())
        mutants = [(row["name"], row["file"], row["from"], row["to"], None) for row in rows]
        harmless = {row["name"] for row in rows if "equivalent" in row}
    elif what == "generated":
        mutants = [(f"{kind}-{at}", file, old, new, number)
                   for at, (kind, file, number, old, new) in enumerate(chosen(int(rest[0])))]
    else:
        sys.exit(__doc__)
    with results.open("a") as log:
        for name, file, old, new, number in mutants:
            changed(file, old, new, number)
            found = outcome(file)
            restored(file)
            if name in harmless and found == "survives":
                found = "changes nothing"
            survivors += found == "survives"
            line = f"{name}\t{found}\t{file}:{number or ''}\t{old.strip()!r} -> {new.strip()!r}"
            print(line, flush=True)
            print(line, file=log, flush=True)
    print(f"{len(mutants)} mutants, {survivors} survive")
    if survivors and what != "generated":
        sys.exit(1)


ENVIRONMENT = {**os.environ, "CARGO_BUILD_JOBS": "1",
               "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target")),
               "CARGO_TERM_COLOR": "never", "PROPTEST_RNG_SEED": "1"}

if __name__ == "__main__":
    main()
