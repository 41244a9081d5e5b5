"""nginx with libjot's module over time: reloads, crashes, garbage, counters."""

import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest

from forge import ISSUER
from gateway import Load, replace, until
from nginx_gateway import MODULE, Server

SITE = """
    jot on;
    jot_key_file DIRECTORY/jwks.json;
    jot_algorithms RS256 HS256;
    jot_issuer ISSUER;
    jot_audience api;
    jot_file_check 100ms;
    add_header X-Jot-Code $jot_code always;
    %s
    server {
        listen 127.0.0.1:PORT;
        location / { try_files /none =204; }
        location = /jot { jot off; jot_status; }
    }
"""


def site(more=""):
    return SITE % more


def code(server, token):
    return server.code_of(server.bearer(token, "/"))


def reload(server):
    """Reload, and wait until none of the workers from before takes requests.

    New ones come before the old ones are told to go, so that to see a new one is
    not enough.
    """
    old = set(server.worker_pids())
    server.reload()
    assert until(lambda: (now := set(server.worker_pids())) and not now & old, 60), server.log()


@pytest.mark.parametrize("more", ["", "jot_cache tokens 1000;"])
def test_keys_are_replaced_under_load_without_losing_a_request(nginx, forge, more):
    server = nginx(site(more))
    path = server.directory / "jwks.json"
    token, later = forge.token(), forge.token("next")
    assert code(server, later) == "kid_unknown"
    with Load(server, [token], path="/") as load:
        # The old key stays in the set: not one of its tokens may be refused.
        for names in [("rsa", "next"), ("next", "rsa")] * 2:
            before = server.status_page()["files"][0]["reloads"]
            replace(path, forge.jwks(*names))
            assert until(lambda: server.status_page()["files"][0]["reloads"] != before), server.log()
    assert load.errors == [] and set(load.statuses) == {204} and load.statuses[204] > 100
    assert code(server, later) == "accepted"

    # A key that is taken away is refused, also where the cache knew its tokens.
    assert code(server, token) == "accepted"
    replace(path, forge.jwks("next"))
    assert until(lambda: code(server, token) == "kid_unknown")


class FreshLoad(Load):
    """A connection for each request: an idle one may be closed at any time."""

    def run(self, gateway, tokens, path):
        while not self.stopping.is_set():
            try:
                status = gateway.bearer(tokens[0], path).status
            except (OSError, http.client.HTTPException) as error:
                with self.lock:
                    self.errors.append(error)
                continue
            with self.lock:
                self.statuses[status] = self.statuses.get(status, 0) + 1


def test_reload_of_the_server_under_load_loses_no_request(nginx, forge):
    server = nginx(site(), workers=2)
    path = server.directory / "jwks.json"
    token, later = forge.token(), forge.token("next")
    with FreshLoad(server, [token], path="/") as load:
        for names in [("rsa", "next"), ("rsa",), ("next", "rsa")]:
            path.write_text(forge.jwks(*names))
            reload(server)
            time.sleep(0.2)
    assert load.errors == [] and set(load.statuses) == {204} and load.statuses[204] > 100
    assert code(server, later) == "accepted"


def test_master_keeps_nothing_of_earlier_configurations(nginx, forge):
    server = nginx(site("jot_cache tokens 10000; jot_require_claim sub ~.;"))

    def kept(reloads):
        """Return what the master has of its own, in memory or swapped out."""
        for _ in range(reloads):
            reload(server)
        status = open(f"/proc/{server.process.pid}/status").read()
        return sum(int(status.split(f"{name}:")[1].split()[0]) for name in ("RssAnon", "VmSwap"))

    before = kept(10)
    assert kept(20) - before < 256
    assert code(server, forge.token()) == "accepted"


def test_bad_configuration_keeps_the_old_workers(nginx, forge):
    server = nginx(site())
    old = server.worker_pids()
    (server.directory / "jwks.json").write_text("{")
    server.reload()
    assert until(lambda: "key_json (400)" in server.log())
    assert server.worker_pids() == old and code(server, forge.token()) == "accepted"


def test_broken_key_file_leaves_the_last_keys(nginx, forge):
    server = nginx(site())
    path = server.directory / "jwks.json"
    token = forge.token()
    failures = 0
    empty, foreign = '{"keys":[]}', '{"keys":[{"kty":"OKP","crv":"X25519","x":"AA"}]}'
    for broken in ["", "{", empty, foreign, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "x" * (2 << 20), None]:
        if broken is None:
            path.unlink()
        else:
            replace(path, broken)
        failures += 1
        assert until(lambda: server.status_page()["files"][0]["failures"] == failures), (broken or "")[:20]
        assert server.status_page()["files"][0]["failed"]
        assert code(server, token) == "accepted"
        # A good one ends the failure, also when it says what the last one did.
        replace(path, forge.jwks("rsa", "ec"))
        assert until(lambda: not server.status_page()["files"][0]["failed"])
    # Each failure is told once, not at every tick.
    assert server.log().count("cannot be used, what was read before stays in force") == failures
    assert "No such file or directory" in server.log()


