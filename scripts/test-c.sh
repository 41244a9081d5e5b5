#!/usr/bin/env bash
# Runs the tests of the C interface: plainly, with AddressSanitizer and UBSan,
# and three of them under valgrind. Leaves what it builds in target/c, where valgrind.sh
# runs all of them.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup-c.sh
target=$(scripts/target-dir.sh)
out=$target/c
mkdir -p "$out/bin"
cc=${CC:-cc}
warnings=(-Wall -Wextra -Wpedantic -Werror)
static=(-lutil -lrt -lpthread -lm -ldl)
programs=(verify claims keys batch columns threads backend keeper selfsigned cases)
cxx_programs=(cpp cpp_cases)

say() { printf '== %s\n' "$*"; }

say "the library"
scripts/lib.sh --release
library=$target/release/libjot.so

say "the library that fetches, whose tests have no use for speed"
scripts/lib.sh --fetch --profile dev
fetching=$target/debug/libjot_fetch.so
nm -D --defined-only "$fetching" | awk '{ print $3 }' | LC_ALL=C sort |
    diff -u <(LC_ALL=C sort tests/abi/symbols.txt tests/abi/fetch_symbols.txt) -
readelf -d "$fetching" | grep -q 'SONAME.*\[libjot_fetch.so.0\]'

say "the symbols of libjot are those of tests/abi/symbols.txt, and no others"
nm -D --defined-only "$library" | awk '{ print $3 }' | LC_ALL=C sort |
    diff -u <(LC_ALL=C sort tests/abi/symbols.txt) -
readelf -d "$library" | grep -q 'SONAME.*\[libjot.so.0\]'

say "the headers alone, as C99, C11 and C++11"
for language in c99 c11; do
    echo '#include "jot_fetch.h"' | "$cc" -std=$language "${warnings[@]}" -Iinclude -fsyntax-only -x c -
done
echo '#include "jot_fetch.h"' | "${CXX:-c++}" -std=c++11 "${warnings[@]}" -Iinclude -fsyntax-only -x c++ -

say "jot.hpp under every warning, and what must not compile with it"
cxx=(${CXX:-c++} -std=c++17 "${warnings[@]}" -Wshadow -Wconversion)
mkdir -p "$out/pch"
"${cxx[@]}" -Iinclude -x c++-header include/jot.hpp -o "$out/pch/jot.hpp.gch"
for std in 17 20; do
    for program in "${cxx_programs[@]}"; do
        "${cxx[@]}" -std=c++$std -fno-exceptions -fno-rtti -Iinclude -fsyntax-only "tests/c/$program.cpp"
    done
    echo '#include "jot_fetch.hpp"' |
        "${cxx[@]}" -std=c++$std -fno-exceptions -fno-rtti -Iinclude -fsyntax-only -x c++ -
done
for wrong in $(seq 0 13); do
    if "${cxx[@]}" -I"$out/pch" -Iinclude -DWRONG="$wrong" -fsyntax-only tests/c/lifetimes.cpp 2>"$out/wrong.txt"; then
        [ "$wrong" = 0 ] || { echo "tests/c/lifetimes.cpp: case $wrong compiles" >&2; exit 1; }
    elif [ "$wrong" = 0 ] || ! grep -qE 'lvalue reference|discards qualifiers|deleted function' "$out/wrong.txt"; then
        cat "$out/wrong.txt" >&2
        exit 1
    fi
done
grep -q 'WRONG == 13' tests/c/lifetimes.cpp && ! grep -q 'WRONG == 14' tests/c/lifetimes.cpp

say "jot.hpp and jot_fetch.hpp call every function, but for those of tests/c/not_in_hpp.txt"
sed 's#//.*##' include/jot_fetch.hpp include/jot.hpp | grep -o 'jot_[a-z0-9_]*' | LC_ALL=C sort -u |
    LC_ALL=C comm -13 - <(LC_ALL=C sort tests/abi/symbols.txt tests/abi/fetch_symbols.txt) |
    diff -u - <(awk '{ print $1 }' tests/c/not_in_hpp.txt | LC_ALL=C sort)

