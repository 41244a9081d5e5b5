"""The check among nginx's phases: satisfy, error pages, subrequests, limits."""

from nginx_sites import ANSWER, guarded, seen, site


def test_satisfy_any_takes_either_and_challenges_when_neither_holds(nginx, forge):
    server = nginx(
        guarded(
            f"""
            location /denied {{ satisfy any; deny all; {ANSWER} }}
            location /allowed {{ satisfy any; allow 127.0.0.1; deny all; {ANSWER} }}
            location /both {{ deny all; {ANSWER} }}
            location /basic {{ satisfy any; auth_basic x; auth_basic_user_file DIRECTORY/none; allow all; {ANSWER} }}
            location /neither {{ satisfy any; auth_basic x; auth_basic_user_file DIRECTORY/none; {ANSWER} }}
            location /optional {{ jot optional; satisfy any; deny all; {ANSWER} }}
            """
        )
    )
    token = forge.token()
    assert server.bearer(token, "/denied").status == 204
    refused = server.ask("/denied")
    assert refused.status in (401, 403) and server.code_of(refused) == "token_missing"
    allowed = server.ask("/allowed")
    assert allowed.status == 204 and allowed.headers["www-authenticate"] is None
    assert server.bearer(token, "/both").status == 403
    # Whatever said no before is not heard any more, nor are its challenges.
    basic = server.ask("/basic")
    assert basic.status == 204 and basic.headers["www-authenticate"] is None
    refused = server.ask("/neither")
    schemes = [value.split()[0] for value in refused.headers.get_all("www-authenticate")]
    assert refused.status == 401 and sorted(schemes) == ["Basic", "Bearer"]
    # No token proves nothing, so it must not open what "deny all" shuts.
    assert server.ask("/optional").status == 403
    assert server.bearer(token, "/optional").status == 204


def test_error_pages_see_the_code(nginx, forge):
    server = nginx(
        guarded(
            """
            error_page 401 /login;
            error_page 403 = /forbidden;
            location / { try_files /none =204; }
            location /admin { jot_require_claim role equals admin; try_files /none =204; }
            location = /login { internal; jot off; default_type text/plain; return 401 "log in: $jot_code $jot_status"; }
            location = /forbidden { internal; jot off; return 200 "no: $jot_code [$jot_claim_sub]"; }
            """
        )
    )
    answer = server.bearer(forge.token(set={"exp": "-9"}), "/")
    assert (answer.status, answer.body) == (401, b"log in: expired refused")
    assert "invalid_token" in answer.headers["www-authenticate"]
    answer = server.bearer(forge.token(), "/admin")
    # What was refused is not shown as if it had been accepted.
    assert (answer.status, answer.body) == (200, b"no: claim_missing []")


def test_internal_redirects_are_checked_again_also_when_the_token_was_stripped(nginx, forge, echo):
    server = nginx(
        guarded(
            f"""
            jot_strip on;
            location / {{ try_files /none @upstream; }}
            location @upstream {{ proxy_set_header X-Sub $jot_claim_sub; proxy_pass http://127.0.0.1:{echo.port}; }}
            location /strict {{ try_files /none /inner; }}
            location /inner {{ jot_require_claim role equals admin; try_files /none =204; }}
            """
        )
    )
    upstream = seen(server.bearer(forge.token(), "/x"))
    assert upstream["x-sub"] == "alice" and "authorization" not in upstream
    assert server.bearer(forge.token(), "/strict").status == 403
    assert server.bearer(forge.token(set={"role": "admin"}), "/strict").status == 204
    assert server.ask("/strict").status == 401


def test_auth_request_asks_a_guarded_location(nginx, forge, echo):
    server = nginx(
        site(
            f"""
            location / {{
                auth_request /auth;
                auth_request_set $subject $jot_claim_sub;
                proxy_set_header X-Sub $subject;
                proxy_pass http://127.0.0.1:{echo.port};
            }}
            location = /auth {{ internal; jot on; jot_strip on; {ANSWER} }}
            """
        )
    )
    upstream = seen(server.bearer(forge.token(), "/x"))
    assert upstream["x-sub"] == "alice"
    # The subrequest's own copy is stripped, not the request's.
    assert upstream["authorization"].startswith("Bearer ")
    refused = server.bearer(forge.token(set={"exp": "-9"}), "/x")
    assert refused.status == 401 and 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert server.ask("/x").status == 401


def test_return_answers_before_the_check(nginx, forge):
    server = nginx(guarded('location /open { return 200 "[$jot_claim_sub][$jot_code]"; } location /shut { try_files /none =204; }'))
    # As with every access module of nginx; docs/nginx.md says so.
    assert server.ask("/open").body == b"[][]"
    assert server.bearer(forge.token(), "/open").body == b"[][]"
    assert server.ask("/shut").status == 401


def test_limit_except_guards_some_methods(nginx, forge):
    server = nginx(guarded(f"location / {{ jot off; limit_except GET {{ jot on; }} {ANSWER} }} location /all {{ limit_except GET {{ jot on; }} {ANSWER} }}"))
    assert server.ask("/").status == 204
    assert server.ask("/", method="DELETE").status == 401
    # What is set further out holds for all methods.
    assert server.ask("/all").status == 401
    # What serves files takes no DELETE, but was asked.
    assert server.ask("/", [("Authorization", "Bearer " + forge.token())], "DELETE").status == 405


def test_early_check_comes_before_limits(nginx, forge):
    server = nginx(
        guarded(
            f"location /early {{ jot_early on; limit_req zone=subjects; {ANSWER} }}"
            f"location /late {{ limit_req zone=subjects; {ANSWER} }}",
            "limit_req_zone $jot_claim_sub zone=subjects:1m rate=1r/m;",
        )
    )

    def status(path, sub):
        return server.bearer(forge.token(set={"sub": sub}), path).status

    assert [status("/early", sub) for sub in ("a", "b", "a")] == [204, 204, 503]
    assert server.ask("/early").status == 401
    # Otherwise the limit comes first and knows no claim.
    assert [status("/late", "c") for _ in range(3)] == [204] * 3
