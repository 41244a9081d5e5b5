package jot

// #include "bridge.h"
import "C"

import (
	"context"
	"time"
	"unsafe"
)

// Check verifies a token and hands over nothing of it: nil if it is accepted, otherwise a
// [*Rejection]. It is the fastest call, and allocates nothing for an accepted token.
//
// The context ends the wait for a key or a status list that has to be fetched, and nothing else.
func (v *Verifier) Check(ctx context.Context, token string, options ...CallOption) error {
	wanted := demanded(options)
	defer wanted.free()
	s := takeSlot()
	defer s.giveBack()
	return v.judge(ctx, token, &wanted, !wanted.needsClaims() && wanted.demand == nil, s)
}

// Verify verifies a token, and returns it if it is accepted; otherwise the error is a
// [*Rejection].
//
// The context ends the wait for a key or a status list that has to be fetched, and nothing else.
func (v *Verifier) Verify(ctx context.Context, token string, options ...CallOption) (*Token, error) {
	wanted := demanded(options)
	defer wanted.free()
	s := takeSlot()
	defer s.giveBack()
	if err := v.judge(ctx, token, &wanted, false, s); err != nil {
		return nil, err
	}
	return tokenOf(s.of), nil
}

// Read verifies a token, and lends its claims to a function if it is accepted. Only what is asked
// for is read, and nothing else is copied. The claims end with the function.
func (v *Verifier) Read(
	ctx context.Context, token string, read func(claims *View) error, options ...CallOption,
) error {
	wanted := demanded(options)
	defer wanted.free()
	s := takeSlot()
	defer s.giveBack()
	if err := v.judge(ctx, token, &wanted, false, s); err != nil {
		return err
	}
	lent := &View{slot: s}
	defer lent.end()
	return read(lent)
}

// VerifyJWS verifies header and signature of a JWS whose payload need not be a Claims Set: no
// rule over claims or dates is checked. The issuer selects the keys; empty for the only key set.
// A detached payload is nil for a token that carries it.
func (v *Verifier) VerifyJWS(token, issuer string, detached []byte) (*Token, error) {
	verifier, err := v.acquire()
	if err != nil {
		return nil, err
	}
	defer v.release()
	s := takeSlot()
	defer s.giveBack()
	payload := absent
	if detached != nil {
		payload = view(detached)
	}
	code := Code(C.jot_go_verify_jws(verifier, view(token), optional(issuer), payload, s.of))
	if code != CodeAccepted {
		return nil, rejectionOf(code, token, s, nil)
	}
	return tokenOf(s.of), nil
}

func (v *Verifier) judge(ctx context.Context, token string, wanted *call, check bool, s *slot) error {
	verifier, err := v.acquire()
	if err != nil {
		return err
	}
	defer v.release()
	code := v.once(verifier, token, wanted, check, s)
	if code != CodeAccepted && (v.follows || code == CodeStatusListNotYet) {
		code, err = v.again(ctx, verifier, token, code, func() Code { return v.once(verifier, token, wanted, check, s) })
	}
	if code == CodeAccepted && wanted.needsClaims() {
		if code, err = wanted.meets(s); err != nil {
			return err
		}
	}
	if code == CodeAccepted {
		return nil
	}
	return rejectionOf(code, token, s, err)
}

func (v *Verifier) once(verifier *C.jot_verifier, token string, wanted *call, check bool, s *slot) Code {
	now := wanted.now
	if !wanted.hasNow {
		now = v.now().Unix()
	}
	first, length := (*C.uint8_t)(unsafe.Pointer(unsafe.StringData(token))), C.size_t(len(token))
	if length == 0 {
		first = &C.jot_go_empty[0]
	}
	switch {
	case wanted.demand != nil:
		return Code(C.jot_go_verify_for(verifier, first, length, C.int64_t(now), wanted.demand, s.of))
	case check:
		return Code(C.jot_go_check(verifier, first, length, C.int64_t(now), s.of))
	}
	return Code(C.jot_go_verify(verifier, first, length, C.int64_t(now), s.of))
}

func (v *Verifier) now() time.Time {
	if v != nil && v.clock != nil {
		return v.clock()
	}
	return time.Now()
}

func rejectionOf(code Code, token string, s *slot, cause error) *Rejection {
	verdict := &s.of.verdict
	made := &Rejection{Code: code, SignatureOK: verdict.flags&C.JOT_SIGNATURE_OK != 0, cause: cause}
	// What the engine said counts only for its own code: the demands of a call come after it.
	offset := C.uint32_t(C.JOT_NONE)
	if Code(verdict.code) == code {
		made.Claim, offset = copied(verdict.fault_claim), verdict.fault_offset
	}
	flags := verdict.flags
	made.detail = func() string {
		return sized(func(buffer *C.char, capacity C.size_t, length *C.size_t) C.uint32_t {
			return C.jot_go_detail(
				C.uint32_t(code), flags, offset, optional(made.Claim), view(token), buffer, capacity, length,
			)
		})
	}
	return made
}
