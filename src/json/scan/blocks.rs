//! A text in blocks of one word of marks.

/// The number of bytes that one word of marks covers.
pub(super) const BLOCK_BYTES: usize = u64::BITS as usize;

/// Marks block by block.
#[inline(always)]
pub(super) fn mark_by(bytes: &[u8], marks: &mut Vec<u64>, marks_of: impl Fn(&[u8; BLOCK_BYTES]) -> u64) {
    marks.clear();
    let (blocks, rest) = bytes.as_chunks::<BLOCK_BYTES>();
    // The zeros after the end count as control characters and are marked.
    let mut last = [0; BLOCK_BYTES];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    marks.extend(blocks.iter().chain([&last]).map(marks_of));
}
