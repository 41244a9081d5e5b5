#!/usr/bin/env bash
# Looks after targets other than the machine's own:
#
#   scripts/targets.sh check   the engine and its C interface compile without a
#                              warning for each of them; on this machine clippy has
#                              nothing to say with each feature alone and with none
#   scripts/targets.sh test    the engine's tests on aarch64, by qemu
#   scripts/targets.sh long [aarch64|i686|musl|windows...]
#                              every test of the engine on aarch64; the engine's
#                              tests on i686 and with musl; programs in C with musl
#                              and on Windows, by Wine
set -euo pipefail
cd "$(dirname "$0")/.."

cargo=${CARGO:-cargo}
say() { printf '== %s\n' "$*"; }

aarch64=aarch64-unknown-linux-gnu
i686=i686-unknown-linux-gnu
musl=x86_64-unknown-linux-musl
windows=x86_64-pc-windows-gnu

wine=/usr/lib/wine/wine64

export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
export CARGO_TARGET_I686_UNKNOWN_LINUX_GNU_LINKER=i686-linux-gnu-gcc
# The kernel runs such programs, but the libraries are not where they look.
export CARGO_TARGET_I686_UNKNOWN_LINUX_GNU_RUNNER="/usr/i686-linux-gnu/lib/ld-linux.so.2 --library-path /usr/i686-linux-gnu/lib"
export CC_i686_unknown_linux_gnu=i686-linux-gnu-gcc
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc

# Under qemu each instruction of aws-lc's counts.
profile=(--config "profile.dev.package.aws-lc-sys.opt-level=2" --config "profile.dev.package.aws-lc-sys.debug=false")

