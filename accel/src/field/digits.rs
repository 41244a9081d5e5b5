//! Scalars in signed digits to the base 256.

/// The largest digit; the smallest is one more than its opposite.
pub(crate) const LARGEST: i16 = 128;

/// Writes a number below 2^(64 N - 1) in 8 N digits from -127 to 128, the
/// lowest first.
///
/// The highest byte is at most 127, or 128 with a carry, and needs no further
/// digit.
pub(crate) fn signed_digits<const N: usize>(number: [u64; N]) -> impl Iterator<Item = i16> {
    let mut carry = 0;
    number.into_iter().flat_map(u64::to_le_bytes).map(move |byte| {
        let digit = i16::from(byte) + carry;
        carry = i16::from(digit > LARGEST);
        digit - (carry << 8)
    })
}

/// Writes a digit in base 256, from -128 to 128, as two in base 16, from -8 to 8; the
/// lower one first.
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) const fn halves(digit: i16) -> [i16; 2] {
    let low = ((digit + 7) & 15) - 7;
    [low, (digit - low) >> 4]
}
