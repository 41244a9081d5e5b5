#!/usr/bin/env bash
# Installs what the tests of the login service and its demo need, where it is missing:
#
#   scripts/setup-server.sh [postgresql]
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
if [ "${1:-}" = postgresql ] && [ ! -d /usr/lib/postgresql ]; then missing+=(postgresql); fi
[ -x /usr/sbin/nginx ] || missing+=(nginx)
[ -x /usr/bin/caddy ] || missing+=(caddy)
command -v faketime >/dev/null || missing+=(faketime)
command -v node >/dev/null || missing+=(nodejs)
for program in curl openssl python3; do
    command -v "$program" >/dev/null || missing+=("$program")
done
scripts/debian.sh "${missing[@]}"
