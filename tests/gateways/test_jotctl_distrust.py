"""What `jotctl audit` does when accelerated code is wrong."""

import json
import subprocess
import time

import pytest

import planted
from gateway import until
from planted import DENIED, FAILED, INSANE, UNTESTED, forged

# More than a megabyte, so that the tables of the key are built before the first token.
LINES = 3000
# Behind every token's iat, and that of a resumed run, too.
NOW = str(int(time.time()) + 240)


@pytest.fixture(scope="module")
def forge():
    return planted.forge()


@pytest.fixture(scope="module")
def jotctl():
    return planted.jotctl()


@pytest.fixture
def command(jotctl, forge, tmp_path):
    """Return how a log of this key's tokens is audited."""

    def command(key, log="log", options=()):
        (tmp_path / "jwks.json").write_text(forge.jwks(key))
        given = ["--format", "lines", "--aud", "api", "--keys", "jwks.json", "--alg", "ES256", "--threads", "1", "--now", NOW]
        named = ["--out", "rows.ndjson", "--summary", "summary.json", "--report", "report.html"]
        return [jotctl, "audit", log, *given, *named, *options]

    return command


@pytest.fixture
def audit(command, forge, tmp_path):
    """Audit a log of this key's tokens, and of these."""

    def audit(key, *more, options=()):
        if not (tmp_path / "log").exists():
            (tmp_path / "log").write_text("".join(f"{token}\n" for token in [*tokens(forge, key), *more]))
        done = subprocess.run(command(key, options=options), cwd=tmp_path, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stderr

    return audit


def tokens(forge, key):
    return [forge.token(key, set={"n": number}) for number in range(LINES)]


def written(tmp_path):
    """Return the verdicts and the doubt of the summary, and the page."""
    summary = json.loads((tmp_path / "summary.json").read_text())
    codes = [json.loads(line)["name"] for line in (tmp_path / "rows.ndjson").read_text().splitlines()]
    return codes, summary["doubt"], (tmp_path / "report.html").read_text()


def assert_doubted(tmp_path, error, name, expected, words="verifies ES256 alone"):
    """The run says the same at its end, in the summary and on the page."""
    codes, doubt, page = written(tmp_path)
    assert codes == expected
    assert error.splitlines()[-1] == f"jotctl: {doubt}", error
    assert name in doubt and words in doubt
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


def test_audit_with_a_wrong_known_answer_is_refused(audit, tmp_path):
    ended, error = audit("ec", options=["--alg", UNTESTED])
    assert ended == 2
    assert_doubted(tmp_path, error, INSANE, ["accepted"] * LINES, f"is not used for {UNTESTED}")


def test_audit_by_aws_lc_alone_has_nothing_to_distrust(audit, forge, tmp_path):
    ended, error = audit("ec", forged(forge), options=["--alg", UNTESTED, "--backend", "aws-lc"])
    codes, doubt, page = written(tmp_path)
    assert ended == 0 and "backend_" not in error
    assert codes == ["accepted"] * LINES + ["signature_invalid"]
    assert doubt is None and "Not to be relied on" not in page


def test_audit_that_goes_on_from_doubtful_verdicts_is_refused(audit, tmp_path):
    ended, error = audit("spoiled", options=["--stop-after", "2000"])
    assert ended == 2 and FAILED in error.splitlines()[-1], error
    # Nothing is wrong with what verifies from here on.
    ended, error = audit("spoiled", options=["--resume", "--backend", "aws-lc"])
    assert ended == 2
    assert_doubted(tmp_path, error, FAILED, ["accepted"] * LINES)


def test_doubt_outlives_a_run_that_is_killed(command, forge, tmp_path):
    # Nobody knows how much will come, so the tables are built on the way.
    lines = "".join(f"{token}\n" for token in tokens(forge, "spoiled")) * 3
    # Only the doubt has the state written.
    options = ["--checkpoint", "3600", "--state", "state"]
    killed = subprocess.Popen(command("spoiled", "-", options), cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    killed.stdin.write(lines)
    killed.stdin.flush()
    assert until((tmp_path / "state").exists)
    killed.kill()
    killed.communicate()
    resumed = command("spoiled", "-", [*options, "--resume", "--backend", "aws-lc"])
    done = subprocess.run(resumed, cwd=tmp_path, input=lines, capture_output=True, text=True, timeout=300)
    assert done.returncode == 2
    assert_doubted(tmp_path, done.stderr, FAILED, ["accepted"] * LINES * 3)


def test_audit_that_fails_tells_its_doubt_and_leaves_nothing_to_go_on_with(audit, tmp_path):
    ended, error = audit("spoiled", options=["--fail-on", "accepted-invalid"])
    assert ended == 2 and "no record has a status" in error.splitlines()[-1], error
    assert FAILED in error and "--resume" not in error, error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jwks.json", "log"]
