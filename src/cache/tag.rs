//! Tags, which the cache keeps instead of tokens.
//!
//! A tag is the token's length and two sums of the hash family NH (Black, Halevi,
//! Krawczyk, Krovetz, Rogaway: UMAC, CRYPTO 1999, §4) on words of 64 bits, each under
//! its own key, drawn at random when the cache is made:
//!
//! ```text
//! NH(m) = Σ (m[2i] + k[2i] mod 2^64) · (m[2i+1] + k[2i+1] mod 2^64)  mod 2^128
//! ```
//!
//! **Bound.** For any two different texts of the same length, at most one key in 2^64
//! gives both the same sum (UMAC, Theorem 4.2, with words of 64 bits). With two
//! independent keys that is 2^-128 for each pair of texts. For texts of different
//! lengths the lengths themselves are compared. So a token that was never verified
//! matches any of N entries with a probability of at most N · 2^-128: with a million
//! entries and 2^40 attempts, 2^-68.
//!
//! The keys never leave the process, tags are neither shown nor compared with external
//! data, and a wrong guess reveals only that it was wrong.
//!
//! Why not the hash of another library? Over 850 bytes GMAC by aws-lc, the fastest
//! vetted hash with a similar bound, takes twice as long (docs/benchmarks.md), and
//! unkeyed 64-bit hashes have no bound at all.

/// The longest token that has a tag, in bytes. Longer ones are not cached.
pub(crate) const MAX_TAGGED_BYTES: usize = 4096;

const BLOCKS: usize = MAX_TAGGED_BYTES / BLOCK_BYTES + 1;
const BLOCK_BYTES: usize = 16;

/// The secret of one cache: two words of each key for each block of 16 bytes.
pub(crate) struct TagKey {
    blocks: Box<[[u64; 4]; BLOCKS]>,
    mix: u64,
}

/// The tag of a token under one [`TagKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) words: [u64; 4],
    pub(crate) length: u16,
}

impl TagKey {
    /// The size of a key in bytes.
    pub(crate) const BYTES: usize = BLOCKS * 2 * BLOCK_BYTES;

    /// Draws a key from the system's random number generator; returns `None` if it
    /// fails. aws-lc's generator would take 28 ms in each process, because it gathers
    /// its own entropy before the first byte.
    pub(crate) fn random() -> Option<Self> {
        let mut bytes = vec![0_u8; BLOCKS * 32 + 8];
        getrandom::fill(&mut bytes).ok()?;
        let mut words = bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
        let mut blocks = Box::new([[0; 4]; BLOCKS]);
        for word in blocks.iter_mut().flatten() {
            *word = words.next()?;
        }
        Some(Self { blocks, mix: words.next()? | 1 })
    }

    /// Computes the tag of `token`; returns `None` if it is too long.
    #[inline]
    pub(crate) fn tag(&self, token: &[u8]) -> Option<Tag> {
        if token.len() > MAX_TAGGED_BYTES {
            return None;
        }
        let (blocks, rest) = token.as_chunks::<BLOCK_BYTES>();
        let mut sums = [0_u128; 2];
        for (block, key) in blocks.iter().zip(self.blocks.iter()) {
            add(&mut sums, *block, key);
        }
        // The last block is padded with zeros, also if it is empty. Texts of different
        // lengths may then have the same blocks; the length in the tag tells them
        // apart.
        let mut last = [0_u8; BLOCK_BYTES];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        add(&mut sums, last, self.blocks.get(blocks.len())?);
        let [a, b] = sums;
        #[expect(clippy::cast_possible_truncation, reason = "the halves of the sums")]
        let words = [a as u64, (a >> 64) as u64, b as u64, (b >> 64) as u64];
        Some(Tag { words, length: u16::try_from(token.len()).ok()? })
    }

    /// Returns two numbers in `0..2^32` that choose a tag's two places. They depend on
    /// the secret, so nobody can aim tokens at one set.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the halves of the product")]
    pub(crate) fn spread(&self, tag: &Tag) -> (u32, u32) {
        let [a, b, c, d] = tag.words;
        let product = product(a ^ d.rotate_left(17) ^ self.mix, self.mix ^ b ^ c.rotate_left(31));
        let mixed = (product as u64) ^ ((product >> 64) as u64);
        (mixed as u32, (mixed >> 32) as u32)
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the halves of the block")]
fn add(sums: &mut [u128; 2], block: [u8; BLOCK_BYTES], key: &[u64; 4]) {
    let block = u128::from_le_bytes(block);
    let (low, high) = (block as u64, (block >> 64) as u64);
    let [a, b, c, d] = *key;
    let [first, second] = sums;
    *first = first.wrapping_add(product(low.wrapping_add(a), high.wrapping_add(b)));
    *second = second.wrapping_add(product(low.wrapping_add(c), high.wrapping_add(d)));
}

#[inline]
fn product(a: u64, b: u64) -> u128 {
    u128::from(a).wrapping_mul(u128::from(b))
}

impl std::fmt::Debug for TagKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TagKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_depends_on_every_bit_and_on_the_length() {
        let key = TagKey::random().unwrap();
        let text: Vec<u8> = (0..100).collect();
        let tag = key.tag(&text).unwrap();
        assert_eq!(key.tag(&text), Some(tag));
        for bit in 0..800 {
            let mut other = text.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(key.tag(&other).unwrap().words, tag.words, "bit {bit}");
        }
        let zeros = [0; 64];
        for length in 0..64 {
            assert_ne!(key.tag(&zeros[..length]), key.tag(&zeros[..length + 1]));
        }
    }

    #[test]
    fn tag_is_the_sum_that_the_definition_says() {
        let key = TagKey::random().unwrap();
        let text: Vec<u8> = (0..=255).cycle().take(1003).collect();
        let mut padded = text.clone();
        padded.resize(1008, 0);
        let words: Vec<u64> =
            padded.chunks(8).map(|word| u64::from_le_bytes(word.try_into().unwrap())).collect();
        for (half, offset) in [(0, 0), (2, 2)] {
            let sum = words.chunks(2).zip(key.blocks.iter()).fold(0_u128, |sum, (pair, key)| {
                let left = pair[0].wrapping_add(key[offset]);
                let right = pair[1].wrapping_add(key[offset + 1]);
                sum.wrapping_add(u128::from(left) * u128::from(right))
            });
            let tag = key.tag(&text).unwrap();
            assert_eq!(u128::from(tag.words[half]) | u128::from(tag.words[half + 1]) << 64, sum);
        }
    }

    #[test]
    fn keys_differ_and_long_texts_have_no_tag() {
        let (one, other) = (TagKey::random().unwrap(), TagKey::random().unwrap());
        assert_ne!(one.tag(b"token"), other.tag(b"token"));
        assert!(one.tag(&[b'x'; MAX_TAGGED_BYTES]).is_some());
        assert_eq!(one.tag(&[b'x'; MAX_TAGGED_BYTES + 1]), None);
    }

    #[test]
    fn tags_are_spread_over_all_places() {
        let key = TagKey::random().unwrap();
        let mut places = [[0; 16]; 2];
        for number in 0..1600_u32 {
            let (one, other) = key.spread(&key.tag(&number.to_le_bytes()).unwrap());
            places[0][one as usize >> 28] += 1;
            places[1][other as usize >> 28] += 1;
        }
        // A hundred each; far less or more does not come by chance in years.
        assert!(places.as_flattened().iter().all(|count| (20..250).contains(count)), "{places:?}");
    }
}
