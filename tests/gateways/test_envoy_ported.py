"""The pairs of configurations in docs/envoy.md: jwt_authn's and ours do the same."""

import base64
import http.client
import json
import re
import textwrap

import pytest

from envoy_gateway import EXTENSIONS, ROOT, STRUCT, Envoy, run_command
from forge import ISSUER
from gateway import Answer, free_port, until
from issuer import Issuer

PAGE = (ROOT / "docs/envoy.md").read_text().split("## Coming from jwt_authn\n")[1].split("\n## ")[0]
SECTIONS = {
    part.split("\n")[0]: dict(re.findall(r"```yaml\n# (\w+)\n(.*?)```", part, re.S)) for part in PAGE.split("\n### ")[1:]
}
ORDER = ["jwt_authn", "jot"]


def listener(name, port, filters, routes):
    """Return a listener in YAML; `filters` is a list of them."""
    manager = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
    head = f"""
- name: {name}
  address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
  filter_chains:
  - filters:
    - name: http
      typed_config:
        "@type": {manager}
        stat_prefix: http
        route_config:
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:
"""
    rest = "- {match: {prefix: /}, route: {cluster: service}}\n"
    router = f'- {{name: router, typed_config: {{"@type": {EXTENSIONS}.router.v3.Router}}}}\n'
    body = textwrap.indent(routes + rest, " " * 12)
    return head + body + " " * 8 + "http_filters:\n" + textwrap.indent("".join(filters) + router, " " * 8)


def guard(kind, config):
    """Return one of the two filters in YAML."""
    if kind == "jwt_authn":
        head = f'- name: jwt_authn\n  typed_config:\n    "@type": {EXTENSIONS}.jwt_authn.v3.JwtAuthentication\n'
        return head + textwrap.indent(config, " " * 4)
    head = f"""- name: jot
  typed_config:
    "@type": {EXTENSIONS}.dynamic_modules.v3.DynamicModuleFilter
    dynamic_module_config: {{name: jot_envoy}}
    filter_config:
      "@type": {STRUCT}
      value:
"""
    return head + textwrap.indent(config, " " * 8)


class Pairs(Envoy):
    """One Envoy with a listener for each configuration of the page."""

    name = "pairs"

    def __init__(self, directory, forge, upstream_port, key_port):
        super().__init__(directory, forge, upstream_port)
        self.key_port = key_port
        self.ports = {(title, kind): free_port() for title in SECTIONS for kind in ORDER}
        self.port = next(iter(self.ports.values()))
        (directory / "jwks.json").write_text(forge.jwks("rsa"))
        (directory / "other.json").write_text(forge.jwks("other"))

    def command(self):
        text = f"admin: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {self.admin_port}}}}}}}\n"
        text += "static_resources:\n  clusters:\n"
        for name, port in (("service", self.upstream_port), ("idp", self.key_port)):
            endpoint = f"{{endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}}}}}"
            text += f"  - name: {name}\n    type: STATIC\n    load_assignment:\n      cluster_name: {name}\n"
            text += f"      endpoints: [{{lb_endpoints: [{endpoint}]}}]\n"
        text += "  listeners:\n"
        for (title, kind), port in self.ports.items():
            blocks = SECTIONS[title]
            filters = [guard(kind, blocks[kind])]
            if "rbac" in blocks:
                head = f'- name: rbac\n  typed_config:\n    "@type": {EXTENSIONS}.rbac.v3.RBAC\n'
                filters.append(head + textwrap.indent(blocks["rbac"], " " * 4))
            routes = blocks.get(f"{kind}_routes", "")
            text += textwrap.indent(listener(f"{kind}_{port}", port, filters, routes), "  ")
        path = self.directory / "envoy.yaml"
        path.write_text(text.replace("/etc/envoy/", f"{self.directory}/"))
        return [*run_command(path), "--concurrency", "1", *self.options]

    def both(self, title, path, headers=(), method="GET"):
        """Ask both filters the same; return the answers."""
        answers = []
        for kind in ORDER:
            connection = http.client.HTTPConnection("127.0.0.1", self.ports[title, kind], timeout=10)
            connection.request(method, path, headers=dict(headers))
            answers.append(Answer(connection.getresponse()))
            connection.close()
        return answers


@pytest.fixture(scope="module")
def pairs(tmp_path_factory, forge, echo):
    keys = Issuer(forge.jwks("rsa"))
    gateway = Pairs(tmp_path_factory.mktemp("pairs"), forge, echo.port, keys.port).start()
    yield gateway
    gateway.stop()
    keys.down()


def bearer(token):
    return [("authorization", f"Bearer {token}")]


