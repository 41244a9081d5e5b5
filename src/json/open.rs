//! The containers that the parser is in.

/// An open container: its node, its closing bracket, and whether its names may have
/// repeats. Packed into one `u64`: separate stores followed by one wide load would
/// stall on store forwarding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open(pub(super) u64);

impl Open {
    /// No container, and no bracket.
    pub(super) const NOTHING: Self = Self(0);

    pub(super) const DOUBT: u64 = 1 << 8;

    #[inline]
    pub(super) const fn new(container: usize, end: u8) -> Self {
        Self((container as u64) << 16 | end as u64)
    }

    #[inline]
    pub(super) const fn container(self) -> usize {
        (self.0 >> 16) as usize
    }

    #[inline]
    pub(super) const fn end(self) -> Option<u8> {
        match self.0 as u8 {
            0 => None,
            end => Some(end),
        }
    }

    #[inline]
    pub(super) const fn is_object(self) -> bool {
        self.0 as u8 == b'}'
    }

    #[inline]
    pub(super) const fn is_in_doubt(self) -> bool {
        self.0 & Self::DOUBT != 0
    }
}
