#!/usr/bin/env bash
# Builds the extension for DuckDB, target/duckdb/jot.duckdb_extension:
#
#   scripts/duckdb.sh [--debug] [FILE]
#
# An extension is a library with a description at its end: 22 bytes that begin a section
# of WebAssembly, eight fields of 32 bytes, and 256 bytes for a signature, which are zero.
set -euo pipefail
cd "$(dirname "$0")/.."

profile=release options=(--release)
if [ "${1:-}" = --debug ]; then
    profile=debug options=()
    shift
fi
target=$(realpath -m "$(scripts/target-dir.sh)")
file=${1:-$target/duckdb/jot.duckdb_extension}
case "$(uname -s)-$(uname -m)" in
Linux-x86_64) platform=linux_amd64 ;;
Linux-aarch64) platform=linux_arm64 ;;
*)
    echo "duckdb: Linux on x86-64 or aarch64 is wanted" >&2
    exit 1
    ;;
esac

"${CARGO:-cargo}" build --quiet --locked --manifest-path bindings/duckdb/Cargo.toml --target-dir "$target" \
    ${options[@]+"${options[@]}"}

field() { # text: 32 bytes
    printf '%s' "$1"
    head -c $((32 - ${#1})) /dev/zero
}

mkdir -p "$(dirname "$file")"
{
    cat "$target/$profile/libjot_duckdb.so"
    printf '\0\223\004\020duckdb_signature\200\004'
    for text in "" "" "" C_STRUCT 0.1.0 v1.2.0 "$platform" 4; do field "$text"; done
    head -c 256 /dev/zero
} >"$file.new"
mv "$file.new" "$file"
echo "$file"
