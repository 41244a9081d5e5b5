"""$jot_refused_claim_NAME: what the log may tell of a token that was refused."""

import pytest

ANSWER = "try_files /none =204;"


@pytest.fixture
def server(nginx):
    return nginx(
        f"""
        jot_key_file DIRECTORY/jwks.json; jot_algorithms RS256; jot_audience api;
        map $jot_claim_role $admin {{ admin 1; }}
        map "$jot_refused_claim_sub" $who {{ default $jot_refused_claim_sub; }}
        log_format refused "$uri $jot_code [$jot_claim_sub] [$jot_refused_claim_sub] [$jot_refused_claim_a__b] [$who]";
        server {{
            listen 127.0.0.1:PORT;
            access_log DIRECTORY/access.log refused;
            location / {{ jot on; {ANSWER} }}
            location /typ {{ jot on; jot_typ a b; {ANSWER} }}
            location /claim {{ jot on; jot_require_claim role equals admin; {ANSWER} }}
            location /condition {{ jot on; jot_require $admin; if ($who = x) {{ return 418; }} {ANSWER} }}
            location /page {{ jot on; error_page 401 = /told; {ANSWER} }}
            location = /told {{ jot off; internal; return 200 "$jot_refused_claim_sub"; }}
        }}
        """
    )


def test_log_tells_claims_of_tokens_whose_signature_held(server, forge, tmp_path):
    nested = {"a": {"b": 7}}
    tokens = [
        ("/", forge.token(set=nested), "accepted [alice] [-] [-] []"),
        ("/", forge.token(set={"exp": "-9", **nested}), "expired [-] [alice] [7] [alice]"),
        ("/", forge.token(set={"aud": "x", "sub": "bob"}), "aud_mismatch [-] [bob] [-] [bob]"),
        ("/typ", forge.token(), "typ_mismatch [-] [-] [-] []"),
        ("/claim", forge.token(set=nested), "claim_missing [-] [alice] [7] [alice]"),
        ("/condition", forge.token(set=nested), "condition_unmet [-] [alice] [7] [alice]"),
        ("/condition", forge.token(set={"role": "admin"}), "accepted [alice] [-] [-] []"),
        # What nobody signed says nothing.
        ("/", forge.token(change="signature_flipped"), "signature_invalid [-] [-] [-] []"),
        ("/", forge.token(key="stranger"), "signature_invalid [-] [-] [-] []"),
        ("/", forge.token(key="other"), "kid_unknown [-] [-] [-] []"),
        ("/", "x.y.z", "header_encoding [-] [-] [-] []"),
    ]
    for path, token, _ in tokens:
        server.bearer(token, path)
    server.ask("/")
    server.stop()
    lines = (tmp_path / "access.log").read_text().splitlines()
    assert lines == [f"{path} {line}" for path, _, line in tokens] + ["/ token_missing [-] [-] [-] []"]


def test_an_error_page_may_tell_who_was_refused(server, forge):
    assert server.bearer(forge.token(set={"exp": "-9"}), "/page").body == b"alice"
    assert server.bearer(forge.token(set={"exp": "-9"}, change="signature_flipped"), "/page").body == b""


def test_value_that_would_break_a_line_is_left_out(server, forge, tmp_path):
    server.bearer(forge.token(set={"exp": "-9", "sub": "a\nb"}), "/")
    server.stop()
    assert (tmp_path / "access.log").read_text() == "/ expired [-] [-] [-] []\n"
