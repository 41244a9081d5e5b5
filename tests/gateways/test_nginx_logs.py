"""What nginx writes into its logs: what was at fault, and never a token."""

import socket

import pytest

from gateway import ask_http2, free_port, until

FORMAT = "'$request|$request_uri|$args|$query_string|$arg_apijwt|$http_referer|$status'"
SITE = """
    log_format all FORMAT;
    jot_key_file DIRECTORY/jwks.json;
    jot_algorithms RS256;
    jot_issuer ISSUER;
    jot_audience api;
    jot_token_from header Authorization query apijwt;
    proxy_set_header X-Request "$request";
    server {
        listen 127.0.0.1:PORT;
        listen 127.0.0.1:HTTP2 http2;
        access_log DIRECTORY/access.log all;
        location / { jot on; proxy_pass http://127.0.0.1:UPSTREAM; }
        location /strip { jot on; jot_strip on; proxy_pass http://127.0.0.1:UPSTREAM; }
        location /gone {
            jot on;
            error_log DIRECTORY/gone.log warn;
            error_log DIRECTORY/also.log error;
            error_log syslog:server=127.0.0.1:SYSLOG;
            proxy_pass http://127.0.0.1:CLOSED;
        }
        location /rewritten { rewrite_log on; rewrite ^ /inner; }
        location /inner { jot on; try_files /none =204; }
        location /open { proxy_pass http://127.0.0.1:UPSTREAM; }
        location /limited { jot on; limit_req zone=one; try_files /none =204; }
    }
    limit_req_zone $request_method zone=one:1m rate=1r/m;
"""


@pytest.fixture
def syslog():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as syslog:
        syslog.bind(("127.0.0.1", 0))
        syslog.settimeout(5)
        yield syslog


@pytest.fixture
def server(nginx, echo, syslog):
    http2 = free_port()
    words = {"FORMAT": FORMAT, "UPSTREAM": echo.port, "HTTP2": http2, "CLOSED": free_port(), "SYSLOG": syslog.getsockname()[1]}
    text = SITE
    for word, value in words.items():
        text = text.replace(word, str(value))
    server = nginx(text)
    server.http2_port = http2
    return server


def logs(server, requests):
    """Return both logs when so many requests are in the access log.

    A request is logged after it was answered.
    """
    access = server.directory / "access.log"
    until(lambda: access.read_text().count("\n") >= requests)
    assert access.read_text().count("\n") == requests
    return server.log() + access.read_text()


def test_token_in_a_query_is_in_no_log_and_reaches_the_upstream(server, forge, syslog):
    good, expired, unverified = forge.token(), forge.token(set={"exp": "-9"}), "e30.e30." + "Q" * 86
    seen = server.ask(f"/?a=1&apijwt={good}&b=2").upstream()
    assert seen[":path"] == f"/?a=1&apijwt={good}&b=2"
    # What is made of the request before it is logged has all of it.
    assert seen["x-request"] == f"GET /?a=1&apijwt={good}&b=2 HTTP/1.1"
    assert server.ask(f"/strip?a=1&apijwt={good}").upstream()[":path"] == "/strip?a=1"
    for token in (expired, unverified):
        assert server.ask(f"/?apijwt={token}").status == 401
        assert server.ask(f"/strip?apijwt={token}&b=2").status == 401
    # A failing upstream, a limit before the check, a page that is not guarded.
    assert server.ask(f"/gone?apijwt={good}").status == 502
    assert [server.ask(f"/limited?apijwt={good}").status for _ in range(2)] == [204, 503]
    assert server.ask(f"/open?apijwt={good}").status == 200
    # The page that was opened with a token names itself to the next.
    assert server.ask("/", [("Referer", f"http://x/?apijwt={good}")]).status == 401
    assert server.ask(f"/?apijwt={good}&apijwt={expired}").status == 400
    connection = server.connect()
    for _ in range(2):
        assert server.ask(f"/?apijwt={expired}", connection=connection).status == 401
    connection.close()
    assert ask_http2(server.http2_port, [(f"/?apijwt={expired}&h=2", [])])[0].status == 401
    assert server.ask(f"/rewritten?apijwt={good}&w=2").status == 204
    # Before any module sees the request, it is answered and logged.
    assert server.ask(f"/early?apijwt={good}", [("Host", "a/b")]).status == 400

    text = logs(server, 17)
    gone = [(server.directory / name).read_text() for name in ("gone.log", "also.log")] + [syslog.recv(4096).decode()]
    for line in gone:
        assert 'GET /gone?apijwt=*** HTTP/1.1", upstream: "http' in line and '/gone?apijwt=***", host:' in line
    text += "".join(gone)
    for token in (good, expired, unverified):
        for secret in (token, token.split(".")[2], token.split(".")[1]):
            assert secret == "e30" or secret not in text, secret
    assert "GET /?a=1&apijwt=***&b=2 HTTP/1.1|/?a=1&apijwt=***&b=2|a=1&apijwt=***&b=2|a=1&apijwt=***&b=2|***|-|200" in text
    assert "GET /strip?a=1&apijwt=*** HTTP/1.1|/strip?a=1|a=1|a=1|-|-|200" in text
    assert "|http://x/?apijwt=***|401" in text and 'referrer: "http://x/?apijwt=***"' in text
    assert "/?apijwt=***&apijwt=***|apijwt=***&apijwt=***|" in text
    assert 'request: "GET /strip?apijwt=***&b=2 HTTP/1.1", host:' in text
    assert "limiting requests" in text
    assert "h=2 HTTP/2.0|/?apijwt=***&h=2|" in text
    assert "/early?apijwt=*** HTTP/1.1|" in text and 'request: "GET /early?apijwt=*** HTTP/1.1"' in text
    assert 'args: "apijwt=***&w=2"' in text


