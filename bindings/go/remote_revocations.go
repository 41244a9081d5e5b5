package jot

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
)

// RemoteRevocations is a list of revocations that an issuer serves as a signed JWT
// (docs/revocation.md), which a thread of the library follows.
type RemoteRevocations struct {
	*handle[*C.jot_remote_revocations]
	keys    *RemoteKeys
	fetcher *Fetcher
}

// RevocationsAt follows the list at a URL. It counts if one of the keys signed it with one of the
// algorithms, and its iss is the issuer.
func RevocationsAt(
	url, issuer string, keys *RemoteKeys, algorithms []Algorithm, options ...RemoteOption,
) (*RemoteRevocations, error) {
	settings, fetcher, err := remoteSettings(options)
	if err != nil {
		return nil, err
	}
	defer settings.fetcher.release()
	of, err := keys.acquire()
	if err != nil {
		return nil, err
	}
	defer keys.release()
	var list *C.jot_remote_revocations
	var fault failure
	code := C.jot_remote_revocations_new(
		fetcher, view(url), of, optional(issuer), algorithmSet(algorithms), &settings.list, &list, fault.out(),
	)
	if err := fault.of(code); err != nil {
		return nil, err
	}
	made := &RemoteRevocations{
		handle:  newHandle(list, func(r *C.jot_remote_revocations) { C.jot_remote_revocations_free(r) }),
		keys:    keys,
		fetcher: settings.fetcher,
	}
	runtime.SetFinalizer(made, (*RemoteRevocations).Close)
	return made, nil
}

// Close ends the following. Verifiers keep the list that they have.
func (r *RemoteRevocations) Close() {
	if r != nil {
		r.close()
	}
}

func (r *RemoteRevocations) acquire() (*C.jot_remote_revocations, error) {
	if r == nil {
		return nil, ErrClosed
	}
	return r.handle.acquire()
}

// Wait waits until there is a list in force.
func (r *RemoteRevocations) Wait(ctx context.Context) error {
	list, err := r.acquire()
	if err != nil {
		return err
	}
	defer r.release()
	for {
		code := C.jot_remote_revocations_wait(list, 50)
		switch {
		case code == C.JOT_ACCEPTED:
			return nil
		case Code(code) != CodeRevocationsNotYet && Code(code) != CodeRevocationsStale:
			return faulty(code, "revocations")
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
	}
}

// Reason says in words what was wrong with the last fetch; empty if it succeeded.
func (r *RemoteRevocations) Reason() string {
	list, err := r.acquire()
	if err != nil {
		return ""
	}
	defer r.release()
	text, _ := written(func(text *C.jot_text, _ *C.jot_error) C.uint32_t {
		return C.jot_remote_revocations_reason(list, text)
	})
	return string(text)
}

// FollowRevocations sets the revocations of the verifier, now and whenever they change. Before the
// first list and after the end of the last one its tokens are [CodeRevocationsNotYet] or
// [CodeRevocationsStale]: 503, not 401.
func (v *Verifier) FollowRevocations(revoked *RemoteRevocations) error {
	verifier, err := v.acquire()
	if err != nil {
		return err
	}
	defer v.release()
	list, err := revoked.acquire()
	if err != nil {
		return err
	}
	defer revoked.release()
	if err := faulty(C.jot_remote_revocations_feed(list, verifier), "revocations"); err != nil {
		return err
	}
	v.lock.Lock()
	v.lists = append(v.lists, revoked)
	v.lock.Unlock()
	return nil
}
