package jwt_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jwt"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

var secret = []byte("0123456789abcdef0123456789abcdef")

func keyOf(key any) jwt.Keyfunc { return func(*jwt.Token) (any, error) { return key, nil } }

func signed(claims jwt.Claims) string {
	return must(jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(secret))
}

func TestErrorsHaveTheEnginesCodes(t *testing.T) {
	for _, row := range []struct {
		claims  jwt.MapClaims
		options []jwt.ParserOption
		code    jot.Code
		err     error
	}{
		{jwt.MapClaims{"exp": 1}, nil, jot.CodeExpired, jwt.ErrTokenExpired},
		{jwt.MapClaims{"nbf": 4102444800}, nil, jot.CodeNotYetValid, jwt.ErrTokenNotValidYet},
		{jwt.MapClaims{"iat": 4102444800}, []jwt.ParserOption{jwt.WithIssuedAt()}, jot.CodeIssuedInFuture, jwt.ErrTokenUsedBeforeIssued},
		{jwt.MapClaims{}, []jwt.ParserOption{jwt.WithExpirationRequired()}, jot.CodeExpMissing, jwt.ErrTokenRequiredClaimMissing},
		{jwt.MapClaims{"iss": "b"}, []jwt.ParserOption{jwt.WithIssuer("a")}, jot.CodeIssMismatch, jwt.ErrTokenInvalidIssuer},
		{jwt.MapClaims{"sub": "b"}, []jwt.ParserOption{jwt.WithSubject("a")}, jot.CodeSubMismatch, jwt.ErrTokenInvalidSubject},
		{jwt.MapClaims{"aud": "b"}, []jwt.ParserOption{jwt.WithAudience("a")}, jot.CodeAudMismatch, jwt.ErrTokenInvalidAudience},
		{jwt.MapClaims{}, []jwt.ParserOption{jwt.WithValidMethods([]string{"ES256"})}, jot.CodeInternal, jwt.ErrTokenSignatureInvalid},
	} {
		token, err := jwt.Parse(signed(row.claims), keyOf(secret), row.options...)
		if !errors.Is(err, row.err) || jot.CodeOf(err) != row.code || token == nil || token.Valid {
			t.Errorf("%v: %v %v", row.claims, err, jot.CodeOf(err))
		}
	}
}

// claims of a type whose exp is another member.
type lease struct {
	Ends int64  `json:"ends"`
	Who  string `json:"who"`
	jwt.RegisteredClaims
}

func (l *lease) GetExpirationTime() (*jwt.NumericDate, error) {
	if l.Ends == 0 {
		return nil, errors.New("no end")
	}
	return jwt.NewNumericDate(time.Unix(l.Ends, 0)), nil
}

func (l *lease) Validate() error {
	if l.Who != "alice" {
		return fmt.Errorf("not %s", l.Who)
	}
	return nil
}

func TestWhatATypeSaysOfItsClaimsIsJudgedToo(t *testing.T) {
	for _, row := range []struct {
		claims jwt.MapClaims
		says   string
	}{
		{jwt.MapClaims{"ends": 4102444800, "who": "alice"}, "<nil>"},
		{jwt.MapClaims{"ends": 1, "who": "alice"}, "token has invalid claims: token is expired"},
		{jwt.MapClaims{"ends": 1, "exp": 4102444800, "who": "alice"}, "token has invalid claims: token is expired"},
		{jwt.MapClaims{"ends": 4102444800, "exp": 1, "who": "alice"}, "token has invalid claims: token is expired"},
		{jwt.MapClaims{"who": "alice"}, "token has invalid claims: no end"},
		{jwt.MapClaims{"ends": 4102444800, "who": "bob"}, "token has invalid claims: not bob"},
	} {
		_, err := jwt.ParseWithClaims(signed(row.claims), &lease{}, keyOf(secret))
		if fmt.Sprint(err) != row.says {
			t.Errorf("%v: %v", row.claims, err)
		}
	}
	// encoding/json takes a member EXP for exp; the engine does not.
	_, err := jwt.ParseWithClaims(signed(jwt.MapClaims{"EXP": 1}), &jwt.RegisteredClaims{}, keyOf(secret))
	if !errors.Is(err, jwt.ErrTokenExpired) {
		t.Error(err)
	}
}

