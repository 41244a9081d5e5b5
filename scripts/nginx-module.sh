#!/usr/bin/env bash
# Builds the nginx module against nginx's sources, or against those that
# Debian's nginx-dev has of them:
#
#   scripts/nginx-module.sh SOURCES MODULE OUT CFLAGS [argument of configure...]
#
# Called by bindings/nginx/Makefile.
set -euo pipefail

sources=$1 module=$2 out=$3 cflags=$4
shift 4
flags=("$@")

if [ ! -x "$sources/configure" ]; then
    echo "nginx-module: $sources has no configure; install nginx-dev or set NGINX_SRC" >&2
    exit 1
fi
cd "$sources"
if [ -f conf_flags ]; then
    . ./conf_flags
    flags=("${NGX_CONF_FLAGS[@]}" "${flags[@]}")
fi
mkdir -p "$out"

# configure writes objs/ beside itself for no reason of ours, so it is told of
# another folder, and done anew only when something it reads has changed.
stamp="$out/configured"
want=$(printf '%s\n' "$sources" "$cflags" "$JOT_LIB" "$JOT_INCLUDE" "${flags[@]}" && cat "$module/config")
if [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
    ./configure --with-cc-opt="-fPIC $cflags" --with-ld-opt="-fPIC -Wl,-z,relro -Wl,-z,now" "${flags[@]}" \
        --add-dynamic-module="$module" --builddir="$out" >"$out/configure.log" 2>&1 ||
        { tail -n 20 "$out/configure.log" >&2; exit 1; }
    printf '%s\n' "$want" >"$stamp"
fi
make --no-print-directory -s -f "$out/Makefile" modules
