// Package compare calls golang-jwt and the package jwt side by side.
package compare

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	theirs "github.com/golang-jwt/jwt/v5"
	ours "github.com/libjot/libjot/bindings/go/jwt"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

var (
	secret = []byte("0123456789abcdef0123456789abcdef")
	rsaKey = must(rsa.GenerateKey(rand.Reader, 2048))
	p256   = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	p384   = must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	p521   = must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader))
	_, ed  = must2(ed25519.GenerateKey(rand.Reader))
	now    = time.Unix(1_800_000_000, 0)
)

func must2[A, B any](a A, b B, err error) (A, B) {
	if err != nil {
		panic(err)
	}
	return a, b
}

// options are what both libraries are asked for.
type options struct {
	methods                      []string
	leeway                       time.Duration
	audience, allAudiences       []string
	issuer, subject              *string
	exp, nbf, iat, skip, padding bool
	typed                        bool
	defaults                     bool
}

func text(value string) *string { return &value }

// result is what a library says: the names of its errors, or what it read.
type result struct {
	names []string
	sub   string
}

func (r result) String() string {
	if len(r.names) == 0 {
		return "accepted"
	}
	return strings.Join(r.names, " ")
}

var errorPairs = []struct {
	name         string
	their, other error
}{
	{"invalid_key", theirs.ErrInvalidKey, ours.ErrInvalidKey},
	{"invalid_key_type", theirs.ErrInvalidKeyType, ours.ErrInvalidKeyType},
	{"malformed", theirs.ErrTokenMalformed, ours.ErrTokenMalformed},
	{"unverifiable", theirs.ErrTokenUnverifiable, ours.ErrTokenUnverifiable},
	{"signature_invalid", theirs.ErrTokenSignatureInvalid, ours.ErrTokenSignatureInvalid},
	{"required_claim_missing", theirs.ErrTokenRequiredClaimMissing, ours.ErrTokenRequiredClaimMissing},
	{"invalid_audience", theirs.ErrTokenInvalidAudience, ours.ErrTokenInvalidAudience},
	{"expired", theirs.ErrTokenExpired, ours.ErrTokenExpired},
	{"used_before_issued", theirs.ErrTokenUsedBeforeIssued, ours.ErrTokenUsedBeforeIssued},
	{"invalid_issuer", theirs.ErrTokenInvalidIssuer, ours.ErrTokenInvalidIssuer},
	{"invalid_subject", theirs.ErrTokenInvalidSubject, ours.ErrTokenInvalidSubject},
	{"not_valid_yet", theirs.ErrTokenNotValidYet, ours.ErrTokenNotValidYet},
	{"invalid_claims", theirs.ErrTokenInvalidClaims, ours.ErrTokenInvalidClaims},
	{"invalid_type", theirs.ErrInvalidType, ours.ErrInvalidType},
	{"rsa", rsa.ErrVerification, rsa.ErrVerification},
	{"ecdsa", theirs.ErrECDSAVerification, ours.ErrECDSAVerification},
	{"ed25519", theirs.ErrEd25519Verification, ours.ErrEd25519Verification},
	{"hmac", theirs.ErrSignatureInvalid, ours.ErrSignatureInvalid},
}

