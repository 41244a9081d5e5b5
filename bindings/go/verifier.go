package jot

// #include "bridge.h"
import "C"

import (
	"runtime"
	"sync"
	"time"
)

// Verifier is a policy and trusted keys. It never changes but for its keys and revocations. Any
// number of goroutines may use one.
type Verifier struct {
	*handle[*C.jot_verifier]
	sources []source
	// Whether one of the sources is remote.
	follows bool
	wait    time.Duration
	clock   func() time.Time

	// Guards lists and statuses.
	lock sync.Mutex
	// What is followed for this verifier, which lives as long as it does.
	lists    []*RemoteRevocations
	statuses []*RemoteStatusLists
}

// NewVerifier makes a verifier. It needs [WithAlgorithms], and keys by [WithKeys], [WithIssuer] or
// [WithKeySet].
func NewVerifier(options ...Option) (*Verifier, error) {
	made := settings{wait: 5 * time.Second}
	for _, option := range options {
		option(&made)
	}
	policy, err := made.policy()
	if err != nil {
		return nil, err
	}
	defer C.jot_policy_free(policy)
	verifier, err := made.verifier(policy)
	if err != nil {
		return nil, err
	}
	built := &Verifier{
		handle:  newHandle(verifier, func(v *C.jot_verifier) { C.jot_verifier_free(v) }),
		sources: made.sources,
		wait:    made.wait,
		clock:   made.clock,
	}
	runtime.SetFinalizer(built, (*Verifier).Close)
	for _, from := range made.sources {
		if err := built.follow(from); err != nil {
			built.Close()
			return nil, err
		}
	}
	return built, nil
}

func (s *settings) policy() (*C.jot_policy, error) {
	var policy *C.jot_policy
	var fault failure
	var algs *C.uint32_t
	if len(s.algorithms) != 0 {
		algs = &s.algorithms[0]
	}
	count := C.size_t(len(s.algorithms))
	var code C.uint32_t
	if s.preset != nil {
		code = s.preset(algs, count, &policy, fault.out())
	} else {
		code = C.jot_policy_new(algs, count, &policy, fault.out())
	}
	if err := fault.of(code); err != nil {
		return nil, err
	}
	for _, rule := range s.rules {
		if err := rule(policy); err != nil {
			C.jot_policy_free(policy)
			return nil, err
		}
	}
	return policy, nil
}

func (s *settings) verifier(policy *C.jot_policy) (*C.jot_verifier, error) {
	var builder *C.jot_verifier_builder
	var fault failure
	if err := fault.of(C.jot_verifier_builder_new(policy, &builder, fault.out())); err != nil {
		return nil, err
	}
	defer C.jot_verifier_builder_free(builder)
	for _, from := range s.sources {
		if from.keys == nil {
			return nil, &Error{Code: CodeKeysEmpty, Name: "keys", Offset: -1}
		}
		code, err := from.keys.lend(func(set *C.jot_key_set) C.uint32_t { return from.give(builder, set) })
		if err != nil {
			return nil, err
		}
		if err := faulty(code, "keys"); err != nil {
			return nil, err
		}
	}
	for _, build := range s.builds {
		if err := build(builder); err != nil {
			return nil, err
		}
	}
	var verifier *C.jot_verifier
	return verifier, fault.of(C.jot_verifier_builder_build(builder, &verifier, fault.out()))
}

func (s source) give(builder *C.jot_verifier_builder, set *C.jot_key_set) C.uint32_t {
	switch s.kind {
	case ofIssuer:
		return C.jot_verifier_builder_issuer(builder, view(s.issuer), set)
	case ofName:
		return C.jot_verifier_builder_key_set(builder, view(s.name), optional(s.issuer), set)
	}
	return C.jot_verifier_builder_keys(builder, set)
}

// id is what the library finds these keys by.
func (s source) id() C.jot_slice {
	switch s.kind {
	case ofIssuer:
		return view(s.issuer)
	case ofName:
		return view(s.name)
	}
	return absent
}

// Close frees the verifier, once the calls in flight have ended. Later calls return [ErrClosed].
func (v *Verifier) Close() {
	if v != nil {
		v.close()
	}
}

func (v *Verifier) acquire() (*C.jot_verifier, error) {
	if v == nil {
		return nil, ErrClosed
	}
	return v.handle.acquire()
}

// ReplaceKeys replaces the keys of an issuer, or of a key set by its name; empty for the only key
// set. Verifications that begin afterwards use the new ones.
func (v *Verifier) ReplaceKeys(issuer string, keys *KeySet) error {
	verifier, err := v.acquire()
	if err != nil {
		return err
	}
	defer v.release()
	var fault failure
	code, err := keys.lend(func(set *C.jot_key_set) C.uint32_t {
		return C.jot_verifier_replace_keys(verifier, optional(issuer), set, fault.out())
	})
	if err != nil {
		return err
	}
	return fault.of(code)
}

// Keys returns the current keys of an issuer, or of a key set by its name; empty for the only key
// set.
func (v *Verifier) Keys(issuer string) (*KeySet, error) {
	verifier, err := v.acquire()
	if err != nil {
		return nil, err
	}
	defer v.release()
	var set *C.jot_key_set
	if err := faulty(C.jot_verifier_keys(verifier, optional(issuer), &set), "issuer"); err != nil {
		return nil, err
	}
	return keySet(set), nil
}
