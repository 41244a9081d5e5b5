#!/usr/bin/env bash
# Installs what parts of scripts/dist.sh need, where it is missing. After it nothing is
# fetched: neither by dist.sh nor by cargo.
#
#   scripts/setup-dist.sh part...
set -euo pipefail
cd "$(dirname "$0")/.."

cyclonedx=0.5.9

missing=()
command -v dpkg-shlibdeps >/dev/null || missing+=(dpkg-dev)
command -v pkg-config >/dev/null || missing+=(pkg-config)
command -v readelf >/dev/null || missing+=(binutils)
scripts/debian.sh "${missing[@]}"

tools=$(scripts/target-dir.sh)/tools
for part in "$@"; do
    case $part in
    nginx) scripts/gateways.sh nginx ;;
    wheels)
        scripts/setup-targets.sh dist
        scripts/venv.sh .venv-dist packaging/requirements-dist.txt
        ;;
    node)
        scripts/setup-node.sh
        scripts/setup-targets.sh dist
        scripts/venv.sh .venv-dist packaging/requirements-dist.txt
        ;;
    # Zig is in it, which compiles and links for every C library that a wheel is for.
    sdist) scripts/venv.sh .venv-dist packaging/requirements-dist.txt ;;
    java) scripts/java.sh fetch ;;
    sbom)
        if [ "$("$tools/bin/cargo-cyclonedx" cyclonedx --version 2>/dev/null)" != "cargo-cyclonedx-cyclonedx $cyclonedx" ]; then
            CARGO_TARGET_DIR=$tools/build "${CARGO:-cargo}" install --quiet --locked --force --root "$tools" \
                "cargo-cyclonedx@$cyclonedx"
            rm -rf "$tools/build"
        fi
        ;;
    esac
done
for workspace in . cli bindings/node; do (cd "$workspace" && "${CARGO:-cargo}" fetch --quiet --locked); done
