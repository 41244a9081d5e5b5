"""What routes demand of their own, and what others are told of a decision."""

import json

import pytest

from envoy_gateway import Envoy, bootstrap, jot_filter, jot_route, proxied, validate
from forge import ISSUER, OTHER
from gateway import free_port, until

RESOURCE = "https://api.example/mcp"
DOCUMENT = {
    "resource": RESOURCE,
    "authorization_servers": [ISSUER],
    "scopes_supported": ["orders:read", "orders:write"],
}
METADATA_URL = "https://api.example/.well-known/oauth-protected-resource/mcp"
ROUTES = {
    "claims": {
        "require_claims": [
            {"claim": "tier", "any_of": ["gold", "silver", 3]},
            {"claim": ["realm_access", "roles"], "contains": ["admin", "ops"]},
        ]
    },
    "audience": {"audiences": ["billing", "orders"]},
    "several": {"audiences": ["billing"], "scopes": ["pay"], "require_claims": [{"claim": "client_id"}]},
    "both": {"require": {"all": ["main", "service"]}, "scopes": ["pay"], "require_claims": [{"claim": "tier"}]},
    "lenient": {"allow_missing_or_failed": True},
    "misrouted": {"require": "nobody", "allow_missing_or_failed": True},
    "mcp": {"resource_metadata": {"url": "https://other.example/metadata"}},
    "two": {"require": "two"},
}


class Routed(Envoy):
    """Envoy with many routes, whose answers carry what the access log would."""

    name = "routed"

    def config(self):
        keys = json.loads(self.forge.jwks("rsa"))
        main = {
            "issuers": [{"issuer": ISSUER, "keys": {"inline": keys}}],
            "algorithms": ["RS256"],
            "any_audience": True,
            "claim_to_headers": [{"claim": "sub", "header": "x-user"}],
            "metadata_key": "token",
            "metadata_lists": ["scope", "permission", "n"],
            "header_metadata_key": "header",
        }
        service = {
            "issuers": [{"keys": {"inline": json.loads(self.forge.jwks("service"))}}],
            "algorithms": ["HS256"],
            "any_audience": True,
            "from": [{"header": "x-service"}],
        }
        other = {"issuer": OTHER, "keys": {"inline": json.loads(self.forge.jwks("other"))}}
        two = {**main, "issuers": [*main["issuers"], other]}
        config = {
            "providers": {"main": main, "service": service, "two": two},
            "require": "main",
            "failure": {"metadata_key": "failure"},
            "resource_metadata": {"document": DOCUMENT},
        }
        routes = [proxied(f"/{name}", typed_per_filter_config=jot_route(route)) for name, route in ROUTES.items()]
        whole = bootstrap(self.port, self.admin_port, [jot_filter(config)], [*routes, proxied("/")], self.upstream_port)
        manager = whole["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
        told = {"x-metadata": "%DYNAMIC_METADATA(jot)%", "x-details": "%RESPONSE_CODE_DETAILS%"}
        manager["route_config"]["response_headers_to_add"] = [
            {"header": {"key": name, "value": value}} for name, value in told.items()
        ]
        return whole

    def command(self):
        return [*super().command(), "--component-log-level", "dynamic_modules:debug"]

    def code_of(self, answer):
        return answer.body.decode().strip()

    def outcome(self, path, **claims):
        """Return the status, and of a refusal the code."""
        answer = self.bearer(self.forge.token(set=claims), path)
        return (200, None) if answer.status == 200 else (answer.status, self.code_of(answer))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, forge, echo):
    gateway = Routed(tmp_path_factory.mktemp("routed"), forge, echo.port).start()
    yield gateway
    gateway.stop()


def metadata(answer):
    return json.loads(answer.headers["x-metadata"])


GOOD = {"tier": "gold", "realm_access": {"roles": ["ops"]}}


@pytest.mark.parametrize(
    "claims, code",
    [
        (GOOD, None),
        ({**GOOD, "tier": "silver"}, None),
        ({**GOOD, "tier": 3}, None),
        ({**GOOD, "realm_access": {"roles": ["user", "admin"]}}, None),
        ({**GOOD, "tier": "tin"}, "claim_mismatch"),
        ({**GOOD, "tier": ["gold"]}, "claim_mismatch"),
        ({**GOOD, "tier": "3"}, "claim_mismatch"),
        ({"realm_access": {"roles": ["ops"]}}, "claim_missing"),
        ({**GOOD, "realm_access": {"roles": ["user"]}}, "claim_mismatch"),
        ({**GOOD, "realm_access": {"roles": "admin"}}, "claim_mismatch"),
    ],
)
def test_route_demands_claims_of_its_own(gateway, claims, code):
    assert gateway.outcome("/claims", **claims) == ((401, code) if code else (200, None))
    assert gateway.outcome("/main", **claims) == (200, None)


