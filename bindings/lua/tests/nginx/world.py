"""nginx with the guard, an issuer that can be told to misbehave, and tokens."""

import base64
import http.client
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import zlib

HERE = pathlib.Path(__file__).resolve().parent
LIB = HERE.parents[1] / "lib"
NGINX = os.environ.get("JOT_NGINX", "/usr/sbin/nginx")
MODULES = os.environ.get("JOT_NGINX_MODULES", "/usr/lib/nginx/modules")
LIBRARY = os.environ["JOT_LIBRARY"]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Forge:
    """Keys and tokens, by a program in Lua."""

    def __init__(self):
        paths = {**os.environ, "LUA_PATH": f"{LIB}/?.lua;;"}
        self.process = subprocess.Popen(
            ["luajit", str(HERE / "forge.lua")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=paths,
        )

    def ask(self, **asked):
        """Return the answer to one line, which forge.lua describes."""
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def generate(self, name):
        return json.loads(self.ask(generate=name))["keys"]

    def sign(self, name, iss, **claims):
        whole = {"iss": iss, "aud": "api", "sub": "alice", "exp": int(time.time()) + 600, **claims}
        return self.ask(sign=name, text=json.dumps(whole))

    def revocations(self, name, iss, *jtis, lives=600):
        """Return a signed list of revoked tokens."""
        now = int(time.time())
        entries = [{"jti": jti} for jti in jtis]
        claims = {"iss": iss, "iat": now, "exp": now + lives, "ttl": 1, "revocations": entries}
        return self.ask(sign=name, text=json.dumps(claims), typ="revocations+jwt")

    def status_list(self, name, uri, *revoked):
        """Return a signed status list of 16 tokens, some of which are revoked."""
        bits = sum(1 << index for index in revoked)
        packed = base64.urlsafe_b64encode(zlib.compress(bits.to_bytes(2, "little"))).decode().rstrip("=")
        now = int(time.time())
        listed = {"bits": 1, "lst": packed}
        claims = {"sub": uri, "iat": now, "exp": now + 600, "ttl": 1, "status_list": listed}
        return self.ask(sign=name, text=json.dumps(claims), typ="statuslist+jwt")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Issuer:
    """Serves a configuration and keys, and counts what is asked for."""

    def __init__(self, certificate=None):
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                issuer.asked.append(self.path)
                issuer.headers.append(dict(self.headers))
                answer = issuer.answers.get(self.path)
                if answer is None:
                    answer = issuer.usual(self.path)
                try:
                    answer(self)
                except BrokenPipeError:
                    self.close_connection = True  # whoever asked had enough

            def log_message(self, *_):
                pass

        self.asked, self.headers, self.answers, self.keys = [], [], {}, []
        self.lists = {}
        self.delay, self.max_age = 0, 300
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        scheme, host = "http", "127.0.0.1"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme, host = "https", "issuer.example"
        self.name = f"{scheme}://{host}:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def usual(self, path):
        documents = {
            "/.well-known/openid-configuration": {"issuer": self.name, "jwks_uri": self.name + "/jwks"},
            "/jwks": {"keys": self.keys},
        }
        found = documents.get(path)

        def answer(handler):
            time.sleep(self.delay)
            if path in self.lists:
                send(handler, 200, self.lists[path].encode())
                return
            send(handler, 404 if found is None else 200, json.dumps(found).encode(), self.max_age)

        return answer

    def count(self, path="/jwks"):
        return self.asked.count(path)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def send(handler, status, body, max_age=300, fields=()):
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Cache-Control", f"max-age={max_age}")
    handler.send_header("Content-Length", str(len(body)))
    for name, value in fields:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


class Answer:
    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.body = response.read().decode(errors="replace")

    @property
    def challenge(self):
        return self.headers.get("WWW-Authenticate")


class Server:
    """nginx in a folder of its own."""

    def __init__(self, http, workers=2, main="", more_lua=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jot-lua-"))
        self.port = free_port()
        places = "\n".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.getuid() == 0 else ""
        self.workers = workers
        (self.folder / "nginx.conf").write_text(
            f"""load_module {MODULES}/ndk_http_module.so;
load_module {MODULES}/ngx_http_lua_module.so;
pid {self.folder}/nginx.pid;
error_log {self.folder}/error.log info;
worker_processes {workers};
daemon off;
{user}
env JOT_LIBRARY={LIBRARY};
{main}
events {{ worker_connections 1024; }}
http {{
  access_log off;
  {places}
  lua_package_path "{LIB}/?.lua;{more_lua};;";
  {http.replace("PORT", str(self.port))}
}}
"""
        )
        self.process = None

    def command(self):
        return [
            NGINX,
            "-p",
            str(self.folder),
            "-c",
            str(self.folder / "nginx.conf"),
            "-e",
            str(self.folder / "error.log"),
        ]

    def start(self):
        self.process = subprocess.Popen(self.command(), stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                assert self.process.poll() is None and time.monotonic() < end, self.log()
                time.sleep(0.05)
        while len(self.pids()) < self.workers:
            assert time.monotonic() < end, self.log()
            time.sleep(0.02)
        return self

    def pids(self):
        found = []
        for pid in (
            pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ):
            try:
                title = pathlib.Path(f"/proc/{pid}/cmdline").read_text()
            except OSError:
                continue
            if "worker process" in title and "shutting down" not in title:
                found.append(int(pid))
        return found

    def ask(self, token=None, path="/", fields=(), timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.putrequest("GET", path)
            if token is not None:
                connection.putheader("Authorization", f"Bearer {token}")
            for name, value in fields:
                connection.putheader(name, value)
            connection.endheaders()
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def log(self):
        path = self.folder / "error.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def signal(self, which):
        self.process.send_signal(which)

    def stop(self):
        if not self.process:
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            self.process.wait(20)
        log = self.log()
        shutil.rmtree(self.folder, ignore_errors=True)
        for bad in ("exited on signal", "attempt to", "SIGSEGV"):
            assert bad not in log, log[-4000:]
