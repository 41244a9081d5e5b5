package jwt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/internal/members"
)

// Parser parses and verifies tokens. It never changes; any number of goroutines may use one.
type Parser struct {
	rules         rules
	useJSONNumber bool
	clock         func() time.Time
	made          bool
}

// NewParser makes a parser.
func NewParser(options ...ParserOption) *Parser {
	parser := &Parser{rules: rules{anyMethod: true}, made: true}
	for _, option := range options {
		option(parser)
	}
	return parser
}

// Parse verifies a token, and returns it with [MapClaims].
func Parse(tokenString string, keyFunc Keyfunc, options ...ParserOption) (*Token, error) {
	return NewParser(options...).Parse(tokenString, keyFunc)
}

// ParseWithClaims verifies a token, and reads its claims into a type of the program's.
func ParseWithClaims(tokenString string, claims Claims, keyFunc Keyfunc, options ...ParserOption) (*Token, error) {
	return NewParser(options...).ParseWithClaims(tokenString, claims, keyFunc)
}

// Parse verifies a token, and returns it with [MapClaims].
func (p *Parser) Parse(tokenString string, keyFunc Keyfunc) (*Token, error) {
	return p.ParseWithClaims(tokenString, MapClaims{}, keyFunc)
}

// ParseWithClaims verifies a token, and reads its claims into a type of the program's. With an error it
// returns what could be read of the token, which is not Valid.
func (p *Parser) ParseWithClaims(tokenString string, claims Claims, keyFunc Keyfunc) (*Token, error) {
	if !p.made {
		return NewParser().ParseWithClaims(tokenString, claims, keyFunc)
	}
	empty, ok := claims.(MapClaims)
	isRead := ok && len(empty) == 0
	token, payload, err := p.read(tokenString, claims)
	if err != nil {
		return token, err
	}
	if err := p.rules.fault(); err != nil {
		return token, err
	}
	// The engine says so, too: this spares the program a search for the key.
	if !p.rules.anyMethod && !slices.Contains(p.rules.methods, token.Method.Alg()) {
		return token, wrongMethod(token.Method.Alg())
	}
	if keyFunc == nil {
		return token, newError("no keyfunc was provided", ErrTokenUnverifiable)
	}
	key, err := keyFunc(token)
	if err != nil {
		return token, newError("error while executing keyfunc", ErrTokenUnverifiable, err)
	}
	keys := []VerificationKey{key}
	if several, ok := key.(VerificationKeySet); ok {
		if keys = several.Keys; len(keys) == 0 {
			return token, newError("keyfunc returned empty verification key set", ErrTokenUnverifiable)
		}
	}
	now := p.now()
	for _, key := range keys {
		if err = p.judge(token, key, payload, now, isRead); err == nil {
			token.Valid = true
			return token, nil
		}
		if !errors.Is(err, ErrTokenSignatureInvalid) {
			break
		}
	}
	return token, err
}

func (p *Parser) judge(token *Token, key any, payload string, now time.Time, isRead bool) error {
	if method, ok := token.Method.(native); ok {
		return p.rules.judge(token, method, key, payload, now, isRead)
	}
	// A method of the program's decides about the signature, and the engine about the claims.
	signed := token.Raw[:strings.LastIndexByte(token.Raw, '.')]
	if err := token.Method.Verify(signed, token.Signature, key); err != nil {
		return newError("", ErrTokenSignatureInvalid, err)
	}
	if p.rules.signatureOnly {
		return nil
	}
	if err := p.rules.judgeText([]byte(payload), now); err != nil {
		return newError("", ErrTokenInvalidClaims, err)
	}
	return p.rules.own(token.Claims, isRead, now)
}

func (p *Parser) now() time.Time {
	if p.clock != nil {
		return p.clock()
	}
	return time.Now()
}

// ParseUnverified reads a token that nobody has verified: anybody can write such a token.
func (p *Parser) ParseUnverified(tokenString string, claims Claims) (token *Token, parts []string, err error) {
	token, _, err = p.read(tokenString, claims)
	if token != nil {
		parts = strings.Split(tokenString, ".")
	}
	return token, parts, err
}

// read returns the unverified token, and the text of its claims.
func (p *Parser) read(tokenString string, claims Claims) (*Token, string, error) {
	decoded, err := jot.DecodeUnverified(tokenString)
	if err != nil {
		if strings.Count(tokenString, ".") != 2 {
			return nil, "", newError("token contains an invalid number of segments", ErrTokenMalformed, err)
		}
		return &Token{Raw: tokenString}, "", newError(undecoded[jot.CodeOf(err)], ErrTokenMalformed, err)
	}
	token := &Token{Raw: tokenString, Claims: claims, Signature: decoded.Signature}
	if err := json.Unmarshal([]byte(decoded.Header), &token.Header); err != nil {
		return token, "", newError("could not JSON decode header", ErrTokenMalformed, err)
	}
	if token.Claims, err = p.readClaims(decoded, claims); err != nil {
		return token, "", newError("could not JSON decode claim", ErrTokenMalformed, err)
	}
	alg, ok := token.Header["alg"].(string)
	if !ok {
		return token, "", newError("signing method (alg) is unspecified", ErrTokenUnverifiable)
	}
	if token.Method = GetSigningMethod(alg); token.Method == nil {
		return token, "", newError("signing method (alg) is unavailable", ErrTokenUnverifiable)
	}
	return token, decoded.Payload, nil
}

var undecoded = map[jot.Code]string{
	jot.CodeHeaderEncoding:    "could not base64 decode header",
	jot.CodePayloadEncoding:   "could not base64 decode claim",
	jot.CodeSignatureEncoding: "could not base64 decode signature",
	jot.CodeHeaderJson:        "could not JSON decode header",
	jot.CodeHeaderNotObject:   "could not JSON decode header",
	jot.CodeHeaderRepeated:    "could not JSON decode header",
}

func (p *Parser) readClaims(decoded *jot.Unverified, claims Claims) (Claims, error) {
	if decoded.ClaimsCode != jot.CodeAccepted {
		return claims, &jot.Rejection{Code: decoded.ClaimsCode}
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(decoded.Payload)))
	if p.useJSONNumber {
		decoder.UseNumber()
	}
	if into, ok := claims.(MapClaims); ok {
		err := decoder.Decode(&into)
		return into, err
	}
	if members.Ambiguous(decoded.Payload) {
		return claims, jot.ErrAmbiguous
	}
	err := decoder.Decode(&claims)
	return claims, err
}

// DecodeSegment decodes strict base64url without padding.
func (p *Parser) DecodeSegment(segment string) ([]byte, error) {
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(segment)
	if err != nil {
		return nil, fmt.Errorf("segment: %w", err)
	}
	return decoded, nil
}
