//! A short name, kept inline.

use std::fmt;

/// The name of the claim, Header Parameter or JWK member that was at fault.
///
/// Held inline so that a [`Rejection`](super::rejection::Rejection) is `Copy` and needs no heap. Names
/// longer than [`Name::MAX_BYTES`] are cut at a character boundary.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    bytes: [u8; Self::MAX_BYTES],
    len: u8,
}

impl Name {
    /// The most bytes of a name that are kept.
    pub(crate) const MAX_BYTES: usize = 46;

    pub(crate) fn new(name: &str) -> Self {
        let kept = name.get(..name.floor_char_boundary(Self::MAX_BYTES)).unwrap_or_default();
        let mut bytes = [0; Self::MAX_BYTES];
        for (to, from) in bytes.iter_mut().zip(kept.as_bytes()) {
            *to = *from;
        }
        Self { bytes, len: u8::try_from(kept.len()).unwrap_or_default() }
    }

    /// Returns the name.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        let kept = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        std::str::from_utf8(kept).unwrap_or_default()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_cut_at_a_character_boundary() {
        let long = "é".repeat(40);
        assert_eq!(Name::new(&long).as_str(), "é".repeat(23));
        assert_eq!(Name::new("exp").as_str(), "exp");
    }
}
