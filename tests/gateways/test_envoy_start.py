"""Envoy's start, which the bootstrap extension holds until there are keys."""

import json
import socket
import threading
import time

import pytest

from envoy_gateway import (
    KEYS,
    STRUCT,
    Guarded,
    Pushed,
    address,
    bootstrap,
    cluster,
    direct,
    jot_filter,
    remote,
    validate,
)
from forge import ISSUER
from gateway import free_port, until
from test_envoy_config import Written, block, placed


def extension(keys, **more):
    """Return the bootstrap extension that holds the start for these keys."""
    kind = "type.googleapis.com/envoy.extensions.bootstrap.dynamic_modules.v3.DynamicModuleBootstrapExtension"
    value = {"issuers": [{"issuer": ISSUER, "keys": keys}], **more}
    config = {
        "@type": kind,
        "dynamic_module_config": {"name": "jot_envoy"},
        "extension_name": "jot",
        "extension_config": {"@type": STRUCT, "value": value},
    }
    return {"name": "jot", "typed_config": config}


class Holding:
    """An Envoy that tells how its start went."""

    extensions = ()

    def config(self):
        return {**super().config(), "bootstrap_extensions": list(self.extensions)}

    def start(self):
        """Start it; note when it had started, and what it was like before."""
        self.seen, stop = set(), threading.Event()

        def look():
            while not stop.is_set():
                self.seen.add(self.state())
                time.sleep(0.05)

        began, watch = time.monotonic(), threading.Thread(target=look)
        watch.start()
        try:
            super().start()
            self.took = time.monotonic() - began
        finally:
            stop.set()
            watch.join()
        return self

    def state(self):
        """Return the answer of /ready, and whether the listener takes connections."""
        try:
            ready = self.admin("/ready")[0]
        except OSError:
            return None
        with socket.socket() as probe:
            return ready, probe.connect_ex(("127.0.0.1", self.port)) == 0


class Held(Holding, Guarded):
    """One whose listener is there from the beginning."""


class HeldAndPushed(Holding, Pushed):
    """One whose listener comes later, from a file."""


@pytest.fixture
def held(tmp_path, forge):
    running = []

    def make(gateway, *extensions, start=True):
        gateway.extensions = extensions
        running.append(gateway)
        return gateway.start() if start else gateway

    yield make
    for gateway in running:
        gateway.stop()


def static(tmp_path, forge, port, **more):
    return Held(tmp_path, forge, remote(**more), clusters=[cluster("idp", port)])


def pushed(tmp_path, forge, port, **more):
    issuers = [{"issuer": ISSUER, "keys": remote(**more)}]
    main = {"issuers": issuers, "algorithms": ["RS256"], "audiences": ["api"]}
    return HeldAndPushed(tmp_path, forge, [jot_filter({"providers": {"main": main}})], [cluster("idp", port)])


@pytest.mark.parametrize("kind", [static, pushed])
def test_start_is_held_until_the_keys_are_there(held, tmp_path, forge, issuer, kind):
    """The first request then has its answer at once, and nothing is fetched twice."""
    issuer.ways[KEYS] = {"delay": 2}
    gateway = held(kind(tmp_path, forge, issuer.port), extension(remote()))
    assert gateway.took > 2 and issuer.count() == 1, gateway.log()
    assert (503, False) in gateway.seen and not gateway.seen & {(503, True), (200, False)}, gateway.seen
    issuer.down()
    began = time.monotonic()
    assert gateway.bearer(forge.token()).status == 200
    assert time.monotonic() - began < 1
    assert "jot" not in gateway.log()


def test_without_the_extension_the_start_is_not_held(held, tmp_path, forge, issuer):
    issuer.ways[KEYS] = {"delay": 3}
    gateway = held(static(tmp_path, forge, issuer.port))
    assert gateway.took < 3, gateway.took


def test_start_is_held_no_longer_than_it_may_be(held, tmp_path, forge):
    gateway = held(static(tmp_path, forge, free_port()), extension(remote(), timeout_ms=2500))
    assert 2.5 < gateway.took < 10 and (503, False) in gateway.seen, (gateway.took, gateway.seen)
    told = f"jot: https://idp.example{KEYS} by cluster idp: no keys came within 2500 ms; Envoy starts without them"
    assert gateway.log().count(told) == 1, gateway.log()
    refused = gateway.bearer(forge.token())
    assert (refused.status, gateway.code_of(refused)) == (503, "keys_not_yet")


