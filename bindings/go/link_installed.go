//go:build !libjot_bundled

package jot

// #cgo pkg-config: jot_fetch-static
import "C"
