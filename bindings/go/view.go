package jot

// #include "bridge.h"
import "C"

import "time"

// View is the claims of an accepted token, lent for the time of a function; see [Verifier.Read].
// Afterwards it has none. Only the goroutine of the function may use it.
type View struct{ slot *slot }

func (v *View) end() { v.slot = nil }

// over tells whether there are no claims, or no longer.
func (v *View) over() bool { return v == nil || v.slot == nil }

// Text returns a claim that is a string.
func (v *View) Text(name string) (string, bool) {
	var text C.jot_slice
	if v.over() || C.jot_claims_text(v.slot.of.scratch, view(name), &text) != C.JOT_ACCEPTED {
		return "", false
	}
	return copied(text), true
}

// Integer returns a claim that is an integer of 64 bits, written without fraction and exponent.
func (v *View) Integer(name string) (int64, bool) {
	var integer C.int64_t
	if v.over() || C.jot_claims_integer(v.slot.of.scratch, view(name), &integer) != C.JOT_ACCEPTED {
		return 0, false
	}
	return int64(integer), true
}

// Number returns a claim that is a number, as the nearest double.
func (v *View) Number(name string) (float64, bool) {
	var number C.double
	if v.over() || C.jot_claims_number(v.slot.of.scratch, view(name), &number) != C.JOT_ACCEPTED {
		return 0, false
	}
	return float64(number), true
}

// Bool returns a claim that is true or false.
func (v *View) Bool(name string) (value, found bool) {
	var boolean C.uint32_t
	if v.over() || C.jot_claims_boolean(v.slot.of.scratch, view(name), &boolean) != C.JOT_ACCEPTED {
		return false, false
	}
	return boolean != 0, true
}

// Date returns the whole seconds of a claim that is a NumericDate.
func (v *View) Date(name string) (time.Time, bool) {
	var seconds C.int64_t
	if v.over() || C.jot_claims_date(v.slot.of.scratch, view(name), &seconds) != C.JOT_ACCEPTED {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0), true
}

// Kind is the kind of a JSON value.
type Kind uint32

// The kinds of JSON values.
const (
	Null    Kind = C.JOT_NULL
	Boolean Kind = C.JOT_BOOLEAN
	Number  Kind = C.JOT_NUMBER
	String  Kind = C.JOT_STRING
	Array   Kind = C.JOT_ARRAY
	Object  Kind = C.JOT_OBJECT
)

// Lookup follows names down through nested objects, and returns what is there: a string with its
// escapes resolved, and any other value as the JSON text that was signed. Without names it is the
// whole Claims Set.
func (v *View) Lookup(path ...string) (kind Kind, text string, found bool) {
	if v.over() {
		return Null, "", false
	}
	var value C.jot_value
	all := pack(path)
	if C.jot_go_path(v.slot.of, optional(all.all), &all.lengths[0], all.count(), &value) != C.JOT_ACCEPTED {
		return Null, "", false
	}
	return Kind(value.kind), copied(value.text), true
}

// HasScope tells whether the token grants a scope, in scope or scp.
func (v *View) HasScope(scope string) bool {
	return !v.over() && bool(C.jot_claims_has_scope(v.slot.of.scratch, view(scope)))
}

// Contains tells whether the names lead to an array that has this string among its elements, such
// as a role.
func (v *View) Contains(element string, path ...string) bool {
	if v.over() {
		return false
	}
	all := pack(path)
	return bool(C.jot_go_contains(v.slot.of, optional(all.all), &all.lengths[0], all.count(), view(element)))
}

// Meets tells whether the claims meet a condition.
func (v *View) Meets(condition *Condition) bool {
	object, err := condition.acquire()
	if err != nil {
		return false
	}
	defer condition.release()
	return !v.over() && C.jot_claims_meet(v.slot.of.scratch, object) == C.JOT_ACCEPTED
}

// Payload returns the JSON text of the Claims Set as it was signed.
func (v *View) Payload() string {
	if v.over() {
		return ""
	}
	return copied(v.slot.of.verdict.payload)
}
