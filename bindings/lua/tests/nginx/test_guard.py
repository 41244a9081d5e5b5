"""The guard in Debian's nginx: an application behind it, the page's example, and mistakes."""

import json
import subprocess
import tempfile
import time
import unittest

from case import Case, site
from world import HERE, Server


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
        assert "they are not in the shared dict" in self.server.log()

    def test_guard_that_was_not_started_says_so(self):
        server = Server(site('discover = "https://127.0.0.1:1",').replace("guard:start()", ""))
        self.addCleanup(server.stop)
        server.start()
        assert server.ask(self.forge.sign("a", "https://127.0.0.1:1")).status == 503
        assert "guard:start() was not called" in server.log()
        assert server.ask(path="/revoke?jti=gone").status == 500


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
            ("discover = 'https://a', list = 7,", "list: a table is wanted"),
            ("discover = 'https://a', revocations = 7,", "revocations: a string is wanted"),
            ("discover = 'https://a', revocations = 'http://a',", "url_refused"),
            ("discover = 'https://a', status_lists = {},", "status_lists: the list is empty"),
            (
                "discover = 'https://a', revocations = 'https://a', list = { pol = 1 },",
                "pol: there is no such option",
            ),
            (
                "follow = { { discover = 'https://a' } }, revocations = 'https://a',",
                "revocations: it belongs into follow",
            ),
            (
                "follow = { { discover = 'https://a', revocations = 'https://a' }, "
                "{ discover = 'https://b', revocations = 'https://b' } },",
                "revocations: a guard has one list of them",
            ),
            (
                "jwks_url = 'https://a', any_issuer = true, revocations = 'https://a',",
                "issuer: revocations are those of",
            ),
            ("discover = 'https://a', state = '/nobody',", "state: there is no folder /nobody"),
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
