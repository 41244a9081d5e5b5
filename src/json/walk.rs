//! Access to values by node number, for callers that cannot hold a borrowed value.

use super::document::Document;
use super::name::{digest, name_tag};
use super::node::Kind;
use super::value::{Object, Value};

/// One step of an iteration over an object's members or an array's elements.
pub(crate) struct Step<'d> {
    /// The member's name; `None` in an array.
    pub(crate) name: Option<&'d str>,
    pub(crate) node: u32,
    /// The cursor of the next step.
    pub(crate) next: u32,
}

impl<'d> Object<'d> {
    /// Returns the object's own node.
    pub(crate) const fn node(&self) -> u32 {
        self.at
    }

    /// Returns the value of any node of the same document.
    pub(crate) fn value_at(&self, node: u32) -> Option<Value<'d>> {
        self.document.node(node).map(|_| self.document.value(node))
    }

    /// Returns the node of the value of the member with this name.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        let tag = name_tag(digest(name.as_bytes()));
        self.names().find(|(node, _)| self.document.is_named(node, name, tag)).map(|(_, place)| place.0)
    }

    /// Takes a step through the object or array at `container`, from its beginning if
    /// `cursor` is 0; returns `None` after the last one.
    pub(crate) fn step(&self, container: u32, cursor: u32) -> Option<Step<'d>> {
        let document: Document<'d> = self.document;
        let holder = document.node(container)?;
        let first = container.checked_add(1)?;
        let at = if cursor == 0 { first } else { cursor };
        if at < first || at >= holder.next {
            return None;
        }
        let (name, node) = match holder.kind {
            Kind::Object => (Some(document.string(document.node(at)?)), at.checked_add(1)?),
            Kind::Array => (None, at),
            _ => return None,
        };
        let next = document.node(node)?.next;
        (next > at).then_some(Step { name, node, next })
    }
}
