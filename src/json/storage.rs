//! The memory that a document's nodes stand in.

use zeroize::Zeroize;

use super::node::{Kind, Node};
use super::open::Open;

/// Reusable storage for the nodes of one document at a time.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    /// The nodes of the document, followed by leftovers of earlier ones.
    pub(super) nodes: Vec<Node>,
    /// The nodes of the outer object that are names of three bytes, as nearly all
    /// registered names are.
    pub(super) short: Vec<u32>,
    /// The strings with escapes, resolved, end to end.
    pub(super) resolved: String,
    /// The bytes that may end a string.
    pub(super) marks: Vec<u64>,
    /// The parser's stack.
    pub(super) open: Vec<Open>,
    /// A buffer for finding repeated names.
    pub(super) order: Vec<u32>,
    /// The strings may be secrets.
    is_secret: bool,
}

impl Storage {
    pub(super) fn clear(&mut self) {
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
    pub(super) fn grow(&mut self) {
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
