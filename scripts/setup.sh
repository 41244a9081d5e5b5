#!/usr/bin/env bash
# Installs the compilers that the build needs, where they are missing:
#
#   scripts/setup.sh [ccache]   with ccache, which spares compiling aws-lc for each workspace
set -euo pipefail

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v c++ >/dev/null || missing+=(g++)
[ "${1:-}" != ccache ] || command -v ccache >/dev/null || missing+=(ccache)

if ! command -v cargo >/dev/null; then
    echo "setup: cargo is not on the PATH; install Rust 1.95 or later (https://rustup.rs)" >&2
    exit 1
fi
if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "setup: please install: ${missing[*]}" >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
