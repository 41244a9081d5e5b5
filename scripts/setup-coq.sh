#!/usr/bin/env bash
# Installs Coq and Coqprime, where they are missing.
set -euo pipefail

missing=()
command -v coqc >/dev/null || missing+=(coq)
[ -e "$(coqc -where 2>/dev/null)/user-contrib/Coqprime/elliptic/SMain.vo" ] || missing+=(libcoq-coqprime)
[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "setup: please install: ${missing[*]}" >&2
    exit 1
fi
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
