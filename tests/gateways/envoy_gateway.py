"""Envoy with libjot's filter, and Envoy with its own jwt_authn."""

import http.client
import json
import os
import pathlib
import subprocess
import time

import envoy as wheel

from forge import ISSUER, OTHER, SERVICE
from gateway import Gateway, free_port, replace

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(wheel.__file__).parent / "_bin" / "envoy"
MODULE = pathlib.Path(os.environ.get("JOT_ENVOY_MODULE", ROOT / "target/debug/libjot_envoy.so"))
STRUCT = "type.googleapis.com/google.protobuf.Struct"
EXTENSIONS = "type.googleapis.com/envoy.extensions.filters.http"
# Where an issuer has its keys.
KEYS = "/keys"
ROUTER = {"name": "router", "typed_config": {"@type": f"{EXTENSIONS}.router.v3.Router"}}


def environment():
    """Return the environment in which Envoy finds the module."""
    return {**os.environ, "ENVOY_DYNAMIC_MODULES_SEARCH_PATH": str(MODULE.parent)}


def jot_filter(config):
    """Return the HTTP filter with this configuration."""
    return {
        "name": "jot",
        "typed_config": {
            "@type": f"{EXTENSIONS}.dynamic_modules.v3.DynamicModuleFilter",
            "dynamic_module_config": {"name": "jot_envoy"},
            "filter_name": "jot",
            "filter_config": {"@type": STRUCT, "value": config},
        },
    }


def jot_route(config):
    """Return a route's override of the filter's configuration."""
    return {
        "jot": {
            "@type": f"{EXTENSIONS}.dynamic_modules.v3.DynamicModuleFilterPerRoute",
            "dynamic_module_config": {"name": "jot_envoy"},
            "per_route_config_name": "jot",
            "filter_config": {"@type": STRUCT, "value": config},
        }
    }


def remote(cluster="idp", **more):
    """Return keys behind a URL of this cluster."""
    return {"remote": {"cluster": cluster, "uri": f"https://{cluster}.example{KEYS}", **more}}


def fresh(forge, kid="rsa-2", key="next"):
    """Return a token of the issuer's new key."""
    return forge.token(key, set={"iss": ISSUER}, header={"kid": kid})


def bootstrap(port, admin_port, filters, routes, upstream_port=None, clusters=()):
    """Return a whole configuration of Envoy."""
    everything = [*clusters]
    if upstream_port:
        everything.append(cluster("upstream", upstream_port))
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "http",
        "codec_type": "AUTO",
        "generate_request_id": False,
        "http_filters": [*filters, ROUTER],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
    }
    listener = {
        "name": "main",
        "address": address(port),
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }
    return {
        "admin": {"address": address(admin_port)},
        "static_resources": {"listeners": [listener], "clusters": everything},
    }


def address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def cluster(name, port):
    endpoint = {"endpoint": {"address": address(port)}}
    assignment = {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]}
    return {"name": name, "type": "STATIC", "connect_timeout": "2s", "load_assignment": assignment}


def proxied(prefix, **more):
    return {"match": {"prefix": prefix}, "route": {"cluster": "upstream"}, **more}


def direct(prefix="/", **more):
    return {"match": {"prefix": prefix}, "direct_response": {"status": 200}, **more}


class Envoy(Gateway):
    """Envoy with any configuration: what its two flavours share."""

    concurrency = 1

    def __init__(self, directory, forge, upstream_port):
        super().__init__(directory, forge, upstream_port)
        self.admin_port = free_port()
        self.options = ["--use-dynamic-base-id"]

    def config(self):
        raise NotImplementedError

    def command(self):
        path = self.directory / f"{self.name}.json"
        path.write_text(json.dumps(self.config()))
        return [*run_command(path), "--concurrency", str(self.concurrency), *self.options]

    def start(self):
        os.environ.update(environment())
        super().start()
        deadline = time.monotonic() + 60
        while self.admin("/ready")[0] != 200:
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)
        return self

    def admin(self, path, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=10)
        connection.request(method, path)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def stats(self, word):
        """Return the counters and gauges whose name holds the word."""
        rows = self.admin(f"/stats?filter={word}")[1].splitlines()
        return {name: int(value) for name, value in (row.split(": ") for row in rows) if value.isdigit()}


