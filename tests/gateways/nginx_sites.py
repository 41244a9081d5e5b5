"""Configurations of nginx that the tests share, and what is asked of them."""

import time

from forge import ISSUER

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

# Keys that a process fetches from the port IDP.
FETCHED = """
    add_header X-Jot-Code $jot_code always;
    jot_fetch COMMAND --allow-loopback --proxy= --max-age 10 --timeout 2;
    jot_fetch_path DIRECTORY/fetched;
    server {
        listen 127.0.0.1:PORT;
        jot on;
        jot_key_url http://127.0.0.1:IDP/keys issuer=ISSUER;
        jot_algorithms RS256;
        jot_audience api;
        location / { try_files /none =204; }
        location = /jot { jot off; jot_status; }
        MORE
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


def fresh(forge, kid="rsa-2", key="next"):
    """Return a token of the issuer's new key."""
    return forge.token(key, set={"iss": ISSUER}, header={"kid": kid})


def timed(ask):
    began = time.monotonic()
    answer = ask()
    return answer, time.monotonic() - began
