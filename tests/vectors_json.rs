//! nst/JSONTestSuite as claims: each file as the payload of a signed token, and
//! as the value of a claim.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod common;

use std::collections::BTreeMap;

use jot::json::Value;
use jot::{Alg, Code, Limits, Policy, Scratch, UnixSeconds, Verifier};
use serde_json::Value as Json;

use common::{secret_keys, sign, vectors};

/// The files whose code is not the one of their letter: as the payload, and as
/// the value of a claim.
const LISTED: &[(&str, Code, Code)] = &[
    // The grammar allows repeated names; a Claims Set does not (RFC 7519 §4).
    ("y_object_duplicated_key", Code::ClaimsRepeated, Code::ClaimsRepeated),
    ("y_object_duplicated_key_and_value", Code::ClaimsRepeated, Code::ClaimsRepeated),
    // The depth is counted as it opens, before anything else is wrong.
    ("n_structure_100000_opening_arrays", Code::ClaimsTooDeep, Code::ClaimsTooDeep),
    ("n_structure_open_array_object", Code::ClaimsTooDeep, Code::ClaimsTooDeep),
    ("i_structure_500_nested_arrays", Code::ClaimsTooDeep, Code::ClaimsTooDeep),
    // Numbers are kept as they are written and read when somebody asks.
    ("i_number_double_huge_neg_exp", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_huge_exp", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_neg_int_huge_exp", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_pos_double_huge_exp", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_real_neg_overflow", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_real_pos_overflow", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_real_underflow", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_too_big_neg_int", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_too_big_pos_int", Code::ClaimsNotObject, Code::Accepted),
    ("i_number_very_big_negative_int", Code::ClaimsNotObject, Code::Accepted),
    // A lone surrogate is no character: two readers would differ on it.
    ("i_object_key_lone_2nd_surrogate", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_1st_surrogate_but_2nd_missing", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_1st_valid_surrogate_2nd_invalid", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_incomplete_surrogate_and_escape_valid", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_incomplete_surrogate_pair", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_incomplete_surrogates_escape_valid", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_invalid_lonely_surrogate", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_invalid_surrogate", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_inverted_surrogates_U+1D11E", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_lone_second_surrogate", Code::ClaimsJson, Code::ClaimsJson),
    // A Claims Set is UTF-8 (RFC 7519 §7.1), well formed throughout.
    ("i_string_UTF-8_invalid_sequence", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_UTF8_surrogate_U+D800", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_invalid_utf-8", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_iso_latin_1", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_lone_utf8_continuation_byte", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_not_in_unicode_range", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_overlong_sequence_2_bytes", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_overlong_sequence_6_bytes", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_overlong_sequence_6_bytes_null", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_truncated-utf-8", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_UTF-16LE_with_BOM", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_utf16BE_no_BOM", Code::ClaimsJson, Code::ClaimsJson),
    ("i_string_utf16LE_no_BOM", Code::ClaimsJson, Code::ClaimsJson),
    // RFC 8259 §8.1: a byte order mark must not be added.
    ("i_structure_UTF-8_BOM_empty_object", Code::ClaimsJson, Code::ClaimsJson),
];

/// What the numbers that the grammar leaves open come to as an `exp` at the
/// instant 0: finite ones are held to the range of dates, others refused.
const AS_EXP: &[(&str, Code)] = &[
    ("i_number_double_huge_neg_exp", Code::Expired),
    ("i_number_huge_exp", Code::ExpInvalid),
    ("i_number_neg_int_huge_exp", Code::ExpInvalid),
    ("i_number_pos_double_huge_exp", Code::ExpInvalid),
    ("i_number_real_neg_overflow", Code::ExpInvalid),
    ("i_number_real_pos_overflow", Code::ExpInvalid),
    ("i_number_real_underflow", Code::Expired),
    ("i_number_too_big_neg_int", Code::Expired),
    ("i_number_too_big_pos_int", Code::Accepted),
    ("i_number_very_big_negative_int", Code::Expired),
];

/// The files that parsers are known to read differently, as the value of a
/// claim.
const TRANSFORMED: &[(&str, Code)] = &[
    ("number_-9223372036854775808", Code::Accepted),
    ("number_-9223372036854775809", Code::Accepted),
    ("number_1.0", Code::Accepted),
    ("number_1.000000000000000005", Code::Accepted),
    ("number_1000000000000000", Code::Accepted),
    ("number_10000000000000000999", Code::Accepted),
    ("number_1e-999", Code::Accepted),
    ("number_1e6", Code::Accepted),
    ("number_9223372036854775807", Code::Accepted),
    ("number_9223372036854775808", Code::Accepted),
    // Names are compared as they are written: é in one character or in two.
    ("object_key_nfc_nfd", Code::Accepted),
    ("object_key_nfd_nfc", Code::Accepted),
    ("object_same_key_different_values", Code::ClaimsRepeated),
    ("object_same_key_same_value", Code::ClaimsRepeated),
    ("object_same_key_unclear_values", Code::ClaimsRepeated),
    ("string_1_escaped_invalid_codepoint", Code::ClaimsJson),
    ("string_1_invalid_codepoint", Code::ClaimsJson),
    ("string_2_escaped_invalid_codepoints", Code::ClaimsJson),
    ("string_2_invalid_codepoints", Code::ClaimsJson),
    ("string_3_escaped_invalid_codepoints", Code::ClaimsJson),
    ("string_3_invalid_codepoints", Code::ClaimsJson),
    ("string_with_escaped_NULL", Code::Accepted),
];

/// Reads the files of a folder by their names without the ending.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = vectors(&format!("jsontestsuite/{folder}"));
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = paths.map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap())
    });
    read.collect()
}

