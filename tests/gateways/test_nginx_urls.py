"""Several URLs with keys in nginx: of one issuer, and of several."""

import pytest

from forge import OTHER
from gateway import until
from issuer import Issuer
from nginx_sites import fresh, timed

KEYS = "/keys"


def test_all_urls_are_waited_for_that_may_have_the_key(fetching, forge, issuer):
    for path, delay in [(KEYS, 0), ("/slow", 0.7)]:
        issuer.ways[path] = {"text": forge.jwks("rsa"), "delay": delay}
    url = f"http://127.0.0.1:{issuer.port}"
    server = fetching(change=lambda text: text.replace(f"jot_key_url {url}/keys issuer=ISSUER;", f"jot_key_url {url}/keys issuer=ISSUER; jot_key_url {url}/slow issuer=ISSUER;"))
    assert until(lambda: server.bearer(forge.token(), "/").status == 204)
    assert until(lambda: len(list((server.directory / "fetched").glob("*.jwks"))) == 2)
    # The one that answers first has not the key.
    issuer.ways["/slow"]["text"] = forge.jwks("rsa", "next")
    answer, took = timed(lambda: server.bearer(fresh(forge), "/"))
    assert (answer.status, issuer.count(KEYS), issuer.count("/slow")) == (204, 2, 2), server.log()
    assert 0.5 < took < 4


def test_key_that_one_of_the_urls_may_have_is_503(fetching, forge, issuer):
    issuer.ways["/slow"] = {"text": forge.jwks("rsa")}
    url = f"http://127.0.0.1:{issuer.port}"
    server = fetching(change=lambda text: text.replace(f"jot_key_url {url}/keys issuer=ISSUER;", f"jot_key_url {url}/keys issuer=ISSUER; jot_key_url {url}/slow issuer=ISSUER;"))
    assert until(lambda: server.bearer(forge.token(), "/").status == 204)
    assert until(lambda: len(list((server.directory / "fetched").glob("*.jwks"))) == 2)
    issuer.ways["/slow"] = {"status": 500}
    issuer.good = forge.jwks("rsa", "other")
    answer, took = timed(lambda: server.bearer(fresh(forge), "/"))
    assert (answer.status, server.code_of(answer)) == (503, "keys_unavailable") and took > 4, server.log()
    assert server.bearer(fresh(forge, kid="other-1", key="other"), "/").status == 204


@pytest.fixture
def other_issuer(forge):
    issuer = Issuer(forge.jwks("other"))
    yield issuer
    issuer.down()


def test_unknown_kid_asks_the_urls_of_its_issuer_alone(fetching, forge, issuer, other_issuer):
    other = f"jot_key_url http://127.0.0.1:{other_issuer.port}/keys issuer={OTHER};"
    server = fetching(change=lambda text: text.replace("issuer=ISSUER;", f"issuer=ISSUER; {other}"))
    for token in [forge.token(), forge.token("other")]:
        assert until(lambda: server.bearer(token, "/").status == 204), server.log()
    assert (issuer.count(), other_issuer.count()) == (1, 1)
    # Who cannot be reached is nothing to the tokens of others.
    other_issuer.down()
    issuer.good = forge.jwks("rsa", "next")
    answer, took = timed(lambda: server.bearer(fresh(forge), "/"))
    assert (answer.status, issuer.count()) == (204, 2) and took < 3, (took, server.log())
    other_issuer.up()
    answer, took = timed(lambda: server.bearer(fresh(forge, kid="unknown"), "/"))
    assert server.code_of(answer) == "kid_unknown" and took < 1, took
    stranger = forge.token(set={"iss": "https://nobody.example"}, header={"kid": "unknown"})
    assert server.code_of(server.bearer(stranger, "/")) == "issuer_unknown"
    assert (issuer.count(), other_issuer.count()) == (2, 1)
    # Nor does the fetch for one of them end the other one's right to a fetch.
    other_issuer.good = forge.jwks("other", "next")
    answer = server.bearer(forge.token("next", set={"iss": OTHER}, header={"kid": "rsa-2"}), "/")
    assert (answer.status, issuer.count(), other_issuer.count()) == (204, 2, 2), server.log()