def run_command(path):
    return [str(BINARY), "-c", str(path), "-l", "warn"]


def validate(path):
    """Return the exit code and the output of `envoy --mode validate`."""
    command = [*run_command(path), "--mode", "validate", "--use-dynamic-base-id"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


class Jot(Envoy):
    """Envoy with libjot's filter."""

    name = "jot"

    def serve_lists(self, port):
        self.idp_port, self.lists = port, "https://idp.example/status/"

    def provider(self, issuers=None, algorithms=("RS256", "ES256"), **more):
        if issuers is None:
            issuers = {ISSUER: self.forge.jwks("rsa", "ec"), OTHER: self.forge.jwks("other")}
        issuers = [{"issuer": name, "keys": {"inline": json.loads(keys)}} for name, keys in issuers.items()]
        header = {"claim": "sub", "header": "X-Sub"}
        roles = {"claim": ["realm_access", "roles"], "header": "x-roles"}
        return {
            "issuers": issuers,
            "algorithms": list(algorithms),
            "audiences": ["api"],
            "claim_to_headers": [header, roles],
            **more,
        }

    def config(self):
        places = [{"header": "authorization"}, {"cookie": "session"}, {"query": "access_token"}]
        service = self.provider(
            {SERVICE: self.forge.jwks("service")}, ["HS256"], claim_to_headers=[], **{"from": [{"header": "x-service"}]}
        )
        providers = {
            "main": self.provider(**{"from": places}),
            "mixed": self.provider({ISSUER: self.forge.jwks("rsa")}, ["RS256", "HS256"]),
            "leeway": self.provider(leeway_seconds=60),
            "scoped": self.provider(scopes=["orders:read"]),
            "typed": self.provider(typ="at+jwt"),
            "forward": self.provider(forward=True),
            "service": service,
        }
        names, clusters = ["mixed", "leeway", "scoped", "typed", "forward"], []
        if self.lists:
            lists = {"cluster": "idp", "uri": self.lists, "issuer": ISSUER, "timeout_ms": 2000}
            providers["status"] = self.provider(status_lists=[lists])
            clusters.append(cluster("idp", self.idp_port))
            names.append("status")
        both = ["main", "service"]
        routes = {name: {"require": name} for name in names}
        routes["optional"] = {"optional": True}
        routes["both"] = {"require": {"all": both}}
        routes["either"] = {"require": {"any": both}}
        routes["off"] = {"disabled": True}
        routes = [proxied(f"/{name}", typed_per_filter_config=jot_route(route)) for name, route in routes.items()]
        filters = [jot_filter({"providers": providers, "require": "main"})]
        routes.append(proxied("/main"))
        return bootstrap(self.port, self.admin_port, filters, routes, self.upstream_port, clusters)

    def code_of(self, answer):
        return answer.body.decode().strip()


class Guarded(Envoy):
    """Envoy with one provider before a direct response, and what a test adds."""

    name = "guarded"
    concurrency = 2

    def __init__(self, directory, forge, keys, clusters=(), more_filters=(), whole=None, base_id=None, service=None, **provider):
        super().__init__(directory, forge, None)
        if base_id:
            self.options = ["--base-id", str(base_id)]
        self.clusters = clusters
        self.more_filters = more_filters
        issuer = {"issuer": ISSUER, "keys": keys}
        main = {"issuers": [issuer], "algorithms": ["RS256"], "audiences": ["api"], **provider}
        self.jot = {"providers": {"main": main}, **(whole or {})}
        if service:
            self.jot["providers"]["service"] = service
            self.jot["require"] = {"all": ["main", "service"]}

    def config(self):
        filters = [jot_filter(self.jot), *self.more_filters]
        return bootstrap(self.port, self.admin_port, filters, [direct()], clusters=self.clusters)

    def code_of(self, answer):
        return answer.body.decode().strip()


class Pushed(Envoy):
    """Envoy whose listeners come from a file that is watched, as from a control plane.

    `filters` are the HTTP filters of each listener; the first listens on `port`.
    """

    name = "pushed"
    concurrency = 2

    def __init__(self, directory, forge, filters, clusters):
        super().__init__(directory, forge, None)
        self.ports = [self.port, *(free_port() for _ in filters[1:])]
        self.filters = filters
        self.clusters = clusters
        self.options += ["--drain-time-s", "1", "--drain-strategy", "immediate"]

    def push(self, filters):
        """Replace the configuration of every listener."""
        self.filters = filters
        replace(self.directory / "listeners.json", json.dumps(self.listeners()))

    def updates(self):
        return self.stats("listener_manager.lds.update_success").popitem()[1]

    def listeners(self):
        whole = []
        for index, (port, one) in enumerate(zip(self.ports, self.filters)):
            listener = bootstrap(port, 0, [one], [direct()])["static_resources"]["listeners"][0]
            kind = {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener"}
            whole.append({**kind, **listener, "name": f"listener-{index}"})
        return {"resources": whole}

    def config(self):
        path = self.directory / "listeners.json"
        path.write_text(json.dumps(self.listeners()))
        whole = bootstrap(self.port, self.admin_port, [], [], clusters=self.clusters)
        whole["static_resources"].pop("listeners")
        source = {"path_config_source": {"path": str(path)}, "resource_api_version": "V3"}
        return {**whole, "node": {"id": "a", "cluster": "a"}, "dynamic_resources": {"lds_config": source}}

    def code_of(self, answer):
        return answer.body.decode().strip()


class JwtAuthn(Envoy):
    """Envoy with its own filter, set up as alike as it can be."""

    name = "jwt_authn"

    def provider(self, issuer, *keys, **more):
        header = {"header_name": "x-sub", "claim_name": "sub"}
        roles = {"header_name": "x-roles", "claim_name": "realm_access.roles"}
        return {
            "issuer": issuer,
            "audiences": ["api"],
            "local_jwks": {"inline_string": self.forge.jwks(*keys)},
            "claim_to_headers": [header, roles],
            **more,
        }

    def config(self):
        places = {
            "from_headers": [{"name": "Authorization", "value_prefix": "Bearer "}],
            "from_cookies": ["session"],
            "from_params": ["access_token"],
        }
        header = {"from_headers": [{"name": "x-service"}], "claim_to_headers": []}
        providers = {
            "first": self.provider(ISSUER, "rsa", "ec", **places),
            "second": self.provider(OTHER, "other", **places),
            "service": self.provider(SERVICE, "service", **header),
            "forward": self.provider(ISSUER, "rsa", forward=True),
        }

        def named(*names):
            return [{"provider_name": name} for name in names]

        main = {"requires_any": {"requirements": named("first", "second")}}
        either = {"requires_any": {"requirements": named("first", "second", "service")}}
        both = {"requires_all": {"requirements": [main, *named("service")]}}
        optional = {"requires_any": {"requirements": [*named("first", "second"), {"allow_missing": {}}]}}
        rules = {"main": main, "mixed": main, "leeway": main, "optional": optional, "both": both, "either": either}
        rules["forward"] = {"provider_name": "forward"}
        rules = [{"match": {"prefix": f"/{name}"}, "requires": rule} for name, rule in rules.items()]
        filters = [jwt_authn_filter({"providers": providers, "rules": rules})]
        return bootstrap(self.port, self.admin_port, filters, [proxied("/")], self.upstream_port)


def jwt_authn_filter(config):
    return {"name": "jwt_authn", "typed_config": {"@type": f"{EXTENSIONS}.jwt_authn.v3.JwtAuthentication", **config}}
