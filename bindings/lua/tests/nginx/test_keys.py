"""Keys behind a URL in nginx: keys that change, and issuers that fail."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from case import Case, site
from world import Server, send


class KeysByUrl(Case):
    def test_first_request_waits_for_the_keys_and_all_workers_have_them(self):
        issuer = self.issuer()
        issuer.delay = 0.3
        server = self.follow(issuer)
        token = self.forge.sign("a", issuer.name, scope="write")
        assert server.ask(token).status == 200, server.log()
        workers = {server.ask(token, "/write").body.split()[0] for _ in range(60)}
        assert workers == {"0", "1"}
        assert issuer.count() == 1
        assert issuer.headers[0]["Host"] == issuer.name.removeprefix("http://")

    def test_keys_of_a_url_are_those_of_the_issuer_that_is_named_or_of_any(self):
        issuer = self.issuer()
        for named, status in ((f'issuer = "{issuer.name}"', 401), ("any_issuer = true", 200)):
            server = self.serve(
                f'jwks_url = "{issuer.name}/jwks", {named}, keeper = {{ allow_loopback = true }},'
            )
            assert server.ask(self.forge.sign("a", issuer.name)).status == 200, server.log()
            assert server.ask(self.forge.sign("a", "https://other")).status == status, server.log()

    def test_new_key_is_fetched_and_strangers_cause_no_flood(self):
        issuer = self.issuer()
        server = self.follow(issuer)
        assert server.ask(self.forge.sign("a", issuer.name)).status == 200
        issuer.keys = self.keys + self.forge.generate("b")
        assert server.ask(self.forge.sign("b", issuer.name)).status == 200, server.log()
        assert issuer.count() == 2
        self.forge.generate("stranger")
        strange = self.forge.sign("stranger", issuer.name)
        begun = time.monotonic()
        for _ in range(200):
            assert server.ask(strange).status == 401
        assert time.monotonic() - begun < 15
        assert issuer.count() == 2
        assert server.ask(self.forge.sign("a", issuer.name)).status == 200

    def test_guards_over_the_same_keys_fetch_once_and_both_see_new_ones(self):
        issuer, second = self.issuer(), self.issuer()
        second.keys = self.forge.generate("second")
        follow = "{ discover = 'NAME', allow_loopback = true, cool_down = 1 }"
        both = ", ".join(follow.replace("NAME", one.name) for one in (issuer, second))
        page = site(f"follow = {{ {both} }},").replace(
            "    write = assert",
            f"""    admin = assert(require("jot.nginx").guard {{
              follow = {{ {follow.replace("NAME", issuer.name)} }}, algorithms = {{ "ES256" }}, audience = "admin" }})
    write = assert""",
        )
        page = page.replace("guard:start() }", "guard:start() admin:start() }")
        page = page.replace(
            "location /write",
            "location /admin { access_by_lua_block { admin:check() } return 200; }\nlocation /write",
        )
        page = page.replace("return 200;", "content_by_lua_block { ngx.say('admin') }")
        server = Server(page)
        self.addCleanup(server.stop)
        server.start()
        ours, theirs = self.forge.sign("a", issuer.name), self.forge.sign("second", second.name)
        admins = self.forge.sign("a", issuer.name, aud="admin")
        assert server.ask(ours).status == 200, server.log()
        assert server.ask(theirs).status == 200, server.log()
        assert server.ask(admins, "/admin").status == 200, server.log()
        assert server.ask(ours, "/admin").status == 401
        assert (issuer.count(), second.count()) == (1, 1)
        # Keys of one issuer are not those of the other.
        assert server.ask(self.forge.sign("second", issuer.name)).status == 401
        time.sleep(1.2)
        second.keys = second.keys + self.forge.generate("third")
        assert server.ask(self.forge.sign("third", second.name)).status == 200, server.log()
        issuer.keys = issuer.keys + self.forge.generate("fourth")
        assert server.ask(self.forge.sign("fourth", issuer.name, aud="admin"), "/admin").status == 200, (
            server.log()
        )
        assert server.ask(self.forge.sign("fourth", issuer.name)).status == 200, server.log()

    def test_issuer_that_is_down_is_503_and_comes_back(self):
        issuer = self.issuer()
        issuer.answers["/jwks"] = lambda handler: send(handler, 500, b"down")
        server = self.follow(issuer)
        token = self.forge.sign("a", issuer.name)
        answer = server.ask(token)
        assert (answer.status, answer.challenge) == (503, None)
        assert "fetch_status" in server.log()
        assert server.ask("x").status == 401
        del issuer.answers["/jwks"]
        self.until(lambda: server.ask(token).status == 200, what=server.log())

    def test_answers_that_are_no_keys_are_refused(self):
        keys = b'{"keys":[]}'

        def raw(data, close=True):
            def answer(handler):
                handler.wfile.write(data)
                handler.close_connection = close

            return answer

        body = json.dumps({"keys": self.keys}).encode()
        good = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

        def fields(more):
            return b"HTTP/1.1 200 OK\r\n" + more + b"\r\n"

        def slow(handler):
            time.sleep(3)
            send(handler, 200, keys)

        for name, answer, told in (  # what told says is the code of the fetch
            ("garbage", raw(b"\x00\x01\x02\r\n\r\n"), "fetch_failed"),
            # These would bring keys if the one thing were not refused.
            ("endless line", raw(fields(b"X: " + b"a" * 20000) + good), "fetch_failed"),
            ("many fields", raw(fields(b"X: a\r\n" * 99 + b"X: a") + good), "fetch_failed"),
            ("folded field", raw(fields(b"X: a\r\n b") + good), "fetch_failed"),
            ("two lengths", raw(fields(b"Content-Length: 1") + good), "fetch_failed"),
            (
                "signed length",
                raw(b"HTTP/1.1 200 OK\r\nContent-Length: +%d\r\n\r\n%s" % (len(body), body)),
                "fetch_failed",
            ),
            ("length and chunks", raw(fields(b"Transfer-Encoding: chunked") + good), "fetch_failed"),
            ("another coding", raw(fields(b"Content-Encoding: gzip") + good), "fetch_failed"),
            ("no HTTP/1", raw(b"HTTP/2 200\r\n" + good), "fetch_failed"),
            ("cut off", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + body), "fetch_failed"),
            (
                "bad chunk",
                raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x%x\r\n%s" % (len(body), body)),
                "fetch_failed",
            ),
            (
                "no end of a chunk",
                raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(body), body)),
                "fetch_failed",
            ),
            ("too long", lambda handler: send(handler, 200, b'{"keys":[' + b" " * 3000), "reply_too_long"),
            (
                "elsewhere",
                lambda handler: send(handler, 302, b"", fields=[("Location", "http://127.0.0.1:1/")]),
                "fetch_redirect",
            ),
            ("no keys", lambda handler: send(handler, 200, keys), "key_set_empty"),
            ("slow", slow, "fetch_timeout"),
        ):
            with self.subTest(name):
                issuer = self.issuer()
                issuer.answers["/jwks"] = answer
                server = self.follow(issuer, "timeout = 1, most_bytes = 2000")
                answer = server.ask(self.forge.sign("a", issuer.name))
                # A set without keys is a fault of the server's, by the engine's table.
                status = 500 if told == "key_set_empty" else 503
                assert (answer.status, answer.challenge) == (status, None)
                self.until(lambda told=told, server=server: told in server.log(), what=server.log())

    def test_chunks_and_a_body_until_the_end_are_read(self):
        text = json.dumps({"keys": self.keys}).encode()
        half = len(text) // 2
        chunks = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (text[:half], text[half:]))
        for head, body in (
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks + b"0\r\n\r\n"),
            (b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 200 OK\nX: y\n\n", text),
        ):
            issuer = self.issuer()

            def answer(handler, data=head + body):
                handler.wfile.write(data)
                handler.close_connection = True

            issuer.answers["/jwks"] = answer
            server = self.follow(issuer)
            assert server.ask(self.forge.sign("a", issuer.name)).status == 200, server.log()

    def test_keys_outlive_a_reload_and_a_worker_that_dies(self):
        issuer = self.issuer()
        server = self.follow(issuer)
        token = self.forge.sign("a", issuer.name)
        assert server.ask(token).status == 200
        issuer.answers["/jwks"] = lambda handler: send(handler, 500, b"down")
        self.reload(server)
        assert {server.ask(token).status for _ in range(20)} == {200}
        before = server.pids()
        for pid in before:
            os.kill(pid, signal.SIGTERM)
        self.until(lambda: len(set(server.pids()) - set(before)) == 2)
        assert {server.ask(token).status for _ in range(20)} == {200}

    def test_server_ends_while_requests_wait(self):
        issuer = self.issuer()
        issuer.delay = 3
        server = self.follow(issuer)
        token = self.forge.sign("a", issuer.name)
        answers = []
        waiting = [
            threading.Thread(target=lambda: answers.append(server.ask(token).status)) for _ in range(5)
        ]
        for thread in waiting:
            thread.start()
        time.sleep(0.5)
        server.signal(signal.SIGQUIT)
        server.process.wait(20)
        for thread in waiting:
            thread.join()
        # Nobody is let in because the server ends.
        assert set(answers) - {200, 503} == set()
        assert len(answers) == 5

    def test_dict_that_is_too_small_is_said(self):
        issuer = self.issuer()
        for i in range(60):
            issuer.keys = issuer.keys + self.forge.generate(f"k{i}")
        server = Server(
            site(f'discover = "{issuer.name}", keeper = {{ allow_loopback = true }},').replace(
                "jot 1m", "jot 12k"
            )
        )
        self.addCleanup(server.stop)
        server.start()
        self.until(lambda: "is too small" in server.log(), what=server.log())


class Tls(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=issuer.example", "-addext", "subjectAltName=DNS:issuer.example",
             "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        self.issuer_ = self.issuer(certificate=(self.folder / "cert.pem", self.folder / "key.pem"))

    def settings(self, name):
        return f"lua_ssl_trusted_certificate {name}; lua_ssl_verify_depth 3;"

    def test_certificate_of_the_authority_is_taken_and_no_other(self):
        options = f'discover = "{self.issuer_.name}", address = "127.0.0.1",'
        server = self.serve(options, self.settings(self.folder / "cert.pem"))
        token = self.forge.sign("a", self.issuer_.name)
        assert server.ask(token).status == 200, server.log()
        others = self.serve(options, self.settings("/etc/ssl/certs/ca-certificates.crt"))
        assert others.ask(token).status == 503
        assert "certificate" in others.log()
        # Another name in the URL than in the certificate.
        name = self.issuer_.name.replace("issuer.example", "other.example")
        others = self.serve(options.replace(self.issuer_.name, name), self.settings(self.folder / "cert.pem"))
        assert others.ask(self.forge.sign("a", name)).status == 503
        assert "certificate" in others.log()


if __name__ == "__main__":
    unittest.main()
