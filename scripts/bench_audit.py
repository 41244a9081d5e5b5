#!/usr/bin/env python3
"""Measures `jotctl audit` and writes its section of docs/benchmarks.md.

    scripts/bench_audit.py [make|measure|costs|memory|write|all]

`make` makes the logs in target/bench-audit, `measure` compares rates, `costs` counts
the processors' time for each line, `memory` audits ten million lines, `write` writes
what was found. Every answer is checked
before its time counts. Needs nothing beside Python, but PyJWT for the comparison
with it (.venv).
"""

import datetime
import gzip
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def target_dir(workspace):
    """Return the folder that cargo builds the workspace into."""
    command = [ROOT / "scripts/target-dir.sh", workspace]
    return pathlib.Path(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


DATA = ROOT / "target" / "bench-audit"
RESULTS = DATA / "results.json"
JOTCTL = target_dir(".") / "tool" / "jotctl"
PEERS = target_dir("benches") / "release" / "audit_peers"
DISTINCT = int(os.environ.get("BENCH_DISTINCT", "600000"))
MILLIONS = int(os.environ.get("BENCH_MEMORY_LINES", "10000000"))
KIDS = 60000
# A file system in memory, if there is one.
SHM = pathlib.Path("/dev/shm")
PYJWT_LINES = 5000
ROUNDS = 5

PYJWT = """
import datetime, json, sys, time
import jwt
log, count, *sets = sys.argv[1:]
begun = time.perf_counter()
keys = {key.key_id: key for path in sets for key in jwt.PyJWKSet.from_json(open(path).read()).keys}
issuers = ["https://login.example", "https://accounts.example"]
accepted = 0
with open(log) as lines:
    for line, _ in zip(lines, range(int(count))):
        record = json.loads(line)
        token = record["authorization"].removeprefix("Bearer ")
        key = keys[jwt.get_unverified_header(token)["kid"]]
        try:
            claims = jwt.decode(token, key, algorithms=["ES256", "RS256"], audience="api", issuer=issuers,
                                options={"verify_exp": False, "verify_iat": False})
        except jwt.PyJWTError:
            continue
        accepted += datetime.datetime.fromisoformat(record["time"]).timestamp() < claims["exp"]
print(accepted, time.perf_counter() - begun)
"""


def generate(name, lines, repeat, compress="none"):
    if not (DATA / name / "expected.json").exists():
        subprocess.run(
            [JOTCTL, "gen-log", "--out", DATA / name, "--lines", str(lines), "--repeat", str(repeat), "--clean",
             "--compress", compress, "--force"],
            check=True,
        )


def keys(name):
    return [DATA / name / "keys" / f"{issuer}.json" for issuer in ("login", "accounts")]


def run_audit(log, sets, lines, *options, processors=None):
    """Audits a log, on no more processors than named.

    Returns the seconds, those of all processors, and the peak memory in bytes.
    """
    summary = DATA / "summary.json"
    trusted = [word for issuer, path in sets.items() for word in ("--keys", f"{issuer}={path}")]
    command = [JOTCTL, "audit", log, *trusted, "--alg", "ES256,RS256", "--aud", "api",
               "--summary", summary, "--force", "--quiet", *options]
    begun = time.perf_counter()
    child = subprocess.Popen(command, preexec_fn=processors and (lambda: os.sched_setaffinity(0, processors)))
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"bench_audit: {log}: exit code {child.returncode}")
    totals = json.loads(summary.read_text())
    if totals["accepted"] != lines or totals["lines"] != lines:
        sys.exit(f"bench_audit: {log}: {totals['accepted']} of {lines} accepted")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def audit(name, log, lines, *options, processors=None):
    """Audits a log that `make` made."""
    login, accounts = keys(name)
    return run_audit(DATA / name / log, {"https://login.example": login, "https://accounts.example": accounts}, lines,
                     *options, processors=processors)


def printed(command, accepted, number=1):
    """Returns the seconds that a command prints behind how many tokens it accepted."""
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    if int(out[0]) != accepted:
        sys.exit(f"bench_audit: {command[0]}: {out[0]} of {accepted} accepted")
    return float(out[number])


