package jot_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
)

func TestAuditTellsOfEachRow(t *testing.T) {
	key, stranger := signingKey(jot.ES256, "old"), signingKey(jot.ES256, "new")
	dated := strings.ReplaceAll(string(must(keysOf(key).JWKS())), `"kty"`, `"exp":1500,"kty"`)
	keys := must(jot.KeysFromJWKS([]byte(dated), jot.DatedKeys()))
	verifier := must(jot.NewVerifier(
		jot.WithAlgorithms(jot.ES256), jot.WithIssuer("https://other", keysOf(stranger)), jot.WithIssuer("https://é", keys),
	))
	good := must(key.Sign(`{"iss":"https://é","sub":"alice","jti":"j","nbf":900.5,"iat":901,"exp":1800}`))
	early := must(key.Sign(`{"iss":"https://é","exp":1200}`))
	strange := must(stranger.Sign(`{"iss":"https://é","sub":"mallory","exp":1800}`))
	tokens := jot.ColumnOf([]string{good, good, early, strange, "x", good, "", strings.Repeat("x", 20)})
	tokens.Validity = []byte{0b1011_1111}
	at := func(seconds int64) time.Time { return time.Unix(seconds, 0) }
	usedAt := []time.Time{at(1000), at(1600), at(1234), at(1000), at(1000), {}, at(0), at(1000)}
	batch := must(jot.NewBatch(1))
	audit := must(batch.Audit(ctx, verifier, tokens, usedAt))
	known := jot.AuditRow{
		SignatureOK: true, ExpiresAt: at(1800), NotBefore: at(900), IssuedAt: at(901), IssuerIndex: 1,
		Issuer: "https://é", Subject: "alice", JWTID: "j", UnverifiedAlgorithm: "ES256", UnverifiedKid: "old",
	}
	accepted, retired, unknown := known, known, known
	accepted.Code, accepted.Dates, accepted.KeyState = jot.CodeAccepted, jot.DatesMet, jot.KeyActive
	retired.Code, retired.Dates, retired.KeyState = jot.CodeKeyRetired, jot.DatesBroken, jot.KeyRetired
	unknown.Code = jot.CodeTimeUnknown
	for row, wanted := range []jot.AuditRow{
		accepted,
		retired,
		{
			Code: jot.CodeExpired, SignatureOK: true, Dates: jot.DatesBroken, ExpiredBySeconds: 34, ExpiresAt: at(1200),
			KeyState: jot.KeyActive, IssuerIndex: 1, FirstRow: 2, Issuer: "https://é", UnverifiedAlgorithm: "ES256",
			UnverifiedKid: "old",
		},
		{
			Code: jot.CodeKidUnknown, KeyState: jot.KeyUnknown, IssuerIndex: -1, KeyIndex: -1, FirstRow: 3,
			UnverifiedAlgorithm: "ES256", UnverifiedKid: "new",
		},
		{Code: jot.CodeTokenSegments, IssuerIndex: -1, KeyIndex: -1, FirstRow: 4},
		unknown,
		{Code: jot.CodeTokenNull, IssuerIndex: -1, KeyIndex: -1, FirstRow: -1},
		{Code: jot.CodeTokenSegments, IssuerIndex: -1, KeyIndex: -1, FirstRow: 7},
	} {
		if told := audit.Row(row); told != wanted {
			t.Errorf("row %d:\n%+v, and wanted is\n%+v", row, told, wanted)
		}
	}
	if audit.Accepted != 1 || audit.Distinct != 5 {
		t.Errorf("%d %d", audit.Accepted, audit.Distinct)
	}
	// What was copied stays when the batch is used again.
	must(batch.Audit(ctx, verifier, jot.ColumnOf([]string{strange}), usedAt[:1]))
	if told := audit.Row(0); told != accepted {
		t.Errorf("%+v", told)
	}
	for state, name := range map[jot.KeyState]string{
		jot.KeyStateNone: "", jot.KeyActive: "active", jot.KeyRetired: "retired", jot.KeyNotYetValid: "not_yet_valid",
		jot.KeyUnknown: "unknown",
	} {
		if state.String() != name {
			t.Errorf("%d: %s", state, state)
		}
	}
}

