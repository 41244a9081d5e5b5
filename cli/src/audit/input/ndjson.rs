//! Picking members out of a JSON object without building it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Fields, Part, Parts, Unreadable};

/// The wanted members, as a tree of their names.
#[derive(Debug, Default)]
pub(in crate::audit) struct Picker {
    root: Node,
    pub(in crate::audit) has_time: bool,
}

#[derive(Debug, Default)]
struct Node {
    children: Vec<(Box<str>, Self)>,
    /// What is wanted here; and whether by its whole name, which goes before a
    /// way through nested objects.
    wanted: Vec<(Part, bool)>,
}

impl Node {
    fn want(&mut self, names: &[&str], part: Part, whole: bool) {
        let Some((first, rest)) = names.split_first() else {
            self.wanted.push((part, whole));
            return;
        };
        if let Some((_, child)) = self.children.iter_mut().find(|(name, _)| &**name == *first) {
            return child.want(rest, part, whole);
        }
        let mut child = Self::default();
        child.want(rest, part, whole);
        self.children.push(((*first).into(), child));
    }
}

impl Picker {
    pub(in crate::audit) fn new(fields: &Fields) -> Self {
        let mut root = Node::default();
        for part in Part::ALL {
            let Some(field) = fields.of(part) else { continue };
            if let Some(pointer) = field.strip_prefix('/') {
                let names: Vec<_> =
                    pointer.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
                root.want(&names.iter().map(String::as_str).collect::<Vec<_>>(), part, true);
                continue;
            }
            root.want(&[field], part, true);
            if field.contains('.') {
                root.want(&field.split('.').collect::<Vec<_>>(), part, false);
            }
        }
        Self { root, has_time: fields.time.is_some() }
    }

    /// Picks the members out of a line.
    pub(in crate::audit) fn pick<'l>(&self, line: &'l [u8]) -> Result<Parts<'l>, Unreadable> {
        let mut found = Found::default();
        let mut json = serde_json::Deserializer::from_slice(line);
        let read = Pick { node: &self.root, found: &mut found, top: true }.deserialize(&mut json);
        match read.and_then(|()| json.end()) {
            Ok(()) => Ok(found.parts),
            Err(_) => Err(found.fault.unwrap_or(Unreadable::NotJson)),
        }
    }
}

#[derive(Default)]
struct Found<'l> {
    parts: Parts<'l>,
    /// Whether a part was found, by its whole name or else.
    seen: [Option<bool>; 4],
    fault: Option<Unreadable>,
}

impl<'l> Found<'l> {
    fn put(&mut self, wanted: &[(Part, bool)], value: Option<&Cow<'l, [u8]>>) -> bool {
        for (part, whole) in wanted {
            let place = *part as usize;
            let (Some(seen), Some(slot)) = (self.seen.get_mut(place), self.parts.get_mut(place)) else {
                continue;
            };
            match *seen {
                Some(before) if before == *whole => {
                    self.fault = Some(Unreadable::MemberRepeated);
                    return false;
                }
                Some(true) => continue,
                _ => {}
            }
            *seen = Some(*whole);
            *slot = value.cloned();
        }
        true
    }
}

struct Pick<'n, 'f, 'l> {
    node: &'n Node,
    found: &'f mut Found<'l>,
    top: bool,
}

impl<'l> Pick<'_, '_, 'l> {
    fn put<E: serde::de::Error>(self, value: Option<&Cow<'l, [u8]>>) -> Result<(), E> {
        if self.top {
            return Err(E::custom("no object"));
        }
        if self.found.put(&self.node.wanted, value) { Ok(()) } else { Err(E::custom("repeated")) }
    }

    fn number<E: serde::de::Error>(self, text: String) -> Result<(), E> {
        self.put(Some(&Cow::Owned(text.into_bytes())))
    }

    fn no_text<E: serde::de::Error>(self) -> Result<(), E> {
        if !self.node.wanted.is_empty() {
            self.found.fault = Some(Unreadable::NotText);
            return Err(E::custom("no text"));
        }
        if self.top { Err(E::custom("no object")) } else { Ok(()) }
    }
}

