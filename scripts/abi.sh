#!/usr/bin/env bash
# Compares the C library and the crates with the baselines, which are those of the
# last release:
#
#   scripts/abi.sh [c] [rust]    both unless one is named
#   scripts/abi.sh --update      takes what is there for the baselines; run it on main
#
# packaging/abi/libjot.abi is what a program in C sees: functions, structs with the
# places of their members, values, the SONAME. packaging/abi/crates.revision is the
# commit whose crates the crates are compared with. New functions, codes and items
# are no fault. RELEASING.md says what to do about the others.
set -euo pipefail
cd "$(dirname "$0")/.."

semver_checks=0.51.0
cargo=${CARGO:-cargo}
target=$(scripts/target-dir.sh)
work=$target/abi
baseline=packaging/abi/libjot.abi
revision=packaging/abi/crates.revision
mkdir -p "$work"

say() { printf '== %s\n' "$*"; }

# abidw reads C, and not what rustc says of Rust. So each function of the header gets
# a body in C, and each enumeration a variable, for only what a symbol leads to is
# described; constants are made an enumeration. tests/abi lists all of them, and
# `make test-c` holds the real library to its list of functions. The places of members
# are those of the machine, so it must be x86-64.
describe() { # file to write
    local soname
    if [ "$(uname -m)" != x86_64 ]; then
        echo "abi: the baseline is for x86-64" >&2
        exit 1
    fi
    command -v abidw >/dev/null || scripts/debian.sh abigail-tools
    {
        echo '#include "jot.h"'
        awk '/\) *;$/ && !/^(#|typedef|struct|enum|union)/ { sub(/;$/, " { __builtin_trap(); }"); print }
            /^enum / { print "enum", $2, "of_" $2 ";" }
            /^#define JOT_[A-Z0-9_]* [0-9]/ { constants = constants "  of_" $2 " = " $2 ",\n" }
            END { print "enum { " constants "} of_constants;" }' tests/abi/jot.txt
    } >"$work/stub.c"
    soname=$(sed -n 's/.*-soname,lib$name\(\.so\.[0-9]*\)".*/libjot\1/p' scripts/lib.sh)
    [ -n "$soname" ] || { echo "abi: scripts/lib.sh names no SONAME" >&2; exit 1; }
    # The description names no folder of this machine.
    "${CC:-cc}" -std=c11 -g -fPIC -shared -ffile-prefix-map="$work/=" -ffile-prefix-map="$PWD/=" -Iinclude \
        "$work/stub.c" -o "$work/libjot.so" -Wl,-soname,"$soname"
    nm -D --defined-only "$work/libjot.so" | awk '$2 == "T" { print $3 }' | LC_ALL=C sort |
        diff -u <(LC_ALL=C sort tests/abi/symbols.txt) -
    abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed --type-id-style hash \
        --out-file "$1" "$work/libjot.so"
}

c() {
    say "what a program in C sees, beside $baseline"
    describe "$work/libjot.abi"
    abidiff --no-added-syms "$baseline" "$work/libjot.abi" || {
        echo "abi: this breaks programs in C, unless it only adds at the end of a struct with a size (RELEASING.md)" >&2
        exit 1
    }
}

rust() {
    local from
    from=$(cat $revision)
    if ! git cat-file -e "$from^{commit}" 2>/dev/null; then
        echo "abi: this clone lacks the commit $from of $revision" >&2
        exit 1
    fi
    if [ "$("$target/tools/bin/cargo-semver-checks" semver-checks --version 2>/dev/null)" != "cargo-semver-checks $semver_checks" ]; then
        CARGO_TARGET_DIR=$target/tools/build "$cargo" install --quiet --locked --force --root "$target/tools" \
            "cargo-semver-checks@$semver_checks"
        rm -rf "$target/tools/build"
    fi
    say "what a program in Rust sees, beside $from"
    "$target/tools/bin/cargo-semver-checks" semver-checks --baseline-rev "$from" --package libjot \
        --default-features --features serde,regex
    "$target/tools/bin/cargo-semver-checks" semver-checks --baseline-rev "$from" --package jot-accel \
        --default-features
}

if [ "${1:-}" = --update ]; then
    describe "$baseline"
    git rev-parse HEAD >$revision
    exit 0
fi
[ $# -gt 0 ] || set -- c rust
for part in "$@"; do
    case $part in
    c | rust) "$part" ;;
    *)
        sed -n 's/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
done
