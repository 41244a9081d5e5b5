package jot

// #include "bridge.h"
import "C"

import (
	"runtime"
	"time"
)

// KeySet is a set of verifying keys. It never changes; any number of goroutines may use it.
type KeySet struct {
	*handle[*C.jot_key_set]
}

// KeyOption says how a key is read.
type KeyOption func(*keyOptions)

type keyOptions struct {
	alg   Algorithm
	flags C.uint32_t
	kid   string
}

// ForAlgorithm binds the key to this algorithm if the key itself names none. A JWK that has an
// alg must have this one.
func ForAlgorithm(alg Algorithm) KeyOption { return func(o *keyOptions) { o.alg = alg } }

// NamedKid gives the key this kid if it has none itself.
func NamedKid(kid string) KeyOption { return func(o *keyOptions) { o.kid = kid } }

// AllowWeakKeys accepts RSA keys from 1024 bits, and HMAC secrets from one byte. Such keys can be
// broken or guessed.
func AllowWeakKeys() KeyOption {
	return func(o *keyOptions) { o.flags |= C.JOT_ALLOW_WEAK_KEYS }
}

// DatedKeys reads the members nbf and exp of a JWK, between which the key is in force.
func DatedKeys() KeyOption { return func(o *keyOptions) { o.flags |= C.JOT_DATED_KEYS } }

// AllCertificates takes every certificate of a PEM text, also those that issued another one.
func AllCertificates() KeyOption {
	return func(o *keyOptions) { o.flags |= C.JOT_ALL_CERTIFICATES }
}

// CertificateValidity reads the dates between which a certificate is valid.
func CertificateValidity() KeyOption {
	return func(o *keyOptions) { o.flags |= C.JOT_CERTIFICATE_VALIDITY }
}

func chosen(options []KeyOption) keyOptions {
	var made keyOptions
	for _, option := range options {
		option(&made)
	}
	return made
}

// with lends the options to one call of the library.
func (o keyOptions) with(call func(*C.jot_key_options) C.uint32_t) C.uint32_t {
	lent := C.jot_key_options{size: C.sizeof_jot_key_options, alg: C.uint32_t(o.alg), flags: o.flags}
	var pinner runtime.Pinner
	defer pinner.Unpin()
	if o.kid != "" {
		lent.kid = view(o.kid)
		pinner.Pin(lent.kid.ptr)
	}
	return call(&lent)
}

// ParseKeys reads the keys of a JWK Set, a JWK, or PEM. Keys of a set that cannot be used are
// skipped, see [KeySet.Skipped]; it is an error if none is left.
func ParseKeys(text []byte, options ...KeyOption) (*KeySet, error) {
	return readKeys(options, func(set *C.jot_key_set, lent *C.jot_key_options, fault *C.jot_error) C.uint32_t {
		return C.jot_key_set_add_text(set, view(text), lent, fault)
	})
}

// KeysFromJWKS reads a JWK Set (RFC 7517 §5), like [ParseKeys].
func KeysFromJWKS(jwks []byte, options ...KeyOption) (*KeySet, error) {
	return readKeys(options, func(set *C.jot_key_set, lent *C.jot_key_options, fault *C.jot_error) C.uint32_t {
		return C.jot_key_set_add_jwks(set, view(jwks), lent, fault)
	})
}

// KeyFromJWK reads one JWK, private or public.
func KeyFromJWK(jwk []byte, options ...KeyOption) (*KeySet, error) {
	return readKeys(options, func(set *C.jot_key_set, lent *C.jot_key_options, fault *C.jot_error) C.uint32_t {
		return C.jot_key_set_add_jwk(set, view(jwk), lent, fault)
	})
}

// KeyFromPEM reads the only key in a PEM text: a public key, a certificate, or the public part of
// a private key.
func KeyFromPEM(pem []byte, options ...KeyOption) (*KeySet, error) {
	return readKeys(options, func(set *C.jot_key_set, lent *C.jot_key_options, fault *C.jot_error) C.uint32_t {
		return C.jot_key_set_add_pem(set, view(pem), lent, fault)
	})
}

// KeyFromDER reads a key in DER: a SubjectPublicKeyInfo, an RSAPublicKey, an X.509 certificate,
// or the public part of a private key.
func KeyFromDER(der []byte, options ...KeyOption) (*KeySet, error) {
	return readKeys(options, func(set *C.jot_key_set, lent *C.jot_key_options, fault *C.jot_error) C.uint32_t {
		return C.jot_key_set_add_der(set, view(der), lent, fault)
	})
}

// KeyFromSecret takes an HMAC secret, byte for byte. A secret that is a key in PEM, DER, JWK or
// SSH form is refused.
func KeyFromSecret(secret []byte, options ...KeyOption) (*KeySet, error) {
	return readKeys(options, func(set *C.jot_key_set, lent *C.jot_key_options, fault *C.jot_error) C.uint32_t {
		return C.jot_key_set_add_secret(set, view(secret), lent, fault)
	})
}

func readKeys(
	options []KeyOption,
	add func(*C.jot_key_set, *C.jot_key_options, *C.jot_error) C.uint32_t,
) (*KeySet, error) {
	set := C.jot_key_set_new()
	var fault failure
	code := chosen(options).with(func(lent *C.jot_key_options) C.uint32_t {
		return add(set, lent, fault.out())
	})
	if err := fault.of(code); err != nil {
		C.jot_key_set_free(set)
		return nil, err
	}
	return keySet(set), nil
}