func TestValidatorJudgesClaimsWithoutAToken(t *testing.T) {
	validator := jwt.NewValidator(jwt.WithAudience("a"), jwt.WithTimeFunc(func() time.Time { return time.Unix(1000, 0) }))
	for _, row := range []struct {
		claims jwt.Claims
		err    error
	}{
		{jwt.MapClaims{"aud": []string{"a"}, "exp": int64(1001)}, nil},
		{jwt.MapClaims{"aud": "a", "exp": float64(1000)}, jwt.ErrTokenExpired},
		{jwt.RegisteredClaims{Audience: jwt.ClaimStrings{"b"}}, jwt.ErrTokenInvalidAudience},
		{jwt.RegisteredClaims{}, jwt.ErrTokenRequiredClaimMissing},
		{jwt.MapClaims{"aud": "a", "exp": "soon"}, jwt.ErrInvalidType},
		{&lease{Ends: 1001, Who: "bob", RegisteredClaims: jwt.RegisteredClaims{Audience: jwt.ClaimStrings{"a"}}}, nil},
	} {
		err := validator.Validate(row.claims)
		if _, custom := row.claims.(*lease); custom {
			if err == nil || err.Error() != "not bob" {
				t.Error(err)
			}
			continue
		}
		if !errors.Is(err, row.err) || (err == nil) != (row.err == nil) {
			t.Errorf("%v: %v", row.claims, err)
		}
	}
	if err := new(jwt.Validator).Validate(jwt.MapClaims{}); err != nil {
		t.Error(err)
	}
	if err := jwt.NewValidator(jwt.WithIssuer("")).Validate(jwt.MapClaims{}); !errors.Is(err, jwt.ErrTokenUnverifiable) {
		t.Error(err)
	}
}

// reversed is a method of a program's.
type reversed struct{}

func (reversed) Alg() string { return "REV" }

func (reversed) Sign(text string, _ any) ([]byte, error) { return []byte(text[len(text)-4:]), nil }

func (reversed) Verify(text string, signature []byte, _ any) error {
	if string(signature) != text[len(text)-4:] {
		return jwt.ErrSignatureInvalid
	}
	return nil
}

func TestMethodsOfAProgramsDecideAboutSignatures(t *testing.T) {
	jwt.RegisterSigningMethod("REV", func() jwt.SigningMethod { return reversed{} })
	token := must(jwt.NewWithClaims(reversed{}, jwt.MapClaims{"exp": 4102444800}).SignedString(nil))
	if parsed, err := jwt.Parse(token, keyOf(nil)); err != nil || !parsed.Valid {
		t.Error(err)
	}
	if _, err := jwt.Parse(token+"A", keyOf(nil)); err == nil {
		t.Error("any signature holds")
	}
	late := must(jwt.NewWithClaims(reversed{}, jwt.MapClaims{"exp": 1}).SignedString(nil))
	if _, err := jwt.Parse(late, keyOf(nil)); !errors.Is(err, jwt.ErrTokenExpired) {
		t.Error(err)
	}
	if _, err := jwt.Parse(late, keyOf(nil), jwt.WithoutClaimsValidation()); err != nil {
		t.Error(err)
	}
	_, err := jwt.ParseWithClaims(late, &lease{}, keyOf(nil))
	if !errors.Is(err, jwt.ErrTokenExpired) {
		t.Error(err)
	}
}

