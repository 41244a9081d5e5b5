"""RFC 9728: a client without a token finds out where to get one."""

import json

from nginx_gateway import validate

ANSWER = "try_files /none =204;"
RULES = "jot_key_file DIRECTORY/jwks.json; jot_algorithms RS256; jot_audience api; "
WELL_KNOWN = "/.well-known/oauth-protected-resource/mcp"


def test_challenge_leads_to_the_metadata_and_these_to_the_issuer(nginx, forge):
    server = nginx(
        f"""{RULES} server {{ listen 127.0.0.1:PORT; jot on;
            location /mcp {{
                jot_resource_metadata https://$host{WELL_KNOWN};
                jot_scope mcp:tools;
                {ANSWER}
                location /mcp/quiet {{ jot_resource_metadata off; {ANSWER} }}
            }}
            location = {WELL_KNOWN} {{
                jot off;
                jot_protected_resource https://$host/mcp
                    authorization_servers=https://login.example authorization_servers=https://$http_x_login
                    scopes_supported=mcp:tools scopes_supported=mcp:admin bearer_methods_supported=header
                    'resource_name=The "tools"' "resource_name#de=Werkzeug" jwks_uri=$http_x_none
                    dpop_bound_access_tokens_required=false;
                add_header Access-Control-Allow-Origin *;
            }} }}"""
    )
    answer = server.ask("/mcp")
    url = f"https://127.0.0.1{WELL_KNOWN}"
    assert (answer.status, answer.headers["www-authenticate"]) == (
        401,
        f'Bearer realm="restricted", scope="mcp:tools", resource_metadata="{url}"',
    )
    expired = server.bearer(forge.token(set={"exp": "-9"}), "/mcp").challenge()
    assert (expired["error"], expired["resource_metadata"]) == ("invalid_token", url) and "scope" not in expired
    unmet = server.bearer(forge.token(), "/mcp")
    assert unmet.status == 403
    assert (unmet.challenge()["scope"], unmet.challenge()["resource_metadata"]) == ("mcp:tools", url)
    assert server.ask("/mcp/quiet").headers["www-authenticate"] == 'Bearer realm="restricted"'

    told = server.ask(WELL_KNOWN, [("x-login", 'a"\\\x01b')])
    assert (told.status, told.headers["content-type"]) == (200, "application/json")
    assert told.headers["access-control-allow-origin"] == "*"
    assert json.loads(told.body) == {
        "resource": "https://127.0.0.1/mcp",
        "authorization_servers": ["https://login.example", 'https://a"\\\x01b'],
        "scopes_supported": ["mcp:tools", "mcp:admin"],
        "bearer_methods_supported": ["header"],
        "resource_name": 'The "tools"',
        "resource_name#de": "Werkzeug",
        "dpop_bound_access_tokens_required": False,
    }
    head = server.ask(WELL_KNOWN, method="HEAD")
    assert (head.status, head.body) == (200, b"") and int(head.headers["content-length"]) > 100
    assert server.ask(WELL_KNOWN, method="POST").status == 405


def test_metadata_of_nothing_are_an_object(nginx):
    server = nginx("server { listen 127.0.0.1:PORT; location / { jot_protected_resource $http_x; } }")
    assert json.loads(server.ask("/").body) == {}
    assert json.loads(server.ask("/", [("x", "a")]).body) == {"resource": "a"}


def test_metadata_behind_the_guard_are_refused(tmp_path, forge):
    (tmp_path / "jwks.json").write_text(forge.jwks("rsa"))
    http = "server { jot on; location /m { jot_protected_resource x; } }"
    status, output = validate(tmp_path, f"{RULES}{http}".replace("DIRECTORY", str(tmp_path)))
    assert status == 1
    assert '"jot_protected_resource" is for those who have no token yet and needs "jot off" in' in output
