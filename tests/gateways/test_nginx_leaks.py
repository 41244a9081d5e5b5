"""Whatever comes, nothing leaks."""

import os
import pathlib
import random
import re
import shutil
import signal
import socket

import pytest

from gateway import replace, until
from nginx_sites import code, watched


def test_random_bytes_are_refused_and_nothing_leaks(nginx, forge):
    # The machine may stand still for a while, and the connection is to stay.
    patience = "keepalive_timeout 1h; client_header_timeout 1h;"
    server = nginx(watched(f"jot_cache tokens 1000; keepalive_requests 10000000; {patience}"))
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
    # Different ones: a second change of the same byte might bring the good token back.
    for index in seeded.sample(range(len(changed) - 3), seeded.randrange(1, 4)):
        old = changed[index]
        while changed[index] == old:
            changed[index] = seeded.choice(allowed)
    return b"Bearer " + bytes(changed)


def random_bytes(seeded, allowed, most):
    return bytes(seeded.choices(allowed, k=seeded.randrange(most)))


@pytest.mark.skipif(not shutil.which("valgrind"), reason="needs valgrind")
def test_requests_leak_nothing_under_valgrind(nginx, forge, tmp_path):
    logs = tmp_path / "valgrind.%p"
    server = nginx(
        watched(
            "jot_cache tokens 50; jot_require_claim sub regex a.*; jot_require_claim iss not prefix $uri; proxy_set_header X $jot_claim_sub; jot_strip on;"
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
    assert until(lambda: code(server, forge.token("next")) == "accepted")
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait(30)
    report = "".join(path.read_text() for path in tmp_path.glob("valgrind.*"))
    # What was read of the configuration is nginx's to free, or not.
    blocks = re.split(r"(?m)^==\d+== *$", report)
    mine = [block for block in blocks if "jot" in block and "ngx_conf_parse" not in block]
    assert not mine, report[-6000:]
    assert "Invalid" not in report and "uninitialised" not in report, report[-6000:]