func keySet(set *C.jot_key_set) *KeySet {
	made := &KeySet{newHandle(set, func(set *C.jot_key_set) { C.jot_key_set_free(set) })}
	runtime.SetFinalizer(made, (*KeySet).Close)
	return made
}

// Close frees the set. Verifiers that were made with it keep their keys.
func (k *KeySet) Close() {
	if k != nil {
		k.close()
	}
}

func (k *KeySet) acquire() (*C.jot_key_set, error) {
	if k == nil {
		return nil, ErrClosed
	}
	return k.handle.acquire()
}

// Len returns the number of keys; 0 if the set was closed.
func (k *KeySet) Len() int {
	set, err := k.acquire()
	if err != nil {
		return 0
	}
	defer k.release()
	return int(C.jot_key_set_len(set))
}

// KeyInfo describes a key, without its secret.
type KeyInfo struct {
	// Algorithms are those that the key verifies.
	Algorithms []Algorithm
	// SigningAlgorithm is the one that it signs with; 0 for a key that only verifies.
	SigningAlgorithm Algorithm
	Kid, Kty, Crv    string
	// Thumbprint is that of RFC 7638, SHA-256 in base64url. Whoever has that of an HMAC secret
	// can test guesses of the secret.
	Thumbprint string
	// NotBefore and ExpiresAt are the time in which the key is in force; zero for no bound.
	NotBefore, ExpiresAt time.Time
}

func infoOf(info *C.jot_key_info) KeyInfo {
	made := KeyInfo{
		SigningAlgorithm: Algorithm(info.alg),
		Kid:              copied(info.kid),
		Kty:              copied(info.kty),
		Crv:              copied(info.crv),
		Thumbprint:       copied(info.thumbprint),
	}
	for alg := HS256; alg <= MLDSA87; alg++ {
		if info.algs&(1<<alg) != 0 {
			made.Algorithms = append(made.Algorithms, alg)
		}
	}
	if info.flags&C.JOT_HAS_NBF != 0 {
		made.NotBefore = time.Unix(int64(info.not_before), 0)
	}
	if info.flags&C.JOT_HAS_EXP != 0 {
		made.ExpiresAt = time.Unix(int64(info.expires_at), 0)
	}
	return made
}

// Keys describes every key, in the order in which they were read.
func (k *KeySet) Keys() ([]KeyInfo, error) {
	set, err := k.acquire()
	if err != nil {
		return nil, err
	}
	defer k.release()
	var all []KeyInfo
	for index := C.size_t(0); index < C.jot_key_set_len(set); index++ {
		info := C.jot_key_info{size: C.sizeof_jot_key_info}
		if err := faulty(C.jot_key_set_key(set, index, &info), "index"); err != nil {
			return nil, err
		}
		all = append(all, infoOf(&info))
	}
	return all, nil
}

// Skipped returns one line about the keys that were skipped because they cannot be used, with the
// reasons; empty if none was.
func (k *KeySet) Skipped() string {
	set, err := k.acquire()
	if err != nil {
		return ""
	}
	defer k.release()
	return sized(func(buffer *C.char, capacity C.size_t, length *C.size_t) C.uint32_t {
		return C.jot_key_set_reasons(set, buffer, capacity, length)
	})
}

// SecretDoubt returns a sentence if an HMAC secret may not be the bytes that its owner meant: it
// ends with a line break, or looks like base64 or hexadecimal. It has no byte of the secret.
func (k *KeySet) SecretDoubt() string {
	set, err := k.acquire()
	if err != nil {
		return ""
	}
	defer k.release()
	return copied(C.jot_key_set_secret_doubt(set))
}

// JWKS writes the public keys as a JWK Set. An HMAC secret is an error.
func (k *KeySet) JWKS() ([]byte, error) {
	set, err := k.acquire()
	if err != nil {
		return nil, err
	}
	defer k.release()
	return written(func(text *C.jot_text, fault *C.jot_error) C.uint32_t {
		return C.jot_key_set_to_jwks(set, text, fault)
	})
}

// PEM writes the key with this index as a SubjectPublicKeyInfo in PEM.
func (k *KeySet) PEM(index int) ([]byte, error) {
	set, err := k.acquire()
	if err != nil {
		return nil, err
	}
	defer k.release()
	return written(func(text *C.jot_text, fault *C.jot_error) C.uint32_t {
		return C.jot_key_set_to_pem(set, C.size_t(index), text, fault)
	})
}

// CheckSignature verifies a signature over bytes that are not a token, with the key that has
// this index. Nothing else is checked.
func (k *KeySet) CheckSignature(index int, alg Algorithm, message, signature []byte) error {
	set, err := k.acquire()
	if err != nil {
		return err
	}
	defer k.release()
	code := C.jot_key_set_check_signature(set, C.size_t(index), C.uint32_t(alg), view(message), view(signature))
	return faulty(code, "signature")
}

// KeySource is where a verifier has its keys from: a [*KeySet] or [*RemoteKeys].
type KeySource interface {
	// lend hands over the set to begin with, for the call.
	lend(use func(*C.jot_key_set) C.uint32_t) (C.uint32_t, error)
	// remote is nil for keys that never change.
	remote() *RemoteKeys
}

func (k *KeySet) lend(use func(*C.jot_key_set) C.uint32_t) (C.uint32_t, error) {
	set, err := k.acquire()
	if err != nil {
		return 0, err
	}
	defer k.release()
	return use(set), nil
}

func (k *KeySet) remote() *RemoteKeys { return nil }
