package jot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
)

var (
	ctx = context.Background()
	// When every test token is good.
	now = time.Unix(1_800_000_000, 0)
)

const issuer = "https://issuer.example"

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func signingKey(alg jot.Algorithm, kid string) *jot.SigningKey {
	return must(jot.GenerateKey(alg, kid))
}

func keysOf(signing ...*jot.SigningKey) *jot.KeySet { return must(jot.PublicKeys(signing...)) }

func tokenOf(key *jot.SigningKey, more ...string) string {
	claims := map[string]any{"iss": issuer, "aud": "api", "sub": "alice", "exp": now.Unix() + 600}
	for at := 0; at+1 < len(more); at += 2 {
		claims[more[at]] = json.RawMessage(more[at+1])
	}
	return must(key.Sign(claims))
}

func verifierOf(alg jot.Algorithm, keys jot.KeySource, options ...jot.Option) *jot.Verifier {
	return must(jot.NewVerifier(append([]jot.Option{
		jot.WithAlgorithms(alg), jot.WithIssuer(issuer, keys), jot.WithAudience("api"),
		jot.WithClock(func() time.Time { return now }),
	}, options...)...))
}

func TestTokenHasWhatIsKnown(t *testing.T) {
	key := signingKey(jot.ES256, "one")
	verifier := verifierOf(jot.ES256, keysOf(key))
	text := tokenOf(key, "iat", "1799999999", "nbf", "1799999998.5", "a\\u0062", `"x"`)
	token := must(verifier.Verify(ctx, text))
	if token.Algorithm != jot.ES256 || token.Kid != "one" || token.Type != "JWT" || token.Subject != "alice" ||
		token.Issuer != issuer || token.FromCache || token.KeyIndex != 0 {
		t.Errorf("%+v", token)
	}
	if token.ExpiresAt.Unix() != now.Unix()+600 || token.IssuedAt.Unix() != 1799999999 || token.NotBefore.Unix() != 1799999998 {
		t.Errorf("%v %v %v", token.ExpiresAt, token.NotBefore, token.IssuedAt)
	}
	if !strings.Contains(token.Header(), `"kid":"one"`) || !json.Valid([]byte(token.Payload())) {
		t.Errorf("%s %s", token.Header(), token.Payload())
	}
	without := must(verifierOf(jot.ES256, keysOf(key), jot.AllowMissingExp()).Verify(ctx, must(key.Sign(
		`{"iss":"https://issuer.example","aud":"api"}`, jot.Typ("")))))
	if !without.ExpiresAt.IsZero() || without.Subject != "" || without.Type != "" {
		t.Errorf("%+v", without)
	}
}

func TestErrorsAreFoundByCode(t *testing.T) {
	key, other := signingKey(jot.ES256, "one"), signingKey(jot.ES256, "old")
	verifier := verifierOf(jot.ES256, keysOf(key))
	_, err := verifier.Verify(ctx, tokenOf(key), jot.At(now.Add(time.Hour)))
	var rejection *jot.Rejection
	if !errors.Is(err, jot.CodeExpired) || !errors.As(err, &rejection) || errors.Is(err, jot.CodeSignatureInvalid) {
		t.Fatal(err)
	}
	if !rejection.SignatureOK || rejection.Claim != "exp" || rejection.Code.HTTPStatus() != 401 {
		t.Errorf("%+v", rejection)
	}
	if err.Error() != "jot: token rejected: expired [exp]" {
		t.Error(err)
	}
	_, err = verifier.Verify(ctx, tokenOf(other))
	if !errors.As(err, &rejection) || rejection.Code != jot.CodeKidUnknown || jot.CodeOf(err) != jot.CodeKidUnknown {
		t.Fatal(err)
	}
	if detail := rejection.Detail(); detail != `unverified kid="old" alg="ES256" iss="https://issuer.example"` {
		t.Error(detail)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), tokenOf(other)[:20]) {
		t.Error("the token is in what an error prints")
	}

	var fault *jot.Error
	_, err = jot.NewVerifier(jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithAudience(""))
	if !errors.As(err, &fault) || fault.Code != jot.CodePolicyInvalid || fault.Name != "audience" ||
		!strings.Contains(err.Error(), "policy_invalid (104)") {
		t.Errorf("%v", err)
	}
	if errors.As(err, &rejection) {
		t.Error("a mistake of the program is no rejection")
	}
	for _, wrong := range [][]jot.Option{
		{jot.WithKeys(keysOf(key))},
		{jot.WithAlgorithms(jot.ES256)},
		{jot.WithAlgorithms(99), jot.WithKeys(keysOf(key))},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(nil)},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithSubject("")},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithSubject("\xff")},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithLeeway(-time.Second)},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithLeeway(time.Millisecond)},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithLeeway(1 << 32 * time.Second)},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithLimits(-1, 0)},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithCache(-1)},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithBackend(77)},
		{jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithConditions(nil)},
	} {
		if verifier, err := jot.NewVerifier(wrong...); err == nil || verifier != nil {
			t.Errorf("%d options make a verifier", len(wrong))
		}
	}
}

