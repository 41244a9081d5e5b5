//! JSON as tokens carry it: borrowed from the text, and strict.
//!
//! [`Claims::claim`](crate::Claims::claim) and
//! [`JoseHeader::parameter`](crate::JoseHeader::parameter) give out a [`Value`]. A [`JsonReader`]
//! reads other texts with the same parser, less strictly.

// A text is checked as a whole and once (`parse::parse`): UTF-8 without a byte order
// mark, the grammar of RFC 8259, unique member names after their escapes are resolved,
// a bounded depth, nothing after the outer object. The result is a flat list of nodes
// that point back into the text. A number is converted only on demand. The caller owns
// the storage for the nodes and reuses it.
//
// It is our own parser and not simd-json because a Claims Set is small: at 330 bytes a
// two-stage parse costs more than one pass. simd-json also needs a writable copy of the
// text, and rejects valid JSON (1e400) even in claims that nobody reads.
// `cargo bench --bench json` in `benches/` measures both.

mod decimal;
mod parse;
mod reader;
mod scan;
#[cfg(test)]
mod tests;
#[cfg(feature = "capi")]
mod walk;
mod write;

use zeroize::Zeroize;

use crate::time::NumericDate;

pub(crate) use decimal::is_comparable;
pub(crate) use parse::{parse, parsed};
pub use reader::JsonReader;
pub(crate) use write::write_string;

/// The reason why a text is not an acceptable JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Syntax,
    NotObject,
    Repeated,
    TooDeep,
}

/// A fault and its byte offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) offset: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Null,
    True,
    False,
    Number,
    /// `start..end` lie in the text.
    String,
    /// `start..end` lie in the resolved strings.
    ResolvedString,
    Array,
    Object,
}

/// One value: its place in the text, and the node after it and everything it contains.
///
/// A member's name is a node too. Its value always follows it, so its `next` is free and
/// holds its [`name_tag`].
#[derive(Clone, Copy, Debug)]
struct Node {
    start: u32,
    end: u32,
    next: u32,
    kind: Kind,
}

/// Returns the tag of a name: three bytes, then the length. It distinguishes names of
/// three bytes, as most registered names are, from each other and from all others.
const fn name_tag(digest: u64) -> u32 {
    (digest & 0xff_ffff) as u32 | ((digest >> 56) as u32) << 24
}

/// Returns the tag of a name of three bytes.
pub(crate) const fn tag(name: [u8; 3]) -> u32 {
    let [a, b, c] = name;
    u32::from_le_bytes([a, b, c, 3])
}

/// Reusable storage for the nodes of one document at a time.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    /// The nodes of the document, followed by leftovers of earlier ones.
    nodes: Vec<Node>,
    /// The nodes of the outer object that are names of three bytes, as nearly all
    /// registered names are.
    short: Vec<u32>,
    /// The strings with escapes, resolved, end to end.
    resolved: String,
    /// The bytes that may end a string.
    marks: Vec<u64>,
    /// The parser's stack.
    open: Vec<parse::Open>,
    /// A buffer for finding repeated names.
    order: Vec<u32>,
    /// The strings may be secrets.
    is_secret: bool,
}

impl Storage {
    fn clear(&mut self) {
        self.short.clear();
        self.resolved.clear();
        self.open.clear();
    }

    /// Prepares for a text that may contain secrets: resolved strings stay in one place
    /// and are wiped in the end.
    pub(crate) fn keep_secret(&mut self, text: &[u8]) {
        self.is_secret = true;
        // Reserve everything now: a growing buffer would leave copies in freed memory.
        // A resolved string is never longer than its source.
        if memchr::memchr(b'\\', text).is_some() {
            self.resolved.reserve_exact(text.len());
        }
    }

    /// Adds space for more nodes.
    #[cold]
    fn grow(&mut self) {
        let none = Node { start: 0, end: 0, next: 0, kind: Kind::Null };
        self.nodes.resize(self.nodes.len().saturating_mul(2).max(32), none);
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        if self.is_secret {
            self.resolved.zeroize();
        }
    }
}

#[derive(Clone, Copy)]
struct Document<'d> {
    text: &'d str,
    storage: &'d Storage,
}

impl<'d> Document<'d> {
    #[inline]
    fn node(&self, at: u32) -> Option<&'d Node> {
        self.storage.nodes.get(at as usize)
    }

    #[inline]
    fn string(&self, node: &Node) -> &'d str {
        let source = match node.kind {
            Kind::ResolvedString => self.storage.resolved.as_str(),
            _ => self.text,
        };
        source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Returns the bytes of a string, without the checks of a `&str`.
    #[inline]
    fn text(&self, node: &Node) -> MaybeString<'d> {
        let source = match node.kind {
            Kind::String => self.text,
            Kind::ResolvedString => self.storage.resolved.as_str(),
            _ => return MaybeString::Other,
        };
        MaybeString::Is(source.as_bytes().get(node.start as usize..node.end as usize).unwrap_or_default())
    }

    /// Returns `true` if a member has this name. The tag is compared first, because
    /// nearly every other name has another tag.
    #[inline]
    fn is_named(&self, node: &Node, name: &str, tag: u32) -> bool {
        node.next == tag && self.string(node) == name
    }

    #[inline]
    fn value(&self, at: u32) -> Value<'d> {
        let Some(node) = self.node(at) else { return Value::Null };
        match node.kind {
            Kind::Null => Value::Null,
            Kind::True => Value::Bool(true),
            Kind::False => Value::Bool(false),
            Kind::Number => Value::Number(Number { text: self.string(node) }),
            Kind::String | Kind::ResolvedString => Value::String(self.string(node)),
            Kind::Array => Value::Array(Array { document: *self, at }),
            Kind::Object => Value::Object(Object { document: *self, at }),
        }
    }
}

