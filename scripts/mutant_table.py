"""The tables of proofs/mutants/README.md: which stage noticed how many mutants of each kind."""

import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

BEGIN, END = "<!-- table: scripts/mutants.py table -->\n", "<!-- end of the table -->"
# What runs have found, on whatever machine; a result holds while the file that is changed is the same.
KNOWN = Path("proofs/mutants/results.tsv")
# A column each, by what stands before the colon of a result.
COLUMNS = [
    "self-test",
    "unit tests",
    "rsa",
    "curves",
    "field",
    "formulas",
    "vectors",
    "coq",
    "equivalent",
    "refuses",
    "survives",
]


def place(mutant, found):
    """Returns the column of a result."""
    if found == "survives" and mutant.excuse:
        return mutant.excuse[0]
    return found.split(":")[0]


def rows_of(root, mutants, results):
    """Returns a row for each kind and one for all, and the number that do not compile."""
    places = [(mutant.kind, place(mutant, results[mutant.key(root)])) for mutant in mutants]
    compiled = [(kind, where) for kind, where in places if where != "does not compile"]
    counts = Counter(compiled)
    counts.update(("all", where) for _, where in compiled)
    rows = []
    for kind in [*sorted({kind for kind, _ in compiled}), "all"]:
        cells = [counts[kind, column] for column in COLUMNS]
        rows.append(f"| {kind} | {sum(cells)} | " + " | ".join(str(cell or "") for cell in cells) + " |\n")
    return rows, len(places) - len(compiled)


def section(root, title, mutants, results):
    """Returns the table of these mutants, and below it why each may survive that does."""
    mutants = [mutant for mutant in mutants if mutant.key(root) in results]
    rows, broken = rows_of(root, mutants, results)
    text = f"### {title}\n\n| kind | mutants | " + " | ".join(COLUMNS) + " |\n"
    text += "|---|--:|" + "--:|" * len(COLUMNS) + "\n" + "".join(rows)
    if broken:
        text += f"\n{broken} more do not compile.\n"
    survivors = [mutant for mutant in mutants if results[mutant.key(root)] == "survives"]
    if survivors:
        text += "\n| survives | in | why it may |\n|---|---|---|\n"
    for mutant in survivors:
        which, why = mutant.excuse or ("survives", "")
        change = " ".join(f"{mutant.old.strip()} → {mutant.new.strip() or 'nothing'}".split())
        change = change.replace("|", "\\|")
        text += f"| `{change}` | `{mutant.file.removeprefix('accel/src/')}` | {which}: {why} |\n"
    return text + "\n"


def write_table(root, parts, results):
    """Writes the tables of `parts`, titles with mutants, and their results, by name, digest and change."""
    keys = dict.fromkeys(mutant.key(root) for _, mutants in parts for mutant in mutants)
    rows = [results[key] for key in keys if key in results]
    (root / KNOWN).write_text("".join("\t".join(row) + "\n" for row in rows))
    found = {key: row[2] for key, row in results.items()}

    def output(*command):
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip()

    processors = Path("/proc/cpuinfo").read_text()
    cpu = re.search(r"(?m)^model name\s*: (.*)$", processors)[1]
    text = f"{cpu}, {time.strftime('%Y-%m-%d')}, commit {output('git', 'rev-parse', '--short', 'HEAD')}.\n\n"
    text += "".join(section(root, title, mutants, found) for title, mutants in parts)
    readme = root / "proofs/mutants/README.md"
    before, _, rest = readme.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        sys.exit(f"{readme}: no place for the table")
    readme.write_text(before + BEGIN + "\n" + text + END + after)
