"""nginx with libjot's module over time: reloads, upgrades, crashes, counters."""

import http.client
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest

from forge import ISSUER
from gateway import Load, replace, until
from nginx_gateway import MODULE, Server
from nginx_sites import code, watched


def reload(server):
    """Reload, and wait until none of the workers from before takes requests.

    New ones come before the old ones are told to go, so that to see a new one is
    not enough.
    """
    old = set(server.worker_pids())
    server.reload()
    assert until(lambda: (now := set(server.worker_pids())) and not now & old, 60), server.log()


@pytest.mark.parametrize("more", ["", "jot_cache tokens 1000;"])
def test_keys_are_replaced_under_load_without_losing_a_request(nginx, forge, more):
    server = nginx(watched(more))
    path = server.directory / "jwks.json"
    token, later = forge.token(), forge.token("next")
    assert code(server, later) == "kid_unknown"
    with Load(server, [token], path="/") as load:
        # The old key stays in the set: not one of its tokens may be refused.
        for names in [("rsa", "next"), ("next", "rsa")] * 2:
            before = server.status_page()["files"][0]["reloads"]
            replace(path, forge.jwks(*names))
            assert until(lambda: server.status_page()["files"][0]["reloads"] != before), server.log()
    assert load.errors == [] and set(load.statuses) == {204} and load.statuses[204] > 100
    assert code(server, later) == "accepted"

    # A key that is taken away is refused, also where the cache knew its tokens.
    assert code(server, token) == "accepted"
    replace(path, forge.jwks("next"))
    assert until(lambda: code(server, token) == "kid_unknown")


class FreshLoad(Load):
    """A connection for each request: an idle one may be closed at any time."""

    def run(self, gateway, tokens, path):
        while not self.stopping.is_set():
            try:
                status = gateway.bearer(tokens[0], path).status
            except (OSError, http.client.HTTPException) as error:
                with self.lock:
                    self.errors.append(error)
                continue
            with self.lock:
                self.statuses[status] = self.statuses.get(status, 0) + 1


def test_reload_of_the_server_under_load_loses_no_request(nginx, forge):
    server = nginx(watched(), workers=2)
    path = server.directory / "jwks.json"
    token, later = forge.token(), forge.token("next")
    with FreshLoad(server, [token], path="/") as load:
        for names in [("rsa", "next"), ("rsa",), ("next", "rsa")]:
            path.write_text(forge.jwks(*names))
            reload(server)
            time.sleep(0.2)
    assert load.errors == [] and set(load.statuses) == {204} and load.statuses[204] > 100
    assert code(server, later) == "accepted"


def test_master_keeps_nothing_of_earlier_configurations(nginx, forge):
    server = nginx(watched("jot_cache tokens 10000; jot_require_claim sub regex .+; jot_require_claim sub not any_of $uri;"))

    def kept(reloads):
        """Return what the master has of its own, in memory or swapped out."""
        for _ in range(reloads):
            reload(server)
        status = open(f"/proc/{server.process.pid}/status").read()
        return sum(int(status.split(f"{name}:")[1].split()[0]) for name in ("RssAnon", "VmSwap"))

    before = kept(10)
    assert kept(20) - before < 256
    assert code(server, forge.token()) == "accepted"


def test_bad_configuration_keeps_the_old_workers(nginx, forge):
    server = nginx(watched())
    old = server.worker_pids()
    (server.directory / "jwks.json").write_text("{")
    server.reload()
    assert until(lambda: "key_json (400)" in server.log())
    assert server.worker_pids() == old and code(server, forge.token()) == "accepted"


