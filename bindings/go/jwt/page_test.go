package jwt_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"
	"regexp"
	"testing"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jwt"
)

// The page docs/golang-jwt.md begins with this.
func Example() {
	secret := []byte("a secret that is long enough: 32 bytes")
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": "alice", "aud": "web", "exp": 4102444800,
	}).SignedString(secret)
	if err != nil {
		log.Fatal(err)
	}
	keyOf := func(*jwt.Token) (any, error) { return secret, nil }
	methods := jwt.WithValidMethods([]string{"HS256"})
	parsed, err := jwt.ParseWithClaims(token, &jwt.RegisteredClaims{}, keyOf, methods, jwt.WithAudience("web"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(parsed.Claims.(*jwt.RegisteredClaims).Subject, parsed.Valid)

	_, err = jwt.Parse(token, keyOf, methods, jwt.WithAudience("other"))
	fmt.Println(err)
	fmt.Println(errors.Is(err, jwt.ErrTokenInvalidAudience), jot.CodeOf(err))
	// Output:
	// alice true
	// token has invalid claims: token has invalid audience
	// true aud_mismatch
}

func TestTheExampleIsThatOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../../docs/golang-jwt.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("page_test.go")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(page)[1]
	indented := regexp.MustCompile("(?m)^(.)").ReplaceAll(block, []byte("\t$1"))
	if !bytes.Contains(source, indented) {
		t.Errorf("no example runs\n%s", block)
	}
}