func parseTheirs(token string, key any, o options) (result, string) {
	made := []theirs.ParserOption{theirs.WithTimeFunc(func() time.Time { return now })}
	add := func(wanted bool, option theirs.ParserOption) {
		if wanted {
			made = append(made, option)
		}
	}
	add(o.methods != nil, theirs.WithValidMethods(o.methods))
	add(o.leeway != 0, theirs.WithLeeway(o.leeway))
	add(o.audience != nil, theirs.WithAudience(o.audience...))
	add(o.allAudiences != nil, theirs.WithAllAudiences(o.allAudiences...))
	if o.issuer != nil {
		add(true, theirs.WithIssuer(*o.issuer))
	}
	if o.subject != nil {
		add(true, theirs.WithSubject(*o.subject))
	}
	add(o.exp, theirs.WithExpirationRequired())
	add(o.nbf, theirs.WithNotBeforeRequired())
	add(o.iat, theirs.WithIssuedAt())
	add(o.skip, theirs.WithoutClaimsValidation())
	add(o.padding, theirs.WithPaddingAllowed())
	var claims theirs.Claims = theirs.MapClaims{}
	switch {
	case o.defaults:
		claims = theirs.MapClaims{"iss": "me"}
	case o.typed:
		claims = &theirs.RegisteredClaims{}
	}
	parsed, err := theirs.ParseWithClaims(token, claims, func(*theirs.Token) (any, error) { return key, nil }, made...)
	if (err == nil) != (parsed != nil && parsed.Valid) {
		return result{names: []string{"valid without a cause"}}, ""
	}
	var names []string
	for _, pair := range errorPairs {
		if errors.Is(err, pair.their) {
			names = append(names, pair.name)
		}
	}
	if err != nil && names == nil {
		names = []string{err.Error()}
	}
	sub, _ := claims.GetSubject()
	return result{names, sub}, fmt.Sprint(err)
}

func parseOurs(token string, key any, o options) (result, string) {
	made := []ours.ParserOption{ours.WithTimeFunc(func() time.Time { return now })}
	add := func(wanted bool, option ours.ParserOption) {
		if wanted {
			made = append(made, option)
		}
	}
	add(o.methods != nil, ours.WithValidMethods(o.methods))
	add(o.leeway != 0, ours.WithLeeway(o.leeway))
	add(o.audience != nil, ours.WithAudience(o.audience...))
	add(o.allAudiences != nil, ours.WithAllAudiences(o.allAudiences...))
	if o.issuer != nil {
		add(true, ours.WithIssuer(*o.issuer))
	}
	if o.subject != nil {
		add(true, ours.WithSubject(*o.subject))
	}
	add(o.exp, ours.WithExpirationRequired())
	add(o.nbf, ours.WithNotBeforeRequired())
	add(o.iat, ours.WithIssuedAt())
	add(o.skip, ours.WithoutClaimsValidation())
	add(o.padding, ours.WithPaddingAllowed())
	var claims ours.Claims = ours.MapClaims{}
	switch {
	case o.defaults:
		claims = ours.MapClaims{"iss": "me"}
	case o.typed:
		claims = &ours.RegisteredClaims{}
	}
	parsed, err := ours.ParseWithClaims(token, claims, func(*ours.Token) (any, error) { return key, nil }, made...)
	if (err == nil) != (parsed != nil && parsed.Valid) {
		return result{names: []string{"valid without a cause"}}, ""
	}
	var names []string
	for _, pair := range errorPairs {
		if errors.Is(err, pair.other) {
			names = append(names, pair.name)
		}
	}
	if err != nil && names == nil {
		names = []string{err.Error()}
	}
	sub, _ := claims.GetSubject()
	return result{names, sub}, fmt.Sprint(err)
}

// signed makes a token of any text with the secret.
func signed(header, payload string) string { return signedWith(secret, header, payload) }

func signedWith(key []byte, header, payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(header)) + "." + encode([]byte(payload))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(input))
	return input + "." + encode(mac.Sum(nil))
}

const hs256 = `{"alg":"HS256","typ":"JWT"}`

func hs(payload string) string { return signed(hs256, payload) }

