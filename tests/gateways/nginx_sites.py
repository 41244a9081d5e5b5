"""Configurations of nginx that the tests share, and what is asked of them."""

RULES = """
    jot_key_file DIRECTORY/jwks.json;
    jot_algorithms RS256;
    jot_issuer ISSUER;
    jot_audience api;
    add_header X-Jot-Code $jot_code always;
    add_header X-Jot-Status $jot_status always;
"""
# A location that answers by itself, after the access phase.
ANSWER = "try_files /none =204;"
# Files are looked at often, so that a test need not wait.
WATCHED = """
    jot on;
    jot_key_file DIRECTORY/jwks.json;
    jot_algorithms RS256 HS256;
    jot_issuer ISSUER;
    jot_audience api;
    jot_file_check 100ms;
    add_header X-Jot-Code $jot_code always;
    %s
    server {
        listen 127.0.0.1:PORT;
        location / { try_files /none =204; }
        location = /jot { jot off; jot_status; }
    }
"""


def site(locations, http=""):
    return f"{RULES} {http} server {{ listen 127.0.0.1:PORT; {locations} }}"


def guarded(locations, http=""):
    return site(locations, f"jot on; {http}")


def watched(more=""):
    return WATCHED % more


def seen(answer):
    """Return the headers that the upstream saw."""
    assert answer.status == 200, answer.body
    return answer.upstream()


def code(server, token):
    """Return the code of the answer to a token."""
    return server.code_of(server.bearer(token, "/"))
