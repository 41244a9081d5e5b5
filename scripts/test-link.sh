#!/usr/bin/env bash
# Links libjot.a beside what has the same names inside, and loads libjot.so again
# and again. Called behind test-c.sh, whose libraries it takes.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
out=$target/c/link
mkdir -p "$out"
cc=${CC:-cc}
warnings=(-std=c11 -g -Wall -Wextra -Wpedantic -Werror -Iinclude)
system=(-lutil -lrt -lpthread -lm -ldl)

say() { printf '== %s\n' "$*"; }
link() { "$cc" "${warnings[@]}" "$@"; }

say "libjot.a shows the symbols of tests/abi/symbols.txt, and no others"
nm -g --defined-only "$target/release/libjot.a" | awk 'NF == 3 { print $3 }' | LC_ALL=C sort |
    diff -u <(LC_ALL=C sort tests/abi/symbols.txt) -

say "beside another Rust library, in both orders"
"${RUSTC:-rustc}" --edition 2024 --crate-type staticlib tests/c/neighbour.rs -o "$out/libneighbour.a"
neighbour=$out/libneighbour.a
for kind in release debug; do
    archive=$target/$kind/libjot.a flags=(-DNEIGHBOUR)
    # The one of test-c.sh that has panics planted.
    [ $kind = release ] || flags+=(-DPLANTED)
    link "${flags[@]}" tests/c/beside.c -o "$out/first-$kind" "$archive" "$neighbour" "${system[@]}"
    link "${flags[@]}" tests/c/beside.c -o "$out/last-$kind" "$neighbour" "$archive" "${system[@]}" -Wl,--gc-sections
    "$out/first-$kind" 2>"$out/panics.txt" && "$out/last-$kind" 2>>"$out/panics.txt" ||
        { cat "$out/panics.txt" >&2; exit 1; }
done

say "beside OpenSSL, shared and static, and functions of the program's own"
archive=$target/release/libjot.a
link tests/c/beside.c -o "$out/own" "$archive" "${system[@]}"
link -DOPENSSL tests/c/beside.c -o "$out/openssl" "$archive" -lcrypto "${system[@]}"
link -DOPENSSL tests/c/beside.c -o "$out/openssl-last" -Wl,--no-as-needed -lcrypto "$archive" "${system[@]}"
link -DOPENSSL tests/c/beside.c -o "$out/openssl-static" "$archive" -l:libcrypto.a "${system[@]}"
link -DOPENSSL tests/c/beside.c -o "$out/openssl-first" -l:libcrypto.a "$archive" -l:libcrypto.a "${system[@]}"
for program in own openssl openssl-last openssl-static openssl-first; do "$out/$program"; done

say "loaded and unloaded 1200 times"
link tests/c/reload.c -o "$out/reload" -pthread -ldl
"$out/reload" "$target/release/libjot.so"
