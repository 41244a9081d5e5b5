package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"log/slog"
	"sync"

	jot "github.com/libjot/libjot/bindings/go"
)

// keySet is a key in the engine's form, bound to an algorithm.
type keySet struct {
	name name
	keys *jot.KeySet
}

var (
	keySets = kept[*keySet]{most: 256}
	signers = kept[*jot.SigningKey]{most: 256}
)

// verifying returns a key of Go's in the engine's form.
func verifying(method native, alg jot.Algorithm, key any) (*keySet, error) {
	words := method.words()
	if !words.verifies(key) {
		return nil, newError(words.family+" verify expects "+words.verifiesWith, ErrInvalidKeyType)
	}
	name, ok := nameOfPublic(alg, key)
	if !ok {
		return nil, ErrInvalidKey
	}
	return keySets.of(name, func() (*keySet, error) {
		keys, err := tolerant(alg, func(options ...jot.KeyOption) (*jot.KeySet, error) {
			if secret, ok := key.([]byte); ok {
				return jot.KeyFromSecret(secret, options...)
			}
			der, err := x509.MarshalPKIXPublicKey(key)
			if err != nil {
				return nil, err
			}
			return jot.KeyFromDER(der, options...)
		})
		if err != nil {
			return nil, newError("", ErrInvalidKey, err)
		}
		return &keySet{name, keys}, nil
	})
}

// signing returns a private key of Go's in the engine's form.
func signing(method native, alg jot.Algorithm, key any) (*jot.SigningKey, error) {
	words := method.words()
	if !words.signs(key) {
		return nil, newError(words.family+" sign expects "+words.signsWith, ErrInvalidKeyType)
	}
	name, ok := nameOfPrivate(alg, key)
	if !ok {
		return nil, ErrInvalidKey
	}
	return signers.of(name, func() (*jot.SigningKey, error) {
		signer, err := tolerant(alg, func(options ...jot.KeyOption) (*jot.SigningKey, error) {
			if secret, ok := key.([]byte); ok {
				return jot.SigningKeyFromSecret(secret, options...)
			}
			der, err := x509.MarshalPKCS8PrivateKey(key)
			if err != nil {
				return nil, err
			}
			defer clear(der)
			return jot.SigningKeyFromDER(der, options...)
		})
		if err != nil {
			return nil, newError("", ErrInvalidKey, err)
		}
		return signer, nil
	})
}

var warned sync.Map

// tolerant reads a key that may be too short for its algorithm, because programs have such keys. It
// warns of one for each algorithm.
func tolerant[T any](alg jot.Algorithm, read func(...jot.KeyOption) (T, error)) (T, error) {
	made, err := read(jot.ForAlgorithm(alg))
	if !errors.Is(err, jot.CodeKeySecretTooShort) && !errors.Is(err, jot.CodeKeyRsaTooShort) {
		return made, err
	}
	weak, fault := read(jot.ForAlgorithm(alg), jot.AllowWeakKeys())
	if fault != nil {
		return weak, fault
	}
	if _, again := warned.LoadOrStore(alg, true); !again {
		slog.Warn("jwt: a key can be guessed or broken", "alg", alg.String(), "fault", err.Error())
	}
	return weak, nil
}

// nameOfPublic returns what tells a key apart from others: its bytes, because a program may change
// those at the same place. It is false for a key that is not whole.
func nameOfPublic(alg jot.Algorithm, key any) (name, bool) {
	kind := binary.AppendUvarint(nil, uint64(alg))
	switch key := key.(type) {
	case []byte:
		return nameOf(kind, key), true
	case ed25519.PublicKey:
		return nameOf(kind, key), len(key) == ed25519.PublicKeySize
	case *rsa.PublicKey:
		if key == nil || key.N == nil {
			return name{}, false
		}
		return nameOf(kind, binary.AppendVarint(nil, int64(key.E)), key.N.Bytes()), true
	case *ecdsa.PublicKey:
		if key == nil || key.Curve == nil || key.X == nil || key.Y == nil {
			return name{}, false
		}
		return nameOf(kind, []byte(key.Params().Name), key.X.Bytes(), key.Y.Bytes()), true
	}
	return name{}, false
}

func nameOfPrivate(alg jot.Algorithm, key any) (name, bool) {
	var secret []byte
	var public any
	switch key := key.(type) {
	case []byte:
		return nameOfPublic(alg, key)
	case ed25519.PrivateKey:
		return nameOf(binary.AppendUvarint(nil, uint64(alg)), key), len(key) == ed25519.PrivateKeySize
	case *rsa.PrivateKey:
		if key == nil || key.D == nil || len(key.Primes) < 2 {
			return name{}, false
		}
		secret, public = key.D.Bytes(), &key.PublicKey
	case *ecdsa.PrivateKey:
		if key == nil || key.D == nil {
			return name{}, false
		}
		secret, public = key.D.Bytes(), &key.PublicKey
	default:
		return name{}, false
	}
	defer clear(secret)
	whole, ok := nameOfPublic(alg, public)
	return nameOf(whole[:], secret), ok
}
