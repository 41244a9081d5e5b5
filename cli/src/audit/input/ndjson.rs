//! Picking members out of a JSON object without building it.

use std::borrow::Cow;

use jot::json::{JsonReader, Object, Value};

use super::{Fields, Flaw, Part, Parts, Slot, Unreadable};

/// The wanted members, as a tree of their names.
#[derive(Debug, Default)]
pub(in crate::audit) struct Picker {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    /// In the order of the lengths of their names.
    children: Vec<Child>,
    /// Where the children with names of each length begin, and where the last of them end;
    /// empty if there are none.
    begins: Vec<usize>,
    /// What is wanted here, and how good a place it is: the lowest is the best.
    wanted: Vec<(Slot, u8)>,
}

#[derive(Debug)]
struct Child {
    head: u64,
    name: Box<str>,
    node: Node,
}

/// All names of this length and longer ones are looked for in one place.
const LONG_NAME: usize = 63;

/// Returns the first eight bytes of a name, by which nearly all names differ.
fn head(name: &[u8]) -> u64 {
    match name.first_chunk() {
        Some(head) => u64::from_le_bytes(*head),
        None => name.iter().rev().fold(0, |head, byte| head << 8 | u64::from(*byte)),
    }
}

impl Node {
    fn want(&mut self, names: &[&str], slot: Slot, rank: u8) {
        let Some((first, rest)) = names.split_first() else {
            self.wanted.push((slot, rank));
            return;
        };
        let place = match self.children.iter().position(|child| &*child.name == *first) {
            Some(place) => place,
            None => self.add(first),
        };
        if let Some(child) = self.children.get_mut(place) {
            child.node.want(rest, slot, rank);
        }
    }

    /// Adds a child behind those with names of the same length; returns its place.
    fn add(&mut self, name: &str) -> usize {
        self.begins.resize(LONG_NAME.saturating_add(2), 0);
        let behind = self.begins.iter_mut().skip(name.len().min(LONG_NAME).saturating_add(1));
        let mut place = None;
        for begin in behind {
            place.get_or_insert(*begin);
            *begin = begin.saturating_add(1);
        }
        let place = place.unwrap_or_default();
        let child = Child { head: head(name.as_bytes()), name: name.into(), node: Self::default() };
        self.children.insert(place, child);
        place
    }

    fn child(&self, name: &str) -> Option<&Self> {
        let bounds = self.begins.get(name.len().min(LONG_NAME)..)?.first_chunk::<2>()?;
        let head = head(name.as_bytes());
        let mut alike = self.children.get(bounds[0]..bounds[1])?.iter();
        alike.find(|child| child.head == head && *child.name == *name).map(|child| &child.node)
    }
}

impl Picker {
    pub(in crate::audit) fn new(fields: &Fields) -> Self {
        let mut root = Node::default();
        let names = |part| fields.of(part).iter().map(String::as_str).collect::<Vec<_>>();
        let parts = Part::ALL.into_iter().map(|part| (Slot::Part(part), names(part)));
        let kept = fields.keep.iter().enumerate();
        let kept = kept.map(|(number, kept)| (Slot::Kept(number), kept.fields().collect()));
        for (slot, names) in parts.chain(kept) {
            let mut rank = 0_u8;
            let mut want = |names: &[&str]| {
                root.want(names, slot, rank);
                rank = rank.saturating_add(1);
            };
            for field in names {
                if let Some(pointer) = field.strip_prefix('/') {
                    let names: Vec<_> =
                        pointer.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
                    want(&names.iter().map(String::as_str).collect::<Vec<_>>());
                    continue;
                }
                // The whole name goes before ways through nested objects.
                let dots: Vec<_> = field.match_indices('.').map(|(at, _)| at).collect();
                for nested in 0..=dots.len() {
                    let end = nested.checked_sub(1).and_then(|last| dots.get(last));
                    let (front, rest) = match end {
                        None => ("", field),
                        Some(end) => (
                            field.get(..*end).unwrap_or_default(),
                            field.get(end.saturating_add(1)..).unwrap_or_default(),
                        ),
                    };
                    let front = front.split('.').filter(|_| nested > 0);
                    want(&front.chain([rest]).collect::<Vec<_>>());
                }
            }
        }
        Self { root }
    }

    /// Picks the members out of a line.
    pub(in crate::audit) fn pick<'l>(
        &self,
        line: &'l [u8],
        reader: &'l mut JsonReader,
    ) -> Result<Parts<'l>, Unreadable> {
        let object = reader.read(line).ok_or(Unreadable::NotJson)?;
        let mut found = Found::default();
        found.search(&self.root, object);
        Ok(found.parts)
    }
}

