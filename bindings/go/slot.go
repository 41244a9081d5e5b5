package jot

// #include "bridge.h"
import "C"

import (
	"runtime"
	"sync"
)

// slot is the memory of one verification at a time. The pool lets go of those that are not
// needed, and the collector frees them.
type slot struct{ of *C.jot_go_slot }

var slots = sync.Pool{New: func() any {
	made := &slot{C.jot_go_slot_new()}
	runtime.SetFinalizer(made, func(s *slot) { C.jot_go_slot_free(s.of) })
	return made
}}

func takeSlot() *slot { return slots.Get().(*slot) }

func (s *slot) giveBack() { slots.Put(s) }
