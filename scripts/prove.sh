#!/usr/bin/env bash
# Proves what proofs/README.md lists, on the sources as they are, and prints a line for
# each claim. Fails if one cannot be proved.
#
#   scripts/prove.sh [family...]    a family is a folder of proofs/src/bin; all by default
set -euo pipefail
cd "$(dirname "$0")/.."

families=("$@")
if [ ${#families[@]} -eq 0 ]; then
    for folder in proofs/src/bin/*/; do families+=("$(basename "$folder")"); done
fi

scripts/setup.sh
for family in "${families[@]}"; do
    echo "== $family"
    "${CARGO:-cargo}" run --quiet --locked -p jot-proofs --bin "$family"
    if [ "$family" = formulas ]; then scripts/prove-coq.sh; fi
done
