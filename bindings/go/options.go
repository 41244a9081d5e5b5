package jot

// #include "bridge.h"
import "C"

import (
	"math"
	"time"
)

// Option is a rule or a setting of a verifier. One that makes no sense is an error of
// [NewVerifier]: none is ever left out.
type Option func(*settings)

type settings struct {
	algorithms []C.uint32_t
	preset     func(algs *C.uint32_t, count C.size_t, policy **C.jot_policy, fault *C.jot_error) C.uint32_t
	rules      []func(*C.jot_policy) error
	sources    []source
	builds     []func(*C.jot_verifier_builder) error
	wait       time.Duration
	clock      func() time.Time
}

type source struct {
	// Which keys these are: of any issuer, of one, or of calls that name them.
	kind   int
	name   string
	issuer string
	keys   KeySource
}

const (
	ofAnyone = iota
	ofIssuer
	ofName
)

func (s *settings) rule(name string, apply func(*C.jot_policy) C.uint32_t) {
	s.rules = append(s.rules, func(policy *C.jot_policy) error { return faulty(apply(policy), name) })
}

func (s *settings) build(name string, apply func(*C.jot_verifier_builder) C.uint32_t) {
	s.builds = append(s.builds, func(b *C.jot_verifier_builder) error { return faulty(apply(b), name) })
}

// each applies one rule for each text.
func each(name string, texts []string, apply func(*C.jot_policy, C.jot_slice) C.uint32_t) Option {
	return func(s *settings) {
		for _, text := range texts {
			s.rule(name, func(policy *C.jot_policy) C.uint32_t { return apply(policy, view(text)) })
		}
	}
}

// seconds are the whole seconds of a rule.
func (s *settings) seconds(name string, duration time.Duration, apply func(*C.jot_policy, C.uint32_t) C.uint32_t) {
	s.rules = append(s.rules, func(policy *C.jot_policy) error {
		whole := duration / time.Second
		if duration < 0 || duration%time.Second != 0 || whole > math.MaxUint32 {
			return &Error{
				Code: CodePolicyInvalid, Name: name, Offset: -1,
				message: name + ": whole seconds are wanted, not " + duration.String(),
			}
		}
		return faulty(apply(policy, C.uint32_t(whole)), name)
	})
}

// WithAlgorithms allows these algorithms and no others. A verifier needs at least one.
func WithAlgorithms(algorithms ...Algorithm) Option {
	return func(s *settings) {
		for _, alg := range algorithms {
			s.algorithms = append(s.algorithms, C.uint32_t(alg))
		}
	}
}

// WithKeys trusts these keys for tokens of any issuer, or of none. The verifier can then have no
// other keys.
func WithKeys(keys KeySource) Option {
	return func(s *settings) { s.sources = append(s.sources, source{ofAnyone, "", "", keys}) }
}

// WithIssuer trusts these keys for tokens whose iss is exactly this. Use it once for each issuer.
func WithIssuer(issuer string, keys KeySource) Option {
	return func(s *settings) { s.sources = append(s.sources, source{ofIssuer, "", issuer, keys}) }
}

// WithKeySet trusts these keys for calls that name them by [UsingKeySet]; unless issuer is empty,
// only for its tokens.
func WithKeySet(name, issuer string, keys KeySource) Option {
	return func(s *settings) { s.sources = append(s.sources, source{ofName, name, issuer, keys}) }
}

// AsAccessToken begins with the rules for JWT access tokens (RFC 9068 §4): typ is at+jwt, and
// iss, exp, aud, sub, client_id, iat and jti are required. The resource is the audience.
func AsAccessToken(resource string) Option {
	return func(s *settings) {
		s.preset = func(algs *C.uint32_t, count C.size_t, policy **C.jot_policy, fault *C.jot_error) C.uint32_t {
			return C.jot_policy_new_access_token(view(resource), algs, count, policy, fault)
		}
	}
}

// AsIDToken begins with the rules of OpenID Connect for ID Tokens. Add [WithNonce] if one was
// sent.
func AsIDToken(clientID string) Option {
	return func(s *settings) {
		s.preset = func(algs *C.uint32_t, count C.size_t, policy **C.jot_policy, fault *C.jot_error) C.uint32_t {
			return C.jot_policy_new_id_token(view(clientID), algs, count, policy, fault)
		}
	}
}

// WithAudience adds audiences; the aud of a token must contain one of them.
func WithAudience(audiences ...string) Option {
	return each("audience", audiences, func(p *C.jot_policy, text C.jot_slice) C.uint32_t {
		return C.jot_policy_audience(p, text)
	})
}

// WithAnyAudience accepts tokens with any aud, or none.
func WithAnyAudience() Option {
	return func(s *settings) {
		s.rule("any_audience", func(p *C.jot_policy) C.uint32_t { return C.jot_policy_any_audience(p) })
	}
}

// WithType requires a typ, or one of several (RFC 8725 §3.11).
func WithType(types ...string) Option {
	return each("typ", types, func(p *C.jot_policy, text C.jot_slice) C.uint32_t {
		return C.jot_policy_typ(p, text)
	})
}

