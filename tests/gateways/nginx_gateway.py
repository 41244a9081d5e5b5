"""nginx with libjot's module."""

import json
import os
import pathlib
import signal
import subprocess
import time

from forge import ISSUER, OTHER, SERVICE
from gateway import Gateway, free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = pathlib.Path(os.environ.get("JOT_NGINX_MODULE", ROOT / "bindings/nginx/build/ngx_http_jot_module.so"))
JOTCTL = pathlib.Path(os.environ.get("JOT_JOTCTL", ROOT / "target/debug/jotctl"))
BINARY = os.environ.get("JOT_NGINX", "/usr/sbin/nginx")


def document(directory, http, main="", workers=1, module=MODULE):
    """Return a whole configuration around what stands in its http block."""
    # The workers of a root's nginx are nobody's, who sees no test's files.
    user = "user root;" if os.getuid() == 0 and "user " not in main else ""
    places = [f"{kind}_temp_path {directory}/temp_{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    return "\n".join(
        [
            f"load_module {module};",
            f"pid {directory}/nginx.pid;",
            f"error_log {directory}/error.log info;",
            f"worker_processes {workers};",
            "daemon off;",
            user,
            main,
            "events { worker_connections 1024; }",
            "http {",
            "access_log off;",
            *places,
            http,
            "}",
        ]
    )


def run(*arguments):
    """Run nginx with these arguments and return its exit code and output."""
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def validate(directory, http):
    """Return the exit code of `nginx -t`, and its output."""
    path = directory / "bad.conf"
    path.write_text(document(directory, http))
    return run("-t", "-p", str(directory), "-c", str(path), "-e", "stderr")


class Server(Gateway):
    """nginx with any configuration."""

    name = "nginx"

    def __init__(self, directory, http, workers=1, main="", module=MODULE):
        super().__init__(directory, None, None)
        self.module = module
        self.http = http
        self.workers = workers
        self.main = main

    def config(self):
        """Return the configuration, with the port that was chosen."""
        return document(self.directory, self.http.replace("PORT", str(self.port)), self.main, self.workers, self.module)

    def start(self):
        super().start()
        # The master listens before there are workers.
        deadline = time.monotonic() + 20
        while "master_process off" not in self.main and len(self.worker_pids()) < self.workers:
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.01)
        return self

    def write(self):
        path = self.directory / "nginx.conf"
        path.write_text(self.config())
        return path

    def command(self):
        path = self.write()
        return [BINARY, "-p", str(self.directory), "-c", str(path), "-e", str(self.directory / "error.log")]

    def log(self):
        own, errors = super().log(), self.directory / "error.log"
        return own + (errors.read_text(errors="replace") if errors.exists() else "")

    def reload(self):
        self.write()
        self.process.send_signal(signal.SIGHUP)

    def worker_pids(self):
        """Return the processes of the workers that still take requests."""
        pids = []
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for pid in map(int, children.split()):
            try:
                title = pathlib.Path(f"/proc/{pid}/cmdline").read_text()
            except OSError:
                continue
            if "worker process" in title and "shutting down" not in title:
                pids.append(pid)
        return pids

    def resident_kib(self):
        """Return the memory of the first worker, which no other shares."""
        status = open(f"/proc/{self.worker_pids()[0]}/status").read()
        return int(status.split("VmRSS:")[1].split()[0])

    def code_of(self, answer):
        return answer.headers.get("x-jot-code", "")

    def status_page(self):
        return json.loads(self.ask("/jot").body)


# The profiles that the table speaks of.
PROFILES = """
    proxy_http_version 1.1;
    proxy_set_header X-Sub $jot_claim_sub;
    proxy_set_header X-Roles $jot_claim_realm_access__roles;
    add_header X-Jot-Code $jot_code always;
    jot_claim_set $roles /realm_access/roles;

    server {
        listen 127.0.0.1:PORT;
        listen 127.0.0.1:HTTP2 http2;

        jot on "table";
        jot_key_file DIRECTORY/main.json issuer=ISSUER;
        jot_key_file DIRECTORY/other.json issuer=OTHER;
        jot_algorithms RS256 ES256;
        jot_audience api;
        jot_strip on;
        jot_token_from header Authorization;

        location / { proxy_pass http://127.0.0.1:UPSTREAM; }

        location = /main {
            jot_token_from header Authorization cookie session query access_token;
            proxy_pass http://127.0.0.1:UPSTREAM;
        }

        location = /mixed {
            jot_key_file DIRECTORY/rsa.pem;
            jot_issuer ISSUER;
            jot_algorithms RS256 HS256;
            proxy_pass http://127.0.0.1:UPSTREAM;
        }

        location = /leeway { jot_leeway 60s; proxy_pass http://127.0.0.1:UPSTREAM; }
        location = /scoped { jot_scope orders:read; proxy_pass http://127.0.0.1:UPSTREAM; }
        location = /typed { jot_typ at+jwt; proxy_pass http://127.0.0.1:UPSTREAM; }
        location = /forward { jot_strip off; proxy_pass http://127.0.0.1:UPSTREAM; }
        location = /optional { jot optional; proxy_pass http://127.0.0.1:UPSTREAM; }
        location = /off { jot off; proxy_pass http://127.0.0.1:UPSTREAM; }
        STATUS
    }
"""

# What looks at the status lists of an issuer at the port IDP.
STATUS = """
        location = /status {
            jot_status_list_url http://127.0.0.1:IDP/status/ keys=http://127.0.0.1:IDP/keys alg=RS256;
            proxy_pass http://127.0.0.1:UPSTREAM;
        }
"""
FETCH = "jot_fetch JOTCTL --allow-loopback --proxy= --timeout 2; jot_fetch_path DIRECTORY/fetched;"


class Nginx(Server):
    """nginx with the profiles of the table."""

    def __init__(self, directory, forge, upstream_port):
        super().__init__(directory, PROFILES)
        self.upstream_port = upstream_port
        self.forge = forge
        (directory / "main.json").write_text(forge.jwks("rsa", "ec"))
        (directory / "other.json").write_text(forge.jwks("other"))
        (directory / "rsa.pem").write_text(forge.keys["rsa"].pem())
        self.http2_port = free_port()

    def serve_lists(self, port):
        self.idp_port, self.lists = port, f"http://127.0.0.1:{port}/status/"

    def config(self):
        """Return the configuration, with everything that the words stand for."""
        words = {"STATUS": STATUS if self.lists else "", "HTTP2": self.http2_port, "DIRECTORY": self.directory}
        words |= {"ISSUER": ISSUER, "OTHER": OTHER, "SERVICE": SERVICE, "UPSTREAM": self.upstream_port}
        words |= {"IDP": self.idp_port, "JOTCTL": JOTCTL}
        self.http = (FETCH if self.lists else "") + PROFILES
        for word, value in words.items():
            self.http = self.http.replace(word, str(value))
        return super().config()
