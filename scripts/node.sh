#!/usr/bin/env bash
# Builds and tests the package for Node in bindings/node:
#
#   scripts/node.sh smoke     what fits into a minute, with a debug build, and the package installed from its
#                             file into an empty folder
#   scripts/node.sh test      everything, with a release build: a million calls, and the example of a login
#   scripts/node.sh suites    runs the tests of jsonwebtoken, express-jwt and @fastify/jwt on what stands
#                             in for them, with a debug build. They are those of the repositories in the
#                             folder JOT_CHECKOUTS, or are cloned
#   scripts/node.sh bench     measures beside fast-jwt, jsonwebtoken, jose, express-jwt and @fastify/jwt, with
#                             a release build, and writes docs/node.md and its row of README.md
#   scripts/node.sh build     puts a release build into bindings/node/prebuilt
#   scripts/node.sh example FOLDER   installs what a program of another folder needs, with a debug
#                             build
#   scripts/node.sh pack      makes the package, target/node/libjot-VERSION.tgz
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-test}
case $what in
smoke | example | suites) profile=debug arguments=() ;;
test | bench | build | pack) profile=release arguments=(--release) ;;
*)
    echo "node: smoke, test, suites, bench, build, example or pack, not $what" >&2
    exit 2
    ;;
esac
say() { printf '\n-- %s\n' "$*"; }

scripts/setup-node.sh
target=$(realpath "$(scripts/target-dir.sh)")
project=$PWD/bindings/node
"${CARGO:-cargo}" build --locked "${arguments[@]}" --manifest-path "$project/Cargo.toml" --target-dir "$target"
mkdir -p "$project/prebuilt"
# The names are those that lib/native.js looks for.
addon=$project/prebuilt/libjot.linux-$(node -p process.arch)-gnu.node
install -m 644 "$target/$profile/libjot_node.so" "$addon"
strip --strip-debug "$addon"
[ "$what" != build ] || exit 0
if [ "$what" = example ]; then
    cd "$2"
    exec npm ci --silent --ignore-scripts --no-audit --no-fund
fi

pack() {
    mkdir -p "$target/node"
    (cd "$project" && npm pack --silent --pack-destination "$target/node")
}
if [ "$what" = pack ]; then
    pack
    exit
fi
if [ "$what" = suites ]; then
    checkouts=$target/node/checkouts
    for one in auth0/node-jsonwebtoken@v9.0.2 auth0/express-jwt@v8.5.1 fastify/fastify-jwt@v10.2.0; do
        repository=${one%@*} name=$(basename "${one%@*}")
        given=${JOT_CHECKOUTS:+$JOT_CHECKOUTS/$name}
        rm -rf "${checkouts:?}/$name"
        mkdir -p "$checkouts"
        if [ -d "$given/test" ]; then
            ln -s "$(realpath "$given")" "$checkouts/$name"
        else
            git clone --quiet --depth 1 --branch "${one#*@}" "https://github.com/$repository" "$checkouts/$name"
        fi
    done
    cd "$project"
    [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --ignore-scripts --no-audit --no-fund
    cd tests/suites
    npm ci --silent --ignore-scripts --no-audit --no-fund
    exec node run.js "$checkouts" "$target/node/suites"
fi
if [ "$what" = bench ]; then
    command -v wrk >/dev/null || scripts/debian.sh wrk
    cd "$project/bench"
    npm ci --silent --ignore-scripts --no-audit --no-fund
    exec node bench.js "$(git rev-parse --short HEAD)"
fi

cd "$project"
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --ignore-scripts --no-audit --no-fund
say "the types"
node_modules/.bin/tsc --project tests
say "the tests"
node --test tests/*.test.js
say "the package, installed into an empty folder"
pack
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/installed.mjs "$work/"
(
    cd "$work"
    echo '{ "name": "empty", "private": true }' >package.json
    npm install --silent --offline --no-audit --no-fund "$target/node/"libjot-*.tgz
    node installed.mjs
)
say "the example of a login"
example=../../examples/node
[ "$example/node_modules/.package-lock.json" -nt "$example/package-lock.json" ] ||
    (cd "$example" && npm ci --silent --ignore-scripts --no-audit --no-fund)
if [ "$what" = smoke ]; then
    # The others take a while, because passwords do.
    node --test --test-name-pattern='registers, logs in' "$example/test.mjs"
    exit
fi
node --test "$example/test.mjs"

say "a million calls"
MALLOC_ARENA_MAX=1 node --expose-gc --max-semi-space-size=2 tests/long/memory.js
