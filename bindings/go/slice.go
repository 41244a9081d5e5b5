package jot

// #include "bridge.h"
import "C"

import "unsafe"

// absent is the view of nothing.
var absent C.jot_slice

// view lends a text to one call of the library.
func view[T string | []byte](text T) C.jot_slice {
	if len(text) == 0 {
		return C.jot_slice{ptr: &C.jot_go_empty[0], len: 0}
	}
	var first *byte
	switch text := any(text).(type) {
	case string:
		first = unsafe.StringData(text)
	case []byte:
		first = unsafe.SliceData(text)
	}
	return C.jot_slice{ptr: (*C.uint8_t)(unsafe.Pointer(first)), len: C.size_t(len(text))}
}

// optional is absent for an empty text.
func optional[T string | []byte](text T) C.jot_slice {
	if len(text) == 0 {
		return absent
	}
	return view(text)
}

// bytesOf is a view of the library's memory, which ends with the call that made it.
func bytesOf(slice C.jot_slice) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(slice.ptr)), int(slice.len))
}

func copied(slice C.jot_slice) string {
	return string(bytesOf(slice))
}

// packed is a list of texts as one, with the length of each.
type packed struct {
	all     []byte
	lengths []C.size_t
}

func pack(lists ...[]string) packed {
	var made packed
	for _, list := range lists {
		for _, text := range list {
			made.all = append(made.all, text...)
			made.lengths = append(made.lengths, C.size_t(len(text)))
		}
	}
	// Somewhere to point to.
	made.lengths = append(made.lengths, 0)
	return made
}

func (p packed) count() C.size_t { return C.size_t(len(p.lengths) - 1) }

// written returns the text that a call of the library writes, and wipes its copy.
func written(write func(text *C.jot_text, fault *C.jot_error) C.uint32_t) ([]byte, error) {
	text := C.jot_text_new()
	defer C.jot_text_free(text)
	var fault failure
	if err := fault.of(write(text, fault.out())); err != nil {
		return nil, err
	}
	return append([]byte(nil), bytesOf(C.jot_text_view(text))...), nil
}