// WithSubject requires this sub.
func WithSubject(subject string) Option {
	return each("subject", []string{subject}, func(p *C.jot_policy, text C.jot_slice) C.uint32_t {
		return C.jot_policy_subject(p, text)
	})
}

// WithRequired requires claims to be present and not null.
func WithRequired(claims ...string) Option {
	return each("required", claims, func(p *C.jot_policy, text C.jot_slice) C.uint32_t {
		return C.jot_policy_require(p, text)
	})
}

// WithNonce requires the nonce that was sent with the authentication request.
func WithNonce(nonce string) Option {
	return each("nonce", []string{nonce}, func(p *C.jot_policy, text C.jot_slice) C.uint32_t {
		return C.jot_policy_nonce(p, text)
	})
}

// WithAuthorizedParty requires this azp.
func WithAuthorizedParty(party string) Option {
	return each("authorized_party", []string{party}, func(p *C.jot_policy, text C.jot_slice) C.uint32_t {
		return C.jot_policy_authorized_party(p, text)
	})
}

// WithScopes requires all of these scopes, in scope or scp.
func WithScopes(scopes ...string) Option {
	return each("scope", scopes, func(p *C.jot_policy, text C.jot_slice) C.uint32_t {
		return C.jot_policy_scope(p, text)
	})
}

// WithCritical declares that the program understands and processes these extensions, which crit
// may then name (RFC 7515 §4.1.11).
func WithCritical(names ...string) Option {
	return each("critical", names, func(p *C.jot_policy, text C.jot_slice) C.uint32_t {
		return C.jot_policy_understand_critical(p, text)
	})
}

// WithConditions demands that claims meet conditions, such as "tier any_of gold silver".
func WithConditions(conditions ...*Condition) Option {
	return func(s *settings) {
		for _, condition := range conditions {
			s.rules = append(s.rules, func(policy *C.jot_policy) error {
				object, err := condition.acquire()
				if err != nil {
					return err
				}
				defer condition.release()
				return faulty(C.jot_policy_claim(policy, object), "condition")
			})
		}
	}
}

// WithLeeway sets how many whole seconds the clocks of issuer and verifier may differ.
func WithLeeway(leeway time.Duration) Option {
	return func(s *settings) {
		s.seconds("leeway", leeway, func(p *C.jot_policy, whole C.uint32_t) C.uint32_t {
			return C.jot_policy_leeway(p, whole)
		})
	}
}

// WithMaxAge requires an iat that is at most this many whole seconds ago.
func WithMaxAge(age time.Duration) Option {
	return func(s *settings) {
		s.seconds("max_age", age, func(p *C.jot_policy, whole C.uint32_t) C.uint32_t {
			return C.jot_policy_max_age(p, whole)
		})
	}
}

// AllowMissingExp accepts tokens without exp, which never expire.
func AllowMissingExp() Option {
	return func(s *settings) {
		s.rule("exp", func(p *C.jot_policy) C.uint32_t { return C.jot_policy_allow_missing_exp(p) })
	}
}

// AllowFutureIat accepts tokens whose iat is in the future.
func AllowFutureIat() Option {
	return func(s *settings) {
		s.rule("iat", func(p *C.jot_policy) C.uint32_t { return C.jot_policy_allow_future_iat(p) })
	}
}

// RequireIssuer makes it an error not to name the issuers.
func RequireIssuer() Option {
	return func(s *settings) {
		s.rule("issuer", func(p *C.jot_policy) C.uint32_t { return C.jot_policy_issuer_required(p) })
	}
}

// WithLimits sets the longest token and the longest header segment in bytes; 0 keeps the default,
// 64 KiB and 8 KiB.
func WithLimits(tokenBytes, headerBytes int) Option {
	return func(s *settings) {
		s.rules = append(s.rules, func(policy *C.jot_policy) error {
			if tokenBytes < 0 || headerBytes < 0 {
				return &Error{Code: CodePolicyInvalid, Name: "limits", Offset: -1}
			}
			return faulty(C.jot_policy_limits(policy, C.size_t(tokenBytes), C.size_t(headerBytes)), "limits")
		})
	}
}

// WithStatus checks the status of tokens that name a Token Status List.
func WithStatus() Option {
	return func(s *settings) {
		s.rule("status", func(p *C.jot_policy) C.uint32_t { return C.jot_policy_check_status(p) })
	}
}

// WithRequiredStatus is [WithStatus], and rejects tokens that name no list.
func WithRequiredStatus() Option {
	return func(s *settings) {
		s.rule("status", func(p *C.jot_policy) C.uint32_t { return C.jot_policy_require_status(p) })
	}
}

// WithCache remembers up to this many accepted tokens, at 83 bytes each. It never changes a
// verdict: dates and revocations are checked every time.
func WithCache(entries int) Option {
	return func(s *settings) {
		s.build("cache", func(b *C.jot_verifier_builder) C.uint32_t {
			return C.jot_verifier_builder_cache_entries(b, C.size_t(entries))
		})
	}
}

// WithWait sets how long a token may wait for its key, if that has to be fetched: 5 seconds
// unless set. With 0 nothing waits.
func WithWait(wait time.Duration) Option { return func(s *settings) { s.wait = wait } }

// WithClock sets what the time is asked of, for tests; [time.Now] unless set.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }
