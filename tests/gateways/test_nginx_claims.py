"""jot_require_claim and jot_scope: what a location demands of claims."""

import pytest

import condition_cases
from nginx_sites import ANSWER, guarded

GOOD = (204, "accepted")
MISSING = (403, "claim_missing")
MISMATCH = (403, "claim_mismatch")


@pytest.fixture
def ask(forge):
    """Ask with a token of these claims; return the status and the code."""

    def ask(server, path, **claims):
        answer = server.bearer(forge.token(set=claims), path)
        return answer.status, server.code_of(answer)

    return ask


def test_conditions_of_constant_words_are_those_of_the_engine(nginx, ask):
    server = nginx(
        guarded(
            f"""
            location /present {{ jot_require_claim nick; {ANSWER} }}
            location /absent {{ jot_require_claim nick not present; {ANSWER} }}
            location /equals {{ jot_require_claim level equals 3; {ANSWER} }}
            location /string {{ jot_require_claim level equals '"3"'; {ANSWER} }}
            location /any_of {{ jot_require_claim tier any_of "old gold" silver true; {ANSWER} }}
            location /nested {{ jot_require_claim /realm/roles contains admin root; {ANSWER} }}
            location /slash {{ jot_require_claim "/https:~1~1example~1r~0" equals x; {ANSWER} }}
            location /regex {{ jot_require_claim email regex "(?i).*@example\\.org$"; {ANSWER} }}
            location /prefix {{ jot_require_claim sub not prefix svc-; {ANSWER} }}
            location /range {{ jot_require_claim level ge 3; jot_require_claim level lt 5.5; {ANSWER} }}
            location /scope {{ jot_require_claim /scope equals read; {ANSWER} }}
            location /unauthorized {{ jot_require_claim role equals admin error=401; {ANSWER} }}
            """
        )
    )
    for path, claims, expected in [
        ("/present", {"nick": "al"}, GOOD),
        ("/present", {"nick": None}, MISSING),
        ("/present", {}, MISSING),
        ("/absent", {}, GOOD),
        ("/absent", {"nick": "al"}, MISMATCH),
        ("/equals", {"level": 3}, GOOD),
        ("/equals", {"level": "3"}, MISMATCH),
        ("/string", {"level": "3"}, GOOD),
        ("/string", {"level": 3}, MISMATCH),
        ("/any_of", {"tier": "old gold"}, GOOD),
        ("/any_of", {"tier": True}, GOOD),
        ("/any_of", {"tier": ["silver"]}, MISMATCH),
        ("/nested", {"realm": {"roles": ["user", "root"]}}, GOOD),
        ("/nested", {"realm": {"roles": ["administrator", ["admin"], {"admin": "admin"}]}}, MISMATCH),
        ("/nested", {"realm": {"roles": "admin"}}, MISMATCH),
        ("/nested", {"realm": "admin"}, MISSING),
        ("/slash", {"https://example/r~": "x"}, GOOD),
        ("/regex", {"email": "A@EXAMPLE.ORG"}, GOOD),
        ("/regex", {"email": "a@example.org.evil"}, MISMATCH),
        ("/prefix", {"sub": "alice"}, GOOD),
        ("/prefix", {"sub": "svc-7"}, MISMATCH),
        ("/range", {"level": 5}, GOOD),
        ("/range", {"level": 2.9}, MISMATCH),
        ("/range", {"level": 5.5}, MISMATCH),
        ("/scope", {"scope": "read"}, GOOD),
        ("/scope", {"scope": "read write"}, MISMATCH),
        ("/unauthorized", {}, (401, "claim_missing")),
        ("/unauthorized", {"role": "user"}, (401, "claim_mismatch")),
    ]:
        assert ask(server, path, **claims) == expected, (path, claims)


