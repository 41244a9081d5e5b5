#!/usr/bin/env bash
# Tests the module for LuaJIT in bindings/lua:
#
#   scripts/lua.sh smoke     what fits into a minute, with a debug build of the library
#   scripts/lua.sh test      everything, with a release build: a million calls, and the rock,
#                            installed from its file
#   scripts/lua.sh bench     measures beside the module of nginx in C, with a release build
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
target=$(realpath -m "$(scripts/target-dir.sh)")
what=${1:-test}
case $what in
smoke) profile=debug arguments=(--profile dev) ;;
test | bench) profile=release arguments=(--release) ;;
*)
    echo "lua: smoke, test or bench, not $what" >&2
    exit 2
    ;;
esac
say() { printf '\n-- %s\n' "$*"; }

if [ "$what" = bench ]; then
    scripts/setup-lua.sh bench
else
    scripts/setup-lua.sh
fi
scripts/lib.sh --fetch "${arguments[@]}"
export JOT_LIBRARY=$target/$profile/libjot_fetch.so
export LUA_PATH="$root/bindings/lua/lib/?.lua;$root/bindings/lua/tests/?.lua;;"
work=$target/lua
mkdir -p "$work"

if [ "$what" = bench ]; then
    exec bindings/lua/bench/bench.sh
fi

say "what FFI is told of the headers, and the names in the rock"
scripts/lua_cdef.py --check
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
rockspec=bindings/lua/libjot-$version-1.rockspec
grep -q "^version = \"$version-1\"" "$rockspec"
diff <(cd bindings/lua && find lib -name '*.lua' | LC_ALL=C sort) \
    <(sed -n 's#.*"bindings/lua/\(lib/.*\)",#\1#p' "$rockspec" | LC_ALL=C sort)

say "the shared table"
bindings/lua/tests/texts.py tests/cases/tokens.json "$work/cases.json"
luajit bindings/lua/tests/cases.lua "$work/cases.json"
interface() { # options of LuaJIT...
    local one
    for one in api batches keepers; do luajit "$@" "bindings/lua/tests/$one.lua"; done
}
say "the interface, compiled and interpreted"
interface -jon
interface -joff
say "the interface, with structs by value, as on other processors"
mkdir -p "$work/by_value/jot"
sed 's/^M.is_flat = .*/M.is_flat = false/' bindings/lua/lib/jot/native.lua >"$work/by_value/jot/native.lua"
grep -q '^M.is_flat = false' "$work/by_value/jot/native.lua"
LUA_PATH="$work/by_value/?.lua;$LUA_PATH" interface -jon
say "the pages"
luajit bindings/lua/tests/page.lua docs/lua.md bindings/lua/README.md README.md

tests=(test_remote test_guard test_keys.KeysByUrl.test_new_key_is_fetched_and_strangers_cause_no_flood
    test_lists.Restart.test_keys_and_lists_outlive_a_restart)
[ "$what" = smoke ] || tests=(test_remote test_guard test_keys test_lists)
say "nginx"
(cd bindings/lua/tests/nginx && python3 -B -m unittest "${tests[@]}")
[ "$what" != smoke ] || exit 0

say "a million calls"
luajit bindings/lua/tests/memory.lua
say "the rock, installed from its file where nothing else is"
rocks=$(mktemp -d)
trap 'rm -rf "$rocks"' EXIT
ln -s "$JOT_LIBRARY" "$rocks/libjot.so"
rock() { luarocks --lua-version 5.1 --tree "$rocks/$1" "${@:2}" JOT_LIBDIR="$rocks" >"$rocks/log" || { cat "$rocks/log" >&2; exit 1; }; }
rock made make "$rockspec"
(cd "$work" && rm -f libjot-*.rock && luarocks --lua-version 5.1 --tree "$rocks/made" pack libjot >/dev/null)
rock installed install "$work"/libjot-*.all.rock
(
    cd "$rocks"
    LUA_PATH="$rocks/installed/share/lua/5.1/?.lua;$root/bindings/lua/tests/?.lua;;" \
        luajit "$root/bindings/lua/tests/page.lua" "$root/docs/lua.md"
)
