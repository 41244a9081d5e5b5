#!/usr/bin/env bash
# Installs the library, its headers, jot.pc, jot-static.pc, the CMake package, and
# unless it is told `lib`, jotctl and its manual pages:
#
#   PREFIX=/usr/local DESTDIR= LIBDIR=lib scripts/install.sh [lib]
#
# PREFIX is where the files are looked for later, DESTDIR what stands before it
# while they are copied. LIBDIR is below PREFIX.
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${PREFIX:-/usr/local}
lib=${LIBDIR:-lib}
root=${DESTDIR:-}$prefix
target=$(scripts/target-dir.sh)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
abi=$(sed -n 's/^#define JOT_ABI_VERSION \([0-9]*\)$/\1/p' include/jot.h)
case $prefix in
/*) ;;
*)
    echo "install: PREFIX must be absolute: $prefix" >&2
    exit 1
    ;;
esac

what=${1:-all}
case $what in
all | lib) ;;
*)
    echo "install: lib or nothing, not $what" >&2
    exit 1
    ;;
esac

scripts/lib.sh --release

put() { install -D -m "$1" "$2" "$root/$3"; }
fill() {
    local up
    up=$(printf '%s/cmake/jot' "$lib" | sed 's#[^/][^/]*#..#g')
    install -d "$(dirname "$root/$2")"
    sed -e "s#@PREFIX@#$prefix#g" -e "s#@LIBDIR@#$prefix/$lib#g" -e "s#@LIB@#$lib#g" -e "s#@UP@#$up#g" \
        -e "s#@VERSION@#$version#g" -e "s#@SERIES@#${version%.*}#g" -e "s#@ABI@#$abi#g" "$1" >"$root/$2"
    chmod 644 "$root/$2"
}

put 755 "$target/release/libjot.so" "$lib/libjot.so.$version"
put 644 "$target/release/libjot.a" "$lib/libjot.a"
# What a debugger would want is in the build folder still.
strip --strip-unneeded "$root/$lib/libjot.so.$version"
strip --strip-debug "$root/$lib/libjot.a"
ln -sf "libjot.so.$version" "$root/$lib/libjot.so.$abi"
ln -sf "libjot.so.$abi" "$root/$lib/libjot.so"
put 644 include/jot.h include/jot.h
put 644 include/jot.hpp include/jot.hpp
fill packaging/jot.pc.in "$lib/pkgconfig/jot.pc"
fill packaging/jot-static.pc.in "$lib/pkgconfig/jot-static.pc"
fill packaging/jotConfig.cmake.in "$lib/cmake/jot/jotConfig.cmake"
fill packaging/jotConfigVersion.cmake.in "$lib/cmake/jot/jotConfigVersion.cmake"
[ "$what" = all ] || exit 0

"${CARGO:-cargo}" build --profile tool --locked --package jotctl
put 755 "$target/tool/jotctl" bin/jotctl
install -d "$root/share/man/man1"
"$target/tool/jotctl" man "$root/share/man/man1"