func TestCodesAreThoseOfTheLibrary(t *testing.T) {
	all := jot.Codes()
	if len(all) < 150 || jot.CodeExpired.String() != "expired" || jot.CodeExpired.Stage() != "claims" {
		t.Fatal(len(all))
	}
	unknown := jot.Code(999_999)
	if unknown.String() != "unknown" || unknown.HTTPStatus() != 500 || unknown.BearerError() != "" {
		t.Error(unknown)
	}
	if jot.CodeOf(nil) != jot.CodeAccepted || jot.CodeOf(errors.New("x")) != jot.CodeInternal {
		t.Error("CodeOf")
	}
}

func TestDemandsOfACallNarrow(t *testing.T) {
	key := signingKey(jot.ES256, "")
	verifier := verifierOf(jot.ES256, keysOf(key))
	text := tokenOf(key, "scope", `"read write"`, "tier", `"gold"`)
	gold, silver := jot.MustCondition("tier equals gold"), jot.MustCondition("tier equals silver")
	for _, wanted := range []struct {
		code    jot.Code
		options []jot.CallOption
	}{
		{jot.CodeAccepted, []jot.CallOption{jot.NeedScopes("read"), jot.NeedScopes("write"), jot.NeedAudience("x", "api")}},
		{jot.CodeAccepted, []jot.CallOption{jot.NeedIssuer(issuer), jot.NeedCondition(gold)}},
		{jot.CodeScopeInsufficient, []jot.CallOption{jot.NeedScopes("read", "admin")}},
		{jot.CodeAudMismatch, []jot.CallOption{jot.NeedAudience("other")}},
		{jot.CodeAudMismatch, []jot.CallOption{jot.NeedAudience()}},
		{jot.CodeIssMismatch, []jot.CallOption{jot.NeedIssuer()}},
		{jot.CodeIssuerUnknown, []jot.CallOption{jot.UsingKeySet("a")}},
		{jot.CodeClaimMismatch, []jot.CallOption{jot.NeedCondition(silver)}},
	} {
		if err := verifier.Check(ctx, text, wanted.options...); jot.CodeOf(err) != wanted.code {
			t.Errorf("Check: %v, and wanted is %v", err, wanted.code)
		}
		if _, err := verifier.Verify(ctx, text, wanted.options...); jot.CodeOf(err) != wanted.code {
			t.Errorf("Verify: %v, and wanted is %v", err, wanted.code)
		}
	}
	gold.Close()
	if err := verifier.Check(ctx, text, jot.NeedCondition(gold)); !errors.Is(err, jot.ErrClosed) {
		t.Error(err)
	}
	tenants := must(jot.NewVerifier(
		jot.WithAlgorithms(jot.ES256), jot.WithKeySet("a", "", keysOf(key)),
		jot.WithKeySet("b", "", keysOf(signingKey(jot.ES256, ""))), jot.WithAnyAudience(),
	))
	for name, code := range map[string]jot.Code{"a": jot.CodeAccepted, "b": jot.CodeSignatureInvalid, "c": jot.CodeIssuerUnknown} {
		if err := tenants.Check(ctx, text, jot.At(now), jot.UsingKeySet(name)); jot.CodeOf(err) != code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := tenants.Check(ctx, text, jot.At(now)); jot.CodeOf(err) != jot.CodeIssuerUnknown {
		t.Error(err)
	}
}

func TestClaimsAreReadIntoATypeOrLent(t *testing.T) {
	key := signingKey(jot.EdDSA, "")
	verifier := verifierOf(jot.EdDSA, keysOf(key))
	text := tokenOf(key, "realm", `{"roles":["a","b"],"level":7}`, "n", "1.5", "ok", "true", "name", `"\u0041\n"`)
	type claims struct {
		Subject string `json:"sub"`
		Realm   struct {
			Roles []string
			Level int
		} `json:"realm"`
	}
	token := must(verifier.Verify(ctx, text))
	read := must(jot.Claims[claims](token))
	if read.Subject != "alice" || len(read.Realm.Roles) != 2 || read.Realm.Level != 7 {
		t.Errorf("%+v", read)
	}
	if all := must(jot.Claims[map[string]any](token)); all["name"] != "A\n" {
		t.Error(all)
	}
	if _, err := jot.Claims[struct {
		Sub int `json:"sub"`
	}](token); err == nil {
		t.Error("a text is no number")
	}
	var kept *jot.View
	err := verifier.Read(ctx, text, func(lent *jot.View) error {
		kept = lent
		subject, _ := lent.Text("sub")
		name, _ := lent.Text("name")
		_, missing := lent.Text("nobody")
		number, _ := lent.Number("n")
		_, whole := lent.Integer("n")
		ok, _ := lent.Bool("ok")
		until, _ := lent.Date("exp")
		if subject != "alice" || name != "A\n" || missing || number != 1.5 || whole || !ok || until.Unix() != now.Unix()+600 {
			t.Error(subject, name, missing, number, whole, ok, until)
		}
		kind, roles, found := lent.Lookup("realm", "roles")
		if kind != jot.Array || roles != `["a","b"]` || !found || !lent.Contains("b", "realm", "roles") || lent.Contains("c", "realm", "roles") {
			t.Error(kind, roles, found)
		}
		if _, whole, _ := lent.Lookup(); whole != lent.Payload() {
			t.Error(whole)
		}
		return errors.New("mine")
	})
	if err == nil || err.Error() != "mine" {
		t.Error(err)
	}
	// What is kept has nothing.
	if _, found := kept.Text("sub"); found || kept.Payload() != "" || kept.HasScope("a") {
		t.Error("claims after their time")
	}
}

func TestNamesThatDifferOnlyInCaseAreNotClaims(t *testing.T) {
	key := signingKey(jot.HS256, "")
	verifier := must(jot.NewVerifier(jot.WithAlgorithms(jot.HS256), jot.WithKeys(secretsOf(t, key)), jot.AllowMissingExp()))
	for payload, ambiguous := range map[string]bool{
		`{"sub":"alice","Sub":"admin"}`:            true,
		`{"sub":"alice","\u0053ub":"admin"}`:       true,
		`{"k":1,"K":2}`:                            true,
		`{"s":1,"ſ":2}`:                            true,
		`{"a":{"b":1,"B":2}}`:                      true,
		`{"a":[{"b":1},{"x":{"c":"}","C" : 1}}]}`:  true,
		`{"a":"B","b":"A","c":["d","D"],"e":"\""}`: false,
		`{"a":{"b":1},"b":{"a":"{\"a\":1"}}`:       false,
		`{}`:                                       false,
		manyNames(40, "n7"):                        false,
		manyNames(40, "N7"):                        true,
		manyNames(40, "\\u004e39"):                 true,
		`{"a":` + manyNames(40, "x") + `,"X":1}`:   false,
	} {
		token := must(verifier.Verify(ctx, must(key.Sign(payload))))
		if _, err := jot.Claims[map[string]any](token); errors.Is(err, jot.ErrAmbiguous) != ambiguous {
			t.Errorf("%s: %v", payload, err)
		}
	}
}

// manyNames is an object with the names n0, n1 and so on, and one more if it is another.
func manyNames(count int, more string) string {
	var text strings.Builder
	for n := range count {
		fmt.Fprintf(&text, `"n%d":%d,`, n, n)
	}
	if strings.Contains(text.String(), `"`+more+`"`) {
		return "{" + strings.TrimSuffix(text.String(), ",") + "}"
	}
	return "{" + text.String() + `"` + more + `":0}`
}

// secretsOf is the set with an HMAC key itself, which has no public part.
func secretsOf(t *testing.T, key *jot.SigningKey) *jot.KeySet {
	t.Helper()
	return must(jot.KeyFromJWK(must(key.PrivateJWK())))
}

func TestEveryAlgorithmSignsAndVerifies(t *testing.T) {
	for alg := jot.HS256; alg <= jot.MLDSA87; alg++ {
		key := signingKey(alg, "k")
		keys := must(jot.KeyFromJWK(must(key.PrivateJWK())))
		verifier := verifierOf(alg, keys)
		if token := must(verifier.Verify(ctx, tokenOf(key))); token.Algorithm != alg || token.Subject != "alice" {
			t.Errorf("%v: %+v", alg, token)
		}
		if must(jot.ParseAlgorithm(alg.String())) != alg {
			t.Error(alg)
		}
		again := must(jot.SigningKeyFromJWK(must(key.PrivateJWK())))
		if must(again.Info()).Thumbprint != must(key.Info()).Thumbprint {
			t.Errorf("%v: another key", alg)
		}
		detached := must(key.SignPayload([]byte("bytes"), jot.Detached()))
		if token, err := verifier.VerifyJWS(detached, issuer, []byte("bytes")); err != nil || token.Payload() != "bytes" {
			t.Errorf("%v: %v", alg, err)
		}
		if _, err := verifier.VerifyJWS(detached, issuer, []byte("other")); jot.CodeOf(err) != jot.CodeSignatureInvalid {
			t.Errorf("%v: %v", alg, err)
		}
		if alg > jot.Ed25519 {
			continue
		}
		signature := must(key.SignMessage([]byte("message")))
		if err := keys.CheckSignature(0, alg, []byte("message"), signature); err != nil {
			t.Errorf("%v: %v", alg, err)
		}
		if err := keys.CheckSignature(0, alg, []byte("other"), signature); jot.CodeOf(err) != jot.CodeSignatureInvalid {
			t.Errorf("%v: %v", alg, err)
		}
	}
	for _, name := range []string{"none", "nOnE", "es256", "", "RSA"} {
		if _, err := jot.ParseAlgorithm(name); err == nil {
			t.Errorf("%q is an algorithm", name)
		}
	}
}

func TestKeysAreReadInEveryForm(t *testing.T) {
	key := signingKey(jot.ES256, "k")
	keys := keysOf(key)
	jwks, pem := must(keys.JWKS()), must(keys.PEM(0))
	for name, read := range map[string]*jot.KeySet{
		"JWK Set": must(jot.KeysFromJWKS(jwks)), "JWK Set as text": must(jot.ParseKeys(jwks)),
		"PEM": must(jot.KeyFromPEM(pem, jot.NamedKid("k"))), "PEM as text": must(jot.ParseKeys(pem, jot.NamedKid("k"))),
		"private PEM": must(jot.KeyFromPEM(must(key.PrivatePEM()), jot.NamedKid("k"))),
	} {
		infos := must(read.Keys())
		if len(infos) != 1 || read.Len() != 1 || infos[0].Kid != "k" || infos[0].Crv != "P-256" || read.Skipped() != "" ||
			infos[0].Thumbprint != must(key.Info()).Thumbprint || len(infos[0].Algorithms) != 1 {
			t.Errorf("%s: %+v", name, infos)
		}
	}
	if must(key.Info()).SigningAlgorithm != jot.ES256 {
		t.Error("the algorithm that it signs with")
	}
	var fault *jot.Error
	for text, code := range map[string]jot.Code{
		"": jot.CodeKeyTextUnknown, "{": jot.CodeKeyJson, `{"keys":[]}`: jot.CodeKeySetEmpty, "<html>": jot.CodeKeyTextIsPage,
	} {
		if _, err := jot.ParseKeys([]byte(text)); !errors.As(err, &fault) || fault.Code != code {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := jot.KeyFromSecret([]byte("short")); !errors.Is(err, jot.CodeKeySecretTooShort) {
		t.Error(err)
	}
	if must(jot.KeyFromSecret([]byte("short"), jot.AllowWeakKeys())).SecretDoubt() != "" {
		t.Error("no doubt")
	}
	if must(jot.KeyFromSecret([]byte(strings.Repeat("s", 32)+"\n"))).SecretDoubt() == "" {
		t.Error("a line break is a doubt")
	}
	if _, err := jot.GenerateRSAKey(jot.ES256, 2048, ""); err == nil {
		t.Error("no such key")
	}
	half := must(jot.KeysFromJWKS([]byte(`{"keys":[{"kty":"x"},` + string(jwks[len(`{"keys":[`):]))))
	if half.Len() != 1 || !strings.Contains(half.Skipped(), "key_type_unknown") {
		t.Error(half.Skipped())
	}
}

func TestKeysAndRevocationsAreReplaced(t *testing.T) {
	old, fresh := signingKey(jot.ES256, "old"), signingKey(jot.ES256, "fresh")
	verifier := verifierOf(jot.ES256, keysOf(old), jot.WithCache(100))
	text := tokenOf(old, "jti", `"7"`, "sid", `"s"`, "iat", "1799999999")
	for range 2 {
		must(verifier.Verify(ctx, text))
	}
	if token := must(verifier.Verify(ctx, text)); !token.FromCache {
		t.Error("not remembered")
	}
	for _, revoke := range []func(*jot.Revocations) error{
		func(r *jot.Revocations) error { return r.RevokeJTI("7", time.Time{}) },
		func(r *jot.Revocations) error { return r.RevokeSession("s", now.Add(time.Hour)) },
		func(r *jot.Revocations) error { return r.RevokeSubject("alice", now) },
		func(r *jot.Revocations) error { return r.RevokeKey(must(old.Info()).Thumbprint) },
	} {
		list := jot.NewRevocations(10)
		if err := revoke(list); err != nil {
			t.Fatal(err)
		}
		if err := verifier.SetRevocations(must(jot.ParseRevocations(must(list.Text()), 10))); err != nil {
			t.Fatal(err)
		}
		if err := verifier.Check(ctx, text); err == nil || !strings.Contains(err.Error(), "revoked") {
			t.Error(err)
		}
		if must(verifier.Revocations()).Len() != 1 {
			t.Error("a copy has as many")
		}
	}
	full := jot.NewRevocations(0)
	if err := full.RevokeJTI("7", time.Time{}); !errors.Is(err, jot.CodeRevocationsFull) {
		t.Error(err)
	}
	if err := verifier.SetRevocations(jot.NewRevocations(1)); err != nil {
		t.Fatal(err)
	}
	must(verifier.Verify(ctx, text))
	if err := verifier.ReplaceKeys(issuer, keysOf(fresh)); err != nil {
		t.Fatal(err)
	}
	if err := verifier.Check(ctx, text); !errors.Is(err, jot.CodeKidUnknown) {
		t.Error(err)
	}
	must(verifier.Verify(ctx, tokenOf(fresh)))
	if infos := must(must(verifier.Keys(issuer)).Keys()); infos[0].Kid != "fresh" {
		t.Error(infos)
	}
	if err := verifier.ReplaceKeys("https://other", keysOf(fresh)); !errors.Is(err, jot.CodeIssuerUnknown) {
		t.Error(err)
	}
}

func TestStatisticsCount(t *testing.T) {
	key := signingKey(jot.ES256, "")
	verifier := verifierOf(jot.ES256, keysOf(key), jot.WithCache(10), jot.WithBackend(jot.Auto))
	text := tokenOf(key)
	for range 3 {
		must(verifier.Verify(ctx, text))
	}
	_ = verifier.Check(ctx, text+"A")
	counted := must(verifier.Statistics())
	if counted.Accepted != 3 || counted.Rejected != 1 || counted.CacheHits != 2 || counted.CacheBytes == 0 ||
		verifier.Verdicts(jot.CodeAccepted) != 3 {
		t.Errorf("%+v", counted)
	}
	if !strings.Contains(must(verifier.Prometheus()), "jot_") || verifier.BackendName(jot.ES256) == "" || jot.BackendDistrusted() != 0 || jot.BackendNews() != "" {
		t.Error("no counters, or no backend")
	}
}

func TestAcceptingAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector's pools drop what they are given")
	}
	key := signingKey(jot.ES256, "k")
	for name, verifier := range map[string]*jot.Verifier{
		"verified": verifierOf(jot.ES256, keysOf(key)), "remembered": verifierOf(jot.ES256, keysOf(key), jot.WithCache(10)),
	} {
		text := tokenOf(key)
		must(verifier.Verify(ctx, text))
		if allocated := testing.AllocsPerRun(1000, func() {
			if verifier.Check(ctx, text, jot.At(now)) != nil {
				t.Error("rejected")
			}
		}); allocated != 0 {
			t.Errorf("%s: Check allocates %v times", name, allocated)
		}
		// The token and its texts.
		if allocated := testing.AllocsPerRun(1000, func() { must(verifier.Verify(ctx, text)) }); allocated > 2 {
			t.Errorf("%s: Verify allocates %v times", name, allocated)
		}
	}
}

func TestBatchHasTheVerdictOfEachRow(t *testing.T) {
	key := signingKey(jot.ES256, "")
	verifier := verifierOf(jot.ES256, keysOf(key))
	batch := must(jot.NewBatch(2))
	defer batch.Close()
	var tokens []string
	for row := range 300 {
		tokens = append(tokens, tokenOf(key, "n", strconv.Itoa(row)))
	}
	tokens[7], tokens[8], tokens[9] = "", "x", tokens[6]
	verdicts := must(batch.Verify(ctx, verifier, tokens))
	for row, code := range verdicts.Codes {
		if wanted := jot.CodeOf(verifier.Check(ctx, tokens[row])); code != wanted {
			t.Errorf("row %d: %v, and wanted is %v", row, code, wanted)
		}
	}
	if verdicts.Accepted != 298 || verdicts.Distinct != 299 || !verdicts.Repeated(9) || verdicts.FromCache(9) ||
		verdicts.ExpiresAt[0] != now.Unix()+600 || verdicts.KeyIndex(0) != 0 || verdicts.KeyIndex(8) != -1 {
		t.Errorf("%d %d", verdicts.Accepted, verdicts.Distinct)
	}
	for _, wrong := range []jot.Column{
		{Data: []byte("abc"), Offsets: []int64{0, 4}}, {Data: []byte("abc"), Offsets: []int64{2, 1}},
		{Data: nil, Offsets: []int64{-1, 0}}, {Data: nil, Offsets: []int64{0, 1 << 62}},
	} {
		if _, err := batch.VerifyColumn(ctx, verifier, wrong, now); !errors.Is(err, jot.CodeBatchInvalid) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	if empty := must(batch.Verify(ctx, verifier, nil)); len(empty.Codes) != 0 {
		t.Error(empty)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if verdicts, err := batch.Verify(ended, verifier, tokens); !errors.Is(err, context.Canceled) && verdicts.Accepted != 298 {
		t.Error(err)
	}
	batch.Close()
	if _, err := batch.Verify(ctx, verifier, tokens); !errors.Is(err, jot.ErrClosed) {
		t.Error(err)
	}
}

func TestHostileTokensAreRejected(t *testing.T) {
	key := signingKey(jot.ES256, "")
	verifier := verifierOf(jot.ES256, keysOf(key))
	good := tokenOf(key)
	for _, text := range []string{
		"", ".", "..", "...", "\x00", good[:len(good)-1], good + "\x00", "\x00" + good, good + "=", " " + good, "Bearer " + good,
		strings.Repeat("a", 1<<20), strings.Repeat(".", 1<<20), strings.Repeat("\xff", 1<<16), good + "." + good,
		strings.Repeat("a", 1<<28), strings.Replace(good, ".", "..", 1),
	} {
		token, err := verifier.Verify(ctx, text)
		var rejection *jot.Rejection
		if token != nil || !errors.As(err, &rejection) || rejection.SignatureOK {
			t.Errorf("%.20q: %v", text, err)
		} else if len(rejection.Detail()) > 255 {
			t.Errorf("%.20q: %s", text, rejection.Detail())
		}
	}
	for at := range good {
		changed := []byte(good)
		changed[at] ^= 1
		if verifier.Check(ctx, string(changed)) == nil && string(changed) != good {
			t.Errorf("accepted with another byte at %d", at)
		}
	}
}

func TestGoroutinesInNumbers(t *testing.T) {
	old, fresh := signingKey(jot.ES256, "old"), signingKey(jot.ES256, "fresh")
	verifier := verifierOf(jot.ES256, keysOf(old, fresh), jot.WithCache(1000))
	tokens := []string{tokenOf(old), tokenOf(fresh), tokenOf(fresh, "n", "1")}
	sets := []*jot.KeySet{keysOf(old, fresh), keysOf(fresh, old)}
	var group sync.WaitGroup
	var accepted atomic.Int64
	for worker := range 500 {
		group.Add(1)
		go func() {
			defer group.Done()
			for round := range 20 {
				text := tokens[(worker+round)%len(tokens)]
				token, err := verifier.Verify(ctx, text)
				if err != nil {
					t.Error(err)
					return
				}
				if token.Subject != "alice" || verifier.Check(ctx, text[:len(text)-2]) == nil {
					t.Error("not this token's verdict")
				}
				accepted.Add(1)
			}
			switch worker % 100 {
			case 0:
				if err := verifier.ReplaceKeys(issuer, sets[worker/100%2]); err != nil {
					t.Error(err)
				}
			case 1:
				if err := verifier.SetRevocations(jot.NewRevocations(1)); err != nil {
					t.Error(err)
				}
			case 2:
				runtime.GC()
			}
		}()
	}
	group.Wait()
	if counted := must(verifier.Statistics()); accepted.Load() != 10_000 || counted.Accepted < 10_000 {
		t.Errorf("%d %+v", accepted.Load(), counted)
	}
}

func TestCloseLetsCallsInFlightEnd(t *testing.T) {
	key := signingKey(jot.ES256, "")
	text := tokenOf(key)
	for range 50 {
		verifier := verifierOf(jot.ES256, keysOf(key))
		var group sync.WaitGroup
		for worker := range 8 {
			group.Add(1)
			go func() {
				defer group.Done()
				for {
					if _, err := verifier.Verify(ctx, text); err != nil {
						if !errors.Is(err, jot.ErrClosed) {
							t.Error(err)
						}
						return
					}
					if worker < 2 {
						verifier.Close()
					}
				}
			}()
		}
		group.Wait()
		verifier.Close()
		if _, err := verifier.Statistics(); !errors.Is(err, jot.ErrClosed) {
			t.Error(err)
		}
	}
}

func TestCollectorFreesWhatIsNotClosed(t *testing.T) {
	key := signingKey(jot.ES256, "")
	text := tokenOf(key)
	for range 200 {
		verifier := verifierOf(jot.ES256, keysOf(key), jot.WithCache(1000))
		must(verifier.Verify(ctx, text))
		if err := verifier.Read(ctx, text, func(*jot.View) error { runtime.GC(); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	before := resident(t)
	for range 500 {
		verifier := verifierOf(jot.ES256, keysOf(key), jot.WithCache(10_000))
		must(verifier.Verify(ctx, text))
		runtime.GC()
	}
	// Each has a cache of 830 KB: kept, they would take 400 MB.
	if grown := resident(t) - before; grown > 100<<20 {
		t.Errorf("%d MB more", grown>>20)
	}
}

// resident is the memory of this process in bytes.
func resident(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("there is no /proc")
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return pages * os.Getpagesize()
}

func TestMemoryDoesNotGrow(t *testing.T) {
	if os.Getenv("JOT_LONG") == "" {
		t.Skip("a million calls: JOT_LONG=1 makes them")
	}
	key := signingKey(jot.ES256, "")
	verifier := verifierOf(jot.ES256, keysOf(key), jot.WithCache(1000), jot.WithBackend(jot.Auto))
	var tokens []string
	for n := range 500 {
		tokens = append(tokens, tokenOf(key, "n", strconv.Itoa(n)))
	}
	type claims struct {
		Subject string `json:"sub"`
	}
	runtime.GC()
	early := 0
	for call := range 1_000_000 {
		text := tokens[call%len(tokens)]
		switch call % 4 {
		case 0:
			_ = verifier.Check(ctx, text[:len(text)-1])
		case 1:
			must(jot.Claims[claims](must(verifier.Verify(ctx, text))))
		default:
			if err := verifier.Check(ctx, text, jot.NeedAudience("api")); err != nil {
				t.Fatal(err)
			}
		}
		if call == 100_000 {
			early = resident(t)
		}
	}
	late := resident(t)
	t.Logf("resident after 10^5 calls %d KB, after 10^6 %d KB", early>>10, late>>10)
	if late > early+early/50 {
		t.Errorf("%d KB, and then %d KB", early>>10, late>>10)
	}
}
