#!/usr/bin/env bash
# Installs libjot and libjot_fetch, each shared and static with its headers and files for
# pkg-config, the CMake package, and unless it is told `lib`, jotctl with its manual pages
# and completions:
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

case $(uname -s) in
Darwin) strip_shared=-x strip_static=-S needs=(iconv m) ;;
MINGW* | MSYS* | CYGWIN*)
    echo "install: not for Windows: scripts/lib.sh makes jot.dll and libjot.dll.a" >&2
    exit 1
    ;;
*) strip_shared=--strip-unneeded strip_static=--strip-debug needs=(util rt pthread m dl) ;;
esac

put() {
    install -d "$(dirname "$root/$3")"
    install -m "$1" "$2" "$root/$3"
}
fill() {
    local up
    up=$(printf '%s/cmake/jot' "$lib" | sed 's#[^/][^/]*#..#g')
    install -d "$(dirname "$root/$2")"
    sed -e "s#@PREFIX@#$prefix#g" -e "s#@LIBDIR@#$prefix/$lib#g" -e "s#@LIB@#$lib#g" -e "s#@UP@#$up#g" \
        -e "s#@NAME@#$name#g" -e "s#@WHAT@#$what_it_is#g" -e "s#@SHARED@#$of_shared#g" -e "s#@STATIC@#$of_static#g" \
        -e "s#@WHOLE@#$whole#g" -e "s#@SONAME@#$soname#g" -e "s#@ARCHIVE@#$archive#g" \
        -e "s#@NEEDS@#${needs[*]/#/-l}#g" -e "s#@NEEDED@#$(IFS=';' && echo "${needs[*]}")#g" \
        -e "s#@VERSION@#$version#g" -e "s#@SERIES@#${version%.*}#g" -e "s#@ABI@#$abi#g" "$1" >"$root/$2"
    chmod 644 "$root/$2"
}

# Installs one library: its name, what it is, what CMake calls it, shared and static.
library() {
    name=$1 what_it_is=$2 of_shared=$3 of_static=$4
    # What the shared library is called: as cargo makes it, by its version, by its ABI;
    # and how others find it.
    case $(uname -s) in
    Darwin)
        shared=lib$name.dylib whole=lib$name.$version.dylib short=lib$name.$abi.dylib
        soname=@rpath/$short archive="\${libdir}/lib$name.a"
        ;;
    *)
        shared=lib$name.so whole=lib$name.so.$version short=lib$name.so.$abi
        soname=$short archive=-l:lib$name.a
        ;;
    esac
    put 755 "$target/release/$shared" "$lib/$whole"
    put 644 "$target/release/lib$name.a" "$lib/lib$name.a"
    # What a debugger would want is in the build folder still.
    strip "$strip_shared" "$root/$lib/$whole"
    strip "$strip_static" "$root/$lib/lib$name.a"
    ln -sf "$whole" "$root/$lib/$short"
    ln -sf "$short" "$root/$lib/$shared"
    put 644 "include/$name.h" "include/$name.h"
    put 644 "include/$name.hpp" "include/$name.hpp"
    fill packaging/jot.pc.in "$lib/pkgconfig/$name.pc"
    fill packaging/jot-static.pc.in "$lib/pkgconfig/$name-static.pc"
    fill packaging/jotTargets.cmake.in "$lib/cmake/jot/${name}Targets.cmake"
}

scripts/lib.sh --release
scripts/lib.sh --fetch --release
library jot "A strict, fast JWT verification engine" jot static
library jot_fetch "libjot, and a thread that follows the keys of issuers" fetch fetch_static
fill packaging/jotConfig.cmake.in "$lib/cmake/jot/jotConfig.cmake"
fill packaging/jotConfigVersion.cmake.in "$lib/cmake/jot/jotConfigVersion.cmake"
[ "$what" = all ] || exit 0

jotctl=$(scripts/jotctl.sh)
put 755 "$jotctl" bin/jotctl
strip "$root/bin/jotctl"
install -d "$root/share/man/man1"
"$jotctl" man "$root/share/man/man1"
complete() { # shell, path below the prefix
    install -d "$(dirname "$root/$2")"
    "$jotctl" completions "$1" >"$root/$2"
}
complete bash share/bash-completion/completions/jotctl
complete zsh share/zsh/site-functions/_jotctl
complete fish share/fish/vendor_completions.d/jotctl.fish
