"""docs/nginx.md: how a location in front of a gRPC server refuses a call."""

import concurrent.futures

import grpc
import pytest

from gateway import free_port
from test_nginx_docs import BLOCKS, RULES


class Echo(grpc.GenericRpcHandler):
    """A server of which every method gives back what it is given."""

    def service(self, call):
        return grpc.unary_unary_rpc_method_handler(lambda request, _: request)


@pytest.fixture
def call(nginx, forge):
    """Call a method behind the page's example, with this token, if any."""
    [block] = [block for block in BLOCKS if "grpc_pass" in block]
    http2 = free_port()
    upstream = grpc.server(concurrent.futures.ThreadPoolExecutor(2), handlers=[Echo()])
    port = upstream.add_insecure_port("127.0.0.1:0")
    upstream.start()
    block = block.replace("listen 443 http2;", f"listen 127.0.0.1:{http2} http2; listen 127.0.0.1:PORT;")
    rules = RULES.replace("/etc/nginx/", "DIRECTORY/")
    nginx(f"{rules} {block.replace('127.0.0.1:50051', f'127.0.0.1:{port}')}")

    def call(token=None):
        metadata = [("authorization", f"Bearer {token}")] if token else []
        with grpc.insecure_channel(f"127.0.0.1:{http2}") as channel:
            return channel.unary_unary("/test/echo")(b"hello", metadata=metadata, timeout=20)

    yield call
    upstream.stop(None)


def test_refused_call_ends_with_its_status(call, forge):
    assert call(forge.token(set={"role": "admin"})) == b"hello"
    refusals = [
        (None, grpc.StatusCode.UNAUTHENTICATED, "token_missing"),
        (forge.token(set={"exp": "-9"}), grpc.StatusCode.UNAUTHENTICATED, "expired"),
        (forge.token(), grpc.StatusCode.PERMISSION_DENIED, "claim_missing"),
    ]
    for token, status, why in refusals:
        with pytest.raises(grpc.RpcError) as refused:
            call(token)
        assert (refused.value.code(), refused.value.details()) == (status, why)
        assert "www-authenticate" in dict(refused.value.initial_metadata() or refused.value.trailing_metadata())