say "the cases"
# With the features of `make test`, so that nothing is built anew.
JOT_C_CASES=$out/cases.txt "${CARGO:-cargo}" test --quiet --workspace --exclude jot-proofs --all-features --locked --test c_cases

say "the programs, with the shared and the static library"
ln -sf "$(realpath "$library")" "$out/libjot.so.0"
for program in "${programs[@]}"; do
    # Unoptimized, so that a child still has what its parent holds on the stack.
    "$cc" -std=c11 -g -O0 "${warnings[@]}" -Iinclude "tests/c/$program.c" -o "$out/bin/$program" \
        "$library" -pthread -Wl,-rpath,"$out"
    "$cc" -std=c11 -g -O1 "${warnings[@]}" -fsanitize=address,undefined -fno-sanitize-recover=all -Iinclude \
        "tests/c/$program.c" -o "$out/bin/$program-asan" "$target/release/libjot.a" "${static[@]}" -pthread
done
for program in "${cxx_programs[@]}"; do
    for extra in -O0 "-O1 -fsanitize=address,undefined -fno-sanitize-recover=all"; do
        name=$program
        [ "$extra" = -O0 ] || name=$program-asan
        # shellcheck disable=SC2086
        "${CXX:-c++}" -std=c++17 -fno-exceptions -g $extra "${warnings[@]}" -Iinclude "tests/c/$program.cpp" \
            -o "$out/bin/$name" "$target/release/libjot.a" "${static[@]}" -pthread
    done
done
ln -sf "$(realpath "$fetching")" "$out/libjot_fetch.so.0"
"$cc" -std=c11 -g -O0 "${warnings[@]}" -Iinclude tests/c/remote.c -o "$out/bin/remote" "$fetching" -pthread \
    -Wl,-rpath,"$out"
"$cc" -std=c11 -g -O1 "${warnings[@]}" -fsanitize=address,undefined -fno-sanitize-recover=all -Iinclude \
    tests/c/remote.c -o "$out/bin/remote-asan" "$target/debug/libjot_fetch.a" "${static[@]}" -pthread
run() {
    local program=$1
    shift
    if [[ $program = *cases ]]; then "$@" "$out/cases.txt"; else "$@"; fi
}
for program in "${programs[@]}" "${cxx_programs[@]}" remote; do
    run "$program" "$out/bin/$program"
    # What is larger than any memory is to be refused, and not to end the run.
    ASAN_OPTIONS=allocator_may_return_null=1 run "$program" "$out/bin/$program-asan"
done
scripts/valgrind.sh verify keys batch

say "every entry, with zeros and with planted panics"
scripts/lib.sh --cfg jot_planted
"$cc" -std=c11 -g "${warnings[@]}" tests/c/entries.c -o "$out/bin/entries" -ldl
"$out/bin/entries" "$library" <tests/abi/symbols.txt
"$out/bin/entries" "$target/debug/libjot.so" <tests/abi/symbols.txt 2>"$out/panics.txt" ||
    { cat "$out/panics.txt" >&2; exit 1; }
python3 tests/c/arguments.py "$library" include/jot.h
cat tests/abi/symbols.txt tests/abi/fetch_symbols.txt | "$out/bin/entries" "$fetching"
python3 tests/c/arguments.py "$fetching" include/jot.h include/jot_fetch.h
# What catches them is in the crate below, which arguments for this one do not reach.
JOT_PLANTED=1 scripts/lib.sh --fetch --profile dev
# Not behind a pipe: grep ends with the first match, and nm would fail.
nm -D --defined-only "$fetching" >"$out/planted.txt"
grep -q ' jot_plant_panic$' "$out/planted.txt"
cat tests/abi/symbols.txt tests/abi/fetch_symbols.txt | "$out/bin/entries" "$fetching" 2>"$out/panics.txt" ||
    { cat "$out/panics.txt" >&2; exit 1; }
