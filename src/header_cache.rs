//! The cache of headers: parsed JOSE Headers, found again by their bytes.
//!
//! Each scratch has its own, and so each thread. If threads shared one, every token
//! would cost a lock or a write to a shared cache line; instead, finding a header is
//! one comparison of some fifty bytes. The cache holds [`REMEMBERED`] proved headers
//! and one guest slot. A new header is parsed into the guest slot. If the signature of
//! its token held, it replaces the oldest proved header; otherwise the next new header
//! overwrites it. A flood of made-up headers therefore only overwrites the guest slot.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::alg::Alg;
use crate::json::{NodeId, Storage};

/// The number of proved headers.
const REMEMBERED: usize = 8;

/// Longer headers are not remembered, which bounds the memory of the cache.
const MAX_SEGMENT_BYTES: usize = 1024;

/// The parsed fields of a header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderFields {
    pub(crate) alg: Alg,
    pub(crate) kid: NodeId,
    pub(crate) typ: NodeId,
    pub(crate) b64: bool,
}

/// A decoded and parsed header.
#[derive(Default)]
pub(crate) struct CachedHeader {
    /// The header segment; empty if the header cannot be found again.
    segment: Vec<u8>,
    pub(crate) text: String,
    pub(crate) storage: Storage,
    pub(crate) read: Option<HeaderFields>,
    /// A signature under this header held. Only the verifying thread writes it. It is
    /// atomic because results that borrow the header may be sent to other threads.
    proved: AtomicBool,
}

impl CachedHeader {
    /// Records that a signature under this header held.
    pub(crate) fn prove(&self) {
        self.proved.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_proved(&self) -> bool {
        self.proved.load(Ordering::Relaxed)
    }

    /// Clears the slot for another header.
    pub(crate) fn vacate(&mut self) {
        self.segment.clear();
        self.read = None;
        *self.proved.get_mut() = false;
    }

    /// Lets the header be found again by its segment.
    pub(crate) fn name(&mut self, segment: &[u8]) {
        if segment.len() <= MAX_SEGMENT_BYTES {
            self.segment.extend_from_slice(segment);
        }
    }
}

/// The guest and the remembered headers.
#[derive(Default)]
pub(crate) struct HeaderCache {
    guest: CachedHeader,
    slots: [CachedHeader; REMEMBERED],
    /// The slot that is replaced next.
    next: usize,
}

/// The slot of a known header, or the guest slot for a new one.
pub(crate) enum Found<'s> {
    Known(&'s CachedHeader),
    New(&'s mut CachedHeader),
}

impl HeaderCache {
    /// Finds the header with this segment.
    #[inline]
    pub(crate) fn find(&mut self, segment: &[u8]) -> Found<'_> {
        let known = match self.position(segment) {
            Some(known) => Some(known),
            None => self.seat_guest().and_then(|()| self.position(segment)),
        };
        let Self { guest, slots, .. } = self;
        match known.and_then(|known| slots.get(known)) {
            Some(slot) => Found::Known(slot),
            None => Found::New(guest),
        }
    }

    fn position(&self, segment: &[u8]) -> Option<usize> {
        if segment.is_empty() {
            return None;
        }
        self.slots.iter().position(|slot| slot.segment == segment)
    }

    /// Moves a proved guest to the slot of the oldest header; returns `None` if the
    /// guest is not proved.
    fn seat_guest(&mut self) -> Option<()> {
        if !self.guest.is_proved() || self.guest.segment.is_empty() {
            return None;
        }
        std::mem::swap(self.slots.get_mut(self.next)?, &mut self.guest);
        self.guest.vacate();
        self.next = self.next.wrapping_add(1).checked_rem(REMEMBERED)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(cache: &mut HeaderCache, segment: &[u8], good: bool) -> bool {
        match cache.find(segment) {
            Found::Known(_) => true,
            Found::New(slot) => {
                slot.vacate();
                slot.name(segment);
                if good {
                    slot.prove();
                }
                false
            }
        }
    }

    #[test]
    fn only_headers_of_good_signatures_are_remembered() {
        let mut cache = HeaderCache::default();
        assert!(!visit(&mut cache, b"good", true));
        assert!(visit(&mut cache, b"good", true));
        for flood in 0..1000_u32 {
            assert!(!visit(&mut cache, &flood.to_le_bytes(), false));
            assert!(!visit(&mut cache, &flood.to_le_bytes(), false));
        }
        assert!(visit(&mut cache, b"good", true));
    }

    #[test]
    fn the_oldest_header_makes_room() {
        let mut cache = HeaderCache::default();
        for number in 0..=REMEMBERED as u8 {
            visit(&mut cache, &[b'h', number], true);
        }
        assert!(visit(&mut cache, &[b'h', REMEMBERED as u8], true));
        assert!(!visit(&mut cache, &[b'h', 0], true));
        assert!(visit(&mut cache, &[b'h', 5], true));
    }

    #[test]
    fn long_headers_and_the_empty_one_are_not_remembered() {
        let mut cache = HeaderCache::default();
        for segment in [&[b'x'; MAX_SEGMENT_BYTES + 1][..], b""] {
            assert!(!visit(&mut cache, segment, true));
            assert!(!visit(&mut cache, segment, true));
        }
    }
}
