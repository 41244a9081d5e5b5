package jot

// #include "bridge.h"
import "C"

import (
	"math"
	"runtime"
	"time"
)

// Revocations is a list of revoked tokens, sessions, subjects and keys. One goroutine at a time
// may use it.
type Revocations struct {
	*handle[*C.jot_revocations]
}

// NewRevocations makes an empty list for at most this many revocations.
func NewRevocations(limit int) *Revocations {
	return revocations(C.jot_revocations_new(C.size_t(max(limit, 0))))
}

// ParseRevocations reads the text of [Revocations.Text].
func ParseRevocations(text string, limit int) (*Revocations, error) {
	var list *C.jot_revocations
	var fault failure
	code := C.jot_revocations_from_text(view(text), C.size_t(max(limit, 0)), &list, fault.out())
	if err := fault.of(code); err != nil {
		return nil, err
	}
	return revocations(list), nil
}

func revocations(list *C.jot_revocations) *Revocations {
	made := &Revocations{newHandle(list, func(r *C.jot_revocations) { C.jot_revocations_free(r) })}
	runtime.SetFinalizer(made, (*Revocations).Close)
	return made
}

// Close frees the list. Verifiers that were given it keep it.
func (r *Revocations) Close() {
	if r != nil {
		r.close()
	}
}

func (r *Revocations) acquire() (*C.jot_revocations, error) {
	if r == nil {
		return nil, ErrClosed
	}
	return r.handle.acquire()
}

// until is the zero time for ever.
func until(instant time.Time) C.int64_t {
	if instant.IsZero() {
		return math.MaxInt64
	}
	return C.int64_t(instant.Unix())
}

func (r *Revocations) change(name string, apply func(*C.jot_revocations) C.uint32_t) error {
	list, err := r.acquire()
	if err != nil {
		return err
	}
	defer r.release()
	return faulty(apply(list), name)
}

// RevokeJTI revokes the tokens with this jti. They expire at the given time, after which
// [Revocations.Purge] drops the entry; the zero time keeps it.
func (r *Revocations) RevokeJTI(jti string, expire time.Time) error {
	return r.change("jti", func(list *C.jot_revocations) C.uint32_t {
		return C.jot_revocations_revoke_jti(list, view(jti), until(expire))
	})
}

// RevokeSession revokes the tokens of the session with this sid, as a logout does.
func (r *Revocations) RevokeSession(sid string, expire time.Time) error {
	return r.change("sid", func(list *C.jot_revocations) C.uint32_t {
		return C.jot_revocations_revoke_session(list, view(sid), until(expire))
	})
}

// RevokeSubject revokes the tokens of this sub that were issued before an instant, and those
// without an iat.
func (r *Revocations) RevokeSubject(subject string, issuedBefore time.Time) error {
	return r.change("sub", func(list *C.jot_revocations) C.uint32_t {
		return C.jot_revocations_revoke_subject(list, view(subject), until(issuedBefore))
	})
}

// RevokeKey revokes the key with this thumbprint, and so every token that it signed.
func (r *Revocations) RevokeKey(thumbprint string) error {
	return r.change("thumbprint", func(list *C.jot_revocations) C.uint32_t {
		return C.jot_revocations_revoke_key(list, view(thumbprint))
	})
}

// Purge drops the entries that have expired.
func (r *Revocations) Purge(now time.Time) error {
	return r.change("now", func(list *C.jot_revocations) C.uint32_t {
		return C.jot_revocations_purge(list, C.int64_t(now.Unix()))
	})
}

// Len returns the number of revocations; 0 if the list was closed.
func (r *Revocations) Len() int {
	list, err := r.acquire()
	if err != nil {
		return 0
	}
	defer r.release()
	return int(C.jot_revocations_len(list))
}

// Text writes the list as lines of JSON.
func (r *Revocations) Text() (string, error) {
	list, err := r.acquire()
	if err != nil {
		return "", err
	}
	defer r.release()
	text, err := written(func(text *C.jot_text, _ *C.jot_error) C.uint32_t {
		return C.jot_revocations_to_text(list, text)
	})
	return string(text), err
}

// SetRevocations replaces the revocations, also for remembered tokens. The list is copied.
func (v *Verifier) SetRevocations(revoked *Revocations) error {
	verifier, err := v.acquire()
	if err != nil {
		return err
	}
	defer v.release()
	return revoked.change("revocations", func(list *C.jot_revocations) C.uint32_t {
		return C.jot_verifier_set_revocations(verifier, list)
	})
}

// Revocations returns a copy of the current revocations, to add to and set again.
func (v *Verifier) Revocations() (*Revocations, error) {
	verifier, err := v.acquire()
	if err != nil {
		return nil, err
	}
	defer v.release()
	var list *C.jot_revocations
	if err := faulty(C.jot_verifier_revocations(verifier, &list), "verifier"); err != nil {
		return nil, err
	}
	return revocations(list), nil
}
