rockspec_format = "3.0"
package = "libjot"
version = "0.1.0-1"
source = { url = "git+https://github.com/libjot/libjot.git", tag = "v0.1.0" }
description = {
  summary = "Verifies JSON Web Tokens, strictly and fast, in LuaJIT and nginx",
  detailed = [[The engine of libjot by LuaJIT's FFI, with a guard for nginx and OpenResty. It needs the
library for C, and lua-cjson for claims as tables.]],
  homepage = "https://github.com/libjot/libjot",
  license = "MIT OR Apache-2.0",
}
dependencies = { "lua == 5.1" }
external_dependencies = { JOT = { library = "jot" } }
build = {
  type = "builtin",
  modules = {
    ["jot"] = "bindings/lua/lib/jot.lua",
    ["jot.audit"] = "bindings/lua/lib/jot/audit.lua",
    ["jot.batch"] = "bindings/lua/lib/jot/batch.lua",
    ["jot.builder"] = "bindings/lua/lib/jot/builder.lua",
    ["jot.cdef"] = "bindings/lua/lib/jot/cdef.lua",
    ["jot.condition"] = "bindings/lua/lib/jot/condition.lua",
    ["jot.demand"] = "bindings/lua/lib/jot/demand.lua",
    ["jot.exchange"] = "bindings/lua/lib/jot/exchange.lua",
    ["jot.keeper"] = "bindings/lua/lib/jot/keeper.lua",
    ["jot.keys"] = "bindings/lua/lib/jot/keys.lua",
    ["jot.list_keeper"] = "bindings/lua/lib/jot/list_keeper.lua",
    ["jot.native"] = "bindings/lua/lib/jot/native.lua",
    ["jot.nginx"] = "bindings/lua/lib/jot/nginx.lua",
    ["jot.nginx.followed"] = "bindings/lua/lib/jot/nginx/followed.lua",
    ["jot.nginx.follower"] = "bindings/lua/lib/jot/nginx/follower.lua",
    ["jot.nginx.http"] = "bindings/lua/lib/jot/nginx/http.lua",
    ["jot.nginx.list"] = "bindings/lua/lib/jot/nginx/list.lua",
    ["jot.nginx.place"] = "bindings/lua/lib/jot/nginx/place.lua",
    ["jot.nginx.revoked"] = "bindings/lua/lib/jot/nginx/revoked.lua",
    ["jot.nginx.work"] = "bindings/lua/lib/jot/nginx/work.lua",
    ["jot.options"] = "bindings/lua/lib/jot/options.lua",
    ["jot.policy"] = "bindings/lua/lib/jot/policy.lua",
    ["jot.remote"] = "bindings/lua/lib/jot/remote.lua",
    ["jot.remote_list"] = "bindings/lua/lib/jot/remote_list.lua",
    ["jot.request"] = "bindings/lua/lib/jot/request.lua",
    ["jot.revocations"] = "bindings/lua/lib/jot/revocations.lua",
    ["jot.self_signed"] = "bindings/lua/lib/jot/self_signed.lua",
    ["jot.signer"] = "bindings/lua/lib/jot/signer.lua",
    ["jot.status_list"] = "bindings/lua/lib/jot/status_list.lua",
    ["jot.token"] = "bindings/lua/lib/jot/token.lua",
    ["jot.verifier"] = "bindings/lua/lib/jot/verifier.lua",
    ["jot.view"] = "bindings/lua/lib/jot/view.lua",
  },
}
