"""Requests and their answers: challenges, variables, connections, sources."""

import json
import shutil
import subprocess

import pytest

from nginx_sites import ANSWER, guarded, seen, site


@pytest.mark.parametrize("code", ["token_missing", "expired"])
def test_challenge_is_that_of_rfc_6750(nginx, forge, code):
    server = nginx(site(f'location / {{ jot on "the \\"inner\\" $remote_addr"; {ANSWER} }}'))
    headers = [] if code == "token_missing" else [("Authorization", "Bearer " + forge.token(set={"exp": "-5"}))]
    answer = server.ask("/", headers)
    expected = 'Bearer realm="the \\"inner\\" 127.0.0.1"'
    if code == "expired":
        expected += ', error="invalid_token", error_description="The exp has passed; every other rule of the policy is met."'
    assert answer.status == 401
    assert answer.headers.get_all("www-authenticate") == [expected]
    assert server.code_of(answer) == code
    assert answer.headers["x-jot-status"] == ("missing" if code == "token_missing" else "refused")


@pytest.mark.parametrize("scope", ['a\\"b', "a\\\\b", "\u00e9", "a\tb"])
def test_scope_that_cannot_stand_in_a_challenge_is_left_out(nginx, forge, scope):
    server = nginx(guarded(f'location / {{ jot_scope "{scope}"; {ANSWER} }}'))
    answer = server.bearer(forge.token(set={"scope": "other"}), "/")
    assert (answer.status, server.code_of(answer)) == (403, "scope_insufficient")
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="restricted", error="insufficient_scope"')
    assert "scope=" not in challenge


def test_variables_are_safe_to_put_into_headers(nginx, forge, echo):
    names = "sub roles deep obj num flag none odd"
    server = nginx(
        guarded(
            f"""
            proxy_set_header X-Sub $jot_claim_sub;
            proxy_set_header X-Roles $jot_claim_roles;
            proxy_set_header X-Deep $jot_claim_a__b__c;
            proxy_set_header X-Set $set;
            proxy_set_header X-Url $url;
            proxy_set_header X-Obj $jot_claim_obj;
            proxy_set_header X-Num $jot_claim_num;
            proxy_set_header X-Flag $jot_claim_flag;
            proxy_set_header X-Null $jot_claim_null;
            proxy_set_header X-Kid $jot_header_kid;
            proxy_set_header X-Claims $jot_claims;
            location / {{ proxy_pass http://127.0.0.1:{echo.port}; }}
            """,
            "jot_claim_set $set /a/b/c; jot_claim_set $url https://example/id;",
        )
    )
    claims = {
        "roles": ["a", 1, True], "a": {"b": {"c": "deep"}}, "https://example/id": 7, "obj": {"x": [1, 2]},
        "num": 1.50, "flag": False, "null": None,
    }  # fmt: skip
    upstream = seen(server.bearer(forge.token(set=claims)))
    expected = {"sub": "alice", "roles": "a,1,true", "deep": "deep", "set": "deep", "url": "7", "obj": '{"x": [1, 2]}'}
    expected |= {"num": "1.5", "flag": "false", "null": None, "kid": "rsa-1"}
    assert {name: upstream.get(f"x-{name}") for name in expected} == expected, names
    assert json.loads(upstream["x-claims"])["a"] == claims["a"]

    for bad in ("a\r\nX-Evil: 1", "a\x00", "a\nb"):
        upstream = seen(server.bearer(forge.token(set={"sub": bad, "roles": [bad]})))
        assert "x-sub" not in upstream and "x-evil" not in upstream and "x-roles" not in upstream
    assert "x-roles" not in seen(server.bearer(forge.token(set={"roles": ["a,b"]})))
    payload = json.dumps({"iss": "https://issuer.example", "aud": "api", "exp": 4102444800, "obj": {"x": 1}}, indent=1)
    upstream = seen(server.bearer(forge.token(payload=payload)))
    assert json.loads(upstream["x-claims"]) == json.loads(payload) and json.loads(upstream["x-obj"]) == {"x": 1}


