"""Envoy as a client of an issuer: with this project's filter, and with its own."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.parse
from typing import Any, Callable, Iterator

ROOT = pathlib.Path(__file__).parents[3]
MODULE = ROOT / "target/release/libjot_envoy.so"
TYPES = "type.googleapis.com"
FILTERS = f"{TYPES}/envoy.extensions.filters"


def binary() -> str:
    """Return the Envoy that scripts/gateways.sh installs."""
    return str(next((ROOT / ".venv-gateways").glob("lib/python*/site-packages/envoy/_bin/envoy")))


def jot(url: str, issuer: str, seconds: int) -> dict[str, Any]:
    """Return this project's filter."""
    keys = {"remote": {"cluster": "idp", "uri": url, "refresh_seconds": seconds}}
    main = {"issuers": [{"issuer": issuer, "keys": keys}], "algorithms": ["ES256"], "audiences": ["api"]}
    return {
        "@type": f"{FILTERS}.http.dynamic_modules.v3.DynamicModuleFilter",
        "dynamic_module_config": {"name": "jot_envoy"},
        "filter_config": {
            "@type": f"{TYPES}/google.protobuf.Struct",
            "value": {"providers": {"main": main}},
        },
    }


def jwt_authn(**more: Any) -> Callable[..., dict[str, Any]]:
    """Return Envoy's own filter, with these options of its ``remote_jwks``."""

    def made(url: str, issuer: str, seconds: int) -> dict[str, Any]:
        uri = {"uri": url, "cluster": "idp", "timeout": "5s"}
        remote = {"http_uri": uri, "cache_duration": f"{seconds}s", **more}
        main = {"issuer": issuer, "audiences": ["api"], "remote_jwks": remote}
        rules = [{"match": {"prefix": "/"}, "requires": {"provider_name": "main"}}]
        kind = f"{FILTERS}.http.jwt_authn.v3.JwtAuthentication"
        return {"@type": kind, "providers": {"main": main}, "rules": rules}

    return made


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def _bootstrap(port: int, issuer_port: int, guard: dict[str, Any]) -> dict[str, Any]:
    router = {"@type": f"{FILTERS}.http.router.v3.Router"}
    routes = [{"match": {"prefix": "/"}, "direct_response": {"status": 200}}]
    manager = {
        "@type": f"{FILTERS}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "http",
        "http_filters": [
            {"name": "guard", "typed_config": guard},
            {"name": "router", "typed_config": router},
        ],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
    }
    filters = [{"name": "http", "typed_config": manager}]
    listener = {"address": _address(port), "filter_chains": [{"filters": filters}]}
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": _address(issuer_port)}}]}]
    cluster = {"cluster_name": "idp", "endpoints": endpoints}
    idp = {"name": "idp", "type": "STATIC", "load_assignment": cluster}
    return {"static_resources": {"listeners": [listener], "clusters": [idp]}}


def gateway(guard: Callable[..., dict[str, Any]]) -> Callable[..., Callable[[str], bool]]:
    """Verify with an Envoy of one worker that this filter guards."""

    def made(url: str, issuer: str, **options: Any) -> Callable[[str], bool]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        issuer_port = urllib.parse.urlsplit(url).port or 80
        config = _bootstrap(port, issuer_port, guard(url, issuer, options.get("lifespan", 300)))
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(config, file)
        command = [binary(), "-c", file.name, "-l", "off", "--use-dynamic-base-id", "--concurrency", "1"]
        environment = {**os.environ, "ENVOY_DYNAMIC_MODULES_SEARCH_PATH": str(MODULE.parent)}
        process = subprocess.Popen(command, env=environment)
        atexit.register(process.kill)

        def check(token: str) -> bool:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/", headers={"authorization": f"Bearer {token}"})
            status = connection.getresponse().status
            connection.close()
            return status == 200

        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return check
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("Envoy has not started")

    return made


def clients() -> Iterator[tuple[str, Callable[..., Callable[[str], bool]]]]:
    """Return the names of the clients, and how to make them."""
    version = subprocess.run([binary(), "--version"], check=True, capture_output=True, text=True).stdout
    name = f"Envoy {version.split('version: ')[1].split('/')[1]}"
    yield f"{name}, libjot's filter", gateway(jot)
    yield f"{name}, jwt_authn", gateway(jwt_authn())
    yield "jwt_authn with `async_fetch`", gateway(jwt_authn(async_fetch={}))
