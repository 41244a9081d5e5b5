package jwt

import (
	"errors"
	"sync"

	jot "github.com/libjot/libjot/bindings/go"
)

// SigningMethod signs and verifies under one algorithm. Those of this package call the engine; a
// program may register its own, which then decides what it accepts.
type SigningMethod interface {
	// Verify returns nil if the signature over the text holds.
	Verify(signingString string, signature []byte, key any) error
	// Sign returns the signature over the text.
	Sign(signingString string, key any) ([]byte, error)
	// Alg returns the name of the algorithm, such as HS256.
	Alg() string
}

var methods = struct {
	sync.RWMutex
	makers map[string]func() SigningMethod
}{makers: map[string]func() SigningMethod{}}

// RegisterSigningMethod has tokens with this alg verified by a method of the program's.
func RegisterSigningMethod(alg string, make func() SigningMethod) {
	methods.Lock()
	defer methods.Unlock()
	methods.makers[alg] = make
}

// GetSigningMethod returns the method with this alg; nil if there is none.
func GetSigningMethod(alg string) SigningMethod {
	methods.RLock()
	defer methods.RUnlock()
	if make, known := methods.makers[alg]; known {
		return make()
	}
	return nil
}

// GetAlgorithms returns the names of the algorithms that have a method.
func GetAlgorithms() []string {
	methods.RLock()
	defer methods.RUnlock()
	names := make([]string, 0, len(methods.makers))
	for name := range methods.makers {
		names = append(names, name)
	}
	return names
}

// native is a method of the engine's.
type native interface {
	SigningMethod
	// words are what golang-jwt says of it.
	words() words
}

type words struct {
	// family begins what is said of a key of another kind.
	family string
	// verifies and signs tell whether a key is of the right kind, and name the kind.
	verifies, signs         func(key any) bool
	verifiesWith, signsWith string
	// failed is the error of a signature that does not hold.
	failed error
}

func register(method native) {
	RegisterSigningMethod(method.Alg(), func() SigningMethod { return method })
}

// verifyBy checks a signature that is not in a token.
func verifyBy(method native, text string, signature []byte, key any) error {
	alg, err := jot.ParseAlgorithm(method.Alg())
	if err != nil {
		return by(err, ErrTokenUnverifiable)
	}
	set, err := verifying(method, alg, key)
	if err != nil {
		return err
	}
	return signatureFault(method, set.keys.CheckSignature(0, alg, []byte(text), signature))
}

// signatureFault says in golang-jwt's words why a signature was not accepted.
func signatureFault(method native, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jot.CodeSignatureInvalid):
		return by(err, method.words().failed)
	}
	return by(err, ErrInvalidKey)
}

func signBy(method native, text string, key any) ([]byte, error) {
	alg, err := jot.ParseAlgorithm(method.Alg())
	if err != nil {
		return nil, by(err, ErrTokenUnverifiable)
	}
	signer, err := signing(method, alg, key)
	if err != nil {
		return nil, err
	}
	return signer.SignMessage([]byte(text))
}
