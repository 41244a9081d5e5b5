#!/usr/bin/env bash
# Makes what users download, into target/dist:
#
#   scripts/dist.sh [part...]
#
#   crates  the crates as crates.io takes them
#   wheels  for manylinux_2_28 and musllinux_1_2, each for x86_64 and aarch64
#   java    the jars: that of the package has the libraries of the wheels, which are made before it
#   sdist   the Python package with the engine's sources
#   node    the package for Node, with an addon for each C library and processor
#   deb     libjot0, libjot-dev, the same for libjot_fetch, and jotctl, for the Debian
#           that this runs on
#   nginx   libnginx-mod-http-jot for its nginx
#   sbom    what each product is made of, in CycloneDX
#
# All of them unless parts are named; SHA256SUMS lists what is there at the end.
# Only scripts/setup-dist.sh asks the network. Times are those of the last commit.
set -euo pipefail
cd "$(dirname "$0")/.."

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(crates wheels java sdist node deb nginx sbom)
scripts/setup-dist.sh "${parts[@]}"

root=$PWD
cargo=${CARGO:-cargo}
target=$(scripts/target-dir.sh)
dist=$target/dist
tools=$target/tools/bin
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
triplet=$(cc -print-multiarch)
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH CARGO_NET_OFFLINE=true PIP_NO_INDEX=1
mkdir -p "$dist"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '== %s\n' "$*"; }

# A release is of a commit; JOT_DIRTY=1 is for trying this script.
dirty=()
if [ -n "$(git status --porcelain)" ]; then
    if [ "${JOT_DIRTY:-}" != 1 ]; then
        echo "dist: there are changes that no commit has (JOT_DIRTY=1 takes them)" >&2
        exit 1
    fi
    dirty=(--allow-dirty)
fi

crates() {
    local crate content
    # scripts/test-dist.sh builds and tests them.
    "$cargo" package --quiet --locked --no-verify "${dirty[@]}" -p libjot -p jot-accel -p jot-fetch
    # The lock files of jot-show and jotctl name those before them with their sums, as
    # crates.io will have them. So cargo is shown a registry that has them beside all the
    # others.
    "$cargo" vendor --quiet --locked --manifest-path cli/Cargo.toml -s server/Cargo.toml "$work/registry" >/dev/null
    shown() {
        local content=$target/package/$1-$version.crate
        tar xzf "$content" -C "$work/registry"
        printf '{"files":{},"package":"%s"}' "$(sha256sum "$content" | cut -d ' ' -f 1)" \
            >"$work/registry/$1-$version/.cargo-checksum.json"
    }
    package() {
        "$cargo" package --quiet --no-verify "${dirty[@]}" --manifest-path "$1" --target-dir "$target" \
            --config 'source.crates-io.replace-with="shown"' --config "source.shown.directory=\"$work/registry\""
    }
    for crate in libjot jot-accel jot-fetch; do shown "$crate"; done
    package server/show/Cargo.toml
    shown jot-show
    package cli/Cargo.toml
    for crate in libjot jot-accel jot-fetch jot-show jotctl; do cp "$target/package/$crate-$version.crate" "$dist/"; done
}

# The environment's programs have to be found: cargo-zigbuild, and Python with Zig.
build_python() { # --wheel or --sdist, variables...
    local kind=$1
    shift
    (cd bindings/python && env PATH="$root/.venv-dist/bin:$PATH" "$@" \
        "$root/.venv-dist/bin/python" -m build --no-isolation --outdir "$dist" "$kind" . >"$work/build.log" 2>&1) ||
        { tail -n 40 "$work/build.log" >&2; exit 1; }
}

wheels() {
    local platform
    for platform in manylinux_2_28_x86_64 manylinux_2_28_aarch64 musllinux_1_2_x86_64 musllinux_1_2_aarch64; do
        say "wheels: $platform"
        # A folder of its own: Zig's objects are not the compiler's of the machine.
        build_python --wheel JOT_PLATFORM=$platform CARGO=cargo-zigbuild CARGO_TARGET_DIR="$target/zig"
    done
}

