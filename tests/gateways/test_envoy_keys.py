"""One store of fetched keys for the whole process, whatever happens to its issuers."""

import datetime
import http.client
import json
import pathlib
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from envoy_gateway import KEYS, Pushed, cluster, fresh, jot_filter, remote
from forge import ISSUER, OTHER
from gateway import Load, free_port, until

def provider(issuers, **more):
    """Return a provider of issuers, each with its keys."""
    issuers = [{"issuer": name, "keys": keys} for name, keys in issuers.items()]
    return {"issuers": issuers, "algorithms": ["RS256"], "audiences": ["api"], **more}


def guard(keys, realm="protected"):
    return jot_filter({"providers": {"main": provider({ISSUER: keys})}, "failure": {"realm": realm}})


@pytest.fixture
def pushed(tmp_path, forge):
    running = []

    def start(filters, clusters):
        running.append(Pushed(tmp_path, forge, filters, clusters).start())
        return running[-1]

    yield start
    for gateway in running:
        gateway.stop()


def timed(ask):
    began = time.monotonic()
    answer = ask()
    return answer, time.monotonic() - began


@pytest.mark.parametrize("state", ["slow", "dead"])
def test_new_configuration_goes_on_with_the_keys_that_are_there(pushed, forge, issuer, state):
    gateway = pushed([guard(remote())], [cluster("idp", issuer.port)])
    token = forge.token()
    assert until(lambda: gateway.bearer(token).status == 200), gateway.log()
    if state == "slow":
        issuer.ways[KEYS] = {"delay": 2}
    else:
        issuer.down()
    with Load(gateway, [token]) as load:
        for push in range(3):
            before = gateway.updates()
            gateway.push([guard(remote(), realm=f"push-{push}")])
            assert until(lambda: gateway.updates() > before), gateway.log()
            assert until(lambda: gateway.ask("/").challenge()["realm"] == f"push-{push}")
            # New connections are the new listener's; those of the load stay for a while.
            assert {gateway.bearer(token).status for _ in range(20)} == {200}
    assert load.errors == [] and set(load.statuses) == {200}, load.statuses
    assert load.statuses[200] > 50 and issuer.count() == 1


def test_listeners_and_workers_share_one_fetch_and_one_thread(pushed, forge, issuer):
    clusters = [cluster("idp", issuer.port)]
    gateway = pushed([guard(remote(), realm=f"r{index}") for index in range(30)], clusters)
    token, later = forge.token(), fresh(forge)
    ask = [(port, gateway) for port in gateway.ports]

    def statuses(token):
        found = set()
        for port, _ in ask:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            found.add(gateway.bearer(token, connection=connection).status)
            connection.close()
        return found

    assert statuses(token) == {200}
    assert issuer.count() == 1
    issuer.good = forge.jwks("rsa", "next")
    assert statuses(later) == {200}
    assert issuer.count() == 2
    threads = {}
    for task in (pathlib.Path(f"/proc/{gateway.process.pid}/task")).iterdir():
        name = (task / "comm").read_text().strip()
        threads[name] = threads.get(name, 0) + 1
    assert threads["jot-keys"] == 1, threads


def test_new_key_is_taken_within_one_round_trip_of_its_first_token(guarded, forge, issuer):
    """The first request waits for the fetch, also right after the start."""
    issuer.ways[KEYS] = {"delay": 0.3}
    gateway = guarded(remote(), clusters=[cluster("idp", issuer.port)])
    assert gateway.bearer(forge.token()).status == 200
    issuer.good = forge.jwks("rsa", "next")
    answer, took = timed(lambda: gateway.bearer(fresh(forge)))
    assert answer.status == 200 and 0.25 < took < 3, took
    assert issuer.count() == 2


def test_flood_of_unknown_kids_costs_one_fetch_and_delays_nobody(guarded, forge, issuer):
    gateway = guarded(remote(), clusters=[cluster("idp", issuer.port)])
    token = forge.token()
    assert gateway.bearer(token).status == 200
    template = forge.token(header={"kid": "unknown-00000"})
    head = forge.token(header={"kid": "unknown-00000"}).split(".")[0]
    assert template.startswith(head)
    statuses = {}
    lock = threading.Lock()

    def flood(numbers):
        connection = gateway.connect()
        for number in numbers:
            # Only the header is new; nobody looks at the signature.
            bad = forge.token(text=json.dumps({"alg": "RS256", "kid": f"unknown-{number}"}), change="signature_empty")
            bad = bad + "A" * 342
            status = gateway.bearer(bad, connection=connection).status
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
        connection.close()

    threads = [threading.Thread(target=flood, args=(range(start, 10_000, 2),)) for start in range(2)]
    with Load(gateway, [token], threads=1) as load:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(statuses.values()) == 10_000 and set(statuses) == {401}, statuses
    assert set(load.statuses) == {200} and load.errors == []
    # The budget is one in the cool-down of 30 seconds; the flood may last longer.
    lasted = issuer.asked[-1][2] - issuer.asked[0][2]
    assert issuer.count() <= 2 + lasted // 30, issuer.asked


