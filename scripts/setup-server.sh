#!/usr/bin/env bash
# Installs what the tests of the login service and its demo need, where it is missing:
#
#   scripts/setup-server.sh [postgresql]
set -euo pipefail

missing=()
if [ "${1:-}" = postgresql ] && [ ! -d /usr/lib/postgresql ]; then missing+=(postgresql); fi
[ -x /usr/sbin/nginx ] || missing+=(nginx)
[ -x /usr/bin/caddy ] || missing+=(caddy)
command -v faketime >/dev/null || missing+=(faketime)
command -v node >/dev/null || missing+=(nodejs)
for program in curl openssl python3; do
    command -v "$program" >/dev/null || missing+=("$program")
done
[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "setup-server: please install: ${missing[*]}" >&2
    exit 1
fi
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
# The tests start servers of their own, so Debian's is not to be started.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
