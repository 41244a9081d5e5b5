#!/usr/bin/env bash
# Tests the Go module in bindings/go:
#
#   scripts/go.sh smoke               what fits into a minute, with a debug build of the library
#   scripts/go.sh test                everything, with a release build
#   scripts/go.sh suites              golang-jwt's own tests on the package jwt, with a debug build
#   scripts/go.sh bench               measures beside golang-jwt and jwx, with a release build
#   scripts/go.sh build OUT FOLDER    builds a program of another folder, with a debug build
#   scripts/go.sh go ARGUMENTS...     runs go on the module with a release build, as in
#                                     scripts/go.sh go test -run Cases ./...
#
# The library is found by pkg-config, as an installed one is: the file for it is made in
# target/go.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
target=$(scripts/target-dir.sh)
what=${1:-test}
case $what in
smoke | build | suites) profile=debug arguments=(--profile dev) ;;
test | bench | go) profile=release arguments=(--release) ;;
*)
    echo "go: smoke, test, suites, bench, build or go, not $what" >&2
    exit 2
    ;;
esac
scripts/lib.sh --fetch "${arguments[@]}"
archive=$target/$profile/libjot_fetch.a

# Go sees neither that an archive changed, nor what pkg-config says: it sees these flags.
CGO_CFLAGS="-O2 -g -DJOT_ARCHIVE_IS=$(cksum <"$archive" | tr ' ' _)"
export CGO_CFLAGS
mkdir -p "$target/go"
cat >"$target/go/jot_fetch-static.pc" <<END
Name: jot_fetch-static
Description: libjot_fetch of this checkout
Version: 0
Libs: $archive -lutil -lrt -lpthread -lm -ldl
Cflags: -I$root/include
END
export PKG_CONFIG_PATH=$target/go
export GOTOOLCHAIN=local

say() { printf '\n-- %s\n' "$*"; }

if [ "$what" = build ]; then
    cd "$3"
    exec go build -o "$2" .
fi
if [ "$what" = suites ]; then
    exec bindings/go/jwt/suite/run.py "$target/go/suites"
fi
if [ "$what" = bench ]; then
    cd bindings/go/bench
    exec go test -run '^$' -bench . -benchtime 0.3s .
fi
if [ "$what" = go ]; then
    shift
    cd bindings/go
    exec go "$@"
fi

say "the cases of C"
JOT_C_CASES=$target/go/cases.txt
export JOT_C_CASES
"${CARGO:-cargo}" test --quiet --workspace --exclude jot-proofs --all-features --locked --test c_cases

say "the example of the README"
mkdir -p "$target/go/readme"
{
    printf '%s\n' 'package main' 'import (' '"context"' '"fmt"' 'jot "github.com/libjot/libjot/bindings/go"' ')'
    printf '%s\n' 'func main() {' 'ctx, text := context.Background(), "eyJhbGciOiJub25lIn0.e30."'
    awk '$0 == "```go" { inside = 1; next } /^```/ { if (inside) exit } inside' README.md
    printf '%s\n' 'fmt.Println(token, err)' '}'
} >"$target/go/readme/main.go"
cat >"$target/go/readme/go.mod" <<END
module readme

go 1.22

require github.com/libjot/libjot/bindings/go v0.0.0

replace github.com/libjot/libjot/bindings/go => $root/bindings/go
END
said=$(go -C "$target/go/readme" run .)
[ "$said" = "<nil> jot: token rejected: alg_none" ] || { echo "go: the README's example says $said" >&2; exit 1; }

cd bindings/go
say "format and vet"
unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "go: gofmt would change $unformatted" >&2; exit 1; }
go vet ./...
if [ "$what" = smoke ]; then
    say "the tests"
    go test ./...
    exit
fi
say "the tests, with the race detector, cgo's checks and a million calls"
go test -race ./...
GOEXPERIMENT=cgocheck2 go test ./...
JOT_LONG=1 go test -v -run 'MemoryDoesNotGrow|AllocatesNothing' .
for part in jotgrpc jwt/compare ../../examples/chi ../../examples/gin; do
    say "$part"
    go -C $part vet ./...
    go -C $part test ./...
done
