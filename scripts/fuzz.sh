#!/usr/bin/env bash
# Builds the fuzz targets and runs each for some seconds, 10 by default:
#
#   scripts/fuzz.sh [seconds [target...]]
#
# Fails on the first input that makes a target fail; the input is then under
# fuzz/artifacts. It needs no cargo-fuzz and no nightly compiler. With
# JOT_FUZZ_ASAN=1 the Rust code is built with AddressSanitizer as well.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-10}
[ $# -eq 0 ] || shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(accelerated columns compact claims jwk pem self_signed)

# libFuzzer is C++.
scripts/setup.sh

# What `cargo fuzz` passes, spelled for a stable compiler. Naming the host as
# the target keeps the flags away from build scripts and macros.
host=$(rustc -vV | sed -n 's/^host: //p')
flags=(
    --cfg fuzzing
    -Ccodegen-units=1
    -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares
)
if [ "${JOT_FUZZ_ASAN:-}" = 1 ]; then
    export RUSTC_BOOTSTRAP=1
    flags+=(-Zsanitizer=address)
    folder=fuzz/target/asan
else
    folder=fuzz/target
fi
RUSTFLAGS="${flags[*]}" cargo build --quiet --release --locked \
    --manifest-path fuzz/Cargo.toml --target "$host" --target-dir "$folder" --bins

for target in "${targets[@]}"; do
    corpus=fuzz/corpus/$target
    artifacts=fuzz/artifacts/$target
    log=$artifacts/log
    mkdir -p "$corpus" "$artifacts"
    if ! "$folder/$host/release/$target" "$corpus" \
        -dict="fuzz/dictionaries/$target.dict" -artifact_prefix="$artifacts/" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        echo "fuzz: $target failed; the whole log is $log" >&2
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)
    echo "fuzz: $target passed; $runs runs in $seconds s, ${covered:-cov: ?}"
done
