package jot

// #include "bridge.h"
import "C"

import (
	"encoding/json"
	"runtime"
)

// SigningKey is a private key or an HMAC secret, ready to sign with exactly one algorithm. It
// never changes; any number of goroutines may use it. Close wipes it.
type SigningKey struct {
	*handle[*C.jot_signer]
}

// GenerateKey makes a new key; kid may be empty. RSA keys have 2048 bits, or those of
// [GenerateRSAKey].
func GenerateKey(alg Algorithm, kid string) (*SigningKey, error) { return GenerateRSAKey(alg, 0, kid) }

// GenerateRSAKey makes a new key for an algorithm of RSA, with 2048, 3072, 4096 or 8192 bits.
func GenerateRSAKey(alg Algorithm, bits int, kid string) (*SigningKey, error) {
	var signer *C.jot_signer
	var fault failure
	code := C.jot_signer_generate(C.uint32_t(alg), C.size_t(bits), optional(kid), &signer, fault.out())
	return signingKey(signer, fault.of(code))
}

// SigningKeyFromJWK reads a private JWK.
func SigningKeyFromJWK(jwk []byte, options ...KeyOption) (*SigningKey, error) {
	return readSigner(options, func(lent *C.jot_key_options, to **C.jot_signer, fault *C.jot_error) C.uint32_t {
		return C.jot_signer_from_jwk(view(jwk), lent, to, fault)
	})
}

// SigningKeyFromPEM reads the only private key in a PEM text, which is not encrypted.
func SigningKeyFromPEM(pem []byte, options ...KeyOption) (*SigningKey, error) {
	return readSigner(options, func(lent *C.jot_key_options, to **C.jot_signer, fault *C.jot_error) C.uint32_t {
		return C.jot_signer_from_pem(view(pem), lent, to, fault)
	})
}

// SigningKeyFromDER reads a private key in DER: PrivateKeyInfo, RSAPrivateKey or ECPrivateKey.
func SigningKeyFromDER(der []byte, options ...KeyOption) (*SigningKey, error) {
	return readSigner(options, func(lent *C.jot_key_options, to **C.jot_signer, fault *C.jot_error) C.uint32_t {
		return C.jot_signer_from_der(view(der), lent, to, fault)
	})
}

// SigningKeyFromSecret takes an HMAC secret, byte for byte.
func SigningKeyFromSecret(secret []byte, options ...KeyOption) (*SigningKey, error) {
	return readSigner(options, func(lent *C.jot_key_options, to **C.jot_signer, fault *C.jot_error) C.uint32_t {
		return C.jot_signer_from_secret(view(secret), lent, to, fault)
	})
}

func readSigner(
	options []KeyOption,
	read func(*C.jot_key_options, **C.jot_signer, *C.jot_error) C.uint32_t,
) (*SigningKey, error) {
	var signer *C.jot_signer
	var fault failure
	code := chosen(options).with(func(lent *C.jot_key_options) C.uint32_t {
		return read(lent, &signer, fault.out())
	})
	return signingKey(signer, fault.of(code))
}

func signingKey(signer *C.jot_signer, err error) (*SigningKey, error) {
	if err != nil {
		return nil, err
	}
	made := &SigningKey{newHandle(signer, func(s *C.jot_signer) { C.jot_signer_free(s) })}
	runtime.SetFinalizer(made, (*SigningKey).Close)
	return made, nil
}

// Close wipes and frees the key.
func (k *SigningKey) Close() {
	if k != nil {
		k.close()
	}
}

func (k *SigningKey) acquire() (*C.jot_signer, error) {
	if k == nil {
		return nil, ErrClosed
	}
	return k.handle.acquire()
}

// Info describes the key.
func (k *SigningKey) Info() (KeyInfo, error) {
	signer, err := k.acquire()
	if err != nil {
		return KeyInfo{}, err
	}
	defer k.release()
	info := C.jot_key_info{size: C.sizeof_jot_key_info}
	if err := faulty(C.jot_signer_key(signer, &info), "key"); err != nil {
		return KeyInfo{}, err
	}
	return infoOf(&info), nil
}

