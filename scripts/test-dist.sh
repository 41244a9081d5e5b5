#!/usr/bin/env bash
# Installs what scripts/dist.sh made, each artefact where nothing else is, and uses
# it there:
#
#   scripts/test-dist.sh [part...]     the parts of scripts/dist.sh, and `sums`
set -euo pipefail
cd "$(dirname "$0")/.."

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(sums sbom deb nginx wheels java sdist node crates)

root=$PWD
cargo=${CARGO:-cargo}
target=$(scripts/target-dir.sh)
dist=$target/dist
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
triplet=$(cc -print-multiarch)
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset JOT_LIBRARY PYTHONPATH

say() { printf '== %s\n' "$*"; }
fail() {
    echo "test-dist: $*" >&2
    exit 1
}

sums() {
    (cd "$dist" && sha256sum --check --quiet SHA256SUMS)
    local count
    count=$(find "$dist" -maxdepth 1 -type f ! -name SHA256SUMS | wc -l)
    [ "$count" -eq "$(wc -l <"$dist/SHA256SUMS")" ] || fail "SHA256SUMS does not list every file"
}

sbom() {
    python3 - "$version" "$dist"/*-"$version".cdx.json <<'PYTHON'
import json
import sys

version, *files = sys.argv[1:]
# One for each product: three crates, the tool, the packages for Python and Node.
assert len(files) == 6, files
for file in files:
    with open(file, encoding="utf-8") as opened:
        bom = json.load(opened)
    assert bom["bomFormat"] == "CycloneDX" and bom["specVersion"] == "1.5", file
    assert bom["metadata"]["component"]["version"] == version, file
    parts = {part["name"]: part for part in bom["components"]}
    # The cryptography that everything is made over.
    crypto = parts["aws-lc-sys"]
    assert crypto["purl"].startswith("pkg:cargo/aws-lc-sys@") and crypto["licenses"], file
    assert all(part["version"] for part in parts.values()), file
    # No path of the machine that it was made on.
    text = json.dumps(bom)
    assert "file://" not in text and "path+" not in text, file
PYTHON
}

# The tokens and keys of a program that takes both, good and expired.
tokens() { # issue, folder
    claims() { printf '{"iss":"https://issuer.example","aud":"api","sub":"alice","exp":%s}' "$1"; }
    "$1" "$2/jwks.json" "$(claims 9999999999)" "$(claims 1)" >"$2/tokens"
}

field() { dpkg-deb --field "$dist/${1}_${version}_$architecture.deb" "$2"; }

deb() {
    local name into=$work/deb flags
    mkdir -p "$into"
    for name in libjot0 libjot-dev libjot-fetch0 libjot-fetch-dev jotctl; do
        dpkg-deb --info "$dist/${name}_${version}_$architecture.deb" >/dev/null
        [ "$(field $name Version)" = "$version" ] || fail "$name has another version"
        dpkg --extract "$dist/${name}_${version}_$architecture.deb" "$into"
        [ -s "$into/usr/share/doc/$name/copyright" ] || fail "$name has no licence"
    done
    [[ $(field libjot0 Depends) == *"libc6 (>= "* ]] || fail "libjot0 needs no C library"
    [ "$(field libjot-dev Depends)" = "libjot0 (= $version)" ] || fail "libjot-dev does not need its libjot0"
    [[ $(field libjot-fetch0 Depends) == *"libc6 (>= "* ]] || fail "libjot-fetch0 needs no C library"
    [ "$(field libjot-fetch-dev Depends)" = "libjot-fetch0 (= $version), libjot-dev (= $version)" ] ||
        fail "libjot-fetch-dev does not need its libraries"
    # Together they have what `make install` has, and each file once.
    for file in lib/$triplet/libjot.so.$version lib/$triplet/libjot.so.0 lib/$triplet/libjot.so lib/$triplet/libjot.a \
        lib/$triplet/pkgconfig/jot.pc lib/$triplet/cmake/jot/jotConfig.cmake include/jot.h include/jot.hpp \
        lib/$triplet/libjot_fetch.so.$version lib/$triplet/libjot_fetch.so.0 lib/$triplet/libjot_fetch.so \
        lib/$triplet/libjot_fetch.a lib/$triplet/pkgconfig/jot_fetch.pc lib/$triplet/pkgconfig/jot_fetch-static.pc \
        lib/$triplet/cmake/jot/jot_fetchTargets.cmake include/jot_fetch.h include/jot_fetch.hpp \
        share/man/man1/jotctl-audit.1.gz share/bash-completion/completions/jotctl \
        share/zsh/vendor-completions/_jotctl share/fish/vendor_completions.d/jotctl.fish; do
        [ -e "$into/usr/$file" ] || fail "no package has $file"
    done
    export PKG_CONFIG_LIBDIR=$into/usr/lib/$triplet/pkgconfig PKG_CONFIG_SYSROOT_DIR=$into
    [ "$(pkg-config --modversion jot)" = "$version" ] || fail "jot.pc has another version"
    read -ra flags <<<"$(pkg-config --cflags --libs jot)"
    for name in issue verify; do
        cc -std=c11 -Wall -Wextra -Werror "examples/c/$name.c" -o "$work/$name" "${flags[@]}" \
            -Wl,-rpath,"$into/usr/lib/$triplet"
    done
    read -ra flags <<<"$(pkg-config --cflags --libs jot_fetch)"
    cc -std=c11 -Wall -Wextra -Werror tests/c/remote.c -o "$work/remote" "${flags[@]}" -pthread \
        -Wl,-rpath,"$into/usr/lib/$triplet"
    "$work/remote"
    tokens "$work/issue" "$work"
    mapfile -t tokens <"$work/tokens"
    [ "$("$work/verify" "$(cat "$work/jwks.json")" "${tokens[0]}")" = "welcome, alice" ] || fail "no welcome"
    ! "$work/verify" "$(cat "$work/jwks.json")" "${tokens[1]}" >/dev/null || fail "an expired token is welcome"
    [ "$("$into/usr/bin/jotctl" --version)" = "jotctl $version" ] || fail "jotctl has another version"
    "$into/usr/bin/jotctl" verify --jwks "$work/jwks.json" --iss https://issuer.example --aud api \
        --alg ES256 "${tokens[0]}" | grep -q accepted || fail "jotctl refuses a good token"
}

nginx() {
    local into=$work/nginx
    dpkg --extract "$dist/libnginx-mod-http-jot_${version}_$architecture.deb" "$into"
    [[ $(field libnginx-mod-http-jot Depends) == *nginx-abi-* ]] || fail "the module is for every nginx"
    echo '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}' >"$into/jwks.json"
    # As modules-enabled has it, but with the folder that it was unpacked to.
    sed "s#modules/#$into/usr/lib/nginx/modules/#" "$into/usr/share/nginx/modules-available/mod-http-jot.conf" \
        >"$into/nginx.conf"
    cat >>"$into/nginx.conf" <<NGINX
pid $into/nginx.pid;
events {}
http {
    access_log off;
    server {
        listen 127.0.0.1:1;
        jot on;
        jot_key_file $into/jwks.json;
        jot_algorithms EdDSA;
        jot_issuer https://issuer.example;
        jot_audience api;
    }
}
NGINX
    /usr/sbin/nginx -t -q -e "$into/error.log" -c "$into/nginx.conf" || fail "nginx does not take the module"
}

# The highest version of glibc that a library asks for.
glibc() { objdump -T "$1" | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -n 1; }
needed() { readelf -d "$1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | LC_ALL=C sort | tr '\n' ' '; }

# Fails unless a library is for this platform, by the names of wheels, and needs no more than it has.
made_for() { # platform, library
    local platform=$1 library=$2 names machine
    machine=$(readelf -h "$library" | sed -n 's/ *Machine: *//p')
    case $platform in
    *x86_64) [[ $machine == *X86-64* ]] ;;
    *) [ "$machine" = AArch64 ] ;;
    esac || fail "it is for $machine"
    case $platform in
    manylinux*)
        names=$(printf '%s\n' GLIBC_2.28 "$(glibc "$library")" | sort -V | tail -n 1)
        [ "$names" = GLIBC_2.28 ] || fail "it needs $names"
        for names in $(needed "$library"); do
            case $names in
            libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | ld-linux-*) ;;
            *) fail "it needs $names" ;;
            esac
        done
        ;;
    *)
        [ "$(needed "$library")" = "libc.so " ] || fail "it needs $(needed "$library")"
        [ -z "$(glibc "$library")" ] || fail "it needs glibc"
        ;;
    esac
}

