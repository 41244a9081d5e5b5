package jot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
)

func Example() {
	key, _ := jot.GenerateKey(jot.ES256, "2026-01") // the issuer's
	keys, _ := jot.PublicKeys(key)                  // what it publishes

	verifier, err := jot.NewVerifier(
		jot.WithAlgorithms(jot.ES256),
		jot.WithIssuer("https://issuer.example", keys),
		jot.WithAudience("api"),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := key.Sign(map[string]any{
		"iss": "https://issuer.example", "aud": "api", "sub": "alice", "exp": 4102444800,
	})
	token, err := verifier.Verify(context.Background(), text)
	fmt.Println(token.Subject, token.Kid, err)

	_, err = verifier.Verify(context.Background(), text, jot.At(time.Unix(4102444800, 0)))
	fmt.Println(errors.Is(err, jot.CodeExpired), err)
	// Output:
	// alice 2026-01 <nil>
	// true jot: token rejected: expired [exp]
}

func ExampleNewVerifier() {
	key, _ := jot.GenerateKey(jot.EdDSA, "")
	keys, _ := jot.PublicKeys(key)
	_, err := jot.NewVerifier(
		jot.WithAlgorithms(jot.EdDSA),
		jot.WithKeys(keys),
		jot.WithLeeway(30*time.Second),
		jot.WithScopes(""), // a rule that makes no sense is never left out
	)
	var fault *jot.Error
	fmt.Println(errors.As(err, &fault), fault.Code)
	// Output: true policy_invalid
}

func ExampleVerifier_Verify() {
	verifier, text := exampleVerifier(`{"scope":"read","tier":"gold","exp":4102444800}`)
	_, err := verifier.Verify(context.Background(), text, jot.NeedScopes("read", "write"))
	fmt.Println(jot.CodeOf(err), jot.CodeOf(err).HTTPStatus())
	_, err = verifier.Verify(context.Background(), text, jot.NeedCondition(jot.MustCondition("tier any_of gold silver")))
	fmt.Println(err)
	// Output:
	// scope_insufficient 403
	// <nil>
}

func ExampleVerifier_Check() {
	verifier, text := exampleVerifier(`{"exp":1}`)
	var rejection *jot.Rejection
	if errors.As(verifier.Check(context.Background(), text), &rejection) {
		fmt.Println(rejection.Code, uint32(rejection.Code), rejection.SignatureOK)
	}
	// Output: expired 692 true
}

func ExampleClaims() {
	verifier, text := exampleVerifier(`{"sub":"alice","realm_access":{"roles":["admin"]},"exp":4102444800}`)
	token, _ := verifier.Verify(context.Background(), text)
	type claims struct {
		Realm struct {
			Roles []string `json:"roles"`
		} `json:"realm_access"`
	}
	read, err := jot.Claims[claims](token)
	fmt.Println(read.Realm.Roles, err)
	// Output: [admin] <nil>
}

func ExampleVerifier_Read() {
	verifier, text := exampleVerifier(`{"sub":"alice","realm_access":{"roles":["admin"]},"exp":4102444800}`)
	err := verifier.Read(context.Background(), text, func(claims *jot.View) error {
		subject, _ := claims.Text("sub")
		fmt.Println(subject, claims.Contains("admin", "realm_access", "roles"))
		return nil
	})
	fmt.Println(err)
	// Output:
	// alice true
	// <nil>
}

func ExampleBatch_Verify() {
	verifier, text := exampleVerifier(`{"exp":4102444800}`)
	batch, _ := jot.NewBatch(1)
	defer batch.Close()
	verdicts, err := batch.Verify(context.Background(), verifier, []string{text, "x", text})
	fmt.Println(verdicts.Codes, verdicts.Accepted, verdicts.Distinct, err)
	// Output: [accepted token_segments accepted] 2 2 <nil>
}

func ExampleBatch_Audit() {
	verifier, text := exampleVerifier(`{"sub":"alice","exp":1800000000}`)
	batch, _ := jot.NewBatch(1)
	defer batch.Close()
	usedAt := []time.Time{time.Unix(1799999990, 0), time.Unix(1800000030, 0)}
	audit, err := batch.Audit(context.Background(), verifier, jot.ColumnOf([]string{text, text}), usedAt)
	fmt.Println(audit.Codes, audit.Row(1).ExpiredBySeconds, audit.Row(1).Subject, err)
	// Output: [accepted expired] 30 alice <nil>
}

func ExampleSelfSignedVerifier_Verify() {
	key, _ := jot.GenerateKey(jot.ES256, "") // of the client
	public, _ := jot.PublicKeys(key)
	jwks, _ := public.JWKS()
	var set struct{ Keys []json.RawMessage }
	_ = json.Unmarshal(jwks, &set)
	text, _ := key.Sign(
		map[string]any{"htm": "GET", "htu": "https://api.example/", "iat": time.Now().Unix(), "jti": "1"},
		jot.Typ("dpop+jwt"), jot.HeaderParameters(`{"jwk":`+string(set.Keys[0])+`}`),
	)

	proofs, err := jot.NewSelfSignedVerifier(jot.SelfSignedRules{
		Algorithms: []jot.Algorithm{jot.ES256}, Types: []string{"dpop+jwt"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	known, err := proofs.Verify(text)
	info, _ := key.Info()
	fmt.Println(known.SignedBy(info.Thumbprint), known.SignedBy("of another key"), err)
	_, err = proofs.VerifyWithKey(text, set.Keys[0])
	fmt.Println(err)
	// Output:
	// true false <nil>
	// jot: token rejected: jwk_unexpected
}

func ExampleBatch_VerifySelfSigned() {
	proofs, _ := jot.NewSelfSignedVerifier(jot.SelfSignedRules{
		Algorithms: []jot.Algorithm{jot.ES256}, Types: []string{"dpop+jwt"},
	})
	batch, _ := jot.NewBatch(1)
	defer batch.Close()
	found, err := batch.VerifySelfSigned(context.Background(), proofs, []string{"a.b", "eyJhbGciOiJub25lIn0.e30."})
	fmt.Println(found.Codes, found.SignedBy(0, ""), err)
	// Output: [token_segments alg_none] false <nil>
}

func ExampleDiscover() {
	keys, err := jot.Discover("https://issuer.example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer keys.Close()
	_, err = jot.NewVerifier(
		jot.WithAlgorithms(jot.RS256), jot.WithIssuer("https://issuer.example", keys), jot.WithAudience("api"),
	)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleVerifier_SetRevocations() {
	verifier, text := exampleVerifier(`{"jti":"7","exp":4102444800}`)
	revoked := jot.NewRevocations(1000)
	_ = revoked.RevokeJTI("7", time.Unix(4102444800, 0))
	_ = verifier.SetRevocations(revoked)
	fmt.Println(jot.CodeOf(verifier.Check(context.Background(), text)))
	// Output: jti_revoked
}

func ExampleParseKeys() {
	_, err := jot.ParseKeys([]byte("<html>not found</html>"))
	fmt.Println(strings.Contains(err.Error(), "key_text_is_page"), errors.Is(err, jot.CodeKeyTextIsPage))
	// Output: true true
}

func exampleVerifier(claims string) (*jot.Verifier, string) {
	key, _ := jot.GenerateKey(jot.ES256, "")
	keys, _ := jot.PublicKeys(key)
	verifier, _ := jot.NewVerifier(jot.WithAlgorithms(jot.ES256), jot.WithKeys(keys))
	text, _ := key.Sign(claims)
	return verifier, text
}
