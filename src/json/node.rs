//! One value of a text, and its place.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
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
/// holds its [`name_tag`](super::name::name_tag).
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) next: u32,
    pub(super) kind: Kind,
}

/// The place of a member's value among the nodes of its document. The default means
/// nowhere, because no member's value is the first node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NodeId(pub(super) u32);

impl NodeId {
    pub(crate) fn is_absent(self) -> bool {
        self == Self::default()
    }
}
