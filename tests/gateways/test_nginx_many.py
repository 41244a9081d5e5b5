"""Many sets of rules over the same keys: what they take together.

Figures of a busy machine are in docs/nginx.md; the ceilings here are about
twice as high for memory, and far higher for time.
"""

import time

import pytest

from nginx_gateway import document, run

COUNT = 1000


def rules(more):
    locations = "".join(f"location /{at} {{ jot_audience a{at}; try_files /none =204; }}" for at in range(COUNT))
    return f"""
        jot_key_file DIRECTORY/jwks.json; jot_algorithms RS256 ES256; jot_issuer ISSUER; jot_revoked_file DIRECTORY/revoked;
        jot_file_check 100ms; {more}
        server {{ listen 127.0.0.1:PORT; jot on; add_header X-Jot-Code $jot_code always; {locations} }}
    """


def mib(pid):
    status = open(f"/proc/{pid}/status").read()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


# Of a worker beyond that of one with a single set of rules: its verifiers and,
# where there are any, its caches (83 bytes for each of 1,000 entries) or one
# set of tables for each key.
@pytest.mark.parametrize(
    ("more", "most"),
    [("", 50), ("jot_cache tokens 1000;", 50 + 85), ("jot_backend accelerated;", 55)],
    ids=["plain", "cache", "accelerated"],
)
def test_thousand_rules_share_keys_tables_and_revocations(nginx, forge, tmp_path, more, most):
    revoked = "".join(f'{{"jti":"revoked-{at}","until":4102444800}}\n' for at in range(10_000))
    (tmp_path / "revoked").write_text(revoked)
    path = tmp_path / "t.conf"
    words = {"DIRECTORY": tmp_path, "ISSUER": "https://issuer.example", "PORT": 1}
    text = rules(more)
    for word, value in words.items():
        text = text.replace(word, str(value))
    path.write_text(document(tmp_path, text))
    started = time.monotonic()
    status, output = run("-t", "-p", str(tmp_path), "-c", str(path), "-e", "stderr")
    seconds = time.monotonic() - started
    assert status == 0, output
    server = nginx(rules(more))
    [worker] = server.worker_pids()

    def code(at, key="rsa", **claims):
        return server.code_of(server.bearer(forge.token(key, set={"aud": f"a{at}", **claims}), f"/{at}"))

    assert code(0) == code(999) == "accepted" and code(999, jti="revoked-9999") == "jti_revoked"
    master = mib(server.process.pid)
    print(f"{more or 'plain'} -t {seconds:.2f} s, worker {mib(worker):.0f} MiB, master {master:.0f} MiB")
    # The master makes neither tables nor caches to check what it was given.
    assert master < 45 and mib(worker) < most, (master, mib(worker))
    assert seconds < 15
    # What a file newly says is in force for each of the rules.
    (tmp_path / "jwks.new").write_text(forge.jwks("next"))
    (tmp_path / "jwks.new").rename(tmp_path / "jwks.json")
    deadline = time.monotonic() + 20
    while code(0, "next") != "accepted" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [code(at, "next") for at in (0, 500, 999)] == ["accepted"] * 3
    assert code(999) == "kid_unknown" and server.worker_pids() == [worker]
    assert mib(worker) < most
