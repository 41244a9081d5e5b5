#!/usr/bin/env bash
# Measures what following keys costs who verifies with them: the instructions of a
# verification with keys that are followed and with a fixed set, and the times of two
# threads without and with other keys each second. Fails if the first cost more than 1 %.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(scripts/target-dir.sh)
"${CARGO:-cargo}" build --quiet --release --locked --package jot-fetch --example cost
cost=$target/release/examples/cost
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What is beside the verifying is in both runs of a mode, and so not in their difference.
instructions() { # mode
    local tokens count counts=()
    for tokens in 1000 2000; do
        count=$(valgrind --tool=callgrind --callgrind-out-file="$work/out" "$cost" "$1" "$tokens" 2>&1 |
            sed -n 's/.*Collected : \([0-9]*\)/\1/p')
        counts+=("$count")
    done
    echo $(((counts[1] - counts[0]) / 1000))
}
fixed=$(instructions fixed)
followed=$(instructions followed)
echo "instructions of a verification (ES256): $fixed with a fixed set, $followed with keys that are followed"
"$cost" swaps "${JOT_ROUNDS:-5}" "${JOT_SECONDS:-10}"
[ $((followed * 100)) -le $((fixed * 101)) ] || { echo "keys-cost: more than 1 %" >&2; exit 1; }