/// The value of a member that should be a string.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MaybeString<'d> {
    /// No such member.
    Absent,
    /// A string with these bytes, with its escapes resolved.
    Is(&'d [u8]),
    /// Something else.
    Other,
}

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

/// A JSON number, in its original spelling.
///
/// ```
/// use jot::json::JsonReader;
///
/// let mut reader = JsonReader::default();
/// let object = reader.read(r#"{"seconds":1.5e3,"id":9007199254740993}"#).unwrap();
/// let number = |name| object.member(name).and_then(|value| value.as_number()).unwrap();
/// assert_eq!((number("seconds").as_text(), number("seconds").as_f64()), ("1.5e3", 1500.0));
/// assert_eq!(number("id").as_i64(), Some(9_007_199_254_740_993)); // no double is this number
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number<'d> {
    text: &'d str,
}

impl<'d> Number<'d> {
    /// Makes a number from text that was already parsed.
    #[cfg(feature = "capi")]
    pub(crate) const fn of_text(text: &'d str) -> Self {
        Self { text }
    }

    /// Returns the number's original spelling.
    #[must_use]
    pub const fn as_text(&self) -> &'d str {
        self.text
    }

    /// Returns the number if it is written without fraction and exponent and fits into
    /// `i64`.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        scan::ten_digits(self.text.as_bytes()).or_else(|| self.text.parse().ok())
    }

    /// Returns the nearest double, which is infinite for a number beyond its range
    /// (1e400).
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        self.text.parse().unwrap_or(f64::NAN)
    }

    /// Compares the number with another by their values, which are not rounded.
    pub(crate) fn compare(&self, other: &str) -> std::cmp::Ordering {
        decimal::compare(self.text, other)
    }

    /// Reads the number as a NumericDate; returns `None` if it is not finite.
    #[must_use]
    pub fn as_date(&self) -> Option<NumericDate> {
        match self.as_i64() {
            Some(seconds) => Some(NumericDate::from_integer(seconds)),
            None => NumericDate::from_float(self.as_f64()),
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
        text_of(&self.document, self.at)
    }
}

impl std::fmt::Debug for Array<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The place of a member's value among the nodes of its document. The default means
/// nowhere, because no member's value is the first node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

impl NodeId {
    pub(crate) fn is_absent(self) -> bool {
        self == Self::default()
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
    document: Document<'d>,
    at: u32,
}

impl<'d> Object<'d> {
    /// Returns the members in order, as name and value.
    pub fn members(&self) -> impl Iterator<Item = (&'d str, Value<'d>)> + use<'d> {
        let document = self.document;
        self.names().map(move |(name, place)| (document.string(name), document.value(place.0)))
    }

    /// Returns the [`tag`] of each name of three bytes and the place of its value; only
    /// for the outer object.
    pub(crate) fn short_names(&self) -> impl Iterator<Item = (u32, NodeId)> + use<'d> {
        let document = self.document;
        let short = if self.at == 0 { document.storage.short.as_slice() } else { &[] };
        let place = |at: u32| NodeId(at.saturating_add(1));
        short.iter().filter_map(move |at| document.node(*at).map(|name| (name.next, place(*at))))
    }

    #[inline]
    fn names(&self) -> impl Iterator<Item = (&'d Node, NodeId)> + use<'d> {
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
            None => Number { text: self.document.string(node) }.as_date(),
        }
    }

    /// Returns the value of the member with this name.
    #[must_use]
    //= rfc7515#section-5.3
    //# These comparison rules MUST be used for all JSON string comparisons
    pub fn member(&self, name: &str) -> Option<Value<'d>> {
        let tag = name_tag(parse::digest(name.as_bytes()));
        let (_, place) = self.names().find(|(node, _)| self.document.is_named(node, name, tag))?;
        self.at(place)
    }

    /// Returns the value of every member with this name: at most one in a token,
    /// perhaps several from a [`JsonReader`].
    #[inline]
    pub fn each<'n>(&self, name: &'n str) -> impl Iterator<Item = Value<'d>> + use<'d, 'n> {
        let (object, tag) = (*self, name_tag(parse::digest(name.as_bytes())));
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
        text_of(&self.document, self.at)
    }
}

impl std::fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.members()).finish()
    }
}

fn text_of<'d>(document: &Document<'d>, at: u32) -> &'d str {
    document.node(at).map(|node| document.string(node)).unwrap_or_default()
}
