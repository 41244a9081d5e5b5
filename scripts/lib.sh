#!/usr/bin/env bash
# Builds the library for C, target/release/libjot.so and libjot.a:
#
#   scripts/lib.sh [further arguments of cargo rustc...]
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
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t link_args <packaging/link.args
# Where cargo puts it depends on more than one variable, so cargo is asked.
archive=$("${CARGO:-cargo}" rustc --locked --lib --crate-type cdylib,staticlib --features capi \
    --message-format json-render-diagnostics "${@:---release}" -- \
    -C link-arg=-Wl,-soname,libjot.so.0 "${link_args[@]}" |
    grep -o '"[^"]*/libjot\.a"' | tail -n 1 | tr -d '"')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One object of the members that jot_* needs (with --gc-sections ld would make weak
# symbols strong, such as those of a later libc), without section groups, whose names would meet
# those of other libraries, and without the bitcode that std carries, which other
# compilers' tools stumble over.
mapfile -t roots < <("${NM:-nm}" -g --defined-only "$archive" 2>/dev/null | awk '$3 ~ /^jot_/ { print "-u" $3 }')
"${LD:-ld}" -r "${roots[@]}" --force-group-allocation "$archive" -o "$work/jot.o"
"${OBJCOPY:-objcopy}" --remove-section .llvmbc --remove-section .llvmcmd \
    --wildcard --keep-global-symbol='jot_*' "$work/jot.o"
"${AR:-ar}" crsD "$work/libjot.a" "$work/jot.o"
# A file of its own, since cargo keeps a link to the one before, and as old as that.
touch -r "$archive" "$work/libjot.a"
mv -f "$work/libjot.a" "$archive.new"
mv -f "$archive.new" "$archive"
