package jot

// #include "bridge.h"
import "C"

import (
	"context"
	"math"
	"runtime"
	"time"
)

// RemoteKeys are the keys of one issuer, which a thread of the library follows: docs/keys.md says
// by which rules. Any number of goroutines and verifiers may share them.
type RemoteKeys struct {
	*handle[*C.jot_remote_keys]
	fetcher *Fetcher
	// Tokens whose key is being fetched.
	waiting waiting
}

// RemoteOption is a setting of remote keys or lists.
type RemoteOption func(*remoteOptions)

type remoteOptions struct {
	fetcher *Fetcher
	keeper  C.jot_keeper_options
	list    C.jot_list_options
	faults  []error
}

func (o *remoteOptions) seconds(name string, duration time.Duration, to ...*C.uint32_t) {
	whole := duration / time.Second
	if duration < 0 || duration%time.Second != 0 || whole >= math.MaxUint32 {
		o.faults = append(o.faults, &Error{
			Code: CodeArgumentValue, Name: name, Offset: -1,
			message: name + ": whole seconds are wanted, not " + duration.String(),
		})
		return
	}
	for _, field := range to {
		*field = C.uint32_t(whole)
	}
}

// ByFetcher has this fetcher follow the keys, instead of that of the process.
func ByFetcher(fetcher *Fetcher) RemoteOption {
	return func(o *remoteOptions) {
		if fetcher == nil {
			o.faults = append(o.faults, ErrClosed)
		}
		o.fetcher = fetcher
	}
}

// FetchTimeout sets how long a whole fetch may take; 5 seconds unless set.
func FetchTimeout(timeout time.Duration) RemoteOption {
	return func(o *remoteOptions) { o.seconds("timeout", timeout, &o.keeper.timeout, &o.list.timeout) }
}

// ServeStaleFor sets how long keys stay in use if they cannot be fetched again: a day unless set.
// For a list it is how long the last one stays in use after its exp: not at all unless set.
func ServeStaleFor(duration time.Duration) RemoteOption {
	return func(o *remoteOptions) {
		o.seconds("serve_stale_for", duration, &o.keeper.serve_stale_for, &o.list.serve_stale_for)
	}
}

// CoolDown sets how long after a fetch for an unknown kid no other such fetch is made; 30 seconds
// unless set.
func CoolDown(duration time.Duration) RemoteOption {
	return func(o *remoteOptions) { o.seconds("cool_down", duration, &o.keeper.cool_down) }
}

// PollEvery sets after what time a list is fetched again that does not say so itself, and the
// least time that it may say; a minute and 5 seconds unless set. It is for lists alone.
func PollEvery(poll, least time.Duration) RemoteOption {
	return func(o *remoteOptions) {
		o.seconds("poll", poll, &o.list.poll)
		o.seconds("least_poll", least, &o.list.least_poll)
	}
}

// AllowLoopback allows http to this machine, for tests and for proxies beside the program.
func AllowLoopback() RemoteOption {
	return func(o *remoteOptions) {
		o.keeper.flags |= C.JOT_ALLOW_LOOPBACK
		o.list.flags |= C.JOT_LIST_ALLOW_LOOPBACK
	}
}

func remoteSettings(options []RemoteOption) (*remoteOptions, *C.jot_fetcher, error) {
	made := &remoteOptions{
		keeper: C.jot_keeper_options{size: C.sizeof_jot_keeper_options},
		list:   C.jot_list_options{size: C.sizeof_jot_list_options},
	}
	if err := faulty(C.jot_keeper_options_default(&made.keeper), "options"); err != nil {
		return nil, nil, err
	}
	for _, option := range options {
		option(made)
	}
	if len(made.faults) != 0 {
		return nil, nil, made.faults[0]
	}
	if made.fetcher == nil {
		fetcher, err := shared()
		if err != nil {
			return nil, nil, err
		}
		made.fetcher = fetcher
	}
	fetcher, err := made.fetcher.acquire()
	return made, fetcher, err
}

// KeysAt follows the keys at a URL: a JWK Set, a JWK, PEM, or an object of PEM by kid.
func KeysAt(url string, options ...RemoteOption) (*RemoteKeys, error) {
	return follow(options, func(f *C.jot_fetcher, o *C.jot_keeper_options, to **C.jot_remote_keys, fault *C.jot_error) C.uint32_t {
		return C.jot_remote_keys_new(f, view(url), o, to, fault)
	})
}