def make():
    generate("distinct", DISTINCT, 1)
    generate("repeated", DISTINCT * 4, 20)
    generate("millions", MILLIONS, 2000, "zstd")
    kids = DATA / "kids"
    kids.mkdir(exist_ok=True)
    subprocess.run([PEERS, "kids", kids, str(KIDS)], check=True)
    log = DATA / "distinct" / "access.ndjson"
    with open(log) as lines:
        (DATA / "line.ndjson").write_text(lines.readline())
    packed = log.with_suffix(".ndjson.gz")
    if not packed.exists():
        with open(log, "rb") as content, gzip.open(packed, "wb", 6) as out:
            shutil.copyfileobj(content, out)


def measure():
    log, sets = DATA / "distinct" / "access.ndjson", keys("distinct")
    rows = DATA / "rows.ndjson"
    repeats = DISTINCT * 4
    peer = lambda what: [PEERS, what, log, ",".join(map(str, sets)), "0"]
    runs = {
        "batch": (DISTINCT, lambda: printed(peer("batch"), DISTINCT)),
        "audit": (DISTINCT, lambda: audit("distinct", "access.ndjson", DISTINCT)[0]),
        "audit_rows": (DISTINCT, lambda: audit("distinct", "access.ndjson", DISTINCT, "--out", rows)[0]),
        "repeated": (repeats, lambda: audit("repeated", "access.ndjson", repeats)[0]),
        "repeated_rows": (repeats, lambda: audit("repeated", "access.ndjson", repeats, "--out", rows)[0]),
        "jsonwebtoken": (DISTINCT, lambda: printed(peer("jsonwebtoken"), DISTINCT)),
    }
    rates = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, (lines, run) in runs.items():
            rates[name].append(lines / run())
    rates = {name: statistics.median(found) for name, found in rates.items()}
    python = ROOT / ".venv" / "bin" / "python"
    command = [python, "-c", PYJWT, log, str(PYJWT_LINES), *sets]
    rates["pyjwt"] = statistics.median(PYJWT_LINES / printed(command, PYJWT_LINES) for _ in range(3))
    save({"rates": rates})


def costs():
    """Counts microseconds of all processors for each line, on one thread, in turns."""
    log, sets, kids = DATA / "distinct" / "access.ndjson", keys("distinct"), DATA / "kids"
    scratch = pathlib.Path(tempfile.mkdtemp(dir=SHM if SHM.is_dir() else None))
    issuers = dict(zip(("https://login.example", "https://accounts.example"), sets))

    def work(lines, *options, name="distinct"):
        return audit(name, "access.ndjson", lines, "--threads", "1", *options)[1] / lines

    def of_kids(name):
        login = {"https://login.example": kids / f"{name}.json"}
        return run_audit(kids / f"{name}.ndjson", login, KIDS, "--threads", "1")[1] / KIDS

    def on_processors(count, name, log, lines):
        """Returns the time of the clock with as many threads as processors."""
        processors = sorted(os.sched_getaffinity(0))[:count]
        return audit(name, log, lines, "--threads", str(count), processors=processors)[0] / lines

    def packed(count):
        return on_processors(count, "distinct", "access.ndjson.gz", DISTINCT)

    runs = {
        "batch": lambda: printed([PEERS, "batch", log, ",".join(map(str, sets)), "1"], DISTINCT, 2) / DISTINCT,
        "audit": lambda: work(DISTINCT),
        "ndjson": lambda: work(DISTINCT, "--out", scratch / "rows.ndjson"),
        "parquet": lambda: work(DISTINCT, "--out", scratch / "rows.parquet"),
        "repeated": lambda: work(DISTINCT * 4, name="repeated"),
        "repeated_2": lambda: on_processors(2, "repeated", "access.ndjson", DISTINCT * 4),
        "own_kids": lambda: of_kids("own"),
        "one_kid": lambda: of_kids("one"),
        "packed_1": lambda: packed(1),
        "packed_2": lambda: packed(2),
        "start": lambda: run_audit(DATA / "line.ndjson", issuers, 1)[1],
    }
    found = {name: [] for name in runs}
    try:
        for _ in range(ROUNDS):
            for name, run in runs.items():
                found[name].append(run() * 1e6)
    finally:
        shutil.rmtree(scratch)
    save({"costs": {name: statistics.median(all_) for name, all_ in found.items()}})


def memory():
    seconds, _, peak = audit("millions", "access.ndjson.zst", MILLIONS)
    save({"memory": {"lines": MILLIONS, "peak_bytes": peak, "seconds": seconds}})


