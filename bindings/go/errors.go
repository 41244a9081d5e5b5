package jot

// #include "bridge.h"
import "C"

import (
	"errors"
	"unsafe"
)

// Error is a mistake of the program, or a key that cannot be used. It is never a rejection of a
// token.
type Error struct {
	// Code says what is wrong; [errors.Is] finds it.
	Code Code
	// Name is the argument, JWK member, Header Parameter or setting at fault; empty if no
	// single one is.
	Name string
	// Offset is the byte offset of the fault in the text; -1 if it is not known.
	Offset int

	// What the library says in one sentence.
	message string
}

func (e *Error) Error() string {
	if e.message == "" {
		return "jot: " + e.Code.String() + ": " + e.Code.Meaning()
	}
	return "jot: " + e.message
}

// Unwrap returns the code.
func (e *Error) Unwrap() error { return e.Code }

// Rejection is a token that was not accepted.
type Rejection struct {
	// Code is the first rule that the token broke; [errors.Is] finds it.
	Code Code
	// Claim is the name of the claim at fault; empty if no single one is.
	Claim string
	// SignatureOK tells whether the signature held: "good, but expired" is
	// [CodeExpired] with SignatureOK.
	SignatureOK bool

	offset C.uint32_t
	cause  error
	detail func() string
}

// Error returns the name of the code, and the claim at fault. It has nothing of the token's
// values.
func (r *Rejection) Error() string {
	text := "jot: token rejected: " + r.Code.String()
	if r.Claim != "" {
		text += " [" + r.Claim + "]"
	}
	if r.cause != nil {
		text += ": " + r.cause.Error()
	}
	return text
}

// Unwrap returns the code, and what ended the wait for its key, if something did.
func (r *Rejection) Unwrap() []error {
	if r.cause == nil {
		return []error{r.Code}
	}
	return []error{r.Code, r.cause}
}

// Detail describes the fault for a log in at most 255 printable characters, such as
// `unverified kid="old" alg="ES256" iss="https://issuer"`. Anybody may have written what follows
// "unverified". It never contains the token, or the value of a claim about a person. It reads
// the token again, so call it only to log.
func (r *Rejection) Detail() string {
	if r.detail == nil {
		return ""
	}
	return r.detail()
}

// CodeOf returns the code of an error of this package: [CodeAccepted] for nil, and
// [CodeInternal] for an error that has none.
func CodeOf(err error) Code {
	var rejection *Rejection
	var fault *Error
	var code Code
	switch {
	case err == nil:
		return CodeAccepted
	case errors.As(err, &rejection):
		return rejection.Code
	case errors.As(err, &fault):
		return fault.Code
	case errors.As(err, &code):
		return code
	}
	return CodeInternal
}

// failure receives the details of an error of the library.
type failure struct{ fault C.jot_error }

func (f *failure) out() *C.jot_error {
	f.fault.size = C.sizeof_jot_error
	return &f.fault
}

// of returns the error with this code; nil for 0.
func (f *failure) of(code C.uint32_t) error {
	if code == C.JOT_ACCEPTED {
		return nil
	}
	made := &Error{Code: Code(code), Offset: -1}
	// A call that did not get so far wrote nothing.
	if f.fault.code != code {
		return made
	}
	made.Name = C.GoString(&f.fault.name[0])
	if f.fault.offset != C.JOT_NONE {
		made.Offset = int(f.fault.offset)
	}
	var length C.size_t
	C.jot_error_message(&f.fault, nil, 0, &length)
	sentence := make([]byte, int(length)+1)
	C.jot_error_message(&f.fault, (*C.char)(unsafe.Pointer(&sentence[0])), C.size_t(len(sentence)), nil)
	made.message = string(sentence[:length])
	return made
}

// faulty is the error of a call that gives only its code.
func faulty(code C.uint32_t, name string) error {
	if code == C.JOT_ACCEPTED {
		return nil
	}
	return &Error{Code: Code(code), Name: name, Offset: -1}
}
