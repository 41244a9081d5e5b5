package jwt

import "time"

// Validator judges claims that came without a token, or that something else has verified.
type Validator struct {
	rules rules
	clock func() time.Time
}

// NewValidator makes a validator.
func NewValidator(options ...ParserOption) *Validator {
	parser := NewParser(options...)
	return &Validator{parser.rules, parser.clock}
}

// Validate judges the registered claims that the methods return, by the engine, and then by the rule of
// a [ClaimsValidator].
func (v *Validator) Validate(claims Claims) error {
	if err := v.rules.fault(); err != nil {
		return err
	}
	now := time.Now
	if v.clock != nil {
		now = v.clock
	}
	var errs []error
	if err := v.rules.judgeClaims(claims, now()); err != nil {
		errs = append(errs, err)
	}
	if asked, ok := claims.(ClaimsValidator); ok {
		if err := asked.Validate(); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return joinErrors(errs...)
}
