package jot

// #include "bridge.h"
import "C"

// Unverified is what a token says of itself. Anybody can write such a token: it is for display, and
// for finding the key to verify it with.
type Unverified struct {
	// Header is one JSON object with unique names.
	Header string
	// Payload is the payload's bytes.
	Payload string
	// ClaimsCode is [CodeAccepted] if the payload is one JSON object with unique names, and
	// otherwise says what it is.
	ClaimsCode Code
	// Signature is the signature's bytes.
	Signature []byte
}

// DecodeUnverified decodes a token without verifying it. One that is malformed is a [*Rejection].
func DecodeUnverified(token string) (*Unverified, error) {
	s := takeSlot()
	defer s.giveBack()
	decoded := C.jot_decoded{size: C.sizeof_jot_decoded}
	if code := C.jot_token_decode_unverified(view(token), s.of.scratch, &decoded); code != C.JOT_ACCEPTED {
		return nil, &Rejection{Code: Code(code)}
	}
	return &Unverified{
		Header:     copied(decoded.header),
		Payload:    copied(decoded.payload),
		ClaimsCode: Code(decoded.claims_code),
		Signature:  append([]byte(nil), bytesOf(decoded.signature)...),
	}, nil
}