@pytest.mark.parametrize(
    "audience, code",
    [("billing", None), (["x", "orders"], None), ("api", "aud_mismatch"), ([], "aud_mismatch"), (1, "aud_invalid")],
)
def test_route_demands_an_audience_of_its_own(gateway, audience, code):
    assert gateway.outcome("/audience", aud=audience) == ((401, code) if code else (200, None))


def test_route_demands_all_of_its_rules(gateway):
    good = {"aud": "billing", "scope": "pay", "client_id": "c"}
    assert gateway.outcome("/several", **good) == (200, None)
    assert gateway.outcome("/several", **{**good, "aud": "orders"}) == (401, "aud_mismatch")
    assert gateway.outcome("/several", **{**good, "client_id": None}) == (401, "claim_missing")
    assert gateway.outcome("/several", **{**good, "scope": "payer"}) == (403, "scope_insufficient")
    assert gateway.ask("/several").status == 401


def test_one_of_several_tokens_meets_all_that_a_route_demands(gateway):
    def asked(first, second):
        tokens = gateway.forge.token(set=first), gateway.forge.token("service", set=second)
        answer = gateway.ask("/both", [("authorization", f"Bearer {tokens[0]}"), ("x-service", tokens[1])])
        return answer.status if answer.status == 200 else gateway.code_of(answer)

    good = {"scope": "pay", "tier": "gold"}
    assert asked(good, {}) == 200
    assert asked({}, good) == 200
    assert asked({"scope": "pay"}, {"tier": "gold"}) == "claim_missing"
    assert asked({"tier": "gold"}, {"tier": "gold"}) == "scope_insufficient"


def test_failed_tokens_pass_where_they_are_overlooked(gateway):
    expired = gateway.forge.token(set={"exp": "-60"})
    passed = gateway.bearer(expired, "/lenient")
    assert passed.status == 200
    # The upstream sees the token, which nobody vouches for, and no claims.
    assert passed.upstream()["authorization"] == f"Bearer {expired}" and "x-user" not in passed.upstream()
    assert metadata(passed)["failure"]["code"] == "expired"
    assert "token" not in metadata(passed)
    spoofed = gateway.ask("/lenient", [("x-user", "root"), ("authorization", "Bearer x")])
    assert spoofed.status == 200 and "x-user" not in spoofed.upstream()
    missing = gateway.ask("/lenient")
    assert missing.status == 200 and missing.headers["x-metadata"] in (None, "-", "")
    good = gateway.bearer(gateway.forge.token(), "/lenient")
    assert good.upstream()["x-user"] == "alice" and "authorization" not in good.upstream()
    # Nothing excuses a route that cannot be right.
    assert gateway.bearer(gateway.forge.token(), "/misrouted").status == 500
    overlooked = gateway.stats("jot.overlooked")
    assert overlooked == {
        "dynamicmodulescustom.jot.overlooked.code.expired": 1,
        "dynamicmodulescustom.jot.overlooked.code.token_segments": 1,
    }


def test_misrouted_route_is_told_once(gateway):
    for _ in range(3):
        refused = gateway.ask("/misrouted")
        assert (refused.status, gateway.code_of(refused)) == (500, "provider_unknown")
    told = "jot: a route demands the provider `nobody`, which its filter does not have"
    assert until(lambda: told in gateway.log()) and gateway.log().count(told) == 1


def test_claims_and_header_are_metadata(gateway):
    claims = {"scope": "orders:read  pay", "permission": "", "n": 1, "x": "a b"}
    seen = metadata(gateway.bearer(gateway.forge.token(set=claims, header={"typ": "at+jwt"})))
    token = seen["token"]
    assert token["scope"] == ["orders:read", "pay"] and token["permission"] == []
    assert (token["n"], token["x"], token["sub"]) == (1, "a b", "alice")
    assert seen["header"] == {"alg": "RS256", "kid": "rsa-1", "typ": "at+jwt"}
    assert "failure" not in seen


ODD = 'a"b\\c\n\u00fc' + "x" * 300
# A token, and what the operator is told of it.
AT_FAULT = {
    "claim_mismatch": ("/claims", {"set": {**GOOD, "tier": "tin"}}, 'claim="tier"'),
    "claim_missing": ("/several", {"set": {"aud": "billing"}}, 'claim="client_id"'),
    "aud_mismatch": ("/audience", {"set": {"aud": ["x", "y"]}}, 'aud=["x","y"]'),
    "scope_insufficient": (
        "/several",
        {"set": {"aud": "billing", "client_id": "c", "scope": "a b"}},
        'scope="a b" scp=none',
    ),
    "expired": ("/main", {"set": {"exp": 1000}}, "exp=1000"),
    "iss_mismatch": ("/main", {"set": {"iss": "https://no.example"}}, 'iss="https://no.example"'),
    "issuer_unknown": (
        "/two",
        {"set": {"iss": "https://no.example"}},
        'unverified iss="https://no.example"',
    ),
    "kid_unknown": (
        "/main",
        {"header": {"kid": "other"}},
        f'unverified kid="other" alg="RS256" iss="{ISSUER}"',
    ),
    "alg_not_allowed": ("/main", {"key": "service"}, 'unverified alg="HS256"'),
    "token_segments": ("/main", {"raw": "a.b"}, "segments=2"),
}


