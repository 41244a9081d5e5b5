#!/usr/bin/env python3
"""Runs the example that discovers its issuer's keys against an issuer here:

    issuer.py EXAMPLE ISSUE FOLDER
"""

import http.server
import json
import pathlib
import subprocess
import sys
import threading


class Issuer(http.server.BaseHTTPRequestHandler):
    pages: dict = {}

    def do_GET(self):
        body = self.pages.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


def main():
    example, issue, folder = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    issuer = f"http://127.0.0.1:{server.server_address[1]}"
    keys = pathlib.Path(folder, "issuer.json")
    claims = [{"iss": issuer, "aud": "api", "sub": "alice", "exp": exp} for exp in (9999999999, 1)]
    made = subprocess.run(
        [issue, keys, *map(json.dumps, claims)], check=True, capture_output=True, text=True
    )
    good, expired = made.stdout.split()

    def check(token, wanted, status):
        done = subprocess.run([example, issuer, token], capture_output=True, text=True)
        if not done.stdout.startswith(wanted) or done.returncode != status:
            raise SystemExit(f"issuer: {done.stdout!r}, {done.returncode}, not {wanted!r}")

    metadata = {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
    Issuer.pages["/.well-known/openid-configuration"] = json.dumps(metadata).encode()
    Issuer.pages["/keys"] = keys.read_bytes()
    check(good, "welcome, alice\n", 0)
    check(expired, "401: expired: ", 1)
    Issuer.pages.clear()
    check(good, "503: keys_not_yet: ", 1)
    print("issuer: 3 tokens")


if __name__ == "__main__":
    main()
