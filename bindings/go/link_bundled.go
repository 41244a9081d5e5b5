//go:build libjot_bundled

package jot

// #cgo CFLAGS: -I${SRCDIR}/lib/include
// #cgo linux,amd64 LDFLAGS: ${SRCDIR}/lib/linux_amd64/libjot_fetch.a -lutil -lrt -lpthread -lm -ldl
import "C"
