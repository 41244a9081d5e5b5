#!/usr/bin/env bash
# Installs into a folder of its own and builds and runs the examples, and those
# of the README, against what is there: by pkg-config, by CMake, statically.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup-c.sh
target=$(scripts/target-dir.sh)
out=$target/c/install
rm -rf "$out"
mkdir -p "$out/bin" "$out/work"
prefix=$out/prefix
warnings=(-Wall -Wextra -Wpedantic -Werror)
cc=${CC:-cc} cxx=${CXX:-c++}

say() { printf '== %s\n' "$*"; }
fail() {
    echo "test-install: $*" >&2
    exit 1
}

say "installing below a DESTDIR, then in place"
# A folder below lib, as Debian has it, makes the ways between the files longer.
libdir=lib/$("$cc" -print-multiarch)
DESTDIR=$out/staged PREFIX=/opt/jot LIBDIR=$libdir scripts/install.sh lib
[ ! -e "$out/staged/opt/jot/bin" ] && [ ! -e "$out/staged/opt/jot/share" ] || fail "lib brings jotctl"
grep -q '^prefix=/opt/jot$' "$out/staged/opt/jot/$libdir/pkgconfig/jot.pc" || fail "jot.pc knows DESTDIR"
PREFIX=$prefix scripts/install.sh
[ -s "$prefix/share/man/man1/jotctl-verify.1" ] || fail "no manual pages"
for file in bash-completion/completions/jotctl zsh/site-functions/_jotctl fish/vendor_completions.d/jotctl.fish; do
    grep -q jotctl "$prefix/share/$file" || fail "no completions: $file"
done
for name in jot jot_fetch; do
    [ "$(readlink "$prefix/lib/lib$name.so")" = lib$name.so.0 ] || fail "no links"
    readelf -d "$prefix/lib/lib$name.so" | grep -q "SONAME.*\[lib$name.so.0\]" || fail "another SONAME"
done
"$prefix/bin/jotctl" --version

say "examples, by pkg-config"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
[ "$(pkg-config --modversion jot)" = "$("$prefix/bin/jotctl" --version | cut -d' ' -f2)" ] || fail "versions differ"
read -ra flags <<<"$(pkg-config --cflags --libs jot) -Wl,-rpath,$prefix/lib"
read -ra static <<<"$(pkg-config --cflags --libs jot-static)"
for example in verify issue server; do
    "$cc" -std=c11 -g -O1 "${warnings[@]}" "examples/c/$example.c" -o "$out/bin/$example" "${flags[@]}" -pthread
done
"$cc" -std=c11 -g "${warnings[@]}" -fsanitize=address,undefined examples/c/server.c -o "$out/bin/server-asan" \
    "${static[@]}" -pthread
"$cc" -std=c11 "${warnings[@]}" examples/c/verify.c -o "$out/bin/verify-static" "${static[@]}"
if readelf -d "$out/bin/verify-static" | grep -q libjot; then fail "jot-static links libjot.so"; fi
# As the page says, word by word; and the wholly static program that --static is for.
# shellcheck disable=SC2046
(cd examples/c && "$cc" verify.c $(pkg-config --cflags --libs jot-static) -o "$out/bin/verify-page")
# shellcheck disable=SC2046
(cd examples/c && "$cc" -static verify.c $(pkg-config --static --cflags --libs jot) -o "$out/bin/verify-whole")
"$cc" -std=c11 -D_GNU_SOURCE -g "${warnings[@]}" -fsanitize=address,undefined examples/c/follow.c \
    -o "$out/bin/follow" "${static[@]}" -levent -pthread
# What fetches has the threads, and stands in the place of the other library.
[ "$(pkg-config --modversion jot_fetch)" = "$(pkg-config --modversion jot)" ] || fail "versions differ"
read -ra fetching <<<"$(pkg-config --cflags --libs jot_fetch) -Wl,-rpath,$prefix/lib"
read -ra fetching_static <<<"$(pkg-config --cflags --libs jot_fetch-static)"
"$cc" -std=c11 "${warnings[@]}" examples/c/issuer.c -o "$out/bin/issuer-page" "${fetching[@]}"
"$cc" -std=c11 "${warnings[@]}" -include tests/c/loopback.h examples/c/issuer.c -o "$out/bin/issuer" "${fetching[@]}"
"$cc" -std=c11 -g "${warnings[@]}" -fsanitize=address,undefined -include tests/c/loopback.h examples/c/issuer.c \
    -o "$out/bin/issuer-asan" "${fetching_static[@]}"
"$cc" -std=c11 "${warnings[@]}" tests/c/remote.c -o "$out/bin/remote" "${fetching[@]}" -pthread
"$cc" -std=c11 "${warnings[@]}" tests/c/remote.c -o "$out/bin/remote-static" "${fetching_static[@]}" -pthread
readelf -d "$out/bin/remote" | grep -q 'libjot_fetch.so.0' || fail "jot_fetch does not link libjot_fetch.so"
if readelf -d "$out/bin/remote" | grep -q 'libjot.so'; then fail "jot_fetch links libjot.so as well"; fi
if readelf -d "$out/bin/remote-static" | grep -q libjot; then fail "jot_fetch-static links a shared library"; fi
for example in verify batch; do
    "$cxx" -std=c++17 -fno-exceptions -g -O1 "${warnings[@]}" "examples/cpp/$example.cpp" \
        -o "$out/bin/$example-cpp" "${flags[@]}" -pthread
