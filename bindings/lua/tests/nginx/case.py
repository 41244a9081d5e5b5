"""What the tests of the guard in nginx share: a site, and how it is started."""

import signal
import time
import unittest

from world import Forge, Issuer, Server

OPTIONS = """
      algorithms = { "ES256" }, audience = "api", realm = "orders",
      resource_metadata = "https://api.example/.well-known/oauth-protected-resource",
"""

# What a user writes, with an upstream behind it that says what it was sent.
SITE = """
  lua_shared_dict jot 1m;
  SETTINGS
  init_by_lua_block {
    jot = require "jot"
    guard = assert(require("jot.nginx").guard { OPTIONS })
    write = assert(jot.demand { scopes = "write" })
  }
  init_worker_by_lua_block { guard:start() }
  server {
    listen 127.0.0.1:PORT;
    location / {
      access_by_lua_block { ngx.req.set_header("X-Subject", guard:check().subject) }
      proxy_pass http://127.0.0.1:PORT/upstream;
    }
    location /write {
      access_by_lua_block { guard:check(write) }
      content_by_lua_block { ngx.say(ngx.worker.id(), " ", ngx.ctx.jot.claims.sub) }
    }
    location /worker {
      content_by_lua_block { ngx.say(ngx.worker.id()) }
    }
    location /revoke {
      content_by_lua_block { ngx.say(tostring(guard:revoke_jti(ngx.var.arg_jti, ngx.time() + 600))) }
    }
    location /forget {
      content_by_lua_block { ngx.shared.jot:delete("jot:revoked:saved") ngx.say("gone") }
    }
    location /health {
      content_by_lua_block { ngx.say(require("cjson").encode(guard:health())) }
    }
    location /upstream {
      content_by_lua_block { ngx.say("orders of ", ngx.req.get_headers()["X-Subject"]) }
    }
  }
"""


def site(options, settings=""):
    """The configuration with these options of the guard."""
    return SITE.replace("SETTINGS", settings).replace("OPTIONS", OPTIONS + options)


class Case(unittest.TestCase):
    def setUp(self):
        self.forge = Forge()
        self.addCleanup(self.forge.close)
        self.keys = self.forge.generate("a")

    def issuer(self, **more):
        issuer = Issuer(**more)
        self.addCleanup(issuer.close)
        issuer.keys = self.keys
        return issuer

    def serve(self, options, settings="", **more):
        server = Server(site(options, settings), **more)
        self.addCleanup(server.stop)
        return server.start()

    def follow(self, issuer, of_keeper="", options="", **others):
        keeper = "keeper = { allow_loopback = true, " + of_keeper + "}, "
        return self.serve(f'discover = "{issuer.name}", {keeper}{options}', **others)

    def reload(self, server):
        before = set(server.pids())
        server.signal(signal.SIGHUP)
        # The old ones take requests until they are told.
        self.until(lambda: len(set(server.pids()) - before) == 2 and not before & set(server.pids()))

    def until(self, is_so, seconds=15, what=""):
        end = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < end, what
            time.sleep(0.05)