def test_each_state_of_a_file_is_told_once(nginx, forge):
    server = nginx(site())
    path = server.directory / "jwks.json"
    line = "cannot be used, what was read before stays in force: "
    told = []
    for text, why in [
        ("", "key_text_unknown (447)"),
        ("<!DOCTYPE html><html><title>Sign in</title></html>", "key_text_is_page (427): The text is an HTML or XML page"),
        ('{"keys":[]}', "key_set_empty (417)"),
        (forge.jwks("ec"), f"no key verifies with any of \"jot_algorithms\" in {server.directory}/nginx.conf:"),
        ("{", "key_json (400)"),
        (" ", "key_text_unknown (447)"),
    ]:
        replace(path, text)
        told.append(why)
        assert until(lambda: server.log().count(line) == len(told)), (text, server.log())
        time.sleep(0.4)
    lines = [found.split(line)[1] for found in server.log().splitlines() if line in found]
    assert len(lines) == len(told) and all(found.startswith(why) for found, why in zip(lines, told)), lines
    assert code(server, forge.token()) == "accepted"


class Daemon(Server):
    """nginx in the background, as systems run it: only there it takes USR2."""

    def config(self):
        return super().config().replace("daemon off;", "")

    def start(self):
        subprocess.run(self.command(), check=True)
        return self

    def master(self):
        """Return the master's process, or None while there is none."""
        path = self.directory / "nginx.pid"
        text = path.read_text() if path.exists() else ""
        return int(text) if text.endswith("\n") else None

    def stop(self):
        for path in self.directory.glob("nginx.pid*"):
            os.kill(int(path.read_text()), signal.SIGTERM)

    def log(self):
        return (self.directory / "error.log").read_text(errors="replace")

    def modules(self, process):
        """Return the files of the module that a process has loaded."""
        maps = pathlib.Path(f"/proc/{process}/maps").read_text()
        return set(re.findall(rf"{self.module}.*", maps))


def test_module_is_upgraded_under_load(forge, tmp_path):
    module = tmp_path / "module.so"
    install = ["install", "-m", "644", MODULE, module]
    subprocess.run(install, check=True)
    (tmp_path / "jwks.json").write_text(forge.jwks("rsa"))
    text = site("jot_cache tokens 100;").replace("DIRECTORY", str(tmp_path)).replace("ISSUER", ISSUER)
    server = Daemon(tmp_path, text, module=module).start()
    try:
        assert until(server.master)
        old = server.master()
        with FreshLoad(server, [forge.token()], path="/") as load:
            # The running processes keep the file that they have mapped,
            subprocess.run(install, check=True)
            time.sleep(0.3)
            # also after a reload: a file of that name is loaded.
            os.kill(old, signal.SIGHUP)
            assert until(lambda: "reconfiguring" in server.log())
            time.sleep(0.3)
            assert server.modules(old) == {f"{module} (deleted)"}
            os.kill(old, signal.SIGUSR2)
            assert until(lambda: server.master() not in (None, old)), server.log()
            new = server.master()
            assert until(pathlib.Path(f"/proc/{new}/task/{new}/children").read_text)
            os.kill(old, signal.SIGQUIT)
            assert until(lambda: not (tmp_path / "nginx.pid.oldbin").exists()), server.log()
            time.sleep(0.3)
        assert load.errors == [] and set(load.statuses) == {204} and load.statuses[204] > 50
        assert "exited on signal" not in server.log()
        assert server.modules(new) == {str(module)}
    finally:
        server.stop()


def test_unusable_key_does_not_spoil_the_others(nginx, forge):
    server = nginx(site())
    keys = json.loads(forge.jwks("rsa"))["keys"]
    replace(server.directory / "jwks.json", json.dumps({"keys": [{"kty": "new", "kid": "odd"}, *keys]}))
    assert until(lambda: server.status_page()["files"][0]["reloads"] == 1)
    assert code(server, forge.token()) == "accepted"
    assert 'not used: key 1 of 2 in the JWK Set (kid "odd"): key_type_unknown (403)' in server.log()


