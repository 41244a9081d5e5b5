#!/usr/bin/env bash
# Builds jotctl as users get it and prints where it is. It is a workspace of its own,
# so that its readers of logs are compiled only where they are wanted; what it shares
# with the engine is built once.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(scripts/target-dir.sh)
"${CARGO:-cargo}" build --profile tool --locked --manifest-path cli/Cargo.toml --target-dir "$target" >&2
echo "$target/tool/jotctl"
