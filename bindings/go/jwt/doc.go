// Package jwt has the interface of github.com/golang-jwt/jwt/v5 over libjot: replace the path of the
// import, and an ordinary program runs on its engine.
//
//	token, err := jwt.Parse(text, func(token *jwt.Token) (any, error) { return key, nil },
//		jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience("api"))
//	if errors.Is(err, jwt.ErrTokenExpired) {
//
// The engine decodes tokens, verifies and makes signatures, decides which key may be used for which
// algorithm, and judges the claims. Its codes are found in the errors, too:
// errors.Is(err, jot.CodeExpired). docs/golang-jwt.md tells what differs.
//
// For a new program [jot.Verifier] is the better choice: it requires exp, knows each issuer's keys,
// and is faster.
//
// [jot.Verifier]: https://pkg.go.dev/github.com/libjot/libjot/bindings/go#Verifier
package jwt
