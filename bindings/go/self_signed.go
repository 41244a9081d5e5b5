package jot

// #include "bridge.h"
import "C"

import (
	"context"
	"encoding/base64"
	"runtime"
	"time"
)

// SelfSignedVerifier verifies tokens that come with their own key, such as DPoP proofs
// (docs/self-signed.md). Any number of goroutines may use one.
//
// It accepts nothing: anybody can make a key and sign with it. What it returns is worth something
// once the thumbprint of the key is found where somebody trusted put it.
type SelfSignedVerifier struct {
	*handle[*C.jot_selfsigned_verifier]
}

// SelfSignedRules are the rules of a [SelfSignedVerifier].
type SelfSignedRules struct {
	// Algorithms are the allowed ones, none of which may be symmetric.
	Algorithms []Algorithm
	// Types are the allowed typ, such as "dpop+jwt".
	Types []string
	// AnyType takes tokens with any typ, or none, also those that were made for something else.
	// Then there can be no Types.
	AnyType bool
	// TokenBytes and HeaderBytes are the longest token and header segment; 0 for 64 KiB and 8 KiB.
	TokenBytes, HeaderBytes int
	// Backend verifies the signatures of batches, without tables of keys. Single tokens are
	// verified by aws-lc.
	Backend Backend
}

// NewSelfSignedVerifier makes a verifier. Rules that make no sense are an error: no algorithms, a
// symmetric one, or neither types nor AnyType.
func NewSelfSignedVerifier(rules SelfSignedRules) (*SelfSignedVerifier, error) {
	if rules.TokenBytes < 0 || rules.HeaderBytes < 0 {
		return nil, &Error{Code: CodePolicyInvalid, Name: "limits", Offset: -1}
	}
	var verifier *C.jot_selfsigned_verifier
	var fault failure
	types := pack(rules.Types)
	if err := fault.of(C.jot_go_selfsigned_new(
		algorithmSet(rules.Algorithms), C.bool(rules.AnyType), optional(types.all), &types.lengths[0], types.count(),
		C.size_t(rules.TokenBytes), C.size_t(rules.HeaderBytes), C.uint32_t(rules.Backend), &verifier, fault.out(),
	)); err != nil {
		return nil, err
	}
	made := &SelfSignedVerifier{newHandle(verifier, func(v *C.jot_selfsigned_verifier) {
		C.jot_selfsigned_verifier_free(v)
	})}
	runtime.SetFinalizer(made, (*SelfSignedVerifier).Close)
	return made, nil
}

// Close frees the verifier, once the calls in flight have ended. Later calls return [ErrClosed].
func (v *SelfSignedVerifier) Close() {
	if v != nil {
		v.close()
	}
}

func (v *SelfSignedVerifier) acquire() (*C.jot_selfsigned_verifier, error) {
	if v == nil {
		return nil, ErrClosed
	}
	return v.handle.acquire()
}

// Verify verifies a token with the key in its header's jwk. That the error is nil says only that
// whoever made the token has that key: see [SelfSigned.SignedBy]. Otherwise the error is a
// [*SelfSignedRejection].
func (v *SelfSignedVerifier) Verify(token string) (*SelfSigned, error) {
	return v.verify(token, nil, false)
}

// VerifyWithKey verifies a token with this JWK, such as that of cnf in another token. A token that
// brings a key as well is [CodeJwkUnexpected].
func (v *SelfSignedVerifier) VerifyWithKey(token string, jwk []byte) (*SelfSigned, error) {
	return v.verify(token, jwk, true)
}

func (v *SelfSignedVerifier) verify(token string, jwk []byte, apart bool) (*SelfSigned, error) {
	verifier, err := v.acquire()
	if err != nil {
		return nil, err
	}
	defer v.release()
	s := takeSlot()
	defer s.giveBack()
	key := absent
	if apart {
		key = view(jwk)
	}
	answer := C.jot_selfsigned{size: C.sizeof_jot_selfsigned}
	code := C.jot_selfsigned_verify(verifier, view(token), key, s.of.scratch, &answer)
	if code == C.JOT_SELF_SIGNED {
		return selfSignedOf(&answer), nil
	}
	rejection := &SelfSignedRejection{Code: Code(code), Member: C.GoString(&answer.fault_name[0]), Offset: -1}
	if answer.fault_offset != C.JOT_NONE {
		rejection.Offset = int(answer.fault_offset)
	}
	return nil, rejection
}

// SelfSigned is a token that the key signed which came with it. This is no acceptance: nothing that
// it says counts before [SelfSigned.SignedBy] holds for a thumbprint that somebody trusted tells,
// such as cnf.jkt of an access token that was accepted. No claim and no date of it is checked.
type SelfSigned struct {
	// Thumbprint is that of the key (RFC 7638), as cnf.jkt has it.
	Thumbprint string
	// Algorithm is the one of the signature.
	Algorithm Algorithm
	// ExpiresAt, NotBefore and IssuedAt are the whole seconds of exp, nbf and iat, unchecked; the
	// zero time if they are no numbers.
	ExpiresAt, NotBefore, IssuedAt time.Time

	payload string
}

func selfSignedOf(answer *C.jot_selfsigned) *SelfSigned {
	return &SelfSigned{
		Thumbprint: C.GoString(&answer.thumbprint[0]),
		Algorithm:  Algorithm(answer.alg),
		ExpiresAt:  instant(answer.flags&C.JOT_HAS_EXP, answer.expires_at),
		NotBefore:  instant(answer.flags&C.JOT_HAS_NBF, answer.not_before),
		IssuedAt:   instant(answer.flags&C.JOT_HAS_IAT, answer.issued_at),
		payload:    copied(answer.payload),
	}
}

