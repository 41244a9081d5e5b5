//! Any bytes as the payload of a token whose signature holds.
//!
//! What is accepted as JSON, and what is read out of it, must be what
//! `serde_json` reads; `simd-json` must agree wherever it can hold the
//! numbers; acceptance must be what the rules say.
#![no_main]

use std::sync::LazyLock;

use jot::{
    Alg, ClaimPath, Code, Condition, KeySet, PayloadForm, Policy, Scratch, SignHeader, Signer, UnixSeconds,
    Verifier,
};
use jot_fuzz::reference::{Fault, Tree, accepts};
use jot_fuzz::{NOW, keys, seeds};
use libfuzzer_sys::{Corpus, fuzz_target};

static WORLD: LazyLock<(Signer, Verifier)> = LazyLock::new(|| {
    let key = keys::signing().swap_remove(0).1;
    assert_eq!(key.alg(), Alg::HS256);
    let keys = KeySet::new([key.verifying_key().unwrap()]);
    let policy = Policy::new([Alg::HS256]).any_audience().allow_missing_exp();
    (Signer::new(key), Verifier::builder(policy).keys(keys).build().unwrap())
});

fn check(payload: &[u8]) {
    let (signer, verifier) = &*WORLD;
    let header = SignHeader::default();
    let token = signer.sign_payload(&header, payload, PayloadForm::Attached).unwrap();
    let mut scratch = Scratch::new();
    let verdict = verifier.verdict(token.as_bytes(), UnixSeconds(NOW), &mut scratch);
    let code = verdict.code();
    assert!(verdict.signature_ok(), "{code}");
    let reference = Tree::read(payload);
    let has = |fault| reference.as_ref().is_err_and(|faults| faults.contains(&fault));
    match code {
        Code::ClaimsJson => assert!(has(Fault::Syntax), "{reference:?}"),
        // What follows the fault was not read: it need not be JSON.
        Code::ClaimsRepeated => assert!(has(Fault::Repeated) || has(Fault::Syntax), "{reference:?}"),
        Code::ClaimsTooDeep => assert!(has(Fault::TooDeep) || has(Fault::Syntax), "{reference:?}"),
        Code::ClaimsNotObject => assert!(has(Fault::NotObject), "{reference:?}"),
        _ => {
            let ours = verdict.signed_claims().unwrap().as_object();
            for (name, value) in ours.members() {
                assert_eq!(ours.member(name).map(Tree::ours), Some(Tree::ours(value)));
            }
            let tree = Tree::ours(jot::json::Value::Object(ours));
            assert_eq!(Ok(&tree), reference.as_ref());
            let header = Tree::Object(vec![("alg".to_owned(), Tree::String("HS256".to_owned()))]);
            assert_eq!(accepts("HS256", &header, &tree, NOW), Some(code == Code::Accepted), "{code}");
            numbers(jot::json::Value::Object(ours));
        }
    }
    compare_with_simd_json(payload, &reference);
    if let Ok(text) = std::str::from_utf8(payload) {
        conditions(text);
    }
    // The signer refuses exactly the payloads that are no Claims Set.
    assert_eq!(signer.sign_claims(payload).is_ok(), reference.is_ok());
}

/// A condition without quotes is its path and its words.
fn conditions(text: &str) {
    let parsed = Condition::parse(text).ok();
    if text.contains('"') {
        return;
    }
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let path = words.next().and_then(|name| ClaimPath::parse(name).ok());
    let words: Vec<&str> = words.collect();
    assert_eq!(parsed, path.and_then(|path| Condition::from_words(path, &words).ok()));
}

/// Integers and doubles are those that the standard library reads.
fn numbers(value: jot::json::Value<'_>) {
    match value {
        jot::json::Value::Number(number) => {
            assert_eq!(number.as_i64(), number.as_text().parse().ok());
            assert_eq!(number.as_f64().to_bits(), number.as_text().parse::<f64>().unwrap().to_bits());
            assert_eq!(number.as_date().is_some(), number.as_f64().is_finite());
        }
        jot::json::Value::Array(array) => array.iter().for_each(numbers),
        jot::json::Value::Object(object) => object.members().for_each(|member| numbers(member.1)),
        _ => {}
    }
}

fn compare_with_simd_json(payload: &[u8], reference: &Result<Tree, Vec<Fault>>) {
    let mut copy = payload.to_vec();
    let is_json = simd_json::to_tape(&mut copy).is_ok();
    match reference {
        Ok(tree) if fits_simd_json(tree) => assert!(is_json, "simd-json refuses {tree:?}"),
        Err(faults) if faults.contains(&Fault::Syntax) => assert!(!is_json, "simd-json takes it"),
        _ => {}
    }
}

/// It refuses integers past 64 bits and doubles past their range.
fn fits_simd_json(tree: &Tree) -> bool {
    match tree {
        Tree::Number(text) if text.contains(['.', 'e', 'E']) => {
            text.parse::<f64>().is_ok_and(|number| number.is_finite())
        }
        Tree::Number(text) => text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok(),
        Tree::Array(items) => items.iter().all(fits_simd_json),
        Tree::Object(members) => members.iter().all(|member| fits_simd_json(&member.1)),
        _ => true,
    }
}

fuzz_target!(
    init: seeds::plant("claims", seeds::payloads()),
    |payload: &[u8]| -> Corpus {
        // The token would be longer than the limit.
        if payload.len() > 48 * 1024 {
            return Corpus::Reject;
        }
        check(payload);
        Corpus::Keep
    }
);
