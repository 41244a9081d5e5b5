package jwt

import (
	"encoding/base64"
	"encoding/json"
)

// Keyfunc finds the key of a token, whose header and claims nobody has verified yet. It returns a key
// of the kind that the token's method wants, or a [VerificationKeySet].
type Keyfunc func(*Token) (any, error)

// VerificationKey is a key that verifies: *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey, or the
// secret of an HMAC as []byte.
type VerificationKey any

// VerificationKeySet are keys of which one verifies.
type VerificationKeySet struct {
	Keys []VerificationKey
}

// Token is a token, verified or not: Valid tells.
type Token struct {
	// Raw is the token itself, once it was parsed.
	Raw string
	// Method is what signs or verifies it.
	Method SigningMethod
	// Header is the JOSE Header.
	Header map[string]any
	// Claims are the Claims Set.
	Claims Claims
	// Signature is the bytes of the signature, once the token was parsed or signed.
	Signature []byte
	// Valid tells whether the token was accepted.
	Valid bool
}

// TokenOption is there for programs that name it: golang-jwt has no option yet, and calls none.
type TokenOption func(*Token)

// New makes a token without claims.
func New(method SigningMethod, _ ...TokenOption) *Token { return NewWithClaims(method, MapClaims{}) }

// NewWithClaims makes a token to sign.
func NewWithClaims(method SigningMethod, claims Claims, _ ...TokenOption) *Token {
	return &Token{
		Header: map[string]any{"typ": "JWT", "alg": method.Alg()},
		Claims: claims,
		Method: method,
	}
}

// SignedString signs the token with a key of the kind that its method wants.
func (t *Token) SignedString(key any) (string, error) {
	text, err := t.SigningString()
	if err != nil {
		return "", err
	}
	signature, err := t.Method.Sign(text, key)
	if err != nil {
		return "", err
	}
	t.Signature = signature
	return text + "." + t.EncodeSegment(signature), nil
}

// SigningString returns what is signed: header and claims, encoded.
func (t *Token) SigningString() (string, error) {
	header, err := json.Marshal(t.Header)
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(t.Claims)
	if err != nil {
		return "", err
	}
	return t.EncodeSegment(header) + "." + t.EncodeSegment(claims), nil
}

// EncodeSegment encodes in base64url without padding.
func (*Token) EncodeSegment(segment []byte) string {
	return base64.RawURLEncoding.EncodeToString(segment)
}
