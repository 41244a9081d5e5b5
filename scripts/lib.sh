#!/usr/bin/env bash
# Builds the library for C, target/release/libjot.so and libjot.a:
#
#   scripts/lib.sh [further arguments of cargo rustc...]
#
# The crate itself is an rlib only, so that `cargo build` and `cargo test` do
# not link these every time.
set -euo pipefail
cd "$(dirname "$0")/.."

exec "${CARGO:-cargo}" rustc --locked --lib --crate-type cdylib,staticlib --features capi "${@:---release}" -- \
    -C link-arg=-Wl,-soname,libjot.so.0 -C link-arg=-Wl,-z,relro,-z,now