#[derive(Default)]
struct Found<'l> {
    parts: Parts<'l>,
    /// The rank of what was found for each slot.
    ranks: [Option<u8>; Slot::COUNT],
}

impl<'l> Found<'l> {
    /// Looks for what is wanted of an object's members.
    fn search(&mut self, node: &Node, object: Object<'l>) {
        for (name, value) in object.members() {
            if let Some(child) = node.child(name) {
                self.take(child, value);
            }
        }
    }

    fn take(&mut self, node: &Node, value: Value<'l>) {
        if let Value::Object(object) = value
            && !node.children.is_empty()
        {
            return self.search(node, object);
        }
        for (slot, rank) in &node.wanted {
            let before = self.ranks.get(slot.index()).copied().flatten();
            let is_better = before.is_none_or(|before| *rank < before);
            let is_again = before == Some(*rank);
            match *slot {
                Slot::Kept(number) if is_better => {
                    let Some(text) = kept_text(value) else { continue };
                    self.keep(number, text);
                }
                Slot::Part(part) if is_better => {
                    self.parts.put(part, None);
                    self.parts.more_tokens.retain(|_| part != Part::Token);
                    self.put(part, value);
                }
                Slot::Part(Part::Token) if is_again => self.put(Part::Token, value),
                _ if is_again => self.parts.flaws.add(Flaw::Repeated),
                _ => {}
            }
            if let (true, Some(seen)) = (is_better, self.ranks.get_mut(slot.index())) {
                *seen = Some(*rank);
            }
        }
    }

    fn keep(&mut self, number: usize, text: &'l str) {
        if let Some(worse) = self.parts.kept.get_mut(number) {
            *worse = None;
        }
        self.parts.keep(number, Cow::Borrowed(text.as_bytes()));
    }

    /// Puts a value; of an array, as some servers log headers, every token and
    /// otherwise the first text.
    fn put(&mut self, part: Part, value: Value<'l>) {
        match value {
            Value::Array(array) => {
                let most = if part == Part::Token { usize::MAX } else { 1 };
                array.iter().take(most).for_each(|value| self.put_one(part, value));
            }
            // As MongoDB exports dates.
            Value::Object(object) if part == Part::Time => {
                object.member("$date").into_iter().for_each(|value| self.put_one(part, value));
            }
            value => self.put_one(part, value),
        }
    }

    fn put_one(&mut self, part: Part, value: Value<'l>) {
        match value {
            Value::Null => {}
            Value::String(text) => self.put_text(part, text),
            Value::Number(number) => self.put_text(part, number.as_text()),
            Value::Object(object) if part == Part::Time => {
                let long = object.member("$numberLong").and_then(|long| long.as_str());
                self.put_text(part, long.unwrap_or_default());
            }
            _ => {
                self.parts.flaws.add(Flaw::NotText);
                // A time that stands there is not taken for one that is missing.
                if part == Part::Time {
                    self.put_text(part, "");
                }
            }
        }
    }

    fn put_text(&mut self, part: Part, text: &'l str) {
        let text = Cow::Borrowed(text.as_bytes());
        match part {
            Part::Token => self.parts.add_token(text),
            part => self.parts.put(part, Some(text)),
        }
    }
}