@pytest.mark.parametrize("form", ["jwk", "pem", "pem_bundle"])
def test_key_file_may_be_a_jwk_or_pem(nginx, forge, form):
    pem = forge.keys["rsa"].pem()
    texts = {"jwk": json.dumps(forge.keys["rsa"].jwk()), "pem": "\n " + pem, "pem_bundle": forge.keys["next"].pem() + pem}
    server = nginx(site())
    replace(server.directory / "jwks.json", texts[form])
    assert until(lambda: server.status_page()["files"][0]["reloads"] == 1), server.log()
    assert server.bearer(forge.token(), "/").status == 204
    assert server.bearer(forge.token("stranger"), "/").status == 401


def test_cache_forgets_expired_tokens_and_replaced_keys(nginx, forge):
    server = nginx(site("jot_cache tokens 1000;"))
    short = forge.token(set={"exp": "+2"})
    for _ in range(3):
        assert code(server, short) == "accepted"
    assert server.status_page()["rules"][0]["cache_hits"] == 2
    assert until(lambda: code(server, short) == "expired")
    # Another key under the same kid.
    token = forge.token()
    assert code(server, token) == "accepted"
    replace(server.directory / "jwks.json", forge.jwks("stranger"))
    assert until(lambda: code(server, token) == "signature_invalid")


def test_revoked_tokens_are_refused_at_once(nginx, forge, tmp_path):
    revoked = tmp_path / "revoked.ndjson"
    revoked.write_text('{"jti":"one"}\n')
    server = nginx(site("jot_revoked_file DIRECTORY/revoked.ndjson; jot_cache tokens 100;"))
    one, two = (forge.token(set={"jti": jti}) for jti in ("one", "two"))
    assert (code(server, one), code(server, two)) == ("jti_revoked", "accepted")
    replace(revoked, '{"jti":"two"}\n{"sub":"bob","issued_before":4102444800}\n')
    assert until(lambda: code(server, two) == "jti_revoked")
    assert code(server, one) == "accepted"
    assert code(server, forge.token(set={"sub": "bob"})) == "sub_revoked"
    replace(revoked, "nonsense\n")
    assert until(lambda: server.status_page()["files"][1]["failed"])
    assert code(server, two) == "jti_revoked"


def test_killed_worker_comes_back_with_the_keys_of_now(nginx, forge):
    server = nginx(site("jot_cache tokens 100;"))
    path = server.directory / "jwks.json"
    token = forge.token()
    replace(path, forge.jwks("rsa", "next"))
    assert until(lambda: code(server, forge.token("next")) == "accepted")
    with Load(server, [token], path="/") as load:
        for _ in range(3):
            time.sleep(0.2)
            [pid] = server.worker_pids()
            os.kill(pid, signal.SIGKILL)
            assert until(lambda: server.worker_pids() not in ([], [pid]))
    assert set(load.statuses) == {204}
    # Not what the master read when it started.
    assert code(server, forge.token("next")) == "accepted"


def test_worker_needs_no_access_to_secrets_that_the_master_read(nginx, forge):
    if os.getuid() != 0:
        pytest.skip("needs a master that is root")
    server = nginx(site(), main="user nobody nogroup;")
    path = server.directory / "jwks.json"
    assert code(server, forge.token()) == "accepted"
    path.write_text(forge.jwks("next"))
    path.chmod(0o600)
    # The workers may not read it, so they keep what they have and say so ...
    assert until(lambda: server.status_page()["files"][0]["failed"])
    assert "Permission denied" in server.log() and code(server, forge.token()) == "accepted"
    # ... until the master reads it for them.
    server.reload()
    assert until(lambda: code(server, forge.token("next")) == "accepted")


def test_random_bytes_are_refused_and_nothing_leaks(nginx, forge):
    # The machine may stand still for a while, and the connection is to stay.
    patience = "keepalive_timeout 1h; client_header_timeout 1h;"
    server = nginx(site(f"jot_cache tokens 1000; keepalive_requests 10000000; {patience}"))
    seeded = random.Random(1)
    token = forge.token().encode()
    flood(server, seeded, token, 20_000)
    [pid] = server.worker_pids()
    before, started = server.resident_kib(), seconds(pid)
    flood(server, seeded, token, 100_000)
    # Of its own time on the processor, however busy the machine is.
    assert seconds(pid) - started < 8
    assert server.worker_pids() == [pid]
    assert server.resident_kib() - before < 1024
    assert server.bearer(token.decode(), "/").status == 204
    rules = server.status_page()["rules"][0]
    assert rules["accepted"] == 1 and sum(rules["refused"].values()) == 120_000


