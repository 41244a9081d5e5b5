//! Keys go to joserfc, jwcrypto and cryptography and come from them, in every
//! form that both sides know.
//!
//! That a key arrived whole is told by its thumbprint, and of a private key by
//! a signature that the public one verifies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is wrong"
)]

#[path = "../accel/tests/missing/mod.rs"]
mod missing;
#[path = "interop/ours.rs"]
mod ours;
#[path = "interop/peer.rs"]
mod peer;

use std::collections::{BTreeMap, BTreeSet};

use jot::{Alg, Code, KeyOptions, KeySet, KeyType, SigningKey, VerifyingKey};
use peer::{LIBRARIES, Library, Peer};
use serde_json::{Value, json};

/// The libraries that read and write keys, with the algorithms whose keys they
/// share with us. PyJWT leaves PEM to cryptography; cryptography has no form
/// for a secret.
fn libraries() -> impl Iterator<Item = (&'static Library, Vec<Alg>)> {
    LIBRARIES.iter().filter(|library| library.name != "pyjwt").map(|library| {
        let formless = |alg: &Alg| library.name == "cryptography" && alg.key_type() == KeyType::Oct;
        (library, library.shared().filter(|alg| !formless(alg)).collect())
    })
}

/// The forms of a key that a library must write, private and public.
fn forms(library: &str, key_type: KeyType) -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let (private, public): (&[&str], &[&str]) = match (library, key_type) {
        ("cryptography", KeyType::Rsa) => (&["pkcs8", "pkcs1"], &["spki", "pkcs1", "certificate"]),
        ("cryptography", KeyType::P256 | KeyType::P384 | KeyType::P521 | KeyType::Secp256k1) => {
            (&["pkcs8", "sec1"], &["spki", "certificate"])
        }
        ("cryptography", _) => (&["pkcs8"], &["spki", "certificate"]),
        (_, KeyType::Oct) => (&["jwk"], &[]),
        _ => (&["jwk", "pkcs8"], &["jwk", "spki"]),
    };
    (private.iter().copied().collect(), public.iter().copied().collect())
}

/// A key as a library wrote it: texts by their form.
struct Written {
    private: BTreeMap<String, String>,
    public: BTreeMap<String, String>,
    thumbprint: Option<String>,
}

impl Written {
    /// Has the library write this key, or a new one.
    fn by(peer: &mut Peer, library: &str, alg: Alg, key: Option<&str>) -> Self {
        let reply = peer.ask(&json!({"op": "keys", "library": library, "alg": alg.name(), "key": key}));
        let texts = |value: &Value| serde_json::from_value(value.clone()).unwrap();
        Self {
            private: texts(&reply["private"]),
            public: texts(&reply["public"]),
            thumbprint: reply["thumbprint"].as_str().map(str::to_owned),
        }
    }

    fn has_forms(&self, (private, public): &(BTreeSet<&str>, BTreeSet<&str>)) -> bool {
        self.private.keys().map(String::as_str).eq(private.iter().copied())
            && self.public.keys().map(String::as_str).eq(public.iter().copied())
    }

    /// Reads every text, and gives each public key and, for each private one,
    /// the key that verifies for it. PEM is read a second time as DER.
    fn read(&self, alg: Alg) -> Vec<VerifyingKey> {
        let options = KeyOptions::default().alg(alg);
        let mut read = Vec::new();
        for (form, text) in &self.private {
            let mut signing = vec![if form == "jwk" {
                SigningKey::from_jwk(text.as_bytes(), &options).unwrap()
            } else {
                SigningKey::from_pem(text.as_bytes(), &options).unwrap()
            }];
            if form != "jwk" {
                signing.push(SigningKey::from_der(pem::parse(text).unwrap().contents(), &options).unwrap());
            }
            for key in signing {
                let verifying = || key.verifying_key().unwrap();
                read.push(verifying());
                let (public, other, token) = (verifying(), verifying(), ours::sign(key));
                assert_eq!(ours::verify(alg, public, &token), Ok(ours::claims()), "{alg} in {form}");
                let tampered = ours::verify(alg, other, &ours::tampered(&token));
                assert_eq!(tampered, Err(Code::SignatureInvalid), "{alg} in {form}");
            }
        }
        for (form, text) in self.private.iter().chain(&self.public) {
            if form == "jwk" {
                read.push(VerifyingKey::from_jwk(text.as_bytes(), &options).unwrap());
            } else {
                read.push(VerifyingKey::from_pem(text.as_bytes(), &options).unwrap());
                read.push(VerifyingKey::from_der(pem::parse(text).unwrap().contents(), &options).unwrap());
            }
        }
        read
    }
}

