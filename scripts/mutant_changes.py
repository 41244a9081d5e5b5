"""Made-up mutants: one textual change in one line of the accelerated code."""

import hashlib
import re
import sys
import tomllib
from typing import NamedTuple

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
NO_CODE = re.compile(
    r"^\s*(//|#|use |pub(\(.*\))? (use|mod) |mod |const fn|debug_assert|assert|impl|static |.*\b(trait|fn|type|for<) )"
)


class Mutant(NamedTuple):
    """One fault: in `file`, `old` becomes `new`; in this line of it, if one is given."""

    name: str
    kind: str
    file: str
    old: str
    new: str
    line: int | None = None
    # `equivalent` or `refuses`, and why, if it may survive.
    excuse: tuple[str, str] | None = None

    def change(self):
        """Returns the change as one line of text."""
        return f"{self.old.strip()!r} -> {self.new.strip()!r}"

    def key(self, root):
        """Returns what results are found by: also the text that is changed."""
        digest = hashlib.sha256((root / self.file).read_bytes()).hexdigest()
        return self.name, digest[:8], self.change()


def candidates(root, sources):
    """All changes: (kind, file, line number, old line, new line)."""
    for path in sorted((root / sources).rglob("*.rs")):
        name = str(path.relative_to(root))
        if LEFT_OUT.search(name):
            continue
        for number, line in enumerate(path.read_text().split("\n"), 1):
            if NO_CODE.match(line) or not line.strip():
                continue
            # What is said beside the code stays.
            code = line.split(" // ")[0]
            for kind, pattern, put in CHANGES:
                for found in re.finditer(pattern, code):
                    new = code[: found.start()] + (found.expand(put) if isinstance(put, str) else put(found))
                    new += code[found.end() :]
                    if new != code:
                        yield kind, name, number, line, new + line[len(code) :]


EXCUSES = ("equivalent", "refuses")


def excuse_of(row):
    """Returns the excuse of a row of kept.toml or survivors.toml."""
    return next(((which, row[which]) for which in EXCUSES if which in row), None)


def made_up(root, sources):
    """Returns all, spread over files and kinds, in the same order every time."""
    rows = tomllib.loads((root / "proofs/mutants/survivors.toml").read_text()).get("mutant", [])
    excuses = {(row["file"], row["from"], row["to"]): excuse_of(row) for row in rows}
    groups = {}
    for kind, file, number, old, new in sorted(set(candidates(root, sources)), key=lambda row: row[2]):
        # Where the line stands does not matter: code that moves keeps its rank and name.
        rank = hashlib.sha256(repr((kind, file, old, new)).encode()).hexdigest()
        group = groups.setdefault((file, kind), [])
        alike = sum(row[0] == rank for row in group)
        excuse = excuses.get((file, old.strip(), new.strip()))
        mutant = Mutant(
            f"{kind}-{rank[:8]}" + f"-{alike}" * (alike > 0), kind, file, old, new, number, excuse
        )
        group.append((rank, number, mutant))
    order = sorted(groups, key=lambda group: hashlib.sha256(repr(group).encode()).hexdigest())
    for group in groups.values():
        group.sort()
    mutants = []
    while any(groups.values()):
        mutants.extend(groups[group].pop(0)[2] for group in order if groups[group])
    return mutants


def kept(root, kinds=()):
    """Returns the mutants of proofs/mutants/kept.toml of these kinds, or all."""
    rows = tomllib.loads((root / "proofs/mutants/kept.toml").read_text())["mutant"]
    if unknown := set(kinds) - {row["kind"] for row in rows}:
        sys.exit(f"no kept mutant is of the kind {unknown}")
    mutants = [
        Mutant(row["name"], row["kind"], row["file"], row["from"], row["to"], excuse=excuse_of(row))
        for row in rows
    ]
    for mutant in mutants:
        if (root / mutant.file).read_text().count(mutant.old) != 1:
            sys.exit(f"{mutant.name}: not there once in {mutant.file}: {mutant.old!r}")
    return [mutant for mutant in mutants if not kinds or mutant.kind in kinds]