// PublicKeys makes a set of the keys that verify what these keys sign, for example to publish it.
func PublicKeys(signing ...*SigningKey) (*KeySet, error) {
	set := C.jot_key_set_new()
	for _, key := range signing {
		signer, err := key.acquire()
		if err == nil {
			var fault failure
			err = fault.of(C.jot_key_set_add_signer(set, signer, fault.out()))
			key.release()
		}
		if err != nil {
			C.jot_key_set_free(set)
			return nil, err
		}
	}
	return keySet(set), nil
}

// PrivateJWK writes the private JWK, which is a secret: wipe it after use.
func (k *SigningKey) PrivateJWK() ([]byte, error) {
	signer, err := k.acquire()
	if err != nil {
		return nil, err
	}
	defer k.release()
	return written(func(text *C.jot_text, fault *C.jot_error) C.uint32_t {
		return C.jot_signer_to_jwk(signer, text, fault)
	})
}

// PrivatePEM writes the key as a PrivateKeyInfo in PEM, which is a secret: wipe it after use. An
// HMAC secret has no such form.
func (k *SigningKey) PrivatePEM() ([]byte, error) {
	signer, err := k.acquire()
	if err != nil {
		return nil, err
	}
	defer k.release()
	return written(func(text *C.jot_text, fault *C.jot_error) C.uint32_t {
		return C.jot_signer_to_pem(signer, text, fault)
	})
}

// SignOption says what is in the JOSE Header besides alg and kid.
type SignOption func(*signOptions)

type signOptions struct {
	typ, cty, parameters string
	withoutTyp           bool
	form                 C.uint32_t
}

// Typ sets the typ, which is JWT unless set; empty for none.
func Typ(typ string) SignOption {
	return func(o *signOptions) { o.typ, o.withoutTyp = typ, typ == "" }
}

// ContentType sets the cty.
func ContentType(cty string) SignOption { return func(o *signOptions) { o.cty = cty } }

// HeaderParameters adds the members of a JSON object to the header. It must not have alg, crit,
// b64 or a parameter that is set otherwise.
func HeaderParameters(object string) SignOption {
	return func(o *signOptions) { o.parameters = object }
}

// Detached leaves the payload out of the token (RFC 7515 Appendix F); only for
// [SigningKey.SignPayload].
func Detached() SignOption { return func(o *signOptions) { o.form = C.JOT_DETACHED } }

// DetachedUnencoded is [Detached], and signs the payload as it is (RFC 7797).
func DetachedUnencoded() SignOption {
	return func(o *signOptions) { o.form = C.JOT_UNENCODED_DETACHED }
}

// Sign signs claims as a JWT. What is not a string or bytes is encoded by encoding/json first;
// the text must be one JSON object with unique names, and goes into the token unchanged.
func (k *SigningKey) Sign(claims any, options ...SignOption) (string, error) {
	var text []byte
	switch claims := claims.(type) {
	case string:
		text = []byte(claims)
	case []byte:
		text = claims
	default:
		encoded, err := json.Marshal(claims)
		if err != nil {
			return "", err
		}
		text = encoded
	}
	return k.sign(text, true, options)
}

// SignPayload signs any bytes as a JWS in the Compact Serialization.
func (k *SigningKey) SignPayload(payload []byte, options ...SignOption) (string, error) {
	return k.sign(payload, false, options)
}

func (k *SigningKey) sign(payload []byte, claims bool, options []SignOption) (string, error) {
	signer, err := k.acquire()
	if err != nil {
		return "", err
	}
	defer k.release()
	var header signOptions
	for _, option := range options {
		option(&header)
	}
	if claims && header.form != C.JOT_ATTACHED {
		return "", &Error{Code: CodeHeaderToSignInvalid, Name: "detached", Offset: -1}
	}
	token, err := written(func(text *C.jot_text, fault *C.jot_error) C.uint32_t {
		return C.jot_go_sign(
			signer, optional(header.typ), optional(header.cty), optional(header.parameters),
			C.bool(header.withoutTyp), view(payload), header.form, C.bool(claims), text, fault,
		)
	})
	return string(token), err
}

// SignMessage signs bytes that are not a token; [KeySet.CheckSignature] verifies the signature.
func (k *SigningKey) SignMessage(message []byte) ([]byte, error) {
	signer, err := k.acquire()
	if err != nil {
		return nil, err
	}
	defer k.release()
	return written(func(text *C.jot_text, fault *C.jot_error) C.uint32_t {
		return C.jot_signer_sign_message(signer, view(message), text, fault)
	})
}
