package jot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	jot "github.com/libjot/libjot/bindings/go"
)

// jwkOf is the public JWK of a key.
func jwkOf(key *jot.SigningKey) []byte {
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(must(keysOf(key).JWKS()), &set); err != nil {
		panic(err)
	}
	return set.Keys[0]
}

// proofOf signs a proof with this JWK in its header; nil for none.
func proofOf(key *jot.SigningKey, jwk []byte) string {
	options := []jot.SignOption{jot.Typ("dpop+jwt")}
	if jwk != nil {
		options = append(options, jot.HeaderParameters(`{"jwk":`+string(jwk)+`}`))
	}
	return must(key.Sign(`{"htm":"GET","htu":"https://api.example/","iat":1799999990.5,"jti":"1"}`, options...))
}

func proofVerifier() *jot.SelfSignedVerifier {
	return must(jot.NewSelfSignedVerifier(jot.SelfSignedRules{
		Algorithms: []jot.Algorithm{jot.ES256, jot.EdDSA}, Types: []string{"dpop+jwt", "kb+jwt"},
	}))
}

func TestProofTellsItsKeyAndWhatItsHolderSays(t *testing.T) {
	proofs := proofVerifier()
	defer proofs.Close()
	for _, alg := range []jot.Algorithm{jot.ES256, jot.EdDSA} {
		key, other := signingKey(alg, ""), signingKey(alg, "")
		known := must(proofs.Verify(proofOf(key, jwkOf(key))))
		if known.Thumbprint != must(key.Info()).Thumbprint || known.Algorithm != alg ||
			known.IssuedAt.Unix() != 1799999990 || !known.ExpiresAt.IsZero() || !known.NotBefore.IsZero() {
			t.Errorf("%+v", known)
		}
		if !known.SignedBy(must(key.Info()).Thumbprint) || known.SignedBy(must(other.Info()).Thumbprint) || known.SignedBy("") {
			t.Error("another key signed it")
		}
		claims := must(jot.SelfSignedClaims[struct{ HTM, HTU string }](known))
		if claims.HTM != "GET" || claims.HTU != "https://api.example/" || !strings.Contains(known.Payload(), "1799999990.5") {
			t.Errorf("%+v", claims)
		}
	}
}

func TestKeyOfAProofIsHandedOverOrComesWithIt(t *testing.T) {
	proofs, key := proofVerifier(), signingKey(jot.ES256, "")
	jwk, bare := jwkOf(key), proofOf(key, nil)
	if known := must(proofs.VerifyWithKey(bare, jwk)); !known.SignedBy(must(key.Info()).Thumbprint) {
		t.Errorf("%+v", known)
	}
	refused := func(code jot.Code, member string, known *jot.SelfSigned, err error) {
		t.Helper()
		var rejection *jot.SelfSignedRejection
		if known != nil || !errors.As(err, &rejection) || rejection.Code != code || rejection.Member != member ||
			!errors.Is(err, code) || jot.CodeOf(err) != code {
			t.Errorf("%v %v, and wanted is %v %q", known, err, code, member)
		}
		var token *jot.Rejection
		if errors.As(err, &token) {
			t.Error("it is about a token of an issuer")
		}
	}
	verify := func(code jot.Code, member, text string) {
		t.Helper()
		known, err := proofs.Verify(text)
		refused(code, member, known, err)
	}
	withKey := func(code jot.Code, member, text string, jwk []byte) {
		t.Helper()
		known, err := proofs.VerifyWithKey(text, jwk)
		refused(code, member, known, err)
	}
	verify(jot.CodeJwkMissing, "", bare)
	withKey(jot.CodeJwkUnexpected, "", proofOf(key, jwk), jwk)
	// No key to verify with is never the one that the token brings.
	withKey(jot.CodeKeyJson, "", proofOf(key, nil), nil)
	withKey(jot.CodeJwkUnexpected, "", proofOf(key, jwk), nil)
	withKey(jot.CodeKeyJson, "", bare, []byte("{"))
	withKey(jot.CodeKeyMemberMissing, "crv", bare, []byte(`{"kty":"EC"}`))

	other := signingKey(jot.ES256, "")
	verify(jot.CodeSignatureInvalid, "", proofOf(other, jwk))
	verify(jot.CodeJwkPrivate, "d", proofOf(other, must(other.PrivateJWK())))
	verify(jot.CodeTypMismatch, "", must(key.Sign(`{}`, jot.HeaderParameters(`{"jwk":`+string(jwk)+`}`))))
	verify(jot.CodeTokenEmpty, "", "")
	verify(jot.CodeTokenSegments, "", "a.b")
	verify(jot.CodeAlgNone, "", "eyJhbGciOiJub25lIn0.e30.")
	secret := must(jot.SigningKeyFromSecret([]byte(strings.Repeat("s", 32)), jot.ForAlgorithm(jot.HS256)))
	verify(jot.CodeAlgNotAllowed, "", proofOf(secret, []byte(`{"kty":"oct","k":"c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M"}`)))
	_, err := proofs.VerifyWithKey(bare, []byte("{"))
	var rejection *jot.SelfSignedRejection
	if !errors.As(err, &rejection) || rejection.Offset != 1 {
		t.Errorf("%+v", rejection)
	}
	_, err = proofs.VerifyWithKey(bare, []byte(`{"kty":"EC"}`))
	if err.Error() != "jot: token rejected: key_member_missing [crv]" {
		t.Error(err)
	}
}

