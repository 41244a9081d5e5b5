package jot

// #include "bridge.h"
import "C"

import "sync"

// Code says why a token was rejected, or what was wrong with a key or an argument. It is an
// error, for [errors.Is]: errors.Is(err, jot.CodeExpired). Numbers and names are stable, and
// further ones may be added: treat a code that you do not know as a rejection.
type Code uint32

type codeTexts struct{ name, stage, meaning, bearer string }

// Asked of the library once: its texts would be copied each time.
var codeTable = sync.OnceValue(func() map[Code]codeTexts {
	table := map[Code]codeTexts{}
	for position := C.size_t(0); ; position++ {
		number := C.jot_code_at(position)
		if number == C.JOT_NONE {
			return table
		}
		table[Code(number)] = codeTexts{
			name:    C.GoString(C.jot_code_name(number)),
			stage:   C.GoString(C.jot_code_stage(number)),
			meaning: C.GoString(C.jot_code_meaning(number)),
			bearer:  C.GoString(C.jot_code_bearer_error(number)),
		}
	}
})

func (c Code) texts() codeTexts {
	if texts, known := codeTable()[c]; known {
		return texts
	}
	return codeTexts{name: "unknown", stage: "unknown", meaning: "unknown"}
}

// Codes returns every code in the order of their numbers.
func Codes() []Code {
	var all []Code
	for position := C.size_t(0); ; position++ {
		number := C.jot_code_at(position)
		if number == C.JOT_NONE {
			return all
		}
		all = append(all, Code(number))
	}
}

// String returns the stable name, such as "expired"; "unknown" for a number that is no code.
func (c Code) String() string { return c.texts().name }

// Error returns the stable name, too; [Code.Meaning] has a sentence.
func (c Code) Error() string { return c.texts().name }

// Stage returns "accepted", "caller", "syntax", "header", "key", "signature", "claims", "limits"
// or "internal".
func (c Code) Stage() string { return c.texts().stage }

// Meaning returns one sentence.
func (c Code) Meaning() string { return c.texts().meaning }

// HTTPStatus returns the status of the response to a request whose token has this code (RFC
// 6750 §3.1): 200, 401, 403, 500 or 503. The code of a request without a token is
// [CodeTokenNull].
func (c Code) HTTPStatus() int { return int(C.jot_code_http_status(C.uint32_t(c))) }

// BearerError returns the error of RFC 6750 §3.1 for the challenge, "invalid_token" or
// "insufficient_scope"; empty if the challenge has none.
func (c Code) BearerError() string { return c.texts().bearer }
