package jwt

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
)

// rules are what the options ask for, all of which the engine judges.
type rules struct {
	methods       []string
	anyMethod     bool
	signatureOnly bool

	leeway                            time.Duration
	requireExp, requireNbf, verifyIat bool
	audiences                         []string
	wantsAudience, allAudiences       bool
	issuer, subject                   string
	wantsIssuer, wantsSubject         bool
}

// fault is what is wrong with the options.
func (r *rules) fault() error {
	switch {
	case r.wantsIssuer && r.issuer == "":
		return empty("issuer")
	case r.wantsSubject && r.subject == "":
		return empty("subject")
	case r.wantsAudience && len(r.audiences) == 0:
		return empty("audience")
	}
	return nil
}

// options are the engine's.
func (r *rules) options() ([]jot.Option, error) {
	options := []jot.Option{jot.WithLeeway(r.leeway)}
	if !r.requireExp {
		options = append(options, jot.AllowMissingExp())
	}
	if r.requireNbf {
		options = append(options, jot.WithRequired("nbf"))
	}
	if !r.verifyIat {
		options = append(options, jot.AllowFutureIat())
	}
	if r.wantsSubject {
		options = append(options, jot.WithSubject(r.subject))
	}
	if !r.wantsAudience {
		return append(options, jot.WithAnyAudience()), nil
	}
	options = append(options, jot.WithAudience(r.audiences...))
	if !r.allAudiences || len(r.audiences) == 1 {
		return options, nil
	}
	for _, audience := range r.audiences {
		quoted, err := json.Marshal(audience)
		if err != nil {
			return nil, err
		}
		condition, err := jot.ParseCondition("aud contains " + string(quoted))
		if err != nil {
			return nil, err
		}
		options = append(options, jot.WithConditions(condition))
	}
	return options, nil
}

// algorithms are those of the engine that the options allow. Names that it does not know are no
// algorithm of a token that it knows.
func (r *rules) algorithms(of jot.Algorithm) []jot.Algorithm {
	if r.anyMethod {
		return []jot.Algorithm{of}
	}
	var algorithms []jot.Algorithm
	for _, name := range r.methods {
		if alg, err := jot.ParseAlgorithm(name); err == nil {
			algorithms = append(algorithms, alg)
		}
	}
	return algorithms
}

var verifiers = kept[*jot.Verifier]{most: 1024}

// verifier returns what judges tokens of a key by these rules.
func (r *rules) verifier(key *keySet, algorithms []jot.Algorithm) (*jot.Verifier, error) {
	return verifiers.of(nameOf(key.name[:], fmt.Appendf(nil, "%v %#v", algorithms, *r)), func() (*jot.Verifier, error) {
		options, err := r.options()
		if err != nil {
			return nil, err
		}
		return jot.NewVerifier(append(options, jot.WithAlgorithms(algorithms...), jot.WithKeys(key.keys))...)
	})
}

// judge has the engine verify a token. The claims are what was read from it, into a type of the
// program's.
func (r *rules) judge(token *Token, method native, key any, payload string, now time.Time, isRead bool) error {
	alg, err := jot.ParseAlgorithm(method.Alg())
	if err != nil {
		return by(err, newError("signing method (alg) is unavailable", ErrTokenUnverifiable))
	}
	set, err := verifying(method, alg, key)
	if err != nil {
		return newError("", ErrTokenSignatureInvalid, err)
	}
	verifier, err := r.verifier(set, r.algorithms(alg))
	if err != nil {
		return newError("", ErrTokenUnverifiable, err)
	}
	if r.signatureOnly {
		verified, err := verifier.VerifyJWS(token.Raw, "", nil)
		if err == nil && verified.Payload() != payload {
			err = &jot.Rejection{Code: jot.CodeB64InJwt}
		}
		return refusal(method, token, err)
	}
	agrees := true
	err = verifier.Read(context.Background(), token.Raw, func(claims *jot.View) error {
		agrees = isRead || agree(token.Claims, claims)
		return nil
	}, r.demands(now)...)
	if err != nil {
		return refusal(method, token, err)
	}
	return r.own(token.Claims, agrees, now)
}

// own judges what the program's type makes of the claims, and asks its own rule.
func (r *rules) own(claims Claims, agrees bool, now time.Time) error {
	if !agrees {
		if err := r.judgeClaims(claims, now); err != nil {
			return newError("", ErrTokenInvalidClaims, err)
		}
	}
	if asked, ok := claims.(ClaimsValidator); ok {
		if err := asked.Validate(); err != nil {
			return newError("", ErrTokenInvalidClaims, err)
		}
	}
	return nil
}

func (r *rules) demands(now time.Time) []jot.CallOption {
	demands := []jot.CallOption{jot.At(now)}
	if r.wantsIssuer {
		demands = append(demands, jot.NeedIssuer(r.issuer))
	}
	return demands
}

// ours signs claims that came without a token, or are not those of its text, because the engine judges
// tokens. No other process has the key, and the tokens are gone with the call.
var ours = sync.OnceValues(func() (*ourKey, error) {
	signer, err := jot.GenerateKey(jot.HS256, "")
	if err != nil {
		return nil, err
	}
	keys, err := jot.PublicKeys(signer)
	return &ourKey{signer, &keySet{nameOf([]byte("ours")), keys}}, err
})

type ourKey struct {
	signer *jot.SigningKey
	set    *keySet
}

// judgeClaims has the engine judge claims as those of a token.
func (r *rules) judgeClaims(claims Claims, now time.Time) error {
	text, err := registered(claims)
	if err != nil {
		return err
	}
	return r.judgeText(text, now)
}

func (r *rules) judgeText(text []byte, now time.Time) error {
	key, err := ours()
	if err != nil {
		return err
	}
	token, err := key.signer.Sign(text)
	if err != nil {
		return err
	}
	verifier, err := r.verifier(key.set, []jot.Algorithm{jot.HS256})
	if err != nil {
		return err
	}
	err = verifier.Check(context.Background(), token, r.demands(now)...)
	if err == nil {
		return nil
	}
	return claimFault(err)
}