def test_values_outlive_the_tokens_of_other_requests(nginx, forge):
    # While one request waits for its body, others use the same scratch.
    server = nginx(
        guarded(
            """location / { proxy_request_buffering on; proxy_pass http://127.0.0.1:PORT/inner; proxy_set_header X-Sub $jot_claim_sub;
                            proxy_set_header Authorization $http_authorization; client_max_body_size 1m; }
               location /inner { jot off; return 200 $http_x_sub; }"""
        )
    )
    slow = server.connect()
    slow.putrequest("POST", "/")
    slow.putheader("authorization", "Bearer " + forge.token(set={"sub": "slow"}))
    slow.putheader("content-length", "4")
    slow.endheaders()
    for _ in range(20):
        assert server.bearer(forge.token(set={"sub": "fast"}), "/").body == b"fast"
    slow.send(b"body")
    assert slow.getresponse().read() == b"slow"


def test_keep_alive_and_pipelined_requests_are_judged_one_by_one(nginx, forge):
    server = nginx(guarded(f"location / {{ {ANSWER} }}"))
    connection = server.connect()
    good, bad = forge.token(), forge.token(change="signature_flipped")
    statuses = [server.bearer(token, "/", connection).status for token in (good, bad, good, bad)]
    assert statuses == [204, 401, 204, 401]
    connection.close()
    raw = server.connect()
    raw.connect()
    request = "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n"
    raw.sock.sendall("".join(request.format(token) for token in (bad, good, bad)).encode())
    reply = b""
    while reply.count(b"HTTP/1.1 ") < 3:
        reply += raw.sock.recv(65536)
    assert [reply.split(b"HTTP/1.1 ")[index][:3] for index in (1, 2, 3)] == [b"401", b"204", b"401"]


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_http2_is_the_same(nginx, forge):
    server = nginx(guarded(f"location / {{ {ANSWER} }}").replace("127.0.0.1:PORT", "127.0.0.1:PORT http2"))

    def status(*tokens):
        headers = [part for token in tokens for part in ("-H", f"authorization: bearer {token}")]
        command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{http_version}", "--http2-prior-knowledge"]
        return subprocess.run([*command, *headers, f"http://127.0.0.1:{server.port}/"], capture_output=True, text=True).stdout

    assert status(forge.token()) == "204 2"
    assert status(forge.token(set={"exp": "-9"})) == "401 2"
    assert status() == "401 2"
    assert status(forge.token(), forge.token()) == "400 2"


def test_huge_headers_are_refused_by_the_server_or_the_module(nginx, forge):
    server = nginx(guarded(f"location / {{ {ANSWER} }}", "large_client_header_buffers 4 100k;"))
    assert server.bearer(forge.token(set={"filler": "x" * 30_000}), "/").status == 204
    answer = server.bearer(forge.token(set={"filler": "x" * 60_000}), "/")
    assert (answer.status, server.code_of(answer)) == (401, "token_too_long")
    assert server.bearer("x" * 200_000, "/").status == 400
    assert server.bearer(forge.token(), "/").status == 204


def test_token_is_taken_from_where_it_is_said(nginx, forge, echo):
    server = nginx(
        guarded(
            f"""jot_strip on;
            location / {{ jot_token_from header X-Token cookie t; jot_token_from query t; proxy_pass http://127.0.0.1:{echo.port}; }}
            location /args {{ jot_token_from query t; proxy_pass http://127.0.0.1:{echo.port}/new; }}
            """
        )
    )
    token = forge.token()
    assert server.bearer(token, "/").status == 401
    upstream = seen(server.ask("/", [("x-token", token), ("X-Other", "kept"), ("Cookie", "a=1")]))
    assert "x-token" not in upstream and upstream["x-other"] == "kept" and upstream["cookie"] == "a=1"
    upstream = seen(server.ask("/", [("Cookie", f"a=1;t={token}; b=2")]))
    assert upstream["cookie"] == "a=1; b=2"
    assert "cookie" not in seen(server.ask("/", [("Cookie", f"t={token}")]))
    assert seen(server.ask(f"/p%20q?a=%20&t={token}&&b=2"))[":path"] == "/p%20q?a=%20&b=2"
    assert seen(server.ask(f"/?t={token}"))[":path"] == "/"
    assert seen(server.ask(f"/args?t={token}&x=1"))[":path"] == "/new?x=1"
    for headers, path in [
        ([("x-token", token), ("x-token", token)], "/"),
        ([("x-token", token)], f"/?t={token}"),
        ([("Cookie", f"t={token}; t={token}")], "/"),
        ([], f"/?t={token}&t=x"),
    ]:
        answer = server.ask(path, headers)
        assert answer.status == 400 and server.code_of(answer) == "token_repeated"
        assert 'error="invalid_request"' in answer.headers["www-authenticate"]
