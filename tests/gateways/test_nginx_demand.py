"""Keys, issuer, audience and the token itself, by variables of the request."""

import json
import os
import time

from forge import ISSUER, OTHER
from nginx_gateway import validate

ANSWER = "try_files /none =204;"
COMMON = """
    jot_algorithms RS256;
    add_header X-Jot-Code $jot_code always;
    map $http_x_tenant $tenant { default ""; ~^(?<t>[a-z]+)$ $t; }
"""
SETS = """
    jot_key_set red DIRECTORY/red.json;
    jot_key_set blue DIRECTORY/blue.json issuer=OTHER;
"""


def write_sets(directory, forge):
    (directory / "red.json").write_text(forge.jwks("rsa"))
    (directory / "blue.json").write_text(forge.jwks("other"))


def site(locations, http):
    return f"{COMMON} {http.replace('OTHER', OTHER)} server {{ listen 127.0.0.1:PORT; {locations} }}"


def outcome(server, token, path="/", tenant=""):
    answer = server.ask(path, [("authorization", f"Bearer {token}"), ("x-tenant", tenant)])
    return answer.status, server.code_of(answer)


GOOD = (204, "accepted")


def test_a_variable_names_the_key_set(nginx, forge, tmp_path):
    write_sets(tmp_path, forge)
    server = nginx(
        site(
            f"""location / {{ jot on; jot_keys $tenant; {ANSWER} }}
                location /one {{ jot on; jot_keys red; {ANSWER} }}
                location /cached {{ jot on; jot_keys $tenant; jot_cache tokens 100; {ANSWER} }}
                location = /jot {{ jot_status; }}""",
            f"{SETS} jot_audience api;",
        )
    )
    red, blue = forge.token(), forge.token(key="other")
    assert outcome(server, red, tenant="red") == outcome(server, blue, tenant="blue") == GOOD
    # The keys of one tenant verify no tokens of another.
    assert outcome(server, red, tenant="blue") == (401, "kid_unknown")
    assert outcome(server, forge.token(header={"kid": None}), tenant="blue") == (401, "signature_invalid")
    assert outcome(server, forge.token(key="other", set={"iss": ISSUER}), tenant="blue") == (401, "iss_mismatch")
    # A name that is not listed has no keys, whatever it looks like.
    for tenant in ("green", "", "RED", "../red", f"{tmp_path}/red.json"):
        assert outcome(server, red, tenant=tenant) == (401, "key_set_unknown"), tenant
    assert outcome(server, red, "/one", tenant="blue") == GOOD
    assert outcome(server, blue, "/one") == (401, "kid_unknown")
    # What the cache has of one tenant does not answer for another.
    for _ in range(2):
        assert outcome(server, red, "/cached", "red") == GOOD
        assert outcome(server, red, "/cached", "blue") == (401, "kid_unknown")
        assert outcome(server, red, "/cached", "") == (401, "key_set_unknown")
    refused = [one["refused"].get("key_set_unknown", 0) for one in server.status_page()["rules"]]
    assert sorted(refused) == [0, 2, 5]
    assert [one["cache_hits"] for one in server.status_page()["rules"] if one["zone"] == "tokens"] == [1]


def test_files_of_key_sets_are_watched(nginx, forge, tmp_path):
    write_sets(tmp_path, forge)
    server = nginx(site(f"location / {{ jot on; jot_keys $tenant; {ANSWER} }}", f"{SETS} jot_audience *; jot_file_check 20ms;"))
    token = forge.token(key="next")
    assert outcome(server, token, tenant="red") == (401, "kid_unknown")
    (tmp_path / "new").write_text(forge.jwks("next"))
    os.rename(tmp_path / "new", tmp_path / "red.json")
    deadline = time.monotonic() + 20
    while outcome(server, token, tenant="red") != GOOD and time.monotonic() < deadline:
        time.sleep(0.01)
    assert outcome(server, token, tenant="red") == GOOD
    assert outcome(server, forge.token(), tenant="red") == (401, "kid_unknown")
    assert outcome(server, forge.token(key="other"), tenant="blue") == GOOD


def test_variables_name_audience_and_issuer(nginx, forge):
    server = nginx(
        site(
            f"""location /aud {{ jot on; jot_audience $tenant; {ANSWER} }}
                location /both {{ jot on; jot_audience https://$host/ $tenant; {ANSWER} }}
                location /iss {{ jot on; jot_audience api; jot_issuer https://$tenant.example; {ANSWER} }}
                location /cached {{ jot on; jot_audience $tenant; jot_cache tokens 100; {ANSWER} }}""",
            "jot_key_file DIRECTORY/jwks.json;",
        )
    )

    def meant_for(aud, path, tenant):
        return outcome(server, forge.token(set={"aud": aud}), path, tenant)

    assert meant_for("red", "/aud", "red") == meant_for(["x", "red"], "/aud", "red") == GOOD
    assert meant_for("red", "/aud", "blue") == (401, "aud_mismatch")
    # An empty variable is an audience that nobody has, also one that is empty.
    assert meant_for("red", "/aud", "") == meant_for("", "/aud", "") == (401, "aud_mismatch")
    assert outcome(server, forge.token(drop=["aud"]), "/aud", "red") == (401, "aud_missing")
    assert outcome(server, forge.token(drop=["aud"]), "/aud", "") == (401, "aud_missing")
    assert meant_for("https://127.0.0.1/", "/both", "") == meant_for("red", "/both", "red") == GOOD
    assert meant_for("https://evil.example/", "/both", "red") == (401, "aud_mismatch")
    assert outcome(server, forge.token(), "/iss", "issuer") == GOOD
    assert outcome(server, forge.token(), "/iss", "other") == (401, "iss_mismatch")
    assert outcome(server, forge.token(drop=["iss"]), "/iss", "issuer") == (401, "iss_missing")
    token = forge.token(set={"aud": "red"})
    for _ in range(2):
        assert outcome(server, token, "/cached", "red") == GOOD
        assert outcome(server, token, "/cached", "blue") == (401, "aud_mismatch")