# Type checking wants no C library, so aws-lc is not built: cargo is told what
# its build script would say, and no compiler for C is needed.
check() {
    local version links target host feature features
    version=$(sed -n '/^name = "aws-lc-sys"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)
    links=aws_lc_${version//./_}
    for target in $i686 armv7-unknown-linux-gnueabihf $aarch64 aarch64-unknown-linux-musl $musl $windows \
        aarch64-apple-darwin; do
        say "$target: no warning"
        check_types check "$target" --features capi,regex
    done
    host=$(rustc -vV | sed -n 's/^host: //p')
    features=$(sed -n '/^\[features\]$/,/^\[/s/^\([a-z-]*\) = .*/\1/p' Cargo.toml)
    [[ $features == *serde* ]] || { echo "targets: Cargo.toml's features were not found" >&2; exit 1; }
    for feature in $features; do
        say "the feature $feature alone: no warning, of clippy neither"
        check_types clippy "$host" --no-default-features --features "$feature"
    done
    say "no feature: no warning, of clippy neither"
    check_types clippy "$host" --no-default-features
}

check_types() { # check or clippy, target, further arguments of cargo...
    RUSTFLAGS="-D warnings" "$cargo" "$1" --quiet --locked --lib --target "$2" \
        --target-dir "${CARGO_TARGET_DIR:-target}/targets" \
        --config "target.$2.$links.rustc-cfg=['universal']" --config "target.$2.$links.include='none'" "${@:3}"
}

tests() { # target, arguments of cargo test...
    "$cargo" test --quiet --locked --package libjot --package jot-accel --features capi,regex "${profile[@]}" \
        --target "$@"
}

# The engine's own tests, the portable accelerated code's among them, and those
# that go through the table of cases, keys, tokens and backends.
quick=(--lib --test c_cases --test negative_tokens --test signature_ok --test backend --test differential
    --test vectors --test vectors_ed25519)

timed() { # a function
    local started=$SECONDS
    "$@"
    say "$1: $((SECONDS - started)) s"
}

quick_aarch64() {
    say "$aarch64: the engine's tests"
    tests $aarch64 "${quick[@]}"
}

# The programs in C that ask for no POSIX.
programs=(verify claims keys batch columns backend cases)
c_flags=(-std=c11 -g -Wall -Wextra -Wpedantic -Werror -Iinclude)
cases() { [ "$1" != cases ] || echo "$JOT_C_CASES"; }

# Each step has a `build` of its own: source, name.
build_programs() {
    local program
    for program in "${programs[@]}"; do build "tests/c/$program.c" "test-$program"; done
    for program in issue verify; do build "examples/c/$program.c" "$program"; done
}

# Runs what was built: the tests in C, and the examples with tokens good and bad.
run_programs() { # folder, what names end in, runner...
    local folder=$1 suffix=$2 program tokens
    shift 2
    for program in "${programs[@]}"; do
        # shellcheck disable=SC2046
        "$@" "$folder/test-$program$suffix" $(cases "$program")
    done
    claims() { printf '{"iss":"https://issuer.example","aud":"api","sub":"alice","exp":%s}' "$1"; }
    "$@" "$folder/issue$suffix" "$folder/jwks.json" "$(claims 9999999999)" "$(claims 1)" >"$folder/tokens"
    mapfile -t tokens < <(tr -d '\r' <"$folder/tokens")
    "$@" "$folder/verify$suffix" "$(cat "$folder/jwks.json")" "${tokens[0]}" | grep "^welcome, alice"
    { ! "$@" "$folder/verify$suffix" "$(cat "$folder/jwks.json")" "${tokens[1]}"; } | grep "^401: expired"
}

long_aarch64() {
    local file all=()
    say "$aarch64: every test of the engine, but batch_memory: that would measure qemu"
    for file in tests/*.rs; do
        case $file in
        # c_header looks at no target.
        tests/batch_memory.rs | tests/c_header.rs) ;;
        *) all+=(--test "$(basename "$file" .rs)") ;;
        esac
    done
    tests $aarch64 --lib --test crafted --test vectors "${all[@]}"
}

long_i686() {
    say "$i686: the engine's tests"
    tests $i686 "${quick[@]}"
}

long_musl() {
    local kind unwind folder=$target/musl
    mkdir -p "$folder"/{shared,static}
    # Debian has no libgcc_s for musl: the unwinder that Rust brings stands in.
    unwind=$("${RUSTC:-rustc}" --print sysroot)/lib/rustlib/$musl/lib/self-contained/libunwind.a
    echo "INPUT($unwind)" >"$folder/libgcc_s.so"
    printf '#!/bin/sh\nexec musl-gcc -L%s "$@"\n' "$folder" >"$folder/cc"
    chmod +x "$folder/cc"
    export CC_x86_64_unknown_linux_musl=musl-gcc CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER=$folder/cc
    say "$musl: the engine's tests"
    tests $musl --config "target.$musl.rustflags=['-C', 'target-feature=-crt-static']" "${quick[@]}"
    say "$musl: the C programs, with the shared and the static library"
    scripts/lib.sh --target $musl "${profile[@]}"
    library=$target/$musl/debug
    if readelf -d "$library/libjot.so" | grep 'NEEDED.*libc\.so\.6'; then exit 1; fi
    ln -sf "$library/libjot.so" "$folder/shared/libjot.so.0"
    build() {
        musl-gcc "${c_flags[@]}" "$1" -o "$folder/shared/$2" "$library/libjot.so" -Wl,-rpath,"$folder/shared"
        musl-gcc "${c_flags[@]}" "$1" -o "$folder/static/$2" -static "$library/libjot.a" "$unwind"
    }
    build_programs
    for kind in shared static; do run_programs "$folder/$kind" "" env; done
}

long_windows() {
    local system folder=$target/windows
    mkdir -p "$folder"
    export WINEPREFIX=$folder/wine WINEDEBUG=-all
    system=$WINEPREFIX/drive_c/windows/system32
    [ -e "$system/bcrypt.dll" ] || $wine wineboot --init
    # Later versions of Wine have one.
    [ -e "$system/bcryptprimitives.dll" ] ||
        x86_64-w64-mingw32-gcc -shared -O1 -Wall -Wextra -Werror tests/windows/prng.c \
            -o "$system/bcryptprimitives.dll" -lbcrypt
    say "$windows: the C programs"
    scripts/lib.sh --target $windows "${profile[@]}"
    library=$target/$windows/debug
    cp "$library/jot.dll" "$folder/"
    build() { x86_64-w64-mingw32-gcc "${c_flags[@]}" "$1" -o "$folder/$2.exe" "$library/libjot.dll.a"; }
    build_programs
    run_programs "$folder" .exe $wine
    # 700 MB that are made in seconds.
    /usr/lib/wine/wineserver -w
    rm -rf "$WINEPREFIX"
}

case ${1:-} in
    check)
        scripts/setup-targets.sh check
        check
        ;;
    test)
        scripts/setup-targets.sh test
        timed quick_aarch64
        ;;
    long)
        shift
        [ $# -gt 0 ] || set -- aarch64 i686 musl windows
        scripts/setup-targets.sh test long
        target=$(scripts/target-dir.sh)
        mkdir -p "$target/c"
        export JOT_C_CASES=$target/c/cases.txt
        for one in "$@"; do
            timed "long_$one"
        done
        ;;
    *)
        sed -n 's/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
