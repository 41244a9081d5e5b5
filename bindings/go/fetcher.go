package jot

// #include "bridge.h"
import "C"

import (
	"runtime"
	"sync"
)

// Fetcher has the threads that fetch keys and lists behind a URL, and what they trust. A process
// needs one only for settings of its own: without [ByFetcher] all share one thread.
type Fetcher struct {
	*handle[*C.jot_fetcher]
}

// FetcherOptions are the settings of a [Fetcher]; the zero value is the default.
type FetcherOptions struct {
	// Authorities are the certificates of authorities in PEM, and no others; Mozilla's if empty.
	Authorities []byte
	// ClientChain and ClientKey are shown to servers, in PEM.
	ClientChain, ClientKey []byte
	// Proxy is the URL of a proxy. If it is empty, HTTPS_PROXY, ALL_PROXY and NO_PROXY say which.
	Proxy string
	// WithoutProxy uses none, whatever these variables say.
	WithoutProxy bool
	// Threads fetch at the same time; 0 for one.
	Threads int
}

// NewFetcher makes a fetcher. Its threads start with the first issuer that it follows.
func NewFetcher(options FetcherOptions) (*Fetcher, error) {
	proxy := optional(options.Proxy)
	if options.WithoutProxy {
		proxy = view("")
	}
	var fetcher *C.jot_fetcher
	var fault failure
	code := C.jot_go_fetcher(
		optional(options.Authorities), optional(options.ClientChain), optional(options.ClientKey), proxy,
		C.uint32_t(options.Threads), &fetcher, fault.out(),
	)
	if err := fault.of(code); err != nil {
		return nil, err
	}
	made := &Fetcher{newHandle(fetcher, func(f *C.jot_fetcher) { C.jot_fetcher_free(f) })}
	// It may wait, and other finalizers must not.
	runtime.SetFinalizer(made, func(f *Fetcher) { go f.Close() })
	return made, nil
}

// Close ends the threads. A fetch under way is waited for, no longer than its timeout. Keys that
// were fetched stay in use and are no longer followed.
func (f *Fetcher) Close() {
	if f != nil {
		f.close()
	}
}

func (f *Fetcher) acquire() (*C.jot_fetcher, error) {
	if f == nil {
		return nil, ErrClosed
	}
	return f.handle.acquire()
}

// shared is the fetcher of the process, which is never closed.
var shared = sync.OnceValues(func() (*Fetcher, error) { return NewFetcher(FetcherOptions{}) })
