"""Conditions of the shared table, as Envoy's configuration writes them."""

import json

import condition_cases
from envoy_gateway import Envoy, bootstrap, direct, jot_filter, jot_route
from forge import ISSUER

STRING = "type.googleapis.com/google.protobuf.StringValue"


class Conditioned(Envoy):
    """Envoy with a route for each set of conditions."""

    name = "conditioned"
    conditions = ()

    def config(self):
        keys = json.loads(self.forge.jwks("rsa"))
        main = {"issuers": [{"issuer": ISSUER, "keys": {"inline": keys}}], "algorithms": ["RS256"], "any_audience": True}
        routes = []
        for number, several in enumerate(self.conditions):
            override = jot_route({})
            # A Struct would make doubles of all numbers.
            text = json.dumps({"require_claims": list(map(condition_cases.for_envoy, several))})
            override["jot"]["filter_config"] = {"@type": STRING, "value": text}
            routes.append(direct(f"/{number}/", typed_per_filter_config=override))
        return bootstrap(self.port, self.admin_port, [jot_filter({"providers": {"main": main}})], routes)

    def code_of(self, answer):
        return answer.body.decode().strip()


def test_conditions_of_the_shared_table(tmp_path, forge):
    cases = condition_cases.cases()
    gateway = Conditioned(tmp_path, forge, None)
    gateway.conditions = sorted({case[1] for case in cases})
    assert len(cases) > 500 and len(gateway.conditions) > 70
    gateway.start()
    try:
        for name, several, payload, code in cases:
            answer = gateway.bearer(forge.token(payload=payload), f"/{gateway.conditions.index(several)}/")
            found = "accepted" if answer.status == 200 else gateway.code_of(answer)
            assert (answer.status, found) == (200 if code == "accepted" else 401, code), name
    finally:
        gateway.stop()
