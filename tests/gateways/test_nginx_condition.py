"""jot_require: conditions over claims, whoever asked for these before."""

import re

import pytest

RULES = """
    jot_key_file DIRECTORY/jwks.json;
    jot_algorithms RS256;
    jot_issuer ISSUER;
    jot_audience api;
    add_header X-Jot-Code $jot_code always;
    add_header X-Jot-Status $jot_status always;
    jot_token_from header Authorization;
"""
ANSWER = "try_files /none =204;"
ROLES = """
    map "$request_method:$jot_claim_role" $ok { GET:reader 1; GET:admin 1; DELETE:admin 1; POST:admin 0; }
    map $jot_claim_blocked $free { default 1; true ""; }
    map $ok $chained { 1 yes; default ""; }
"""


def site(locations, http=""):
    return f"{RULES} jot on; {ROLES} {http} server {{ listen 127.0.0.1:PORT; {locations} }}"


@pytest.fixture
def ask(forge):
    """Ask with a token of these claims; return the status and the code."""

    def ask(server, path, method="GET", headers=(), **claims):
        token = forge.token(set=claims)
        answer = server.ask(path, [("authorization", f"Bearer {token}"), *headers], method)
        return answer.status, server.code_of(answer)

    return ask


GOOD = (204, "accepted")
UNMET = (403, "condition_unmet")


def test_a_map_over_method_and_claim_decides(nginx, ask, forge):
    server = nginx(site(f"location / {{ jot_require $ok; {ANSWER} }}"))
    assert ask(server, "/", role="reader") == ask(server, "/", role="admin") == GOOD
    assert ask(server, "/", role="guest") == ask(server, "/") == UNMET
    assert ask(server, "/", "DELETE", role="admin") == GOOD
    assert ask(server, "/", "DELETE", role="reader") == UNMET
    # "0" is no.
    assert ask(server, "/", "POST", role="admin") == UNMET
    assert server.ask("/").status == 401
    expired = server.bearer(forge.token(set={"role": "admin", "exp": "-9"}), "/")
    assert (expired.status, server.code_of(expired)) == (401, "expired")


def test_an_unmet_condition_is_answered_as_rfc_6750_says_and_logged(nginx, forge):
    server = nginx(
        site(
            f"""location / {{ jot_require $free $ok; {ANSWER} }}
                location /401 {{ jot_require $ok error=401; {ANSWER} }}
                location = /jot {{ jot off; jot_status; }}"""
        )
    )
    answer = server.bearer(forge.token(), "/")
    text = "The token does not meet a condition of the server."
    challenge = {"realm": "restricted", "error": "insufficient_scope", "error_description": text}
    assert (answer.status, answer.challenge()) == (403, challenge)
    answer = server.bearer(forge.token(), "/401")
    assert (answer.status, answer.challenge()) == (401, challenge | {"error": "invalid_token"})
    assert answer.headers["x-jot-status"] == "refused"
    log = server.log()
    assert len(re.findall(r"jot: condition_unmet \(1003\): \$ok, client: ", log)) == 2
    assert "$free" not in log
    assert server.status_page()["rules"][0]["refused"] == {"condition_unmet": 2}


def test_several_conditions_and_directives_must_all_hold(nginx, ask):
    server = nginx(
        site(
            f"""location / {{ jot_require $ok; jot_require $free error=401;
                    location /inherited {{ {ANSWER} }}
                    location /off {{ jot_require off; {ANSWER} }}
                    location /replaced {{ jot_require $jot_claim_sub$jot_claim_team; {ANSWER} }}
                    {ANSWER} }}
                location /claim {{ jot_require_claim team equals red; jot_require $ok; {ANSWER} }}
                location /limited {{ limit_except GET {{ jot_require $ok; }} {ANSWER} }}"""
        )
    )
    for path in ("/", "/inherited"):
        assert ask(server, path, role="admin") == GOOD
        assert ask(server, path, role="admin", blocked=True) == (401, "condition_unmet")
        assert ask(server, path, role="guest", blocked=True) == UNMET
    assert ask(server, "/replaced", blocked=True) == ask(server, "/off", blocked=True) == GOOD
    assert ask(server, "/claim", role="admin", team="red") == GOOD
    assert ask(server, "/claim", role="admin", team="blue") == (403, "claim_mismatch")
    assert ask(server, "/claim", role="guest", team="red") == UNMET
    assert ask(server, "/limited") == GOOD
    assert ask(server, "/limited", "POST", role="admin") == UNMET


