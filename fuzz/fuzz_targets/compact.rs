//! Any bytes as a token, verified with keys of every type.
//!
//! `verdict` and `verify` must agree; a scratch that held other tokens must not
//! matter; one key set for all and one for each issuer must agree; an accepted
//! token must be well-formed to another reader. The same header and payload
//! are then signed anew, so that what lies behind the signature is reached,
//! and acceptance must be what the rules say.
#![no_main]

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use aws_lc_rs::hmac;
use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
use jot_fuzz::reference::{Tree, accepts, decode, encode};
use jot_fuzz::{NOW, keys, seeds};
use libfuzzer_sys::fuzz_target;

struct World {
    /// Every key, for any issuer; all but the secret have a `kid`.
    together: Verifier,
    /// The same keys, each for an issuer of its own.
    apart: Verifier,
    /// The key of each issuer, alone.
    alone: HashMap<String, Verifier>,
    secret: hmac::Key,
}

thread_local! {
    static USED: RefCell<Scratch> = RefCell::default();
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let texts = keys::texts();
    let key = |index: usize| {
        let options = KeyOptions::default();
        let key = VerifyingKey::from_jwk(texts[index].as_bytes(), &options).unwrap();
        let kid = key.algorithms().iter().next().unwrap().name();
        let named = if index == 0 { options } else { options.kid(kid) };
        VerifyingKey::from_jwk(texts[index].as_bytes(), &named).unwrap()
    };
    let policy = || Policy::new(Alg::ALL.iter().copied()).any_audience().allow_missing_exp();
    let issuer = |index: usize| format!("https://issuer/{index}");
    let mut apart = Verifier::builder(policy());
    let mut alone = HashMap::new();
    for index in 0..texts.len() {
        apart = apart.issuer(&issuer(index), KeySet::new([key(index)]));
        let verifier = Verifier::builder(policy()).issuer(&issuer(index), KeySet::new([key(index)]));
        alone.insert(issuer(index), verifier.build().unwrap());
    }
    let together = Verifier::builder(policy()).keys((0..texts.len()).map(key).collect::<KeySet>());
    World {
        together: together.build().unwrap(),
        apart: apart.build().unwrap(),
        alone,
        secret: hmac::Key::new(hmac::HMAC_SHA256, &keys::secret()),
    }
});

/// What there is to tell of a token.
#[derive(Debug, PartialEq)]
struct Told {
    code: Code,
    signature_ok: bool,
    claims: Option<String>,
}

fn judge(verifier: &Verifier, token: &[u8], scratch: &mut Scratch) -> Told {
    let verdict = verifier.verdict(token, UnixSeconds(NOW), scratch);
    assert_eq!(verdict.is_accepted(), verdict.code() == Code::Accepted);
    Told {
        code: verdict.code(),
        signature_ok: verdict.signature_ok(),
        claims: verdict.signed_claims().map(|claims| claims.as_text().to_owned()),
    }
}

/// Checks that every way to the verdict gives the same one, and returns it.
fn agreed(token: &[u8]) -> Told {
    let told = USED.with_borrow_mut(|used| judge(&WORLD.together, token, used));
    assert_eq!(told, judge(&WORLD.together, token, &mut Scratch::new()), "a used scratch");
    let mut scratch = Scratch::new();
    match WORLD.together.verify(token, UnixSeconds(NOW), &mut scratch) {
        Ok(verified) => {
            assert_eq!(told.code, Code::Accepted);
            assert_eq!(told.claims.as_deref(), Some(verified.claims().as_text()));
            let (alg, place) = (verified.header().alg(), verified.key());
            let keys = WORLD.together.keys(None).unwrap();
            assert!(keys.keys()[place.key_index as usize].algorithms().contains(alg));
            well_formed(token, &verified);
            let own = format!("https://issuer/{}", place.key_index);
            if verified.claims().issuer() == Some(&own) {
                let apart = judge(&WORLD.apart, token, &mut Scratch::new());
                assert_eq!(told, apart, "the issuer's own key");
            }
        }
        Err(rejection) => {
            assert_eq!((rejection.code(), rejection.signature_ok()), (told.code, told.signature_ok));
        }
    }
    let apart = judge(&WORLD.apart, token, &mut scratch);
    if apart.code == Code::Accepted {
        assert_eq!(apart, told, "one key set for each issuer");
        let claims = Tree::read(apart.claims.as_ref().unwrap().as_bytes()).unwrap();
        let Some(Tree::String(issuer)) = claims.member("iss") else { panic!("no issuer") };
        assert_eq!(apart, judge(&WORLD.alone[issuer], token, &mut scratch), "the issuer alone");
    }
    told
}

/// Reads an accepted token another way.
fn well_formed(token: &[u8], verified: &jot::Verified<'_>) {
    let token = std::str::from_utf8(token).unwrap();
    let segments: Vec<_> = token.split('.').collect();
    assert_eq!(segments.len(), 3);
    let header = Tree::read(&decode(segments[0]).unwrap()).unwrap();
    let claims = Tree::read(&decode(segments[1]).unwrap()).unwrap();
    assert!(decode(segments[2]).is_some());
    assert_eq!(header.member("alg"), Some(&Tree::String(verified.header().alg().name().to_owned())));
    assert_eq!(claims, Tree::ours(jot::json::Value::Object(verified.claims().as_object())));
}

/// Signs header and payload with the HMAC secret, whatever they are, and holds
/// the verdict against the rules.
fn signed_anew(token: &[u8]) {
    let mut segments = token.splitn(3, |byte| *byte == b'.');
    let (Some(header), Some(payload)) = (segments.next(), segments.next()) else { return };
    let mut token = [header, b".", payload].concat();
    let signature = encode(hmac::sign(&WORLD.secret, &token).as_ref());
    token.push(b'.');
    token.extend_from_slice(signature.as_bytes());
    let told = agreed(&token);
    if token.len() > 64 * 1024 || header.len() > 8 * 1024 {
        return assert_ne!(told.code, Code::Accepted);
    }
    let read = |segment| Tree::read(&decode(std::str::from_utf8(segment).ok()?)?).ok();
    let expected = match (read(header), read(payload)) {
        (Some(header), Some(claims)) => accepts("HS256", &header, &claims, NOW),
        _ => Some(false),
    };
    if let Some(expected) = expected {
        assert_eq!(told.code == Code::Accepted, expected, "{told:?}");
    }
}

fuzz_target!(
    init: seeds::plant("compact", seeds::tokens()),
    |token: &[u8]| {
        agreed(token);
        signed_anew(token);
    }
);
