//! A JSON object, written member by member into one text: a token and its line in the audit
//! trail are made too often for a tree of values.

/// An object that is being written.
///
/// ```
/// use jot_login::json::Object;
///
/// let object = Object::new().with("sub", "alice").with("exp", 600_i64).with("aud", &["a", "b"][..]);
/// assert_eq!(object.into_text(), r#"{"sub":"alice","exp":600,"aud":["a","b"]}"#);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Object(String);

/// What can be a member of an [`Object`].
pub trait Member {
    /// Appends the value.
    fn write(&self, to: &mut String);
}

impl Object {
    /// Starts an object without members.
    pub fn new() -> Self {
        let mut text = String::with_capacity(512);
        text.push('{');
        Self(text)
    }

    /// Goes on with the text of an object that another one wrote, without space at its end.
    pub fn of_text(text: &str) -> Self {
        Self(text.strip_suffix('}').unwrap_or("{").to_owned())
    }

    /// Adds a member. Nobody looks whether there is one of this name.
    pub fn with(mut self, name: &str, value: impl Member) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        name.write(&mut self.0);
        self.0.push(':');
        value.write(&mut self.0);
        self
    }

    /// Adds a member if there is a value.
    pub fn with_some(self, name: &str, value: Option<impl Member>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Returns the text.
    #[must_use]
    pub fn into_text(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

impl Member for str {
    fn write(&self, to: &mut String) {
        use std::fmt::Write as _;

        to.push('"');
        // Whatever has to be escaped is one byte (RFC 8259 §7).
        let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
        if self.bytes().all(is_plain) {
            to.push_str(self);
        } else {
            for letter in self.chars() {
                match letter {
                    '"' => to.push_str("\\\""),
                    '\\' => to.push_str("\\\\"),
                    '\u{0}'..='\u{1f}' => {
                        // Writing to a String cannot fail.
                        let _ = write!(to, "\\u{:04x}", u32::from(letter));
                    }
                    other => to.push(other),
                }
            }
        }
        to.push('"');
    }
}

impl Member for String {
    fn write(&self, to: &mut String) {
        self.as_str().write(to);
    }
}

impl Member for bool {
    fn write(&self, to: &mut String) {
        to.push_str(if *self { "true" } else { "false" });
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl Member for $number {
            fn write(&self, to: &mut String) {
                use std::fmt::Write as _;

                let _ = write!(to, "{self}");
            }
        })+
    };
}

numbers!(i64, u32, u64, usize);

impl<T: Member> Member for [T] {
    fn write(&self, to: &mut String) {
        to.push('[');
        for (place, value) in self.iter().enumerate() {
            if place > 0 {
                to.push(',');
            }
            value.write(to);
        }
        to.push(']');
    }
}

impl<T: Member + ?Sized> Member for &T {
    fn write(&self, to: &mut String) {
        (**self).write(to);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn members_are_written_in_their_order() {
        let none: Option<&str> = None;
        let object = Object::new().with("b", true).with_some("n", none).with_some("a", Some(-7_i64));
        assert_eq!(object.into_text(), r#"{"b":true,"a":-7}"#);
        assert_eq!(Object::new().into_text(), "{}");
        assert_eq!(Object::of_text(r#"{"a":1}"#).with("b", true).into_text(), r#"{"a":1,"b":true}"#);
        assert_eq!(Object::of_text("{}").with("b", true).into_text(), r#"{"b":true}"#);
        let empty: [&str; 0] = [];
        assert_eq!(Object::new().with("list", &empty[..]).into_text(), r#"{"list":[]}"#);
    }

    #[test]
    fn whatever_has_to_be_escaped_is() {
        for byte in 0..=0x7f_u8 {
            let text = char::from(byte).to_string();
            let read: Value = serde_json::from_str(&Object::new().with("a", &text).into_text()).unwrap();
            assert_eq!(read["a"], text, "{byte:#x}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(name in any::<String>(), text in any::<String>(), number in any::<i64>()) {
            let written = Object::new().with(&name, &text).with("list", &[&text[..], "x"][..]).into_text();
            let read: Value = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(&read[&name], &json!(&text));
            prop_assert_eq!(&read["list"], &json!([&text, "x"]));
            let written = Object::new().with("number", number).into_text();
            prop_assert_eq!(written, json!({"number": number}).to_string());
        }
    }
}
