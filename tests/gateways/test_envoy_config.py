"""What Envoy makes of configurations: good ones, bad ones, those of the docs."""

import copy
import json
import os
import re
import subprocess
import textwrap

import pytest

from envoy_gateway import BINARY, MODULE, ROOT, Envoy, bootstrap, direct, jot_filter, jot_route, run_command, validate
from gateway import free_port
from nginx_gateway import JOTCTL
from test_table import CASES

PAGE = ROOT / "docs/envoy.md"
BLOCKS = re.findall(r"```yaml\n# (\w+)\n(.*?)```", PAGE.read_text(), re.S)
BEGIN, END = "<!-- differences:begin -->", "<!-- differences:end -->"
SOURCES = ROOT / "bindings/envoy/src"
ABI = "".join(path.read_text() for path in sorted((SOURCES / "abi").glob("*.rs")))
LOGGER = (SOURCES / "logger.rs").read_text()


def whole(forge):
    provider = {
        "issuers": [{"issuer": "https://issuer.example", "keys": {"inline": forge.jwks("rsa")}}],
        "algorithms": ["RS256"],
        "audiences": ["api"],
    }
    return {"providers": {"main": provider}}


def checked(directory, config, route=None):
    """Return what Envoy says to a filter's configuration."""
    routes = [direct(typed_per_filter_config=jot_route(route)) if route is not None else direct()]
    path = directory / "envoy.json"
    path.write_text(json.dumps(bootstrap(free_port(), free_port(), [jot_filter(config)], routes)))
    return validate(path)


REFUSED = [
    ({"provider": {}}, "unknown field `provider`"),
    ({"require": "other"}, "there is no provider `other`"),
    ({"require": {"all": []}}, "a list is empty"),
    ({"failure": {"realm": 'a"b'}}, "failure.realm"),
    ({"providers": {}}, "at least one is wanted"),
    ({"algorithms": []}, "providers.main.algorithms: at least one is wanted"),
    ({"algorithms": ["none"]}, "`none` is not known"),
    ({"algorithms": ["ES256"]}, "issuers[0].keys: no key verifies with any of the algorithms"),
    ({"algoritms": ["RS256"]}, "unknown field `algoritms`"),
    ({"issuers": []}, "issuers: at least one is wanted"),
    ({"issuers": [{"keys": {}}]}, "exactly one of inline, file, secret_file and remote"),
    ({"issuers": [{"keys": {"file": "/no/such/file"}}]}, "/no/such/file: No such file"),
    ({"issuers": [{"keys": {"file": "/dev/zero"}}]}, "/dev/zero: not a regular file"),
    ({"issuers": [{"keys": {"inline": "{}"}}]}, "key_member_missing"),
    ({"issuers": [{"keys": {"remote": {"cluster": "a", "uri": "idp/keys"}}}]}, "an http or https uri"),
    ({"any_audience": True}, "policy_invalid"),
    ({"scopes": ["a b"]}, "`a b` is not a scope"),
    ({"backend": "fast"}, "unknown variant `fast`"),
    ({"from": []}, "from: at least one place"),
    ({"from": [{"header": "a", "cookie": "b"}]}, "exactly one of header, cookie and query"),
    ({"claim_to_headers": [{"claim": "sub", "header": ":path"}]}, "not the name of a header"),
    ({"claim_to_headers": [{"claim": "sub", "header": "host"}]}, "not the name of a header"),
    ({"claim_to_headers": [{"claim": "sub", "header": "authorization"}]}, "no claim can go there"),
    ({"claim_to_headers": [{"claim": [], "header": "x"}]}, "the way to a claim is empty"),
    ({"require_claims": [{"claim": "a", "equals": 1, "contains": "b"}]}, "require_claims: a: one test is wanted; write an entry for each"),
    ({"require_claims": [{"claim": "a", "anyof": [1]}]}, "unknown field `anyof`, expected one of `claim`, `present`, `equals`"),
    ({"require_claims": [{"claim": "a", "not": {"anyof": [1]}}]}, "unknown variant `anyof`, expected one of `present`, `equals`"),
    ({"require_claims": [{"claim": [], "equals": 1}]}, "condition_name"),
    ({"require_claims": [{"claim": "a", "equals": ["b"]}]}, "require_claims: a: equals takes one value; a list is any_of"),
    ({"require_claims": [{"claim": "a", "any_of": []}]}, "condition_operands"),
    ({"require_claims": [{"claim": "a", "equals": None}]}, "condition_operand"),
    ({"require_claims": [{"claim": "a", "contains": [["b"]]}]}, "condition_operand"),
    ({"require_claims": [{"claim": "a", "ge": "3"}]}, "condition_operand"),
    ({"require_claims": [{"claim": "a", "not": {"regex": "("}}]}, "condition_pattern (165): The regular expression is malformed"),
    ({"resource_metadata": {"document": {"resource": "mcp"}}}, "document.resource: an http or https uri"),
    ({"failure": {"metadata_key": ""}}, "failure.metadata_key: it is empty"),
    ({"leeway_seconds": -1}, "invalid value"),
    ({"cache_entries": "many"}, "invalid type"),
]


