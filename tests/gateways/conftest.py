"""What the tests share: one forge, one upstream, one server of each kind."""

import pytest

from envoy_gateway import Jot, JwtAuthn
from forge import Forge
from gateway import Echo

GATEWAYS = {"jot": Jot, "jwt_authn": JwtAuthn}


@pytest.fixture(scope="session")
def forge():
    return Forge()


@pytest.fixture(scope="session")
def echo():
    echo = Echo()
    yield echo
    echo.stop()


@pytest.fixture(scope="session", params=GATEWAYS)
def gateway(request, tmp_path_factory, forge, echo):
    """Each gateway in turn, with the profiles that the table speaks of."""
    gateway = GATEWAYS[request.param](tmp_path_factory.mktemp(request.param), forge, echo.port).start()
    yield gateway
    gateway.stop()
