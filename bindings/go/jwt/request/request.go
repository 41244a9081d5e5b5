// Package request finds and verifies the tokens of requests, with the interface of
// github.com/golang-jwt/jwt/v5/request.
package request

import (
	"errors"
	"net/http"
	"strings"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jwt"
)

// ErrNoTokenInRequest says that a request has no token.
var ErrNoTokenInRequest = errors.New("no token present in request")

// Extractor finds the token of a request; the error is [ErrNoTokenInRequest] if there is none.
type Extractor interface {
	ExtractToken(*http.Request) (string, error)
}

// HeaderExtractor takes the first of these header fields that has a value.
type HeaderExtractor []string

// ExtractToken finds the token.
func (e HeaderExtractor) ExtractToken(request *http.Request) (string, error) {
	for _, name := range e {
		if value := request.Header.Get(name); value != "" {
			return value, nil
		}
	}
	return "", ErrNoTokenInRequest
}

// ArgumentExtractor takes the first of these members of the query or of a form that has a value.
type ArgumentExtractor []string

// ExtractToken finds the token.
func (e ArgumentExtractor) ExtractToken(request *http.Request) (string, error) {
	// What cannot be parsed has no members.
	_ = request.ParseMultipartForm(10 << 20)
	for _, name := range e {
		if value := request.Form.Get(name); value != "" {
			return value, nil
		}
	}
	return "", ErrNoTokenInRequest
}

// MultiExtractor takes the first token that one of these finds.
type MultiExtractor []Extractor

// ExtractToken finds the token.
func (e MultiExtractor) ExtractToken(request *http.Request) (string, error) {
	for _, extractor := range e {
		token, err := extractor.ExtractToken(request)
		if token != "" {
			return token, nil
		}
		if !errors.Is(err, ErrNoTokenInRequest) {
			return "", err
		}
	}
	return "", ErrNoTokenInRequest
}

// PostExtractionFilter changes what another one finds.
type PostExtractionFilter struct {
	Extractor
	Filter func(string) (string, error)
}

// ExtractToken finds the token.
func (e *PostExtractionFilter) ExtractToken(request *http.Request) (string, error) {
	token, err := e.Extractor.ExtractToken(request)
	if token == "" {
		return "", err
	}
	return e.Filter(token)
}

// BearerExtractor takes the bearer token of RFC 6750. The error is [jot.ErrSeveralTokens] if there are
// several.
type BearerExtractor struct{}

// ExtractToken finds the token.
func (BearerExtractor) ExtractToken(request *http.Request) (string, error) {
	token, found, err := jot.AuthorizationToken("Bearer", request.Header.Values("Authorization"))
	if err != nil {
		return "", err
	}
	if !found {
		return "", ErrNoTokenInRequest
	}
	return token, nil
}

// AuthorizationHeaderExtractor takes the Authorization field, without the word Bearer if it is there.
var AuthorizationHeaderExtractor = &PostExtractionFilter{
	HeaderExtractor{"Authorization"},
	func(value string) (string, error) {
		token, found, err := jot.AuthorizationToken("Bearer", []string{value})
		if err != nil || found {
			return token, err
		}
		return strings.TrimSpace(value), nil
	},
}

// OAuth2Extractor takes a bearer token, or the member access_token.
var OAuth2Extractor = &MultiExtractor{AuthorizationHeaderExtractor, ArgumentExtractor{"access_token"}}

type settings struct {
	claims jwt.Claims
	parser *jwt.Parser
}

// ParseFromRequestOption is a setting of [ParseFromRequest].
type ParseFromRequestOption func(*settings)

// WithClaims reads the claims into a type of the program's.
func WithClaims(claims jwt.Claims) ParseFromRequestOption {
	return func(s *settings) { s.claims = claims }
}

// WithParser verifies by this parser.
func WithParser(parser *jwt.Parser) ParseFromRequestOption {
	return func(s *settings) { s.parser = parser }
}

// ParseFromRequest finds and verifies the token of a request.
func ParseFromRequest(
	request *http.Request, extractor Extractor, keyFunc jwt.Keyfunc, options ...ParseFromRequestOption,
) (*jwt.Token, error) {
	chosen := &settings{claims: jwt.MapClaims{}, parser: jwt.NewParser()}
	for _, option := range options {
		option(chosen)
	}
	text, err := extractor.ExtractToken(request)
	if err != nil {
		return nil, err
	}
	return chosen.parser.ParseWithClaims(text, chosen.claims, keyFunc)
}

// ParseFromRequestWithClaims is [ParseFromRequest] with [WithClaims].
//
// Deprecated: use [ParseFromRequest].
func ParseFromRequestWithClaims(
	request *http.Request, extractor Extractor, claims jwt.Claims, keyFunc jwt.Keyfunc,
) (*jwt.Token, error) {
	return ParseFromRequest(request, extractor, keyFunc, WithClaims(claims))
}
