"""Keys behind a URL outside of nginx, followed by the thread of libjot_fetch."""

import os
import subprocess
import time
import unittest

from world import HERE, LIB, Forge, Issuer, send


class Program:
    """A program in Lua that reads tokens, and says what becomes of them."""

    def __init__(self, name, *arguments):
        self.process = subprocess.Popen(
            ["luajit", str(HERE / name), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "LUA_PATH": f"{LIB}/?.lua;;"},
        )  # fmt: skip

    def verify(self, token):
        self.process.stdin.write(token + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def end(self):
        self.process.stdin.close()
        assert self.process.wait(20) == 0
        self.process.stdout.close()


class Remote(unittest.TestCase):
    def setUp(self):
        self.forge = Forge()
        self.addCleanup(self.forge.close)

    def issuer(self, name):
        issuer = Issuer()
        self.addCleanup(issuer.close)
        issuer.keys = self.forge.generate(name)
        return issuer

    def test_keys_of_two_issuers_are_followed(self):
        forge = self.forge
        first, second = self.issuer("a"), self.issuer("b")
        program = Program("remote.lua", first.name, second.name)
        verify = program.verify
        assert verify(forge.sign("a", first.name))[:2] == ["accepted", "1"]
        assert verify(forge.sign("b", second.name))[0] == "accepted"
        assert verify(forge.sign("b", first.name))[0] == "kid_unknown"
        assert verify(forge.sign("a", "https://nobody"))[0] == "issuer_unknown"
        time.sleep(1.2)
        first.keys = first.keys + forge.generate("new")
        assert verify(forge.sign("new", first.name))[:2] == ["accepted", "2"]
        time.sleep(1.2)
        second.answers["/jwks"] = lambda handler: send(handler, 500, b"down")
        assert verify(forge.sign("new", second.name))[0] == "fetch_status"
        assert verify(forge.sign("b", second.name))[0] == "accepted"
        program.end()

    def test_lists_of_an_issuer_are_followed(self):
        issuer = self.issuer("a")
        uri = issuer.name + "/status/1"
        issuer.lists["/revocations"] = self.forge.revocations("a", issuer.name, "gone")
        issuer.lists["/status/1"] = self.forge.status_list("a", uri, 3)
        other = issuer.name + "/other/1"
        issuer.lists["/other/1"] = self.forge.status_list("a", other, 3)
        program = Program("remote_lists.lua", issuer.name)

        def verify(**claims):
            return program.verify(self.forge.sign("a", issuer.name, **claims))

        def of(index, uri=uri):
            return verify(status={"status_list": {"idx": index, "uri": uri}})

        assert verify(jti="kept") == ["accepted", "1", "0", "0"]
        assert verify(jti="gone")[0] == "jti_revoked"
        # The first token of a list waits for it.
        assert of(1) == ["accepted", "1", "1", "0"]
        assert of(3)[0] == "status_revoked"
        # So it does if all lists of the other place are there.
        assert of(1, other)[0] == "accepted"
        assert of(1, "https://elsewhere/")[0] == "status_list_unknown"
        program.end()


if __name__ == "__main__":
    unittest.main()
