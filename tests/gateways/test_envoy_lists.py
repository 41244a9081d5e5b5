"""Revocations and status lists that Envoy fetches for libjot's filter."""

import time

import pytest

from envoy_gateway import KEYS, Pushed, cluster, jot_filter, remote
from forge import ISSUER
from gateway import until

REVOKED = {"cluster": "idp", "uri": "https://idp.example/revoked", "poll_seconds": 1}
BELOW = "https://idp.example/status/"
STATUSES = {"cluster": "idp", "uri": BELOW, "poll_seconds": 1}
# 16 tokens, of which number 3 is revoked and 2 is not.
DRAFT = {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}


def revoked(forge, sid, lives=600, key="rsa", **header):
    """Return a list that revokes one session."""
    claims = {"iat": "-0", "exp": f"+{lives}", "ttl": 1, "revocations": [{"sid": sid}]}
    return {"text": forge.token(key, {"typ": "revocations+jwt", **header}, claims, drop=("aud", "sub"))}


def statuses(forge, uri, lives=600):
    claims = {"sub": uri, "iat": "-0", "exp": f"+{lives}", "ttl": 1, "status_list": DRAFT}
    return {"text": forge.token("rsa", {"typ": "statuslist+jwt"}, claims, drop=("aud",))}


def session(forge, sid):
    return forge.token(set={"sid": sid})


def status(forge, uri, index):
    return forge.token(set={"status": {"status_list": {"idx": index, "uri": uri}}})


def told(gateway, token):
    """Return the status and the code of an answer."""
    answer = gateway.bearer(token)
    return answer.status, "" if answer.status == 200 else gateway.code_of(answer)


def challenge(gateway, token):
    return gateway.bearer(token).headers["www-authenticate"] or ""


@pytest.fixture
def clusters(issuer):
    return [cluster("idp", issuer.port)]


def test_revocations_are_waited_for_obeyed_and_followed(guarded, forge, issuer, clusters):
    issuer.ways["/revoked"] = revoked(forge, "one")
    issuer.ways[KEYS] = {"delay": 1}
    gateway = guarded(remote(), clusters=clusters, revocations=REVOKED)
    # The very first requests wait for the keys, and for the list after them.
    assert told(gateway, session(forge, "one")) == (401, "sid_revoked")
    assert told(gateway, session(forge, "two")) == (200, "")
    fields = [fields for (path, *_), fields in zip(issuer.asked, issuer.fields) if path == "/revoked"]
    assert fields[0]["accept"].startswith("application/revocations+jwt"), fields
    issuer.ways["/revoked"] = revoked(forge, "two")
    assert until(lambda: told(gateway, session(forge, "two")) == (401, "sid_revoked")), gateway.log()
    assert told(gateway, session(forge, "one")) == (200, "")
    assert gateway.stats("lists_replaced").popitem()[1] == 2


def test_gauges_tell_how_old_keys_and_lists_are(guarded, forge, issuer, clusters):
    issuer.ways["/revoked"] = revoked(forge, "one")
    issuer.ways["/status/1"] = statuses(forge, f"{BELOW}1")
    gateway = guarded(remote(), clusters=clusters, revocations=REVOKED, status_lists=[STATUSES])
    named = status(forge, f"{BELOW}1", 2)
    assert until(lambda: told(gateway, named) == (200, "")), gateway.log()

    def gauges(word):
        before = f"dynamicmodulescustom.jot.{word}.uri."
        return {name.removeprefix(before): value for name, value in gateway.stats(f"jot.{word}").items()}

    keys, list_ = remote()["remote"]["uri"], REVOKED["uri"]
    # The list that only a token named is not among them: there might be ever more.
    assert gauges("keys_error") == {keys: 0} and gauges("lists_error") == {list_: 0}
    assert gauges("lists_age_seconds")[list_] < 4 and list(gauges("keys_age_seconds")) == [keys]
    text = gateway.admin("/stats/prometheus")[1]
    assert f'envoy_dynamicmodulescustom_jot_keys_error{{uri="{keys}"}} 0' in text, text
    issuer.ways["/revoked"] = {"status": 500}
    # `fetch_status` of docs/error-codes.md.
    assert until(lambda: gauges("lists_error") == {list_: 454}), gauges("lists_error")
    assert until(lambda: gauges("lists_age_seconds")[list_] >= 5), gauges("lists_age_seconds")
    issuer.ways["/revoked"] = revoked(forge, "one")
    assert until(lambda: gauges("lists_error") == {list_: 0}, 40) and gauges("lists_age_seconds")[list_] <= 5


def test_age_of_keys_grows_while_nothing_is_fetched(guarded, forge, issuer, clusters):
    gateway = guarded(remote(), clusters=clusters)
    assert gateway.bearer(forge.token()).status == 200
    assert gateway.stats("keys_age_seconds").popitem()[1] < 5
    assert until(lambda: gateway.stats("keys_age_seconds").popitem()[1] >= 5), gateway.stats("jot.")
    assert issuer.count(KEYS) == 1


