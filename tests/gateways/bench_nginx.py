"""nginx without the module, with it, and with its cache."""

import os
import pathlib
import subprocess

from cryptography.hazmat.primitives import serialization

from forge import ISSUER
from nginx_gateway import Server

TITLE = "nginx"
ROOT = pathlib.Path(__file__).resolve().parents[2]
BARE = pathlib.Path(os.environ.get("JOT_BARE", ROOT / "benches/target/release/bare"))
ROWS = {"nginx_none": "no module", "nginx": "jot on", "nginx_cache": "jot on, jot_cache", "nginx_claims": "jot on, jot_cache, two claims in headers"}
JOT = """
    jot on;
    jot_key_file DIRECTORY/NAME.json;
    jot_algorithms RS256;
    jot_issuer ISSUER;
    jot_audience api;
"""
MORE = {
    "nginx_cache": "jot_cache tokens 10000;",
    # Nothing else of the answer differs, so that the ratio is that of the module.
    "nginx_claims": 'jot_cache tokens 10000; add_header X-Sub "$jot_claim_sub $jot_claim_jti";',
}
SITE = """
    keepalive_requests 100000000;
    %s
    server { listen 127.0.0.1:PORT; location / { empty_gif; } }
"""


class Nginx(Server):
    """nginx before a constant answer that the access phase comes before."""

    def __init__(self, name, directory, forge):
        own = directory / name
        own.mkdir()
        (own / f"{name}.json").write_text(forge.jwks("rsa"))
        guard = "" if name == "nginx_none" else JOT + MORE.get(name, "")
        words = {"DIRECTORY": own, "NAME": name, "ISSUER": ISSUER}
        for word, value in words.items():
            guard = guard.replace(word, str(value))
        super().__init__(own, SITE % guard)
        self.name = name
        self.guards = name != "nginx_none"


def servers(directory, forge):
    made = [Nginx(name, directory, forge) for name in ROWS]
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    der = forge.keys["rsa"].private.public_key().public_bytes(serialization.Encoding.DER, form)
    (directory / "rsa.der").write_bytes(der)
    return made


def bare(directory):
    """Return the seconds that the bare primitive takes for each token."""
    command = [str(BARE), str(directory / "rsa.der"), str(directory / "tokens.txt")]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1e6


def afterwards(servers, forge):
    """The cache must have answered what it was there for."""
    global primitive
    directory = servers[0].directory.parent
    primitive = bare(directory)


def report(rates):
    plain = rates["nginx_none"]
    possible = 1 / (1 / plain + primitive)
    lines = ["| module | requests/s | of no module |", "|---|--:|--:|"]
    for name, label in ROWS.items():
        lines.append(f"| {label} | {rates[name]:,.0f} | {rates[name] / plain:.0%} |")
    lines.append("")
    cached, uncached = rates["nginx_cache"] / plain, rates["nginx"] / possible
    lines.append(f"- with the cache, against no module: **{cached:.0%}** (wanted: 90%{missed(cached, 0.9)})")
    lines.append(
        f"- without the cache, against what the primitive allows: **{uncached:.0%}** (wanted: 65%{missed(uncached, 0.65)}). "
        f"A request takes {1e6 / plain:.1f} µs and the bare RS256 primitive {primitive * 1e6:.1f} µs over the same tokens "
        f"(`benches/`, `bare`), so that {possible:,.0f} requests/s would be possible if nothing else cost anything."
    )
    return "\n".join(lines)


def missed(ratio, wanted):
    return "" if ratio >= wanted else ", **missed**"