func TestOrdinaryTokensAreJudgedAlike(t *testing.T) {
	good := hs(`{"iss":"me","sub":"alice","aud":["a","b"],"exp":1800000100,"nbf":1799999900,"iat":1799999900}`)
	for what, row := range map[string]struct {
		token string
		key   any
		o     options
		says  string
	}{
		"good":                     {good, secret, options{}, "accepted"},
		"all options":              {good, secret, options{methods: []string{"HS256"}, audience: []string{"x", "b"}, issuer: text("me"), subject: text("alice"), exp: true, nbf: true, iat: true}, "accepted"},
		"all audiences":            {good, secret, options{allAudiences: []string{"b", "a"}}, "accepted"},
		"one of all audiences":     {hs(`{"aud":"a"}`), secret, options{allAudiences: []string{"a"}}, "accepted"},
		"audience lacks one":       {hs(`{"aud":["a"]}`), secret, options{allAudiences: []string{"a", "b"}}, "invalid_audience invalid_claims"},
		"audience is a string":     {hs(`{"aud":"a"}`), secret, options{allAudiences: []string{"a", "b"}}, "invalid_audience invalid_claims"},
		"other audience":           {good, secret, options{audience: []string{"c"}}, "invalid_audience invalid_claims"},
		"no audience":              {hs(`{}`), secret, options{audience: []string{"c"}}, "required_claim_missing invalid_claims"},
		"other issuer":             {good, secret, options{issuer: text("you")}, "invalid_issuer invalid_claims"},
		"no issuer":                {hs(`{}`), secret, options{issuer: text("you")}, "required_claim_missing invalid_claims"},
		"other subject":            {good, secret, options{subject: text("bob")}, "invalid_subject invalid_claims"},
		"no subject":               {hs(`{}`), secret, options{subject: text("bob")}, "required_claim_missing invalid_claims"},
		"no exp":                   {hs(`{}`), secret, options{}, "accepted"},
		"exp wanted":               {hs(`{}`), secret, options{exp: true}, "required_claim_missing invalid_claims"},
		"nbf wanted":               {hs(`{}`), secret, options{nbf: true}, "required_claim_missing invalid_claims"},
		"expired":                  {hs(`{"exp":1800000000}`), secret, options{}, "expired invalid_claims"},
		"expired by a fraction":    {hs(`{"exp":1799999999.9}`), secret, options{}, "expired invalid_claims"},
		"within the leeway":        {hs(`{"exp":1799999999}`), secret, options{leeway: 2 * time.Second}, "accepted"},
		"beyond the leeway":        {hs(`{"exp":1799999998}`), secret, options{leeway: 2 * time.Second}, "expired invalid_claims"},
		"not yet":                  {hs(`{"nbf":1800000001}`), secret, options{}, "not_valid_yet invalid_claims"},
		"issued in the future":     {hs(`{"iat":1800000001}`), secret, options{}, "accepted"},
		"that is looked at":        {hs(`{"iat":1800000001}`), secret, options{iat: true}, "used_before_issued invalid_claims"},
		"claims that do not count": {hs(`{"exp":1}`), secret, options{skip: true}, "accepted"},
		"other method":             {good, secret, options{methods: []string{"RS256"}}, "signature_invalid"},
		"no method":                {good, secret, options{methods: []string{}}, "signature_invalid"},
		"other secret":             {good, []byte("0123456789abcdef0123456789abcdeF"), options{}, "signature_invalid hmac"},
		"a key for a secret":       {good, &rsaKey.PublicKey, options{}, "invalid_key_type signature_invalid"},
		"no key":                   {good, nil, options{}, "invalid_key_type signature_invalid"},
		"unknown method":           {signed(`{"alg":"XX1"}`, `{}`), secret, options{}, "unverifiable"},
		"no alg":                   {signed(`{"typ":"JWT"}`, `{}`), secret, options{}, "unverifiable"},
		"unsecured":                {"eyJhbGciOiJub25lIn0.e30.", secret, options{}, "unverifiable signature_invalid"},
		"two segments":             {"a.b", secret, options{}, "malformed"},
		"four segments":            {good + ".", secret, options{}, "malformed"},
		"no token":                 {"", secret, options{}, "malformed"},
		"no base64url":             {"?" + good, secret, options{}, "malformed"},
		"no JSON":                  {hs(`{`), secret, options{}, "malformed"},
		"no object":                {hs(`[]`), secret, options{}, "malformed"},
		"a header that is none":    {signed(`[]`, `{}`), secret, options{}, "malformed"},
		"a word before it":         {"Bearer " + good, secret, options{}, "malformed"},
		"typed":                    {good, secret, options{typed: true, audience: []string{"a"}, issuer: text("me"), subject: text("alice")}, "accepted"},
		"typed, a wrong type":      {hs(`{"exp":"soon"}`), secret, options{typed: true}, "malformed"},
		"a wrong type":             {hs(`{"exp":"soon"}`), secret, options{}, "invalid_claims invalid_type"},
		"a short secret":           {signedWith([]byte("short"), hs256, `{}`), []byte("short"), options{}, "accepted"},
		"a kid that no key has":    {signed(`{"alg":"HS256","kid":"k","typ":"JWT"}`, `{}`), secret, options{}, "accepted"},
		"a set, the last":          {good, theirs.VerificationKeySet{Keys: []theirs.VerificationKey{[]byte("other"), &rsaKey.PublicKey, secret}}, options{}, "accepted"},
	} {
		key := row.key
		if set, ok := key.(theirs.VerificationKeySet); ok {
			same := ours.VerificationKeySet{}
			for _, one := range set.Keys {
				same.Keys = append(same.Keys, one)
			}
			key = same
		}
		their, words := parseTheirs(row.token, row.key, row.o)
		our, ourWords := parseOurs(row.token, key, row.o)
		if their.String() != row.says || our.String() != row.says || their.sub != our.sub {
			t.Errorf("%s: %v, %v\n%s\n%s", what, their, our, words, ourWords)
		}
		exact := !slices.Contains(our.names, "malformed") && !slices.Contains(our.names, "unverifiable")
		if exact && words != ourWords {
			t.Errorf("%s: %q, %q", what, words, ourWords)
		}
	}
}

