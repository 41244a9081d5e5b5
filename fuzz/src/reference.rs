//! A second opinion: tokens read with `base64` and `serde_json`, and the rules
//! written down once more, plainly.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON value, its numbers as they are written and its members in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// What is wrong with a text; `Syntax` stands alone, since nothing else can be
/// told about a text that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Syntax,
    NotObject,
    Repeated,
    TooDeep,
}

impl Tree {
    /// Reads a JSON object with unique names, nested 32 deep at most.
    pub fn read(text: &[u8]) -> Result<Self, Vec<Fault>> {
        let syntax = |_| vec![Fault::Syntax];
        let text = std::str::from_utf8(text).map_err(|_| vec![Fault::Syntax])?;
        let raw: &RawValue = serde_json::from_str(text).map_err(syntax)?;
        let mut faults = Vec::new();
        let tree = Self::of(raw, 1, &mut faults).map_err(syntax)?;
        if !matches!(tree, Self::Object(_)) {
            faults.push(Fault::NotObject);
        }
        if faults.is_empty() { Ok(tree) } else { Err(faults) }
    }

    fn of(raw: &RawValue, depth: usize, faults: &mut Vec<Fault>) -> serde_json::Result<Self> {
        let text = raw.get();
        let first = text.as_bytes()[0];
        if matches!(first, b'{' | b'[') && depth > 32 {
            faults.push(Fault::TooDeep);
            return Ok(Self::Null);
        }
        Ok(match first {
            b'{' => {
                let Members(members) = serde_json::from_str(text)?;
                let mut names: Vec<_> = members.iter().map(|member| &member.0).collect();
                names.sort_unstable();
                if names.windows(2).any(|pair| pair[0] == pair[1]) {
                    faults.push(Fault::Repeated);
                }
                let member =
                    |(name, raw): (String, Box<RawValue>)| Ok((name, Self::of(&raw, depth + 1, faults)?));
                Self::Object(members.into_iter().map(member).collect::<serde_json::Result<_>>()?)
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                let item = |raw: &RawValue| Self::of(raw, depth + 1, faults);
                Self::Array(items.into_iter().map(item).collect::<serde_json::Result<_>>()?)
            }
            b'"' => Self::String(serde_json::from_str(text)?),
            b't' => Self::Bool(true),
            b'f' => Self::Bool(false),
            b'n' => Self::Null,
            _ => Self::Number(text.to_owned()),
        })
    }

    /// Takes over what our own parser made.
    pub fn ours(value: jot::json::Value<'_>) -> Self {
        match value {
            jot::json::Value::Null => Self::Null,
            jot::json::Value::Bool(value) => Self::Bool(value),
            jot::json::Value::Number(number) => Self::Number(number.as_text().to_owned()),
            jot::json::Value::String(text) => Self::String(text.to_owned()),
            jot::json::Value::Array(array) => Self::Array(array.iter().map(Self::ours).collect()),
            jot::json::Value::Object(object) => Self::Object(
                object.members().map(|(name, value)| (name.to_owned(), Self::ours(value))).collect(),
            ),
            _ => unreachable!("a new kind of value"),
        }
    }

    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|member| member.0 == name).map(|member| &member.1)
    }

    fn is_absent_or_string(&self, name: &str) -> bool {
        matches!(self.member(name), None | Some(Self::String(_)))
    }
}

struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// Decodes a segment as RFC 7515 §2 has it.
pub fn decode(segment: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(segment).ok()
}

/// Encodes a segment.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Tells whether a token of these parts, whose signature holds, is accepted at
/// `now` by a policy that allows `alg`, any audience and a missing `exp`, with
/// a key without `kid`. `None` where extensions are in play.
pub fn accepts(alg: &str, header: &Tree, claims: &Tree, now: i64) -> Option<bool> {
    if ["crit", "b64"].iter().any(|name| header.member(name).is_some()) {
        return None;
    }
    let header_is_good = header.member("alg") == Some(&Tree::String(alg.to_owned()))
        && ["kid", "typ"].iter().all(|name| header.is_absent_or_string(name));
    Some(header_is_good && claims_are_good(claims, now))
}

fn claims_are_good(claims: &Tree, now: i64) -> bool {
    let audience_is_good = match claims.member("aud") {
        None | Some(Tree::String(_)) => true,
        Some(Tree::Array(items)) => items.iter().all(|item| matches!(item, Tree::String(_))),
        Some(_) => false,
    };
    let date_is_good = |name, holds: fn(std::cmp::Ordering) -> bool| match claims.member(name) {
        None => true,
        Some(Tree::Number(text)) => order(text, now).is_some_and(holds),
        Some(_) => false,
    };
    ["iss", "sub", "jti"].iter().all(|name| claims.is_absent_or_string(name))
        && audience_is_good
        && date_is_good("iat", std::cmp::Ordering::is_le)
        && date_is_good("nbf", std::cmp::Ordering::is_le)
        && date_is_good("exp", std::cmp::Ordering::is_gt)
}

/// Compares a date with `now`; `None` for one that is not finite.
fn order(date: &str, now: i64) -> Option<std::cmp::Ordering> {
    match date.parse::<i128>() {
        Ok(whole) => Some(whole.cmp(&i128::from(now))),
        // `now` has few enough digits to be exact as a double.
        Err(_) => date.parse::<f64>().ok().filter(|date| date.is_finite())?.partial_cmp(&(now as f64)),
    }
}
