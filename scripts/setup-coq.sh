#!/usr/bin/env bash
# Installs Coq and Coqprime, where they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v coqc >/dev/null || missing+=(coq)
[ -e "$(coqc -where 2>/dev/null)/user-contrib/Coqprime/elliptic/SMain.vo" ] || missing+=(libcoq-coqprime)
scripts/debian.sh "${missing[@]}"
