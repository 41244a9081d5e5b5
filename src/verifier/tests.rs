//! What the cache holds after more changes than 32 bits can count.

use std::sync::Arc;

use super::{Accepted, Outcome, Verifier, Worker};
use crate::alg::Alg;
use crate::base64url;
use crate::cache::CacheSize;
use crate::error::Code;
use crate::key::{KeySet, SigningKey};
use crate::policy::Policy;
use crate::revocation::Revocations;
use crate::scratch::Scratch;
use crate::time::UnixSeconds;

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

struct Scene {
    verifier: Verifier,
    keys: [Arc<KeySet>; 2],
    token: Vec<u8>,
}

impl Scene {
    fn new() -> Self {
        let signers = [0, 1].map(|_| SigningKey::generate(Alg::HS256).unwrap());
        let keys = signers.each_ref().map(|key| Arc::new(KeySet::new([key.verifying_key().unwrap()])));
        let policy = Policy::new([Alg::HS256]);
        let builder = Verifier::builder(policy).keys(Arc::clone(&keys[0])).cache(CacheSize::Entries(10));
        let segments = [&br#"{"alg":"HS256"}"#[..], br#"{"exp":1900000000,"jti":"one"}"#];
        let mut token = segments.map(base64url::encode).join(".").into_bytes();
        let mut signature = Vec::new();
        signers[0].sign(&token, &mut signature).unwrap();
        token.extend([".", &base64url::encode(&signature)].concat().bytes());
        Self { verifier: builder.build().unwrap(), keys, token }
    }

    /// The code in every way to verify, each of them twice, and whether the
    /// last one came out of the cache.
    fn codes(&self) -> (Vec<Code>, bool) {
        let (mut scratch, mut from_cache) = (Scratch::new(), false);
        let mut codes = Vec::new();
        for _ in 0..2 {
            let (tokens, mut outcomes) = ([(self.token.as_slice(), Some(NOW))], [Outcome::default()]);
            Worker::default().assess(&self.verifier, tokens.into_iter(), &mut outcomes, None);
            codes.push(outcomes[0].code_at(&self.verifier, Some(NOW)));
            codes.push(self.verifier.verdict(&self.token, NOW, &mut scratch).code());
            let checked = self.verifier.verify_without_claims(&self.token, NOW, &mut scratch);
            from_cache = checked.as_ref().is_ok_and(Accepted::from_cache);
            codes.push(checked.map_or_else(|rejection| rejection.code(), |_| Code::Accepted));
        }
        codes.dedup();
        (codes, from_cache)
    }

    fn revoke(&self, jti: &str) {
        let mut list = Revocations::default();
        list.revoke_jti(jti, None).unwrap();
        self.verifier.set_revocations(list);
    }

    fn replace(&self, number: usize) {
        self.verifier.replace_keys(None, Arc::clone(&self.keys[number])).unwrap();
    }
}

/// Numbers of changes around which a shorter number would be what it was.
fn wraps() -> impl Iterator<Item = u64> {
    [8, 16, 31, 32, 33, 40, 48, 56].into_iter().flat_map(|bits| {
        let wrap = 1_u64 << bits;
        wrap.wrapping_sub(3)..wrap.saturating_add(3)
    })
}

#[test]
fn entry_never_counts_again_however_many_changes_there_were() {
    for changes in wraps() {
        let scene = Scene::new();
        assert_eq!(scene.codes(), (vec![Code::Accepted], true));
        scene.verifier.shared.changes.skip(changes);
        scene.revoke("one");
        assert_eq!(scene.codes(), (vec![Code::JtiRevoked], false), "{changes}");

        let scene = Scene::new();
        assert_eq!(scene.codes(), (vec![Code::Accepted], true));
        scene.verifier.shared.changes.skip(changes);
        scene.replace(1);
        assert_eq!(scene.codes(), (vec![Code::SignatureInvalid], false), "{changes}");
    }
}

#[test]
fn cache_goes_on_past_any_number_of_changes() {
    for changes in wraps() {
        let scene = Scene::new();
        scene.verifier.shared.changes.skip(changes);
        for turn in 0..3 {
            assert_eq!(scene.codes(), (vec![Code::Accepted], true), "{changes} and {turn}");
            scene.replace(1);
            assert_eq!(scene.codes(), (vec![Code::SignatureInvalid], false));
            scene.replace(0);
            assert_eq!(scene.codes(), (vec![Code::Accepted], true));
            scene.revoke("one");
            assert_eq!(scene.codes(), (vec![Code::JtiRevoked], false));
            scene.revoke("two");
        }
    }
}

#[test]
fn keys_that_came_in_later_are_not_taken_for_those_of_an_entry() {
    let scene = Scene::new();
    let issuer = scene.verifier.shared.trust.get(0).unwrap();
    let before = scene.verifier.shared.changes.last();
    assert_eq!(issuer.keys().number_as_of(before), before);
    scene.replace(1);
    assert_eq!(issuer.keys().number_as_of(before), 0);
    assert!(scene.verifier.shared.changes.last() > before);
    // The very same keys are no change.
    let before = scene.verifier.shared.changes.last();
    scene.verifier.replace_keys(None, Arc::clone(&scene.keys[1])).unwrap();
    assert_eq!(scene.verifier.shared.changes.last(), before);
}
