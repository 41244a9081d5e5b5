#!/usr/bin/env bash
# Installs Node 20 or later with npm where they are missing, or says what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
scripts/debian.sh "${missing[@]}"
version=$(node --version)
if [ "$(printf '%s\n' v20 "$version" | sort -V | head -n 1)" != v20 ]; then
    echo "setup-node: the package needs Node 20 or later, and this is $version" >&2
    exit 1
fi
