//! Batches whose tokens have many keys, few of which have tables.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing amiss"
)]

#[path = "../accel/tests/missing/mod.rs"]
mod missing;

use jot::backend::Backend;
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Alg, Code, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier, VerifyingKey};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const KEYS: usize = 40;

struct Issuer {
    keys: Vec<VerifyingKey>,
    signers: Vec<Signer>,
}

impl Issuer {
    /// Makes keys of both algorithms whose signatures may share their lanes, and of one whose
    /// may not.
    fn new() -> Self {
        let signer = |number: usize| {
            let alg = [Alg::ES256, Alg::EdDSA, Alg::MlDsa44][number % 3];
            Signer::new(SigningKey::generate(alg).unwrap().with_kid(format!("key-{number}")))
        };
        let signers: Vec<_> = (0..KEYS).map(signer).collect();
        let keys = signers.iter().map(|signer| signer.key().verifying_key().unwrap()).collect();
        Self { keys, signers }
    }

    /// One token of each key in turn: good ones, expired ones, those of another key's private
    /// part, and changed ones.
    fn tokens(&self, count: usize) -> Vec<String> {
        (0..count)
            .map(|number| {
                let signer = &self.signers[number % KEYS];
                let exp = if number % 11 == 4 { NOW.0 - 100 } else { NOW.0 + 100 };
                let claims = format!(r#"{{"exp":{exp},"n":{number}}}"#);
                let token = signer.sign_claims(claims.as_bytes()).unwrap();
                match number % 13 {
                    5 => {
                        let other = &self.signers[(number + 3) % KEYS];
                        let signing_input = &token[..token.rfind('.').unwrap()];
                        let signature = other.sign_message(signing_input).unwrap();
                        format!("{signing_input}.{}", jot_base64url(&signature))
                    }
                    6 => {
                        let place = token.len() - 40;
                        let other = if token.as_bytes()[place] == b'A' { "B" } else { "A" };
                        format!("{}{other}{}", &token[..place], &token[place + 1..])
                    }
                    _ => token,
                }
            })
            .collect()
    }

    fn verifier(&self, backend: Backend, table_bytes: usize) -> Verifier {
        let policy = Policy::new([Alg::ES256, Alg::EdDSA, Alg::MlDsa44]);
        let builder = Verifier::builder(policy).keys(KeySet::new(self.keys.clone()));
        builder.backend(backend).table_bytes(table_bytes).cross_check(5).build().unwrap()
    }
}

fn jot_base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    let letter = |first: usize| (0..6).fold(0, |letter, offset| letter << 1 | bit(first + offset));
    (0..bytes.len() * 8).step_by(6).map(|first| char::from(LETTERS[letter(first)])).collect()
}

fn codes(batch: &mut Batch, verifier: &Verifier, tokens: &[String]) -> Vec<u32> {
    let slices: Vec<&[u8]> = tokens.iter().map(|token| token.as_bytes()).collect();
    let mut codes = vec![u32::MAX; tokens.len()];
    let columns = &mut Columns::codes(&mut codes);
    batch.verify(verifier, &Tokens::Slices(&slices), Instants::Now(NOW), columns).unwrap();
    codes
}

#[test]
fn verdicts_of_many_keys_are_those_of_aws_lc() {
    let issuer = Issuer::new();
    let mut batch = Batch::new(1).unwrap();
    let by_aws_lc = issuer.verifier(Backend::AwsLc, 0);
    // Room for all tables, for five, and for none.
    for (backend, table_bytes) in [
        (Backend::Auto, 64 << 20),
        (Backend::Accelerated, 64 << 20),
        (Backend::Accelerated, 5 << 18),
        (Backend::Auto, 0),
        (Backend::Portable, 5 << 18),
    ] {
        let verifier = issuer.verifier(backend, table_bytes);
        for count in [1, 2, 17, 64, 700] {
            let tokens = issuer.tokens(count);
            let wanted = codes(&mut batch, &by_aws_lc, &tokens);
            assert_eq!(codes(&mut batch, &verifier, &tokens), wanted, "{backend:?} {table_bytes} {count}");
            if count > 20 {
                for code in [Code::Accepted, Code::Expired, Code::SignatureInvalid] {
                    assert!(wanted.contains(&code.number()), "{code:?}");
                }
            }
        }
        assert_eq!(verifier.statistics().backend.disagreements, 0);
    }
}

#[test]
fn keys_without_tables_share_the_lanes() {
    let issuer = Issuer::new();
    let mut batch = Batch::new(1).unwrap();
    let verifier = issuer.verifier(Backend::Auto, 0);
    if [Alg::ES256, Alg::EdDSA].iter().any(|alg| verifier.backend_name(*alg) != "avx512-ifma") {
        return missing::missing("avx512");
    }
    let tokens = issuer.tokens(600);
    let before = verifier.statistics().backend;
    let good = codes(&mut batch, &verifier, &tokens)
        .iter()
        .zip(0..)
        .filter(|(code, number)| number % KEYS % 3 != 2 && **code != Code::SignatureInvalid.number())
        .count() as u64;
    let after = verifier.statistics().backend;
    assert_eq!((after.table_bytes, good > 300), (0, true));
    // One token of each chunk goes alone. ML-DSA-44 has no code for keys without tables.
    let accepted = after.accepted - before.accepted;
    assert!((good - 10..=good).contains(&accepted), "{accepted} of {good}");
    assert!(after.referred - before.referred < 70, "{after:?}");
}
