#!/usr/bin/env bash
# Prints the folder that cargo builds into, also where CARGO_TARGET_DIR or
# build.target-dir names another one than target/:
#
#   scripts/target-dir.sh [folder of a workspace]
set -euo pipefail
cd "$(dirname "$0")/../${1:-.}"

"${CARGO:-cargo}" metadata --format-version 1 --no-deps --locked |
    sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