def test_start_is_held_for_every_issuer(held, tmp_path, forge, issuer):
    """Also while the first answers of one of them are of no use."""
    other = {"remote": {"cluster": "idp", "uri": "https://other.example/other"}}
    issuer.ways["/other"] = {"status": 503}
    threading.Timer(2, issuer.ways.clear).start()
    extensions = [extension(remote()), extension(other)]
    gateway = held(static(tmp_path, forge, issuer.port), *extensions)
    assert gateway.took > 2 and issuer.count(KEYS) == 1, gateway.log()
    assert "Envoy starts without" not in gateway.log()


def test_envoy_ends_well_while_its_start_is_held(held, tmp_path, forge, issuer):
    issuer.ways[KEYS] = {"delay": 20}
    gateway = static(tmp_path, forge, issuer.port, timeout_ms=30_000)
    held(gateway, extension(remote(timeout_ms=30_000), timeout_ms=30_000), start=False)
    starting = threading.Thread(target=lambda: pytest.raises(RuntimeError, gateway.start))
    starting.start()
    assert until(lambda: issuer.count() == 1)
    process = gateway.process
    process.terminate()
    assert process.wait(5) == 0, gateway.log()
    starting.join()


def test_envoy_ends_well_after_its_start_was_held(held, tmp_path, forge, issuer):
    gateway = held(static(tmp_path, forge, issuer.port), extension(remote()))
    gateway.process.terminate()
    assert gateway.process.wait(5) == 0, gateway.log()


class SlowNames:
    """A name server that takes its time, and then says 127.0.0.1 to everything."""

    def __init__(self, delay):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.delay = delay
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            asked, client = self.socket.recvfrom(2048)
            end = asked.index(b"\0", 12) + 5
            head = asked[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + asked[12:end]
            answer = head + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1"
            threading.Timer(self.delay, self.socket.sendto, (answer, client)).start()


@pytest.mark.parametrize("is_held", [True, False])
def test_host_that_is_still_looked_up_at_the_start_is_no_failure(held, tmp_path, forge, issuer, is_held):
    """Envoy has no such cluster for a module until it knows where the host is."""
    names = SlowNames(0.5)
    resolver = {
        "@type": "type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
        "resolvers": [address(names.port)],
    }
    idp = cluster("idp", issuer.port)
    endpoint = idp["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
    endpoint["address"]["socket_address"]["address"] = "idp.example"
    idp.update(
        type="STRICT_DNS",
        dns_lookup_family="V4_ONLY",
        typed_dns_resolver_config={"name": "envoy.network.dns_resolver.cares", "typed_config": resolver},
    )
    gateway = Held(tmp_path, forge, remote(), clusters=[idp])
    held(gateway, *[extension(remote())][: int(is_held)])
    assert gateway.bearer(forge.token()).status == 200
    assert gateway.took > 0.5 and issuer.count() == 1 and "jot" not in gateway.log(), gateway.log()


REFUSED = [
    ({}, "issuers[0].keys: remote alone is wanted"),
    ({"remote": {"cluster": "idp", "uri": "idp/keys"}}, "a cluster and an http or https uri are wanted"),
    ({"remote": {"cluster": "idp", "url": "https://idp/keys"}}, "unknown field `url`"),
]


@pytest.mark.parametrize("keys, told", REFUSED, ids=[told for _, told in REFUSED])
def test_bad_configuration_of_the_start_is_refused_and_told(tmp_path, keys, told):
    whole = bootstrap(free_port(), free_port(), [], [direct()])
    path = tmp_path / "envoy.json"
    path.write_text(json.dumps({**whole, "bootstrap_extensions": [extension(keys)]}))
    code, output = validate(path)
    assert code != 0 and "jot: the configuration of the start is refused: " in output and told in output, output


class HeldAsWritten(Holding, Written):
    """One that is configured as the docs say."""

    def config(self):
        raise NotImplementedError("it stands in the docs")


def test_example_of_the_docs_holds_the_start(held, tmp_path, forge, echo, issuer):
    path = "/jwks"
    issuer.ways[path] = {"delay": 1}
    keys = {"remote": {"cluster": "idp", "uri": ISSUER + path}}
    main = {"issuers": [{"issuer": ISSUER, "keys": keys}], "algorithms": ["RS256"], "audiences": ["api"]}
    cluster_of_issuer = f"  - {json.dumps(cluster('idp', issuer.port))}\n"
    text = placed(f"providers: {json.dumps({'main': main})}\n") + cluster_of_issuer + block("bootstrap_extensions")[0]
    gateway = held(HeldAsWritten(tmp_path, forge, echo.port, text))
    assert gateway.took > 1 and issuer.count() == 1, gateway.log()
    assert gateway.bearer(forge.token()).status == 200
