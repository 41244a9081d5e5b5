package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
)

// SigningMethodHMAC signs and verifies with a secret, a []byte.
type SigningMethodHMAC struct {
	Name string
	Hash crypto.Hash
}

// SigningMethodRSA signs with an *rsa.PrivateKey, and verifies with an *rsa.PublicKey, by RSASSA-PKCS1.
type SigningMethodRSA struct {
	Name string
	Hash crypto.Hash
}

// SigningMethodRSAPSS is the same by RSASSA-PSS. The salt is as long as the hash (RFC 7518 §3.5),
// whatever the options say.
type SigningMethodRSAPSS struct {
	*SigningMethodRSA
	Options       *rsa.PSSOptions
	VerifyOptions *rsa.PSSOptions
}

// SigningMethodECDSA signs with an *ecdsa.PrivateKey, and verifies with an *ecdsa.PublicKey.
type SigningMethodECDSA struct {
	Name      string
	Hash      crypto.Hash
	KeySize   int
	CurveBits int
}

// SigningMethodEd25519 signs with an ed25519.PrivateKey or another [crypto.Signer] of Ed25519, and
// verifies with an ed25519.PublicKey.
type SigningMethodEd25519 struct{}

// The methods.
var (
	SigningMethodHS256 = &SigningMethodHMAC{"HS256", crypto.SHA256}
	SigningMethodHS384 = &SigningMethodHMAC{"HS384", crypto.SHA384}
	SigningMethodHS512 = &SigningMethodHMAC{"HS512", crypto.SHA512}
	SigningMethodRS256 = &SigningMethodRSA{"RS256", crypto.SHA256}
	SigningMethodRS384 = &SigningMethodRSA{"RS384", crypto.SHA384}
	SigningMethodRS512 = &SigningMethodRSA{"RS512", crypto.SHA512}
	SigningMethodPS256 = pss("PS256", crypto.SHA256)
	SigningMethodPS384 = pss("PS384", crypto.SHA384)
	SigningMethodPS512 = pss("PS512", crypto.SHA512)
	SigningMethodES256 = &SigningMethodECDSA{"ES256", crypto.SHA256, 32, 256}
	SigningMethodES384 = &SigningMethodECDSA{"ES384", crypto.SHA384, 48, 384}
	SigningMethodES512 = &SigningMethodECDSA{"ES512", crypto.SHA512, 66, 521}
	SigningMethodEdDSA = &SigningMethodEd25519{}
)

func pss(name string, hash crypto.Hash) *SigningMethodRSAPSS {
	return &SigningMethodRSAPSS{
		SigningMethodRSA: &SigningMethodRSA{name, hash},
		Options:          &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash},
		VerifyOptions:    &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash},
	}
}

func init() {
	for _, method := range []native{
		SigningMethodHS256, SigningMethodHS384, SigningMethodHS512,
		SigningMethodRS256, SigningMethodRS384, SigningMethodRS512,
		SigningMethodPS256, SigningMethodPS384, SigningMethodPS512,
		SigningMethodES256, SigningMethodES384, SigningMethodES512, SigningMethodEdDSA,
	} {
		register(method)
	}
	RegisterSigningMethod("none", func() SigningMethod { return SigningMethodNone })
}

func is[T any](key any) bool {
	_, ok := key.(T)
	return ok
}

var (
	hmacWords = words{"HMAC", is[[]byte], is[[]byte], "[]byte", "[]byte", ErrSignatureInvalid}
	rsaWords  = words{
		"RSA", is[*rsa.PublicKey], is[*rsa.PrivateKey], "*rsa.PublicKey", "*rsa.PrivateKey", rsa.ErrVerification,
	}
	pssWords = words{
		"RSA-PSS", is[*rsa.PublicKey], is[*rsa.PrivateKey], "*rsa.PublicKey", "*rsa.PrivateKey", rsa.ErrVerification,
	}
	ecdsaWords = words{
		"ECDSA", is[*ecdsa.PublicKey], is[*ecdsa.PrivateKey], "*ecdsa.PublicKey", "*ecdsa.PrivateKey",
		ErrECDSAVerification,
	}
	ed25519Words = words{
		"Ed25519", is[ed25519.PublicKey], is[crypto.Signer], "ed25519.PublicKey", "crypto.Signer",
		ErrEd25519Verification,
	}
)