// Discover follows the keys that an issuer's OpenID configuration names.
func Discover(issuer string, options ...RemoteOption) (*RemoteKeys, error) {
	return follow(options, func(f *C.jot_fetcher, o *C.jot_keeper_options, to **C.jot_remote_keys, fault *C.jot_error) C.uint32_t {
		return C.jot_remote_keys_discover(f, view(issuer), o, to, fault)
	})
}

func follow(
	options []RemoteOption,
	start func(*C.jot_fetcher, *C.jot_keeper_options, **C.jot_remote_keys, *C.jot_error) C.uint32_t,
) (*RemoteKeys, error) {
	settings, fetcher, err := remoteSettings(options)
	if err != nil {
		return nil, err
	}
	defer settings.fetcher.release()
	var keys *C.jot_remote_keys
	var fault failure
	if err := fault.of(start(fetcher, &settings.keeper, &keys, fault.out())); err != nil {
		return nil, err
	}
	made := &RemoteKeys{
		handle:  newHandle(keys, func(k *C.jot_remote_keys) { C.jot_remote_keys_free(k) }),
		fetcher: settings.fetcher,
	}
	runtime.SetFinalizer(made, (*RemoteKeys).Close)
	return made, nil
}

// Close ends the following. Verifiers keep the keys that they have.
func (k *RemoteKeys) Close() {
	if k != nil {
		k.close()
	}
}

func (k *RemoteKeys) acquire() (*C.jot_remote_keys, error) {
	if k == nil {
		return nil, ErrClosed
	}
	return k.handle.acquire()
}

func (k *RemoteKeys) remote() *RemoteKeys { return k }

func (k *RemoteKeys) lend(use func(*C.jot_key_set) C.uint32_t) (C.uint32_t, error) {
	keys, err := k.acquire()
	if err != nil {
		return 0, err
	}
	defer k.release()
	var set *C.jot_key_set
	if code := C.jot_remote_keys_set(keys, &set); code != C.JOT_ACCEPTED {
		return code, nil
	}
	defer C.jot_key_set_free(set)
	return use(set), nil
}

