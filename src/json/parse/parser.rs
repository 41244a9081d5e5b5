//! The parser's state, and the steps that all of its parts take.

use crate::json::fault::{Fault, FaultKind};
use crate::json::node::{Kind, Node};
use crate::json::open::Open;
use crate::json::storage::Storage;

/// The number of words of the filter over names.
pub(super) const SEEN_WORDS: usize = 8;

/// The position of the parser, which every step advances. Only steps that are inlined
/// into `Parser::value` borrow it, so it stays in registers.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    /// The offset in the text.
    pub(super) at: usize,
    /// The number of nodes so far.
    pub(super) nodes: usize,
}

/// The offset of the fault, if the text is not JSON.
pub(super) type Parsed = Result<(), usize>;

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "parse() holds texts to u32::MAX bytes")]
pub(super) const fn narrow(offset: usize) -> u32 {
    offset as u32
}

/// Makes a fault; an offset that is too large becomes `u32::MAX`.
pub(super) const fn fault(kind: FaultKind, offset: usize) -> Fault {
    let is_far = offset > u32::MAX as usize;
    Fault { kind, offset: if is_far { u32::MAX } else { narrow(offset) } }
}

#[inline]
pub(super) const fn syntax(offset: usize) -> Fault {
    fault(FaultKind::Syntax, offset)
}

pub(super) struct Parser<'p, 't, const STRICT: bool> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) storage: &'p mut Storage,
    /// The innermost open container; the outer ones are on the stack.
    pub(super) inside: Open,
    /// The filter over the names of all objects: each name sets two bits in a word,
    /// chosen by its digest and its object.
    pub(super) seen: [u64; SEEN_WORDS],
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "offsets and node counts stay below the text's length, which fits u32"
)]
impl<const STRICT: bool> Parser<'_, '_, STRICT> {
    #[inline]
    pub(super) fn peek(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Skips white space, which is rare in tokens: usually one comparison is enough.
    #[inline]
    pub(super) fn skip_space(&self, mut at: usize) -> usize {
        if self.peek(at).is_some_and(|byte| byte <= b' ') {
            while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek(at) {
                at += 1;
            }
        }
        at
    }

    /// Writes the next node.
    #[inline(always)]
    pub(super) fn push(&mut self, cursor: &mut Cursor, kind: Kind, start: usize, end: usize) {
        let next = cursor.nodes + 1;
        self.put(cursor.nodes, Node { start: narrow(start), end: narrow(end), next: narrow(next), kind });
        cursor.nodes = next;
    }

    #[inline(always)]
    pub(super) fn put(&mut self, at: usize, node: Node) {
        if at == self.storage.nodes.len() {
            self.storage.grow();
        }
        if let Some(place) = self.storage.nodes.get_mut(at) {
            *place = node;
        }
    }

    pub(super) fn text_of(&self, node: &Node) -> &str {
        let source = match node.kind {
            Kind::ResolvedString => self.storage.resolved.as_str(),
            _ => self.text,
        };
        source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    pub(super) fn name_text(&self, at: u32) -> &str {
        self.storage.nodes.get(at as usize).map_or("", |node| self.text_of(node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_of_a_fault_stays_at_the_last_there_is() {
        let offset = |offset| fault(FaultKind::Syntax, offset).offset;
        assert_eq!((offset(0), offset(u32::MAX as usize)), (0, u32::MAX));
        assert_eq!(offset((u32::MAX as usize).saturating_add(6)), u32::MAX);
        assert_eq!(offset(usize::MAX), u32::MAX);
    }
}