/// The longest file has 250 000 bytes.
fn verifier() -> Verifier {
    let limits = Limits::default().with_token_bytes(1 << 20);
    let policy = Policy::new([Alg::HS256]).allow_missing_exp().any_audience().limits(limits);
    Verifier::builder(policy).keys(secret_keys()).build().unwrap()
}

/// Verifies `claims` as a signed payload. Of accepted claims it makes sure that
/// they are what another parser reads, where that one reads them.
fn judge(verifier: &Verifier, claims: &[u8]) -> Code {
    let token = sign(r#"{"alg":"HS256"}"#, claims);
    let mut scratch = Scratch::new();
    let verdict = verifier.verdict(&token, UnixSeconds(0), &mut scratch);
    assert!(verdict.signature_ok());
    if let (true, Ok(wanted)) = (verdict.is_accepted(), serde_json::from_slice::<Json>(claims)) {
        let found = verdict.signed_claims().unwrap().as_object();
        assert!(equal(Value::Object(found), &wanted), "{found:?} is not {wanted}");
    }
    verdict.code()
}

fn equal(found: Value<'_>, wanted: &Json) -> bool {
    match (found, wanted) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(found), Json::Bool(wanted)) => found == *wanted,
        (Value::String(found), Json::String(wanted)) => found == wanted,
        (Value::Number(found), Json::Number(wanted)) => match wanted.as_i64() {
            Some(integer) => found.as_i64() == Some(integer),
            None => Some(found.as_f64()) == wanted.as_f64(),
        },
        (Value::Array(found), Json::Array(wanted)) => {
            found.iter().count() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| equal(found, wanted))
        }
        (Value::Object(found), Json::Object(wanted)) => {
            found.members().count() == wanted.len()
                && wanted
                    .iter()
                    .all(|(name, wanted)| found.member(name).is_some_and(|found| equal(found, wanted)))
        }
        _ => false,
    }
}

fn as_claim(name: &str, value: &[u8]) -> Vec<u8> {
    [b"{\"", name.as_bytes(), b"\":", value, b"}"].concat()
}

/// The files hold one number in an array.
fn number(file: &[u8]) -> &[u8] {
    file.trim_ascii().strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")).unwrap()
}

#[test]
fn json_files_come_out_as_their_letter_says() {
    let files = files("test_parsing");
    let verifier = verifier();
    let mut listed: BTreeMap<&str, (Code, Code)> =
        LISTED.iter().map(|(name, whole, inside)| (*name, (*whole, *inside))).collect();
    let mut counts = BTreeMap::<(char, bool), usize>::new();
    for (name, text) in &files {
        let letter = name.chars().next().unwrap();
        let in_list = listed.remove(name.as_str());
        let is_object = text.trim_ascii_start().first() == Some(&b'{');
        let wanted = match (in_list, letter) {
            (Some(codes), _) => codes,
            (None, 'y') if is_object => (Code::Accepted, Code::Accepted),
            (None, 'y') => (Code::ClaimsNotObject, Code::Accepted),
            (None, 'n') => (Code::ClaimsJson, Code::ClaimsJson),
            (None, _) => panic!("no decision on {name}"),
        };
        assert_eq!(judge(&verifier, text), wanted.0, "{name}");
        assert_eq!(judge(&verifier, &as_claim("x", text)), wanted.1, "{name} as a claim");
        *counts.entry((letter, in_list.is_some())).or_default() += 1;
    }
    assert!(listed.is_empty(), "never met: {listed:?}");
    let wanted =
        [(('i', true), 35), (('n', false), 186), (('n', true), 2), (('y', false), 93), (('y', true), 2)];
    assert_eq!(counts, BTreeMap::from(wanted));
}

#[test]
fn json_numbers_come_out_as_listed_when_they_are_dates() {
    let files = files("test_parsing");
    let verifier = verifier();
    for (name, wanted) in AS_EXP {
        assert_eq!(judge(&verifier, &as_claim("exp", number(&files[*name]))), *wanted, "{name}");
    }
    let open = files.keys().filter(|name| name.starts_with("i_number"));
    assert_eq!(open.count(), AS_EXP.len());
}

#[test]
fn json_files_that_parsers_read_differently_come_out_as_listed() {
    let files = files("test_transform");
    let verifier = verifier();
    assert_eq!(files.len(), TRANSFORMED.len());
    for (name, wanted) in TRANSFORMED {
        assert_eq!(judge(&verifier, &as_claim("x", &files[*name])), *wanted, "{name}");
    }
}

/// The files hold no escape right behind the range of low surrogates.
#[test]
fn json_escapes_are_refused_unless_they_spell_a_character() {
    let verifier = verifier();
    let judged = |escapes: String| judge(&verifier, &as_claim("x", format!("\"{escapes}\"").as_bytes()));
    let edges = [0x0000_u16, 0x0041, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff];
    for first in edges {
        let alone = if (0xd800..=0xdfff).contains(&first) { Code::ClaimsJson } else { Code::Accepted };
        assert_eq!(judged(format!("\\u{first:04x}")), alone, "{first:04x}");
        for second in edges {
            let spelt = String::from_utf16(&[first, second]).is_ok();
            let wanted = if spelt { Code::Accepted } else { Code::ClaimsJson };
            let code = judged(format!("\\u{first:04x}\\u{second:04X}"));
            assert_eq!(code, wanted, "{first:04x} {second:04X}");
        }
    }
}
