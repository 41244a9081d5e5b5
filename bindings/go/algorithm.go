package jot

// #include "bridge.h"
import "C"

// Algorithm is a signature algorithm, such as [ES256].
type Algorithm uint32

// The algorithms. EdDSA is the old name of Ed25519 (RFC 8037), and allowing it allows both names.
const (
	HS256   Algorithm = C.JOT_HS256
	HS384   Algorithm = C.JOT_HS384
	HS512   Algorithm = C.JOT_HS512
	RS256   Algorithm = C.JOT_RS256
	RS384   Algorithm = C.JOT_RS384
	RS512   Algorithm = C.JOT_RS512
	PS256   Algorithm = C.JOT_PS256
	PS384   Algorithm = C.JOT_PS384
	PS512   Algorithm = C.JOT_PS512
	ES256   Algorithm = C.JOT_ES256
	ES384   Algorithm = C.JOT_ES384
	ES512   Algorithm = C.JOT_ES512
	ES256K  Algorithm = C.JOT_ES256K
	EdDSA   Algorithm = C.JOT_EDDSA
	Ed25519 Algorithm = C.JOT_ED25519
	MLDSA44 Algorithm = C.JOT_ML_DSA_44
	MLDSA65 Algorithm = C.JOT_ML_DSA_65
	MLDSA87 Algorithm = C.JOT_ML_DSA_87
)

// ParseAlgorithm finds the algorithm with this alg name, compared exactly. Its errors are
// [CodeAlgUnknown], and [CodeAlgNone] for none in any casing.
func ParseAlgorithm(name string) (Algorithm, error) {
	var alg C.uint32_t
	if code := C.jot_alg_parse(view(name), &alg); code != C.JOT_ACCEPTED {
		return 0, &Error{Code: Code(code), Name: "alg", Offset: -1}
	}
	return Algorithm(alg), nil
}

// String returns the alg name, such as "ES256"; "unknown" for a number that is no algorithm.
func (a Algorithm) String() string { return C.GoString(C.jot_alg_name(C.uint32_t(a))) }

// algorithmSet has the bit of each, and for a number that is no algorithm one that the library
// refuses.
func algorithmSet(algorithms []Algorithm) C.uint32_t {
	var set C.uint32_t
	for _, alg := range algorithms {
		set |= 1 << min(alg, 31)
	}
	return set
}