wheels() {
    local platform wheel into library
    scripts/setup-targets.sh test musl
    for platform in manylinux_2_28_x86_64 manylinux_2_28_aarch64 musllinux_1_2_x86_64 musllinux_1_2_aarch64; do
        say "wheels: $platform"
        wheel=$dist/libjot-$version-py3-none-$platform.whl
        into=$work/$platform
        mkdir -p "$into"
        python3 -m zipfile -e "$wheel" "$into"
        grep -qx "Tag: py3-none-$platform" "$into/libjot-$version.dist-info/WHEEL" || fail "the tag is another"
        [ -s "$into/libjot-$version.dist-info/licenses/LICENSE-APACHE" ] || fail "no licence"
        library=$into/jot/_native/libjot_native.so
        # What the two headers have, and nothing else.
        nm -D --defined-only "$library" | awk '$2 == "T" { print $3 }' | LC_ALL=C sort >"$into/symbols"
        diff -u <(LC_ALL=C sort tests/abi/symbols.txt tests/abi/fetch_symbols.txt) "$into/symbols"
        made_for $platform "$library"
        # A program in C, for there is no Python for the others here.
        case $platform in
        musllinux_1_2_x86_64) run_c musl-gcc env ;;
        manylinux_2_28_aarch64) run_c aarch64-linux-gnu-gcc qemu-aarch64 -L /usr/aarch64-linux-gnu ;;
        manylinux_2_28_x86_64)
            python3 -m venv "$into/venv"
            "$into/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index "$wheel"
            (cd "$work" && "$into/venv/bin/python" -W error "$root/bindings/python/tests/installed.py")
            ;;
        esac
    done
}