#[test]
fn our_keys_are_read_and_written_back_by_every_library() {
    let Some(mut peer) = Peer::start() else { return };
    for (library, algorithms) in libraries() {
        for alg in algorithms {
            let key = SigningKey::generate(alg).unwrap();
            let verifying = key.verifying_key().unwrap();
            let mut private = Vec::new();
            let mut public = Vec::new();
            if library.name != "cryptography" {
                private.push(key.to_jwk().unwrap());
                public.extend(verifying.to_jwk());
            }
            if alg.key_type() != KeyType::Oct {
                private.push(key.to_pem().unwrap());
                public.push(verifying.to_pem().unwrap());
            }
            let forms = forms(library.name, alg.key_type());
            let pair = format!("{alg} and {}", library.name);
            for (is_private, text) in
                private.iter().map(|text| (true, text)).chain(public.iter().map(|text| (false, text)))
            {
                let written = Written::by(&mut peer, library.name, alg, Some(text));
                assert_eq!(written.has_forms(&forms), is_private, "{pair}: {text}");
                assert!(is_private || written.private.is_empty(), "{pair}: {text}");
                for thumbprint in written.thumbprint.iter() {
                    assert_eq!(*thumbprint, verifying.thumbprint(), "{pair}: {text}");
                }
                let read = written.read(alg);
                assert!(!read.is_empty(), "{pair}: {text}");
                for read in read {
                    assert_eq!(read.thumbprint(), verifying.thumbprint(), "{pair}: {text}");
                }
            }
        }
    }
}

#[test]
fn keys_of_every_library_are_read_by_us() {
    let Some(mut peer) = Peer::start() else { return };
    for (library, algorithms) in libraries() {
        for alg in algorithms {
            let pair = format!("{alg} and {}", library.name);
            let written = Written::by(&mut peer, library.name, alg, None);
            assert!(written.has_forms(&forms(library.name, alg.key_type())), "{pair}");
            let read = written.read(alg);
            let thumbprint = read.first().unwrap().thumbprint();
            assert_eq!(written.thumbprint.as_deref().unwrap_or(thumbprint), thumbprint, "{pair}");
            assert!(read.iter().all(|key| key.thumbprint() == thumbprint), "{pair}");
        }
    }
}

#[test]
fn jwk_sets_go_to_libraries_and_back() {
    let Some(mut peer) = Peer::start() else { return };
    for (library, algorithms) in libraries().filter(|(library, _)| library.name != "cryptography") {
        let mut kids: Vec<_> = algorithms.iter().map(|alg| alg.name()).collect();
        kids.sort_unstable();
        let keys = kids.iter().map(|kid| {
            let alg = Alg::from_name(kid).unwrap();
            SigningKey::generate(alg).unwrap().with_kid(*kid).verifying_key().unwrap()
        });
        let ours = KeySet::new(keys.filter(|key| key.key_type() != KeyType::Oct));
        let request = json!({"op": "jwks", "library": library.name, "jwks": ours.to_jwks().unwrap()});
        let reply = peer.ask(&request);
        let theirs =
            KeySet::from_jwks(reply["jwks"].as_str().unwrap().as_bytes(), &KeyOptions::default()).unwrap();
        assert!(theirs.skipped().is_empty() && ours.len() >= 12, "{}", library.name);
        let told = |set: &KeySet| -> Vec<_> {
            set.keys()
                .iter()
                .map(|key| (key.kid().map(str::to_owned), key.thumbprint().to_owned(), key.algorithms()))
                .collect()
        };
        assert_eq!(told(&theirs), told(&ours), "{}", library.name);
    }
}