class Daemon(Server):
    """nginx in the background, as systems run it: only there it takes USR2."""

    def config(self):
        return super().config().replace("daemon off;", "")

    def start(self):
        subprocess.run(self.command(), check=True)
        return self

    def master(self):
        """Return the master's process, or None while there is none."""
        path = self.directory / "nginx.pid"
        # The file is renamed while a new master takes over.
        try:
            text = path.read_text()
        except FileNotFoundError:
            text = ""
        return int(text) if text.endswith("\n") else None

    def stop(self):
        for path in self.directory.glob("nginx.pid*"):
            os.kill(int(path.read_text()), signal.SIGTERM)

    def log(self):
        return (self.directory / "error.log").read_text(errors="replace")

    def modules(self, process):
        """Return the files of the module that a process has loaded."""
        maps = pathlib.Path(f"/proc/{process}/maps").read_text()
        return set(re.findall(rf"{self.module}.*", maps))


def test_module_is_upgraded_under_load(forge, tmp_path):
    module = tmp_path / "module.so"
    install = ["install", "-m", "644", MODULE, module]
    subprocess.run(install, check=True)
    (tmp_path / "jwks.json").write_text(forge.jwks("rsa"))
    text = watched("jot_cache tokens 100;").replace("DIRECTORY", str(tmp_path)).replace("ISSUER", ISSUER)
    server = Daemon(tmp_path, text, module=module).start()
    try:
        assert until(server.master)
        old = server.master()
        with FreshLoad(server, [forge.token()], path="/") as load:
            # The running processes keep the file that they have mapped,
            subprocess.run(install, check=True)
            time.sleep(0.3)
            # also after a reload: a file of that name is loaded.
            os.kill(old, signal.SIGHUP)
            assert until(lambda: "reconfiguring" in server.log())
            time.sleep(0.3)
            assert server.modules(old) == {f"{module} (deleted)"}
            os.kill(old, signal.SIGUSR2)
            assert until(lambda: server.master() not in (None, old)), server.log()
            new = server.master()
            assert until(pathlib.Path(f"/proc/{new}/task/{new}/children").read_text)
            os.kill(old, signal.SIGQUIT)
            assert until(lambda: not (tmp_path / "nginx.pid.oldbin").exists()), server.log()
            time.sleep(0.3)
        assert load.errors == [] and set(load.statuses) == {204} and load.statuses[204] > 50
        assert "exited on signal" not in server.log()
        assert server.modules(new) == {str(module)}
    finally:
        server.stop()


def test_killed_worker_comes_back_with_the_keys_of_now(nginx, forge):
    server = nginx(watched("jot_cache tokens 100;"))
    path = server.directory / "jwks.json"
    token = forge.token()
    replace(path, forge.jwks("rsa", "next"))
    assert until(lambda: code(server, forge.token("next")) == "accepted")
    with Load(server, [token], path="/") as load:
        for _ in range(3):
            time.sleep(0.2)
            [pid] = server.worker_pids()
            os.kill(pid, signal.SIGKILL)
            assert until(lambda: server.worker_pids() not in ([], [pid]))
    assert set(load.statuses) == {204}
    # Not what the master read when it started.
    assert code(server, forge.token("next")) == "accepted"


def test_counters_are_those_of_all_workers(nginx, forge):
    server = nginx(watched("jot_cache tokens 100;"), workers=3)
    token = forge.token()
    for _ in range(30):
        assert server.bearer(token, "/").status == 204
    for _ in range(5):
        server.bearer(forge.token(set={"exp": "-3600"}), "/")
        server.ask("/")
    page = server.status_page()
    rules = page["rules"][0]
    assert rules["accepted"] == 30 and rules["refused"] == {"expired": 5, "token_missing": 5}
    assert 27 <= rules["cache_hits"] <= 29 and rules["zone"] == "tokens"
    assert page["files"][0]["keys"] == 2
    answer = server.ask("/jot?format=prometheus")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4"
    text = answer.body.decode()
    assert f'jot_requests_total{{rules="0",place="{rules["place"]}",code="expired"}} 5\n' in text
    assert f'jot_file_entries{{file="{server.directory}/jwks.json",kind="keys"}} 2\n' in text
    assert server.ask("/jot", method="POST").status == 405
