package jot

// #include "bridge.h"
import "C"

import (
	"errors"
	"strings"
)

// ErrSeveralTokens says that a request has several tokens where RFC 6750 §2 wants one.
var ErrSeveralTokens = errors.New("jot: the request has more than one token")

// AuthorizationToken finds the token of a request in the values of its Authorization fields: what
// follows the scheme, which is Bearer for RFC 6750, in any case. Values with other schemes are
// left out. The error is [ErrSeveralTokens] if there are several, in fields of their own or joined
// by commas.
func AuthorizationToken(scheme string, values []string) (token string, found bool, err error) {
	if len(values) == 0 {
		return "", false, nil
	}
	all := pack(values)
	made := C.jot_go_authorization_token(view(scheme), view(all.all), &all.lengths[0], all.count())
	switch {
	case made.code != C.JOT_ACCEPTED:
		return "", false, faulty(made.code, "scheme")
	case made.found > 1:
		return "", false, ErrSeveralTokens
	case made.found == 0:
		return "", false, nil
	}
	return strings.Join(values, "")[made.start : made.start+made.length], true, nil
}

// Challenge is why a request is refused, and what its client should know (RFC 6750 §3).
type Challenge struct {
	// Code is that of the token; [CodeTokenNull] for a request without one.
	Code Code
	// SeveralTokens is for a request with several: 400, whatever the code is.
	SeveralTokens bool
	// WithoutDescription leaves out what is wrong, in words.
	WithoutDescription bool
	// Realm is what the client is asked to authenticate for.
	Realm string
	// ResourceMetadata is the URL of the metadata of the resource (RFC 9728 §5.1); empty for none.
	ResourceMetadata string
	// Scopes would do. They are told to a client whose token lacks one, and to one without a token
	// that can look up in the metadata where to ask for it.
	Scopes []string
}

// Answer returns the status of the response, and the value of WWW-Authenticate: empty if the
// response has no such field, because the server is at fault and no other token would cure it.
// What stands in quotation marks is escaped, and control characters are left out.
//
// The error is [CodeArgumentValue] for [CodeAccepted] and for a number that is no code, and
// [CodeArgumentText] for a text that is not UTF-8.
func (c Challenge) Answer() (status int, challenge string, err error) {
	var flags C.uint32_t
	if c.SeveralTokens {
		flags |= C.JOT_SEVERAL_TOKENS
	}
	if c.WithoutDescription {
		flags |= C.JOT_WITHOUT_DESCRIPTION
	}
	scopes := pack(c.Scopes)
	var number C.uint32_t
	text, err := written(func(text *C.jot_text, fault *C.jot_error) C.uint32_t {
		return C.jot_go_challenge(
			C.uint32_t(c.Code), flags, view(c.Realm), optional(c.ResourceMetadata),
			optional(scopes.all), &scopes.lengths[0], scopes.count(), &number, text, fault,
		)
	})
	return int(number), string(text), err
}
