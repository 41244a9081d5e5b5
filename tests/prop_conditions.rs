//! Conditions beside models: numbers beside big integers, the notation beside its
//! words, and no text that makes the parser panic.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first thing that is wrong"
)]

mod common;

use std::cmp::Ordering;

use common::{lenient, secret_keys, sign};
use jot::{Alg, ClaimPath, Condition, Scratch, UnixSeconds};
use num_bigint::BigInt;
use proptest::prelude::*;

/// The exponents that numbers are made with, so that a common scale is at hand.
const SCALE: i64 = 60;

fn number() -> impl Strategy<Value = String> {
    let digits = prop_oneof!["0", "[1-9][0-9]{0,25}", "1[0-9]", "9007199254740992|9007199254740993"];
    let fraction = prop_oneof![3 => Just(String::new()), 1 => "\\.[0-9]{1,20}", 1 => "\\.0{1,3}"];
    let exponent = prop_oneof![3 => Just(String::new()), 2 => "[eE][+-]?0{0,2}[0-9]", 1 => "e-?2[0-9]"];
    ("-?", digits, fraction, exponent).prop_map(|(sign, digits, rest, power)| sign + &digits + &rest + &power)
}

/// Reads a number as an integer of units of 10^-SCALE.
fn scaled(text: &str) -> BigInt {
    let lower = text.to_ascii_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
    let places = SCALE + exponent.parse::<i64>().unwrap() - i64::try_from(fraction.len()).unwrap();
    digits * BigInt::from(10).pow(u32::try_from(places).unwrap())
}

fn met(claim: &str, words: &[&str]) -> bool {
    let token = sign(r#"{"alg":"HS256"}"#, format!(r#"{{"x":{claim}}}"#).as_bytes());
    let verifier = lenient(secret_keys(), [Alg::HS256]);
    let mut scratch = Scratch::new();
    let verified = verifier.verify(&token, UnixSeconds(0), &mut scratch).unwrap();
    Condition::from_words("x", words).unwrap().check(&verified.claims()).is_ok()
}

/// What a text of words without quotes says, split by someone else.
fn by_words(text: &str) -> Option<Condition> {
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let path = ClaimPath::parse(words.next()?).ok()?;
    Condition::from_words(path, &words.collect::<Vec<_>>()).ok()
}

proptest! {
    #[test]
    fn numbers_compare_as_big_integers_do(claim in number(), operand in number()) {
        let found = scaled(&claim).cmp(&scaled(&operand));
        for (test, wanted) in [
            ("equals", found == Ordering::Equal),
            ("ge", found != Ordering::Less),
            ("gt", found == Ordering::Greater),
            ("le", found != Ordering::Greater),
            ("lt", found == Ordering::Less),
        ] {
            prop_assert_eq!(met(&claim, &[test, &operand]), wanted, "{} {} {}", claim, test, operand);
            prop_assert_eq!(met(&claim, &["not", test, &operand]), !wanted);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = Condition::parse(&text);
        let _ = Condition::from_words("x", &[&text, &text]);
        let _ = Condition::from_texts("x", &["any_of", &text]);
        let _ = ClaimPath::parse(&text);
    }

    #[test]
    fn notation_is_the_words_between_its_spaces(
        text in "(/?[a~01]{0,3}|x)( {1,2}(not|present|equals|any_of|contains|prefix|ge|lt|1|-1e2|true|null|a|\\[|,)){0,4} ?"
    ) {
        let parsed = Condition::parse(&text);
        let expected = by_words(&text);
        prop_assert_eq!(parsed.as_ref().ok(), expected.as_ref());
        if let Err(error) = parsed {
            let offset = error.offset().map(|offset| usize::try_from(offset).unwrap());
            if let (Some(offset), Some(word)) = (offset, error.member()) {
                prop_assert!(text.get(offset..).is_some_and(|rest| rest.starts_with(word)), "{}", error);
            }
        }
    }

    #[test]
    fn quoted_words_are_the_texts_that_json_reads(value in any::<String>()) {
        let quoted = serde_json::Value::from(value.as_str()).to_string();
        let equals = Condition::equals("x", value.as_str());
        prop_assert_eq!(Condition::parse(&format!("x equals {quoted}")), Ok(equals.clone()));
        prop_assert_eq!(Condition::from_words("x", &["equals", &quoted]), Ok(equals));
    }
}
