#!/usr/bin/env bash
# Installs what the tests of the gateway modules need, where it is missing:
#
#   scripts/gateways.sh [bench]
#
# .venv-gateways with the real Envoy and pytest; for the benchmarks wrk as well.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/venv.sh .venv-gateways tests/gateways/requirements.txt

if [ "${1:-}" = bench ] && ! command -v wrk >/dev/null; then
    if ! command -v apt-get >/dev/null; then
        echo "gateways: please install wrk" >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends wrk >/dev/null
fi
