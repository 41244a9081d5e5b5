#!/usr/bin/env bash
# Runs the engine's tests under AddressSanitizer, ThreadSanitizer and Miri, each
# those that are its business:
#
#   scripts/sanitizers.sh [address|thread|miri...]
#
# AddressSanitizer gets the tests of the C interface and of the engine,
# ThreadSanitizer those of what threads share, and Miri, which interprets Rust and
# calls no C, those unit tests that come without aws-lc, and of accel what moves registers
# to and from memory. Each must first find a fault that is planted for it (src/planted.rs).
#
# They need a nightly compiler, which rustup installs where it is missing. C code
# is built once by the stable compiler and is not looked into.
set -euo pipefail
cd "$(dirname "$0")/.."

which=("$@")
[ $# -gt 0 ] || which=(address thread miri)

scripts/setup.sh
toolchain=${JOT_NIGHTLY:-nightly}
rustup run "$toolchain" rustc --version >/dev/null 2>&1 ||
    rustup toolchain install "$toolchain" --profile minimal --no-self-update
rustup --quiet component add --toolchain "$toolchain" rust-src

host=$(rustc -vV | sed -n 's/^host: //p')
logs=target/sanitizers
mkdir -p "$logs"

# What the build script of aws-lc-sys found, as settings that take its place. They
# stand behind the command of cargo's: those before it give way to others behind.
manifest=$(cargo metadata --format-version 1 --locked --filter-platform "$host" |
    grep -o '"manifest_path":"[^"]*aws-lc-sys[^"]*Cargo.toml"' | head -n 1 | cut -d'"' -f4)
links=$(sed -n 's/^links = "\(.*\)"/\1/p' "$manifest")
built() { grep -ls "${links}_crypto" target/debug/build/aws-lc-sys-*/output | head -n 1; }
[ -n "$(built)" ] || cargo build --quiet --locked --package aws-lc-sys
# The folder may have been moved since.
folder=$(dirname "$(built)")
output=$(sed "s#$(cat "$folder/root-output")#$PWD/$folder/out#g" "$folder/output")
settings=()
set_list() { # setting, prefix of the lines
    local values
    values=$(sed -n "s/^cargo:$2=\(.*\)/'\1',/p" <<<"$output" | sort -u | tr -d '\n')
    settings+=(--config "target.$host.$links.$1=[$values]")
}
set_list rustc-link-lib rustc-link-lib
set_list rustc-link-search rustc-link-search
set_list rustc-cfg rustc-cfg
for name in include libcrypto root conf; do
    settings+=(--config "target.$host.$links.$name='$(sed -n "s/^cargo:$name=//p" <<<"$output")'")
done

say() { printf 'sanitizers: %s\n' "$*"; }

# Runs a command that must fail, and say why.
must_find() { # log, what it says, command...
    local log=$logs/$1 words=$2
    shift 2
    if "$@" >"$log" 2>&1; then
        say "the planted fault was not found: $log"
        exit 1
    fi
    if ! grep -q "$words" "$log"; then
        tail -n 40 "$log"
        say "something else than the planted fault failed: $log"
        exit 1
    fi
}

must_pass() { # log, command...
    local log=$logs/$1
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 100 "$log"
        say "failed: $log"
        exit 1
    fi
}

# Flags of rustc for the engine alone: all else is as it is built without.
for_engine() { # flags, as a list in TOML
    flags=(-Zprofile-rustflags --config "profile.dev.package.libjot.rustflags=[$1]")
}
for_engine "'--cfg', 'planted=\"race\"'"
race=("${flags[@]}")
for_engine "'--cfg', 'planted=\"overread\"'"
overread=("${flags[@]}")

# A command of cargo's with a sanitizer of the compiler's.
sanitized() { # sanitizer, command, arguments of it...
    local sanitizer=$1 command=$2
    shift 2
    RUSTFLAGS="-Zsanitizer=$sanitizer" cargo "+$toolchain" "$command" "${settings[@]}" \
        --config 'profile.dev.debug="line-tables-only"' --config profile.dev.package.libjot.opt-level=1 \
        --config profile.dev.package.jot-accel.opt-level=1 \
        --locked --target "$host" --target-dir "$logs/build" "$@"
}

address() {
    # Some tests ask for more memory than there is, and want to be told.
    export ASAN_OPTIONS=allocator_may_return_null=1
    local overflow="AddressSanitizer: heap-buffer-overflow"
    c_programs address-c-planted-build.log "${overread[@]}"
    must_find address-c-planted.log "$overflow" "$logs/batch"
    c_programs address-c-build.log
    for program in "${programs[@]}"; do
        must_pass "address-c-$program.log" "$logs/$program"
    done

    must_find address-planted.log "$overflow" \
        sanitized address test "${overread[@]}" --lib -- base64url::tests::an_arena
    must_pass address-tests.log \
        sanitized address test --package libjot --package jot-accel \
        --lib --test batch --test cache_rules --test negative_keys
}

# The tests of the C interface with what is behind it under AddressSanitizer as
# well, which scripts/test-c.sh has for the programs alone.
programs=(verify claims keys batch columns)
c_programs() { # log, arguments of cargo...
    local log=$1
    shift
    must_pass "$log" sanitized address rustc --lib --crate-type staticlib --features capi,regex "$@"
    for program in "${programs[@]}"; do
        must_pass "$log" "${CC:-cc}" -std=c11 -g -O1 -fsanitize=address -Iinclude "tests/c/$program.c" \
            -o "$logs/$program" "$logs/build/$host/debug/libjot.a" -lutil -lrt -lpthread -lm -ldl
    done
}

thread() {
    # The standard library as well: what it does for order would not be seen.
    local std=(-Zbuild-std)
    export TSAN_OPTIONS=halt_on_error=1
    must_find thread-planted.log "ThreadSanitizer: data race" \
        sanitized thread test "${std[@]}" "${race[@]}" --test cache_stress
    must_pass thread-tests.log sanitized thread test "${std[@]}" \
        --test cache_stress --test batch --test backend_shared --test statistics
}

miri() {
    rustup --quiet component add --toolchain "$toolchain" miri
    local modules=(alg base64url batch cache error json jws policy revocation stripes time)
    must_find miri-planted.log "Undefined Behavior: memory access failed" \
        interpreted "${overread[@]}" -- base64url::tests::an_arena
    must_pass miri-tests.log interpreted -- "${modules[@]/%/::}"
    all_ran miri-tests.log "${modules[@]/%/::}"

    # The real registers: with emulated ones nothing in accel is unsafe (accel/tests/floors.rs).
    case $host in x86_64-*) ;; *) return ;; esac
    local registers=(
        simd::tests::wide_registers_are_loaded_from
        simd::tests::narrow_registers_are_loaded_from
        ifma::sha2::tests::digests_of_the_sha_extensions
    )
    features+=,+avx512f,+avx512bw,+avx512dq,+avx512vl,+avx512ifma,+avx512vbmi,+sha
    MIRIFLAGS=-Zmiri-env-set=JOT_REQUIRE=all must_pass miri-registers.log \
        interpreted --package jot-accel -- "${registers[@]}"
    all_ran miri-registers.log "${registers[@]}"
}

# Words that no test has would be passed over in silence.
all_ran() { # log, beginnings of names...
    local log=$1 name
    shift
    for name in "$@"; do
        must_pass miri-ran.log grep "^test $name.* ok" "$logs/$log"
    done
}

# A run of the unit tests by Miri. It knows only those CPU features that are
# switched on for the compiler; of AVX-512 it lacks instructions, so those tests
# are skipped as on a machine without.
case $host in x86_64-*) features=-Ctarget-feature=+avx2 ;; *) features= ;; esac
interpreted() { # arguments of cargo's...
    RUSTFLAGS=$features cargo "+$toolchain" miri test "${settings[@]}" --locked --target "$host" \
        --target-dir "$logs/miri" --lib "$@"
}

for check in "${which[@]}"; do
    case $check in
        thread | address | miri)
            started=$SECONDS
            "$check"
            say "$check: nothing but the planted fault, in $((SECONDS - started)) s"
            ;;
        *)
            say "there is no $check"
            exit 2
            ;;
    esac
done
