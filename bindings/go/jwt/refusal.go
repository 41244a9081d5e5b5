package jwt

import (
	"errors"
	"fmt"

	jot "github.com/libjot/libjot/bindings/go"
)

// refusal says in golang-jwt's words why the engine did not accept a token.
func refusal(method native, token *Token, err error) error {
	if err == nil {
		return nil
	}
	code := jot.CodeOf(err)
	switch {
	case code == jot.CodeSignatureInvalid:
		return newError("", ErrTokenSignatureInvalid, signatureFault(method, err))
	case code == jot.CodeAlgNotAllowed:
		return by(err, wrongMethod(token.Method.Alg()))
	case code == jot.CodeKeyNotForAlg:
		return newError("", ErrTokenSignatureInvalid, by(err, ErrInvalidKey))
	case code.Stage() == "claims":
		return newError("", ErrTokenInvalidClaims, claimFault(err))
	case code.Stage() == "syntax" || code.Stage() == "limits":
		return newError("", ErrTokenMalformed, err)
	}
	return newError("", ErrTokenUnverifiable, err)
}

func wrongMethod(alg string) error {
	return newError(fmt.Sprintf("signing method %s is invalid", alg), ErrTokenSignatureInvalid)
}

// claimFaults are golang-jwt's errors of the engine's codes.
var claimFaults = map[jot.Code]error{
	jot.CodeExpired:        ErrTokenExpired,
	jot.CodeNotYetValid:    ErrTokenNotValidYet,
	jot.CodeIssuedInFuture: ErrTokenUsedBeforeIssued,
	jot.CodeAudMismatch:    ErrTokenInvalidAudience,
	jot.CodeIssMismatch:    ErrTokenInvalidIssuer,
	jot.CodeSubMismatch:    ErrTokenInvalidSubject,
}

func claimFault(err error) error {
	var rejection *jot.Rejection
	if !errors.As(err, &rejection) {
		return err
	}
	if known := claimFaults[rejection.Code]; known != nil {
		return by(err, known)
	}
	switch rejection.Code {
	case jot.CodeExpMissing, jot.CodeAudMissing, jot.CodeIssMissing, jot.CodeSubMissing, jot.CodeClaimMissing:
		return by(err, newError(rejection.Claim+" claim is required", ErrTokenRequiredClaimMissing))
	case jot.CodeExpInvalid, jot.CodeNbfInvalid, jot.CodeIatInvalid, jot.CodeIssInvalid, jot.CodeSubInvalid,
		jot.CodeAudInvalid, jot.CodeJtiInvalid:
		return by(err, invalidType(rejection.Claim))
	}
	// The only conditions are those of WithAllAudiences.
	if rejection.Claim == "aud" {
		return by(err, ErrTokenInvalidAudience)
	}
	return err
}
