//! Keys of one `kid` that follow one another: a batch tries the one in force first, and
//! comes to the result of the path of single tokens.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{
    Alg, CacheSize, Code, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier, VerifyingKey,
};

const MONTH: i64 = 1000;

/// Keys, each in force for a month, and the next one's month begins as its own ends.
struct House {
    signers: Vec<Signer>,
    keys: Vec<VerifyingKey>,
}

impl House {
    fn of(alg: Alg, count: usize) -> Self {
        let signing: Vec<_> = (0..count).map(|_| SigningKey::generate(alg).unwrap().with_kid("k")).collect();
        let month = |at: i64| Some(UnixSeconds(at * MONTH));
        let dated = |(at, key): (usize, &SigningKey)| {
            let at = i64::try_from(at).unwrap();
            key.verifying_key().unwrap().with_validity(month(at), month(at + 1))
        };
        let keys = signing.iter().enumerate().map(dated).collect();
        Self { signers: signing.into_iter().map(Signer::new).collect(), keys }
    }

    fn token(&self, signer: usize, number: usize) -> String {
        self.signers[signer].sign_claims(format!(r#"{{"jti":"{number}"}}"#)).unwrap()
    }
}

fn verifier(alg: Alg, keys: impl IntoIterator<Item = VerifyingKey>, cached: bool) -> Verifier {
    let policy = Policy::new([alg]).allow_missing_exp();
    let builder = Verifier::builder(policy).keys(KeySet::new(keys));
    let builder = if cached { builder.cache(CacheSize::Entries(4000)) } else { builder };
    builder.build().unwrap()
}

/// The codes and keys of a batch, which must be those of the tokens one by one.
fn judged(verifier: &Verifier, tokens: &[String], as_of: &[i64]) -> Vec<(Code, u32)> {
    let rows: Vec<&[u8]> = tokens.iter().map(String::as_bytes).collect();
    let (mut codes, mut keys) = (vec![0; rows.len()], vec![0; rows.len()]);
    let mut columns = Columns::codes(&mut codes);
    columns.key_index = Some(&mut keys);
    Batch::new(1)
        .unwrap()
        .verify(verifier, &Tokens::Slices(&rows), Instants::AsOf(as_of), &mut columns)
        .unwrap();
    let mut scratch = Scratch::new();
    let found: Vec<_> =
        codes.iter().zip(&keys).map(|(code, key)| (Code::from_number(*code).unwrap(), *key)).collect();
    for ((token, at), found) in tokens.iter().zip(as_of).zip(&found) {
        let verdict = verifier.verdict(token.as_bytes(), UnixSeconds(*at), &mut scratch);
        assert_eq!(verdict.code(), found.0, "at {at}");
        if let Some(key) = verdict.key() {
            assert_eq!(key.key_index, found.1, "at {at}");
        }
    }
    found
}

#[test]
fn every_token_is_judged_as_by_itself() {
    for alg in [Alg::EdDSA, Alg::ES256, Alg::RS256] {
        let house = House::of(alg, 3);
        // Few tokens are taken in small chunks, many in large ones.
        let count = if alg == Alg::EdDSA { 600 } else { 150 };
        // By the key of its month, of the month before and after, of a time without any,
        // and of two that change within a batch.
        let mut tokens = Vec::new();
        let mut as_of = Vec::new();
        for number in 0..count {
            let signer = number % 3;
            tokens.push(house.token(signer, number));
            as_of.push(
                [0, 500, 999, 1000, 1500, 2000, 2999, 3000, -1][number % 9] + 1000 * (number as i64 / 60),
            );
        }
        // And forged ones.
        for number in (0..count).step_by(7) {
            let (input, signature) = tokens[number].rsplit_once('.').unwrap();
            let other = tokens[(number + 3) % count].rsplit_once('.').unwrap().1;
            assert_ne!(signature, other);
            tokens[number] = format!("{input}.{other}");
        }
        for cached in [false, true] {
            let verifier = verifier(alg, house.keys.iter().cloned(), cached);
            let first = judged(&verifier, &tokens, &as_of);
            assert_eq!(judged(&verifier, &tokens, &as_of), first);
            let count = |code| first.iter().filter(|found| found.0 == code).count();
            assert_eq!(count(Code::SignatureInvalid), tokens.len().div_ceil(7));
            for code in [Code::Accepted, Code::KeyRetired, Code::KeyNotYetValid] {
                assert!(count(code) > 20, "{code:?}");
            }
        }
    }
}

#[test]
fn key_that_stands_twice_is_found_in_its_first_place() {
    let house = House::of(Alg::EdDSA, 2);
    let again = house.keys[0].clone().with_validity(Some(UnixSeconds(5 * MONTH)), None);
    let keys = [house.keys[1].clone(), house.keys[0].clone(), again];
    let verifier = verifier(Alg::EdDSA, keys, false);
    let tokens: Vec<_> = (0..6).map(|number| house.token(0, number)).collect();
    let found = judged(&verifier, &tokens, &[0, 500, 1500, 5500, 9999, 0]);
    let (good, late) = ((Code::Accepted, 1), (Code::KeyRetired, 1));
    assert_eq!(found, [good, good, late, late, late, good]);
}

#[test]
fn no_key_is_tried_that_a_single_token_would_not_come_to() {
    let house = House::of(Alg::EdDSA, 10);
    let verifier = verifier(Alg::EdDSA, house.keys.iter().cloned(), false);
    let tokens: Vec<_> = (0..10).map(|number| house.token(number, number)).collect();
    let as_of: Vec<i64> = (0..10).map(|month| month * MONTH).collect();
    let found: Vec<_> = judged(&verifier, &tokens, &as_of).into_iter().map(|found| found.0).collect();
    let mut wanted = vec![Code::Accepted; 10];
    wanted[8..].fill(Code::CandidatesTooMany);
    assert_eq!(found, wanted);
}