func TestRulesOfProofsMakeSenseOrAreRefused(t *testing.T) {
	es256, types := []jot.Algorithm{jot.ES256}, []string{"dpop+jwt"}
	for _, wrong := range []struct {
		rules jot.SelfSignedRules
		code  jot.Code
		name  string
	}{
		{jot.SelfSignedRules{}, jot.CodeAlgorithmsEmpty, ""},
		{jot.SelfSignedRules{Types: types}, jot.CodeAlgorithmsEmpty, ""},
		{jot.SelfSignedRules{Algorithms: []jot.Algorithm{jot.ES256, jot.HS256}, Types: types}, jot.CodePolicyInvalid, "algorithms"},
		{jot.SelfSignedRules{Algorithms: []jot.Algorithm{jot.ES256, 31}, Types: types}, jot.CodeArgumentValue, "algs"},
		{jot.SelfSignedRules{Algorithms: []jot.Algorithm{jot.ES256, 77}, Types: types}, jot.CodeArgumentValue, "algs"},
		{jot.SelfSignedRules{Algorithms: es256}, jot.CodePolicyInvalid, "typ"},
		{jot.SelfSignedRules{Algorithms: es256, Types: []string{""}}, jot.CodePolicyInvalid, "typ"},
		{jot.SelfSignedRules{Algorithms: es256, Types: types, AnyType: true}, jot.CodePolicyInvalid, "any_typ"},
		{jot.SelfSignedRules{Algorithms: es256, Types: types, Backend: 77}, jot.CodeArgumentValue, "backend"},
		{jot.SelfSignedRules{Algorithms: es256, Types: types, TokenBytes: -1}, jot.CodePolicyInvalid, "limits"},
		{jot.SelfSignedRules{Algorithms: es256, Types: types, HeaderBytes: -1}, jot.CodePolicyInvalid, "limits"},
	} {
		verifier, err := jot.NewSelfSignedVerifier(wrong.rules)
		var fault *jot.Error
		if verifier != nil || !errors.As(err, &fault) || fault.Code != wrong.code || fault.Name != wrong.name {
			t.Errorf("%+v: %v", wrong.rules, err)
		}
	}
	key := signingKey(jot.ES256, "")
	untyped := must(key.Sign(`{}`, jot.Typ(""), jot.HeaderParameters(`{"jwk":`+string(jwkOf(key))+`}`)))
	any := must(jot.NewSelfSignedVerifier(jot.SelfSignedRules{Algorithms: es256, AnyType: true}))
	must(any.Verify(untyped))
	for _, short := range []jot.SelfSignedRules{
		{Algorithms: es256, AnyType: true, TokenBytes: 100}, {Algorithms: es256, AnyType: true, HeaderBytes: 100},
	} {
		if _, err := must(jot.NewSelfSignedVerifier(short)).Verify(untyped); jot.CodeOf(err).Stage() != "limits" {
			t.Errorf("%+v: %v", short, err)
		}
	}
}

