#!/usr/bin/env bash
# Installs LuaJIT (that of OpenResty, which the module for nginx needs), LuaRocks, and nginx with its module for Lua, where they are missing:
#
#   scripts/setup-lua.sh [bench]
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v luajit >/dev/null || missing+=(luajit2)
command -v luarocks >/dev/null || missing+=(luarocks)
command -v openssl >/dev/null || missing+=(openssl)
luajit -e 'require "cjson"' 2>/dev/null || missing+=(lua-cjson)
[ -x /usr/sbin/nginx ] || missing+=(nginx)
[ -e /usr/lib/nginx/modules/ngx_http_lua_module.so ] || missing+=(libnginx-mod-http-lua)
if [ "${1:-}" = bench ]; then
    command -v wrk >/dev/null || missing+=(wrk)
fi
scripts/debian.sh ${missing[@]+"${missing[@]}"}
