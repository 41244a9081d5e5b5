package jot

import (
	"context"
	"sync"
	"time"
)

// waiting are tokens that wait for the same fetch. One goroutine waits in C for all of them: each would
// hold a thread.
type waiting struct {
	// Guards asking.
	lock   sync.Mutex
	asking *asked
}

// asked is one fetch that tokens wait for.
type asked struct {
	done chan struct{}
	code Code
}

// ask begins the wait, unless it has begun.
func (w *waiting) ask(code Code, wait func() Code) *asked {
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.asking != nil {
		return w.asking
	}
	fetch := &asked{done: make(chan struct{}), code: code}
	w.asking = fetch
	go func() {
		fetch.code = wait()
		w.lock.Lock()
		w.asking = nil
		w.lock.Unlock()
		close(fetch.done)
	}()
	return fetch
}

// within tells whether the wait ended in time. The error is that of the context.
func (a *asked) within(ctx context.Context, longest time.Duration) (bool, error) {
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-a.done:
		return true, nil
	case <-timer.C:
		return false, nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}
