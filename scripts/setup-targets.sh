#!/usr/bin/env bash
# Installs what other targets need, where it is missing:
#
#   scripts/setup-targets.sh check   the standard libraries alone
#   scripts/setup-targets.sh test    what builds and runs tests on aarch64
#   scripts/setup-targets.sh dist    what wheels are made for
#   scripts/setup-targets.sh musl    a compiler in C for musl
#   scripts/setup-targets.sh long    the same on i686, with musl and on Windows
set -euo pipefail
cd "$(dirname "$0")/.."

targets=()
packages=()
need() { # a program, and the Debian package that has it
    command -v "$1" >/dev/null || packages+=("$2")
}
for what in "$@"; do
    case $what in
        check)
            targets+=(i686-unknown-linux-gnu armv7-unknown-linux-gnueabihf aarch64-unknown-linux-gnu
                aarch64-unknown-linux-musl x86_64-unknown-linux-musl x86_64-pc-windows-gnu aarch64-apple-darwin)
            ;;
        dist)
            targets+=(x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-unknown-linux-musl
                aarch64-unknown-linux-musl)
            ;;
        test)
            targets+=(aarch64-unknown-linux-gnu)
            need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
            [ -e /usr/aarch64-linux-gnu/include/stdio.h ] || packages+=(libc6-dev-arm64-cross)
            need qemu-aarch64 qemu-user
            ;;
        musl) need musl-gcc musl-tools ;;
        long)
            targets+=(i686-unknown-linux-gnu x86_64-unknown-linux-musl x86_64-pc-windows-gnu)
            need i686-linux-gnu-gcc gcc-i686-linux-gnu
            [ -e /usr/i686-linux-gnu/include/stdio.h ] || packages+=(libc6-dev-i386-cross)
            need musl-gcc musl-tools
            need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
            # aws-lc's assembly for Windows is written for it.
            need nasm nasm
            [ -e /usr/lib/wine/wine64 ] || packages+=(wine64)
            ;;
        *) echo "setup-targets: what is $what?" >&2; exit 2 ;;
    esac
done

scripts/debian.sh "${packages[@]}"

libraries=$(rustc --print sysroot)/lib/rustlib
missing=()
for target in "${targets[@]}"; do
    [ -d "$libraries/$target/lib" ] || missing+=("$target")
done
[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v rustup >/dev/null; then
    echo "setup-targets: please install Rust's standard library for: ${missing[*]}" >&2
    exit 1
fi
rustup target add "${missing[@]}"
