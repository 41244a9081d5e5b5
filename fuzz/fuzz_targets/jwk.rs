//! Any bytes as a JWK and as a JWK Set.
//!
//! A key that was read must be read again from what is written of it; alone
//! and in a set it must be the same key or the same refusal; of a private key,
//! the public part must be the key that the same text gives for verifying.
#![no_main]

use std::collections::BTreeMap;

use jot::{Code, KeyOptions, KeySet, KeyType, SigningKey, VerifyingKey};
use jot_fuzz::seeds;
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

/// What there is to tell of a key.
fn told(key: &VerifyingKey) -> (String, Option<String>, jot::AlgSet) {
    (key.thumbprint().to_owned(), key.kid().map(str::to_owned), key.algorithms())
}

fn read(text: &str) -> VerifyingKey {
    VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default()).unwrap()
}

fn written_and_read(key: &VerifyingKey) {
    if key.key_type() == KeyType::Oct {
        assert_eq!(key.to_jwk().unwrap_err().code(), Code::KeySecretNotPublic);
        assert_eq!(key.to_pem().unwrap_err().code(), Code::KeySecretNotPublic);
        return;
    }
    let text = key.to_jwk().unwrap();
    assert_eq!(told(&read(&text)), told(key));
    assert_eq!(read(&text).to_jwk().unwrap(), text);
    let pem = VerifyingKey::from_pem(key.to_pem().unwrap().as_bytes(), &KeyOptions::default()).unwrap();
    assert_eq!((pem.thumbprint(), pem.key_type()), (key.thumbprint(), key.key_type()));
}

fn alone_and_in_a_set(text: &[u8], alone: &Result<VerifyingKey, jot::Error>) {
    // The mark is skipped at the beginning of a text, and nowhere else.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // A text that is no object could close the set around it.
    // The values are not read: 1e400 is a number of JSON that has no double.
    let is_object = serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(text).is_ok();
    if !is_object {
        return assert!(alone.is_err());
    }
    let set = [
        br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},"#,
        text,
        b"]}",
    ]
    .concat();
    match (alone, KeySet::from_jwks(&set, &KeyOptions::default())) {
        (Ok(key), Ok(set)) => assert_eq!(set.keys().get(1).map(told), Some(told(key))),
        (Err(error), Ok(set)) => assert_eq!(set.skipped()[0].error().code(), error.code()),
        // One text is too deep, or names a member twice: then so does the set.
        (Err(error), Err(of_set)) => {
            // Alone it may be known for something else that is no JSON.
            assert!(
                error.code() == Code::KeyJson || error.code().name().starts_with("key_text_is_"),
                "{error}"
            );
            assert_eq!(of_set.code(), Code::KeyJson);
        }
        // In a set it lies two levels deeper.
        (Ok(_), Err(error)) => assert_eq!(error.code(), Code::KeyJson),
    }
}

fn private(text: &[u8], public: &Result<VerifyingKey, jot::Error>) {
    let Ok(key) = SigningKey::from_jwk(text, &KeyOptions::default()) else { return };
    let verifying = key.verifying_key().unwrap();
    let again = SigningKey::from_jwk(key.to_jwk().unwrap().as_bytes(), &KeyOptions::default()).unwrap();
    assert_eq!(told(&again.verifying_key().unwrap()), told(&verifying));
    assert_eq!((again.alg(), again.kid()), (key.alg(), key.kid()));
    match public {
        Ok(public) => {
            assert_eq!((public.thumbprint(), public.kid()), (verifying.thumbprint(), verifying.kid()));
            assert!(public.algorithms().contains(key.alg()));
        }
        // It may be meant for signing alone.
        Err(error) => assert_eq!(error.code(), Code::KeyOpsNotAllowed),
    }
}

fuzz_target!(
    init: seeds::plant("jwk", seeds::jwks()),
    |text: &[u8]| {
        let key = VerifyingKey::from_jwk(text, &KeyOptions::default());
        if let Ok(key) = &key {
            written_and_read(key);
        }
        alone_and_in_a_set(text, &key);
        private(text, &key);
        if let Ok(set) = KeySet::from_jwks(text, &KeyOptions::default()) {
            set.keys().iter().for_each(written_and_read);
            if let Ok(text) = set.to_jwks() {
                let again = KeySet::from_jwks(text.as_bytes(), &KeyOptions::default()).unwrap();
                assert!(again.keys().iter().map(told).eq(set.keys().iter().map(told)));
                assert!(again.skipped().is_empty());
            }
        }
        let weak = KeyOptions::default().allow_weak_keys();
        if let (Ok(strict), weak) = (&key, VerifyingKey::from_jwk(text, &weak)) {
            assert_eq!(weak.unwrap().thumbprint(), strict.thumbprint());
        }
    }
);