def save(results):
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known.update(results)
    RESULTS.write_text(json.dumps(known, indent=2) + "\n")
    print(json.dumps(results, indent=2))


def costs_table(found):
    return [
        "",
        f"The same logs on one thread, in microseconds of the processors a line, the log in the page cache, rows "
        f"to a file system in memory, medians of {ROUNDS} rounds in turns. {KIDS:,} tokens of three keys that follow "
        "one another have one `kid` or three. The rows of two processors are of the clock, and the last is of a log "
        "of one line.",
        "",
        "| what | measured | wanted |",
        "|---|--:|--:|",
        f"| the batch in memory | {found['batch']:.2f} | |",
        f"| `jotctl audit`, summary, beyond the batch | {found['audit'] - found['batch']:.2f} | 0.75 |",
        f"| NDJSON rows, beyond the summary | {found['ndjson'] - found['audit']:.2f} | 0.25 |",
        f"| Parquet rows, beyond the summary | {found['parquet'] - found['audit']:.2f} | 0.4 |",
        f"| each token on 20 lines | {found['repeated']:.2f} | |",
        f"| each token on 20 lines, two processors | {1 / found['repeated_2']:.2f} M lines/s | 2.4 M |",
        f"| one `kid` for three keys, against three | {found['one_kid'] / found['own_kids']:.2f}x | 1.2x |",
        f"| gzip, two processors against one | {found['packed_1'] / found['packed_2']:.2f}x | 1.8x |",
        f"| start-up | {found['start'] / 1e3:.1f} ms | 14 ms |",
    ]


def section(results):
    rates = results.get("rates", {})
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT)
    lines = [
        f"{model[1] if model else platform.processor()}, {os.cpu_count()} processors, "
        f"{datetime.date.today().isoformat()}, commit {commit.stdout.strip()}, `make bench-audit`.",
        "",
        f"A log of {DISTINCT:,} lines with as many tokens, half ES256 and half RS256, and one of "
        f"{DISTINCT * 4:,} lines in which each token stands 20 times; wall time from the start of the process "
        f"to its end, medians of {ROUNDS} rounds in which all take turns. Every line is accepted by each of them.",
        "",
        "| what | lines per second |",
        "|---|--:|",
    ]
    names = {
        "batch": "the batch in memory: tokens ready, tables built, no cache, verdicts only",
        "audit": "`jotctl audit`, summary",
        "audit_rows": "`jotctl audit`, summary and NDJSON rows",
        "repeated": "`jotctl audit`, summary, each token on 20 lines",
        "repeated_rows": "`jotctl audit`, summary and NDJSON rows, each token on 20 lines",
        "jsonwebtoken": "a loop over jsonwebtoken and rayon, file to count",
        "pyjwt": "a loop over PyJWT, file to count",
    }
    lines += [f"| {label} | {rates[name]:,.0f} |" for name, label in names.items()]
    lines += ["", "| `jotctl audit`, summary | measured | wanted |", "|---|--:|--:|"]
    lines += [
        f"| of the batch in memory | {100 * rates['audit'] / rates['batch']:.0f} % | 85 % |",
        f"| each token on 20 lines, against distinct ones | {rates['repeated'] / rates['audit']:.1f}x | 6x |",
        f"| against the loop over jsonwebtoken and rayon | {rates['audit'] / rates['jsonwebtoken']:.1f}x | 1.5x |",
        f"| against the loop over PyJWT | {rates['audit'] / rates['pyjwt']:.0f}x | 8x |",
    ]
    if "memory" in results:
        found = results["memory"]
        lines.append(f"| peak memory over {found['lines']:,} lines | {found['peak_bytes'] / 1e6:.0f} MB | 300 MB |")
    if "costs" in results:
        lines += costs_table(results["costs"])
    return "\n".join(lines) + "\n"


def write():
    page = ROOT / "docs" / "benchmarks.md"
    text = page.read_text()
    begin, end = "<!-- audit:begin -->\n", "<!-- audit:end -->"
    if begin not in text:
        text = text.rstrip() + f"\n\n{begin}{end}\n"
    before, rest = text.split(begin)
    page.write_text(before + begin + "## Audits\n\n" + section(json.loads(RESULTS.read_text())) + end + rest.split(end)[1])


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    steps = {"make": make, "measure": measure, "costs": costs, "memory": memory, "write": write}
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    for step in steps.values() if wanted == "all" else [steps[wanted]]:
        step()


main()
