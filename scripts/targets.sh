#!/usr/bin/env bash
# Looks after targets other than the machine's own:
#
#   scripts/targets.sh check   the engine and its C interface compile without a
#                              warning for each of them
#   scripts/targets.sh test    the engine's tests on aarch64 (by qemu) and i686
#   scripts/targets.sh long    every test of the engine on aarch64, and its own
#                              tests with musl
set -euo pipefail
cd "$(dirname "$0")/.."

cargo=${CARGO:-cargo}
say() { printf '== %s\n' "$*"; }

export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
export CARGO_TARGET_I686_UNKNOWN_LINUX_GNU_LINKER=i686-linux-gnu-gcc
# The kernel runs such programs, but the libraries are not where they look.
export CARGO_TARGET_I686_UNKNOWN_LINUX_GNU_RUNNER="/usr/i686-linux-gnu/lib/ld-linux.so.2 --library-path /usr/i686-linux-gnu/lib"
export CC_i686_unknown_linux_gnu=i686-linux-gnu-gcc
export CC_x86_64_unknown_linux_musl=musl-gcc

# Type checking wants no C library, so aws-lc is not built: cargo is told what
# its build script would say, and no compiler for C is needed.
check() {
    local version links target
    version=$(sed -n '/^name = "aws-lc-sys"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)
    links=aws_lc_${version//./_}
    for target in i686-unknown-linux-gnu armv7-unknown-linux-gnueabihf aarch64-unknown-linux-gnu \
        aarch64-unknown-linux-musl x86_64-unknown-linux-musl; do
        say "$target: no warning"
        RUSTFLAGS="-D warnings" "$cargo" check --quiet --locked --lib --features capi --target "$target" \
            --target-dir "${CARGO_TARGET_DIR:-target}/targets" \
            --config "target.$target.$links.rustc-cfg=['universal']" --config "target.$target.$links.include='none'"
    done
}

# The engine's own tests, and those that go through the table of cases, keys,
# tokens and backends.
quick() {
    say "$1: the engine's tests"
    "$cargo" test --quiet --locked --package libjot --features capi,probe --target "$1" --lib \
        --test c_cases --test negative_tokens --test signature_ok --test backend
}

case ${1:-} in
    check)
        scripts/setup-targets.sh check
        check
        ;;
    test)
        scripts/setup-targets.sh check test
        quick aarch64-unknown-linux-gnu
        quick i686-unknown-linux-gnu
        ;;
    long)
        scripts/setup-targets.sh check test long
        say "aarch64-unknown-linux-gnu: every test of the engine"
        "$cargo" test --quiet --locked --package libjot --features capi,probe --target aarch64-unknown-linux-gnu
        say "x86_64-unknown-linux-musl: the engine's tests"
        "$cargo" test --quiet --locked --package libjot --features capi,probe --target x86_64-unknown-linux-musl \
            --lib --test c_cases --test negative_tokens
        ;;
    *)
        sed -n 's/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
