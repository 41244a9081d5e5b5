#!/usr/bin/env python3
"""Runs the example that follows keys in an event loop against an issuer here:

    follow.py FOLLOW ISSUE FOLDER
"""

import http.server
import pathlib
import subprocess
import sys
import threading


class Issuer(http.server.BaseHTTPRequestHandler):
    status, body, requests = 200, b"", 0

    def do_GET(self):
        Issuer.requests += 1
        self.send_response(Issuer.status)
        self.send_header("Content-Length", str(len(Issuer.body)))
        self.end_headers()
        self.wfile.write(Issuer.body)

    def log_message(self, *_):
        pass


def main():
    follow, issue, folder = sys.argv[1:]
    tokens, sets = [], []
    for name in "ab":
        path = pathlib.Path(folder, f"follow-{name}.json")
        claims = '{"sub":"alice","exp":9999999999}'
        made = subprocess.run([issue, path, claims], check=True, capture_output=True, text=True)
        tokens.append(made.stdout)
        sets.append(path.read_bytes())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/jwks"

    def started():
        return subprocess.Popen([follow, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def ask(process, token, wanted):
        process.stdin.write(token)
        process.stdin.flush()
        answer = process.stdout.readline().strip()
        if answer != wanted:
            raise SystemExit(f"follow: {answer!r}, not {wanted!r}")

    Issuer.body = sets[0]
    process = started()
    ask(process, tokens[0], "200 accepted")
    Issuer.body = sets[1]
    ask(process, tokens[1], "200 accepted")
    for _ in range(100):
        ask(process, tokens[0], "401 kid_unknown")
    process.stdin.close()
    if process.wait(10) != 0 or Issuer.requests != 2:
        raise SystemExit(f"follow: {Issuer.requests} requests, status {process.returncode}")
    Issuer.status = 502
    process = started()
    ask(process, tokens[0], "503 fetch_status")
    process.stdin.close()
    if process.wait(10) != 0:
        raise SystemExit(f"follow: status {process.returncode}")
    print("follow: 104 tokens, 3 requests")


if __name__ == "__main__":
    main()
