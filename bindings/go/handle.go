package jot

import (
	"errors"
	"math"
	"sync/atomic"
)

// ErrClosed says that a verifier, a key or the like was closed, or never made.
var ErrClosed = errors.New("jot: closed")

// handle is an object of the library, freed once it was closed and no call uses it any more. What
// has one has an acquire of its own besides, for the pointer to it that is nil.
type handle[T any] struct {
	object T
	free   func(T)
	// How many calls use it; less than 0 once it was closed.
	uses  atomic.Int64
	freed atomic.Bool
}

const closed = math.MinInt64 / 2

func newHandle[T any](object T, free func(T)) *handle[T] {
	return &handle[T]{object: object, free: free}
}

// acquire returns the object for one call, which ends with release.
func (h *handle[T]) acquire() (object T, err error) {
	if h == nil {
		return object, ErrClosed
	}
	if h.uses.Add(1) < 0 {
		h.release()
		return object, ErrClosed
	}
	return h.object, nil
}

func (h *handle[T]) release() {
	if h.uses.Add(-1) == closed {
		h.end()
	}
}

// close may be called any number of times, also by a finalizer.
func (h *handle[T]) close() {
	for h != nil {
		uses := h.uses.Load()
		if uses < 0 {
			return
		}
		if h.uses.CompareAndSwap(uses, uses+closed) {
			if uses == 0 {
				h.end()
			}
			return
		}
	}
}

// A call that comes too late may be the last to leave, and so may the last that came in time.
func (h *handle[T]) end() {
	if !h.freed.Swap(true) {
		h.free(h.object)
	}
}
