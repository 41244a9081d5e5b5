package jot

// #include "bridge.h"
import "C"

import (
	"context"
	"time"
	"unsafe"
)

// Audit is what a batch tells of tokens that were used in the past, row by row: the columns that
// docs/audit.md describes.
type Audit struct {
	Verdicts

	notBefore, issuedAt, expiredBy []int64
	issuers, firstRows             []uint32
	keyStates, timeOK              []uint8

	issuer, subject, jwtID, algorithm, kid texts
}

// AuditRow is what an audit tells of one row.
type AuditRow struct {
	// Code is the verdict at the instant of the row: the first rule that was broken, with the dates
	// last. A token that meets every rule that needs no instant, and has none, is [CodeTimeUnknown].
	Code Code
	// SignatureOK tells whether the signature held, whatever the other rules say.
	SignatureOK bool
	// Dates tells whether the dates of the token and of its key were met.
	Dates Dates
	// ExpiredBySeconds is the instant of the row minus exp, if the code is [CodeExpired];
	// otherwise 0.
	ExpiredBySeconds int64
	// ExpiresAt, NotBefore and IssuedAt are the whole seconds of exp, nbf and iat; the zero time if
	// they are not known.
	ExpiresAt, NotBefore, IssuedAt time.Time
	// KeyState is that of the verifying key at the instant of the row.
	KeyState KeyState
	// IssuerIndex is the number of the issuer whose key verified, and KeyIndex that of the key in
	// its set; -1 for none.
	IssuerIndex, KeyIndex int
	// FirstRow is the first row with the same token, which may be the row itself; -1 for a row
	// without a token.
	FirstRow int
	// Issuer, Subject and JWTID are the iss, sub and jti of a token whose signature held, accepted
	// or not; empty if it has none.
	Issuer, Subject, JWTID string
	// UnverifiedAlgorithm and UnverifiedKid are the alg and kid that the header names, cut at 256
	// characters. Without SignatureOK they are only what the token says of itself.
	UnverifiedAlgorithm, UnverifiedKid string
}

// KeyState tells whether a key was in force at the instant of a row.
type KeyState uint8

// The states of keys.
const (
	// KeyStateNone is the state if no key verified, or if it depends on an instant that is not known.
	KeyStateNone KeyState = 0
	// KeyActive is in force.
	KeyActive KeyState = C.JOT_STATE_ACTIVE
	// KeyRetired is no longer in force.
	KeyRetired KeyState = C.JOT_STATE_RETIRED
	// KeyNotYetValid is not in force yet.
	KeyNotYetValid KeyState = C.JOT_STATE_NOT_YET_VALID
	// KeyUnknown says that no key has the token's kid.
	KeyUnknown KeyState = C.JOT_STATE_UNKNOWN
)

// String returns the name that the column key_state has: "active", "retired", "not_yet_valid",
// "unknown" for [KeyUnknown], and nothing for [KeyStateNone].
func (s KeyState) String() string {
	switch s {
	case KeyActive:
		return "active"
	case KeyRetired:
		return "retired"
	case KeyNotYetValid:
		return "not_yet_valid"
	case KeyUnknown:
		return "unknown"
	}
	return ""
}

// Dates tells whether the dates of a token and of its key were met at the instant of its row.
type Dates uint8

// What is known of dates.
const (
	// DatesUnknown says that another rule was broken before the dates were looked at, or that the
	// instant is not known.
	DatesUnknown Dates = iota
	// DatesMet says that all were met.
	DatesMet
	// DatesBroken says that one was not.
	DatesBroken
)

// Audit verifies the tokens of a column, each at its own instant, of which the zero time is one
// that nobody knows. Otherwise it works like [Batch.VerifyColumn].
//
// It takes some 100 bytes for each row, and the texts of claims and headers.
func (b *Batch) Audit(ctx context.Context, verifier *Verifier, tokens Column, usedAt []time.Time) (*Audit, error) {
	when := instants{each: make([]int64, len(usedAt)), known: make([]uint8, len(usedAt))}
	for row, instant := range usedAt {
		if !instant.IsZero() {
			when.each[row], when.known[row] = instant.Unix(), 1
		}
	}
	made := &Audit{}
	err := b.run(ctx, verifier, tokens, when, &made.Verdicts, made)
	if made.failed(err) {
		return nil, err
	}
	return made, err
}

