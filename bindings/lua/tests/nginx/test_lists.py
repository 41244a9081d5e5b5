"""Lists at URLs in nginx, and what outlives a restart of it."""

import json
import pathlib
import shutil
import tempfile
import time
import unittest

from case import Case
from world import send

LIST = "list = { allow_loopback = true, least_poll = 1 }, "


class ListCase(Case):
    def setUp(self):
        super().setUp()
        self.one = self.issuer()
        self.revocations = self.one.name + "/revocations"
        self.uri = self.one.name + "/status/1"

    def revoke(self, *jtis, key="a", **more):
        self.one.lists["/revocations"] = self.forge.revocations(key, self.one.name, *jtis, **more)

    def serve_with(self, options, **more):
        return self.follow(self.one, options=LIST + options, **more)

    def token(self, **claims):
        return self.forge.sign("a", self.one.name, scope="write", **claims)

    def status_of(self, index):
        return self.token(status={"status_list": {"idx": index, "uri": self.uri}})

    def everywhere(self, server, token):
        """The statuses of all workers."""
        return {server.ask(token, "/write").status for _ in range(40)}


class Lists(ListCase):
    def test_revocations_count_in_all_workers_and_after_a_reload(self):
        self.revoke("gone")
        server = self.serve_with(f'revocations = "{self.revocations}",')
        gone, kept = self.token(jti="gone"), self.token(jti="kept")
        # The first one waits for the keys, and then for the list.
        assert server.ask(kept).status == 200, server.log()
        self.until(lambda: self.everywhere(server, kept) == {200}, what=server.log())
        assert self.everywhere(server, gone) == {401}
        assert "jti_revoked" in server.log()
        self.revoke("gone", "kept")
        self.until(lambda: self.everywhere(server, kept) == {401}, what=server.log())
        assert "entries" in server.ask(path="/health").body
        # Who revokes here would take the issuer's list away.
        assert server.ask(path="/revoke?jti=x").status == 500
        assert "those that the issuer serves" in server.log()
        self.one.answers["/revocations"] = lambda handler: send(handler, 500, b"down")
        self.reload(server)
        assert self.everywhere(server, kept) == {401}
        assert self.everywhere(server, self.token(jti="third")) == {200}

    def test_without_a_list_nobody_is_let_in(self):
        self.one.answers["/revocations"] = lambda handler: send(handler, 500, b"down")
        server = self.serve_with(f'revocations = "{self.revocations}", wait = 0.5,')
        token = self.token(jti="kept")
        answer = server.ask(token)
        assert (answer.status, answer.challenge) == (503, None)
        assert "revocations_not_yet" in server.log()
        # One that a stranger signed, and one that is none.
        del self.one.answers["/revocations"]
        self.forge.generate("stranger")
        self.revoke(key="stranger")
        self.until(lambda: "kid_unknown" in server.log(), what=server.log())
        assert server.ask(token).status == 503
        self.one.lists["/revocations"] = token
        self.until(lambda: "typ_mismatch" in server.log(), 40, server.log())
        assert server.ask(token).status == 503
        self.revoke()
        self.until(lambda: server.ask(token).status == 200, 40, server.log())

    def test_list_that_ends_is_too_old(self):
        self.revoke(lives=3)
        server = self.serve_with(f'revocations = "{self.revocations}",')
        token = self.token(jti="kept")
        assert server.ask(token).status == 200, server.log()
        self.one.answers["/revocations"] = lambda handler: send(handler, 500, b"down")
        self.until(lambda: self.everywhere(server, token) == {503}, what=server.log())
        assert "revocations_stale" in server.log()

    def test_list_of_a_new_key_has_the_key_fetched(self):
        self.revoke("gone")
        server = self.follow(self.one, "cool_down = 1", options=f'{LIST} revocations = "{self.revocations}",')
        kept = self.token(jti="kept")
        assert server.ask(kept).status == 200, server.log()
        time.sleep(1.2)
        self.one.keys = self.keys + self.forge.generate("b")
        self.revoke("kept", key="b")
        self.until(lambda: self.everywhere(server, kept) == {401}, 40, server.log())

    def test_status_lists_count_in_all_workers(self):
        self.one.lists["/status/1"] = self.forge.status_list("a", self.uri, 3)
        self.one.delay = 0.2
        server = self.serve_with(f'status_lists = {{ "{self.uri}" }}, check_status = true,')
        good, bad = self.status_of(1), self.status_of(3)
        assert server.ask(good).status == 200, server.log()
        self.until(lambda: self.everywhere(server, good) == {200}, what=server.log())
        assert self.everywhere(server, bad) == {401}
        assert "status_revoked" in server.log()
        assert server.ask(self.token()).status == 200
        elsewhere = self.token(status={"status_list": {"idx": 1, "uri": "https://elsewhere/"}})
        assert server.ask(elsewhere).status == 503
        self.one.lists["/status/1"] = self.forge.status_list("a", self.uri, 1, 3)
        self.until(lambda: self.everywhere(server, good) == {401}, what=server.log())

    def test_keys_that_are_fixed_verify_lists_as_well(self):
        self.revoke("gone")
        with tempfile.NamedTemporaryFile("w", suffix=".jwks") as file:
            json.dump({"keys": self.keys}, file)
            file.flush()
            server = self.serve(
                f'issuer = "{self.one.name}", keys = assert(jot.keys.read "{file.name}"), {LIST}'
                f'revocations = "{self.revocations}",'
            )
            assert server.ask(self.token(jti="kept")).status == 200, server.log()
            assert server.ask(self.token(jti="gone")).status == 401
            assert self.one.count() == 0


