//! Any bytes as PEM, as a PEM bundle and as DER.
//!
//! A key in DER must be the same key, or the same refusal, in PEM under the
//! label of its form, and under no other; what is written of a key must be
//! read again as the same key.
#![no_main]

use jot::{Code, KeyOptions, KeySet, SigningKey, VerifyingKey};
use jot_fuzz::seeds;
use libfuzzer_sys::fuzz_target;

const LABELS: [&str; 6] =
    ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

fn options() -> KeyOptions {
    KeyOptions::default()
}

fn written_and_read(key: &VerifyingKey) {
    let pem = VerifyingKey::from_pem(key.to_pem().unwrap().as_bytes(), &options()).unwrap();
    let jwk = VerifyingKey::from_jwk(key.to_jwk().unwrap().as_bytes(), &options()).unwrap();
    for read in [pem, jwk] {
        assert_eq!(read.thumbprint(), key.thumbprint());
        assert_eq!(read.algorithms(), key.algorithms());
    }
}

fn signing(key: &SigningKey, verifying: &Result<VerifyingKey, jot::Error>) {
    let thumbprint = key.verifying_key().unwrap().thumbprint().to_owned();
    assert_eq!(verifying.as_ref().unwrap().thumbprint(), thumbprint);
    let again = SigningKey::from_pem(key.to_pem().unwrap().as_bytes(), &options()).unwrap();
    assert_eq!(again.verifying_key().unwrap().thumbprint(), thumbprint);
    let again = SigningKey::from_jwk(key.to_jwk().unwrap().as_bytes(), &options()).unwrap();
    assert_eq!((again.verifying_key().unwrap().thumbprint(), again.alg()), (thumbprint.as_str(), key.alg()));
}

/// The result of each label with the same content.
fn labelled(der: &[u8]) {
    let bare = VerifyingKey::from_der(der, &options());
    let told = |read: &Result<VerifyingKey, jot::Error>| match read {
        Ok(key) => Ok(key.thumbprint().to_owned()),
        // In a block it is no DER, whatever it is by itself.
        Err(error) if error.code().name().starts_with("key_text_is_") => Err(Code::KeyDerInvalid),
        Err(error) if error.code() == Code::KeyPemDashes => Err(Code::KeyDerInvalid),
        Err(error) => Err(error.code()),
    };
    let mut same = 0;
    for label in LABELS {
        let text = pem::encode(&pem::Pem::new(label, der));
        let read = VerifyingKey::from_pem(text.as_bytes(), &options());
        same += usize::from(told(&read) == told(&bare));
        assert!(read.is_err() || told(&read) == told(&bare), "{label}");
    }
    assert!(same > 0, "no label fits");
    assert!(bare.is_err() || same == 1, "several labels fit");
    if let Ok(key) = &bare {
        written_and_read(key);
    }
    if let Ok(key) = SigningKey::from_der(der, &options()) {
        signing(&key, &bare);
    }
}

fuzz_target!(
    init: seeds::plant("pem", seeds::pems()),
    |bytes: &[u8]| {
        labelled(bytes);
        let alone = VerifyingKey::from_pem(bytes, &options());
        if let Ok(key) = &alone {
            written_and_read(key);
        }
        if let Ok(key) = SigningKey::from_pem(bytes, &options()) {
            signing(&key, &alone);
        }
        match (alone, KeySet::from_pem_bundle(bytes, &options())) {
            (Ok(key), Ok(set)) => {
                assert_eq!((set.len(), set.keys()[0].thumbprint()), (1, key.thumbprint()));
            }
            (Ok(_), Err(error)) => panic!("{error}"),
            (Err(error), Ok(set)) => {
                // The bundle has several blocks.
                assert_eq!(error.code(), Code::KeyPemInvalid);
                assert!(set.len() + set.skipped().len() > 1);
                set.keys().iter().for_each(written_and_read);
            }
            (Err(_), Err(_)) => {}
        }
    }
);
