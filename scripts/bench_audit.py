#!/usr/bin/env python3
"""Measures `jotctl audit` and writes its section of docs/benchmarks.md.

    scripts/bench_audit.py [make|measure|memory|write|all]

`make` makes the logs in target/bench-audit, `measure` compares rates, `memory`
audits ten million lines, `write` writes what was found. Every answer is checked
before its time counts. Needs nothing beside Python, but PyJWT for the comparison
with it (.venv).
"""

import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
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


def audit(name, log, lines, *options):
    """Audits a log; returns the seconds and the peak memory in bytes."""
    login, accounts = keys(name)
    summary = DATA / "summary.json"
    command = [JOTCTL, "audit", DATA / name / log, "--keys", f"https://login.example={login}",
               "--keys", f"https://accounts.example={accounts}", "--alg", "ES256,RS256", "--aud", "api",
               "--summary", summary, "--force", "--quiet", *options]
    begun = time.perf_counter()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    totals = json.loads(summary.read_text())
    if child.returncode != 0 or totals["accepted"] != lines or totals["lines"] != lines:
        sys.exit(f"bench_audit: {name}: {totals['accepted']} of {lines} accepted, exit code {child.returncode}")
    return seconds, usage.ru_maxrss * 1024


def printed(command, accepted):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    if int(out[0]) != accepted:
        sys.exit(f"bench_audit: {command[0]}: {out[0]} of {accepted} accepted")
    return float(out[1])


def make():
    generate("distinct", DISTINCT, 1)
    generate("repeated", DISTINCT * 4, 20)
    generate("millions", MILLIONS, 2000, "zstd")


def measure():
    log, sets = DATA / "distinct" / "access.ndjson", keys("distinct")
    rows = DATA / "rows.ndjson"
    repeats = DISTINCT * 4
    peer = lambda what: [PEERS, what, log, ",".join(map(str, sets))]
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


def memory():
    seconds, peak = audit("millions", "access.ndjson.zst", MILLIONS)
    save({"memory": {"lines": MILLIONS, "peak_bytes": peak, "seconds": seconds}})


def save(results):
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known.update(results)
    RESULTS.write_text(json.dumps(known, indent=2) + "\n")
    print(json.dumps(results, indent=2))


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
    steps = {"make": make, "measure": measure, "memory": memory, "write": write}
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    for step in steps.values() if wanted == "all" else [steps[wanted]]:
        step()


main()
