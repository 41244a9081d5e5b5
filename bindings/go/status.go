package jot

// #include "bridge.h"
import "C"

import "runtime"

// StatusList is a Token Status List, or what stands in the place of one. It never changes; any
// number of goroutines and verifiers may use it.
type StatusList struct {
	*handle[*C.jot_status_list]
}

// ParseStatusList reads the Claims Set of a signed status list with at most this many entries.
// Verify the list first.
func ParseStatusList(claims []byte, mostEntries int) (*StatusList, error) {
	var list *C.jot_status_list
	var fault failure
	code := C.jot_status_list_from_claims(view(claims), C.size_t(max(mostEntries, 0)), &list, fault.out())
	if err := fault.of(code); err != nil {
		return nil, err
	}
	return statusList(list), nil
}

// StatusListNotYet stands in the place of the list at this URI until it was fetched: tokens that
// name it are [CodeStatusListNotYet], which is 503.
func StatusListNotYet(uri string) (*StatusList, error) {
	return placeholder(C.jot_status_list_not_yet(view(uri)))
}

// StatusListStale stands in the place of a list that is too old: tokens that name it are
// [CodeStatusListStale], which is 503.
func StatusListStale(uri string) (*StatusList, error) {
	return placeholder(C.jot_status_list_stale(view(uri)))
}

func placeholder(list *C.jot_status_list) (*StatusList, error) {
	if list == nil {
		return nil, &Error{Code: CodeArgumentText, Name: "uri", Offset: -1}
	}
	return statusList(list), nil
}

func statusList(list *C.jot_status_list) *StatusList {
	made := &StatusList{newHandle(list, func(l *C.jot_status_list) { C.jot_status_list_free(l) })}
	runtime.SetFinalizer(made, (*StatusList).Close)
	return made
}

// Close frees the list. Verifiers that have it keep it.
func (l *StatusList) Close() {
	if l != nil {
		l.close()
	}
}

func (l *StatusList) acquire() (*C.jot_status_list, error) {
	if l == nil {
		return nil, ErrClosed
	}
	return l.handle.acquire()
}

// PutStatusList adds a status list, or replaces the one with the same URI, also for remembered
// tokens. The rules say by [WithStatus] that it counts.
func (v *Verifier) PutStatusList(list *StatusList) error {
	verifier, err := v.acquire()
	if err != nil {
		return err
	}
	defer v.release()
	object, err := list.acquire()
	if err != nil {
		return err
	}
	defer list.release()
	return faulty(C.jot_verifier_put_status_list(verifier, object), "list")
}

// ForgetStatusList drops the status list with this URI. Tokens that name it are
// [CodeStatusListUnknown] from then on.
func (v *Verifier) ForgetStatusList(uri string) error {
	verifier, err := v.acquire()
	if err != nil {
		return err
	}
	defer v.release()
	return faulty(C.jot_verifier_forget_status_list(verifier, view(uri)), "uri")
}
