"""Requests that wait for keys: what reaches the upstream, who leaves, how many wait."""

import socket
import threading
import time

import pytest

from envoy_gateway import KEYS, Guarded, bootstrap, cluster, fresh, jot_filter, proxied, remote
from gateway import until


class Proxy(Guarded):
    """Envoy with one provider before an upstream."""

    def config(self):
        routes = [proxied("/")]
        return bootstrap(
            self.port, self.admin_port, [jot_filter(self.jot)], routes, self.upstream_port, clusters=self.clusters
        )


class Listener:
    """An upstream that keeps what comes and answers each connection once."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.seen = b""
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        while part := connection.recv(65536):
            self.seen += part
            if b"the end" in part:
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


@pytest.mark.parametrize("published", [True, False])
def test_nothing_of_a_request_that_waits_reaches_the_upstream(tmp_path, forge, issuer, published):
    """Neither its headers nor its body, until it is decided; then all of it."""
    upstream = Listener()
    gateway = Proxy(tmp_path, forge, remote(), clusters=[cluster("idp", issuer.port)])
    gateway.upstream_port = upstream.port
    gateway.start()
    try:
        warm = gateway.connect()
        warm.request("POST", "/", b"the end", {"authorization": f"Bearer {forge.token()}"})
        assert warm.getresponse().status == 200
        upstream.seen = b""
        issuer.ways[KEYS] = {"delay": 1}
        if published:
            issuer.good = forge.jwks("rsa", "next")
        with socket.create_connection(("127.0.0.1", gateway.port), 10) as client:
            head = f"POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {fresh(forge)}\r\ncontent-length: 300007\r\n\r\n"
            client.sendall(head.encode() + b"x" * 100_000)
            time.sleep(0.5)
            assert upstream.seen == b"" and issuer.count() == 2
            client.setblocking(False)
            rest, sent = b"x" * 200_000 + b"the end", 0
            answer = b""
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline and b"\r\n\r\n" not in answer:
                try:
                    sent += client.send(rest[sent : sent + 65536])
                except BlockingIOError:
                    pass
                except ConnectionError:
                    break
                try:
                    answer += client.recv(4096)
                except BlockingIOError:
                    time.sleep(0.01)
                except ConnectionError:
                    break
            assert answer.startswith(b"HTTP/1.1 200" if published else b"HTTP/1.1 401"), answer
        if published:
            assert upstream.seen.count(b"x") >= 300_000
        else:
            assert upstream.seen == b""
    finally:
        gateway.stop()
        upstream.socket.close()


def test_client_that_leaves_while_its_request_waits_harms_nobody(guarded, forge, issuer):
    gateway = guarded(remote(cooldown_seconds=1), clusters=[cluster("idp", issuer.port)])
    assert gateway.bearer(forge.token()).status == 200
    issuer.ways[KEYS] = {"delay": 1}
    time.sleep(1.5)
    head = f"GET / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {forge.token(header={'kid': 'never'})}\r\n\r\n"
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", gateway.port)) as client:
            client.sendall(head.encode())
            time.sleep(0.005)
    time.sleep(1.5)
    assert gateway.process.poll() is None
    assert gateway.bearer(forge.token()).status == 200


def test_requests_that_wait_while_envoy_ends_harm_nobody(guarded, forge, issuer):
    gateway = guarded(remote(), clusters=[cluster("idp", issuer.port)])
    assert gateway.bearer(forge.token()).status == 200
    issuer.ways[KEYS] = {"delay": 3}
    head = f"GET / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {forge.token(header={'kid': 'never'})}\r\n\r\n"
    clients = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(20)]
    for client in clients:
        client.sendall(head.encode())
    assert until(lambda: issuer.count() == 2)
    gateway.process.terminate()
    assert gateway.process.wait(20) == 0, gateway.log()
    for client in clients:
        client.close()


def test_most_requests_wait_and_the_others_are_answered(guarded, forge, issuer):
    gateway = guarded(remote(), clusters=[cluster("idp", issuer.port)])
    assert gateway.bearer(forge.token()).status == 200
    issuer.ways[KEYS] = {"delay": 3}
    head = f"GET / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {forge.token(header={'kid': 'never'})}\r\n\r\n"
    clients = [socket.create_connection(("127.0.0.1", gateway.port), 10) for _ in range(1100)]
    try:
        for client in clients:
            client.sendall(head.encode())
        statuses = [client.recv(4096).split(b" ", 2)[1] for client in clients]
    finally:
        for client in clients:
            client.close()
    assert statuses.count(b"401") == 1024 and statuses.count(b"503") == 76
    assert issuer.count() == 2
