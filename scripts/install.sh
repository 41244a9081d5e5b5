#!/usr/bin/env bash
# Installs the library, its headers, jot.pc, jot-static.pc, the CMake package, and
# unless it is told `lib`, jotctl with its manual pages and completions:
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

# What the shared library is called: as cargo makes it, by its version, by its ABI;
# how others find it; and what the static one needs.
case $(uname -s) in
Darwin)
    shared=libjot.dylib whole=libjot.$version.dylib short=libjot.$abi.dylib soname=@rpath/libjot.$abi.dylib
    archive="\${libdir}/libjot.a" needs=(iconv m) strip_shared=-x strip_static=-S
    ;;
MINGW* | MSYS* | CYGWIN*)
    echo "install: not for Windows: scripts/lib.sh makes jot.dll and libjot.dll.a" >&2
    exit 1
    ;;
*)
    shared=libjot.so whole=libjot.so.$version short=libjot.so.$abi soname=libjot.so.$abi
    archive=-l:libjot.a needs=(util rt pthread m dl) strip_shared=--strip-unneeded strip_static=--strip-debug
    ;;
esac

scripts/lib.sh --release

put() {
    install -d "$(dirname "$root/$3")"
    install -m "$1" "$2" "$root/$3"
}
fill() {
    local up
    up=$(printf '%s/cmake/jot' "$lib" | sed 's#[^/][^/]*#..#g')
    install -d "$(dirname "$root/$2")"
    sed -e "s#@PREFIX@#$prefix#g" -e "s#@LIBDIR@#$prefix/$lib#g" -e "s#@LIB@#$lib#g" -e "s#@UP@#$up#g" \
        -e "s#@WHOLE@#$whole#g" -e "s#@SONAME@#$soname#g" -e "s#@ARCHIVE@#$archive#g" \
        -e "s#@NEEDS@#${needs[*]/#/-l}#g" -e "s#@NEEDED@#$(IFS=';' && echo "${needs[*]}")#g" \
        -e "s#@VERSION@#$version#g" -e "s#@SERIES@#${version%.*}#g" -e "s#@ABI@#$abi#g" "$1" >"$root/$2"
    chmod 644 "$root/$2"
}

put 755 "$target/release/$shared" "$lib/$whole"
put 644 "$target/release/libjot.a" "$lib/libjot.a"
# What a debugger would want is in the build folder still.
strip "$strip_shared" "$root/$lib/$whole"
strip "$strip_static" "$root/$lib/libjot.a"
ln -sf "$whole" "$root/$lib/$short"
ln -sf "$short" "$root/$lib/$shared"
put 644 include/jot.h include/jot.h
put 644 include/jot.hpp include/jot.hpp
fill packaging/jot.pc.in "$lib/pkgconfig/jot.pc"
fill packaging/jot-static.pc.in "$lib/pkgconfig/jot-static.pc"
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