# A library of a wheel has what both headers have, as libjot_fetch has.
java() {
    local platform library libraries=()
    for platform in manylinux_2_28_x86_64:linux-x86_64-gnu manylinux_2_28_aarch64:linux-aarch64-gnu \
        musllinux_1_2_x86_64:linux-x86_64-musl musllinux_1_2_aarch64:linux-aarch64-musl; do
        library=$work/java/${platform#*:}
        python3 -m zipfile -e "$dist/libjot-$version-py3-none-${platform%:*}.whl" "$library"
        libraries+=("${platform#*:}=$library/jot/_native/libjot_native.so")
    done
    scripts/java.sh pack "${libraries[@]}" >/dev/null
    cp "$target"/java/dist/*.jar "$target"/java/dist/*.pom "$dist"
}

sdist() {
    build_python --sdist CARGO="$cargo"
}

# One package with all four, so that an installation needs this file alone, whatever machine a lock
# file was written on.
node() {
    local one kind triple settings package=$work/package
    mkdir -p "$package/prebuilt"
    cp -r LICENSE-MIT LICENSE-APACHE bindings/node/{lib,package.json,README.md} "$package/"
    for one in linux-x64-gnu=x86_64-unknown-linux-gnu.2.28 linux-arm64-gnu=aarch64-unknown-linux-gnu.2.28 \
        linux-x64-musl=x86_64-unknown-linux-musl linux-arm64-musl=aarch64-unknown-linux-musl; do
        kind=${one%=*} triple=${one#*=} settings=()
        say "node: $kind"
        # By default programs for musl are static, and there are no shared libraries.
        [[ $kind != *-musl ]] || settings=(--config "target.$triple.rustflags=['-C', 'target-feature=-crt-static']")
        PATH=$root/.venv-dist/bin:$PATH cargo-zigbuild rustc --quiet --release --locked --lib \
            --manifest-path bindings/node/Cargo.toml --target-dir "$target/zig" --target "$triple" \
            ${settings[@]+"${settings[@]}"} -- -C strip=symbols
        # The names are those that lib/native.js looks for.
        install -m 644 "$target/zig/${triple%.2.28}/release/libjot_node.so" "$package/prebuilt/libjot.$kind.node"
    done
    (cd "$package" && npm pack --silent --pack-destination "$dist" >/dev/null)
}

# Fills in a package's control file and builds it: name, folder.
debian() {
    local name=$1 folder=$2 needs
    mkdir -p "$folder/DEBIAN" "$folder/usr/share/doc/$name"
    cat LICENSE-MIT LICENSE-APACHE >"$folder/usr/share/doc/$name/copyright"
    gzip -9n <CHANGELOG.md >"$folder/usr/share/doc/$name/changelog.gz"
    # Which libraries its programs need, and from which version on.
    mkdir -p "$work/debian"
    printf 'Source: libjot\n\nPackage: %s\nArchitecture: any\n' "$name" >"$work/debian/control"
    mapfile -t elf < <(find "$folder/usr" -type f \( -name '*.so*' -o -path '*/bin/*' \))
    needs=
    [ ${#elf[@]} -eq 0 ] || needs=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info "${elf[@]}" 2>/dev/null |
        sed -n 's/^shlibs:Depends=//p')
    sed -e "s/@VERSION@/$version/g" -e "s/@ARCHITECTURE@/$architecture/g" -e "s/@NEEDS@/$needs/g" \
        -e "s/@NGINX@/${nginx_abi:-}/g" -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$folder" | cut -f1)/g" \
        -e 's/^Depends: , /Depends: /' -e '/^Depends: $/d' "packaging/deb/$name.control" >"$folder/DEBIAN/control"
    [ ! -e "packaging/deb/$name.triggers" ] || install -m 644 "packaging/deb/$name.triggers" "$folder/DEBIAN/triggers"
    find "$folder" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group --build "$folder" "$dist/${name}_${version}_$architecture.deb" >/dev/null
}

deb() {
    local all=$work/all name path
    DESTDIR=$all PREFIX=/usr LIBDIR=lib/$triplet scripts/install.sh
    take() { # package, path below usr...
        name=$1
        shift
        for path in "$@"; do
            mkdir -p "$(dirname "$work/$name/usr/$path")"
            mv "$all/usr/$path" "$work/$name/usr/$path"
        done
    }
    take libjot0 "lib/$triplet/libjot.so.$version" "lib/$triplet/libjot.so.0"
    take libjot-fetch0 "lib/$triplet/libjot_fetch.so.$version" "lib/$triplet/libjot_fetch.so.0"
    take libjot-fetch-dev "lib/$triplet/libjot_fetch.so" "lib/$triplet/libjot_fetch.a" \
        "lib/$triplet"/pkgconfig/jot_fetch{,-static}.pc "lib/$triplet/cmake/jot/jot_fetchTargets.cmake" \
        include/jot_fetch.h include/jot_fetch.hpp
    take libjot-dev "lib/$triplet/libjot.so" "lib/$triplet/libjot.a" "lib/$triplet/pkgconfig" "lib/$triplet/cmake" include
    gzip -9n "$all"/usr/share/man/man1/*
    mv "$all/usr/share/zsh/site-functions" "$all/usr/share/zsh/vendor-completions"
    take jotctl bin share
    left=$(find "$all" -type f)
    [ -z "$left" ] || { echo "dist: no package takes $left" >&2; exit 1; }
    for name in libjot0 libjot-dev libjot-fetch0 libjot-fetch-dev jotctl; do debian $name "$work/$name"; done
}

nginx() {
    local name=libnginx-mod-http-jot folder=$work/libnginx-mod-http-jot
    make --no-print-directory -C bindings/nginx BUILD="$target/nginx-dist" >/dev/null
    install -D -m 644 "$target/nginx-dist/ngx_http_jot_module.so" "$folder/usr/lib/nginx/modules/ngx_http_jot_module.so"
    strip --strip-unneeded "$folder/usr/lib/nginx/modules/ngx_http_jot_module.so"
    mkdir -p "$folder/usr/share/nginx/modules-available"
    echo "load_module modules/ngx_http_jot_module.so;" >"$folder/usr/share/nginx/modules-available/mod-http-jot.conf"
    # The nginx that modules of this one can be loaded into.
    nginx_abi=$(dpkg-query -W -f '${Provides}' nginx | grep -o 'nginx-abi-[^, ]*') debian $name "$folder"
}

sbom() {
    local crate folder
    for crate in libjot:. jot-accel:accel jot-fetch:fetch jotctl:cli libjot-python:bindings/python \
        jot-node:bindings/node; do
        folder=${crate#*:} crate=${crate%:*}
        "$tools/cargo-cyclonedx" cyclonedx --quiet --manifest-path "$folder/Cargo.toml" --format json \
            --spec-version 1.5 --target "$(rustc -vV | sed -n 's/^host: //p')" --override-filename "$crate.cdx"
        # What is built from here has a name and a version, and no place.
        sed -E 's!path\+file://[^"#]*#!!g; s!\?download_url=file://[^"#]*!!g' "$folder/$crate.cdx.json" \
            >"$dist/$crate-$version.cdx.json"
        rm "$folder/$crate.cdx.json"
        # It writes one beside every member of the workspace.
        find . -maxdepth 3 -name "$crate.cdx.json" -not -path "./target/*" -delete
    done
}

for part in "${parts[@]}"; do
    case $part in
    crates | wheels | java | sdist | node | deb | nginx | sbom)
        say "$part"
        "$part"
        ;;
    *)
        sed -n 's/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
done
(cd "$dist" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%f\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
say "$dist"
ls -l "$dist"
