//! Picking members out of a JSON object without building it.

use std::borrow::Cow;

use jot::json::{JsonReader, Object, Value};

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
    /// The parts of this member, each with a flag for a match by whole name, which wins
    /// over a path through nested objects.
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
    pub(in crate::audit) fn pick<'l>(
        &self,
        line: &'l [u8],
        reader: &'l mut JsonReader,
    ) -> Result<Parts<'l>, Unreadable> {
        let object = reader.read(line).ok_or(Unreadable::NotJson)?;
        let mut found = Found::default();
        found.search(&self.root, object)?;
        Ok(found.parts)
    }
}

#[derive(Default)]
struct Found<'l> {
    parts: Parts<'l>,
    /// For each part that was found, whether by its whole name.
    seen: [Option<bool>; 4],
}

impl<'l> Found<'l> {
    /// Searches an object's members for the parts.
    fn search(&mut self, node: &Node, object: Object<'l>) -> Result<(), Unreadable> {
        for (name, child) in &node.children {
            object.each(name).try_for_each(|value| self.take(child, value))?;
        }
        Ok(())
    }

    fn take(&mut self, node: &Node, value: Value<'l>) -> Result<(), Unreadable> {
        match value {
            Value::Object(object) if !node.children.is_empty() || node.wanted.is_empty() => {
                self.search(node, object)
            }
            Value::Array(_) if node.wanted.is_empty() => Ok(()),
            // Some servers log headers as arrays; the first string counts.
            Value::Array(array) => match array.iter().next() {
                Some(first) => self.put(&node.wanted, text(first)?),
                None => self.put(&node.wanted, None),
            },
            _ if node.wanted.is_empty() => Ok(()),
            value => self.put(&node.wanted, text(value)?),
        }
    }

    fn put(&mut self, wanted: &[(Part, bool)], value: Option<Cow<'l, [u8]>>) -> Result<(), Unreadable> {
        for (part, whole) in wanted {
            let place = *part as usize;
            let (Some(seen), Some(slot)) = (self.seen.get_mut(place), self.parts.get_mut(place)) else {
                continue;
            };
            match *seen {
                Some(before) if before == *whole => return Err(Unreadable::MemberRepeated),
                Some(true) => continue,
                _ => {}
            }
            *seen = Some(*whole);
            slot.clone_from(&value);
        }
        Ok(())
    }
}

/// Returns the text of a string or number; `None` for null.
fn text(value: Value<'_>) -> Result<Option<Cow<'_, [u8]>>, Unreadable> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(Cow::Borrowed(text.as_bytes()))),
        Value::Number(number) => Ok(Some(Cow::Borrowed(number.as_text().as_bytes()))),
        _ => Err(Unreadable::NotText),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(token: &str, line: &str) -> Result<Option<String>, Unreadable> {
        let fields = Fields { token: Some(token.into()), time: Some("at".into()), ..Fields::default() };
        let mut reader = JsonReader::default();
        let [token, ..] = Picker::new(&fields).pick(line.as_bytes(), &mut reader)?;
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
        assert_eq!(found("a", r#"{"a":1e3}"#), "1e3");
        assert_eq!(found("a", r#"{"b":1,"b":{},"a":12.50}"#), "12.50");
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
