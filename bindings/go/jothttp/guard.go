// Package jothttp guards net/http handlers with bearer tokens (RFC 6750), and says where clients
// find out whose tokens are wanted (RFC 9728).
package jothttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	jot "github.com/libjot/libjot/bindings/go"
)

// Options are how a [Guard] answers; the zero value is the default.
type Options struct {
	// Realm is that of the challenge; "protected" if empty.
	Realm string
	// Metadata is the URL of the metadata of the protected resource (RFC 9728 §5.1); none if
	// empty. [Resource.MetadataURL] has it.
	Metadata string
	// Refused is told of every request that does not pass, for logs and counters.
	Refused func(*http.Request, *Refusal)
}

// Guard lets requests with an accepted token pass. Any number of goroutines may use one.
type Guard struct {
	verifier *jot.Verifier
	options  Options
}

// New makes a guard. Realm and Metadata must be printable ASCII: the engine would leave control
// characters out of the challenge, and clients read others differently.
func New(verifier *jot.Verifier, options Options) (*Guard, error) {
	if verifier == nil {
		return nil, jot.ErrClosed
	}
	if options.Realm == "" {
		options.Realm = "protected"
	}
	for name, text := range map[string]string{"Realm": options.Realm, "Metadata": options.Metadata} {
		if strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
			return nil, fmt.Errorf("jothttp: %s: %q cannot stand in a header", name, text)
		}
	}
	return &Guard{verifier, options}, nil
}

// Refusal is why a request does not pass, and the answer to it.
type Refusal struct {
	// Status is that of the response: 400, 401, 403, 500 or 503.
	Status int
	// Challenge is the value of WWW-Authenticate; empty for a status of 500 or 503, because no
	// token would be a better one.
	Challenge string
	// Code is the engine's; [jot.CodeTokenNull] if there is no token, or more than one.
	Code jot.Code
	// Err is what was wrong with the token; nil if there is no token, or more than one.
	Err error
}

// Error returns the name of the code.
func (r *Refusal) Error() string { return "jothttp: " + r.Code.String() }

// Unwrap returns what was wrong with the token.
func (r *Refusal) Unwrap() error { return r.Err }

// Judge verifies the token of a request whose Authorization header fields are these. Of other
// protocols, too: this is the whole rule, and what the handlers do.
func (g *Guard) Judge(
	ctx context.Context, authorization []string, scopes []string, options ...jot.CallOption,
) (*jot.Token, *Refusal) {
	if g == nil {
		return nil, fault(jot.ErrClosed)
	}
	challenge := jot.Challenge{
		Code: jot.CodeTokenNull, Realm: g.options.Realm, ResourceMetadata: g.options.Metadata, Scopes: scopes,
	}
	text, found, err := jot.AuthorizationToken("Bearer", authorization)
	switch {
	case errors.Is(err, jot.ErrSeveralTokens):
		challenge.SeveralTokens = true
		return nil, refusal(challenge, nil)
	case err != nil:
		return nil, fault(err)
	case !found:
		return nil, refusal(challenge, nil)
	}
	if len(scopes) != 0 {
		options = append(options[:len(options):len(options)], jot.NeedScopes(scopes...))
	}
	token, err := g.verifier.Verify(ctx, text, options...)
	if err != nil {
		challenge.Code = jot.CodeOf(err)
		return nil, refusal(challenge, err)
	}
	return token, nil
}

func refusal(challenge jot.Challenge, err error) *Refusal {
	status, text, failure := challenge.Answer()
	if failure != nil {
		return fault(failure)
	}
	return &Refusal{Status: status, Challenge: text, Code: challenge.Code, Err: err}
}

// fault is the refusal of a request that cannot be judged, for a fault of the program.
func fault(err error) *Refusal {
	return &Refusal{Status: http.StatusInternalServerError, Code: jot.CodeOf(err), Err: err}
}

type contextKey struct{}

// TokenOf returns the token of a request that passed a guard; nil if none did.
func TokenOf(ctx context.Context) *jot.Token {
	token, _ := ctx.Value(contextKey{}).(*jot.Token)
	return token
}

// WithToken returns a context that has a token, for other protocols and for tests.
func WithToken(ctx context.Context, token *jot.Token) context.Context {
	return context.WithValue(ctx, contextKey{}, token)
}

// Require returns middleware that lets requests pass whose token is accepted and grants all of
// these scopes.
func (g *Guard) Require(scopes ...string) func(http.Handler) http.Handler {
	return g.RequireMore(scopes)
}

// RequireMore is [Guard.Require] with further demands.
func (g *Guard) RequireMore(scopes []string, options ...jot.CallOption) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			token, refusal := g.Judge(r.Context(), r.Header.Values("Authorization"), scopes, options...)
			if refusal != nil {
				g.Refuse(w, r, refusal)
				return
			}
			next.ServeHTTP(w, r.WithContext(WithToken(r.Context(), token)))
		})
	}
}

// Refuse writes the answer to a request that does not pass.
func (g *Guard) Refuse(w http.ResponseWriter, r *http.Request, refusal *Refusal) {
	if g != nil && g.options.Refused != nil {
		g.options.Refused(r, refusal)
	}
	if refusal.Challenge != "" {
		w.Header().Set("WWW-Authenticate", refusal.Challenge)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, refusal.Code.String(), refusal.Status)
}

// Detail describes the fault for a log; see [jot.Rejection.Detail].
func (r *Refusal) Detail() string {
	var rejection *jot.Rejection
	if errors.As(r.Err, &rejection) {
		return rejection.Detail()
	}
	return ""
}