func TestEachVerifiesWhatTheOtherSigns(t *testing.T) {
	for alg, keys := range map[string][2]any{
		"HS256": {secret, secret}, "HS384": {append(secret, secret...), append(secret, secret...)},
		"HS512": {append(secret, secret...), append(secret, secret...)},
		"RS256": {rsaKey, &rsaKey.PublicKey}, "RS384": {rsaKey, &rsaKey.PublicKey}, "RS512": {rsaKey, &rsaKey.PublicKey},
		"PS256": {rsaKey, &rsaKey.PublicKey}, "PS384": {rsaKey, &rsaKey.PublicKey}, "PS512": {rsaKey, &rsaKey.PublicKey},
		"ES256": {p256, &p256.PublicKey}, "ES384": {p384, &p384.PublicKey}, "ES512": {p521, &p521.PublicKey},
		"EdDSA": {ed, ed.Public()},
	} {
		for range 2 {
			their := must(theirs.NewWithClaims(theirs.GetSigningMethod(alg), theirs.MapClaims{"sub": "alice"}).SignedString(keys[0]))
			our := must(ours.NewWithClaims(ours.GetSigningMethod(alg), ours.MapClaims{"sub": "alice"}).SignedString(keys[0]))
			for _, token := range []string{their, our} {
				one, words := parseTheirs(token, keys[1], options{})
				other, otherWords := parseOurs(token, keys[1], options{})
				if one.String() != "accepted" || other.String() != "accepted" || other.sub != "alice" {
					t.Errorf("%s: %s %s", alg, words, otherWords)
				}
				at := strings.LastIndexByte(token, '.')
				bad := token[:at+1] + "AAAA" + token[at+5:]
				one, words = parseTheirs(bad, keys[1], options{})
				other, otherWords = parseOurs(bad, keys[1], options{})
				if one.String() != other.String() || words != otherWords {
					t.Errorf("%s: %s, %s", alg, words, otherWords)
				}
			}
		}
	}
}