// Row returns what is told of a row. It panics if there is no such row.
func (a *Audit) Row(row int) AuditRow {
	has := func(flag uint8) C.uint32_t { return C.uint32_t(a.flags[row] & flag) }
	told := AuditRow{
		Code:                a.Codes[row],
		SignatureOK:         a.SignatureOK(row),
		ExpiredBySeconds:    a.expiredBy[row],
		ExpiresAt:           instant(has(C.JOT_HAS_EXP), C.int64_t(a.ExpiresAt[row])),
		NotBefore:           instant(has(C.JOT_HAS_NBF), C.int64_t(a.notBefore[row])),
		IssuedAt:            instant(has(C.JOT_HAS_IAT), C.int64_t(a.issuedAt[row])),
		KeyState:            KeyState(a.keyStates[row]),
		IssuerIndex:         index(a.issuers[row]),
		KeyIndex:            a.KeyIndex(row),
		FirstRow:            index(a.firstRows[row]),
		Issuer:              a.issuer.at(row),
		Subject:             a.subject.at(row),
		JWTID:               a.jwtID.at(row),
		UnverifiedAlgorithm: a.algorithm.at(row),
		UnverifiedKid:       a.kid.at(row),
	}
	switch a.timeOK[row] {
	case 0:
		told.Dates = DatesBroken
	case 1:
		told.Dates = DatesMet
	}
	return told
}

// ask makes room for the columns, and names it.
func (a *Audit) ask(columns *C.jot_columns, rows int) {
	a.notBefore, a.issuedAt, a.expiredBy = make([]int64, rows), make([]int64, rows), make([]int64, rows)
	a.issuers, a.firstRows = make([]uint32, rows), make([]uint32, rows)
	a.keyStates, a.timeOK = make([]uint8, rows), make([]uint8, rows)
	columns.not_before, columns.issued_at = first[C.int64_t](a.notBefore), first[C.int64_t](a.issuedAt)
	columns.expired_by_seconds = first[C.int64_t](a.expiredBy)
	columns.issuer_index, columns.first_row = first[C.uint32_t](a.issuers), first[C.uint32_t](a.firstRows)
	columns.key_state, columns.time_ok = first[C.uint8_t](a.keyStates), first[C.uint8_t](a.timeOK)
	columns.claims = C.JOT_CLAIM_ISSUER | C.JOT_CLAIM_SUBJECT | C.JOT_CLAIM_JWT_ID
	columns.unverified = C.JOT_UNVERIFIED_ALG | C.JOT_UNVERIFIED_KID
}

// take copies the texts that the batch keeps until its next call.
func (a *Audit) take(batch *C.jot_batch) error {
	for _, kept := range []struct {
		to         *texts
		name       C.uint32_t
		unverified bool
	}{
		{&a.issuer, C.JOT_CLAIM_ISSUER, false},
		{&a.subject, C.JOT_CLAIM_SUBJECT, false},
		{&a.jwtID, C.JOT_CLAIM_JWT_ID, false},
		{&a.algorithm, C.JOT_UNVERIFIED_ALG, true},
		{&a.kid, C.JOT_UNVERIFIED_KID, true},
	} {
		column := C.jot_text_column{size: C.sizeof_jot_text_column}
		var fault failure
		var code C.uint32_t
		if kept.unverified {
			code = C.jot_batch_unverified(batch, kept.name, &column, fault.out())
		} else {
			code = C.jot_batch_claim(batch, kept.name, &column, fault.out())
		}
		if err := fault.of(code); err != nil {
			return err
		}
		*kept.to = textsOf(&column)
	}
	return nil
}

// texts are those of one column, row by row; empty where there is none.
type texts struct {
	all     string
	offsets []int64
	there   []byte
}

func textsOf(column *C.jot_text_column) texts {
	rows := int(column.rows)
	return texts{
		all:     copied(column.data),
		offsets: append([]int64(nil), unsafe.Slice((*int64)(unsafe.Pointer(column.offsets)), rows+1)...),
		there:   append([]byte(nil), unsafe.Slice((*byte)(unsafe.Pointer(column.validity)), (rows+7)/8)...),
	}
}

func (t *texts) at(row int) string {
	if t.there[row/8]>>(row%8)&1 == 0 {
		return ""
	}
	return t.all[t.offsets[row]:t.offsets[row+1]]
}