def test_issuers_of_key_files_stay_apart_beside_a_variable(nginx, forge, tmp_path):
    write_sets(tmp_path, forge)
    files = f"jot_key_file DIRECTORY/red.json issuer={ISSUER}; jot_key_file DIRECTORY/blue.json issuer={OTHER};"
    server = nginx(site(f"location / {{ jot on; jot_issuer https://$tenant.example; {ANSWER} }}", f"{files} jot_audience api;"))
    assert outcome(server, forge.token(), tenant="issuer") == GOOD
    assert outcome(server, forge.token(), tenant="other") == (401, "iss_mismatch")
    assert outcome(server, forge.token(set={"iss": OTHER}), tenant="other") == (401, "kid_unknown")
    assert outcome(server, forge.token(key="other"), tenant="other") == GOOD


def test_inner_keys_take_the_place_of_outer_ones(nginx, forge, tmp_path):
    write_sets(tmp_path, forge)
    server = nginx(
        site(
            f"""jot on;
                location / {{ {ANSWER} }}
                location /set {{ jot_keys blue; {ANSWER}
                    location /set/file {{ jot_key_file DIRECTORY/red.json; {ANSWER} }} }}
                location /strict {{ jot_keys red; jot_issuer {OTHER}; {ANSWER} }}""",
            f"{SETS} jot_key_file DIRECTORY/red.json; jot_audience api;",
        )
    )
    red, blue = forge.token(), forge.token(key="other")
    assert outcome(server, red) == outcome(server, blue, "/set") == outcome(server, red, "/set/file") == GOOD
    assert outcome(server, red, "/set") == (401, "kid_unknown")
    # Where the keys are chosen, "jot_issuer" demands an "iss" all the same.
    assert outcome(server, red, "/strict") == (401, "iss_mismatch")
    assert outcome(server, forge.token(set={"iss": OTHER}), "/strict") == GOOD


def test_claims_read_by_scripts_are_those_of_the_demand(nginx, forge, tmp_path):
    write_sets(tmp_path, forge)
    server = nginx(
        site(
            f"location / {{ jot on; jot_keys $tenant; add_header X-Sub $jot_claim_sub$jot_claim_a__b always; {ANSWER} }}",
            f"{SETS} jot_audience $tenant;",
        )
    )
    answer = server.ask("/", [("authorization", "Bearer " + forge.token(set={"aud": "red", "a": {"b": 7}})), ("x-tenant", "red")])
    assert (answer.status, answer.headers["x-sub"]) == (204, "alice7")


def test_token_comes_from_a_variable(nginx, forge, echo):
    server = nginx(
        site(
            f"""jot_token_from $protocol header Authorization; jot_strip on;
                location / {{ jot on; proxy_set_header X-Sub $jot_claim_sub; proxy_pass http://127.0.0.1:{echo.port}; }}""",
            r"""jot_key_file DIRECTORY/jwks.json; jot_audience api;
                map $http_sec_websocket_protocol $protocol { "~^bearer, *(?<found>[\w.-]+)$" $found; }""",
        )
    )
    token = forge.token()
    answer = server.ask("/", [("sec-websocket-protocol", f"bearer, {token}")])
    # Out of what it was made is not known, so it is not taken out.
    assert json.loads(answer.body)["x-sub"] == "alice" and token in json.loads(answer.body)["sec-websocket-protocol"]
    assert server.bearer(token, "/").status == 200
    assert server.ask("/", [("sec-websocket-protocol", "chat")]).status == 401
    both = server.ask("/", [("sec-websocket-protocol", f"bearer, {token}"), ("authorization", f"Bearer {token}")])
    assert (both.status, server.code_of(both)) == (400, "token_repeated")


def test_many_tenants_cost_one_verifier(tmp_path, forge):
    (tmp_path / "red.json").write_text(forge.jwks("rsa"))
    sets = "".join(f"jot_key_set t{number} {tmp_path}/red.json;" for number in range(500))
    server = "server { listen 127.0.0.1:1; location / { jot on; jot_algorithms RS256; jot_keys $host; jot_cache tokens 1000; } }"
    assert validate(tmp_path, sets + server)[0] == 0
