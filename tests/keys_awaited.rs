//! Tokens of an issuer whose keys are not there: neither accepted nor called bad.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use std::sync::{Arc, Mutex};

use cases::forge;
use cases::keys::{public, verifying};
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{
    Alg, CacheSize, Code, Error, KeyFeed, KeySet, KeySlot, KeySource, Policy, Scratch, UnixSeconds, Verifier,
};

const NOW: UnixSeconds = UnixSeconds(forge::NOW);

fn policy() -> Policy {
    Policy::new([Alg::EdDSA]).any_audience()
}

fn keys() -> KeySet {
    KeySet::new([verifying(&public("ed25519"))])
}

fn token(kid: &str) -> String {
    let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#);
    forge::token(Alg::EdDSA, "ed25519", header, forge::plain_claims().to_string())
}

/// What every door says of a token.
fn codes(verifier: &Verifier, token: &str) -> [Code; 3] {
    let mut scratch = Scratch::new();
    let single =
        verifier.verify(token, NOW, &mut scratch).map_or_else(|refused| refused.code(), |_| Code::Accepted);
    let check = verifier
        .verify_without_claims(token, NOW, &mut scratch)
        .map_or_else(|refused| refused.code(), |_| Code::Accepted);
    let tokens = [token.as_bytes()];
    let batch = batch(verifier, &tokens);
    [single, check, batch[0]]
}

fn batch(verifier: &Verifier, tokens: &[&[u8]]) -> Vec<Code> {
    let mut codes = vec![u32::MAX; tokens.len()];
    let mut columns = Columns::codes(&mut codes);
    let mut batch = Batch::new(1).unwrap();
    batch.verify(verifier, &Tokens::Slices(tokens), Instants::Now(NOW), &mut columns).unwrap();
    codes.into_iter().map(|number| Code::from_number(number).unwrap()).collect()
}