// Wait waits until there are keys, for a program that would rather not begin without. The error
// is that of the context, or what the library says of the keys.
func (k *RemoteKeys) Wait(ctx context.Context) error {
	keys, err := k.acquire()
	if err != nil {
		return err
	}
	// Short waits, so that the end of the context ends it.
	defer k.release()
	for {
		code := C.jot_remote_keys_wait(keys, 50)
		switch {
		case code == C.JOT_ACCEPTED:
			return nil
		case Code(code) != CodeKeysNotYet && Code(code) != CodeKeysStale:
			return faulty(code, "keys")
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
	}
}

// RefreshNow asks for a fetch as soon as possible: for operators, not for requests.
func (k *RemoteKeys) RefreshNow() error {
	keys, err := k.acquire()
	if err != nil {
		return err
	}
	defer k.release()
	return faulty(C.jot_remote_keys_refresh_now(keys), "keys")
}

// Health says how keys do, for logs and metrics.
type Health struct {
	// LastSuccess, FreshUntil and NextFetch are the zero time for none.
	LastSuccess, FreshUntil, NextFetch time.Time
	// Error is what was wrong with the last fetch; [CodeAccepted] if it succeeded.
	Error Code
	// Failures is the number of fetches that failed since the last success.
	Failures int
	// Fetches were asked for, Successes brought or confirmed keys, and Refused is how often an
	// unknown kid was refused without a fetch.
	Fetches, Successes, Refused uint64
	// Keys are in force.
	Keys int
}

// Health describes how the keys do.
func (k *RemoteKeys) Health() (Health, error) {
	keys, err := k.acquire()
	if err != nil {
		return Health{}, err
	}
	defer k.release()
	health := C.jot_health{size: C.sizeof_jot_health}
	if err := faulty(C.jot_remote_keys_health(keys, &health), "keys"); err != nil {
		return Health{}, err
	}
	return Health{
		LastSuccess: moment(health.last_success),
		FreshUntil:  moment(health.fresh_until),
		NextFetch:   moment(health.next_fetch),
		Error:       Code(health.error),
		Failures:    int(health.failures),
		Fetches:     uint64(health.fetches),
		Successes:   uint64(health.successes),
		Refused:     uint64(health.refused),
		Keys:        int(health.keys),
	}, nil
}

func moment(seconds C.int64_t) time.Time {
	if seconds == math.MinInt64 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}

// Reason says in words what was wrong with the last fetch; empty if it succeeded.
func (k *RemoteKeys) Reason() string {
	keys, err := k.acquire()
	if err != nil {
		return ""
	}
	defer k.release()
	text, _ := written(func(text *C.jot_text, _ *C.jot_error) C.uint32_t {
		return C.jot_remote_keys_reason(keys, text)
	})
	return string(text)
}

// follow has remote keys handed to the verifier whenever they change.
func (v *Verifier) follow(from source) error {
	remote := from.keys.remote()
	if remote == nil {
		return nil
	}
	keys, err := remote.acquire()
	if err != nil {
		return err
	}
	defer remote.release()
	v.follows = true
	var fault failure
	return fault.of(C.jot_remote_keys_feed(keys, v.object, from.id(), fault.out()))
}

// retry says what becomes of a token that was rejected with this code, because its key may have
// been published a moment ago, or its status list is on its way: whether to verify it again, and otherwise its code.
func (v *Verifier) retry(
	ctx context.Context, verifier *C.jot_verifier, token string, code Code,
) (last Code, again bool, err error) {
	if code == CodeStatusListNotYet {
		return v.retryLists(ctx, code)
	}
	remote := v.remoteOf(verifier, token)
	if remote == nil {
		return code, false, nil
	}
	return remote.retry(ctx, code, v.wait)
}

// again verifies a token that was rejected once more, if what it lacks may have come.
func (v *Verifier) again(
	ctx context.Context, verifier *C.jot_verifier, token string, code Code, once func() Code,
) (Code, error) {
	// The first keys and the first status list come one after the other.
	for range 2 {
		last, again, err := v.retry(ctx, verifier, token, code)
		if !again {
			return last, err
		}
		if code = once(); code != CodeStatusListNotYet {
			return code, nil
		}
	}
	return code, nil
}

// remoteOf returns the keys that a token would have to be verified with, if they are remote.
func (v *Verifier) remoteOf(verifier *C.jot_verifier, token string) *RemoteKeys {
	if len(v.sources) == 1 {
		return v.sources[0].keys.remote()
	}
	// The slot of the verification still holds what the rejection says.
	s := takeSlot()
	defer s.giveBack()
	var index C.uint32_t
	if C.jot_verifier_unverified_issuer(verifier, view(token), s.of.scratch, &index) != C.JOT_ACCEPTED ||
		int(index) >= len(v.sources) {
		return nil
	}
	return v.sources[index].keys.remote()
}

func (k *RemoteKeys) retry(ctx context.Context, code Code, wait time.Duration) (Code, bool, error) {
	keys, err := k.acquire()
	if err != nil {
		// What was fetched stays in use, and so does the verdict.
		return code, false, nil
	}
	// Without a wait this says at once what there is to wait for.
	now := Code(C.jot_remote_keys_retry(keys, C.uint32_t(code), 0))
	k.release()
	if now == CodeAccepted {
		return code, true, nil
	}
	if now != CodeFetchTimeout || wait <= 0 {
		return now, false, nil
	}
	fetch := k.waiting.ask(code, func() Code {
		keys, err := k.acquire()
		if err != nil {
			return code
		}
		defer k.release()
		// Each token has a bound of its own.
		return Code(C.jot_remote_keys_retry(keys, C.uint32_t(code), 60_000))
	})
	if came, err := fetch.within(ctx, wait); !came {
		return CodeFetchTimeout, false, err
	}
	// The keys may have come between the two questions, so the token decides.
	if fetch.code == CodeAccepted || fetch.code == CodeKidUnknown ||
		fetch.code == CodeKeysNotYet || fetch.code == CodeKeysStale {
		return code, true, nil
	}
	return fetch.code, false, nil
}