def test_unknown_kid_is_401_where_the_keys_were_fetched_and_503_where_not(guarded, forge, issuer):
    gateway = guarded(
        remote(cooldown_seconds=2, timeout_ms=1000), clusters=[cluster("idp", issuer.port)]
    )
    token, unknown = forge.token(), forge.token(header={"kid": "never"})
    assert gateway.bearer(token).status == 200

    def refused():
        answer, took = timed(lambda: gateway.bearer(unknown))
        return answer.status, gateway.code_of(answer), took

    # Fetched, and not there.
    assert refused()[:2] == (401, "kid_unknown") and issuer.count() == 2
    # Within the cool-down, at once and without a fetch.
    status, code, took = refused()
    assert (status, code) == (401, "kid_unknown") and took < 0.5 and issuer.count() == 2
    # Fetched in vain.
    time.sleep(2.5)
    issuer.ways[KEYS] = {"status": 500}
    assert refused()[:2] == (503, "keys_unavailable") and issuer.count() == 3
    # Not in time; the request itself does not wait longer than timeout_ms either.
    time.sleep(5)
    issuer.ways[KEYS] = {"delay": 4}
    before = issuer.count()
    status, code, took = refused()
    assert (status, code) == (503, "keys_unavailable") and 0.7 < took < 2.5, took
    assert issuer.count() == before + 1
    # Known keys verify all the while.
    assert gateway.bearer(token).status == 200


def test_what_no_fetch_can_change_asks_for_none(guarded, forge, issuer):
    gateway = guarded(remote(cooldown_seconds=1), clusters=[cluster("idp", issuer.port)])
    assert gateway.bearer(forge.token()).status == 200
    time.sleep(1.5)
    for token, code in [
        (forge.token("stranger"), "signature_invalid"),
        (forge.token("stranger", header={"kid": None}), "signature_invalid"),
        (forge.token(set={"iss": OTHER}, header={"kid": "never"}), "kid_unknown"),
        (forge.token(header={"alg": "ES256", "kid": "never"}), "alg_not_allowed"),
    ]:
        answer, took = timed(lambda: gateway.bearer(token))
        assert (answer.status, gateway.code_of(answer)) == (401, code)
        assert took < 0.5
    assert issuer.count() == 1


def test_removed_key_is_refused_with_the_fetch_that_lacks_it(guarded, forge, issuer):
    gateway = guarded(remote(), cache_entries=100, clusters=[cluster("idp", issuer.port)])
    token = forge.token()
    assert gateway.bearer(token).status == 200 and gateway.bearer(token).status == 200
    issuer.good = forge.jwks("next")
    assert gateway.bearer(fresh(forge)).status == 200
    answer = gateway.bearer(token)
    assert (answer.status, gateway.code_of(answer)) == (401, "kid_unknown")


def test_rotation_under_load_has_no_wrong_verdict(guarded, forge, issuer):
    """Each second another key is in the set, with the one before; both are used."""
    gateway = guarded(remote(cooldown_seconds=1, refresh_seconds=5), clusters=[cluster("idp", issuer.port)])
    names = [f"rolling-{index}" for index in range(5)]
    for name in names:
        forge.keys[name] = type(forge.keys["rsa"])(name)
    issuer.good = forge.jwks("rsa", names[0])
    wrong = []
    with Load(gateway, [forge.token()]) as load:
        for old, new in zip(names, names[1:]):
            issuer.good = forge.jwks("rsa", old, new)
            for name in (old, new):
                answer = gateway.bearer(fresh(forge, kid=name, key=name))
                if answer.status != 200:
                    wrong.append((name, answer.status, gateway.code_of(answer)))
            time.sleep(1.2)
    assert wrong == [] and load.errors == [] and set(load.statuses) == {200}, (wrong, load.statuses)
    gone = gateway.bearer(fresh(forge, kid=names[0], key=names[0]))
    assert (gone.status, gateway.code_of(gone)) == (401, "kid_unknown")


def test_issuer_that_is_down_takes_no_other_with_it(guarded, forge, issuer):
    """One provider, two issuers: the keys of one have never come."""
    clusters = [cluster("idp", issuer.port), cluster("gone", free_port())]
    both = provider({ISSUER: remote(), OTHER: remote("gone", timeout_ms=500)})
    gateway = guarded(remote(), clusters=clusters, whole={"providers": {"main": both}})
    answer = gateway.bearer(forge.token())
    assert answer.status == 200, gateway.log()
    answer = gateway.bearer(forge.token("other"))
    assert (answer.status, gateway.code_of(answer)) == (503, "keys_not_yet")
    answer = gateway.bearer(forge.token(set={"iss": "https://nobody.example"}))
    assert (answer.status, gateway.code_of(answer)) == (401, "issuer_unknown")


