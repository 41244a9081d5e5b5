//! Values, arrays and objects, which contain each other.

use std::fmt;

use super::document::{Document, MaybeString};
use super::name::{digest, name_tag};
use super::node::{Kind, Node, NodeId};
use super::number::Number;
use super::scan;
use super::storage::Storage;
use crate::time::NumericDate;

/// A JSON value, borrowed from the text that it was read from.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"exp":1800003600,"roles":["admin"],"tenant":{"id":7}}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
/// use jot::json::Value;
///
/// let claims = verifier.verify(&token, now, &mut scratch)?.claims();
/// assert_eq!(claims.path(["tenant", "id"]).and_then(|id| id.as_number()?.as_i64()), Some(7));
/// match claims.claim("roles") {
///     Some(Value::Array(roles)) => assert_eq!(roles.iter().next().and_then(|role| role.as_str()), Some("admin")),
///     Some(Value::String(role)) => println!("one role: {role}"),
///     _ => println!("no roles"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Value<'d> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, unread.
    Number(Number<'d>),
    /// A string with its escapes resolved.
    String(&'d str),
    /// An array.
    Array(Array<'d>),
    /// An object.
    Object(Object<'d>),
}

impl<'d> Value<'d> {
    /// Returns the string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&'d str> {
        match *self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match *self {
            Self::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<Number<'d>> {
        match *self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the array, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<Array<'d>> {
        match *self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// Returns the object, if it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<Object<'d>> {
        match *self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl<'d> Document<'d> {
    /// Returns the value at a node; `null` if there is no such node.
    #[inline]
    pub(super) fn value(&self, at: u32) -> Value<'d> {
        let Some(node) = self.node(at) else { return Value::Null };
        match node.kind {
            Kind::Null => Value::Null,
            Kind::True => Value::Bool(true),
            Kind::False => Value::Bool(false),
            Kind::Number => Value::Number(Number::of_text(self.string(node))),
            Kind::String | Kind::ResolvedString => Value::String(self.string(node)),
            Kind::Array => Value::Array(Array { document: *self, at }),
            Kind::Object => Value::Object(Object { document: *self, at }),
        }
    }
}

/// A JSON array.
///
/// ```
/// use jot::json::JsonReader;
///
/// let mut reader = JsonReader::default();
/// let object = reader.read(r#"{"aud":["a","b"]}"#).unwrap();
/// let audiences = object.member("aud").and_then(|value| value.as_array()).unwrap();
/// assert_eq!(audiences.iter().filter_map(|value| value.as_str()).collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(audiences.as_text(), r#"["a","b"]"#);
/// ```
#[derive(Clone, Copy)]
pub struct Array<'d> {
    document: Document<'d>,
    at: u32,
}

impl<'d> Array<'d> {
    /// Returns the elements in their order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        let document = self.document;
        let end = document.node(self.at).map_or(0, |array| array.next);
        let mut next = self.at.saturating_add(1);
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let value = document.value(next);
            next = document.node(next)?.next;
            Some(value)
        })
    }

    /// Returns the elements of an array that should contain strings.
    #[inline]
    pub(crate) fn texts(&self) -> impl Iterator<Item = MaybeString<'d>> + use<'d> {
        let document = self.document;
        let end = document.node(self.at).map_or(0, |array| array.next);
        let mut next = self.at.saturating_add(1);
        std::iter::from_fn(move || {
            let node = if next < end { document.node(next)? } else { return None };
            next = node.next;
            Some(document.text(node))
        })
    }

    /// Returns `true` if the array contains this string.
    pub(crate) fn has_text(&self, wanted: &str) -> bool {
        self.iter().any(|element| element.as_str() == Some(wanted))
    }

    /// Returns the text of the array in the document.
    #[must_use]
    pub fn as_text(&self) -> &'d str {
        self.document.text_of(self.at)
    }
}

impl fmt::Debug for Array<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A JSON object; in tokens, with unique member names.
///
/// ```
/// use jot::json::JsonReader;
///
/// let mut reader = JsonReader::default();
/// let object = reader.read(r#"{"status":200,"user":{"name":"alice"}}"#).unwrap();
/// assert_eq!(object.members().map(|(name, _)| name).collect::<Vec<_>>(), ["status", "user"]);
/// assert_eq!(object.path(["user", "name"]).and_then(|name| name.as_str()), Some("alice"));
/// assert_eq!(object.member("user").unwrap().as_object().unwrap().as_text(), r#"{"name":"alice"}"#);
/// ```
#[derive(Clone, Copy)]
pub struct Object<'d> {
    pub(super) document: Document<'d>,
    pub(super) at: u32,
}

