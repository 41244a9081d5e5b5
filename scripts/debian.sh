#!/usr/bin/env bash
# Installs Debian's packages, one call after the other, or says what is missing:
#
#   scripts/debian.sh PACKAGE...
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "please install: $*" >&2
    exit 1
fi
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
# The tests start servers of their own, so Debian's are not to be started.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
# Parts of the tests run side by side, and apt-get does not wait for another's lists.
target=$(scripts/target-dir.sh)
mkdir -p "$target"
exec 9>"$target/debian.lock"
flock 9
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
