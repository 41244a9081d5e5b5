"""Keys that Envoy fetches for libjot's filter."""

import json
import time

import pytest

from envoy_gateway import Guarded, bootstrap, cluster, direct, jot_filter, jot_route
from forge import ISSUER
from gateway import free_port, until


def remote(**more):
    return {"remote": {"cluster": "idp", "uri": "https://idp.example/keys?v=1", **more}}


def test_remote_keys_are_fetched_and_refreshed_for_an_unknown_kid(guarded, forge, issuer):
    clusters = [cluster("idp", issuer.port)]
    gateway = guarded(remote(cooldown_seconds=3), clusters=clusters)
    token, later = forge.token(), forge.token("next", set={"iss": ISSUER})
    assert until(lambda: gateway.bearer(token).status == 200), gateway.log()
    assert [row[:2] for row in issuer.asked] == [("/keys?v=1", "idp.example")]

    # The first token of a new key waits for the one request that it causes.
    issuer.good = forge.jwks("rsa", "next")
    assert gateway.bearer(later).status == 200 and len(issuer.asked) == 2
    unknown = forge.token(header={"kid": "never"})
    started = time.monotonic()
    while time.monotonic() < started + 2:
        assert gateway.bearer(unknown).status == 401
        assert gateway.bearer(token).status == 200
    assert len(issuer.asked) == 2
    assert gateway.stats("keys_replaced").popitem()[1] == 2


def test_requests_are_refused_until_the_first_keys_came(guarded, forge, issuer):
    issuer.ways["/keys?v=1"] = {"status": 503}
    clusters = [cluster("idp", issuer.port)]
    gateway = guarded(remote(timeout_ms=1000), clusters=clusters)
    refused = gateway.bearer(forge.token())
    assert (refused.status, gateway.code_of(refused)) == (503, "keys_not_yet")
    assert refused.headers["www-authenticate"] is None
    assert gateway.ask("/main").status == 401
    issuer.ways.clear()
    assert until(lambda: gateway.bearer(forge.token()).status == 200)


def test_issuer_alone_leads_to_its_keys(guarded, forge, issuer):
    known = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
    issuer.ways["/.well-known/openid-configuration"] = {"text": json.dumps({**known, "issuer": "https://other.example"})}
    keys = {"remote": {"cluster": "idp", "timeout_ms": 1000}}
    gateway = guarded(keys, clusters=[cluster("idp", issuer.port)])
    assert gateway.bearer(forge.token()).status == 503
    assert "discovery_issuer" in gateway.log()
    issuer.ways["/.well-known/openid-configuration"] = {"text": json.dumps(known)}
    assert until(lambda: gateway.bearer(forge.token()).status == 200), gateway.log()
    assert gateway.bearer(forge.token("next", set={"iss": ISSUER})).status == 401
    issuer.good = forge.jwks("rsa", "next")
    assert ("/keys", ISSUER.removeprefix("https://")) in [row[:2] for row in issuer.asked]


NO_KEYS = "; there are no keys, and tokens are answered with 503"
LAST_KEYS = "; the last keys stay"


def told(fault, stand, path="/keys?v=1"):
    """Return the line about keys that could not be fetched."""
    return f"jot: https://idp.example{path} by cluster idp: {fault}{stand}"


def test_unknown_cluster_is_told_and_refuses(guarded, forge):
    gateway = guarded(remote())
    assert until(lambda: told("there is no such cluster", NO_KEYS) in gateway.log()), gateway.log()
    assert gateway.bearer(forge.token()).status == 503


def test_issuer_that_is_down_is_told(guarded, forge):
    gateway = guarded(remote(), clusters=[cluster("idp", free_port())])
    refused = told("the status is 503: upstream connect error", "")
    assert until(lambda: refused in gateway.log()), gateway.log()
    line = next(line for line in gateway.log().splitlines() if refused in line)
    assert line.endswith("remote connection failure" + NO_KEYS), line
    assert gateway.bearer(forge.token()).status == 503


# How a key server fails, and what the log says of it.
LOGIN = "https://login.example/"
FAULTS = {
    "status": ({"status": 500}, "the status is 500"),
    "redirect": (
        {"status": 302, "headers": {"location": LOGIN}},
        f"the status is 302, a redirect to {LOGIN}; fetch_redirect (455): The fetch was redirected to another origin, or too often.",
    ),
    "page": ({"text": "\n<!DOCTYPE html><title>Log in</title>"}, "key_text_is_page (427): The text is an HTML or XML page, such as a login or error page, not a key."),
    "nothing": ({"text": ""}, "key_text_unknown (447): The text is neither a JWK, a JWK Set nor PEM."),
    "large": ({"text": " " * (1 << 20) + "{"}, "reply_too_long (456): The answer to the fetch is longer than the limit."),
    "no_keys": ({"text": '{"keys":[]}'}, "key_set_empty (417): None of the keys can be used."),
    "slow": ({"delay": 1.5}, "the status is 504: upstream request timeout"),
    "cut": ({"cut": 1}, "the connection ended before the reply did"),
}


class Many(Guarded):
    """Envoy with a provider, its keys and a route for each way to fail."""

    def config(self):
        providers, routes = {}, []
        for name in FAULTS:
            keys = {"cluster": "idp", "uri": f"https://idp.example/{name}", "timeout_ms": 700}
            issuers = [{"keys": {"remote": {**keys, "cooldown_seconds": 1, "refresh_seconds": 1}}}]
            providers[name] = {"issuers": issuers, "algorithms": ["RS256"], "audiences": ["api"]}
            routes.append(direct(f"/{name}", typed_per_filter_config=jot_route({"require": name})))
        filters = [jot_filter({"providers": providers})]
        return bootstrap(self.port, self.admin_port, filters, routes, clusters=self.clusters)

    def statuses(self, token):
        return {self.bearer(token, f"/{name}").status for name in FAULTS}


@pytest.mark.parametrize("at_first", [True, False])
def test_what_is_wrong_with_a_reply_is_told(tmp_path, forge, issuer, at_first):
    """Keys that came before stay, and the log says so only if there are some."""
    token, fresh = forge.token(), forge.token("next", set={"iss": ISSUER})
    faulty = {f"/{name}": way for name, (way, _) in FAULTS.items()}
    if at_first:
        issuer.ways = faulty
    gateway = Many(tmp_path, forge, None, clusters=[cluster("idp", issuer.port)]).start()
    try:
        if not at_first:
            assert until(lambda: gateway.statuses(token) == {200}), gateway.log()
            issuer.ways = faulty
        before = 0 if at_first else len(gateway.log())
        for name, (_, fault) in FAULTS.items():
            line = told(fault, NO_KEYS if at_first else LAST_KEYS, f"/{name}")
            assert until(lambda: line in gateway.log()), (line, gateway.log())
        assert gateway.statuses(token) == {503 if at_first else 200}
        assert (LAST_KEYS if at_first else NO_KEYS) not in gateway.log()[before:]
        issuer.good = forge.jwks("next")
        issuer.ways = {}
        assert until(lambda: gateway.statuses(fresh) == {200}), gateway.log()
        # Each token asks for a fetch, which on a busy machine may take longer than allowed.
        assert until(lambda: gateway.statuses(token) == {401}), gateway.log()
    finally:
        gateway.stop()
