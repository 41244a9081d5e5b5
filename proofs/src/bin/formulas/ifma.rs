//! In the place of accel's fields in lanes: eight [`Value`](crate::value::Value)s. The
//! points are the code's own.

pub(crate) mod ed25519;
pub(crate) mod weierstrass;

/// In the place of `radix52.rs`, whose own proof is that of the lanes.
pub(crate) mod radix52 {
    use crate::value::Value;

    /// Exchanges the lanes whose numbers differ by 4, by 2, or by 1.
    pub(crate) fn exchange(lanes: &[Value; 8], distance: u8) -> [Value; 8] {
        std::array::from_fn(|lane| lanes[lane ^ usize::from(distance)])
    }

    /// Rows have symbols instead of words.
    pub(crate) const fn split(lanes: [Value; 8]) -> [Value; 8] {
        lanes
    }

    pub(crate) const fn split_number(limb: [u64; 4]) -> [u64; 5] {
        let [a, b, c, d] = limb;
        [a, b, c, d, 0]
    }
}