run_c() { # compiler, runner...
    "$1" -std=c11 -Wall -Wextra -Werror -Iinclude tests/c/verify.c -o "$into/verify" "$library" \
        -Wl,-rpath,"$(dirname "$library")"
    "${@:2}" "$into/verify"
}

java() {
    local platform name said java_home into=$work/java
    mkdir -p "$into"
    for name in jot jot-spring jot-spark; do
        [ -s "$dist/$name-$version.jar" ] || fail "$name is not there"
        grep -qF "<artifactId>$name</artifactId>" "$dist/$name-$version.pom" || fail "$name has another pom"
    done
    python3 -m zipfile -e "$dist/jot-$version.jar" "$into/jar"
    [ -s "$into/jar/META-INF/LICENSE-APACHE" ] || fail "no licence"
    # The libraries are those of the wheels, byte for byte, which are tested above.
    for platform in manylinux_2_28_x86_64:linux-x86_64-gnu manylinux_2_28_aarch64:linux-aarch64-gnu \
        musllinux_1_2_x86_64:linux-x86_64-musl musllinux_1_2_aarch64:linux-aarch64-musl; do
        python3 -m zipfile -e "$dist/libjot-$version-py3-none-${platform%:*}.whl" "$into/${platform#*:}"
        cmp "$into/${platform#*:}/jot/_native/libjot_native.so" \
            "$into/jar/io/github/libjot/native/${platform#*:}/libjot_fetch.so"
    done
    cp "$dist/jot-$version.jar" "$into/jot.jar"
    cp bindings/java/src/installed/java/Installed.java "$into"
    java_home=$(scripts/setup-java.sh)
    said=$(cd "$into" && env -i "PATH=$java_home/bin" java --enable-native-access=ALL-UNNAMED \
        -cp jot.jar Installed.java)
    [ "$said" = "accepted token_segments" ] || fail "the jar says $said"
}