func (m *SigningMethodHMAC) words() words    { return hmacWords }
func (m *SigningMethodRSA) words() words     { return rsaWords }
func (m *SigningMethodRSAPSS) words() words  { return pssWords }
func (m *SigningMethodECDSA) words() words   { return ecdsaWords }
func (m *SigningMethodEd25519) words() words { return ed25519Words }

// Alg returns the name.
func (m *SigningMethodHMAC) Alg() string { return m.Name }

// Verify checks a signature that is not in a token.
func (m *SigningMethodHMAC) Verify(text string, signature []byte, key any) error {
	return verifyBy(m, text, signature, key)
}

// Sign returns the signature.
func (m *SigningMethodHMAC) Sign(text string, key any) ([]byte, error) { return signBy(m, text, key) }

// Alg returns the name.
func (m *SigningMethodRSA) Alg() string { return m.Name }

// Verify checks a signature that is not in a token.
func (m *SigningMethodRSA) Verify(text string, signature []byte, key any) error {
	return verifyBy(m, text, signature, key)
}

// Sign returns the signature.
func (m *SigningMethodRSA) Sign(text string, key any) ([]byte, error) { return signBy(m, text, key) }

// Verify checks a signature that is not in a token.
func (m *SigningMethodRSAPSS) Verify(text string, signature []byte, key any) error {
	return verifyBy(m, text, signature, key)
}

// Sign returns the signature.
func (m *SigningMethodRSAPSS) Sign(text string, key any) ([]byte, error) { return signBy(m, text, key) }

// Alg returns the name.
func (m *SigningMethodECDSA) Alg() string { return m.Name }

// Verify checks a signature that is not in a token.
func (m *SigningMethodECDSA) Verify(text string, signature []byte, key any) error {
	return verifyBy(m, text, signature, key)
}

// Sign returns the signature.
func (m *SigningMethodECDSA) Sign(text string, key any) ([]byte, error) { return signBy(m, text, key) }

// Alg returns EdDSA.
func (m *SigningMethodEd25519) Alg() string { return "EdDSA" }

// Verify checks a signature that is not in a token.
func (m *SigningMethodEd25519) Verify(text string, signature []byte, key any) error {
	return verifyBy(m, text, signature, key)
}

// Sign returns the signature. A key that is outside of this process signs itself.
func (m *SigningMethodEd25519) Sign(text string, key any) ([]byte, error) {
	signer, ok := key.(crypto.Signer)
	if !ok || is[ed25519.PrivateKey](key) {
		return signBy(m, text, key)
	}
	if !is[ed25519.PublicKey](signer.Public()) {
		return nil, ErrInvalidKey
	}
	return signer.Sign(rand.Reader, []byte(text), crypto.Hash(0))
}

type signingMethodNone struct{}

type unsafeNoneMagicConstant string

// UnsafeAllowNoneSignatureType is there for programs that name it. Tokens without a signature are
// neither made nor accepted.
const UnsafeAllowNoneSignatureType unsafeNoneMagicConstant = "none signing method allowed"

// SigningMethodNone refuses everything.
var SigningMethodNone = &signingMethodNone{}

// NoneSignatureTypeDisallowedError is the error of [SigningMethodNone].
var NoneSignatureTypeDisallowedError = newError("'none' signature type is not allowed", ErrTokenUnverifiable)

func (m *signingMethodNone) Alg() string { return "none" }

func (m *signingMethodNone) Verify(string, []byte, any) error {
	return NoneSignatureTypeDisallowedError
}

func (m *signingMethodNone) Sign(string, any) ([]byte, error) {
	return nil, NoneSignatureTypeDisallowedError
}
