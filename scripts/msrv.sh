#!/usr/bin/env bash
# Compiles every workspace with the oldest Rust that Cargo.toml states.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(scripts/target-dir.sh)
oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
scripts/setup.sh
# By whichever name it is installed: 1.95 or 1.95.0.
installed() { rustup toolchain list | sed -n "s/^\(${oldest//./\\.}[.0-9]*-[^ ]*\).*/\1/p" | head -n 1; }
[ -n "$(installed)" ] || rustup toolchain install --no-self-update --profile minimal "$oldest"
toolchain=$(installed)
for workspace in . cli benches bindings/envoy bindings/duckdb bindings/tower server; do
    echo "== $workspace compiles with Rust $oldest"
    # A folder of its own, so that builds with another compiler stay.
    (cd "$workspace" && rustup run "$toolchain" cargo check --quiet --locked --workspace --all-targets --target-dir \
        "$target/msrv")
done
