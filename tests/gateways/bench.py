"""Measures the gateway modules beside what else there is, with wrk on loopback.

    bench.py [SECONDS] [--dry] [SECTION...]

Every section is a module with `TITLE`, `servers(directory, forge)` and
`report(rates)`. A server is a Gateway with a name; all servers of a section
are measured in turns, and the best turn of each counts: whatever else runs on
the machine only ever slows a server down. Before anything is timed, each server
must accept every token and refuse bad ones. The figures go into
docs/benchmarks.md, each section between markers of its own.
"""

import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("JOT_ENVOY_MODULE", str(ROOT / "target/release/libjot_envoy.so"))

import bench_envoy
import bench_nginx
from forge import Forge

SECTIONS = {"envoy": bench_envoy, "nginx": bench_nginx}
PAGE = ROOT / "docs/benchmarks.md"
TOKENS = 2000
ROUNDS = 8
SCRIPT = """
local requests, count, next = {}, 0, 0
function init()
    for token in io.lines(os.getenv("JOT_TOKENS")) do
        local headers = {["Host"] = "bench", ["Authorization"] = "Bearer " .. token}
        count = count + 1
        requests[count] = wrk.format("GET", "/main", headers)
    end
end
function request()
    next = next % count + 1
    return requests[next]
end
"""


def check(server, forge, tokens):
    """Stop unless the server gives the right answers."""
    connection = server.connect()
    for token in tokens:
        status = server.bearer(token, connection=connection).status
        assert status == 200, f"{server.name} answers a good token with {status}"
    if server.guards:
        for bad in [{"change": "signature_flipped"}, {"set": {"exp": "-3600"}}, {"key": "stranger"}]:
            status = server.bearer(forge.token(**bad)).status
            assert status == 401, f"{server.name} answers a bad token ({bad}) with {status}"
    connection.close()


def rate(server, directory, seconds):
    """Return the requests per second that the server answers."""
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "-s", str(directory / "rotate.lua"), f"http://127.0.0.1:{server.port}/"]
    environment = {**os.environ, "JOT_TOKENS": str(directory / "tokens.txt")}
    text = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in text and "Socket errors" not in text, f"{server.name}:\n{text}"
    return float(re.search(r"Requests/sec: +([0-9.]+)", text)[1])


def measure(section, seconds):
    """Return the best rate of every server of a section, by name."""
    forge = Forge()
    with tempfile.TemporaryDirectory() as place:
        directory = pathlib.Path(place)
        tokens = [forge.token(set={"jti": str(number)}) for number in range(TOKENS)]
        (directory / "tokens.txt").write_text("\n".join(tokens) + "\n")
        (directory / "rotate.lua").write_text(SCRIPT)
        servers = section.servers(directory, forge)
        try:
            for server in servers:
                server.start()
                check(server, forge, tokens)
            rates = {server.name: [] for server in servers}
            for _ in range(ROUNDS):
                for server in servers:
                    rates[server.name].append(rate(server, directory, seconds))
            if hasattr(section, "afterwards"):
                section.afterwards(servers, forge)
        finally:
            for server in servers:
                server.stop()
    return {name: max(row) for name, row in rates.items()}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()


def where():
    """Return the processor, the date and the commit."""
    names = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    commit = run("git", "rev-parse", "--short", "HEAD") or "unknown"
    changed = " with changes" if run("git", "status", "--porcelain", "--", "src", "bindings") else ""
    return f"{names[0] if names else 'unknown'}, {os.cpu_count()} processors, {datetime.date.today()}, commit {commit}{changed}"


def write(name, text):
    """Put the text between the section's markers, which are made if need be."""
    begin, end = f"<!-- gateway-{name}:begin -->", f"<!-- gateway-{name}:end -->"
    page = PAGE.read_text()
    if begin not in page:
        page = f"{page.rstrip()}\n\n{begin}\n{end}\n"
    head, rest = page.split(begin)
    PAGE.write_text(f"{head}{begin}\n{text}\n{end}{rest.split(end)[1]}")


def main():
    words = [word for word in sys.argv[1:] if word != "--dry"]
    seconds = next((int(word) for word in words if word.isdigit()), 2)
    names = [word for word in words if not word.isdigit()] or list(SECTIONS)
    for name in names:
        section = SECTIONS[name]
        rates = measure(section, seconds)
        method = (
            f"{where()}. One worker, wrk with 32 connections, {TOKENS} RS256 tokens in rotation, "
            f"best of {ROUNDS} turns of {seconds} s. `make bench-gateways` writes this."
        )
        text = f"## Gateways: {section.TITLE}\n\n{method}\n\n{section.report(rates)}"
        print(text)
        if "--dry" not in sys.argv:
            write(name, text)


if __name__ == "__main__":
    main()
