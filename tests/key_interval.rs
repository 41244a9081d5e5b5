//! Keys that are in force for a part of the time only.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod actors;

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{CacheSize, Code, KeyOptions, KeySet, Scratch, UnixSeconds, Verifier, VerifyingKey};

use actors::*;

/// Tokens that their own dates let pass at any instant of these tests.
fn eternal(signer: usize) -> Vec<u8> {
    sign(signer, "{}")
}

fn verifier(numbers: &[usize], leeway: u32, cached: bool) -> Verifier {
    let builder = Verifier::builder(policy().allow_missing_exp().leeway(leeway)).keys(keys(numbers));
    let builder = if cached { builder.cache(CacheSize::Entries(100)) } else { builder };
    builder.build().unwrap()
}

/// The codes at these distances from noon, the same by every way there is.
fn codes(numbers: &[usize], leeway: u32, token: &[u8], distances: &[i64]) -> Vec<Code> {
    let plain = verifier(numbers, leeway, false);
    let cached = verifier(numbers, leeway, true);
    let mut scratch = Scratch::new();
    let mut found = Vec::new();
    for distance in distances {
        let verdict = plain.verdict(token, at(*distance), &mut scratch);
        assert!(verdict.signature_ok());
        let code = verdict.code();
        for _ in 0..2 {
            let checked = cached.verify_without_claims(token, at(*distance), &mut scratch);
            assert_eq!(checked.map_or_else(|rejection| rejection.code(), |_| Code::Accepted), code);
            assert_eq!(cached.verdict(token, at(*distance), &mut scratch).code(), code);
        }
        found.push(code);
    }
    let rows = vec![token; distances.len()];
    let as_of: Vec<i64> = distances.iter().map(|distance| at(*distance).0).collect();
    for verifier in [&plain, &cached] {
        // Twice: the second time the header is known.
        for _ in 0..2 {
            let mut numbers = vec![0; rows.len()];
            Batch::new(1)
                .unwrap()
                .verify(
                    verifier,
                    &Tokens::Slices(&rows),
                    Instants::AsOf(&as_of),
                    &mut Columns::codes(&mut numbers),
                )
                .unwrap();
            let batch: Vec<_> = numbers.iter().map(|number| Code::from_number(*number).unwrap()).collect();
            assert_eq!(batch, found);
        }
    }
    found
}

#[test]
fn key_verifies_while_it_is_in_force() {
    let distances = [-11, -10, 0, 9, 10, 11, -11];
    let found = codes(&[ED_AT_NOON], 0, &eternal(ED), &distances);
    let (early, late) = (Code::KeyNotYetValid, Code::KeyRetired);
    assert_eq!(found, [early, Code::Accepted, Code::Accepted, Code::Accepted, late, late, early]);
}

#[test]
fn leeway_counts_for_keys_too() {
    let found = codes(&[ED_AT_NOON], 5, &eternal(ED), &[-16, -15, 14, 15]);
    assert_eq!(found, [Code::KeyNotYetValid, Code::Accepted, Code::Accepted, Code::KeyRetired]);
}

#[test]
fn same_kid_names_another_key_at_another_time() {
    let distances = [0, 10, 20];
    let (early, late) = (eternal(A), eternal(A_OTHER));
    let set = [A_EARLY, A_OTHER_LATE];
    assert_eq!(codes(&set, 0, &early, &distances), [Code::Accepted, Code::Accepted, Code::KeyRetired]);
    assert_eq!(codes(&set, 0, &late, &distances), [Code::KeyNotYetValid, Code::Accepted, Code::Accepted]);
}

#[test]
fn dates_of_the_key_come_before_those_of_the_token() {
    let token = sign(ED, &format!(r#"{{"exp":{NOON}}}"#));
    let found = codes(&[ED_AT_NOON], 0, &token, &[-1, 0, 10]);
    assert_eq!(found, [Code::Accepted, Code::Expired, Code::KeyRetired]);
    let other_audience = sign(ED, r#"{"aud":"x"}"#);
    assert_eq!(codes(&[ED_AT_NOON], 0, &other_audience, &[10]), [Code::AudUnexpected]);
}

#[test]
fn cached_token_dies_with_the_interval_of_its_key() {
    let verifier = verifier(&[ED], 0, true);
    let (token, mut scratch) = (eternal(ED), Scratch::new());
    assert!(verifier.verify_without_claims(&token, at(20), &mut scratch).is_ok());
    assert!(verifier.verify_without_claims(&token, at(20), &mut scratch).unwrap().from_cache());
    verifier.replace_keys(None, keys(&[ED_AT_NOON])).unwrap();
    assert_eq!(
        verifier.verify_without_claims(&token, at(20), &mut scratch).unwrap_err().code(),
        Code::KeyRetired
    );
    assert!(verifier.verify_without_claims(&token, at(0), &mut scratch).is_ok());
}

fn read(members: &str) -> Result<VerifyingKey, (Code, Option<String>)> {
    let jwk = format!(
        r#"{{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"{members}}}"#
    );
    let options = KeyOptions::default().read_validity();
    VerifyingKey::from_jwk(jwk.as_bytes(), &options)
        .map_err(|error| (error.code(), error.member().map(str::to_owned)))
}

#[test]
fn members_of_a_jwk_are_read_when_asked_for() {
    let bounds = |members| read(members).map(|key| (key.not_before(), key.expires_at()));
    let some = |seconds| Some(UnixSeconds(seconds));
    assert_eq!(bounds(""), Ok((None, None)));
    assert_eq!(bounds(r#","nbf":7"#), Ok((some(7), None)));
    assert_eq!(bounds(r#","exp":-7.5"#), Ok((None, some(-7))));
    assert_eq!(bounds(r#","nbf":7.25,"exp":9"#), Ok((some(8), some(9))));
    let invalid = |member: &str| Err((Code::KeyMemberInvalid, Some(member.to_owned())));
    assert_eq!(bounds(r#","nbf":"7""#), invalid("nbf"));
    assert_eq!(bounds(r#","exp":null"#), invalid("exp"));
    assert_eq!(bounds(r#","nbf":9,"exp":9"#), invalid("exp"));
    let text = br#"{"keys":[{"kty":"OKP","crv":"Ed25519","exp":"never",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    let plain = KeySet::from_jwks(text, &KeyOptions::default()).unwrap();
    assert_eq!(plain.keys()[0].expires_at(), None);
    let dated = KeySet::from_jwks(text, &KeyOptions::default().read_validity());
    assert_eq!(dated.unwrap_err().code(), Code::KeySetEmpty);
}
