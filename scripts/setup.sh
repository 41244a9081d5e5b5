#!/usr/bin/env bash
# Installs the compilers that the build needs, where they are missing:
#
#   scripts/setup.sh [ccache]   with ccache, which spares compiling aws-lc for each workspace
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v c++ >/dev/null || missing+=(g++)
[ "${1:-}" != ccache ] || command -v ccache >/dev/null || missing+=(ccache)

if ! command -v cargo >/dev/null; then
    echo "setup: cargo is not on the PATH; install Rust 1.95 or later (https://rustup.rs)" >&2
    exit 1
fi
scripts/debian.sh "${missing[@]}"