# One package for all: installed where nothing else is, and used by the Node of this machine and by those
# of the others that are to be had.
node() {
    local one kind addon folder=$work/node run nodes=$target/tools/nodes
    scripts/setup-node.sh
    scripts/foreign-nodes.sh "$nodes"
    mkdir "$folder"
    echo '{ "name": "empty", "private": true }' >"$folder/package.json"
    cp bindings/node/tests/installed.mjs "$folder/"
    (cd "$folder" && npm install --silent --offline --no-audit --no-fund "$dist/libjot-$version.tgz")
    [ "$(ls "$folder/node_modules")" = libjot ] || fail "it brings other packages"
    [ -s "$folder/node_modules/libjot/LICENSE-APACHE" ] || fail "it has no licence"
    for one in linux-x64-gnu=manylinux_2_28_x86_64 linux-arm64-gnu=manylinux_2_28_aarch64 \
        linux-x64-musl=musllinux_1_2_x86_64 linux-arm64-musl=musllinux_1_2_aarch64; do
        kind=${one%=*}
        say "node: $kind"
        addon=$folder/node_modules/libjot/prebuilt/libjot.$kind.node
        made_for "${one#*=}" "$addon"
        [ "$(nm -D --defined-only "$addon" | cut -d ' ' -f 3)" = napi_register_module_v1 ] || fail "it shows more"
        run=$nodes/$kind/node
        [ -x "$run" ] || run=$(type -P node)
        (cd "$folder" && "$run" installed.mjs "$kind")
    done
}

sdist() {
    python3 -m venv "$work/venv"
    # Outside of the repository, whose files it must not find.
    cp "$dist/libjot-$version.tar.gz" "$work/"
    (cd "$work" && CARGO_TARGET_DIR=$target venv/bin/python -m pip install --quiet --disable-pip-version-check \
        "libjot-$version.tar.gz" && venv/bin/python -W error "$root/bindings/python/tests/installed.py")
}

# The crates beside each other, as crates.io would hand them out: what a test needs
# and a crate lacks is found here. jotctl is what its own lock file names.
crates() {
    local crate into=$work/crates engine=(libjot jot-accel jot-fetch) members=() patches=()
    mkdir -p "$into/engine" "$into/show" "$into/tool"
    for crate in "${engine[@]}"; do
        tar xzf "$dist/$crate-$version.crate" -C "$into/engine"
        members+=("\"$crate-$version\",")
        patches+=("$crate = { path = \"$into/engine/$crate-$version\" }")
    done
    tar xzf "$dist/jot-show-$version.crate" -C "$into/show"
    tar xzf "$dist/jotctl-$version.crate" -C "$into/tool"
    unpacked "$into/engine" Cargo.lock "${members[*]}"
    patches+=("jot-show = { path = \"$into/show/jot-show-$version\" }")
    # The sums in its lock file are those of the crates that stand beside it.
    for crate in "${engine[@]}" jot-show; do
        grep -A 3 "^name = \"$crate\"" "$into/tool/jotctl-$version/Cargo.lock" |
            grep -q "$(sha256sum "$dist/$crate-$version.crate" | cut -d ' ' -f 1)" || fail "jotctl locks another $crate"
    done
    unpacked "$into/tool" "$into/tool/jotctl-$version/Cargo.lock" "\"jotctl-$version\""
}

# Tests crates in a workspace that uses those of `patches`: folder, lock file, members.
unpacked() {
    {
        printf '[workspace]\nresolver = "3"\nmembers = [%s]\n[patch.crates-io]\n' "$3"
        printf '%s\n' "${patches[@]}"
        # Without it some tests take hours.
        sed -n '/^\[profile\.dev\./,/^$/p' Cargo.toml
    } >"$1/Cargo.toml"
    cp "$2" "$1/Cargo.lock"
    (cd "$1" && CARGO_NET_OFFLINE=true "$cargo" test --quiet --workspace --all-features --target-dir "$target")
}

for part in "${parts[@]}"; do
    case $part in
    sums | sbom | deb | nginx | wheels | java | sdist | node | crates)
        say "$part"
        "$part"
        ;;
    *)
        sed -n 's/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
done
say "every artefact can be used"