def test_issuer_that_nobody_knows_is_401_while_keys_are_missing(guarded, forge):
    clusters = [cluster("gone", free_port())]
    providers = {
        "first": provider({ISSUER: remote("gone", timeout_ms=300)}),
        "second": provider({OTHER: remote("gone", timeout_ms=300)}),
    }
    gateway = guarded(remote(), clusters=clusters, whole={"providers": providers})
    answer = gateway.bearer(forge.token(set={"iss": "https://nobody.example"}))
    assert (answer.status, gateway.code_of(answer)) == (401, "issuer_unknown")
    answer = gateway.bearer(forge.token())
    assert (answer.status, gateway.code_of(answer)) == (503, "keys_not_yet")


def test_requests_at_the_start_wait_for_the_first_keys(guarded, forge, issuer):
    issuer.ways[KEYS] = {"delay": 1}
    gateway = guarded(remote(), clusters=[cluster("idp", issuer.port)])
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(gateway.bearer(forge.token()))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answers] == [200] * 20, gateway.log()
    assert issuer.count() == 1


def test_start_with_a_dead_issuer_is_waited_out_no_longer_than_timeout_ms(guarded, forge, issuer):
    issuer.down()
    gateway = guarded(remote(timeout_ms=1500), clusters=[cluster("idp", issuer.port)])
    answer, took = timed(lambda: gateway.bearer(forge.token()))
    assert (answer.status, gateway.code_of(answer)) == (503, "keys_not_yet") and took < 2.5, took
    time.sleep(1.5)
    # Later it is said at once, unless a fetch is under way.
    answer, took = timed(lambda: gateway.bearer(forge.token()))
    assert answer.status == 503 and took < 1, took
    issuer.up()
    assert until(lambda: gateway.bearer(forge.token()).status == 200, 30), gateway.log()


def test_keys_that_could_not_be_fetched_for_too_long_are_not_used(guarded, forge, issuer):
    keys = remote(refresh_seconds=1, cooldown_seconds=1, serve_stale_seconds=3, timeout_ms=300)
    gateway = guarded(keys, clusters=[cluster("idp", issuer.port)])
    token = forge.token()
    assert gateway.bearer(token).status == 200
    issuer.down()
    assert gateway.bearer(token).status == 200
    assert until(lambda: gateway.code_of(gateway.bearer(token)) == "keys_stale"), gateway.log()
    assert gateway.bearer(token).status == 503
    issuer.up()
    assert until(lambda: gateway.bearer(token).status == 200, 30), gateway.log()


def test_unchanged_keys_are_asked_for_by_their_tag(guarded, forge, issuer):
    issuer.ways[KEYS] = {"headers": {"ETag": '"7"'}}
    gateway = guarded(remote(refresh_seconds=1, cooldown_seconds=1), clusters=[cluster("idp", issuer.port)])
    assert gateway.bearer(forge.token()).status == 200
    issuer.ways[KEYS] = {"status": 304, "text": ""}
    assert until(lambda: issuer.count() > 2)
    fields = [{name.lower(): value for name, value in one.items()} for one in issuer.fields]
    assert "if-none-match" not in fields[0]
    assert {one["if-none-match"] for one in fields[1:]} == {'"7"'}
    assert gateway.bearer(forge.token()).status == 200
    assert gateway.stats("keys_failed") in ({}, {name: 0 for name in gateway.stats("keys_failed")})


def test_redirect_is_followed_within_the_host(guarded, forge, issuer):
    issuer.ways[KEYS] = {"status": 302, "text": "", "headers": {"location": "/moved"}}
    gateway = guarded(remote(), clusters=[cluster("idp", issuer.port)])
    assert gateway.bearer(forge.token()).status == 200, gateway.log()
    assert [row[0] for row in issuer.asked] == [KEYS, "/moved"]


def certificate(forge, ends):
    """Return the RSA key in a certificate that ends so many days from now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    private = forge.keys["rsa"].private
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "k")])
    begins = now - datetime.timedelta(days=30)
    builder = x509.CertificateBuilder(name, name, private.public_key(), 1, begins, now + datetime.timedelta(days=ends))
    return builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize("counts", [False, True])
def test_dates_of_certificates_count_if_they_are_to(guarded, forge, counts):
    keys = {"inline": certificate(forge, -1), "certificate_validity": counts}
    gateway = guarded(keys)
    answer = gateway.bearer(forge.token())
    assert (answer.status, gateway.code_of(answer) if counts else "") == ((401, "key_retired") if counts else (200, ""))
    gateway.stop()
    assert guarded({**keys, "inline": certificate(forge, 1)}).bearer(forge.token()).status == 200
