"""Rules of a location: inherited, ended, shared, and what each allows."""

from nginx_sites import ANSWER, guarded


def test_rules_are_inherited_and_replaced_whole(nginx, forge):
    server = nginx(
        guarded(
            f"""
            location /inherited {{ {ANSWER} }}
            location /audience {{ jot_audience web;
                location /audience/inner {{ {ANSWER} }}
                location /audience/off {{ jot off; {ANSWER} }}
                {ANSWER} }}
            location /algorithms {{ jot_algorithms ES256; {ANSWER} }}
            location /require {{ jot_require_claim role equals admin;
                location /require/other {{ jot_require_claim team equals red; {ANSWER} }}
                {ANSWER} }}
            """
        )
    )

    def status(path, **token):
        return server.bearer(forge.token(**token), path).status

    assert status("/inherited") == 204
    assert status("/audience") == 401
    assert status("/audience", set={"aud": "web"}) == 204
    assert status("/audience/inner", set={"aud": "web"}) == 204
    assert status("/audience/inner") == 401
    assert server.ask("/audience/off").status == 204
    assert status("/algorithms") == 401
    assert status("/algorithms", key="ec") == 204
    assert status("/require") == 403
    assert status("/require", set={"role": "admin"}) == 204
    # A list of its own takes the place of the inherited one.
    assert status("/require/other", set={"team": "red"}) == 204
    assert status("/require/other", set={"role": "admin"}) == 403


def test_off_ends_what_was_set_further_out(nginx, forge):
    server = nginx(
        guarded(
            f"""
            jot_typ at+jwt;
            jot_require_claim role equals admin;
            jot_issuer https://elsewhere.example;
            location /issuer {{ jot_issuer off; jot_typ off; jot_require_claim off; {ANSWER} }}
            location /typ {{ jot_issuer off; jot_require_claim off; {ANSWER} }}
            location /role {{ jot_issuer off; jot_typ off; {ANSWER} }}
            location /audience {{ jot_issuer off; jot_typ off; jot_require_claim off; jot_audience off; {ANSWER} }}
            location / {{ {ANSWER} }}
            """
        )
    )

    def code(path, **token):
        return server.code_of(server.bearer(forge.token(**token), path))

    assert code("/issuer") == code("/issuer", set={"iss": "https://third.example"}) == "accepted"
    assert code("/typ") == "typ_mismatch"
    assert code("/role") == "claim_missing"
    assert code("/audience") == "aud_unexpected" and code("/audience", drop=["aud"]) == "accepted"
    assert code("/", header={"typ": "at+jwt"}) == "iss_mismatch"


def test_locations_with_the_same_rules_share_a_verifier(nginx, forge):
    server = nginx(
        guarded(
            f"""location /a {{ {ANSWER} }} location /b {{ jot optional; {ANSWER} }}
                location /c {{ jot_leeway 1s; {ANSWER} }} location /jot {{ jot off; jot_status; }}""",
            "jot_cache tokens 100;",
        )
    )
    token = forge.token()
    for path in ("/a", "/b", "/c"):
        assert server.bearer(token, path).status == 204
    rules = server.status_page()["rules"]
    assert [(one["accepted"], one["cache_hits"]) for one in rules] in ([(2, 1), (1, 0)], [(1, 0), (2, 1)])


def test_iat_in_the_future_is_accepted_where_it_is_allowed(nginx, forge):
    server = nginx(guarded(f"location / {{ {ANSWER} }} location /ahead {{ jot_allow_future_iat on; {ANSWER} }}"))
    token = forge.token(set={"iat": "+1000"})

    def outcome(path):
        answer = server.bearer(token, path)
        return answer.status, server.code_of(answer)

    assert outcome("/") == (401, "issued_in_future")
    assert outcome("/ahead") == (204, "accepted")


def test_several_typs_and_audiences_are_alternatives(nginx, forge):
    server = nginx(
        guarded(
            f"location /typ {{ jot_typ JWT application/at+jwt; {ANSWER} }} location /aud {{ jot_audience web api; {ANSWER} }}"
            f"location /any {{ jot_audience *; {ANSWER} }}"
        )
    )

    def outcome(path, **token):
        answer = server.bearer(forge.token(**token), path)
        return answer.status, server.code_of(answer)

    assert outcome("/typ") == outcome("/typ", header={"typ": "AT+JWT"}) == (204, "accepted")
    assert outcome("/typ", header={"typ": "dpop+jwt"}) == (401, "typ_mismatch")
    assert outcome("/typ", header={"typ": None}) == (401, "typ_missing")
    assert outcome("/aud") == outcome("/aud", set={"aud": ["x", "web"]}) == (204, "accepted")
    assert outcome("/aud", set={"aud": "x"}) == (401, "aud_mismatch")
    assert outcome("/any", set={"aud": "x"}) == outcome("/any", drop=["aud"]) == (204, "accepted")
