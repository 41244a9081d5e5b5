package jot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/format"
	"log"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jothttp"
)

// The page docs/go.md begins with this.
func Example_page() {
	keys, err := jot.Discover("https://issuer.example")
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := jot.NewVerifier(
		jot.WithAlgorithms(jot.RS256), jot.WithIssuer("https://issuer.example", keys), jot.WithAudience("api"),
	)
	if err != nil {
		log.Fatal(err)
	}
	_, err = verifier.Verify(context.Background(), "eyJhbGciOiJub25lIn0.e30.")
	fmt.Println(err, jot.CodeOf(err).HTTPStatus())
	// Output: jot: token rejected: alg_none 401
}

func Example_ownKeys() {
	key, err := jot.GenerateKey(jot.ES256, "2026-01") // the issuer's
	if err != nil {
		log.Fatal(err)
	}
	keys, err := jot.PublicKeys(key) // what it publishes; jot.ParseKeys reads JWK Sets, JWKs and PEM
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := jot.NewVerifier(
		jot.WithAlgorithms(jot.ES256),
		jot.WithIssuer("https://issuer", keys),
		jot.WithAudience("api"),
		jot.WithLeeway(30*time.Second),
	)
	if err != nil {
		log.Fatal(err)
	}
	text, err := key.Sign(map[string]any{"iss": "https://issuer", "aud": "api", "sub": "alice", "exp": 4102444800})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	token, err := verifier.Verify(ctx, text)
	fmt.Println(token.Subject, token.Kid, err)

	_, err = verifier.Verify(ctx, text, jot.At(time.Unix(4102444800+31, 0)))
	var rejection *jot.Rejection
	if errors.As(err, &rejection) {
		fmt.Println(rejection.Code, uint32(rejection.Code), rejection.Claim, rejection.SignatureOK)
	}
	fmt.Println(errors.Is(err, jot.CodeExpired))

	batch, err := jot.NewBatch(1) // threads; 0 for one for each processor
	if err != nil {
		log.Fatal(err)
	}
	verdicts, err := batch.Verify(ctx, verifier, []string{text, "x", text})
	fmt.Println(verdicts.Codes, verdicts.Accepted, verdicts.Distinct, err)

	usedAt := []time.Time{time.Unix(4102444800+40, 0), {}} // the zero time where nobody knows it
	audit, err := batch.Audit(ctx, verifier, jot.ColumnOf([]string{text, text}), usedAt)
	if err != nil {
		log.Fatal(err)
	}
	row := audit.Row(0)
	fmt.Println(row.Code, row.ExpiredBySeconds, row.Subject, row.UnverifiedKid, row.KeyState, audit.Codes[1])

	guard, err := jothttp.New(verifier, jothttp.Options{Realm: "orders"})
	if err != nil {
		log.Fatal(err)
	}
	orders := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "two orders of", jothttp.TokenOf(r.Context()).Subject)
	})
	mux := http.NewServeMux()
	mux.Handle("GET /orders", guard.Require("read")(orders))
	// Output:
	// alice 2026-01 <nil>
	// expired 692 exp true
	// true
	// [accepted token_segments accepted] 2 2 <nil>
	// expired 40 alice 2026-01 active time_unknown
}

func Example_proof() {
	key := signingKey(jot.ES256, "")
	sent, jkt := proofOf(key, jwkOf(key)), must(key.Info()).Thumbprint

	proofs, err := jot.NewSelfSignedVerifier(jot.SelfSignedRules{
		Algorithms: []jot.Algorithm{jot.ES256, jot.EdDSA},
		Types:      []string{"dpop+jwt"},
	})
	if err != nil {
		log.Fatal(err)
	}
	proof, err := proofs.Verify(sent)
	if err != nil {
		log.Fatal(err) // 401 with error="invalid_dpop_proof"
	}
	said, err := jot.SelfSignedClaims[struct{ HTM, HTU, ATH, JTI string }](proof)
	fmt.Println(proof.SignedBy(jkt), said.HTM, err)
	// Output: true GET <nil>
}

// What the page shows is what the examples here run, line by line.
func TestBlocksOfThePageRun(t *testing.T) {
	page, err := os.ReadFile("../../docs/go.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("page_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(page, -1)
	if len(blocks) < 4 {
		t.Fatalf("%d blocks", len(blocks))
	}
	for _, block := range blocks {
		formatted, err := format.Source(block[1])
		if err != nil || !bytes.Equal(formatted, block[1]) {
			t.Errorf("gofmt would change, or cannot read (%v):\n%s", err, block[1])
		}
		var indented strings.Builder
		for _, line := range strings.SplitAfter(string(block[1]), "\n") {
			if strings.TrimSpace(line) != "" {
				indented.WriteString("\t")
			}
			indented.WriteString(line)
		}
		if !strings.Contains(string(source), indented.String()) {
			t.Errorf("no example runs\n%s", block[1])
		}
	}
}
