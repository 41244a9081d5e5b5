package jot

// #include "bridge.h"
import "C"

// Statistics are the counters of a verifier since it was made.
type Statistics struct {
	Accepted, Rejected uint64
	// CacheHits and CacheMisses are of accepted tokens.
	CacheHits, CacheMisses, CacheEvictions uint64
	// CacheBytes is the memory of the cache, full or empty.
	CacheBytes uint64
}

// Statistics takes a snapshot of the counters.
func (v *Verifier) Statistics() (Statistics, error) {
	verifier, err := v.acquire()
	if err != nil {
		return Statistics{}, err
	}
	defer v.release()
	counted := C.jot_statistics{size: C.sizeof_jot_statistics}
	if err := faulty(C.jot_verifier_statistics(verifier, &counted), "verifier"); err != nil {
		return Statistics{}, err
	}
	return Statistics{
		Accepted:       uint64(counted.accepted),
		Rejected:       uint64(counted.refused),
		CacheHits:      uint64(counted.cache_hits),
		CacheMisses:    uint64(counted.cache_misses),
		CacheEvictions: uint64(counted.cache_evictions),
		CacheBytes:     uint64(counted.cache_bytes),
	}, nil
}

// Verdicts returns how often a code was the verdict; 0 if the verifier was closed.
func (v *Verifier) Verdicts(code Code) uint64 {
	verifier, err := v.acquire()
	if err != nil {
		return 0
	}
	defer v.release()
	return uint64(C.jot_verifier_verdicts(verifier, C.uint32_t(code)))
}

// Prometheus writes the counters in the text format of Prometheus (version 0.0.4).
func (v *Verifier) Prometheus() (string, error) {
	verifier, err := v.acquire()
	if err != nil {
		return "", err
	}
	defer v.release()
	text, err := written(func(text *C.jot_text, _ *C.jot_error) C.uint32_t {
		return C.jot_verifier_prometheus(verifier, text)
	})
	return string(text), err
}
