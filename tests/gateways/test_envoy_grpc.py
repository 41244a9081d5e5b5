"""gRPC and gRPC-Web through Envoy: a call that is refused never ends with OK."""

import concurrent.futures
import json

import grpc
import pytest

from envoy_gateway import EXTENSIONS, Envoy, bootstrap, cluster, jot_filter, jot_route, proxied
from forge import ISSUER

# What the routes below answer: HTTP's status, gRPC's, and the code.
REFUSALS = {
    "missing": (401, grpc.StatusCode.UNAUTHENTICATED, "token_missing"),
    "expired": (401, grpc.StatusCode.UNAUTHENTICATED, "expired"),
    "scope": (403, grpc.StatusCode.PERMISSION_DENIED, "scope_insufficient"),
    "repeated": (400, grpc.StatusCode.INVALID_ARGUMENT, "token_repeated"),
    "no_keys": (503, grpc.StatusCode.UNAVAILABLE, "keys_not_yet"),
    "misrouted": (500, grpc.StatusCode.INTERNAL, "provider_unknown"),
}
GRPC_WEB = {"name": "grpc_web", "typed_config": {"@type": f"{EXTENSIONS}.grpc_web.v3.GrpcWeb"}}


class Echo(grpc.GenericRpcHandler):
    """Methods that give back what they are given, by the last part of their name."""

    def service(self, call):
        kind = call.method.rsplit("/", 1)[1]
        methods = {
            "unary_unary": lambda request, _: request,
            "unary_stream": lambda request, _: iter([request] * 2),
            "stream_unary": lambda requests, _: b"".join(requests),
            "stream_stream": lambda requests, _: iter(list(requests)),
        }
        return getattr(grpc, f"{kind}_rpc_method_handler")(methods[kind])


class Guarded(Envoy):
    """Envoy before a gRPC server, with a route for each way to be refused."""

    name = "grpc"

    def __init__(self, directory, forge, upstream_port, filters, failure):
        super().__init__(directory, forge, upstream_port)
        self.filters = filters
        self.failure = failure

    def config(self):
        place = {"from": [{"header": "authorization"}, {"header": "x-jwt"}]}
        keys = {"keys": {"inline": json.loads(self.forge.jwks("rsa"))}}
        away = {"keys": {"remote": {"cluster": "nowhere", "uri": "https://idp.example/keys", "timeout_ms": 100}}}
        provider = {"issuers": [{"issuer": ISSUER, **keys}], "algorithms": ["RS256"], "audiences": ["api"], **place}
        remote = {**provider, "issuers": [{"issuer": ISSUER, **away}]}
        config = {"providers": {"main": provider, "remote": remote}, "require": "main", "failure": self.failure}
        routes = {
            "scope": {"scopes": ["orders:write"]},
            "no_keys": {"require": "remote"},
            "misrouted": {"require": "nobody"},
        }
        routes = [proxied(f"/{name}", typed_per_filter_config=jot_route(route)) for name, route in routes.items()]
        upstream = cluster("upstream", self.upstream_port)
        options = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
        upstream["typed_extension_protocol_options"] = {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": options,
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        }
        filters = [*self.filters, jot_filter(config)]
        return bootstrap(self.port, self.admin_port, filters, [*routes, proxied("/")], clusters=[upstream])

    def credentials(self, kind):
        """Return the headers that lead to this refusal."""
        good = ("authorization", f"Bearer {self.forge.token()}")
        return {
            "missing": [],
            "expired": [("authorization", f"Bearer {self.forge.token(set={'exp': '-60'})}")],
            "repeated": [good, ("x-jwt", "x")],
        }.get(kind, [good])

    def web(self, kind, content_type):
        """Send a call as gRPC-Web clients do; return the answer."""
        connection = self.connect()
        headers = {"content-type": content_type, "accept": content_type, **dict(self.credentials(kind))}
        connection.request("POST", f"/{kind}/unary_unary", b"AAAAAAA=" if "text" in content_type else bytes(5), headers)
        answer = connection.getresponse()
        answer.text = answer.read()
        connection.close()
        return answer


