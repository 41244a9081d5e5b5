"""The guard in Debian's nginx: an application behind it, keys that change, and issuers that fail."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from world import HERE, Forge, Issuer, Server, send

OPTIONS = """
      algorithms = { "ES256" }, audience = "api", realm = "orders",
      resource_metadata = "https://api.example/.well-known/oauth-protected-resource",
"""

# What a user writes, with an upstream behind it that says what it was sent.
SITE = """
  lua_shared_dict jot 1m;
  SETTINGS
  init_by_lua_block {
    jot = require "jot"
    guard = assert(require("jot.nginx").guard { OPTIONS })
    write = assert(jot.demand { scopes = "write" })
  }
  init_worker_by_lua_block { guard:start() }
  server {
    listen 127.0.0.1:PORT;
    location / {
      access_by_lua_block { ngx.req.set_header("X-Subject", guard:check().subject) }
      proxy_pass http://127.0.0.1:PORT/upstream;
    }
    location /write {
      access_by_lua_block { guard:check(write) }
      content_by_lua_block { ngx.say(ngx.worker.id(), " ", ngx.ctx.jot.claims.sub) }
    }
    location /worker {
      content_by_lua_block { ngx.say(ngx.worker.id()) }
    }
    location /revoke {
      content_by_lua_block { ngx.say(tostring(guard:revoke_jti(ngx.var.arg_jti, ngx.time() + 600))) }
    }
    location /forget {
      content_by_lua_block { ngx.shared.jot:delete("jot:revoked") ngx.say("gone") }
    }
    location /health {
      content_by_lua_block { ngx.say(require("cjson").encode(guard:health())) }
    }
    location /upstream {
      content_by_lua_block { ngx.say("orders of ", ngx.req.get_headers()["X-Subject"]) }
    }
  }
