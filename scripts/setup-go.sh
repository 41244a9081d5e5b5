#!/usr/bin/env bash
# Installs Go 1.22 or later and pkg-config where they are missing, or says what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v pkg-config >/dev/null || missing+=(pkg-config)
command -v go >/dev/null || missing+=(golang-go)
scripts/debian.sh "${missing[@]}"
version=$(GOTOOLCHAIN=local go env GOVERSION)
if [ "$(printf '%s\n' go1.22 "$version" | sort -V | head -n 1)" != go1.22 ]; then
    echo "setup-go: the module needs Go 1.22 or later, and this is $version" >&2
    exit 1
fi
