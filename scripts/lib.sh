#!/usr/bin/env bash
# Builds the library for C, target/release/libjot.so and libjot.a:
#
#   scripts/lib.sh [further arguments of cargo rustc...]
#   scripts/lib.sh --cfg NAME   a debug build, for tests; jot_planted has faults for them to notice
#   scripts/lib.sh --fetch ...  libjot_fetch.so and libjot_fetch.a, which have the threads
#                               of jot_fetch.h as well
#
# The crate itself is an rlib only, so that `cargo build` and `cargo test` do
# not link these every time.
#
# Of libjot.a only jot_* can be seen, as of libjot.so: otherwise it could not be
# linked beside another Rust library, which brings the same std, or beside a
# program that has an EVP_PKEY_new or mldsa_44_verify of its own.
#
# libjot.so stays in memory once it was loaded (nodelete), as OpenSSL does: what
# aws-lc registers for the end of threads cannot be taken back, and a program that
# loads and unloads it again and again would run out of pthread keys. The same holds
# for every library that the engine is in: packaging/link.args is for all of them.
#
# With --target for another system NM, LD, OBJCOPY and AR name its tools. For macOS
# the shared library is libjot.dylib. For Windows it is jot.dll with libjot.dll.a,
# and libjot.a is as rustc makes it: it shows more than jot_*.
set -euo pipefail
cd "$(dirname "$0")/.."

triple=${CARGO_BUILD_TARGET:-$("${RUSTC:-rustc}" -vV | sed -n 's/^host: //p')}
named=' --target[= ]([^ ]+)'
if [[ " $*" =~ $named ]]; then triple=${BASH_REMATCH[1]}; fi

package=(--features capi,regex) name=jot
if [ "${1:-}" = --fetch ]; then
    package=(--package jot-fetch --features capi) name=jot_fetch
    shift
fi

link=() settings=()
case $triple in
*-apple-*) link=(-C "link-arg=-Wl,-install_name,@rpath/lib$name.0.dylib") ;;
*-windows-*) ;;
*)
    mapfile -t link <packaging/link.args
    link+=(-C "link-arg=-Wl,-soname,lib$name.so.0")
    ;;
esac
case $triple in
*-musl*)
    # By default programs for musl are static, no shared library can be made, and
    # libjot.a would have a C library in it.
    if [ -n "${RUSTFLAGS:-}" ]; then
        export RUSTFLAGS="$RUSTFLAGS -C target-feature=-crt-static"
    else
        settings=(--config "target.$triple.rustflags=['-C', 'target-feature=-crt-static']")
    fi
    ;;
esac

# Where cargo puts it depends on more than one variable, so cargo is asked.
[ $# -gt 0 ] || set -- --release
if [ "$1" = --cfg ]; then
    link+=(--cfg "$2")
    shift 2
fi
archive=$("${CARGO:-cargo}" rustc --locked --lib --crate-type cdylib,staticlib "${package[@]}" \
    ${settings[@]+"${settings[@]}"} --message-format json-render-diagnostics "$@" -- ${link[@]+"${link[@]}"} |
    grep -o "\"[^\"]*/lib$name\.a\"" | tail -n 1 | tr -d '"')

case $triple in *-windows-*) exit 0 ;; esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One object of the members that jot_* needs (with --gc-sections ld would make weak
# symbols strong, such as those of a later libc), without section groups, whose names would meet
# those of other libraries, and without the bitcode that std carries, which other
# compilers' tools stumble over.
roots=()
case $triple in
*-apple-*)
    # There each symbol begins with _, and what `ld -r` does not export is local.
    while read -r root; do
        roots+=("-Wl,-u,$root")
    done < <("${NM:-nm}" -g "$archive" 2>/dev/null | awk '$2 == "T" && $3 ~ /^_jot_/ { print $3 }')
    arch=${triple%%-*}
    "${CC:-cc}" -arch "${arch/aarch64/arm64}" -nostdlib -r "${roots[@]}" -Wl,-exported_symbol,'_jot_*' \
        "$archive" -o "$work/jot.o"
    "${AR:-ar}" crs "$work/lib.a" "$work/jot.o"
    ;;
*)
    mapfile -t roots < <("${NM:-nm}" -g --defined-only "$archive" 2>/dev/null | awk '$3 ~ /^jot_/ { print "-u" $3 }')
    "${LD:-ld}" -r "${roots[@]}" --force-group-allocation "$archive" -o "$work/jot.o"
    "${OBJCOPY:-objcopy}" --remove-section .llvmbc --remove-section .llvmcmd \
        --wildcard --keep-global-symbol='jot_*' "$work/jot.o"
    "${AR:-ar}" crsD "$work/lib.a" "$work/jot.o"
    ;;
esac
# A file of its own, since cargo keeps a link to the one before, and as old as that.
touch -r "$archive" "$work/lib.a"
mv -f "$work/lib.a" "$archive.new"
mv -f "$archive.new" "$archive"
