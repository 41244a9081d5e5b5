package jot

// #include "bridge.h"
import "C"

import "sync"

// Backend is the code that verifies signatures. The verdicts are the same with each: accelerated
// code may only accept, and aws-lc decides everything that it does not accept.
type Backend uint32

// The backends; docs/accelerated.md tells of them.
const (
	// AWSLC is only aws-lc, which is what a verifier has unless told otherwise.
	AWSLC Backend = C.JOT_BACKEND_AWS_LC
	// Auto is the fastest code on this machine, for keys that have verified some dozen signatures.
	Auto Backend = C.JOT_BACKEND_AUTO
	// Accelerated is the same, with the tables of keys made at once.
	Accelerated Backend = C.JOT_BACKEND_ACCELERATED
	// Portable is the same without the vector unit.
	Portable Backend = C.JOT_BACKEND_PORTABLE
)

// WithBackend chooses the code that verifies signatures.
func WithBackend(backend Backend) Option {
	return func(s *settings) {
		s.build("backend", func(b *C.jot_verifier_builder) C.uint32_t {
			return C.jot_verifier_builder_backend(b, C.uint32_t(backend))
		})
	}
}

// WithTableBytes limits the memory of the accelerated tables of keys; 32 MiB unless set.
func WithTableBytes(bytes int) Option {
	return func(s *settings) {
		s.build("table_bytes", func(b *C.jot_verifier_builder) C.uint32_t {
			return C.jot_verifier_builder_table_bytes(b, C.size_t(bytes))
		})
	}
}

// BackendName returns the name of the code that verifies under an algorithm, such as "aws-lc" or
// "avx512-ifma"; empty if the verifier was closed.
func (v *Verifier) BackendName(alg Algorithm) string {
	verifier, err := v.acquire()
	if err != nil {
		return ""
	}
	defer v.release()
	return copied(C.jot_verifier_backend_name(verifier, C.uint32_t(alg)))
}

// BackendDistrusted returns for how many algorithms this process does not use accelerated code,
// because it was found wrong. It is 0 unless the processor, its memory, the compiler or the code
// is faulty: tell somebody.
func BackendDistrusted() int { return int(C.jot_backend_distrusted()) }

// backendTold is what BackendNews has told of.
var backendTold struct {
	sync.Mutex
	algorithms C.uint64_t
}

// BackendNews returns one line for a log about accelerated code that was found wrong since the last
// call; it is empty if there is nothing new, and this process has each line once.
func BackendNews() string {
	backendTold.Lock()
	defer backendTold.Unlock()
	line, _ := written(func(text *C.jot_text, _ *C.jot_error) C.uint32_t {
		return C.jot_backend_news(&backendTold.algorithms, text)
	})
	return string(line)
}