func TestBatchOfProofsHasTheAnswersOfSingleOnes(t *testing.T) {
	key, other := signingKey(jot.ES256, ""), signingKey(jot.EdDSA, "")
	jwk, otherJWK := jwkOf(key), jwkOf(other)
	good, bare := proofOf(key, jwk), proofOf(key, nil)
	kinds := []string{good, proofOf(other, otherJWK), bare, "", proofOf(other, jwk), bare, bare}
	keys := [][]byte{jwk, otherJWK, jwk, nil, {}, nil, otherJWK}
	// More than are verified between two looks at the context, which seven does not divide.
	var tokens []string
	var jwks [][]byte
	for range 600 {
		tokens, jwks = append(tokens, kinds...), append(jwks, keys...)
	}
	for _, backend := range []jot.Backend{jot.AWSLC, jot.Auto, jot.Portable} {
		proofs := must(jot.NewSelfSignedVerifier(jot.SelfSignedRules{
			Algorithms: []jot.Algorithm{jot.ES256, jot.EdDSA}, Types: []string{"dpop+jwt"}, Backend: backend,
		}))
		batch := must(jot.NewBatch(2))
		found := must(batch.VerifySelfSigned(ctx, proofs, tokens))
		apart := must(batch.VerifySelfSignedWithKeys(ctx, proofs, tokens, jwks))
		batch.Close()
		for kind, token := range kinds {
			known, err := proofs.Verify(token)
			knownApart, errApart := proofs.VerifyWithKey(token, keys[kind])
			if keys[kind] == nil {
				errApart = &jot.SelfSignedRejection{Code: jot.CodeJwkMissing}
			}
			for row := kind; row < len(tokens); row += len(kinds) {
				sameAnswer(t, fmt.Sprint(backend, " row ", row), found, row, known, err)
				sameAnswer(t, fmt.Sprint(backend, " row ", row, " with a key"), apart, row, knownApart, errApart)
			}
		}
	}
}

func sameAnswer(t *testing.T, what string, found *jot.SelfSignedVerdicts, row int, known *jot.SelfSigned, err error) {
	t.Helper()
	thumbprint, signed := found.Thumbprint(row)
	if err != nil {
		if found.Codes[row] != jot.CodeOf(err) || signed || thumbprint != "" || found.SignedBy(row, "") {
			t.Fatalf("%s: %v, and the single one: %v", what, found.Codes[row], err)
		}
		return
	}
	if found.Codes[row] != jot.CodeSelfSigned || !signed || thumbprint != known.Thumbprint ||
		!found.SignedBy(row, known.Thumbprint) || found.SignedBy(row, "") {
		t.Fatalf("%s: %v %s, and the single one: %+v", what, found.Codes[row], thumbprint, known)
	}
}

func TestBatchOfProofsThatEndsEarlyAcceptsNothing(t *testing.T) {
	key := signingKey(jot.ES256, "")
	proofs, batch := proofVerifier(), must(jot.NewBatch(1))
	tokens := []string{proofOf(key, jwkOf(key))}
	ended, end := context.WithCancel(ctx)
	end()
	found, err := batch.VerifySelfSigned(ended, proofs, tokens)
	if !errors.Is(err, context.Canceled) || found.Codes[0] != jot.CodeBatchCancelled {
		t.Errorf("%+v %v", found, err)
	}
	for _, jwks := range [][][]byte{nil, {}, {nil, nil}} {
		if found, err := batch.VerifySelfSignedWithKeys(ctx, proofs, tokens, jwks); found != nil || !errors.Is(err, jot.CodeBatchInvalid) {
			t.Errorf("%+v %v", found, err)
		}
	}
	if none := must(batch.VerifySelfSigned(ctx, proofs, nil)); len(none.Codes) != 0 {
		t.Errorf("%+v", none)
	}
}