@pytest.fixture(scope="module")
def upstream():
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[Echo()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(None).wait()


@pytest.fixture(scope="module")
def start(tmp_path_factory, forge, upstream):
    running = []

    def start(filters=(), failure=None):
        directory = tmp_path_factory.mktemp("grpc")
        running.append(Guarded(directory, forge, upstream, filters, failure or {}).start())
        return running[-1]

    yield start
    for gateway in running:
        gateway.stop()


@pytest.fixture(scope="module")
def gateway(start):
    return start()


@pytest.fixture(scope="module")
def translated(start):
    return start([GRPC_WEB])


@pytest.fixture(scope="module")
def channel(gateway):
    with grpc.insecure_channel(f"127.0.0.1:{gateway.port}") as channel:
        yield channel


METHODS = ["unary_unary", "unary_stream", "stream_unary", "stream_stream"]


def call(channel, path, metadata):
    """Make a call of the kind that the path ends with; return what it gave."""
    request_kind, response_kind = path.rsplit("/", 1)[1].split("_")
    method = getattr(channel, f"{request_kind}_{response_kind}")(path)
    request = b"ab" if request_kind == "unary" else iter([b"a", b"b"])
    answer = method(request, metadata=metadata, timeout=10)
    return answer if response_kind == "unary" else b"".join(answer)


@pytest.mark.parametrize("method", METHODS)
def test_good_call_reaches_the_server(gateway, channel, method):
    token = gateway.forge.token()
    answer = call(channel, f"/echo/{method}", [("authorization", f"Bearer {token}")])
    assert answer == (b"abab" if method == "unary_stream" else b"ab")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", REFUSALS)
def test_refused_call_ends_with_its_status(gateway, channel, kind, method):
    status, expected, code = REFUSALS[kind]
    with pytest.raises(grpc.RpcError) as refused:
        call(channel, f"/{kind}/{method}", gateway.credentials(kind))
    assert (refused.value.code(), refused.value.details()) == (expected, code)
    challenge = dict(refused.value.initial_metadata() or ()) | dict(refused.value.trailing_metadata() or ())
    assert ("www-authenticate" in challenge) == (status < 500), challenge


WEB_TYPES = ["application/grpc-web", "application/grpc-web+proto", "application/grpc-web-text"]


@pytest.mark.parametrize("content_type", WEB_TYPES)
@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("by", ["gateway", "translated"])
def test_refused_web_call_has_its_status_in_the_headers(request, by, kind, content_type):
    """The same where Envoy translates gRPC-Web and where the upstream speaks it."""
    gateway = request.getfixturevalue(by)
    status, expected, code = REFUSALS[kind]
    answer = gateway.web(kind, content_type)
    assert (answer.status, answer.text) == (status, b"")
    assert answer.headers.get_all("grpc-status") == [str(expected.value[0])]
    assert answer.headers.get_all("grpc-message") == [code]
    # Envoy names no type for an empty body; its own filter does.
    translated = "application/grpc-web-text+proto" if "text" in content_type else "application/grpc-web+proto"
    assert answer.getheader("content-type") == (translated if by == "translated" else None)


def test_requests_that_are_no_calls_have_no_grpc_status(gateway):
    for content_type in ["application/json", "application/grpcweb", "text/plain"]:
        answer = gateway.web("missing", content_type)
        assert (answer.status, answer.text) == (401, b"token_missing\n"), content_type
        assert answer.getheader("content-type") == "text/plain" and answer.getheader("grpc-status") is None
    # Envoy does not take this one for gRPC; the client does.
    answer = gateway.web("missing", "application/grpc;charset=utf-8")
    assert (answer.status, answer.text, answer.getheader("grpc-status")) == (401, b"", "16")


def test_message_is_the_body_in_one_line(start):
    gateway = start(failure={"body": '{"code":"{code}",\n"note":"100 % ü"}\n\n'})
    with grpc.insecure_channel(f"127.0.0.1:{gateway.port}") as channel, pytest.raises(grpc.RpcError) as refused:
        call(channel, "/missing/unary_unary", [])
    assert refused.value.details() == '{"code":"token_missing",\n"note":"100 % ü"}'
    answer = gateway.web("missing", "application/grpc-web")
    assert answer.getheader("grpc-message") == '{"code":"token_missing",%0A"note":"100 %25 %C3%BC"}'