class Restart(ListCase):
    """With a folder for the next start."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def restart(self, server, options):
        server.stop()
        return self.serve_with(options + f'state = "{self.folder}",')

    def test_keys_and_lists_outlive_a_restart(self):
        self.revoke("gone")
        self.one.lists["/status/1"] = self.forge.status_list("a", self.uri, 3)
        options = f'revocations = "{self.revocations}", status_lists = "{self.uri}", check_status = true,'
        server = self.serve_with(options + f'state = "{self.folder}",')
        good = self.status_of(1)
        assert server.ask(good).status == 200, server.log()
        assert len(list(self.folder.iterdir())) == 3
        for path in ("/.well-known/openid-configuration", "/jwks", "/revocations", "/status/1"):
            self.one.answers[path] = lambda handler: send(handler, 500, b"down")
        server = self.restart(server, options)
        assert self.everywhere(server, good) == {200}, server.log()
        assert self.everywhere(server, self.status_of(3)) == {401}
        assert self.everywhere(server, self.token(jti="gone")) == {401}
        # What nobody can read is no state.
        for file in self.folder.iterdir():
            file.write_text("nonsense")
        server = self.restart(server, options)
        assert server.ask(good).status == 503
        assert "saved_keys_invalid" in server.log()

    def test_what_was_revoked_here_stays_revoked(self):
        server = self.serve_with(f'state = "{self.folder}",')
        gone, kept = self.token(jti="gone"), self.token(jti="kept")
        assert server.ask(path="/revoke?jti=gone").body == "true\n"
        self.until(lambda: self.everywhere(server, gone) == {401}, what=server.log())
        server = self.restart(server, "")
        assert self.everywhere(server, gone) == {401}
        assert self.everywhere(server, kept) == {200}, server.log()
        # One more, which leaves the first in the list.
        assert server.ask(path="/revoke?jti=kept").body == "true\n"
        self.until(lambda: self.everywhere(server, kept) == {401}, what=server.log())
        server = self.restart(server, "")
        assert self.everywhere(server, gone) == self.everywhere(server, kept) == {401}
        # Who does not know what was revoked lets nobody in.
        for file in self.folder.iterdir():
            if '"gone"' in file.read_text():
                file.write_text("nonsense")
        server = self.restart(server, "")
        assert self.everywhere(server, self.token(jti="third")) == {503}

    def test_folder_that_cannot_be_written_is_said(self):
        folder = self.folder / "in"
        folder.mkdir()
        server = self.serve_with(f'state = "{folder}",')
        assert server.ask(self.token()).status == 200, server.log()
        shutil.rmtree(folder)
        assert server.ask(path="/revoke?jti=gone").body == "true\n"
        self.until(lambda: "not kept for the next start" in server.log(), what=server.log())


if __name__ == "__main__":
    unittest.main()
