#!/usr/bin/env bash
# Follows an issuer's keys through a rotation, then makes an access log with 200,000 lines
# and audits it. Fails unless the rotation is followed and the audit comes to the totals
# that the log was made for, and if ten formats come to the same. Leaves reports to open.
set -euo pipefail
cd "$(dirname "$0")/.."

lines=${DEMO_LINES:-200000}
directory=demo

say() { printf '\n== %s\n' "$*"; }
run() {
    printf '$ %s\n' "$*" >&2
    "$@"
}

say "Building jotctl"
jotctl=$(scripts/jotctl.sh)
PATH="$(dirname "$jotctl"):$PATH"

say "Making one key per algorithm and 1000 tokens, good and bad, in ./$directory/tokens"
mkdir -p "$directory"
run jotctl demo-data --out "$directory/tokens" --count 1000 --force

say "Decoding the first token, which needs no key and proves nothing"
head -n 1 "$directory/tokens/tokens.txt" >"$directory/first.txt"
run jotctl decode "@$directory/first.txt" | cut -c 1-110

say "Verifying them one by one, with every algorithm"
# Some tokens are bad, so this exits with 1; with 2 nothing could be verified.
code=0
run jotctl verify --jwks "$directory/tokens/jwks.json" --iss https://issuer.example --aud api \
    --alg RS256,PS256,ES256,ES384,ES512,ES256K,EdDSA,ML-DSA-65 \
    --format ndjson "@$directory/tokens/tokens.txt" >"$directory/verdicts.ndjson" || code=$?
if [ "$code" -ne 1 ]; then
    echo "demo: jotctl verify exited with $code, not with 1" >&2
    exit 1
fi
sed -E 's/.*"name":"([a-z_]+)".*/\1/' "$directory/verdicts.ndjson" | LC_ALL=C sort | uniq -c |
    awk '{ print $2, $1 }' >"$directory/found.txt"
if ! diff -u "$directory/tokens/expected.txt" "$directory/found.txt"; then
    echo "demo: the verdicts are not the expected ones" >&2
    exit 1
fi
echo "All 1000 verdicts are as expected."

say "Following the keys of an issuer while it changes them"
if command -v python3 >/dev/null; then
    scripts/demo-keys.sh "$(realpath "$jotctl")" "$directory/keys"
else
    echo "This part needs python3, which is not here."
fi

say "Making an access log with $lines lines: rotated keys, expired, forged and stolen tokens"
run jotctl gen-log --out "$directory/log" --lines "$lines" --seed 7 --force
ls -l "$directory/log"

say "Auditing it: what was valid when it was used?"
trusted=(
    --keys "https://login.example=$directory/log/snapshots/login"
    --keys "https://accounts.example=$directory/log/keys/accounts.json"
    --keys "https://id.example=$directory/log/keys/id.json"
    --alg ES256,RS256,EdDSA --aud api
)
run jotctl audit "$directory/log/access.ndjson" "${trusted[@]}" \
    --out "$directory/rows.parquet" --summary "$directory/summary.json" \
    --report "$directory/report.html" --force

say "Comparing the totals with what the log was made for"
if ! scripts/compare_totals.sh "$directory/log/expected.json" "$directory/summary.json"; then
    echo "demo: the totals are not the expected ones" >&2
    exit 1
fi
echo "All totals of $lines lines are as expected."

say "Auditing a folder with a part of it in the formats of ten programs, compressed and not"
if command -v python3 >/dev/null; then
    rm -rf "$directory/mixed"
    scripts/demo_logs.py "$directory/log/access.ndjson" "$directory/mixed" "$directory/same.ndjson"
    ls "$directory/mixed"
    run jotctl audit "$directory/mixed" "${trusted[@]}" --summary "$directory/mixed.json" \
        --report "$directory/mixed.html" --force --quiet
    jotctl audit "$directory/same.ndjson" "${trusted[@]}" --summary "$directory/same.json" --force --quiet
    if ! scripts/compare_totals.sh "$directory/same.json" "$directory/mixed.json"; then
        echo "demo: the formats do not come to the same totals" >&2
        exit 1
    fi
    echo "All formats come to the totals of the same lines in one."
else
    echo "This part needs python3, which is not here."
fi

echo "Open $directory/report.html and $directory/mixed.html in a browser."
# On a desktop, for somebody who looks.
if [ -t 1 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then
    xdg-open "$directory/report.html" >/dev/null 2>&1 || true
fi
