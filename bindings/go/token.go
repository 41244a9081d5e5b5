package jot

// #include "bridge.h"
import "C"

import (
	"time"
	"unsafe"
)

// Token is a token that was accepted. It is a copy, and never changes.
type Token struct {
	// Algorithm is the one of the signature.
	Algorithm Algorithm
	// Kid and Type are the kid and typ of the JOSE Header; empty if it has none.
	Kid, Type string
	// Issuer and Subject are the iss and sub claims; empty if absent.
	Issuer, Subject string
	// ExpiresAt, NotBefore and IssuedAt are the whole seconds of exp, nbf and iat; the zero
	// time if absent.
	ExpiresAt, NotBefore, IssuedAt time.Time
	// KeyIndex is the index of the key in its set.
	KeyIndex int
	// FromCache tells whether the verifier remembered the token.
	FromCache bool

	header, payload string
}

// Payload returns the JSON text of the Claims Set as it was signed; for a JWS, the payload's
// bytes. It is empty for nil, which is no token.
func (t *Token) Payload() string {
	if t == nil {
		return ""
	}
	return t.payload
}

// Header returns the JSON text of the JOSE Header; empty for nil.
func (t *Token) Header() string {
	if t == nil {
		return ""
	}
	return t.header
}

// tokenOf copies what the slot holds, all texts into one piece of memory.
func tokenOf(slot *C.jot_go_slot) *Token {
	verdict := &slot.verdict
	made := &Token{
		Algorithm: Algorithm(verdict.alg),
		KeyIndex:  int(verdict.key_index),
		FromCache: verdict.flags&C.JOT_FROM_CACHE != 0,
		ExpiresAt: instant(verdict.flags&C.JOT_HAS_EXP, verdict.expires_at),
		NotBefore: instant(verdict.flags&C.JOT_HAS_NBF, verdict.not_before),
		IssuedAt:  instant(verdict.flags&C.JOT_HAS_IAT, verdict.issued_at),
	}
	texts := [...]struct {
		from C.jot_slice
		to   *string
	}{
		{verdict.header, &made.header},
		{verdict.payload, &made.payload},
		{verdict.kid, &made.Kid},
		{verdict.typ, &made.Type},
		{slot.issuer, &made.Issuer},
		{slot.subject, &made.Subject},
	}
	length := 0
	for _, text := range texts {
		length += int(text.from.len)
	}
	all := make([]byte, 0, length)
	for _, text := range texts {
		start := len(all)
		all = append(all, bytesOf(text.from)...)
		// Nobody has these bytes but the strings.
		*text.to = unsafe.String(unsafe.SliceData(all[start:]), len(all)-start)
	}
	return made
}

func instant(has C.uint32_t, seconds C.int64_t) time.Time {
	if has == 0 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}
