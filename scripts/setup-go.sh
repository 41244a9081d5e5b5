#!/usr/bin/env bash
# Installs Go 1.22 or later and pkg-config where they are missing, or says what is missing.
set -euo pipefail

missing=()
command -v pkg-config >/dev/null || missing+=(pkg-config)
command -v go >/dev/null || missing+=(golang-go)
if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "setup-go: please install: ${missing[*]}" >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
version=$(GOTOOLCHAIN=local go env GOVERSION)
if [ "$(printf '%s\n' go1.22 "$version" | sort -V | head -n 1)" != go1.22 ]; then
    echo "setup-go: the module needs Go 1.22 or later, and this is $version" >&2
    exit 1
fi
