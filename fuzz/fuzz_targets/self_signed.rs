//! Any bytes as the JWK that comes with a token.
//!
//! What is said of the token and of this key must be what a verifying key of the same text
//! says, but for private and symmetric keys, which are refused; with the key in the header
//! it must be the same as beside the token; and the same in lanes.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jot::backend::Backend;
use jot::batch::{Batch, Tokens};
use jot::{Alg, Code, KeyOptions, KeyType, Scratch, SelfSignedVerifier, Signer, Thumbprint, VerifyingKey};
use jot_fuzz::{keys, seeds};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

const ALGORITHMS: [Alg; 3] = [Alg::ES256, Alg::EdDSA, Alg::RS256];
const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

static SIGNERS: LazyLock<Vec<Signer>> = LazyLock::new(|| {
    let all = keys::signing();
    let of = |alg| all.iter().find(|(_, key)| key.alg() == alg).unwrap().1.clone();
    ALGORITHMS.iter().map(|alg| Signer::new(of(*alg))).collect()
});

static VERIFIERS: LazyLock<[SelfSignedVerifier; 2]> = LazyLock::new(|| {
    [Backend::AwsLc, Backend::Auto].map(|backend| {
        SelfSignedVerifier::builder(ALGORITHMS).any_typ().backend(backend).cross_check(0).build().unwrap()
    })
});

type Answer = Result<Thumbprint, Code>;

fn token(signer: &Signer, header: &[u8]) -> String {
    let input = format!("{}.e30", URL_SAFE_NO_PAD.encode(header));
    let signature = signer.sign_message(&input).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// What a verifying key of this text says.
fn expected(jwk: &[u8], members: &BTreeMap<String, IgnoredAny>, alg: Alg, token: &str) -> Answer {
    let key = VerifyingKey::from_jwk(jwk, &KeyOptions::default()).map_err(|error| error.code())?;
    if key.key_type() == KeyType::Oct {
        return Err(Code::KeySecretNotPublic);
    }
    if PRIVATE.iter().any(|name| members.contains_key(*name)) {
        return Err(Code::JwkPrivate);
    }
    if !key.algorithms().contains(alg) {
        return Err(Code::KeyNotForAlg);
    }
    let (input, signature) = token.rsplit_once('.').unwrap();
    if !key.verify_signature(alg, input, URL_SAFE_NO_PAD.decode(signature).unwrap()) {
        return Err(Code::SignatureInvalid);
    }
    let digest = URL_SAFE_NO_PAD.decode(key.thumbprint()).unwrap();
    Ok(Thumbprint::from(<[u8; 32]>::try_from(digest).unwrap()))
}

fuzz_target!(
    init: seeds::plant("self_signed", seeds::jwks()),
    |jwk: &[u8]| {
        let mut scratch = Scratch::new();
        let mut batch = Batch::new(1).unwrap();
        let [aws_lc, lanes] = &*VERIFIERS;
        // A text that is no object could add to the header.
        let unmarked = jwk.strip_prefix(b"\xef\xbb\xbf").unwrap_or(jwk);
        let members = serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(unmarked);
        for (signer, alg) in SIGNERS.iter().zip(ALGORITHMS) {
            let apart = token(signer, format!(r#"{{"alg":"{alg}"}}"#).as_bytes());
            let known = aws_lc.verify_with_key(&apart, jwk, &mut scratch);
            let known = known.map(|known| known.thumbprint()).map_err(|refused| refused.code());
            let wanted = expected(jwk, members.as_ref().unwrap_or(&BTreeMap::new()), alg, &apart);
            let is_refused_first = |code| {
                matches!(code, Code::KeySecretNotPublic | Code::JwkPrivate | Code::KeyNotForAlg)
            };
            match (known, wanted) {
                // What is wrong with such a key besides is not looked for.
                (Err(code), Err(_)) if is_refused_first(code) => {}
                _ => assert_eq!(known, wanted, "{alg}"),
            }
            let rows = [apart.as_bytes(); 3];
            let texts = [jwk; 3];
            let texts = Tokens::Slices(&texts);
            let found = batch.verify_self_signed(lanes, &Tokens::Slices(&rows), Some(&texts), None).unwrap();
            assert!(found.into_iter().all(|answer| answer.map_err(|refused| refused.code()) == known));
            if members.is_err() || unmarked != jwk {
                continue;
            }
            let header = [format!(r#"{{"alg":"{alg}","jwk":"#).as_bytes(), jwk, b"}"].concat();
            let brought = token(signer, &header);
            let inside = aws_lc.verify(&brought, &mut scratch);
            match inside.map(|known| known.thumbprint()).map_err(|refused| refused.code()) {
                // In the header it lies a level deeper, and a name that is there twice is the header's.
                Err(Code::HeaderTooDeep | Code::HeaderTooLong | Code::HeaderRepeated | Code::HeaderJson) => {}
                inside => assert_eq!(inside, known, "{alg}"),
            }
        }
    }
);
