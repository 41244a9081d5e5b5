// Package bench measures libjot beside golang-jwt and lestrrat-go/jwx; see docs/go.md.
package bench

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/lestrrat-go/jwx/v3/jwk"
	jwx "github.com/lestrrat-go/jwx/v3/jwt"
	jot "github.com/libjot/libjot/bindings/go"
)

var ctx = context.Background()

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// world is one algorithm: a token, and everyone's way to accept it.
type world struct {
	text string
	key  *jot.SigningKey
	keys *jot.KeySet
	alg  jot.Algorithm
	// The key as the peers take it.
	raw any
	set jwk.Set
}

func worldOf(alg jot.Algorithm) *world {
	key := must(jot.GenerateKey(alg, "2026-01"))
	made := &world{key: key, alg: alg, text: token(key, 0)}
	private := must(key.PrivateJWK())
	made.keys = must(jot.KeyFromJWK(private))
	parsed := must(jwk.ParseKey(private))
	if alg != jot.HS256 {
		parsed = must(parsed.PublicKey())
	}
	if err := jwk.Export(parsed, &made.raw); err != nil {
		panic(err)
	}
	made.set = jwk.NewSet()
	if err := made.set.AddKey(parsed); err != nil {
		panic(err)
	}
	return made
}

// token is an access token of the usual size.
func token(key *jot.SigningKey, n int) string {
	return must(key.Sign(map[string]any{
		"iss": "https://issuer.example", "aud": "https://api.example", "sub": "alice-" + strconv.Itoa(n),
		"exp": 4102444800, "iat": 1700000000, "jti": "7f3a-" + strconv.Itoa(n), "scope": "read write",
		"client_id": "web", "roles": []string{"admin", "billing"}, "name": "Alice Example",
	}))
}

func (w *world) verifier(options ...jot.Option) *jot.Verifier {
	return must(jot.NewVerifier(append([]jot.Option{
		jot.WithAlgorithms(w.alg), jot.WithIssuer("https://issuer.example", w.keys), jot.WithAudience("https://api.example"),
	}, options...)...))
}

// golangJWT is Parse as its documentation has it, with the claims in a map.
func (w *world) golangJWT() func(string) error {
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{w.alg.String()}), jwt.WithIssuer("https://issuer.example"),
		jwt.WithAudience("https://api.example"), jwt.WithExpirationRequired(),
	)
	find := func(*jwt.Token) (any, error) { return w.raw, nil }
	return func(text string) error {
		_, err := parser.Parse(text, find)
		return err
	}
}

func (w *world) jwx() func(string) error {
	return func(text string) error {
		_, err := jwx.Parse([]byte(text), jwx.WithKeySet(w.set), jwx.WithIssuer("https://issuer.example"),
			jwx.WithAudience("https://api.example"), jwx.WithRequiredClaim("exp"))
		return err
	}
}

func algorithms() []jot.Algorithm {
	return []jot.Algorithm{jot.RS256, jot.ES256, jot.EdDSA, jot.HS256}
}

func run(b *testing.B, text string, verify func(string) error) {
	if err := verify(text); err != nil {
		b.Fatal(err)
	}
	if verify(text[:len(text)-6]+"AAAAAA") == nil {
		b.Fatal("a forged token is accepted")
	}
	for range 100 {
		_ = verify(text)
	}
	b.ReportAllocs()
	began := cpuTime()
	for b.Loop() {
		if verify(text) != nil {
			b.Fatal("rejected")
		}
	}
	b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "cpu-ns/op")
}

// BenchmarkVerify accepts one token again and again.
func BenchmarkVerify(b *testing.B) {
	for _, alg := range algorithms() {
		w := worldOf(alg)
		verify := func(options ...jot.Option) func(string) error {
			verifier := w.verifier(options...)
			return func(text string) error {
				found, err := verifier.Verify(ctx, text)
				if err == nil && found.Subject == "" {
					return fmt.Errorf("no subject")
				}
				return err
			}
		}
		check := w.verifier(jot.WithBackend(jot.Accelerated))
		cached := w.verifier(jot.WithBackend(jot.Accelerated), jot.WithCache(1000))
		accelerated := w.verifier(jot.WithBackend(jot.Accelerated))
		for _, peer := range []struct {
			name   string
			verify func(string) error
		}{
			{"jot", verify()},
			{"jot-accelerated", verify(jot.WithBackend(jot.Accelerated))},
			{"jot-accelerated-check", func(text string) error { return check.Check(ctx, text) }},
			{"jot-accelerated-map", func(text string) error {
				found, err := accelerated.Verify(ctx, text)
				if err != nil {
					return err
				}
				_, err = jot.Claims[map[string]any](found)
				return err
			}},
			{"jot-cached", func(text string) error { _, err := cached.Verify(ctx, text); return err }},
			{"jot-cached-check", func(text string) error { return cached.Check(ctx, text) }},
			{"golang-jwt", w.golangJWT()},
			{"jwx", w.jwx()},
		} {
			b.Run(alg.String()+"/"+peer.name, func(b *testing.B) { run(b, w.text, peer.verify) })
		}
	}
}

// BenchmarkMiss has a cache that never has the token.
func BenchmarkMiss(b *testing.B) {
	w := worldOf(jot.ES256)
	var texts []string
	for n := range 2000 {
		texts = append(texts, token(w.key, n))
	}
	for name, entries := range map[string]int{"without-cache": 0, "with-cache": 16} {
		options := []jot.Option{jot.WithBackend(jot.Accelerated)}
		if entries != 0 {
			options = append(options, jot.WithCache(entries))
		}
		verifier := w.verifier(options...)
		b.Run(name, func(b *testing.B) {
			began, at := cpuTime(), 0
			for b.Loop() {
				if verifier.Check(ctx, texts[at%len(texts)]) != nil {
					b.Fatal("rejected")
				}
				at++
			}
			b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "cpu-ns/op")
		})
	}
}

// BenchmarkBatch verifies 1,000 different tokens on one thread.
func BenchmarkBatch(b *testing.B) {
	for _, alg := range algorithms() {
		w := worldOf(alg)
		var texts []string
		for n := range 1000 {
			texts = append(texts, token(w.key, n))
		}
		batch := must(jot.NewBatch(1))
		verifier := w.verifier(jot.WithBackend(jot.Accelerated))
		golang, other := w.golangJWT(), w.jwx()
		each := func(verify func(string) error) func() int {
			return func() int {
				accepted := 0
				for _, text := range texts {
					if verify(text) == nil {
						accepted++
					}
				}
				return accepted
			}
		}
		for _, peer := range []struct {
			name string
			all  func() int
		}{
			{"jot-batch", func() int { return must(batch.Verify(ctx, verifier, texts)).Accepted }},
			{"jot-each", each(func(text string) error { return verifier.Check(ctx, text) })},
			{"golang-jwt", each(golang)},
			{"jwx", each(other)},
		} {
			b.Run(alg.String()+"/"+peer.name, func(b *testing.B) {
				began := cpuTime()
				for b.Loop() {
					if peer.all() != len(texts) {
						b.Fatal("rejected")
					}
				}
				b.ReportMetric(float64(cpuTime()-began)/float64(b.N*len(texts)), "cpu-ns/token")
			})
		}
	}
}
