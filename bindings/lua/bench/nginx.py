#!/usr/bin/env python3
"""Measures the guard in nginx beside the module in C, and beside lua-resty-jwt if JOT_RESTY_JWT names
a folder with it and what it needs: requests/s by wrk, and CPU time of the worker for each request."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "bindings/lua/tests/nginx"))
from world import Forge, Server  # noqa: E402

ISSUER = "https://issuer.example"
MODULE = ROOT / "bindings/nginx/build/ngx_http_jot_module.so"
RESTY = os.environ.get("JOT_RESTY_JWT")
ROUNDS = 8
GUARD = """
  init_by_lua_block {
    local jot = require "jot"
    guard = assert(require("jot.nginx").guard {
      keys = assert(jot.keys.read "KEYS"), issuer = "ISSUER", algorithms = { "RS256" }, audience = "api", MORE
    })
  }
"""
IN_C = "jot_key_file KEYS; jot_algorithms RS256; jot_issuer ISSUER; jot_audience api; MORE"
CHECK = "access_by_lua_block { guard:check() }"
RESTY_INIT = """
  init_by_lua_block {
    jwt, validators = require "resty.jwt", require "resty.jwt-validators"
    pem = assert(io.open "PEM"):read "*a"
    rules = { iss = validators.equals "ISSUER", aud = validators.equals "api", exp = validators.is_not_expired() }
  }
"""
RESTY_CHECK = """access_by_lua_block {
    local text = ngx.var.http_authorization
    local found = text and jwt:verify(pem, text:sub(8), rules)
    if not found or not found.verified then return ngx.exit(401) end
  }"""
ROWS = {
    "no module": ("", "", ""),
    "the module in C, `jot on`": ("", IN_C, "jot on;"),
    "`guard:check()`": (GUARD, "", CHECK),
    "the module in C, `jot_cache`": ("", IN_C.replace("MORE", "jot_cache tokens 10000;"), "jot on;"),
    "`guard:check()`, `cache_entries`": (GUARD.replace("MORE", "cache_entries = 10000"), "", CHECK),
    "the module in C, accelerated": ("", IN_C.replace("MORE", "jot_backend auto;"), "jot on;"),
    "`guard:check()`, accelerated": (GUARD.replace("MORE", 'backend = "auto"'), "", CHECK),
}
if RESTY:
    ROWS["lua-resty-jwt"] = (RESTY_INIT, "", RESTY_CHECK)


def rate(server, token, seconds=1):
    url = f"http://127.0.0.1:{server.port}/"
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-H", f"Authorization: Bearer {token}", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in text, text
    return float(text.split("Requests/sec:")[1].split()[0])


def cpu(server):
    return int(pathlib.Path(f"/proc/{server.pids()[0]}/schedstat").read_text().split()[0]) / 1e9


def main():
    forge = Forge()
    keys = json.loads(forge.ask(generate="rsa", algorithm="RS256"))
    token = forge.sign("rsa", ISSUER, exp=4102444800, scope="read write", email="user@example.org")
    pem = forge.ask(pem="rsa")
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "keys.json").write_text(json.dumps(keys))
    (folder / "key.pem").write_text(json.loads(pem))
    servers = {}
    try:
        measure(servers, folder, token)
    finally:
        for server in servers.values():
            server.stop()
        forge.close()


def measure(servers, folder, token):
    for name, parts in ROWS.items():
        text = "keepalive_requests 100000000;\n" + parts[0] + parts[1]
        text += f"\nserver {{ listen 127.0.0.1:PORT; location / {{ {parts[2]} empty_gif; }} }}"
        for word, value in {
            "KEYS": folder / "keys.json",
            "PEM": folder / "key.pem",
            "ISSUER": ISSUER,
            "MORE": "",
        }.items():
            text = text.replace(word, str(value))
        main_part = f"load_module {MODULE};" if parts[1] else ""
        servers[name] = Server(
            text, workers=1, main=main_part, more_lua=f"{RESTY}/?.lua;{RESTY}/?/init.lua" if RESTY else ""
        )
        servers[name].start()
        assert servers[name].ask(token).status == 200, servers[name].log()
        if name != "no module":
            assert servers[name].ask(token[:-8] + "AAAAAAAA").status == 401, name
    best, least = dict.fromkeys(servers, 0.0), dict.fromkeys(servers, 1.0)
    for _ in range(ROUNDS):
        for name, server in servers.items():
            before = cpu(server)
            answered = rate(server, token)
            best[name] = max(best[name], answered)
            least[name] = min(least[name], (cpu(server) - before) / answered)
    print("| in nginx, RS256 | requests/s | µs of CPU time of the worker per request |\n|---|--:|--:|")
    for name in servers:
        print(f"| {name} | {best[name]:,.0f} | {least[name] * 1e6:.1f} |")


if __name__ == "__main__":
    main()
