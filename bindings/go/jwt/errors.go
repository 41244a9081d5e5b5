package jwt

import (
	"errors"
	"fmt"
	"strings"
)

// What is wrong with keys and tokens; [errors.Is] finds them in the errors of this package.
var (
	ErrInvalidKey                = errors.New("key is invalid")
	ErrInvalidKeyType            = errors.New("key is of invalid type")
	ErrHashUnavailable           = errors.New("the requested hash function is unavailable")
	ErrTokenMalformed            = errors.New("token is malformed")
	ErrTokenUnverifiable         = errors.New("token is unverifiable")
	ErrTokenSignatureInvalid     = errors.New("token signature is invalid")
	ErrTokenRequiredClaimMissing = errors.New("token is missing required claim")
	ErrTokenInvalidAudience      = errors.New("token has invalid audience")
	ErrTokenExpired              = errors.New("token is expired")
	ErrTokenUsedBeforeIssued     = errors.New("token used before issued")
	ErrTokenInvalidIssuer        = errors.New("token has invalid issuer")
	ErrTokenInvalidSubject       = errors.New("token has invalid subject")
	ErrTokenNotValidYet          = errors.New("token is not valid yet")
	ErrTokenInvalidId            = errors.New("token has invalid id")
	ErrTokenInvalidClaims        = errors.New("token has invalid claims")
	ErrInvalidType               = errors.New("invalid type for claim")

	ErrSignatureInvalid    = errors.New("signature is invalid")
	ErrECDSAVerification   = errors.New("crypto/ecdsa: verification error")
	ErrEd25519Verification = errors.New("ed25519: verification error")
)

// newError is an error with a message, and others that follow it.
func newError(message string, err error, more ...error) error {
	text := err.Error()
	if message != "" {
		text += ": " + message
	}
	for _, one := range more {
		text += ": " + one.Error()
	}
	return &texted{text, append([]error{err}, more...)}
}

// joinErrors is errors.Join in one line.
func joinErrors(errs ...error) error {
	texts := make([]string, 0, len(errs))
	for _, err := range errs {
		texts = append(texts, err.Error())
	}
	return &texted{strings.Join(texts, ", "), errs}
}

// by is an error with what the engine said, which is not in its text.
func by(engine, err error) error { return &texted{err.Error(), []error{err, engine}} }

type texted struct {
	text string
	errs []error
}

func (t *texted) Error() string { return t.text }

func (t *texted) Unwrap() []error { return t.errs }

func invalidType(claim string) error {
	return newError(fmt.Sprintf("%s is invalid", claim), ErrInvalidType)
}