@pytest.mark.parametrize("change, told", REFUSED, ids=[told for _, told in REFUSED])
def test_bad_configuration_is_refused_and_told(tmp_path, forge, change, told):
    config = whole(forge)
    top = {"provider", "require", "failure", "providers", "resource_metadata"}
    (config if top.intersection(change) else config["providers"]["main"]).update(copy.deepcopy(change))
    code, output = checked(tmp_path, config)
    assert code != 0 and "jot: the configuration is refused: " in output and told in output, output


@pytest.mark.parametrize(
    "route, told",
    [
        ({"disable": True}, "unknown field `disable`"),
        ({"disabled": True, "optional": True}, "nothing else can be demanded"),
        ({"require": {"any": []}}, "a list is empty"),
        ({"scopes": ["a b"]}, "`a b` is not a scope"),
        ({"audiences": [""]}, "policy_invalid"),
        ({"allow_missing_or_failed": True, "audiences": ["a"]}, "nothing else can be demanded"),
    ],
)
def test_bad_route_is_refused_and_told(tmp_path, forge, route, told):
    code, output = checked(tmp_path, whole(forge), route)
    assert code != 0 and "jot: the route's configuration is refused: " in output and told in output, output


def test_good_configuration_is_taken(tmp_path, forge):
    assert checked(tmp_path, whole(forge), {"optional": True})[0] == 0
    remote = {"remote": {"cluster": "idp", "uri": "https://idp.example/keys"}}
    config = whole(forge)
    config["providers"]["main"]["issuers"] = [{"keys": remote}]
    assert checked(tmp_path, config)[0] == 0


class Written(Envoy):
    """Envoy with a configuration that stands in the docs."""

    name = "written"

    def __init__(self, directory, forge, upstream_port, text):
        super().__init__(directory, forge, upstream_port)
        for name, content in {
            "jwks.json": forge.jwks("rsa"),
            "partner.pem": forge.keys["other"].pem(),
            "secret": "0123456789abcdef0123456789abcdef",
        }.items():
            (directory / name).write_text(content)
        self.text = text.replace("/etc/envoy/", f"{directory}/").replace("port_value: 10000", f"port_value: {self.port}")
        self.text = self.text.replace("port_value: 8080", f"port_value: {upstream_port}")

    def command(self):
        admin = f"admin: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {self.admin_port}}}}}}}\n"
        path = self.directory / "envoy.yaml"
        path.write_text(admin + self.text)
        return [*run_command(path), "--concurrency", "1", *self.options]


def block(kind):
    return [text for name, text in BLOCKS if name == kind]


def placed(value=None, routes=None):
    """Put an example into the whole configuration of the docs."""
    text = block("bootstrap")[0]
    if value is not None:
        head, rest = re.split(r"^ +providers:\n +main: .*\n", text, flags=re.M)
        text = head + textwrap.indent(value, " " * 18) + rest
    if routes is not None:
        one = re.search(r"^ +- \{name: all, domains: .*\n", text, re.M)[0]
        fresh = '            - name: all\n              domains: ["*"]\n              routes:\n'
        fresh += textwrap.indent(routes, " " * 14) + "              - {match: {prefix: /}, route: {cluster: service}}\n"
        text = text.replace(one, fresh)
    return text


def test_docs_have_every_kind_of_example():
    kinds = [name for name, _ in BLOCKS]
    ported = {"jot", "jot_routes", "jwt_authn", "jwt_authn_routes", "rbac"}  # test_envoy_ported.py has these
    held = {"bootstrap_extensions"}  # test_envoy_start.py has this
    assert set(kinds) - ported - held == {"bootstrap", "filter_config", "route", "routes"}
    assert kinds.count("filter_config") == 6


def test_first_example_guards_a_service(tmp_path, forge, echo):
    gateway = Written(tmp_path, forge, echo.port, block("bootstrap")[0]).start()
    try:
        assert gateway.bearer(forge.token()).status == 200
        assert gateway.bearer(forge.token("stranger")).status == 401
        assert gateway.ask("/").status == 401
    finally:
        gateway.stop()


def test_first_example_is_tried_without_an_issuer(tmp_path, forge, echo):
    gateway = Written(tmp_path, forge, echo.port, block("bootstrap")[0])
    (tmp_path / "jwks.json").unlink()
    script = re.search(r"```sh\n(jotctl keygen .*?)envoy -c", PAGE.read_text(), re.S)[1]
    script = script.replace("/etc/envoy/", f"{tmp_path}/") + 'printf %s "$token"'
    path = f"{JOTCTL.parent}:{os.environ['PATH']}"
    run = {"cwd": tmp_path, "env": {**os.environ, "PATH": path}, "check": True}
    token = subprocess.run(["sh", "-ec", script], **run, capture_output=True, text=True).stdout
    gateway.start()
    try:
        assert gateway.bearer(token).status == 200, token
        assert gateway.bearer(forge.token()).status == 401
    finally:
        gateway.stop()


