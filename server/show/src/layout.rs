//! Reformats JSON text and keeps the spelling of every token.
//!
//! Parsing and printing would lose details that a reader wants to see: the digits of a
//! number, the escapes of a string, a repeated member.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

/// The deepest indentation, in levels: deeper levels stay at this one.
const DEEPEST_INDENT: usize = 64;

/// How JSON text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// On one line, without white space.
    Compact,
    /// One member or element per line.
    Pretty,
}

impl Layout {
    /// Lays out `json`, which must be valid.
    #[must_use]
    pub fn of(self, json: &str) -> String {
        let mut laid = String::with_capacity(json.len());
        let (mut depth, mut in_string, mut escaped, mut opened) = (0_usize, false, false, false);
        for c in json.chars() {
            if in_string {
                laid.push(c);
                in_string = escaped || c != '"';
                escaped = c == '\\' && !escaped;
                continue;
            }
            if matches!(c, ' ' | '\t' | '\r' | '\n') {
                continue;
            }
            let closes = matches!(c, '}' | ']');
            if closes {
                depth = depth.saturating_sub(1);
            }
            if opened != closes {
                self.break_line(depth, &mut laid);
            }
            opened = matches!(c, '{' | '[');
            laid.push(c);
            match c {
                '"' => in_string = true,
                '{' | '[' => depth = depth.saturating_add(1),
                ',' => self.break_line(depth, &mut laid),
                ':' if self == Self::Pretty => laid.push(' '),
                _ => {}
            }
        }
        laid
    }

    fn break_line(self, depth: usize, laid: &mut String) {
        if self == Self::Pretty {
            laid.push('\n');
            (0..depth.min(DEEPEST_INDENT)).for_each(|_| laid.push_str("  "));
        }
    }
}

/// Returns the member names of a JSON object in order, including repeated ones, or
/// `None` if the text is not a JSON object.
#[must_use]
pub fn member_names(json: &str) -> Option<Vec<String>> {
    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let mut names = Vec::new();
            while let Some((name, IgnoredAny)) = members.next_entry::<String, IgnoredAny>()? {
                names.push(name);
            }
            Ok(names)
        }
    }

    let mut text = serde_json::Deserializer::from_str(json);
    let names = text.deserialize_map(Names).ok()?;
    text.end().ok()?;
    Some(names)
}

/// Returns the first repeated name.
#[must_use]
pub fn repeated(names: &[String]) -> Option<&str> {
    let mut seen = std::collections::HashSet::new();
    names.iter().map(String::as_str).find(|name| !seen.insert(*name))
}

/// Adds members to the end of a JSON object; `members` are name and JSON.
#[must_use]
pub fn with_members(object: &str, members: &[(&str, String)]) -> Option<String> {
    let head = object.trim().strip_suffix('}')?.trim_end();
    let mut text = head.to_owned();
    for (name, value) in members {
        if !text.ends_with('{') {
            text.push(',');
        }
        text.push_str(&format!("\"{name}\":{value}"));
    }
    text.push('}');
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stay_as_they_were_written() {
        let json = "{ \"a\" : [1e400, {} , [ ], \"x\\\"}{\"],\n\"a\":{\"b\":\"\\\\\"} }";
        assert_eq!(Layout::Compact.of(json), r#"{"a":[1e400,{},[],"x\"}{"],"a":{"b":"\\"}}"#);
        let pretty = "{\n  \"a\": [\n    1e400,\n    {},\n    [],\n    \"x\\\"}{\"\n  ],\n  \"a\": {\n    \"b\": \"\\\\\"\n  }\n}";
        assert_eq!(Layout::Pretty.of(json), pretty);
        assert_eq!(Layout::Compact.of(pretty), Layout::Compact.of(json));
        assert_eq!(Layout::Pretty.of("7"), "7");
    }

    #[test]
    fn names_are_listed_with_repeats() {
        let names = member_names(r#"{"a":1,"b":{"c":1e400},"\u0061":2}"#).unwrap();
        assert_eq!(names, ["a", "b", "a"]);
        assert_eq!(repeated(&names), Some("a"));
        assert_eq!(member_names("[]"), None);
        assert_eq!(member_names("{} x"), None);
    }

    #[test]
    fn members_are_added_at_the_end() {
        assert_eq!(with_members(" { } ", &[("exp", "1".to_owned())]).unwrap(), r#"{"exp":1}"#);
        let two = [("exp", "1".to_owned()), ("iat", "2".to_owned())];
        assert_eq!(with_members("{\"a\":{}\n}", &two).unwrap(), r#"{"a":{},"exp":1,"iat":2}"#);
        assert_eq!(with_members("[]", &two), None);
    }
}
