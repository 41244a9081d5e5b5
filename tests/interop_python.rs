//! Tokens go to PyJWT, joserfc, jwcrypto and cryptography and come from them,
//! for every algorithm that both sides know.
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

use std::collections::BTreeSet;

use jot::{Alg, Code, KeyType, SigningKey};
use peer::{LIBRARIES, Library, Peer};
use serde_json::{Value, json};

/// A key in the forms that a library reads: JWKs, and PEM for cryptography,
/// which knows no JWK.
struct Keys {
    private: String,
    public: String,
}

fn keys_for(library: &Library, key: &SigningKey) -> Keys {
    let verifying = key.verifying_key().unwrap();
    match (library.name, key.alg().key_type()) {
        (_, KeyType::Oct) => Keys { private: key.to_jwk().unwrap(), public: key.to_jwk().unwrap() },
        ("cryptography", _) => Keys { private: key.to_pem().unwrap(), public: verifying.to_pem().unwrap() },
        _ => Keys { private: key.to_jwk().unwrap(), public: verifying.to_jwk().unwrap() },
    }
}

/// Has the library verify: the claims, or `None` for a refused signature.
fn verify(peer: &mut Peer, library: &Library, alg: Alg, key: &str, token: &str) -> Option<Value> {
    let request =
        json!({"op": "verify", "library": library.name, "alg": alg.name(), "key": key, "token": token});
    let reply = peer.ask(&request);
    match (reply.get("claims"), reply.get("refused")) {
        (Some(claims), None) => Some(claims.clone()),
        (None, Some(_)) => None,
        _ => panic!("{reply}"),
    }
}

/// Has the library make a token.
fn sign(peer: &mut Peer, library: &Library, alg: Alg, key: &str, claims: &Value) -> String {
    let request =
        json!({"op": "sign", "library": library.name, "alg": alg.name(), "key": key, "claims": claims});
    peer.ask(&request)["token"].as_str().unwrap().to_owned()
}

#[test]
fn libraries_lack_the_algorithms_of_the_table_and_no_others() {
    let Some(mut peer) = Peer::start() else { return };
    for library in LIBRARIES {
        let reply = peer.ask(&json!({"op": "algorithms", "library": library.name}));
        let names = reply["algorithms"].as_array().unwrap();
        let known: BTreeSet<_> = names.iter().filter_map(|name| Alg::from_name(name.as_str()?)).collect();
        let shared: BTreeSet<_> = library.shared().collect();
        assert_eq!(known, shared, "{}", library.name);
    }
    for alg in Alg::ALL {
        let knowing = LIBRARIES.iter().filter(|library| library.shared().any(|shared| shared == *alg));
        assert!(knowing.count() >= 2, "{alg} is held against fewer than two libraries");
    }
}

#[test]
fn our_tokens_are_verified_by_every_library() {
    let Some(mut peer) = Peer::start() else { return };
    for library in LIBRARIES {
        for alg in library.shared() {
            let key = SigningKey::generate(alg).unwrap();
            let public = keys_for(library, &key).public;
            let token = ours::sign(key);
            let pair = format!("{alg} and {}", library.name);
            assert_eq!(verify(&mut peer, library, alg, &public, &token), Some(ours::claims()), "{pair}");
            let tampered = ours::tampered(&token);
            assert_eq!(verify(&mut peer, library, alg, &public, &tampered), None, "{pair}");
        }
    }
}

#[test]
fn tokens_of_every_library_are_verified_by_us() {
    let Some(mut peer) = Peer::start() else { return };
    for library in LIBRARIES {
        for alg in library.shared() {
            let key = SigningKey::generate(alg).unwrap();
            let private = keys_for(library, &key).private;
            let token = sign(&mut peer, library, alg, &private, &ours::claims());
            let verified = |token: &str| ours::verify(alg, key.verifying_key().unwrap(), token);
            let pair = format!("{alg} and {}", library.name);
            assert_eq!(verified(&token), Ok(ours::claims()), "{pair}");
            assert_eq!(verified(&ours::tampered(&token)), Err(Code::SignatureInvalid), "{pair}");
        }
    }
}