def test_what_was_asked_for_too_early_is_asked_anew(nginx, ask):
    # The rewrite phase comes before the check and sees no claims.
    server = nginx(
        site(
            f"""location /no {{ if ($ok = 1) {{ return 418; }} jot_require $ok; {ANSWER} }}
                location /yes {{ if ($free = "") {{ return 418; }} jot_require $free; {ANSWER} }}
                location /chain {{ if ($chained = yes) {{ return 418; }} jot_require $chained; {ANSWER} }}
                location /early {{ if ($ok = 1) {{ return 418; }} jot_early on; jot_require $ok; {ANSWER} }}
                location /set {{ if ($free = "") {{ return 418; }} set $mine kept; jot_require $mine $free;
                    add_header X-Jot-Code $jot_code$mine always; {ANSWER} }}
                location ~ ^/named/(?<part>.+)$ {{ if ($free = "") {{ return 418; }} jot_require $part;
                    add_header X-Jot-Code $jot_code$part always; {ANSWER} }}"""
        )
    )
    for path in ("/no", "/chain", "/early"):
        assert ask(server, path, role="admin") == GOOD, path
        assert ask(server, path, role="guest") == UNMET, path
    # Frozen, the default of this map would open what it is to shut.
    assert ask(server, "/yes", blocked=True) == UNMET
    assert ask(server, "/yes") == GOOD
    # What was assigned stays.
    assert ask(server, "/set") == (204, "acceptedkept")
    assert ask(server, "/set", blocked=True) == (403, "condition_unmetkept")
    assert ask(server, "/named/x") == (204, "acceptedx")


def test_what_a_refused_token_says_is_seen_by_nobody_else(nginx, forge):
    server = nginx(
        site(
            """error_page 403 = /forbidden;
               location / { jot_require $admin; try_files /none =204; }
               location = /forbidden { internal; jot off; return 200 "[$jot_claim_sub][$who][$jot_code]"; }""",
            'map $jot_claim_sub $who { default $jot_claim_sub; } map "$who:$jot_claim_role" $admin { alice:admin 1; }',
        )
    )
    assert server.bearer(forge.token(set={"role": "admin"}), "/").status == 204
    assert server.bearer(forge.token(), "/").body == b"[][][condition_unmet]"


def test_conditions_follow_the_token_through_redirects(nginx, forge):
    # The inner location takes another token than the outer one.
    server = nginx(
        site(
            f"""location / {{ jot_require $ok; try_files /none @inner; }}
                location @inner {{ jot_token_from header X-Token; jot_require $ok; {ANSWER} }}"""
        )
    )
    admin, guest = forge.token(set={"role": "admin"}), forge.token(set={"role": "guest"})

    def status(outer, inner):
        return server.ask("/", [("authorization", f"Bearer {outer}"), ("x-token", inner)]).status

    assert status(admin, admin) == 204
    assert status(admin, guest) == 403
    assert status(guest, admin) == 403


def test_conditions_hold_for_subrequests_and_beside_them(nginx, forge):
    # Parent and subrequest share nginx's variables, but not their tokens.
    server = nginx(
        site(
            f"""location / {{ auth_request /auth; jot_require $ok; {ANSWER} }}
                location = /auth {{ internal; jot_token_from header X-Token; jot_require $ok; {ANSWER} }}
                location /only {{ jot off; auth_request /auth; {ANSWER} }}"""
        )
    )
    admin, guest = forge.token(set={"role": "admin"}), forge.token(set={"role": "guest"})

    def status(path, outer, inner):
        return server.ask(path, [("authorization", f"Bearer {outer}"), ("x-token", inner)]).status

    assert status("/", admin, admin) == 204
    assert status("/", admin, guest) == 403
    assert status("/", guest, admin) == 403
    assert status("/only", guest, admin) == 204
    assert status("/only", admin, guest) == 403


def test_satisfy_any_and_optional(nginx, ask):
    server = nginx(
        site(
            f"""location /denied {{ satisfy any; deny all; jot_require $ok; {ANSWER} }}
                location /allowed {{ satisfy any; allow all; jot_require $ok; add_header X-Jot-Code $jot_code$jot_claim_sub always; {ANSWER} }}
                location /optional {{ jot optional; jot_require $ok; {ANSWER} }}"""
        )
    )
    assert ask(server, "/denied", role="admin") == GOOD
    assert ask(server, "/denied", role="guest") == UNMET
    assert ask(server, "/allowed", role="guest") == (204, "condition_unmet")
    assert ask(server, "/optional", role="guest") == UNMET
    assert ask(server, "/optional", role="admin") == GOOD
    assert server.ask("/optional").status == 204
