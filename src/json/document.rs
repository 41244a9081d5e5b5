//! A text and the nodes that point into it.

use super::node::{Kind, Node};
use super::storage::Storage;

#[derive(Clone, Copy)]
pub(super) struct Document<'d> {
    pub(super) text: &'d str,
    pub(super) storage: &'d Storage,
}

impl<'d> Document<'d> {
    #[inline]
    pub(super) fn node(&self, at: u32) -> Option<&'d Node> {
        self.storage.nodes.get(at as usize)
    }

    #[inline]
    pub(super) fn string(&self, node: &Node) -> &'d str {
        let source = match node.kind {
            Kind::ResolvedString => self.storage.resolved.as_str(),
            _ => self.text,
        };
        source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Returns the bytes of a string, without the checks of a `&str`.
    #[inline]
    pub(super) fn text(&self, node: &Node) -> MaybeString<'d> {
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
    pub(super) fn is_named(&self, node: &Node, name: &str, tag: u32) -> bool {
        node.next == tag && self.string(node) == name
    }

    /// Returns the text of an array or object.
    pub(super) fn text_of(&self, at: u32) -> &'d str {
        self.node(at).map(|node| self.string(node)).unwrap_or_default()
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