#[test]
fn token_is_answered_by_why_its_keys_are_not_there() {
    let verifier =
        Verifier::builder(policy()).keys(KeySet::not_yet()).cache(CacheSize::Entries(100)).build().unwrap();
    let (ours, other) = (token("ed25519"), token("other"));
    assert_eq!(codes(&verifier, &ours), [Code::KeysNotYet; 3]);
    assert_eq!(codes(&verifier, &other), [Code::KeysNotYet; 3]);
    // What no key would save is told as ever.
    assert_eq!(codes(&verifier, "a.b"), [Code::TokenSegments; 3]);
    let none = forge::unsigned(r#"{"alg":"none"}"#, "{}", b"");
    assert_eq!(codes(&verifier, &none), [Code::AlgNone; 3]);

    verifier.replace_keys(None, keys()).unwrap();
    assert_eq!(codes(&verifier, &ours), [Code::Accepted; 3]);
    assert_eq!(codes(&verifier, &other), [Code::KidUnknown; 3]);

    // The cache knows the token, and is not asked.
    verifier.replace_keys(None, KeySet::stale()).unwrap();
    assert_eq!(codes(&verifier, &ours), [Code::KeysStale; 3]);
    verifier.replace_keys(None, KeySet::not_yet()).unwrap();
    assert_eq!(codes(&verifier, &ours), [Code::KeysNotYet; 3]);
    verifier.replace_keys(None, keys()).unwrap();
    assert_eq!(codes(&verifier, &ours), [Code::Accepted; 3]);
}

#[test]
fn other_issuers_are_not_held_up() {
    let verifier = Verifier::builder(policy())
        .issuer(forge::ISSUER, keys())
        .issuer("https://slow.example", KeySet::not_yet())
        .build()
        .unwrap();
    assert_eq!(codes(&verifier, &token("ed25519")), [Code::Accepted; 3]);
    let mut claims = forge::plain_claims();
    claims["iss"] = "https://slow.example".into();
    let slow = forge::token(Alg::EdDSA, "ed25519", r#"{"alg":"EdDSA"}"#, claims.to_string());
    assert_eq!(codes(&verifier, &slow), [Code::KeysNotYet; 3]);
    let error = Verifier::builder(policy()).keys(KeySet::default()).build().unwrap_err();
    assert_eq!(error.code(), Code::KeysEmpty);
}

#[test]
fn issuer_whose_keys_are_awaited_does_not_answer_for_others() {
    let named = |keys| Verifier::builder(policy()).issuer("https://slow.example", keys).build().unwrap();
    let mut claims = forge::plain_claims();
    claims["iss"] = "https://slow.example".into();
    let slow = forge::token(Alg::EdDSA, "ed25519", r#"{"alg":"EdDSA"}"#, claims.to_string());
    let (other, mut scratch) = (token("ed25519"), Scratch::new());
    for (awaited, code) in [(KeySet::not_yet(), Code::KeysNotYet), (KeySet::stale(), Code::KeysStale)] {
        let verifier = named(awaited);
        assert_eq!(codes(&verifier, &slow), [code; 3]);
        assert_eq!(codes(&verifier, &other), [Code::IssuerUnknown; 3]);
        verifier.replace_keys(Some("https://slow.example"), keys()).unwrap();
        assert_eq!(codes(&verifier, &slow), [Code::Accepted; 3]);
        assert_eq!(codes(&verifier, &other), [Code::IssMismatch; 3]);
        assert_eq!(verifier.unverified_issuer_index(&slow, &mut scratch), Some(0));
        assert_eq!(verifier.unverified_issuer_index(&other, &mut scratch), None);
        assert_eq!(verifier.unverified_issuer_index("a.b", &mut scratch), None);
    }
    let unnamed = Verifier::builder(policy()).keys(KeySet::not_yet()).build().unwrap();
    assert_eq!(unnamed.unverified_issuer_index(&other, &mut scratch), Some(0));
}

/// Keys that a test hands out.
#[derive(Debug, Default)]
struct Feed {
    slots: Mutex<Vec<KeySlot>>,
    fails: bool,
}

impl Feed {
    /// Brings keys; returns how many places there are still for them.
    fn bring(&self, keys: KeySet) -> usize {
        let (keys, mut slots) = (Arc::new(keys), self.slots.lock().unwrap());
        slots.retain(|slot| slot.replace(Arc::clone(&keys)).unwrap());
        slots.len()
    }
}

impl KeyFeed for Feed {
    fn feed(&self, slot: KeySlot) -> Result<(), Error> {
        self.slots.lock().unwrap().push(slot);
        if self.fails { Err(Error::from(Code::ThreadsMissing)) } else { Ok(()) }
    }
}

#[test]
fn feed_brings_keys_to_every_verifier_that_is_built_with_it() {
    let feed = Arc::new(Feed::default());
    let source = || KeySource::of_feed(Arc::clone(&feed));
    let one = Verifier::builder(policy()).keys(source()).cache(CacheSize::Entries(100)).build().unwrap();
    let builder = Verifier::builder(policy()).issuer("https://own", keys()).issuer(forge::ISSUER, source());
    let other = builder.clone().build().unwrap();
    let (ours, unknown) = (token("ed25519"), token("other"));
    assert_eq!((codes(&one, &ours), codes(&other, &ours)), ([Code::KeysNotYet; 3], [Code::KeysNotYet; 3]));
    assert_eq!(feed.bring(keys()), 2);
    assert_eq!((codes(&one, &ours), codes(&other, &ours)), ([Code::Accepted; 3], [Code::Accepted; 3]));
    assert_eq!(codes(&other, &unknown), [Code::KidUnknown; 3]);
    assert_eq!(feed.bring(KeySet::stale()), 2);
    assert_eq!((codes(&one, &ours), codes(&other, &ours)), ([Code::KeysStale; 3], [Code::KeysStale; 3]));
    drop(one);
    assert_eq!(feed.bring(keys()), 1);
    assert_eq!(codes(&other, &ours), [Code::Accepted; 3]);

    // The verifier keeps what feeds it, and the feed does not keep the verifier.
    let weak = Arc::downgrade(&feed);
    drop((feed, builder));
    assert!(weak.upgrade().is_some_and(|feed| feed.bring(keys()) == 1));
    drop(other);
    assert!(weak.upgrade().is_none());
}

#[test]
fn verifier_is_not_built_without_the_feed_that_it_needs() {
    let feed = Arc::new(Feed { fails: true, ..Feed::default() });
    let builder = Verifier::builder(policy()).keys(KeySource::of_feed(Arc::clone(&feed)));
    assert!(builder.check().is_ok());
    assert_eq!(builder.build().unwrap_err().code(), Code::ThreadsMissing);
    assert_eq!(feed.bring(keys()), 0, "a verifier that nobody has");

    let verifier = Verifier::builder(policy()).issuer(forge::ISSUER, keys()).build().unwrap();
    assert_eq!(verifier.key_slot(Some("https://other")).unwrap_err().code(), Code::IssuerUnknown);
    let slot = verifier.key_slot(None).unwrap();
    assert_eq!(slot.replace(KeySet::default()).unwrap_err().code(), Code::KeysEmpty);
    assert_eq!(codes(&verifier, &token("ed25519")), [Code::Accepted; 3]);
}