impl<'d> Object<'d> {
    /// Returns the outer object of a text that was parsed.
    #[inline]
    pub(super) const fn outer(text: &'d str, storage: &'d Storage) -> Self {
        Self { document: Document { text, storage }, at: 0 }
    }

    /// Returns the members in order, as name and value.
    pub fn members(&self) -> impl Iterator<Item = (&'d str, Value<'d>)> + use<'d> {
        let document = self.document;
        self.names().map(move |(name, place)| (document.string(name), document.value(place.0)))
    }

    /// Returns the [`tag`](super::tag) of each name of three bytes and the place of its value; only
    /// for the outer object.
    pub(crate) fn short_names(&self) -> impl Iterator<Item = (u32, NodeId)> + use<'d> {
        let document = self.document;
        let short = if self.at == 0 { document.storage.short.as_slice() } else { &[] };
        let place = |at: u32| NodeId(at.saturating_add(1));
        short.iter().filter_map(move |at| document.node(*at).map(|name| (name.next, place(*at))))
    }

    #[inline]
    pub(super) fn names(&self) -> impl Iterator<Item = (&'d Node, NodeId)> + use<'d> {
        let document = self.document;
        let end = document.node(self.at).map_or(0, |object| object.next);
        let mut at = self.at.saturating_add(1);
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let name = document.node(at)?;
            let place = NodeId(at.saturating_add(1));
            at = document.node(place.0)?.next;
            Some((name, place))
        })
    }

    /// Returns the value at a place from [`short_names`](Self::short_names).
    pub(crate) fn at(&self, place: NodeId) -> Option<Value<'d>> {
        (!place.is_absent()).then(|| self.document.value(place.0))
    }

    /// Returns the value at a place that should be a string.
    #[inline]
    pub(crate) fn text_at(&self, place: NodeId) -> MaybeString<'d> {
        match self.document.node(place.0) {
            Some(node) if !place.is_absent() => self.document.text(node),
            _ => MaybeString::Absent,
        }
    }

    /// Returns the date at a place, if there is one.
    #[inline]
    pub(crate) fn date_at(&self, place: NodeId) -> Option<NumericDate> {
        let node = self.document.node(place.0).filter(|node| node.kind == Kind::Number)?;
        let text = self.document.text.as_bytes().get(node.start as usize..node.end as usize)?;
        match scan::ten_digits(text) {
            Some(seconds) => Some(NumericDate::from_integer(seconds)),
            None => Number::of_text(self.document.string(node)).as_date(),
        }
    }

    /// Returns the value of the member with this name.
    #[must_use]
    //= rfc7515#section-5.3
    //# These comparison rules MUST be used for all JSON string comparisons
    pub fn member(&self, name: &str) -> Option<Value<'d>> {
        let tag = name_tag(digest(name.as_bytes()));
        let (_, place) = self.names().find(|(node, _)| self.document.is_named(node, name, tag))?;
        self.at(place)
    }

    /// Returns the value of every member with this name: at most one in a token,
    /// perhaps several from a [`JsonReader`](super::JsonReader).
    #[inline]
    pub fn each<'n>(&self, name: &'n str) -> impl Iterator<Item = Value<'d>> + use<'d, 'n> {
        let (object, tag) = (*self, name_tag(digest(name.as_bytes())));
        let is_named = move |(node, place): (&Node, NodeId)| {
            object.document.is_named(node, name, tag).then(|| object.document.value(place.0))
        };
        self.names().filter_map(is_named)
    }

    /// Follows the names down through nested objects.
    #[must_use]
    pub fn path<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<Value<'d>> {
        let mut value = Value::Object(*self);
        for name in names {
            value = value.as_object()?.member(name)?;
        }
        Some(value)
    }

    /// Returns the text of the object in the document.
    #[must_use]
    pub fn as_text(&self) -> &'d str {
        self.document.text_of(self.at)
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.members()).finish()
    }
}
