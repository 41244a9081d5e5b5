#!/usr/bin/env bash
# Runs the tests of accel with emulated registers, so that the code over lanes is tested
# on processors without AVX-512:
#
#   scripts/software-lanes.sh          its unit tests
#   scripts/software-lanes.sh long     all its tests
#
# Only the crates of the workspace are compiled with the setting: cargo calls this
# script in place of the compiler for them.
set -euo pipefail

case ${1-} in
*rustc) exec "$@" --cfg software_lanes ;;
esac

cd "$(dirname "$0")/.."
which=(--lib)
[ "${1-}" != long ] || which=()
RUSTC_WORKSPACE_WRAPPER=$PWD/scripts/software-lanes.sh cargo test --package jot-accel --locked "${which[@]}"
