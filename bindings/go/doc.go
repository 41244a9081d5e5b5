// Package jot verifies JSON Web Tokens (RFC 7519) with libjot, through its interface for C.
//
// A [Verifier] has rules and keys. Make one at the start and share it between goroutines:
//
//	keys, err := jot.Discover("https://issuer.example")
//	verifier, err := jot.NewVerifier(
//		jot.WithAlgorithms(jot.RS256),
//		jot.WithIssuer("https://issuer.example", keys),
//		jot.WithAudience("api"),
//	)
//	token, err := verifier.Verify(ctx, text)
//	claims, err := jot.Claims[MyClaims](token)
//
// The defaults are strict: exp is required, an aud that no rule names is rejected, and the
// leeway is 0. A rejected token is a [*Rejection], whose code [errors.Is] finds; mistakes of the
// program and faulty keys are an [*Error].
//
// A [SelfSignedVerifier] is for tokens that come with their own key, such as DPoP proofs. It accepts
// nothing: see [SelfSigned.SignedBy].
//
// Everything with a Close method may be closed at any time: calls in flight end first. What is
// not closed is freed with the last reference to it.
package jot