done

say "the README prints them as they are"
block() { # the first one of this language
    awk -v begin="\`\`\`$1" '$0 == begin { inside = 1; next } /^```/ { if (inside) exit } inside' README.md
}
diff <(block c) examples/c/issuer.c
diff <(block cpp) examples/cpp/verify.cpp

say "examples, by CMake"
cat >"$out/work/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.13)
project(consumer C CXX)
find_package(jot 0.1 REQUIRED COMPONENTS fetch)
add_executable(verify ${PWD}/examples/c/verify.c)
target_link_libraries(verify PRIVATE jot::jot)
add_executable(verify-static ${PWD}/examples/c/verify.c)
target_link_libraries(verify-static PRIVATE jot::static)
add_executable(batch ${PWD}/examples/cpp/batch.cpp)
target_compile_features(batch PRIVATE cxx_std_17)
target_link_libraries(batch PRIVATE jot::jot)
find_package(Threads REQUIRED)
add_executable(remote ${PWD}/tests/c/remote.c)
target_link_libraries(remote PRIVATE jot::fetch Threads::Threads)
add_executable(remote-static ${PWD}/tests/c/remote.c)
target_link_libraries(remote-static PRIVATE jot::fetch_static Threads::Threads)
CMAKE
# Also where the whole was moved to after it was installed.
mv "$out/staged/opt/jot" "$out/moved"
for place in "$prefix" "$out/moved"; do
    build=$out/work/build-$(basename "$place")
    cmake -S "$out/work" -B "$build" -DCMAKE_PREFIX_PATH="$place" >"$out/work/cmake.log"
    cmake --build "$build" >>"$out/work/cmake.log"
done
sed -i 's/jot 0.1/jot 0.2/' "$out/work/CMakeLists.txt"
if cmake -S "$out/work" -B "$out/work/build-other" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null 2>&1; then
    fail "CMake takes another version"
fi
sed -i 's/jot 0.2/jot 0.1/' "$out/work/CMakeLists.txt"
# As a Debian has it that has no libjot-fetch-dev.
cp -r "$out/moved" "$out/bare"
rm "$out/bare/$libdir/cmake/jot/jot_fetchTargets.cmake"
if cmake -S "$out/work" -B "$out/work/build-bare" -DCMAKE_PREFIX_PATH="$out/bare" >"$out/work/cmake.log" 2>&1; then
    fail "CMake takes a component that is not there"
fi
grep -q 'jot::fetch is not installed' "$out/work/cmake.log" || fail "CMake does not say what is missing"
sed -i -e 's/ COMPONENTS fetch//' -e '/remote/d' "$out/work/CMakeLists.txt"
cmake -S "$out/work" -B "$out/work/build-bare" -DCMAKE_PREFIX_PATH="$out/bare" >"$out/work/cmake.log"

say "running them"
claims() { printf '{"iss":"https://issuer.example","aud":"%s","sub":"alice","exp":%s}' "$1" "$2"; }
"$out/bin/issue" "$out/work/jwks.json" "$(claims api 9999999999)" "$(claims api 1)" "$(claims other 9999999999)" \
    >"$out/work/tokens"
mapfile -t tokens <"$out/work/tokens"
jwks=$(cat "$out/work/jwks.json")
for program in "$out/bin/verify" "$out/bin/verify-static" "$out/bin/verify-page" "$out/bin/verify-whole" "$out/bin/verify-cpp" \
    "$out"/work/build-*/verify "$out"/work/build-*/verify-static; do
    [ "$("$program" "$jwks" "${tokens[0]}")" = "welcome, alice" ] || fail "$program refuses a good token"
    if said=$("$program" "$jwks" "${tokens[1]}"); then fail "$program accepts an expired token"; fi
    [[ $said == "401: expired"* ]] || fail "$program says: $said"
    ! "$program" '{}' "${tokens[0]}" >/dev/null 2>&1 || fail "$program takes no keys for keys"
done
for program in "$out/bin/batch-cpp" "$out"/work/build-*/batch; do
    "$program" "$out/work/jwks.json" "$out/work/tokens" https://issuer.example api |
        diff - <(printf 'accepted 1\naud_mismatch 1\nexpired 1\n')
done

for program in "$out"/bin/remote "$out"/bin/remote-static "$out"/work/build-{prefix,moved}/remote{,-static}; do
    "$program"
done

say "the server"
for server in server server-asan; do
    scripts/test-server.sh "$out/bin/$server" "$out/bin/issue" "$out/work"
done
# No issuer is asked: the URL of the README's is of https.
[[ $("$out/bin/issuer-page" http://127.0.0.1:1 "${tokens[0]}") == "500: url_refused"* ]] || fail "http is taken"
for program in issuer issuer-asan; do
    python3 tests/c/issuer.py "$out/bin/$program" "$out/bin/issue" "$out/work"
done
python3 tests/c/follow.py "$out/bin/follow" "$out/bin/issue" "$out/work"