impl<'l> DeserializeSeed<'l> for Pick<'_, '_, 'l> {
    type Value = ();

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for Pick<'_, '_, 'l> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'l str) -> Result<(), E> {
        self.put(Some(&Cow::Borrowed(text.as_bytes())))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.put(Some(&Cow::Owned(text.as_bytes().to_vec())))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.put(None)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.number(number.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.number(number.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        self.number(number.to_string())
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.no_text()
    }

    /// Of an array, as some servers log headers, the first text counts.
    fn visit_seq<A: SeqAccess<'l>>(self, mut items: A) -> Result<(), A::Error> {
        if self.node.wanted.is_empty() || self.top {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return self.no_text();
        }
        let Self { node, found, .. } = self;
        let first = Pick { node, found: &mut *found, top: false };
        if items.next_element_seed(first)?.is_none() && !found.put(&node.wanted, None) {
            return Err(A::Error::custom("repeated"));
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'l>>(self, mut members: A) -> Result<(), A::Error> {
        let Self { node, found, top } = self;
        if !top && !node.wanted.is_empty() && node.children.is_empty() {
            found.fault = Some(Unreadable::NotText);
            return Err(A::Error::custom("no text"));
        }
        while let Some(child) = members.next_key_seed(Child(node))? {
            match child {
                Some(node) => members.next_value_seed(Pick { node, found: &mut *found, top: false })?,
                None => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Finds the child that a member's name leads to.
struct Child<'n>(&'n Node);

impl<'n, 'l> DeserializeSeed<'l> for Child<'n> {
    type Value = Option<&'n Node>;

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'n> Visitor<'_> for Child<'n> {
    type Value = Option<&'n Node>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.children.iter().find(|(child, _)| &**child == name).map(|(_, node)| node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(token: &str, line: &str) -> Result<Option<String>, Unreadable> {
        let fields = Fields { token: Some(token.into()), time: Some("at".into()), ..Fields::default() };
        let [token, ..] = Picker::new(&fields).pick(line.as_bytes())?;
        Ok(token.map(|token| String::from_utf8(token.into_owned()).unwrap()))
    }

    #[test]
    fn members_are_found_by_name_path_and_pointer() {
        let found = |field, line| pick(field, line).unwrap().unwrap_or_default();
        assert_eq!(found("a", r#"{"b":{"a":"x"},"a":"t"}"#), "t");
        assert_eq!(found("a.b", r#"{"a":{"c":[1,{}],"b":"t"}}"#), "t");
        assert_eq!(found("a.b", r#"{"a":{"b":"u"},"a.b":"t"}"#), "t");
        assert_eq!(found("a.b", r#"{"a.b":"t","a":{"b":"u"}}"#), "t");
        assert_eq!(found("/a/b~1c", r#"{"a":{"b/c":"t"}}"#), "t");
        assert_eq!(found("a", r#"{"a":"\u0074"}"#), "t");
        assert_eq!(found("a", r#"{"a":["t","u"]}"#), "t");
        assert_eq!(found("a", r#"{"a":1e3}"#), "1000");
        for line in ["{}", r#"{"a":null}"#, r#"{"a":[]}"#, r#"{"b":{"a":1}}"#] {
            assert_eq!(pick("a", line), Ok(None), "{line}");
        }
        assert_eq!(pick("a.b", r#"{"a":"t"}"#), Ok(None));
    }

    #[test]
    fn line_is_refused_when_it_cannot_be_read() {
        for line in ["", "[]", "7", "null", "{", r#"{"a":"t"} x"#, r#"{"a":"t""#, "{\"a\":\"\u{1}\"}"] {
            assert_eq!(pick("a", line), Err(Unreadable::NotJson), "{line}");
        }
        assert_eq!(pick("a", r#"{"a":"t","a":"u"}"#), Err(Unreadable::MemberRepeated));
        assert_eq!(pick("a", r#"{"a":"t","\u0061":null}"#), Err(Unreadable::MemberRepeated));
        assert_eq!(pick("a", r#"{"a":{}}"#), Err(Unreadable::NotText));
        assert_eq!(pick("a", r#"{"a":true}"#), Err(Unreadable::NotText));
    }
}