// SignedBy tells whether the key has this thumbprint. No key has an empty one, and nil is signed by
// none.
func (s *SelfSigned) SignedBy(thumbprint string) bool {
	return s != nil && thumbprint != "" && s.Thumbprint == thumbprint
}

// Payload returns the JSON text of the claims as it was signed, for which only the holder of the
// key vouches. It is empty for nil.
func (s *SelfSigned) Payload() string {
	if s == nil {
		return ""
	}
	return s.payload
}

// SelfSignedClaims reads what the holder of the key says into a type of the program's, as [Claims]
// does. Nil is no token, and the error is [ErrClosed].
func SelfSignedClaims[T any](known *SelfSigned) (T, error) {
	if known == nil {
		var none T
		return none, ErrClosed
	}
	return claimsOf[T](known.payload)
}

// SelfSignedRejection is a token that the key which came with it did not sign, or that breaks
// another rule. To a DPoP proof the answer is 401 with error="invalid_dpop_proof", whatever the
// code is (RFC 9449 §7.1).
type SelfSignedRejection struct {
	// Code is the first rule that the token or its key broke; [errors.Is] finds it.
	Code Code
	// Member is the member of the key at fault; empty if no single one is.
	Member string
	// Offset is the byte offset of the fault in the JSON text of the header, the claims or the key;
	// -1 if it is not known.
	Offset int
}

func (r *SelfSignedRejection) Error() string {
	text := "jot: token rejected: " + r.Code.String()
	if r.Member != "" {
		text += " [" + r.Member + "]"
	}
	return text
}

// Unwrap returns the code.
func (r *SelfSignedRejection) Unwrap() error { return r.Code }

// SelfSignedVerdicts are the answers to a batch of tokens that come with their own key, row by
// row. None is an acceptance.
type SelfSignedVerdicts struct {
	// Codes are [CodeSelfSigned] if the key of the row signed its token, and otherwise say why it is
	// refused; never [CodeAccepted].
	Codes []Code

	digests []byte
}

const digestBytes = 32

// Thumbprint returns that of the key of a row, if the key signed its token.
func (v *SelfSignedVerdicts) Thumbprint(row int) (thumbprint string, signed bool) {
	if v.Codes[row] != CodeSelfSigned {
		return "", false
	}
	return base64.RawURLEncoding.EncodeToString(v.digests[digestBytes*row : digestBytes*(row+1)]), true
}

// SignedBy tells whether the key with this thumbprint signed the token of a row; see
// [SelfSigned.SignedBy].
func (v *SelfSignedVerdicts) SignedBy(row int, thumbprint string) bool {
	found, signed := v.Thumbprint(row)
	return signed && found == thumbprint
}

// VerifySelfSigned verifies tokens, each with the key in its header. Every row is verified, also if
// tokens are equal. If the context ends, the rows that were not reached are [CodeBatchCancelled],
// and the error is that of the context.
func (b *Batch) VerifySelfSigned(
	ctx context.Context, verifier *SelfSignedVerifier, tokens []string,
) (*SelfSignedVerdicts, error) {
	return b.selfSigned(ctx, verifier, ColumnOf(tokens), Column{}, false)
}

// VerifySelfSignedWithKeys works like [Batch.VerifySelfSigned], with the JWK of each row. A row
// whose JWK is nil is [CodeJwkMissing].
func (b *Batch) VerifySelfSignedWithKeys(
	ctx context.Context, verifier *SelfSignedVerifier, tokens []string, jwks [][]byte,
) (*SelfSignedVerdicts, error) {
	keys := columnOf(jwks)
	keys.Validity = make([]byte, (len(jwks)+7)/8)
	for row, jwk := range jwks {
		if jwk != nil {
			keys.Validity[row/8] |= 1 << (row % 8)
		}
	}
	return b.selfSigned(ctx, verifier, ColumnOf(tokens), keys, true)
}

// selfSignedRows is the number of rows between two looks at the context: a multiple of the bits in
// a byte, so that each part of a column begins with a byte of its validity.
const selfSignedRows = 4096

func (b *Batch) selfSigned(
	ctx context.Context, verifier *SelfSignedVerifier, tokens, keys Column, apart bool,
) (*SelfSignedVerdicts, error) {
	object, err := verifier.acquire()
	if err != nil {
		return nil, err
	}
	defer verifier.release()
	batch, err := b.acquire()
	if err != nil {
		return nil, err
	}
	defer b.release()
	rows := tokens.rows()
	if apart && keys.rows() != rows {
		return nil, &Error{Code: CodeBatchInvalid, Name: "jwks", Offset: -1}
	}
	made := &SelfSignedVerdicts{Codes: make([]Code, rows), digests: make([]byte, digestBytes*rows)}
	for row := range made.Codes {
		made.Codes[row] = CodeBatchCancelled
	}
	for from := 0; from < rows; from += selfSignedRows {
		if ctx.Err() != nil {
			return made, context.Cause(ctx)
		}
		to := min(from+selfSignedRows, rows)
		var own C.jot_go_column
		if apart {
			own = keys.part(from, to).lent()
		}
		var fault failure
		if err := fault.of(C.jot_go_selfsigned_batch(
			batch, object, tokens.part(from, to).lent(), C.bool(apart), own,
			first[C.uint32_t](made.Codes[from:to]), first[C.uint8_t](made.digests[digestBytes*from:]), fault.out(),
		)); err != nil {
			return nil, err
		}
	}
	return made, nil
}
