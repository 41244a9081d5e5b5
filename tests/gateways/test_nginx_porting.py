"""docs/nginx-porting.md: each configuration of ours runs and does what it is for."""

import json
import re
import subprocess

import pytest

from forge import Secret
from nginx_gateway import JOTCTL, ROOT

TEXT = (ROOT / "docs/nginx-porting.md").read_text()
SECTIONS = dict(re.findall(r"^### (.*?)\n(.*?)(?=^##|\Z)", TEXT, re.S | re.M))
HEX = "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"


def blocks(title, language):
    return re.findall(rf"```{language}\n(.*?)```", SECTIONS[title], re.S)


def shell(title, text):
    """Run the section's own command over a text."""
    [script] = blocks(title, "sh")
    script = re.sub(r" [<>]\S+", "", script.strip())
    return subprocess.run(["bash", "-c", script], input=text, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def port(nginx, forge, echo, issuer, tmp_path):
    """Start an nginx with our block of a section."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "logs").mkdir()

    def write(name, text):
        (tmp_path / "conf" / name).write_text(text)

    write("keys.json", forge.jwks("rsa"))
    write("api_secret.jwk", json.dumps(forge.keys["service"].jwk()))
    write("red.json", forge.jwks("rsa"))
    write("blue.json", forge.jwks("other"))
    write("keys.pem", shell("A file of names and keys", json.dumps({"a": forge.keys["other"].pem(), "b": forge.keys["rsa"].pem()})))
    write("locked.jsonl", shell("Early checks and revocations", json.dumps({"mallory": {"locked_at": "2023"}, "bob": 1})))
    write("secret.jwk", shell("A secret in hexadecimal, and a login page", HEX + "\n"))

    def start(title):
        [block] = blocks(title, "nginx")
        block = block.replace("127.0.0.1:8080", f"127.0.0.1:{echo.port}").replace("server {", "server { listen 127.0.0.1:PORT;")
        fetch = f"jot_fetch {JOTCTL} --allow-loopback --proxy=; jot_fetch_path {tmp_path}/jot;"
        block = block.replace("jot_fetch_path /var/lib/nginx/jot;", fetch)
        block = block.replace("https://issuer.example/jwks", f"http://127.0.0.1:{issuer.port}/jwks")
        return nginx(block)

    return start


def status(server, path="/", method="GET", host="x", token=None, cookie=None):
    headers = [("authorization", f"Bearer {token}")] if token else []
    headers += [("cookie", cookie)] if cookie else []
    connection = server.connect()
    connection.putrequest(method, path, skip_host=True)
    for name, value in [("host", host), *headers]:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.body = answer.read()
    return answer


def realm_and_key_file(server, forge):
    assert 'realm="API"' in status(server, "/products/").headers["www-authenticate"]
    answer = status(server, "/products/", token=forge.token(key="service"))
    assert json.loads(answer.body)["x-user"] == "alice"


def cookie_or_parameter(server, forge):
    token = forge.token()
    assert status(server, "/cookie", cookie=f"auth_token={token}").status == 404
    assert status(server, f"/query?apijwt={token}").status == 404
    assert status(server, "/cookie", token=token).status == status(server, "/query").status == 401


def methods_by_role(server, forge):
    def ask(method, role):
        return status(server, "/api/", method, token=forge.token(set={"role": role})).status

    assert ask("GET", "guest") == 200
    assert ask("DELETE", "editor") == ask("POST", "guest") == 403
    # The upstream knows GET alone, but was asked.
    assert ask("DELETE", "admin") == ask("POST", "editor") == 501


def nested_claims(server, forge):
    def ask(roles, **info):
        return status(server, token=forge.token(set={"realm_access": {"roles": roles}, "info": info}))

    assert json.loads(ask(["user", "admin"], **{"e-mail": "a@b"}).body)["x-email"] == "a@b"
    assert ask(["user,admin"], **{"e-mail": "a@b"}).status == ask(["admin"]).status == 403


def tenants(server, forge):
    def ask(host, aud, **more):
        return status(server, host=host, token=forge.token(set={"aud": aud}, **more))

    assert ask("red.example", "https://red.example/").status == 200
    assert ask("blue.example", "https://blue.example/", key="other").status == 200
    assert ask("blue.example", "https://blue.example/").status == 401
    assert ask("red.example", "https://blue.example/").status == 401
    refused = ask("green.example", "https://green.example/")
    assert refused.status == 401 and "The server has no keys" in refused.headers["www-authenticate"]


def limits_and_logs(server, forge):
    alice, bob = forge.token(), forge.token(set={"sub": "bob"})
    assert [status(server, token=token).status for token in (alice, bob, alice)] == [200, 200, 503]
    status(server, token=forge.token(set={"sub": "carol", "exp": "-9"}))
    server.stop()
    log = (server.directory / "logs/jwt.log").read_text()
    assert "127.0.0.1 rsa-1 alice - accepted 200\n" in log and "127.0.0.1 - - carol expired 401\n" in log


def keys_from_an_issuer(server, forge):
    assert status(server, token=forge.token()).status == 200
    assert status(server, token=forge.token(set={"iss": "https://evil.example"})).status == 401


def comparisons(server, forge):
    good = {"region": "eu", "tier": "gold", "level": 5, "grants": {"role": ["x", "reader"]}}

    def ask(method="GET", drop=(), **change):
        return status(server, method=method, token=forge.token(set=good | change, drop=drop)).status

    assert ask() == ask(level=12) == ask(grants={"role": "admin"}) == 200
    assert ask("POST", grants={"role": ["admin"]}) == 501 and ask("POST") == 403
    for change in ({"region": "cn"}, {"tier": "free"}, {"tier": None}, {"level": 4}, {"level": -5}, {"grants": {"role": "readers"}}):
        assert ask(**change) == 403, change
    assert ask(drop=["sub"]) == 403 and ask(iss="x") == ask(aud="x") == 401


def names_and_keys(server, forge):
    assert status(server, token=forge.token()).status == status(server, token=forge.token(key="other")).status == 404
    assert status(server, token=forge.token(key="next")).status == 401


def early_and_revoked(server, forge):
    assert status(server, token=forge.token()).status == 200
    for sub in ("mallory", "bob"):
        refused = status(server, token=forge.token(set={"sub": sub}))
        assert refused.status == 401 and "revoked" in refused.headers["www-authenticate"]


def hexadecimal_and_login(server, forge):
    forge.keys["hex"] = Secret(None, bytes.fromhex(HEX))
    token = forge.token(key="hex")
    assert status(server, "/private", cookie=f"session={token}").status == 200
    away = status(server, "/private?x=1", host="shop.example")
    assert (away.status, away.headers["location"]) == (
        302,
        "https://login.example/start?return_url=http://shop.example/private?x=1",
    )
    assert status(server, "/private", cookie=f"session={forge.token(key='hex', drop=['sub'])}").status == 403


def claims_as_headers(server, forge):
    token = forge.token(set={"firstName": "Al", "sub": "abc-123"})
    answer = status(server, "/api", token=token)
    seen = json.loads(answer.body)
    assert (seen["jwt-sub"], seen["jwt-firstname"], answer.headers["jwt-sub"]) == ("abc-123", "Al", "abc-123")
    away = status(server, "/profile/me", token=token)
    assert away.status == 301 and away.headers["location"].endswith("/profile/abc-123")
    assert status(server, "/profile/me").status == 401


CHECKS = {
    "A realm and a key file": realm_and_key_file,
    "A token in a cookie or a parameter": cookie_or_parameter,
    "Methods by role": methods_by_role,
    "Claims within claims, and lists": nested_claims,
    "A key file for each tenant": tenants,
    "Limits and logs by claim": limits_and_logs,
    "Keys from an issuer": keys_from_an_issuer,
    "Comparisons of claims": comparisons,
    "A file of names and keys": names_and_keys,
    "Early checks and revocations": early_and_revoked,
    "A secret in hexadecimal, and a login page": hexadecimal_and_login,
    "Claims as headers, and a redirect by claim": claims_as_headers,
}


def test_every_section_shows_both_sides_and_is_checked():
    assert set(SECTIONS) == set(CHECKS) and len(CHECKS) >= 10
    for title in SECTIONS:
        assert len(blocks(title, "conf")) == len(blocks(title, "nginx")) == 1, title


@pytest.mark.parametrize("title", CHECKS)
def test_configuration_does_what_it_is_for(port, forge, title):
    CHECKS[title](port(title), forge)
