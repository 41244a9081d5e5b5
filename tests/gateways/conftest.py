"""What the tests share: one forge, one upstream, one server of each kind."""

import os

import pytest

import status_lists
from envoy_gateway import Guarded, Jot, JwtAuthn
from forge import ISSUER, Forge
from gateway import Echo
from issuer import Issuer
from nginx_gateway import JOTCTL, Nginx, Server
from nginx_sites import FETCHED

GATEWAYS = {"jot": Jot, "jwt_authn": JwtAuthn, "nginx": Nginx}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Fail what is skipped for want of something, if everything is required.

    The Rust tests go by the same variables (accel/tests/missing/mod.rs).
    """
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and os.environ.get("JOT_REQUIRE") == "all":
        reason = report.longrepr[2].removeprefix("Skipped: ")
        allowed = os.environ.get("JOT_ALLOW_MISSING", "").replace(",", " ").split()
        if reason.startswith("needs ") and reason.split()[1] not in allowed:
            report.outcome = "failed"
            report.longrepr = f"{reason}, and JOT_ALLOW_MISSING does not name it"
    return report


@pytest.fixture(scope="session")
def forge():
    return Forge()


@pytest.fixture(scope="session")
def echo():
    echo = Echo()
    yield echo
    echo.stop()


@pytest.fixture
def issuer(forge):
    """An issuer whose key set is that of the RSA key."""
    issuer = Issuer(forge.jwks("rsa"))
    yield issuer
    issuer.down()


@pytest.fixture(scope="session", params=GATEWAYS)
def gateway(request, tmp_path_factory, forge, echo):
    """Each gateway in turn, with the profiles that the table speaks of."""
    gateway = GATEWAYS[request.param](tmp_path_factory.mktemp(request.param), forge, echo.port)
    issuer = Issuer(forge.jwks("rsa"))
    gateway.serve_lists(issuer.port)
    if gateway.lists:
        status_lists.serve(gateway, issuer)
    gateway.start()
    if gateway.lists:
        status_lists.outlive(gateway, issuer)
    yield gateway
    gateway.stop()
    issuer.down()


@pytest.fixture
def guarded(tmp_path, forge):
    """Start an Envoy with these keys; it is stopped when the test ends."""
    running = []

    def start(keys, **more):
        running.append(Guarded(tmp_path, forge, keys, **more).start())
        return running[-1]

    yield start
    for gateway in running:
        gateway.stop()


@pytest.fixture
def nginx(tmp_path, forge):
    """Start an nginx with this http block; it is stopped when the test ends.

    DIRECTORY, PORT and ISSUER stand for what they name; DIRECTORY holds
    jwks.json with the RSA and the EC key.
    """
    running = []
    (tmp_path / "jwks.json").write_text(forge.jwks("rsa", "ec"))

    def start(http, **more):
        running.append(Server(tmp_path, http.replace("DIRECTORY", str(tmp_path)).replace("ISSUER", ISSUER), **more))
        return running[-1].start()

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def fetching(nginx, issuer):
    """Start an nginx that has its keys fetched from the issuer."""

    def start(more="", change=lambda text: text, **arguments):
        http = FETCHED.replace("COMMAND", str(JOTCTL)).replace("IDP", str(issuer.port)).replace("MORE", more)
        return nginx(change(http), **arguments)

    return start
