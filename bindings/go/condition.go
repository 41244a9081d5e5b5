package jot

// #include "bridge.h"
import "C"

import "runtime"

// Condition is a condition on one claim. Any number of goroutines may use one.
type Condition struct {
	*handle[*C.jot_condition]
}

// ParseCondition reads a condition: a name or a JSON Pointer, a test, and its operands, such as
// "tier any_of gold silver" or "/realm_access/roles not contains admin".
func ParseCondition(text string) (*Condition, error) {
	var condition *C.jot_condition
	var fault failure
	if err := fault.of(C.jot_condition_parse(view(text), &condition, fault.out())); err != nil {
		return nil, err
	}
	made := &Condition{newHandle(condition, func(c *C.jot_condition) { C.jot_condition_free(c) })}
	runtime.SetFinalizer(made, (*Condition).Close)
	return made, nil
}

// MustCondition is [ParseCondition] for texts of the program: it panics if one is malformed.
func MustCondition(text string) *Condition {
	made, err := ParseCondition(text)
	if err != nil {
		panic(err)
	}
	return made
}

// Close frees the condition. Verifiers keep their copies.
func (c *Condition) Close() {
	if c != nil {
		c.close()
	}
}

func (c *Condition) acquire() (*C.jot_condition, error) {
	if c == nil {
		return nil, ErrClosed
	}
	return c.handle.acquire()
}
