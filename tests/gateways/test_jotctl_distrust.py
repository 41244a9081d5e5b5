"""What `jotctl audit` does when accelerated code is wrong."""

import json
import subprocess
import time

import pytest

import planted
from planted import DENIED, FAILED, forged

# More than a megabyte, so that the tables of the key are built before the first token.
LINES = 3000


@pytest.fixture(scope="module")
def forge():
    return planted.forge()


@pytest.fixture(scope="module")
def jotctl():
    return planted.jotctl()


@pytest.fixture
def audit(jotctl, forge, tmp_path):
    """Audit a log of this key's tokens, and of these."""

    def audit(key, *more, options=()):
        tokens = [forge.token(key, set={"n": number}) for number in range(LINES)]
        (tmp_path / "log").write_text("".join(f"{token}\n" for token in [*tokens, *more]))
        (tmp_path / "jwks.json").write_text(forge.jwks(key))
        given = ["--format", "lines", "--aud", "api", "--keys", "jwks.json", "--alg", "ES256", "--threads", "1", "--now", str(int(time.time()))]
        named = ["--out", "rows.ndjson", "--summary", "summary.json", "--report", "report.html"]
        command = [jotctl, "audit", "log", *given, *named, *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stderr

    return audit


def written(tmp_path):
    """Return the verdicts and the doubt of the summary, and the page."""
    summary = json.loads((tmp_path / "summary.json").read_text())
    codes = [json.loads(line)["name"] for line in (tmp_path / "rows.ndjson").read_text().splitlines()]
    return codes, summary["doubt"], (tmp_path / "report.html").read_text()


def assert_doubted(tmp_path, error, name, expected):
    """The run says the same at its end, in the summary and on the page."""
    codes, doubt, page = written(tmp_path)
    assert codes == expected
    assert error.splitlines()[-1] == f"jotctl: {doubt}", error
    assert name in doubt and "verifies ES256 alone" in doubt
    assert doubt.endswith("do not rely on these verdicts, and run the audit again with --backend aws-lc")
    assert "Not to be relied on:" in page and name in page


def test_audit_that_met_a_disagreement_is_refused(audit, forge, tmp_path):
    ended, error = audit("ec", forged(forge))
    assert ended == 2
    assert_doubted(tmp_path, error, DENIED, ["accepted"] * LINES + ["signature_invalid"])


def test_audit_with_a_key_that_was_computed_wrong_is_refused(audit, tmp_path):
    ended, error = audit("spoiled")
    assert ended == 2
    assert_doubted(tmp_path, error, FAILED, ["accepted"] * LINES)


def test_audit_by_aws_lc_alone_has_nothing_to_distrust(audit, forge, tmp_path):
    ended, error = audit("ec", forged(forge), options=["--backend", "aws-lc"])
    codes, doubt, page = written(tmp_path)
    assert ended == 0 and "backend_" not in error
    assert codes == ["accepted"] * LINES + ["signature_invalid"]
    assert doubt is None and "Not to be relied on" not in page


def test_audit_that_is_interrupted_tells_its_doubt(audit):
    ended, error = audit("spoiled", options=["--stop-after", "2000"])
    assert ended == 2 and FAILED in error.splitlines()[-1], error