// Each row is a line of the table of docs/golang-jwt.md.
func TestDifferences(t *testing.T) {
	key := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("any")})
	weak := must(rsa.GenerateKey(rand.Reader, 1024))
	pss := theirs.SigningMethodPS256
	longSalt := &theirs.SigningMethodRSAPSS{
		SigningMethodRSA: pss.SigningMethodRSA, Options: &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto},
	}
	for what, row := range map[string]struct {
		token       string
		key         any
		o           options
		their, says string
	}{
		"none":                         {"eyJhbGciOiJub25lIn0.e30.", theirs.UnsafeAllowNoneSignatureType, options{}, "accepted", "unverifiable signature_invalid"},
		"repeated":                     {hs(`{"sub":"a","sub":"b"}`), secret, options{}, "accepted", "malformed"},
		"in the header":                {signed(`{"alg":"HS256","alg":"HS256"}`, `{}`), secret, options{}, "accepted", "malformed"},
		"names that differ in case":    {hs(`{"sub":"a","Sub":"b"}`), secret, options{typed: true}, "accepted", "malformed"},
		"crit":                         {signed(`{"alg":"HS256","crit":["x"],"x":1}`, `{}`), secret, options{}, "accepted", "unverifiable"},
		"bits":                         {laxBits(hs(`{}`)), secret, options{}, "accepted", "malformed"},
		"UTF-8":                        {hs("{\"sub\":\"\xff\"}"), secret, options{}, "accepted", "malformed"},
		"padding":                      {padded(`{}`), secret, options{padding: true}, "accepted", "malformed"},
		"length":                       {hs(`{"sub":"` + strings.Repeat("a", 1<<16) + `"}`), secret, options{}, "accepted", "malformed"},
		"exp of 0":                     {hs(`{"exp":0}`), secret, options{}, "accepted", "expired invalid_claims"},
		"sub is a number":              {hs(`{"sub":7}`), secret, options{}, "accepted", "invalid_claims invalid_type"},
		"iat":                          {hs(`{"iat":"now"}`), secret, options{}, "accepted", "invalid_claims invalid_type"},
		"aud":                          {hs(`{"aud":7}`), secret, options{}, "accepted", "invalid_claims invalid_type"},
		"empty issuer":                 {hs(`{}`), secret, options{issuer: text("")}, "accepted", "unverifiable"},
		"empty subject":                {hs(`{}`), secret, options{subject: text("")}, "accepted", "unverifiable"},
		"no audiences":                 {hs(`{}`), secret, options{audience: []string{}}, "accepted", "unverifiable"},
		"defaults":                     {hs(`{}`), secret, options{defaults: true, issuer: text("me")}, "accepted", "required_claim_missing invalid_claims"},
		"text of a key":                {signedWith(key, hs256, `{}`), key, options{}, "accepted", "invalid_key signature_invalid"},
		"no secret":                    {signedWith(nil, hs256, `{}`), []byte{}, options{}, "accepted", "invalid_key signature_invalid"},
		"weak RSA":                     {must(theirs.New(theirs.SigningMethodRS384).SignedString(weak)), &weak.PublicKey, options{}, "accepted", "invalid_key signature_invalid"},
		"salt":                         {must(theirs.New(longSalt).SignedString(rsaKey)), &rsaKey.PublicKey, options{}, "accepted", "signature_invalid rsa"},
		"negative leeway":              {hs(`{"exp":1800000100}`), secret, options{leeway: -time.Second}, "accepted", "unverifiable"},
		"fraction of leeway":           {hs(`{"exp":1800000000}`), secret, options{leeway: time.Second / 2}, "accepted", "expired invalid_claims"},
		"several faults":               {hs(`{"exp":1,"nbf":1800000001}`), secret, options{}, "expired not_valid_yet invalid_claims", "not_valid_yet invalid_claims"},
		"expired and another audience": {hs(`{"exp":1,"aud":"b"}`), secret, options{audience: []string{"a"}}, "invalid_audience expired invalid_claims", "invalid_audience invalid_claims"},
		"another curve":                {must(theirs.New(theirs.SigningMethodES256).SignedString(p256)), &p384.PublicKey, options{}, "signature_invalid ecdsa", "invalid_key signature_invalid"},
	} {
		key := row.key
		if _, ok := key.(interface{ String() string }); ok || what == "none" {
			key = ours.UnsafeAllowNoneSignatureType
		}
		their, words := parseTheirs(row.token, row.key, row.o)
		our, ourWords := parseOurs(row.token, key, row.o)
		if their.String() != row.their || our.String() != row.says {
			t.Errorf("%s: %v, %v\n%s\n%s", what, their, our, words, ourWords)
		}
	}
}

// laxBits sets bits of the last character that are no part of a byte.
func laxBits(token string) string {
	alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + string(alphabet[last|1])
}

func padded(payload string) string {
	encode := base64.URLEncoding.EncodeToString
	input := encode([]byte(hs256)) + "." + encode([]byte(payload))
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(input))
	return input + "." + encode(mac.Sum(nil))
}