def test_routes_example_opens_one_path(tmp_path, forge, echo):
    gateway = Written(tmp_path, forge, echo.port, placed(routes=block("routes")[0])).start()
    try:
        assert gateway.ask("/health").status == 200
        assert gateway.ask("/").status == 401
    finally:
        gateway.stop()


@pytest.mark.parametrize("value", block("filter_config"))
def test_examples_are_taken(tmp_path, forge, echo, value):
    gateway = Written(tmp_path, forge, echo.port, placed(value)).start()
    try:
        assert gateway.ask("/").status == 401
        if "max_token_bytes" in value:
            claims = {"scope": "orders:read", "client_id": "c", "tier": "gold", "level": 3, "realm_access": {"roles": ["user"]}}
            seen = gateway.bearer(forge.token(header={"typ": "at+jwt"}, set=claims))
            assert seen.status == 200 and seen.upstream()["x-user"] == "alice"
            assert seen.upstream()["x-roles"] == "user" and "x-jwt-payload" in seen.upstream()
            assert gateway.bearer(forge.token(header={"typ": "at+jwt"}, set={**claims, "tier": "tin"})).status == 401
        if "application/json" in value:
            assert gateway.bearer("x").headers["content-type"] == "application/json"
        if "resource_metadata" in value:
            url = gateway.ask("/").challenge()["resource_metadata"]
            assert url == "https://api.example/.well-known/oauth-protected-resource/mcp"
            served = gateway.ask(url.removeprefix("https://api.example"))
            assert json.loads(served.body)["authorization_servers"] == ["https://issuer.example"]
    finally:
        gateway.stop()


def test_route_example_is_taken(tmp_path, forge, echo):
    value = textwrap.indent(block("route")[0], " " * 8)
    routes = block("routes")[0].replace("value: {disabled: true}", "value:\n" + textwrap.indent(value, "  "))
    gateway = Written(tmp_path, forge, echo.port, placed(block("filter_config")[0], routes)).start()
    try:
        token = {"aud": "https://api.example", "scope": "orders:write", "tier": "silver"}
        assert gateway.bearer(forge.token(set=token), "/health").status == 200
        assert gateway.bearer(forge.token(set={**token, "scope": "orders:read"}), "/health").status == 403
        assert gateway.bearer(forge.token(set={**token, "tier": "tin"}), "/health").status == 401
        assert gateway.bearer(forge.token(set={**token, "aud": "https://api.internal"}), "/health").status == 401
        assert gateway.ask("/health").status == 401
    finally:
        gateway.stop()


def test_every_field_is_documented():
    page = PAGE.read_text()
    fields = []
    for path in (ROOT / "bindings/envoy/src/config").glob("*.rs"):
        fields += re.findall(r"pub\(crate\) (\w+): ", path.read_text().split("#[cfg(test)]")[0])
    assert len(fields) > 40
    for field in fields:
        assert re.search(rf"\b{field}\b", page), field


def test_differences_are_listed():
    rows = ["| request | here | jwt_authn | because it |", "|---|---|---|---|"]
    for case in CASES:
        other = case.get("jwt_authn", {})
        if other and not other.get("skip"):
            theirs = other.get("status") or "200, other headers"
            rows.append(f"| `{case['name']}` | {case['status']} | {theirs} | {other['why']} |")
    lacks = sorted({case["jwt_authn"]["why"] for case in CASES if case.get("jwt_authn", {}).get("skip")})
    rows += ["", *(f"- {why[0].upper()}{why[1:]}." for why in lacks)]
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    fresh = "\n".join([head + BEGIN, *rows, END + rest.split(END)[1]])
    if os.environ.get("JOT_UPDATE"):
        PAGE.write_text(fresh)
    assert PAGE.read_text() == fresh, "docs/envoy.md is stale: run this test with JOT_UPDATE=1"


def symbols(path, *options):
    text = subprocess.run(["nm", "-D", *options, str(path)], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in text.splitlines()}


def test_envoy_has_every_callback():
    wanted = {name for name in symbols(MODULE, "--undefined-only") if name.startswith("envoy_")}
    assert wanted == set(re.findall(r"fn (envoy_dynamic_module_callback_\w+)", ABI + LOGGER))
    assert wanted <= symbols(BINARY, "--defined-only")


def test_module_exports_hooks_and_nothing_else():
    exported = symbols(MODULE, "--defined-only")
    assert exported and all(name.startswith("envoy_dynamic_module_on_") for name in exported), exported


def test_every_hook_with_work_to_do_is_guarded():
    hooks = re.split(r"#\[unsafe\(no_mangle\)\]", ABI)[1:]
    busy = [hook for hook in hooks if "unsafe extern" in hook]
    assert len(busy) == 15
    for hook in busy:
        assert "guarded(" in hook.split("\n}\n")[0], hook[:200]


def test_readme_names_every_profile():
    profiles = {re.match(r"/(\w+)", case["path"])[1] for case in CASES}
    text = (ROOT / "tests/gateways/README.md").read_text()
    assert profiles == set(re.findall(r"^\| `/(\w+)` ", text, re.M))
