#!/usr/bin/env bash
# Makes the Go module that needs no installed library, into target/dist/go: the sources of
# bindings/go with libjot_fetch.a for this machine and its headers. There the archive is what a
# program links unless it is built with the tag libjot_installed.
#
#   scripts/dist-go.sh [test]     and builds a program with it, in an empty folder
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(scripts/target-dir.sh)
made=$target/dist/go
platform=$(go env GOOS)_$(go env GOARCH)
[ "$platform" = linux_amd64 ] || { echo "dist-go: link_bundled.go has no archive for $platform" >&2; exit 1; }
scripts/lib.sh --fetch --release

rm -rf "$made"
mkdir -p "$made/lib/include" "$made/lib/$platform"
cp LICENSE-MIT LICENSE-APACHE bindings/go/go.mod bindings/go/*.go bindings/go/bridge.[ch] "$made"
cp -r bindings/go/jothttp bindings/go/internal bindings/go/jwt "$made"
rm -r "$made/jwt/compare" "$made/jwt/suite"
find "$made" -name '*_test.go' -delete
cp include/jot.h include/jot_fetch.h "$made/lib/include"
cp "$target/release/libjot_fetch.a" "$made/lib/$platform"
strip --strip-debug "$made/lib/$platform/libjot_fetch.a"
sed -i 's#^//go:build !libjot_bundled$#//go:build libjot_installed#' "$made/link_installed.go"
sed -i 's#^//go:build libjot_bundled$#//go:build !libjot_installed#' "$made/link_bundled.go"
grep -q '^//go:build libjot_installed$' "$made/link_installed.go"
grep -q '^//go:build !libjot_installed$' "$made/link_bundled.go"
du -sh "$made"
[ "${1:-}" = test ] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/main.go" <<'END'
package main

import (
	"context"
	"fmt"

	jot "github.com/libjot/libjot/bindings/go"
)

func main() {
	keys, _ := jot.KeyFromSecret([]byte("0123456789abcdef0123456789abcdef"))
	verifier, err := jot.NewVerifier(jot.WithAlgorithms(jot.HS256), jot.WithKeys(keys))
	if err != nil {
		panic(err)
	}
	fmt.Println(verifier.Check(context.Background(), "eyJhbGciOiJub25lIn0.e30."))
}
END
cat >"$work/go.mod" <<END
module example

go 1.22

require github.com/libjot/libjot/bindings/go v0.0.0

replace github.com/libjot/libjot/bindings/go => $made
END
cd "$work"
# Nothing of the checkout, and no pkg-config.
env -u PKG_CONFIG_PATH PKG_CONFIG=/nowhere GOTOOLCHAIN=local go build -o program .
[ "$(./program)" = "jot: token rejected: alg_none" ]
echo "dist-go: a program that has only the module runs"