func TestKeysThatAreNotWholeAreErrors(t *testing.T) {
	token := signed(jwt.MapClaims{})
	for method, keys := range map[jwt.SigningMethod][]any{
		jwt.SigningMethodHS256: {nil, "text", []byte(nil), 7},
		jwt.SigningMethodRS256: {nil, (*rsa.PublicKey)(nil), &rsa.PublicKey{}, (*rsa.PrivateKey)(nil), &rsa.PrivateKey{}, secret},
		jwt.SigningMethodES256: {nil, (*ecdsa.PublicKey)(nil), &ecdsa.PublicKey{Curve: elliptic.P256()}, (*ecdsa.PrivateKey)(nil), &ecdsa.PrivateKey{}},
		jwt.SigningMethodEdDSA: {nil, secret},
		jwt.SigningMethodNone:  {nil, jwt.UnsafeAllowNoneSignatureType},
	} {
		for _, key := range keys {
			if err := method.Verify(token, []byte("signature"), key); err == nil {
				t.Errorf("%s verifies with %T", method.Alg(), key)
			}
			if _, err := method.Sign(token, key); err == nil {
				t.Errorf("%s signs with %T", method.Alg(), key)
			}
		}
	}
	forged := &jwt.SigningMethodRSA{Name: "none"}
	if err := forged.Verify("", nil, &must(rsa.GenerateKey(rand.Reader, 2048)).PublicKey); err == nil {
		t.Error("none verifies")
	}
}

// What is kept of a key is found by its bytes: a program may change them.
func TestAKeyThatWasChangedIsAnother(t *testing.T) {
	key := append([]byte(nil), secret...)
	token := signed(jwt.MapClaims{})
	if _, err := jwt.Parse(token, keyOf(key)); err != nil {
		t.Fatal(err)
	}
	key[0]++
	if _, err := jwt.Parse(token, keyOf(key)); !errors.Is(err, jwt.ErrSignatureInvalid) {
		t.Error(err)
	}
	for at := range 2000 {
		if _, err := jwt.Parse(token, keyOf(secret), jwt.WithSubject(fmt.Sprint(at))); !errors.Is(err, jwt.ErrTokenRequiredClaimMissing) {
			t.Fatal(err)
		}
	}
	if _, err := jwt.Parse(token, keyOf(secret)); err != nil {
		t.Error(err)
	}
}

func TestAPayloadThatIsNotEncodedIsNoClaims(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(`{"alg":"HS256","b64":false,"crit":["b64"]}`)) + "." + encode([]byte(`{"sub":"admin"}`))
	token := input + "." + encode(must(jwt.SigningMethodHS256.Sign(input, secret)))
	for _, options := range [][]jwt.ParserOption{nil, {jwt.WithoutClaimsValidation()}} {
		if parsed, err := jwt.Parse(token, keyOf(secret), options...); err == nil || parsed.Valid {
			t.Error("a text was taken for claims")
		}
	}
}

func TestUnverifiedTokensAreRead(t *testing.T) {
	token, parts, err := new(jwt.Parser).ParseUnverified(signed(jwt.MapClaims{"sub": "alice"}), jwt.MapClaims{})
	if err != nil || token.Valid || len(parts) != 3 || token.Claims.(jwt.MapClaims)["sub"] != "alice" || len(token.Signature) != 32 {
		t.Errorf("%+v %v %v", token, parts, err)
	}
	var none jwt.MapClaims
	if token, _, err = new(jwt.Parser).ParseUnverified(token.Raw, none); err != nil || token.Claims.(jwt.MapClaims)["sub"] != "alice" {
		t.Errorf("%+v %v", token, err)
	}
	if token, parts, err = new(jwt.Parser).ParseUnverified("x", jwt.MapClaims{}); token != nil || parts != nil || !errors.Is(err, jwt.ErrTokenMalformed) {
		t.Error(err)
	}
}

func TestGoroutinesShareParsers(t *testing.T) {
	parser := jwt.NewParser(jwt.WithAudience("api"))
	var group sync.WaitGroup
	for worker := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			own := []byte(strings.Repeat(fmt.Sprint(worker), 32))
			token := must(jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"aud": "api"}).SignedString(own))
			for range 200 {
				if _, err := parser.Parse(token, keyOf(own)); err != nil {
					t.Error(err)
				}
				if _, err := parser.Parse(token, keyOf(secret)); !errors.Is(err, jwt.ErrTokenSignatureInvalid) {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
}