PREFLIGHT = [("origin", "https://web.example"), ("access-control-request-method", "GET")]
# By the start of a section's title: path, headers made of tokens, method, the
# status, and headers that the upstream sees.
CASES = {
    "Keys that are fetched": lambda good, other, bad: [
        ("/", bearer(good), "GET", 200, {"authorization": None}),
        ("/", bearer(bad), "GET", 401, {}),
        ("/", [], "GET", 401, {}),
    ],
    "Keys in a file": lambda good, other, bad: [
        ("/", bearer(good), "GET", 200, {}),
        ("/", bearer(other), "GET", 401, {}),
        ("/", [], "GET", 401, {}),
    ],
    "One of several": lambda good, other, bad: [
        ("/", bearer(good), "GET", 200, {}),
        ("/", bearer(other), "GET", 200, {}),
        ("/", bearer(bad), "GET", 401, {}),
    ],
    "A token of each": lambda good, other, bad: [
        ("/", [*bearer(good), ("x-machine-token", other)], "GET", 200, {"x-machine-token": None}),
        ("/", bearer(good), "GET", 401, {}),
        ("/", [("x-machine-token", other)], "GET", 401, {}),
        ("/", [*bearer(good), ("x-machine-token", good)], "GET", 401, {}),
    ],
    "Where the token is": lambda good, other, bad: [
        ("/", [("x-jwt", f"Token {good}")], "GET", 200, {"x-jwt": f"Token {good}"}),
        (f"/?a=b&jwt={good}", [], "GET", 200, {":path": f"/?a=b&jwt={good}"}),
        ("/", [("cookie", f"session={good}")], "GET", 200, {"cookie": f"session={good}"}),
        ("/", bearer(good), "GET", 401, {}),
        ("/", [("x-jwt", f"Token {bad}")], "GET", 401, {}),
    ],
    "Claims for the upstream": lambda good, other, bad: [
        ("/", bearer(good), "GET", 200, {"x-user": "alice", "x-tenant": "t1", "x-jwt-payload": good.split(".")[1]}),
        ("/", [*bearer(good), ("x-user", "root")], "GET", 200, {"x-user": "alice"}),
    ],
    "Claims for other filters": lambda good, other, bad: [
        ("/", bearer(good), "GET", 200, {}),
        ("/", bearer(bad), "GET", 401, {}),
    ],
    "Routes: `rules`": lambda good, other, bad: [
        ("/health", [], "GET", 200, {}),
        ("/", [], "GET", 401, {}),
        ("/", bearer(good), "GET", 200, {}),
    ],
    "Routes: `requirement_map`": lambda good, other, bad: [
        ("/", bearer(good), "GET", 200, {}),
        ("/", bearer(other), "GET", 401, {}),
        ("/machines", bearer(other), "GET", 200, {}),
        ("/machines", bearer(good), "GET", 401, {}),
    ],
    "A token if there is one": lambda good, other, bad: [
        ("/", [], "GET", 200, {}),
        ("/", bearer(good), "GET", 200, {}),
        ("/", bearer(bad), "GET", 401, {}),
    ],
    "A token if there is a good one": lambda good, other, bad: [
        ("/", [], "GET", 200, {"x-user": None}),
        ("/", bearer(good), "GET", 200, {"x-user": "alice", "authorization": None}),
        ("/", bearer(bad), "GET", 200, {"x-user": None, "authorization": f"Bearer {bad}"}),
    ],
    "Preflight": lambda good, other, bad: [
        ("/", PREFLIGHT, "OPTIONS", 501, {}),  # The upstream's own answer.
        ("/", PREFLIGHT[:1], "OPTIONS", 401, {}),
        ("/", PREFLIGHT, "GET", 401, {}),
    ],
}


def test_every_pair_has_its_cases():
    assert len(SECTIONS) == len(CASES) >= 10
    for title, start in zip(SECTIONS, CASES):
        assert title.startswith(start) and set(ORDER) <= set(SECTIONS[title])


@pytest.mark.parametrize("title", SECTIONS)
def test_both_configurations_do_the_same(pairs, forge, title):
    claims = {"scope": "orders:read pay", "realm_access": {"tenant": "t1"}}
    good, other, bad = forge.token(set=claims), forge.token("other"), forge.token("stranger", set=claims)
    make = CASES[next(start for start in CASES if title.startswith(start))]
    if title.startswith("Keys that are fetched"):
        assert until(lambda: {answer.status for answer in pairs.both(title, "/", bearer(good))} == {200}), pairs.log()
    for path, headers, method, status, seen in make(good, other, bad):
        for kind, answer in zip(ORDER, pairs.both(title, path, headers, method)):
            assert answer.status == status, (kind, path, answer.body)
            for name, value in seen.items():
                assert answer.upstream().get(name) == value, (kind, name)


def test_metadata_of_both_is_read_by_the_same_filter(pairs, forge):
    title = next(title for title in SECTIONS if title.startswith("Claims for other"))
    for scope, status in [("pay orders:read", 200), ("orders:reader", 403), (None, 403)]:
        token = forge.token(set={"scope": scope} if scope else {})
        assert [answer.status for answer in pairs.both(title, "/", bearer(token))] == [status] * 2, scope


def test_difference_in_leeway_is_the_one_of_the_page(pairs, forge):
    late = forge.token(set={"exp": "-30"})
    fetched, in_file = list(SECTIONS)[:2]
    assert until(lambda: [answer.status for answer in pairs.both(fetched, "/", bearer(late))] == [200, 200])
    assert [answer.status for answer in pairs.both(in_file, "/", bearer(late))] == [200, 401]


def test_padded_tokens_are_taken_by_jwt_authn_alone(pairs, forge):
    """As AWS's load balancer makes them."""
    title = list(SECTIONS)[1]
    header, claims = '{"alg":"RS256","kid":"rsa-1"}', json.dumps({"iss": ISSUER, "exp": 4_000_000_000})
    parts = [base64.urlsafe_b64encode(text.encode()).decode() for text in (header, claims)]
    assert parts[0].endswith("=")
    signature = forge.keys["rsa"].sign(".".join(parts).encode())
    token = ".".join([*parts, base64.urlsafe_b64encode(signature).decode()])
    answers = pairs.both(title, "/", bearer(token))
    assert [answer.status for answer in answers] == [200, 401]
    assert answers[1].body == b"token_padded\n"
