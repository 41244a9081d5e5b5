"""Envoy without a filter, with its own jwt_authn and with libjot's filter."""

import os
import time

from envoy_gateway import Envoy, bootstrap, direct, jot_filter, jwt_authn_filter
from forge import ISSUER

TITLE = "Envoy 1.40"
CACHE_ENTRIES = 10_000
ROWS = {
    "none": "no filter",
    "jwt_authn": "jwt_authn",
    "jot": "jot",
    "jwt_authn_cache": "jwt_authn, jwt_cache_config",
    "jot_cache": "jot, cache_entries",
}
LIMITS = [("jot", "jwt_authn", 1.3), ("jot_cache", "jwt_authn_cache", 1.0)]


class Plain(Envoy):
    guards = False

    def __init__(self, name, directory, forge):
        super().__init__(directory, forge, None)
        self.name = name
        self.keys = directory / f"{name}.jwks.json"
        self.keys.write_text(forge.jwks("rsa"))

    def filters(self):
        return []

    def config(self):
        return bootstrap(self.port, self.admin_port, self.filters(), [direct()])


class Authn(Plain):
    guards = True

    def filters(self):
        provider = {"issuer": ISSUER, "audiences": ["api"], "local_jwks": {"filename": str(self.keys)}}
        if self.name.endswith("cache"):
            cache = {"jwt_cache_size": CACHE_ENTRIES, "jwt_max_token_size": 4096}
            provider["jwt_cache_config"] = cache
        rules = [{"match": {"prefix": "/"}, "requires": {"provider_name": "main"}}]
        return [jwt_authn_filter({"providers": {"main": provider}, "rules": rules})]


class Jot(Plain):
    guards = True

    def filters(self):
        issuers = [{"issuer": ISSUER, "keys": {"file": str(self.keys)}}]
        provider = {"issuers": issuers, "audiences": ["api"], "algorithms": ["RS256"]}
        if self.name.endswith("cache"):
            provider["cache_entries"] = CACHE_ENTRIES
        return [jot_filter({"providers": {"main": provider}})]


def servers(directory, forge):
    kinds = {"none": Plain, "jwt_authn": Authn, "jwt_authn_cache": Authn, "jot": Jot, "jot_cache": Jot}
    return [kinds[name](name, directory, forge) for name in ROWS]


def afterwards(servers, forge):
    """With the cache warm: what expired and whose key went is refused."""
    server = next(server for server in servers if server.name == "jot_cache")
    hits = server.stats("cache_hit").popitem()[1]
    assert hits > 1000, f"the cache answered {hits} times only"
    short = forge.token(set={"exp": "+2"})
    assert [server.bearer(short).status for _ in range(2)] == [200, 200]
    assert server.stats("cache_hit").popitem()[1] == hits + 1
    time.sleep(2.1)
    assert server.bearer(short).status == 401, "an expired token passed"
    token = forge.token()
    assert [server.bearer(token).status for _ in range(2)] == [200, 200]
    fresh = server.keys.with_suffix(".new")
    fresh.write_text(forge.jwks("next"))
    os.replace(fresh, server.keys)
    deadline = time.monotonic() + 5
    while server.bearer(token).status == 200:
        assert time.monotonic() < deadline, "a token passed whose key was removed"
        time.sleep(0.05)


def report(rates):
    lines = ["| filter | requests/s | of no filter |", "|---|--:|--:|"]
    for name, label in ROWS.items():
        lines.append(f"| {label} | {rates[name]:,.0f} | {rates[name] / rates['none']:.0%} |")
    lines.append("")
    for ours, theirs, wanted in LIMITS:
        ratio = rates[ours] / rates[theirs]
        verdict = "" if ratio >= wanted else ", **missed**"
        lines.append(f"- {ROWS[ours]} against {ROWS[theirs]}: **{ratio:.2f}x** (wanted: {wanted}x{verdict})")
    lines.append("- with the cache warm, expired tokens and tokens of a removed key were refused")
    return "\n".join(lines)
