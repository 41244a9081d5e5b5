//! Our reading of JSON beside that of serde_json.
//!
//! The two agree on what is JSON. Beyond that we refuse repeated names and more
//! than 32 levels; and it refuses numbers past a double (1e400), which are left
//! out here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use std::collections::BTreeSet;
use std::fmt;

use cases::hmac;
use jot::json::Value;
use jot::{Code, MAX_DEPTH, Scratch, UnixSeconds};
use proptest::prelude::*;
use serde_json::de::Deserializer;

/// What serde_json finds in a text: its depth and whether a name is repeated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Shape {
    depth: usize,
    repeated: bool,
    object: bool,
}

impl Shape {
    fn around(self, inner: Self) -> Self {
        Self { depth: self.depth.max(inner.depth + 1), repeated: self.repeated | inner.repeated, ..self }
    }
}

impl<'de> serde::Deserialize<'de> for Shape {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> serde::de::Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Shape, A::Error> {
        let mut shape = Shape { depth: 1, ..Shape::default() };
        while let Some(item) = items.next_element()? {
            shape = shape.around(item);
        }
        Ok(shape)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut members: A) -> Result<Shape, A::Error> {
        let mut shape = Shape { depth: 1, object: true, ..Shape::default() };
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            shape.repeated |= !names.insert(name);
            shape = shape.around(members.next_value()?);
        }
        Ok(shape)
    }
}

/// What serde_json says of a whole text; `None` where a number is past a
/// double and it gives up.
fn oracle(text: &[u8]) -> Option<Result<Shape, ()>> {
    if std::str::from_utf8(text).is_err() {
        return Some(Err(()));
    }
    let mut deserializer = Deserializer::from_slice(text);
    let read = serde::Deserialize::deserialize(&mut deserializer);
    match read.and_then(|shape| deserializer.end().map(|()| shape)) {
        Ok(shape) => Some(Ok(shape)),
        Err(error) if error.to_string().contains("out of range") => None,
        Err(_) => Some(Err(())),
    }
}

fn our_code(payload: &[u8]) -> Code {
    let mut scratch = Scratch::new();
    hmac::verifier(hmac::easy()).verdict(hmac::paid(payload), UnixSeconds(0), &mut scratch).code()
}

const OF_JSON: [Code; 4] =
    [Code::ClaimsJson, Code::ClaimsNotObject, Code::ClaimsRepeated, Code::ClaimsTooDeep];

fn assert_agree(text: &[u8]) -> Result<(), TestCaseError> {
    let code = our_code(text);
    let shown = String::from_utf8_lossy(text);
    let Some(read) = oracle(text) else { return Ok(()) };
    match read {
        Err(()) => {
            let refusals = [Code::ClaimsJson, Code::ClaimsRepeated, Code::ClaimsTooDeep];
            prop_assert!(refusals.contains(&code), "{code} for {shown}");
        }
        Ok(Shape { depth, .. }) if depth > MAX_DEPTH => {
            prop_assert!([Code::ClaimsTooDeep, Code::ClaimsRepeated].contains(&code), "{code} for {shown}");
        }
        Ok(Shape { repeated: true, .. }) => prop_assert_eq!(code, Code::ClaimsRepeated, "{}", shown),
        Ok(Shape { object: false, .. }) => prop_assert_eq!(code, Code::ClaimsNotObject, "{}", shown),
        Ok(_) => prop_assert!(!OF_JSON.contains(&code), "{code} for {shown}"),
    }
    Ok(())
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let name = prop_oneof![3 => "[a-c]{0,2}", 1 => "\\PC{0,12}", 1 => "(exp|iss|aud|sub|nbf|iat|jti)"];
    let number =
        prop_oneof![any::<i64>().prop_map(serde_json::Value::from), any::<f64>().prop_map(Into::into)];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        number,
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_object() -> impl Strategy<Value = serde_json::Value> {
    prop::collection::btree_map("[a-z]{1,9}|\\PC{0,5}", any_json(), 0..8)
        .prop_map(|members| serde_json::Value::Object(members.into_iter().collect()))
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\"",
    "\"a\":",
    "\"b\":1,",
    "\"\\u0061\":",
    "\"\"",
    "\"",
    "\\",
    "0",
    "1",
    "-",
    "-0",
    "01",
    "1.",
    ".5",
    "1e",
    "1e5",
    "E+2",
    "true",
    "nul",
    "null",
    "false",
    " ",
    "\n",
    "\t",
    "\\ud834",
    "\\udd1e",
    "\"\\ud834\\udd1e\"",
    "\u{0}",
    "é",
    "{}",
    "[]",
    "{\"a\":{\"a\":1}}",
    "[[[[[[[[[",
    "]]]]]]]]]",
];

/// Texts that are nearly JSON.
fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}