/// Returns a text, a number or a truth value; of an array the first.
fn kept_text(value: Value<'_>) -> Option<&str> {
    let value = match value {
        Value::Array(array) => array.iter().next()?,
        value => value,
    };
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.as_text()),
        Value::Bool(true) => Some("true"),
        Value::Bool(false) => Some("false"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(token: &[&str]) -> Fields {
        let mut fields = Fields::default();
        fields.set(Part::Token, token.iter().map(|name| (*name).to_owned()).collect());
        fields.set(Part::Time, vec!["at".to_owned()]);
        fields
    }

    /// The tokens, with spaces between them.
    fn pick(token: &[&str], line: &str) -> Result<String, Unreadable> {
        let mut reader = JsonReader::default();
        let parts = Picker::new(&fields(token)).pick(line.as_bytes(), &mut reader)?;
        let tokens = parts.get(Part::Token).into_iter().chain(&parts.more_tokens);
        Ok(tokens.map(|token| String::from_utf8_lossy(token).into_owned()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn members_are_found_by_name_path_and_pointer() {
        let found = |field, line| pick(&[field], line).unwrap();
        assert_eq!(found("a", r#"{"b":{"a":"x"},"a":"t"}"#), "t");
        assert_eq!(found("a.b", r#"{"a":{"c":[1,{}],"b":"t"}}"#), "t");
        assert_eq!(found("a.b", r#"{"a":{"b":"u"},"a.b":"t"}"#), "t");
        assert_eq!(found("a.b", r#"{"a.b":"t","a":{"b":"u"}}"#), "t");
        assert_eq!(found("a.b.c", r#"{"a":{"b.c":"t"}}"#), "t");
        assert_eq!(found("a.b.c", r#"{"a":{"b":{"c":"u"}},"a":{"b.c":"t"}}"#), "t");
        assert_eq!(found("/a/b~1c", r#"{"a":{"b/c":"t"}}"#), "t");
        assert_eq!(found("a", r#"{"a":"\u0074"}"#), "t");
        assert_eq!(found("a", r#"{"a":1e3}"#), "1e3");
        assert_eq!(found("a", r#"{"b":1,"b":{},"a":12.50}"#), "12.50");
        for line in ["{}", r#"{"a":null}"#, r#"{"a":[]}"#, r#"{"b":{"a":1}}"#, r#"{"a":{}}"#] {
            assert_eq!(found("a", line), "", "{line}");
        }
        assert_eq!(found("a.b", r#"{"a":"t"}"#), "");
    }

    #[test]
    fn names_are_told_apart_by_every_byte() {
        let long = "n".repeat(70);
        for name in ["a", "eight_by", "authorization", &long] {
            let alike = format!("{}X", &name[..name.len() - 1]);
            let names = [alike.as_str(), name];
            for other in [format!("{name}n"), name[1..].to_owned(), name.to_uppercase()] {
                let line = format!(r#"{{"{other}":"u","{name}":"t"}}"#);
                assert_eq!(pick(&[name], &line).unwrap(), "t", "{line}");
                assert_eq!(pick(&names, &line).unwrap(), "t", "{line}");
                assert_eq!(pick(&names, &format!(r#"{{"{other}":"u"}}"#)).unwrap(), "", "{other}");
            }
        }
    }

    #[test]
    fn every_record_is_searched_for_every_name() {
        let names = ["a", "b.c"];
        assert_eq!(pick(&names, r#"{"b":{"c":"u"}}"#).unwrap(), "u");
        assert_eq!(pick(&names, r#"{"b":{"c":"u"},"a":"t"}"#).unwrap(), "t");
        assert_eq!(pick(&names, r#"{"a":"t","b":{"c":"u"}}"#).unwrap(), "t");
    }

    #[test]
    fn no_token_is_hidden_by_another() {
        assert_eq!(pick(&["a"], r#"{"a":["t","u"]}"#).unwrap(), "t u");
        assert_eq!(pick(&["a"], r#"{"a":"t","a":"u"}"#).unwrap(), "t u");
        assert_eq!(pick(&["a"], r#"{"a":"t","\u0061":null}"#).unwrap(), "t");
        assert_eq!(pick(&["a"], r#"{"a":[{},"t",true]}"#).unwrap(), "t");
    }

    #[test]
    fn what_is_no_text_is_told() {
        let mut reader = JsonReader::default();
        let mut time = |line: &str| {
            let parts = Picker::new(&fields(&["a"])).pick(line.as_bytes(), &mut reader).unwrap();
            let text = parts.get(Part::Time).map(|time| String::from_utf8_lossy(time).into_owned());
            (text.unwrap_or_default(), parts.flaws.iter().next())
        };
        assert_eq!(time(r#"{"at":7,"at":8}"#), ("7".into(), Some(Flaw::Repeated)));
        assert_eq!(time(r#"{"at":true}"#), (String::new(), Some(Flaw::NotText)));
        assert_eq!(time(r#"{"at":{"$date":"2026-03-01T12:30:45Z"}}"#), ("2026-03-01T12:30:45Z".into(), None));
        assert_eq!(time(r#"{"at":{"$date":{"$numberLong":"7"}}}"#), ("7".into(), None));
    }

    #[test]
    fn line_is_refused_when_it_cannot_be_read() {
        for line in ["", "[]", "7", "null", "{", r#"{"a":"t"} x"#, r#"{"a":"t""#, "{\"a\":\"\u{1}\"}"] {
            assert_eq!(pick(&["a"], line), Err(Unreadable::NotJson), "{line}");
        }
    }
}
