package jot

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"strings"
	"time"
)

// RemoteStatusLists are the Token Status Lists of an issuer, which a thread of the library follows
// (docs/revocation.md): those at URIs that are named, and those that tokens name below a URI that ends
// with a slash.
type RemoteStatusLists struct {
	*handle[*C.jot_remote_status_lists]
	keys    *RemoteKeys
	fetcher *Fetcher
	// Tokens whose list is being fetched.
	waiting waiting
}

// StatusPlaces say which status lists are followed.
type StatusPlaces struct {
	// URIs are those of lists, which are followed from the start; and URIs that end with a slash, below
	// which a list is followed from the first token on that names it.
	URIs []string
	// Most lists are followed at a time; 0 for 256.
	Most int
	// ForgetAfter is how long a list is followed that no token names, in whole seconds; 0 for a day.
	ForgetAfter time.Duration
}

// StatusListsAt follows status lists. A list counts if one of the keys signed it with one of the
// algorithms.
func StatusListsAt(
	places StatusPlaces, keys *RemoteKeys, algorithms []Algorithm, options ...RemoteOption,
) (*RemoteStatusLists, error) {
	settings, fetcher, err := remoteSettings(options)
	if err != nil {
		return nil, err
	}
	defer settings.fetcher.release()
	if places.Most < 0 {
		return nil, &Error{Code: CodeArgumentValue, Name: "most", Offset: -1}
	}
	var forget C.uint32_t
	if settings.seconds("forget_after", places.ForgetAfter, &forget); len(settings.faults) != 0 {
		return nil, settings.faults[0]
	}
	of, err := keys.acquire()
	if err != nil {
		return nil, err
	}
	defer keys.release()
	uris := pack(places.URIs)
	var lists *C.jot_remote_status_lists
	var fault failure
	code := C.jot_go_status_lists(
		fetcher, optional(uris.all), &uris.lengths[0], uris.count(), C.uint32_t(places.Most), forget,
		of, algorithmSet(algorithms), &settings.list, &lists, fault.out(),
	)
	if err := fault.of(code); err != nil {
		return nil, err
	}
	made := &RemoteStatusLists{
		handle:  newHandle(lists, func(l *C.jot_remote_status_lists) { C.jot_remote_status_lists_free(l) }),
		keys:    keys,
		fetcher: settings.fetcher,
	}
	runtime.SetFinalizer(made, (*RemoteStatusLists).Close)
	return made, nil
}

// Close ends the following, but for verifiers that were given the lists: those have them followed.
func (l *RemoteStatusLists) Close() {
	if l != nil {
		l.close()
	}
}

func (l *RemoteStatusLists) acquire() (*C.jot_remote_status_lists, error) {
	if l == nil {
		return nil, ErrClosed
	}
	return l.handle.acquire()
}

// Wait waits until every list that is followed is in force.
func (l *RemoteStatusLists) Wait(ctx context.Context) error {
	lists, err := l.acquire()
	if err != nil {
		return err
	}
	defer l.release()
	for {
		code := C.jot_remote_status_lists_wait(lists, 50)
		switch {
		case code == C.JOT_ACCEPTED:
			return nil
		case Code(code) != CodeStatusListNotYet && Code(code) != CodeStatusListStale:
			return faulty(code, "status_lists")
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
	}
}

// RefreshNow asks for a fetch of each list as soon as possible.
func (l *RemoteStatusLists) RefreshNow() error {
	lists, err := l.acquire()
	if err != nil {
		return err
	}
	defer l.release()
	return faulty(C.jot_remote_status_lists_refresh_now(lists), "status_lists")
}

// URIs returns those of the lists that are followed, in their order.
func (l *RemoteStatusLists) URIs() ([]string, error) {
	lists, err := l.acquire()
	if err != nil {
		return nil, err
	}
	defer l.release()
	text, err := written(func(text *C.jot_text, _ *C.jot_error) C.uint32_t {
		return C.jot_remote_status_lists_uris(lists, text)
	})
	return strings.Fields(string(text)), err
}

// Reason says in words what was wrong with the last fetch of the list at a URI; empty if it succeeded.
// The error is [CodeStatusListUnknown] if it is not followed.
func (l *RemoteStatusLists) Reason(uri string) (string, error) {
	lists, err := l.acquire()
	if err != nil {
		return "", err
	}
	defer l.release()
	text, err := written(func(text *C.jot_text, _ *C.jot_error) C.uint32_t {
		return C.jot_remote_status_lists_reason(lists, view(uri), text)
	})
	return string(text), err
}

// Refused returns how often a token named a list that could not be followed, because there were as many
// as there may be; 0 if the lists were closed.
func (l *RemoteStatusLists) Refused() uint64 {
	lists, err := l.acquire()
	if err != nil {
		return 0
	}
	defer l.release()
	return uint64(C.jot_remote_status_lists_refused(lists))
}

// FollowStatusLists adds the status lists of an issuer, now and whenever they change, and those that
// tokens name. The rules say by [WithStatus] that they count. A token whose list was not fetched yet
// waits for it, no longer than [WithWait], and is [CodeStatusListNotYet] then: 503, not 401.
func (v *Verifier) FollowStatusLists(lists *RemoteStatusLists) error {
	verifier, err := v.acquire()
	if err != nil {
		return err
	}
	defer v.release()
	object, err := lists.acquire()
	if err != nil {
		return err
	}
	defer lists.release()
	if err := faulty(C.jot_remote_status_lists_feed(object, verifier), "status_lists"); err != nil {
		return err
	}
	v.lock.Lock()
	v.statuses = append(v.statuses, lists)
	v.lock.Unlock()
	return nil
}

// retryLists waits for the list of a token.
func (v *Verifier) retryLists(ctx context.Context, code Code) (Code, bool, error) {
	v.lock.Lock()
	followed := v.statuses
	v.lock.Unlock()
	bounded, end := context.WithTimeout(ctx, v.wait)
	defer end()
	// Nobody knows whose list it is: all are waited for.
	again := false
	for _, lists := range followed {
		again = lists.await(bounded, code, v.wait) || again
	}
	if again {
		return code, true, nil
	}
	return code, false, context.Cause(ctx)
}

// await tells whether the lists have had their first answers.
func (l *RemoteStatusLists) await(ctx context.Context, code Code, wait time.Duration) bool {
	if wait <= 0 {
		return false
	}
	if l.retry(code, 0) == CodeAccepted {
		return true
	}
	// Each token has a bound of its own.
	fetch := l.waiting.ask(code, func() Code { return l.retry(code, 60_000) })
	came, _ := fetch.within(ctx, wait)
	return came && fetch.code == CodeAccepted
}

func (l *RemoteStatusLists) retry(code Code, milliseconds C.uint32_t) Code {
	lists, err := l.acquire()
	if err != nil {
		return code
	}
	defer l.release()
	return Code(C.jot_remote_status_lists_retry(lists, C.uint32_t(code), milliseconds))
}