def test_other_parameters_stand_in_the_logs_as_they_came(server, forge):
    server.ask(f"/?xapijwt=one&APIJWT=two&apijwt=&q=apijwt=three&apijwt=x&apijwt={forge.token()}")
    text = "?xapijwt=one&APIJWT=two&apijwt=&q=apijwt=three&apijwt=*&apijwt=***"
    written = logs(server, 1)
    assert f"GET /{text} HTTP/1.1|/{text}|" in written and f'request: "GET /{text} HTTP/1.1"' in written


def test_nothing_is_masked_where_no_query_has_tokens(nginx):
    server = nginx(
        "log_format all '$request'; jot_key_file DIRECTORY/jwks.json; jot_algorithms RS256; jot on;"
        "server { listen 127.0.0.1:PORT; access_log DIRECTORY/access.log all; location / { try_files /none =204; } }"
    )
    assert server.ask("/?apijwt=plain").status == 401
    assert logs(server, 1).count("GET /?apijwt=plain HTTP/1.1") == 2


def test_error_log_and_variable_name_what_was_at_fault(nginx, forge):
    server = nginx(
        """
        jot_key_file DIRECTORY/jwks.json;
        jot_algorithms RS256 ES256;
        jot_issuer ISSUER;
        jot_audience api;
        jot on;
        add_header X-Fault $jot_fault always;
        server {
            listen 127.0.0.1:PORT;
            location / { jot_require_claim role equals admin; jot_require_claim /team/name; try_files /none =204; }
        }
        """
    )

    def fault(**token):
        good = {"role": "admin", "team": {"name": "x"}}
        answer = server.bearer(forge.token(**{**token, "set": good | token.get("set", {})}), "/")
        return answer.status, answer.headers["x-fault"]

    assert fault() == (204, None)
    kid = 'a"b\\n' + "x" * 900
    status, text = fault(header={"kid": kid})
    assert status == 401 and len(text) < 256 and text.startswith('unverified kid="a\\"b'), text
    assert fault(set={"iss": "https://other"}) == (401, 'iss="https://other"')
    assert fault(set={"aud": ["x", "y"]}) == (401, 'aud=["x","y"]')
    assert fault(set={"role": "user"}) == (403, 'claim="role"')
    assert fault(set={"team": 1}) == (403, 'claim="/team/name"')
    assert server.ask("/").headers["x-fault"] is None
    log = server.log()
    assert 'jot: kid_unknown (420): unverified kid="a' in log and kid not in log
    assert 'jot: aud_mismatch (622): aud=["x","y"], client: ' in log
    assert 'jot: claim_mismatch (651): claim="role", client: ' in log
    assert "jot: token_missing (1001), client: " in log
