//! What tells names apart: a digest, and a tag that is kept in a node.

/// Returns the tag of a name: three bytes, then the length. It distinguishes names of
/// three bytes, as most registered names are, from each other and from all others.
pub(super) const fn name_tag(digest: u64) -> u32 {
    (digest & 0xff_ffff) as u32 | ((digest >> 56) as u32) << 24
}

/// Returns the tag of a name of three bytes.
pub(crate) const fn tag(name: [u8; 3]) -> u32 {
    let [a, b, c] = name;
    u32::from_le_bytes([a, b, c, 3])
}

/// Returns the digest of a name: its first seven bytes, then its length. Equal names
/// have equal digests. `head` is the eight bytes from the name's beginning, with the
/// first one lowest.
#[inline]
pub(super) fn digest_of(head: u64, length: usize) -> u64 {
    let head = head & (1_u64.wrapping_shl((length.min(7) as u32).wrapping_mul(8))).wrapping_sub(1);
    head | (length.min(255) as u64) << 56
}

/// Returns the digest of a name.
pub(super) fn digest(name: &[u8]) -> u64 {
    let head = name.iter().take(7).rev().fold(0, |head, byte| (head << 8) | u64::from(*byte));
    digest_of(head, name.len())
}