def test_revocations_that_cannot_be_had_are_503(guarded, forge, issuer, clusters):
    issuer.ways["/revoked"] = {"status": 500}
    gateway = guarded(remote(timeout_ms=1000), clusters=clusters, revocations={**REVOKED, "timeout_ms": 1000})
    assert told(gateway, session(forge, "two")) == (503, "revocations_not_yet")
    assert "the status is 500; there is no list, and tokens are answered with 503" in gateway.log()
    issuer.ways["/revoked"] = revoked(forge, "one", key="other")
    assert until(lambda: "kid_unknown" in gateway.log()), gateway.log()
    issuer.ways["/revoked"] = revoked(forge, "one")
    assert until(lambda: told(gateway, session(forge, "two")) == (200, ""), 40), gateway.log()
    issuer.ways["/revoked"] = revoked(forge, "three", lives=4)
    assert until(lambda: told(gateway, session(forge, "three")) == (401, "sid_revoked")), gateway.log()
    issuer.ways["/revoked"] = {"status": 500}
    assert until(lambda: told(gateway, session(forge, "two")) == (503, "revocations_stale")), gateway.log()
    assert gateway.stats("lists_failed").popitem()[1] > 1
    issuer.ways["/revoked"] = revoked(forge, "one")
    assert until(lambda: told(gateway, session(forge, "two")) == (200, ""), 40), gateway.log()


def test_status_lists_are_fetched_when_tokens_name_them(guarded, forge, issuer, clusters):
    for number in range(3):
        issuer.ways[f"/status/{number}"] = statuses(forge, f"{BELOW}{number}")
    gateway = guarded(remote(), clusters=clusters, status_lists=[STATUSES])
    assert until(lambda: told(gateway, forge.token()) == (200, "")), gateway.log()
    assert issuer.count("/status/1") == 0
    # The first request is held until the list came.
    assert told(gateway, status(forge, f"{BELOW}1", 2)) == (200, "")
    assert told(gateway, status(forge, f"{BELOW}1", 3)) == (401, "status_revoked")
    assert told(gateway, status(forge, f"{BELOW}2", 3)) == (401, "status_revoked")
    assert told(gateway, status(forge, "https://elsewhere.example/1", 2)) == (503, "status_list_unknown")
    assert told(gateway, status(forge, f"{BELOW}none", 2)) == (503, "status_list_not_yet")
    forged = forge.token("next", header={"kid": "rsa-1"}, set={"status": {"status_list": {"idx": 2, "uri": f"{BELOW}0"}}})
    assert told(gateway, forged)[0] == 401
    assert issuer.count("/status/0") == 0


def test_listener_that_is_pushed_while_the_issuer_is_down_has_the_lists(tmp_path, forge, issuer, clusters):
    issuer.ways["/revoked"] = revoked(forge, "one")
    issuer.ways["/status/1"] = statuses(forge, f"{BELOW}1")
    issuers = [{"issuer": ISSUER, "keys": remote()}]

    def filters(realm, **list_):
        main = {
            "issuers": issuers,
            "algorithms": ["RS256"],
            "audiences": ["api"],
            "revocations": {**REVOKED, **list_},
            "status_lists": [STATUSES],
        }
        return [jot_filter({"providers": {"main": main}, "failure": {"realm": realm}})]

    gateway = Pushed(tmp_path, forge, [filters("a")], clusters).start()
    try:
        token = status(forge, f"{BELOW}1", 2)
        assert until(lambda: gateway.bearer(token).status == 200), gateway.log()
        issuer.down()
        # Once as it was, and once with another setting of the list.
        for realm, more in (("b", {}), ("c", {"poll_seconds": 2})):
            gateway.push([filters(realm, **more)])
            assert until(lambda shown=f'realm="{realm}"': shown in challenge(gateway, session(forge, "one"))), gateway.log()
            assert gateway.bearer(token).status == 200
            assert gateway.bearer(session(forge, "one")).status == 401
    finally:
        gateway.stop()


def test_mistakes_are_told(guarded, forge):
    for more, fault in (
        ({"revocations": {"cluster": "", "uri": "https://a/b"}}, "revocations: a cluster and an http or https uri are wanted"),
        ({"revocations": {**REVOKED, "issuer": "x"}}, "revocations: there is no such issuer"),
        ({"status_lists": [{"cluster": "idp", "uri": "http://a/b"}]}, "status_lists[0]: an https uri with a path is wanted"),
        ({"require_status": True}, "require_status: status_lists are wanted, too"),
    ):
        with pytest.raises(Exception) as failed:
            guarded({"inline": forge.jwks("rsa")}, **more)
        assert fault in str(failed.value), failed.value


def test_keys_are_fetched_for_a_list_that_a_new_key_signed(guarded, forge, issuer, clusters):
    issuer.ways["/revoked"] = revoked(forge, "one")
    gateway = guarded(remote(cooldown_seconds=1), clusters=clusters, revocations=REVOKED)
    assert told(gateway, session(forge, "two")) == (200, "")
    issuer.good = forge.jwks("rsa", "next")
    issuer.ways["/revoked"] = {"text": forge.token("next", {"typ": "revocations+jwt"}, {"iss": ISSUER, "iat": "-0", "exp": "+600", "ttl": 1, "revocations": [{"sid": "two"}]}, drop=("aud", "sub"))}
    started = time.monotonic()
    assert until(lambda: told(gateway, session(forge, "two")) == (401, "sid_revoked")), gateway.log()
    assert time.monotonic() - started < 15 and issuer.count(KEYS) == 2
