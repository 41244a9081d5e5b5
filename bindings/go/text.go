package jot

// #include "bridge.h"
import "C"

import "unsafe"

// sized returns a text of a function that fills a buffer and says how long the text is.
func sized(fill func(buffer *C.char, capacity C.size_t, length *C.size_t) C.uint32_t) string {
	var length C.size_t
	if fill(nil, 0, &length) != C.JOT_ACCEPTED {
		return ""
	}
	buffer := make([]byte, int(length)+1)
	fill((*C.char)(unsafe.Pointer(&buffer[0])), C.size_t(len(buffer)), &length)
	return string(buffer[:min(int(length), len(buffer)-1)])
}
