#!/usr/bin/env python3
"""Measures `jotctl audit` and writes its section of docs/benchmarks.md.

    scripts/bench_audit.py [make|measure|memory|all] [--write]

`make` makes the logs in target/bench-audit, `measure` compares rates, `memory`
audits ten million lines. Every answer is checked before its time counts. Needs
nothing beside Python, but PyJWT for the comparison with it (.venv).
"""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "target" / "bench-audit"
RESULTS = DATA / "results.json"
JOTCTL = ROOT / "target" / "tool" / "jotctl"
PEERS = ROOT / "benches" / "target" / "release" / "audit_peers"
DISTINCT = int(os.environ.get("BENCH_DISTINCT", "100000"))
MILLIONS = int(os.environ.get("BENCH_MEMORY_LINES", "10000000"))
PYJWT_LINES = 5000
ROUNDS = 3

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
    results = {}
    log, sets = DATA / "distinct" / "access.ndjson", keys("distinct")
    rows = DATA / "rows.ndjson"
    peer = lambda what: [PEERS, what, log, ",".join(map(str, sets))]
    best = {}
    for _ in range(ROUNDS):
        for name, run in {
            "batch": lambda: printed(peer("batch"), DISTINCT),
            "audit": lambda: audit("distinct", "access.ndjson", DISTINCT)[0],
            "audit_rows": lambda: audit("distinct", "access.ndjson", DISTINCT, "--out", rows)[0],
            "jsonwebtoken": lambda: printed(peer("jsonwebtoken"), DISTINCT),
        }.items():
            best[name] = min(best.get(name, 1e9), run())
    rates = {name: DISTINCT / seconds for name, seconds in best.items()}
    repeated = min(audit("repeated", "access.ndjson", DISTINCT * 4, "--out", rows)[0] for _ in range(ROUNDS))
    rates["repeated_rows"] = DISTINCT * 4 / repeated
    python = ROOT / ".venv" / "bin" / "python"
    command = [python, "-c", PYJWT, log, str(PYJWT_LINES), *sets]
    rates["pyjwt"] = PYJWT_LINES / printed(command, PYJWT_LINES)
    results["rates"] = rates
    save(results)


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
        f"A log of {DISTINCT:,} lines with as many tokens, half ES256 and half RS256; the best of {ROUNDS} rounds.",
        "",
        "| what | lines per second | against `jotctl audit` |",
        "|---|--:|--:|",
    ]
    names = {
        "audit": "`jotctl audit`, summary and report",
        "audit_rows": "`jotctl audit`, NDJSON rows as well",
        "batch": "the batch in memory, tokens ready, verdicts only",
        "jsonwebtoken": "a loop over jsonwebtoken and rayon, file to count",
        "pyjwt": "a loop over PyJWT, file to count",
        "repeated_rows": "`jotctl audit` with rows, each token on 20 lines",
    }
    for name, label in names.items():
        if name in rates:
            lines.append(f"| {label} | {rates[name]:,.0f} | {rates['audit'] / rates[name]:.2f}x |")
    if "memory" in results:
        found = results["memory"]
        lines += ["", f"Peak memory over {found['lines']:,} lines: {found['peak_bytes'] / 1e6:.0f} MB, "
                      f"in {found['seconds']:.0f} s."]
    return "\n".join(lines) + "\n"


def write():
    page = ROOT / "docs" / "benchmarks.md"
    text = page.read_text()
    begin, end = "<!-- audit:begin -->\n", "<!-- audit:end -->"
    if begin not in text:
        text += f"\n## Audits\n\n{begin}{end}\n"
    before, rest = text.split(begin)
    page.write_text(before + begin + section(json.loads(RESULTS.read_text())) + end + rest.split(end)[1])


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    steps = {"make": [make], "measure": [measure], "memory": [memory], "all": [make, measure, memory]}
    wanted = [argument for argument in sys.argv[1:] if argument != "--write"]
    for step in steps[wanted[0] if wanted else "all"]:
        step()
    if "--write" in sys.argv:
        write()


main()
