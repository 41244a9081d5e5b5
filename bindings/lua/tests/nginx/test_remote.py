"""Keys behind a URL outside of nginx, followed by the thread of libjot_fetch."""

import os
import subprocess
import time
import unittest

from world import HERE, LIB, Forge, Issuer, send


class Remote(unittest.TestCase):
    def test_keys_of_two_issuers_are_followed(self):
        forge = Forge()
        self.addCleanup(forge.close)
        issuers = Issuer(), Issuer()
        for name, issuer in zip("ab", issuers):
            issuer.keys = forge.generate(name)
            self.addCleanup(issuer.close)
        program = subprocess.Popen(
            ["luajit", str(HERE / "remote.lua"), *(issuer.name for issuer in issuers)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "LUA_PATH": f"{LIB}/?.lua;;"},
        )  # fmt: skip

        def verify(token):
            program.stdin.write(token + "\n")
            program.stdin.flush()
            return program.stdout.readline().split()

        first, second = issuers
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
        program.stdin.close()
        assert program.wait(20) == 0
        program.stdout.close()


if __name__ == "__main__":
    unittest.main()