def seconds(process):
    """Return how long a process has been on the processor."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def flood(server, seeded, token, count):
    """Send requests with random bytes for a token; each must be a 401."""
    allowed = bytes(byte for byte in range(0x20, 0x100) if byte != 0x7F)
    connection = socket.create_connection(("127.0.0.1", server.port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    batch = 200
    for _ in range(count // batch):
        values = [garbage(seeded, token, allowed) for _ in range(batch)]
        requests = [b"GET / HTTP/1.1\r\nhost: x\r\nauthorization: " + value + b"\r\n\r\n" for value in values]
        connection.sendall(b"".join(requests))
        reply = b""
        while reply.count(b"</html>\r\n") < batch:
            part = connection.recv(1 << 20)
            assert part, (values, reply)
            reply += part
        assert reply.count(b"HTTP/1.1 401 ") == batch, reply
    connection.close()


def garbage(seeded, token, allowed):
    kind = seeded.randrange(4)
    if kind == 0:
        return b"x" + random_bytes(seeded, allowed, 200) + b"x"
    if kind == 1:
        return b"Bearer x" + random_bytes(seeded, allowed, 400) + b"x"
    if kind == 2:
        return b"Bearer e" + b".".join(random_bytes(seeded, allowed, 60) for _ in range(3)) + b"x"
    # A good token with some bytes changed.
    changed = bytearray(token)
    for _ in range(seeded.randrange(1, 4)):
        index = seeded.randrange(len(changed) - 3)
        old = changed[index]
        while changed[index] == old:
            changed[index] = seeded.choice(allowed)
    return b"Bearer " + bytes(changed)


def random_bytes(seeded, allowed, most):
    return bytes(seeded.choices(allowed, k=seeded.randrange(most)))


def test_counters_are_those_of_all_workers(nginx, forge):
    server = nginx(site("jot_cache tokens 100;"), workers=3)
    token = forge.token()
    for _ in range(30):
        assert server.bearer(token, "/").status == 204
    for _ in range(5):
        server.bearer(forge.token(set={"exp": "-3600"}), "/")
        server.ask("/")
    page = server.status_page()
    rules = page["rules"][0]
    assert rules["accepted"] == 30 and rules["refused"] == {"expired": 5, "token_missing": 5}
    assert 27 <= rules["cache_hits"] <= 29 and rules["zone"] == "tokens"
    assert page["files"][0]["keys"] == 2
    answer = server.ask("/jot?format=prometheus")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4"
    text = answer.body.decode()
    assert f'jot_requests_total{{rules="0",place="{rules["place"]}",code="expired"}} 5\n' in text
    assert f'jot_file_entries{{file="{server.directory}/jwks.json",kind="keys"}} 2\n' in text
    assert server.ask("/jot", method="POST").status == 405


@pytest.mark.skipif(not shutil.which("valgrind"), reason="needs valgrind")
def test_requests_leak_nothing_under_valgrind(nginx, forge, tmp_path):
    logs = tmp_path / "valgrind.%p"
    server = nginx(
        site(
            "jot_cache tokens 50; jot_require_claim sub ~a; proxy_set_header X $jot_claim_sub; jot_strip on;"
            "jot_token_from header Authorization cookie t query t;"
        ),
        main="master_process off;",
    )
    server.stop()
    plain = server.command()
    server.command = lambda: ["valgrind", "-q", "--leak-check=full", f"--log-file={logs}", *plain]
    server.start()
    seeded = random.Random(2)
    token = forge.token()
    flood(server, seeded, token.encode(), 400)
    for _ in range(100):
        assert server.bearer(token, "/").status == 204
        assert server.bearer(forge.token(set={"sub": "b"}), "/").status == 403
    for _ in range(200):
        pieces = ["t=", "t", "=", ";", "&", " ", '"', "a", "t=" + token, "?"]
        text = "".join(seeded.choices(pieces, k=seeded.randrange(12)))
        answers = [server.ask("/", [("Cookie", text)]), server.ask("/?" + text.replace(" ", "%20"))]
        assert {answer.status for answer in answers} <= {204, 400, 401}
    replace(server.directory / "jwks.json", forge.jwks("next", "rsa"))
    assert until(lambda: code(server, forge.token("next")) == "accepted", 20)
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait(30)
    report = "".join(path.read_text() for path in tmp_path.glob("valgrind.*"))
    # What was read of the configuration is nginx's to free, or not.
    blocks = re.split(r"(?m)^==\d+== *$", report)
    mine = [block for block in blocks if "jot" in block and "ngx_conf_parse" not in block]
    assert not mine, report[-6000:]
    assert "Invalid" not in report and "uninitialised" not in report, report[-6000:]
