package jot

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/libjot/libjot/bindings/go/internal/members"
)

// ErrAmbiguous says that an object of the claims has two member names that encoding/json takes
// for the same, such as sub and Sub.
var ErrAmbiguous = errors.New("jot: two names of the claims differ only in case")

// Claims reads the claims of an accepted token into a type of the program's by encoding/json,
// straight from the text that was signed.
//
// encoding/json takes a member Sub for a field sub, and of two such members the last. The engine
// does not: its rules are about the exact name. Claims in which both are there are therefore
// [ErrAmbiguous]. Nil is no token, and the error is [ErrClosed].
func Claims[T any](token *Token) (T, error) {
	if token == nil {
		var none T
		return none, ErrClosed
	}
	return claimsOf[T](token.payload)
}

func claimsOf[T any](payload string) (T, error) {
	var claims T
	if members.Ambiguous(payload) {
		return claims, ErrAmbiguous
	}
	if err := json.Unmarshal([]byte(payload), &claims); err != nil {
		return claims, fmt.Errorf("jot: claims: %w", err)
	}
	return claims, nil
}
