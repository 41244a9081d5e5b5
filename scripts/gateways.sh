#!/usr/bin/env bash
# Installs what the tests of the gateway modules need, where it is missing:
#
#   scripts/gateways.sh [nginx] [bench]
#
# .venv-gateways with the real Envoy and pytest; for nginx Debian's nginx with
# what modules are built with; for the benchmarks wrk as well.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/venv.sh .venv-gateways tests/gateways/requirements.txt

missing=()
for what in "$@"; do
    case $what in
        nginx)
            [ -x /usr/sbin/nginx ] || missing+=(nginx)
            [ -x /usr/share/nginx/src/configure ] || missing+=(nginx-dev)
            [ -e /usr/lib/nginx/modules/ngx_http_js_module.so ] || missing+=(libnginx-mod-http-js)
            command -v curl >/dev/null || missing+=(curl)
            command -v valgrind >/dev/null || missing+=(valgrind)
            ;;
        bench) command -v wrk >/dev/null || missing+=(wrk) ;;
        *) echo "gateways: what is $what?" >&2; exit 2 ;;
    esac
done
scripts/debian.sh "${missing[@]}"