func TestColumnsOfAnAuditAreAsLongAsEachOther(t *testing.T) {
	key := signingKey(jot.ES256, "")
	verifier, batch := verifierOf(jot.ES256, keysOf(key)), must(jot.NewBatch(1))
	tokens := jot.ColumnOf([]string{tokenOf(key), "x"})
	for _, usedAt := range [][]time.Time{nil, {now}, {now, now, now}} {
		if audit, err := batch.Audit(ctx, verifier, tokens, usedAt); audit != nil || !errors.Is(err, jot.CodeBatchInvalid) {
			t.Errorf("%v: %v", usedAt, err)
		}
	}
	tokens.Validity = []byte{}
	if audit, err := batch.Audit(ctx, verifier, tokens, []time.Time{now, now}); audit != nil || !errors.Is(err, jot.CodeBatchInvalid) {
		t.Error(err)
	}
	if none := must(batch.Audit(ctx, verifier, jot.Column{}, nil)); len(none.Codes) != 0 {
		t.Errorf("%+v", none)
	}
}

func TestAuditThatEndsEarlyTellsOnlyOfWhatWasReached(t *testing.T) {
	key := signingKey(jot.EdDSA, "")
	verifier, batch := verifierOf(jot.EdDSA, keysOf(key)), must(jot.NewBatch(1))
	var tokens []string
	for row := range 2000 {
		tokens = append(tokens, tokenOf(key, "jti", strconv.Itoa(row)))
	}
	usedAt := make([]time.Time, len(tokens))
	ended, end := context.WithCancel(ctx)
	end()
	// The batch may be over before it looks.
	for range 1000 {
		audit, err := batch.Audit(ended, verifier, jot.ColumnOf(tokens), usedAt)
		if err == nil {
			continue
		}
		last := audit.Row(len(tokens) - 1)
		wanted := jot.AuditRow{Code: jot.CodeBatchCancelled, IssuerIndex: -1, KeyIndex: -1, FirstRow: last.FirstRow}
		wanted.UnverifiedAlgorithm, wanted.UnverifiedKid = last.UnverifiedAlgorithm, last.UnverifiedKid
		if !errors.Is(err, context.Canceled) || last != wanted || audit.Accepted != 0 {
			t.Errorf("%+v %v", last, err)
		}
		return
	}
	t.Error("no call ended early")
}

// The library keeps the texts of the last call only: nobody sees those of another one.
func TestAuditsAtTheSameTimeAreBusyOrTheirOwn(t *testing.T) {
	key := signingKey(jot.EdDSA, "")
	verifier, batch := verifierOf(jot.EdDSA, keysOf(key)), must(jot.NewBatch(1))
	var waiting sync.WaitGroup
	// Equal tokens are verified once: most of a call goes by after the verdicts are there.
	const rows = 5000
	usedAt := make([]time.Time, rows)
	for row := range usedAt {
		usedAt[row] = now
	}
	for person := range 4 {
		name := fmt.Sprint("person ", person)
		text, tokens := tokenOf(key, "sub", `"`+name+`"`), make([]string, rows)
		for row := range tokens {
			tokens[row] = text
		}
		column := jot.ColumnOf(tokens)
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			own := 0
			for own < 10 {
				audit, err := batch.Audit(ctx, verifier, column, usedAt)
				if errors.Is(err, jot.CodeHandleBusy) {
					continue
				}
				if err != nil || audit.Row(0).Subject != name || audit.Row(rows-1).Subject != name {
					t.Errorf("%s saw what another one asked for: %v", name, err)
					return
				}
				own++
			}
		}()
	}
	waiting.Wait()
}
