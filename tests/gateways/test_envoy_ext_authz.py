"""Envoy without a module, which asks the login service about each request."""

import hashlib
import json
import os
import pathlib
import subprocess
import urllib.parse

import pytest

from envoy_gateway import ROOT, Envoy, bootstrap, cluster, proxied
from gateway import Answer, Gateway

JOTD = pathlib.Path(os.environ.get("JOT_JOTD", ROOT / "target/debug/jotd"))
PASSWORD = "correct horse"
SECRET = "s3cret"


class Login(Gateway):
    """The login service, with one account."""

    name = "jotd"

    def command(self):
        settings = self.directory / "jotd.toml"
        (self.directory / "master.key").write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
        settings.write_text(
            f'issuer = "http://127.0.0.1:{self.port}"\ndata = "db"\nmaster_key_file = "master.key"\n'
            f'audit = "audit.ndjson"\n[listen]\naddress = "127.0.0.1:{self.port}"\n'
            '[passwords]\nallow_weak_cost = true\nmemory_kib = 8\npasses = 1\n'
            f'[[clients]]\nid = "robot"\nsecret_sha256 = "{hashlib.sha256(SECRET.encode()).hexdigest()}"\n'
            'scopes = ["jobs"]\naudiences = ["api"]\n'
        )
        add = [JOTD, "user", "add", "alice", "--scope", "read", "--audience", "api", "--config", settings]
        subprocess.run(add, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        return [JOTD, "serve", "--config", settings]

    def post(self, path, **form):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection = self.connect()
        connection.request("POST", path, urllib.parse.urlencode(form), headers)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer


class Asking(Envoy):
    """Envoy with ext_authz before an upstream that shows what reaches it."""

    name = "asking"

    def __init__(self, directory, forge, upstream_port, login_port):
        super().__init__(directory, forge, upstream_port)
        self.login_port = login_port

    def config(self):
        asks = {
            "name": "envoy.filters.http.ext_authz",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
                "http_service": {
                    "server_uri": {"uri": f"http://127.0.0.1:{self.login_port}", "cluster": "jotd", "timeout": "5s"},
                    "path_prefix": "/forward/envoy/api",
                    "authorization_response": {
                        "allowed_upstream_headers": {"patterns": [{"prefix": "x-jot-"}]},
                        "allowed_client_headers": {"patterns": [{"exact": "www-authenticate"}]},
                    },
                },
            },
        }
        clusters = [cluster("jotd", self.login_port)]
        return bootstrap(
            self.port, self.admin_port, [asks], [proxied("/")], upstream_port=self.upstream_port, clusters=clusters
        )


@pytest.fixture
def login(tmp_path, forge):
    login = Login(tmp_path, forge, None).start()
    yield login
    login.stop()


def test_envoy_asks_about_each_request(tmp_path, forge, echo, login):
    gateway = Asking(tmp_path, forge, echo.port, login.port).start()
    try:
        tokens = json.loads(login.post("/login", username="alice", password=PASSWORD).body)
        bearer = [("Authorization", f"Bearer {tokens['access_token']}"), ("X-Jot-User", "mallory")]
        for path in ["/page?audience=other", "/a/b/%2e%2e/c"]:
            known = gateway.ask(path, bearer)
            assert known.status == 200, (path, known.body)
            assert known.upstream()["x-jot-user"] == "alice" and known.upstream()["x-jot-scope"] == "read"
        # A client is no user, whatever the request says.
        form = {"grant_type": "client_credentials", "client_id": "robot", "client_secret": SECRET}
        robot = json.loads(login.post("/token", **form).body)["access_token"]
        seen = gateway.ask("/page", [("Authorization", f"Bearer {robot}"), ("X-Jot-User", "mallory")]).upstream()
        assert (seen["x-jot-client"], seen["x-jot-user"]) == ("robot", ""), seen
        stranger = gateway.ask("/page")
        assert stranger.status == 401 and stranger.headers["www-authenticate"] == "Bearer"
        assert gateway.bearer("a.b.c", "/page").status == 401
        assert login.post("/logout", refresh_token=tokens["refresh_token"]).status == 204
        assert gateway.ask("/page", bearer).status == 401, "it is refused from the answer on"
        # Who cannot be asked lets nobody in.
        login.stop()
        assert gateway.ask("/page", bearer).status == 403
    finally:
        gateway.stop()
