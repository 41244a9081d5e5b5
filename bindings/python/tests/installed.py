"""Uses the installed package, with nothing else there: run by scripts/pythons.sh."""

import pkgutil
import sys

import jot
import jot.pyjwt

key = jot.SigningKey.generate("ES256", kid="1")
verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"])
token = jot.encode({"sub": "alice", "exp": 4_102_444_800}, key)
assert verifier.verify(token)["sub"] == "alice"
assert list(verifier.verify_batch([token, None, "a.b.c"]).codes)[:2] == [0, 207]
assert jot.pyjwt.decode(jot.pyjwt.encode({"a": 1}, "s" * 32), "s" * 32, algorithms=["HS256"]) == {"a": 1}
assert f"{jot.Code.EXPIRED} {jot.Code.EXPIRED!s} {jot.Code.EXPIRED:04d}" == "692 692 0692"

failed = []
found = [module.name for module in pkgutil.walk_packages(jot.__path__, "jot.", onerror=failed.append)]
assert not failed, failed
assert "jot.pyjwt.api_jwt" in found and not any("_native" in name for name in found), found
assert "numpy" not in sys.modules and "dataclasses" not in sys.modules and "pathlib" not in sys.modules
