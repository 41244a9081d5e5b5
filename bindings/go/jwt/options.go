package jwt

import (
	"slices"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
)

// ParserOption is a setting of a [Parser] or a [Validator]. One that makes no sense is an error of each
// call.
type ParserOption func(*Parser)

// WithValidMethods allows these algorithms and no others.
func WithValidMethods(methods []string) ParserOption {
	return func(p *Parser) {
		p.rules.methods, p.rules.anyMethod = slices.Clone(methods), methods == nil
	}
}

// WithJSONNumber reads numbers of [MapClaims] as json.Number.
func WithJSONNumber() ParserOption { return func(p *Parser) { p.useJSONNumber = true } }

// WithoutClaimsValidation verifies the signature alone.
func WithoutClaimsValidation() ParserOption { return func(p *Parser) { p.rules.signatureOnly = true } }

// WithLeeway sets how many seconds the clocks of issuer and verifier may differ. A fraction is left out.
func WithLeeway(leeway time.Duration) ParserOption {
	return func(p *Parser) { p.rules.leeway = leeway.Truncate(time.Second) }
}

// WithTimeFunc sets what the time is asked of; [time.Now] unless set.
func WithTimeFunc(now func() time.Time) ParserOption { return func(p *Parser) { p.clock = now } }

// WithIssuedAt rejects tokens that were issued in the future.
func WithIssuedAt() ParserOption { return func(p *Parser) { p.rules.verifyIat = true } }

// WithExpirationRequired rejects tokens without exp.
func WithExpirationRequired() ParserOption { return func(p *Parser) { p.rules.requireExp = true } }

// WithNotBeforeRequired rejects tokens without nbf.
func WithNotBeforeRequired() ParserOption { return func(p *Parser) { p.rules.requireNbf = true } }

// WithAudience demands that aud is or contains one of these.
func WithAudience(audiences ...string) ParserOption {
	return func(p *Parser) {
		p.rules.wantsAudience = true
		p.rules.audiences = slices.Clone(audiences)
	}
}

// WithAllAudiences demands that aud contains all of these.
func WithAllAudiences(audiences ...string) ParserOption {
	return func(p *Parser) {
		WithAudience(audiences...)(p)
		p.rules.allAudiences = true
	}
}

// WithIssuer demands this iss.
func WithIssuer(issuer string) ParserOption {
	return func(p *Parser) { p.rules.issuer, p.rules.wantsIssuer = issuer, true }
}

// WithSubject demands this sub.
func WithSubject(subject string) ParserOption {
	return func(p *Parser) { p.rules.subject, p.rules.wantsSubject = subject, true }
}

// WithPaddingAllowed is there for programs that name it: a padded segment is rejected all the same
// (RFC 7515 §2).
func WithPaddingAllowed() ParserOption { return func(*Parser) {} }

// WithStrictDecoding is there for programs that name it: segments are always decoded strictly.
func WithStrictDecoding() ParserOption { return func(*Parser) {} }

// empty is the error of an option whose text is empty: golang-jwt checks nothing then.
func empty(option string) error {
	return newError("", ErrTokenUnverifiable, &jot.Error{Code: jot.CodePolicyInvalid, Name: option, Offset: -1})
}
