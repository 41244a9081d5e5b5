#!/usr/bin/env bash
# Proves proofs/coq about the code: the program `formulas` writes what the code computes,
# and Coq checks the proofs about it. Prints a line for each file, and fails if a proof
# does, or if a theorem of Claims.v rests on more than its hypotheses.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup-coq.sh
folder=$(mktemp -d)
trap 'kill "${largest:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cp proofs/coq/*.v "$folder"
"${CARGO:-cargo}" run --quiet --locked -p jot-proofs --bin formulas -- "$folder"

cd "$folder"
prove() {
    local file begin
    for file in "$@"; do
        begin=$EPOCHREALTIME
        coqc -q -Q . Proofs "$file.v" >"$file.out"
        printf 'proved  %3d.%03d s  proofs/coq/%s.v\n' \
            $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000000)) \
            $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000 % 1000)) "$file"
    done
}

prove Code Digits Constants Multiples Weierstrass WeierstrassRows WeierstrassSums Ecdsa Products Residues Curves Certificates
# The largest curve takes as long as the rest.
prove EllipticCertificates P521Factor P521 &
largest=$!
prove P384 P256 Secp256k1 Inverses Numbers Recoding Edwards EdwardsSums
wait "$largest"
prove Claims

if [ "$(cat Claims.out)" != "Closed under the global context" ]; then
    cat Claims.out
    echo "FAILED  a theorem of proofs/coq/Claims.v rests on an assumption" >&2
    exit 1
fi
echo "$(grep -c '^  @' Claims.v) theorems proved, without an axiom"
