//! What a verifier counts, exactly, and how it is written for Prometheus.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first thing amiss")]

mod actors;

use std::collections::{BTreeMap, BTreeSet};

use jot::{Alg, CacheSize, Code, Scratch, Statistics, Verifier};

use actors::*;

fn verifier(cache: Option<usize>) -> Verifier {
    let builder = Verifier::builder(policy()).keys(keys(&[A, ED, EC]));
    match cache {
        Some(entries) => builder.cache(CacheSize::Entries(entries)).build().unwrap(),
        None => builder.build().unwrap(),
    }
}

fn token(signer: usize, number: usize) -> Vec<u8> {
    sign(signer, &format!(r#"{{"exp":{},"n":{number}}}"#, NOON + 10))
}

fn cache_counts(statistics: &Statistics) -> (u64, u64, u64) {
    (statistics.cache_hits, statistics.cache_misses, statistics.cache_evictions)
}

#[test]
fn nothing_is_counted_before_the_first_token() {
    let statistics = verifier(None).statistics();
    assert_eq!(statistics.codes, [(Code::Accepted, 0)]);
    assert_eq!(statistics.verifications, []);
    assert_eq!((cache_counts(&statistics), statistics.cache_bytes), ((0, 0, 0), 0));
}

#[test]
fn verdicts_and_algorithms_are_counted_exactly() {
    let verifier = verifier(None);
    let mut scratch = Scratch::new();
    for (signer, times) in [(A, 3), (ED, 2), (EC, 1)] {
        for _ in 0..times {
            verifier.verify(token(signer, 0), at(0), &mut scratch).unwrap();
            verifier.verify_without_claims(token(signer, 0), at(0), &mut scratch).unwrap();
            assert!(verifier.verdict(token(signer, 0), at(0), &mut scratch).is_accepted());
            assert_eq!(
                verifier.verify_without_claims(token(signer, 0), at(10), &mut scratch).unwrap_err().code(),
                Code::Expired
            );
        }
    }
    assert!(verifier.verify(b"", at(0), &mut scratch).is_err());
    assert!(verifier.verify_without_claims(token(A_OTHER, 0), at(0), &mut scratch).is_err());
    let statistics = verifier.statistics();
    let expected =
        [(Code::Accepted, 18), (Code::TokenEmpty, 1), (Code::SignatureInvalid, 1), (Code::Expired, 6)];
    assert_eq!(statistics.codes, expected);
    assert_eq!(statistics.verifications, [(Alg::HS256, 9), (Alg::ES256, 3), (Alg::EdDSA, 6)]);
    assert_eq!((statistics.verdicts(Code::Expired), statistics.verdicts(Code::AudMissing)), (6, 0));
    assert_eq!(cache_counts(&statistics), (0, 0, 0));
}

#[test]
fn hits_misses_and_evictions_are_counted_exactly() {
    // One set of seven.
    let verifier = verifier(Some(1));
    let mut scratch = Scratch::new();
    let mut check =
        |number, seconds| verifier.verify_without_claims(token(A, number), at(seconds), &mut scratch).is_ok();
    for number in 0..7 {
        assert!(check(number, 0) && check(number, 0) && check(number, 1));
    }
    assert_eq!(cache_counts(&verifier.statistics()), (14, 7, 0));
    // Neither a hit nor a miss: the verdict is not the cache's.
    assert!(!check(0, 10));
    assert_eq!(cache_counts(&verifier.statistics()), (14, 7, 0));
    // An eighth token pushes one out, and so does every further one.
    for number in 7..20 {
        assert!(check(number, 0));
    }
    assert_eq!(cache_counts(&verifier.statistics()), (14, 20, 13));
    assert!(check(19, 0));
    let statistics = verifier.statistics();
    assert_eq!(cache_counts(&statistics), (15, 20, 13));
    assert_eq!(statistics.codes, [(Code::Accepted, 35), (Code::Expired, 1)]);
    assert_eq!(statistics.verifications, [(Alg::HS256, 20)]);
    // A set, and the key of the tags.
    assert_eq!(statistics.cache_bytes, 512 + 8224);
    // The same keys in another order: what is held is of no use any more.
    verifier.replace_keys(None, keys(&[ED, A])).unwrap();
    assert!(verifier.verify_without_claims(token(A, 19), at(0), &mut Scratch::new()).is_ok());
    assert_eq!(cache_counts(&verifier.statistics()), (15, 21, 13));
}

#[test]
fn flood_of_new_tokens_does_not_push_out_what_is_used() {
    let verifier = verifier(Some(1));
    let mut scratch = Scratch::new();
    for _ in 0..2 {
        verifier.verify_without_claims(token(A, 0), at(0), &mut scratch).unwrap();
    }
    for number in 1..200 {
        verifier.verify_without_claims(token(A, number), at(0), &mut scratch).unwrap();
    }
    assert!(verifier.verify_without_claims(token(A, 0), at(0), &mut scratch).unwrap().from_cache());
}

/// A sample line: name, labels and value.
fn sample(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
    let (name, labels) = match series.split_once('{') {
        Some((name, labels)) => (name, labels.strip_suffix('}').unwrap_or_else(|| panic!("{line}"))),
        None => (series, ""),
    };
    let labels = labels.split(',').filter(|label| !label.is_empty()).map(|label| {
        let (name, value) = label.split_once('=').unwrap_or_else(|| panic!("{line}"));
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let value = value.unwrap_or_else(|| panic!("{line}"));
        assert!(is_name(name) && !value.contains(['"', '\\', '\n']), "{line}");
        (name.to_owned(), value.to_owned())
    });
    assert!(is_name(name), "{line}");
    (name.to_owned(), labels.collect(), value.parse().unwrap_or_else(|_| panic!("{line}")))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[test]
fn prometheus_text_has_a_head_for_every_family_and_every_count() {
    let verifier = verifier(Some(1));
    let mut scratch = Scratch::new();
    for (signer, number) in (0..10).map(|number| (A, number)).chain([(ED, 0), (ED, 0), (A_OTHER, 0)]) {
        let _ = verifier.verify_without_claims(token(signer, number), at(0), &mut scratch);
    }
    let statistics = verifier.statistics();
    let text = statistics.to_prometheus();
    assert!(text.ends_with('\n') && !text.contains("\n\n"));
    let (mut helped, mut typed) = (BTreeSet::new(), BTreeMap::new());
    let mut samples = BTreeMap::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, help) = help.split_once(' ').unwrap();
            assert!(is_name(name) && !help.is_empty() && helped.insert(name.to_owned()), "{line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert!(["counter", "gauge"].contains(&kind), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            assert!(helped.contains(name) && typed.insert(name.to_owned(), kind).is_none(), "{line}");
        } else {
            let (name, labels, value) = sample(line);
            assert!(typed.contains_key(&name), "{line} comes before its TYPE");
            assert!(samples.insert((name, labels), value).is_none(), "{line} is repeated");
        }
    }
    let count = |name: &str, label: Option<(&str, &str)>| {
        let labels = label.map(|(name, value)| (name.to_owned(), value.to_owned()));
        samples.get(&(format!("jot_{name}"), labels.into_iter().collect())).copied()
    };
    assert_eq!(count("verdicts_total", Some(("code", "accepted"))), Some(12.0));
    assert_eq!(count("verdicts_total", Some(("code", "signature_invalid"))), Some(1.0));
    assert_eq!(count("verifications_total", Some(("alg", "HS256"))), Some(10.0));
    assert_eq!(count("verifications_total", Some(("alg", "EdDSA"))), Some(1.0));
    assert_eq!(count("cache_hits_total", None), Some(1.0));
    assert_eq!(count("cache_misses_total", None), Some(11.0));
    assert_eq!(count("cache_evictions_total", None), Some(4.0));
    assert_eq!(count("cache_bytes", None), Some(8736.0));
    assert_eq!(count("backend_tables", None), Some(0.0));
    assert_eq!(count("backend_tables_refused_total", None), Some(0.0));
    assert_eq!(count("backend_failed_checks_total", None), Some(0.0));
    assert_eq!(count("backend_failed_self_tests_total", None), Some(0.0));
    assert_eq!((samples.len(), typed.len()), (16, 15));
}
