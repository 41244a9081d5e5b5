#!/usr/bin/env bash
# Makes keys and a mixed set of tokens, verifies them and shows what came of
# them. Fails unless every verdict is the one that was to be expected.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo=${CARGO:-cargo}
count=${DEMO_COUNT:-2000}
directory=demo

say() { printf '\n== %s\n' "$*"; }
run() {
    printf '$ %s\n' "$*" >&2
    "$@"
}

say "Building jotctl"
"$cargo" build --release --locked --package jotctl
PATH="$PWD/${CARGO_TARGET_DIR:-target}/release:$PATH"
[[ ${CARGO_TARGET_DIR:-} == /* ]] && PATH="$CARGO_TARGET_DIR/release:$PATH"

say "Making one key per algorithm and $count tokens, good and bad, in ./$directory"
run jotctl demo-data --out "$directory" --count "$count" --force
ls "$directory"

say "Decoding the first token, which needs no key and proves nothing"
head -n 1 "$directory/tokens.txt" >"$directory/first.txt"
run jotctl decode "@$directory/first.txt" | cut -c 1-110

say "Verifying all of them"
# Some tokens are bad, so this exits with 1; with 2 nothing could be verified.
code=0
run jotctl verify --jwks "$directory/jwks.json" --iss https://issuer.example --aud api \
    --alg RS256,PS256,ES256,ES384,ES512,ES256K,EdDSA,ML-DSA-65 \
    --format ndjson "@$directory/tokens.txt" >"$directory/verdicts.ndjson" || code=$?
if [ "$code" -ne 1 ]; then
    echo "demo: jotctl verify exited with $code, not with 1" >&2
    exit 1
fi

say "The first verdicts, from $directory/verdicts.ndjson"
head -n 5 "$directory/verdicts.ndjson"

say "Comparing the verdicts with what each token was made for"
sed -E 's/.*"name":"([a-z_]+)".*/\1/' "$directory/verdicts.ndjson" | LC_ALL=C sort | uniq -c |
    awk '{ print $2, $1 }' >"$directory/found.txt"
if ! diff -u "$directory/expected.txt" "$directory/found.txt"; then
    echo "demo: the verdicts are not the expected ones" >&2
    exit 1
fi
echo "All $count verdicts are as expected."
