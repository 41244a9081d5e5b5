package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
)

// What is wrong with a key in PEM.
var (
	ErrKeyMustBePEMEncoded = errors.New("invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key")
	ErrNotRSAPrivateKey    = errors.New("key is not a valid RSA private key")
	ErrNotRSAPublicKey     = errors.New("key is not a valid RSA public key")
	ErrNotECPrivateKey     = errors.New("key is not a valid ECDSA private key")
	ErrNotECPublicKey      = errors.New("key is not a valid ECDSA public key")
	ErrNotEdPrivateKey     = errors.New("key is not a valid Ed25519 private key")
	ErrNotEdPublicKey      = errors.New("key is not a valid Ed25519 public key")
)

// ParseRSAPrivateKeyFromPEM reads a private key of RSA, PKCS #1 or PKCS #8.
func ParseRSAPrivateKeyFromPEM(key []byte) (*rsa.PrivateKey, error) {
	return keyIn[*rsa.PrivateKey](key, ErrNotRSAPrivateKey, pkcs1Private, x509.ParsePKCS8PrivateKey)
}

// ParseRSAPrivateKeyFromPEMWithPassword reads an encrypted one.
//
// Deprecated: this encryption of PEM (RFC 1423) is not secure; convert the key.
func ParseRSAPrivateKeyFromPEMWithPassword(key []byte, password string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(key)
	if block == nil {
		return nil, ErrKeyMustBePEMEncoded
	}
	der, err := x509.DecryptPEMBlock(block, []byte(password))
	if err != nil {
		return nil, err
	}
	return keyOf[*rsa.PrivateKey](der, ErrNotRSAPrivateKey, pkcs1Private, x509.ParsePKCS8PrivateKey)
}

// ParseRSAPublicKeyFromPEM reads a public key of RSA, or that of a certificate.
func ParseRSAPublicKeyFromPEM(key []byte) (*rsa.PublicKey, error) {
	return keyIn[*rsa.PublicKey](key, ErrNotRSAPublicKey, x509.ParsePKIXPublicKey, certified, pkcs1Public)
}

// ParseECPrivateKeyFromPEM reads a private key of an elliptic curve.
func ParseECPrivateKeyFromPEM(key []byte) (*ecdsa.PrivateKey, error) {
	return keyIn[*ecdsa.PrivateKey](key, ErrNotECPrivateKey, ecPrivate, x509.ParsePKCS8PrivateKey)
}

// ParseECPublicKeyFromPEM reads a public key of an elliptic curve, or that of a certificate.
func ParseECPublicKeyFromPEM(key []byte) (*ecdsa.PublicKey, error) {
	return keyIn[*ecdsa.PublicKey](key, ErrNotECPublicKey, x509.ParsePKIXPublicKey, certified)
}

// ParseEdPrivateKeyFromPEM reads a private key of Ed25519.
func ParseEdPrivateKeyFromPEM(key []byte) (crypto.PrivateKey, error) {
	return keyIn[ed25519.PrivateKey](key, ErrNotEdPrivateKey, x509.ParsePKCS8PrivateKey)
}

// ParseEdPublicKeyFromPEM reads a public key of Ed25519.
func ParseEdPublicKeyFromPEM(key []byte) (crypto.PublicKey, error) {
	return keyIn[ed25519.PublicKey](key, ErrNotEdPublicKey, x509.ParsePKIXPublicKey)
}

func keyIn[K any](text []byte, misfit error, forms ...func([]byte) (any, error)) (K, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		var none K
		return none, ErrKeyMustBePEMEncoded
	}
	return keyOf[K](block.Bytes, misfit, forms...)
}

// keyOf takes the first form that the key has.
func keyOf[K any](der []byte, misfit error, forms ...func([]byte) (any, error)) (K, error) {
	var none K
	var fault error
	for _, form := range forms {
		found, err := form(der)
		if err != nil {
			fault = err
			continue
		}
		key, ok := found.(K)
		if !ok {
			return none, misfit
		}
		return key, nil
	}
	return none, fault
}

func pkcs1Private(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) }

func pkcs1Public(der []byte) (any, error) { return x509.ParsePKCS1PublicKey(der) }

func ecPrivate(der []byte) (any, error) { return x509.ParseECPrivateKey(der) }

func certified(der []byte) (any, error) {
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return certificate.PublicKey, nil
}