/// Tells whether we read the same value as serde_json did.
fn same(ours: Value<'_>, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(ours), serde_json::Value::Bool(theirs)) => ours == *theirs,
        (Value::String(ours), serde_json::Value::String(theirs)) => ours == theirs,
        (Value::Number(ours), serde_json::Value::Number(theirs)) => {
            ours.as_i64() == theirs.as_i64() && ours.as_f64().to_bits() == theirs.as_f64().unwrap().to_bits()
        }
        (Value::Array(ours), serde_json::Value::Array(theirs)) => {
            ours.iter().count() == theirs.len()
                && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), serde_json::Value::Object(theirs)) => {
            ours.members().count() == theirs.len()
                && ours
                    .members()
                    .all(|(name, value)| theirs.get(name).is_some_and(|theirs| same(value, theirs)))
                && theirs
                    .iter()
                    .all(|(name, theirs)| ours.member(name).is_some_and(|value| same(value, theirs)))
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn verdict_on_json_is_that_of_serde_json_when_it_is_json(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        assert_agree(text.as_bytes())?;
    }

    #[test]
    fn verdict_on_json_is_that_of_serde_json_when_bytes_are_changed(
        value in any_object(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        kind in 0..3,
    ) {
        let mut text = value.to_string().into_bytes();
        for (index, byte) in changes {
            let at = index.index(text.len());
            match kind {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ => drop(text.remove(at)),
            }
            if text.is_empty() {
                break;
            }
        }
        assert_agree(&text)?;
    }

    #[test]
    fn verdict_on_json_is_that_of_serde_json_when_it_is_nearly_json(inner in soup(), wrapped: bool) {
        let text = if wrapped { format!("{{\"z\":{inner}}}") } else { inner };
        assert_agree(text.as_bytes())?;
    }

    #[test]
    fn verdict_on_json_is_that_of_serde_json_when_it_nests(levels in 1_usize..60, object: bool) {
        let (open, close) = if object { ("{\"a\":", "}") } else { ("[", "]") };
        let text = format!("{{\"x\":{}1{}}}", open.repeat(levels), close.repeat(levels));
        assert_agree(text.as_bytes())?;
    }

    /// Values come out as serde_json reads them.
    #[test]
    fn claims_have_the_values_of_serde_json(value in any_object()) {
        let text = value.to_string();
        let token = hmac::paid(text.as_bytes());
        let verifier = hmac::verifier(hmac::easy());
        let mut scratch = Scratch::new();
        let verdict = verifier.verdict(&token, UnixSeconds(0), &mut scratch);
        let claims = verdict.signed_claims().unwrap();
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert!(same(Value::Object(claims.as_object()), &theirs), "{}", text);
        prop_assert_eq!(claims.as_text(), text);
    }
}

#[test]
fn oracle_tells_what_it_should() {
    let shape = |text: &str| oracle(text.as_bytes());
    assert_eq!(shape("1e400"), None);
    assert_eq!(shape("{"), Some(Err(())));
    assert_eq!(shape("{} x"), Some(Err(())));
    assert_eq!(shape(r#"[{"a":[]}]"#), Some(Ok(Shape { depth: 3, repeated: false, object: false })));
    assert_eq!(shape(r#"{"a":1,"\u0061":2}"#), Some(Ok(Shape { depth: 1, repeated: true, object: true })));
}