@pytest.mark.parametrize("code", AT_FAULT)
def test_refusal_says_what_was_at_fault(gateway, code):
    path, recipe, detail = AT_FAULT[code]
    answer = gateway.bearer(gateway.forge.token(**recipe), path)
    provider = "two" if path == "/two" else "main"
    told = metadata(answer)["failure"]
    number = told.pop("number")
    assert told == {"code": code, "provider": provider, "detail": detail}
    assert number >= 200
    shown = detail.replace(" ", "_").replace('"', "'")
    assert answer.headers["x-details"] == f"jot_{code}{{{shown}}}"
    line = f"jot: refused: {code} ({number}), provider {provider}: {detail}"
    assert until(lambda: line in gateway.log()), gateway.log()


def test_client_is_not_told_what_was_at_fault(gateway):
    answer = gateway.bearer(gateway.forge.token(set={**GOOD, "tier": "tin"}), "/claims")
    assert "tier" not in answer.headers["www-authenticate"] and answer.body == b"claim_mismatch\n"
    missing = gateway.ask("/main")
    assert metadata(missing) == {"failure": {"code": "token_missing"}}
    assert missing.headers["x-details"] == "jot_token_missing"


def test_what_a_token_says_of_itself_is_escaped_and_bounded(gateway):
    before = len(gateway.log())
    token = gateway.forge.token(header={"kid": ODD})
    answer = gateway.bearer(token)
    detail = metadata(answer)["failure"]["detail"]
    assert detail.startswith(r'unverified kid="a\"b\\c\u000a\u00fcxxx') and len(detail) <= 255
    details = answer.headers["x-details"]
    assert details.startswith(r"jot_kid_unknown{unverified_kid='a\'b\\c\u000a\u00fcxxx") and len(details) <= 280
    assert not set(details) & set(' "\n') and details.isascii()
    assert until(lambda: "jot: refused: kid_unknown" in gateway.log()[before:])
    for part in token.split("."):
        assert part not in gateway.log()[before:] and part not in str(answer.headers)


def test_challenge_leads_to_the_metadata_of_the_resource(gateway):
    for path, url in [("/main", METADATA_URL), ("/mcp", "https://other.example/metadata")]:
        assert gateway.ask(path).challenge() == {"realm": "protected", "resource_metadata": url}
    refused = gateway.bearer("x").challenge()
    assert (refused["error"], refused["resource_metadata"]) == ("invalid_token", METADATA_URL)


def test_metadata_of_the_resource_is_public(gateway):
    path = "/.well-known/oauth-protected-resource/mcp"
    for headers in ([], [("authorization", "Bearer x"), ("origin", "https://web.example")]):
        served = gateway.ask(path, headers)
        assert (served.status, json.loads(served.body)) == (200, DOCUMENT)
        assert served.headers["content-type"] == "application/json"
        assert served.headers["access-control-allow-origin"] == "*"
    head = gateway.ask(path, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    # Only the document is: what lies beside it is guarded.
    for method, other in [("POST", path), ("GET", f"{path}/"), ("GET", f"{path}x"), ("GET", f"/x{path}")]:
        assert gateway.ask(other, method=method).status == 401, (method, other)


@pytest.mark.parametrize("named, warned", [("realm_access.roles", True), (["kubernetes.io"], False), ("https://a.b/c", False)])
def test_name_that_looks_like_a_path_is_told(tmp_path, forge, named, warned):
    provider = {
        "issuers": [{"keys": {"inline": json.loads(forge.jwks("rsa"))}}],
        "algorithms": ["RS256"],
        "any_audience": True,
        "claim_to_headers": [{"claim": named, "header": "x-roles"}],
    }
    route = {"require_claims": [{"claim": named, "equals": "x"}]}
    routes = [{"match": {"prefix": "/"}, "direct_response": {"status": 200}, "typed_per_filter_config": jot_route(route)}]
    path = tmp_path / "envoy.json"
    path.write_text(json.dumps(bootstrap(free_port(), free_port(), [jot_filter({"providers": {"main": provider}})], routes)))
    code, output = validate(path)
    assert code == 0, output
    for place in ("providers.main", "a route"):
        told = (
            f"jot: {place}: `realm_access.roles` is one name; the way to a nested claim is "
            "[realm_access, roles], and [realm_access.roles] is the name without this warning"
        )
        assert (told in output) == warned, output