def test_values_of_variables_have_no_type(nginx, ask):
    server = nginx(
        guarded(
            f"""
            location ~ ^/equals/(?<wanted>.*) {{ jot_require_claim tenant equals $wanted; {ANSWER} }}
            location ~ ^/not/(?<wanted>.*) {{ jot_require_claim tenant not equals $wanted; {ANSWER} }}
            location ~ ^/any_of/(?<wanted>.*) {{ jot_require_claim tenant any_of shared $wanted-$wanted; {ANSWER} }}
            location ~ ^/contains/(?<wanted>.*) {{ jot_require_claim teams contains $wanted error=401; {ANSWER} }}
            location ~ ^/prefix/(?<wanted>.*) {{ jot_require_claim sub prefix $wanted; {ANSWER} }}
            """
        )
    )
    for path, claims, expected in [
        ("/equals/red", {"tenant": "red"}, GOOD),
        ("/equals/red", {"tenant": "blue"}, MISMATCH),
        ("/equals/red", {}, MISSING),
        # The type is the token's, and a request cannot choose it.
        ("/equals/100", {"tenant": 100}, GOOD),
        ("/equals/100", {"tenant": "100"}, GOOD),
        ("/equals/1e2", {"tenant": 100}, MISMATCH),
        ("/equals/%22red%22", {"tenant": "red"}, MISMATCH),
        ("/equals/true", {"tenant": True}, GOOD),
        ("/equals/null", {"tenant": None}, MISSING),
        # An empty variable is no value, and meets nothing, not even a `not`.
        ("/equals/", {"tenant": ""}, MISMATCH),
        ("/not/", {"tenant": "red"}, MISMATCH),
        ("/not/red", {"tenant": "blue"}, GOOD),
        ("/not/red", {"tenant": "red"}, MISMATCH),
        # Nor is what is no UTF-8.
        ("/equals/%ff", {"tenant": "\u00ff"}, MISMATCH),
        ("/not/%ff", {"tenant": "red"}, MISMATCH),
        ("/any_of/red", {"tenant": "red-red"}, GOOD),
        ("/any_of/red", {"tenant": "shared"}, GOOD),
        ("/any_of/red", {"tenant": "red"}, MISMATCH),
        ("/contains/a", {"teams": ["b", "a"]}, GOOD),
        ("/contains/a", {"teams": ["b"]}, (401, "claim_mismatch")),
        ("/contains/a", {"teams": "a"}, (401, "claim_mismatch")),
        ("/prefix/al", {"sub": "alice"}, GOOD),
        ("/prefix/bo", {"sub": "alice"}, MISMATCH),
        ("/prefix/", {"sub": "alice"}, MISMATCH),
    ]:
        assert ask(server, path, **claims) == expected, (path, claims)


def test_each_scope_is_demanded_and_told(nginx, ask, forge):
    server = nginx(
        guarded(
            f"""
            jot_scope read;
            location /inherited {{ {ANSWER} }}
            location /off {{ jot_scope off; {ANSWER} }}
            location /all {{ jot_scope read write; jot_scope admin error=401; {ANSWER} }}
            location ~ ^/service/(?<service>[^/]*) {{ jot_scope $service:read; {ANSWER} }}
            location /limited {{ limit_except GET {{ jot_scope write; }} {ANSWER} }}
            location /odd {{ jot_scope "\u00e9" 'a"b' read; {ANSWER} }}
            """
        )
    )
    insufficient = (403, "scope_insufficient")
    for path, claims, expected in [
        ("/inherited", {"scope": "write read"}, GOOD),
        ("/inherited", {"scope": "reader"}, insufficient),
        ("/inherited", {"scp": ["read"]}, GOOD),
        ("/inherited", {"scp": "read write"}, GOOD),
        ("/inherited", {}, insufficient),
        ("/inherited", {"scope": 7}, (401, "scope_invalid")),
        ("/off", {}, GOOD),
        ("/all", {"scope": "read write admin"}, GOOD),
        ("/all", {"scope": "read admin"}, insufficient),
        ("/all", {"scope": "read write"}, (401, "scope_insufficient")),
        ("/service/a", {"scope": "a:read"}, GOOD),
        ("/service/a", {"scope": "b:read"}, insufficient),
        ("/service/%ff", {"scope": ":read"}, insufficient),
        ("/limited", {"scope": "read"}, GOOD),
    ]:
        assert ask(server, path, **claims) == expected, (path, claims)

    def challenge(path, method="GET"):
        return server.ask(path, [("authorization", f"Bearer {forge.token()}")], method).challenge()

    assert challenge("/inherited")["scope"] == "read"
    assert challenge("/all") == challenge("/inherited") | {"scope": "read write admin"}
    assert challenge("/service/a")["scope"] == "a:read"
    assert challenge("/limited", "PUT")["scope"] == "write"
    # What cannot stand there is left out.
    assert challenge("/odd")["scope"] == "read"
    assert challenge("/inherited")["error"] == "insufficient_scope"


def test_conditions_of_the_shared_table(nginx, forge):
    cases = condition_cases.cases()
    conditions = sorted({case[1] for case in cases})
    assert len(cases) > 500 and len(conditions) > 70
    written = ["".join(map(condition_cases.for_nginx, several)) for several in conditions]
    locations = [f"location = /{number} {{ {rules} {ANSWER} }}" for number, rules in enumerate(written)]
    server = nginx(guarded("".join(["jot_audience off;", *locations])))
    for name, several, payload, code in cases:
        answer = server.bearer(forge.token(payload=payload), f"/{conditions.index(several)}")
        assert (answer.status, server.code_of(answer)) == (204 if code == "accepted" else 401, code), name