"""


def site(options, settings=""):
    """The configuration with these options of the guard."""
    return SITE.replace("SETTINGS", settings).replace("OPTIONS", OPTIONS + options)


class Case(unittest.TestCase):
    def setUp(self):
        self.forge = Forge()
        self.addCleanup(self.forge.close)
        self.keys = self.forge.generate("a")

    def issuer(self, **more):
        issuer = Issuer(**more)
        self.addCleanup(issuer.close)
        issuer.keys = self.keys
        return issuer

    def serve(self, options, settings="", **more):
        server = Server(site(options, settings), **more)
        self.addCleanup(server.stop)
        return server.start()

    def follow(self, issuer, more="", settings="", **others):
        keeper = "keeper = { allow_loopback = true, " + more + "}, "
        return self.serve(f'discover = "{issuer.name}", {keeper}', settings, **others)

    def reload(self, server):
        before = set(server.pids())
        server.signal(signal.SIGHUP)
        # The old ones take requests until they are told.
        self.until(lambda: len(set(server.pids()) - before) == 2 and not before & set(server.pids()))

    def until(self, is_so, seconds=15, what=""):
        end = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < end, what
            time.sleep(0.05)


class FixedKeys(Case):
    ISSUER = "https://issuer.example"

    def setUp(self):
        super().setUp()
        self.file = self.enterContext(tempfile.NamedTemporaryFile("w", suffix=".jwks"))
        json.dump({"keys": self.keys}, self.file)
        self.file.flush()
        self.server = self.serve(
            f'issuer = "{self.ISSUER}", keys = assert(jot.keys.read "{self.file.name}"),'
        )

    def test_answers_are_those_of_rfc_6750(self):
        where = ', resource_metadata="https://api.example/.well-known/oauth-protected-resource"'
        good = self.forge.sign("a", self.ISSUER)
        answer = self.server.ask(good)
        assert (answer.status, answer.body) == (200, "orders of alice\n")
        answer = self.server.ask()
        assert (answer.status, answer.challenge) == (401, 'Bearer realm="orders"' + where)
        assert answer.headers["Cache-Control"] == "no-store"
        answer = self.server.ask("x")
        assert answer.status == 401
        assert 'error="invalid_token", error_description="The token does not have' in answer.challenge
        answer = self.server.ask(self.forge.sign("a", self.ISSUER, exp=1))
        assert answer.status == 401
        assert "The exp has passed" in answer.challenge
        answer = self.server.ask(good, "/write")
        assert answer.status == 403
        assert 'error="insufficient_scope"' in answer.challenge
        assert 'scope="write"' in answer.challenge
        answer = self.server.ask(self.forge.sign("a", self.ISSUER, scope="read write"), "/write")
        assert (answer.status, answer.body[1:]) == (200, " alice\n")
        assert "jot: expired" in self.server.log()
        assert good not in self.server.log()

    def test_second_token_is_found_wherever_it_stands(self):
        good = self.forge.sign("a", self.ISSUER)
        second = [("Authorization", f"Bearer {good}")]
        # Lua's nginx hands out 100 fields unless it is asked for all.
        for fields in (second, [(f"X-{i}", "y") for i in range(150)] + second):
            answer = self.server.ask(good, fields=fields)
            # Some versions of nginx refuse the second field themselves.
            assert answer.status == 400, len(fields)
        answer = self.server.ask(None, fields=[("Authorization", f"Bearer {good}, Bearer {good}")])
        assert answer.status == 400
        assert 'error="invalid_request"' in answer.challenge

    def test_hostile_requests_leave_the_worker_as_it_was(self):
        pids = self.server.pids()
        for token in ("a" * 7000, "." * 3000, "e30.e30.e30", "\x01", "%00", "..", ""):
            assert self.server.ask(token).status in (400, 401), token[:20]
        assert self.server.pids() == pids
        assert self.server.ask(self.forge.sign("a", self.ISSUER)).status == 200

    def test_revocation_counts_in_all_workers_and_after_a_reload(self):
        token = self.forge.sign("a", self.ISSUER, jti="gone", scope="write")
        assert self.server.ask(token, "/write").status == 200
        assert self.server.ask(path="/revoke?jti=gone").body == "true\n"
        time.sleep(1)
        assert {self.server.ask(token, "/write").status for _ in range(40)} == {401}
        assert "jti_revoked" in self.server.log()
        self.reload(self.server)
        assert {self.server.ask(token, "/write").status for _ in range(40)} == {401}
        assert self.server.ask(self.forge.sign("a", self.ISSUER, jti="kept")).status == 200

    def test_revocations_that_are_lost_let_nobody_in(self):
        token = self.forge.sign("a", self.ISSUER)
        assert self.server.ask(path="/revoke?jti=gone").body == "true\n"
        time.sleep(1)
        assert self.server.ask(token).status == 200
        assert self.server.ask(path="/forget").body == "gone\n"
        self.reload(self.server)
        assert {self.server.ask(token).status for _ in range(20)} == {503}
        assert "the revocations are not in the shared dict" in self.server.log()

    def test_guard_that_was_not_started_says_so(self):
        server = Server(site('discover = "https://127.0.0.1:1",').replace("guard:start()", ""))
        self.addCleanup(server.stop)
        server.start()
        assert server.ask(self.forge.sign("a", "https://127.0.0.1:1")).status == 503
        assert "guard:start() was not called" in server.log()
        assert server.ask(path="/revoke?jti=gone").status == 500


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


class Page(Case):
    def test_configuration_of_the_page_guards_what_is_behind_it(self):
        page = (HERE.parents[3] / "docs/lua.md").read_text()
        block = page.split("```nginx\n")[1].split("```")[0]
        issuer = self.issuer()
        ours = f'discover = "{issuer.name}", keeper = {{ allow_loopback = true }},'
        assert 'discover = "https://issuer.example",' in block
        block = block.replace('discover = "https://issuer.example",', ours)
        block = block.replace("8080", "PORT").replace("8081", "PORT/upstream")
        upstream = "location /upstream { return 200 upstream; }"
        server = Server(block.replace("  location / {", upstream + "\n  location / {"))
        self.addCleanup(server.stop)
        server.start()
        answer = server.ask(self.forge.sign("a", issuer.name))
        assert (answer.status, answer.body) == (200, "upstream"), server.log()
        assert server.ask("x").status == 401


class Mistakes(Case):
    def test_mistakes_are_said_when_nginx_starts(self):
        for options, told in (
            ("discoverr = 'x',", "discoverr: there is no such option"),
            ("discover = 'http://issuer.example',", "url_refused"),
            (
                "discover = 'https://a', jwks_url = 'https://a',",
                "jwks_url: it cannot be combined with discover",
            ),
            ("jwks_url = 'https://a', issuer = { 'b' },", "issuer: a string is wanted"),
            ("jwks_url = 7, issuer = 'b',", "url: a string is wanted"),
            ("follow = 'https://a',", "follow: a table is wanted"),
            ("follow = { { discover = 'https://a', cool = 1 } },", "cool: there is no such option"),
            ("follow = { {} },", "url, discover or authorization_server is not there"),
            ("issuer = 'https://a',", "keys: a set of jot.keys is wanted"),
            ("discover = 'https://a', wait = -1,", "wait: 0 to 60 seconds"),
            ("discover = 'https://a', dict = 'nobody',", "there is no lua_shared_dict nobody"),
            ("discover = 'https://a', audience = nil,", "audience: it is not there"),
            ("discover = 'https://a',", None),
        ):
            server = Server(site(options))
            self.addCleanup(server.stop)
            with self.subTest(options):
                if told is None:
                    server.start()
                    continue
                done = subprocess.run(
                    server.command(), check=False, capture_output=True, text=True, timeout=20
                )
                assert done.returncode != 0
                assert told in done.stderr + server.log()


if __name__ == "__main__":
    unittest.main()
