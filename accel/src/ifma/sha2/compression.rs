//! The common source of SHA-256 and SHA-512. They differ in the width of a word, the
//! number of rounds, the constants and the rotations.

/// Returns the indices by which two registers exchange halves of their groups of
/// 2·`distance` words; an index plus `LANES` means a word of the second register. First
/// come the indices of the new first register, then those of the second.
macro_rules! exchange {
    ($lanes:expr, $word:ty, $distance:expr) => {{
        let mut indices = [[0; $lanes]; 2];
        let mut lane = 0;
        while lane < $lanes {
            let is_upper = lane & $distance != 0;
            indices[0][lane] = (if is_upper { $lanes + lane - $distance } else { lane }) as $word;
            indices[1][lane] = (if is_upper { $lanes + lane } else { lane + $distance }) as $word;
            lane += 1;
        }
        indices
    }};
}

/// Applies a macro to 0 to 15, so that every index is a constant.
macro_rules! sixteen {
    ($apply:ident) => {
        sixteen!($apply: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    ($apply:ident: $($i:literal)*) => { $( $apply!($i); )* };
}

/// Writes a hash function over lanes.
macro_rules! sha2_lanes {
    (
        name: $name:ident, word: $word:ty, lanes: $lanes:literal, block: $block:literal, mask: $mask:ty,
        constants: $constants:expr,
        // The rotations of Σ0, Σ1, and of σ0, σ1 with their shift last.
        upper0: $upper0:expr, upper1: $upper1:expr, lower0: $lower0:expr, lower1: $lower1:expr,
        add: $add:ident, masked_add: $masked_add:ident, rotate: $rotate:ident, shift: $shift:ident,
        logic: $logic:ident, broadcast: $broadcast:ident, permute: $permute:ident,
        // Reverses the bytes of a word.
        swap: $swap:expr,
    ) => {
        /// The hash function over lanes.
        pub(in crate::ifma) struct $name;

        impl $name {
            /// Hashes the blocks of every lane, all from the same state; returns the
            /// words of each lane, big-endian and followed by zeros.
            #[expect(unsafe_code, reason = "the CPU has the instructions")]
            pub(in crate::ifma) fn digests(
                _: Ifma,
                initial: &[$word; 8],
                lanes: &[Padded<'_, $block>; $lanes],
            ) -> [Digest; $lanes] {
                // SAFETY: an `Ifma` exists only if the CPU has the instructions.
                unsafe { digests_of(run(initial, lanes)) }
            }

            /// HMAC's outer hash: continues from `outer` (the state after the outer
            /// pad) with the first `words` words of each lane's inner digest.
            #[expect(unsafe_code, reason = "the CPU has the instructions")]
            pub(in crate::ifma) fn nested_digests(
                _: Ifma,
                [inner, outer]: &[[$word; 8]; 2],
                words: usize,
                lanes: &[Padded<'_, $block>; $lanes],
            ) -> [Digest; $lanes] {
                // SAFETY: an `Ifma` exists only if the CPU has the instructions.
                unsafe { digests_of(again(outer, words, run(inner, lanes))) }
            }
        }

        /// Transposes rows and columns, by exchanging smaller and smaller squares.
        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn transpose(rows: &mut [V; $lanes]) {
            macro_rules! exchange_at {
                ($distance:expr) => {
                    const INDICES: [[$word; $lanes]; 2] = exchange!($lanes, $word, $distance);
                    let (first, second) = (load(&INDICES[0]), load(&INDICES[1]));
                    for row in 0..$lanes {
                        if row & $distance == 0 {
                            let (a, b) = (rows[row], rows[row + $distance]);
                            rows[row] = $permute(a, first, b);
                            rows[row + $distance] = $permute(a, second, b);
                        }
                    }
                };
            }
            {
                exchange_at!(1);
            }
            {
                exchange_at!(2);
            }
            {
                exchange_at!(4);
            }
            if $lanes > 8 {
                exchange_at!($lanes / 2);
            }
        }

        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn upper0(x: V) -> V {
            $logic::<XOR>(
                $rotate::<{ $upper0[0] }>(x),
                $rotate::<{ $upper0[1] }>(x),
                $rotate::<{ $upper0[2] }>(x),
            )
        }

        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn upper1(x: V) -> V {
            $logic::<XOR>(
                $rotate::<{ $upper1[0] }>(x),
                $rotate::<{ $upper1[1] }>(x),
                $rotate::<{ $upper1[2] }>(x),
            )
        }

        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn lower0(x: V) -> V {
            $logic::<XOR>(
                $rotate::<{ $lower0[0] }>(x),
                $rotate::<{ $lower0[1] }>(x),
                $shift::<{ $lower0[2] as u32 }>(x),
            )
        }

        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn lower1(x: V) -> V {
            $logic::<XOR>(
                $rotate::<{ $lower1[0] }>(x),
                $rotate::<{ $lower1[1] }>(x),
                $shift::<{ $lower1[2] as u32 }>(x),
            )
        }

        /// Does round `i` modulo 8. Instead of rotating a to h, the round index rotates
        /// which slot each name refers to.
        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn round(places: &mut [V; 8], i: usize, word: V) {
            let place = |name: usize| (name + 16 - i) % 8;
            let [a, b, c, d] = [place(0), place(1), place(2), place(3)];
            let [e, f, g, h] = [place(4), place(5), place(6), place(7)];
            let choice = $logic::<CHOICE>(places[e], places[f], places[g]);
            let majority = $logic::<MAJORITY>(places[a], places[b], places[c]);
            let first = $add($add(places[h], word), $add(upper1(places[e]), choice));
            places[d] = $add(places[d], first);
            places[h] = $add(first, $add(upper0(places[a]), majority));
        }

        /// Hashes one block in the lanes of `active`.
        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn compress(state: &mut [V; 8], mut words: [V; 16], active: $mask) {
            let mut places = *state;
            let (first, later) = $constants.split_at(16);
            macro_rules! first_round {
                ($i:literal) => {
                    round(&mut places, $i, $add(words[$i], $broadcast(first[$i].cast_signed())));
                };
            }
            sixteen!(first_round);
            for constants in later.as_chunks::<16>().0 {
                macro_rules! later_round {
                    ($i:literal) => {
                        let old = $add(words[$i], lower0(words[($i + 1) % 16]));
                        let new = $add(words[($i + 9) % 16], lower1(words[($i + 14) % 16]));
                        words[$i] = $add(old, new);
                        round(&mut places, $i, $add(words[$i], $broadcast(constants[$i].cast_signed())));
                    };
                }
                sixteen!(later_round);
            }
            // Lanes whose message has ended keep their state: the masked addition skips
            // them.
            for (state, place) in state.iter_mut().zip(places) {
                *state = $masked_add(*state, active, *state, place);
            }
        }

        /// Returns the same words in every lane.
        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn everywhere(words: &[$word; 8]) -> [V; 8] {
            let mut lanes = [zero(); 8];
            for (lanes, word) in lanes.iter_mut().zip(words) {
                *lanes = $broadcast(word.cast_signed());
            }
            lanes
        }

        /// Converts rows of bytes, one for each lane, to columns of words.
        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn columns(rows: &mut [V; $lanes]) {
            let swap = load(&const { swapping($swap) });
            transpose(rows);
            for row in rows {
                *row = shuffle8(*row, swap);
            }
        }

        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn run(initial: &[$word; 8], lanes: &[Padded<'_, $block>; $lanes]) -> [V; 8] {
            let mut state = everywhere(initial);
            let shortest = lanes.iter().map(|lane| lane.whole().len()).min().unwrap_or_default();
            let longest = lanes.iter().map(|lane| lane.count).max().unwrap_or_default();
            for at in 0..longest {
                let mut words = [zero(); 16];
                let mut active: $mask = <$mask>::MAX;
                for (part, words) in words.as_chunks_mut::<$lanes>().0.iter_mut().enumerate() {
                    if at < shortest {
                        for (row, lane) in words.iter_mut().zip(lanes) {
                            *row = load(&lane.whole()[at].as_chunks::<64>().0[part]);
                        }
                    } else {
                        for (row, lane) in words.iter_mut().zip(lanes) {
                            *row = lane.part(at * ($block / 64) + part);
                        }
                    }
                    columns(words);
                }
                if at >= shortest {
                    active = 0;
                    for (lane, padded) in lanes.iter().enumerate() {
                        active |= <$mask>::from(at < padded.count) << lane;
                    }
                }
                compress(&mut state, words, active);
            }
            state
        }

        /// Hashes the first `count` words of a state as a message, after one block that
        /// led to `initial`.
        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn again(initial: &[$word; 8], count: usize, words: [V; 8]) -> [V; 8] {
            let mut block = [zero(); 16];
            for (to, word) in block.iter_mut().zip(words).take(count) {
                *to = word;
            }
            block[count] = $broadcast(<$word>::MAX.cast_signed() << (<$word>::BITS - 1));
            let bits = ($block * 8 + count as $word * <$word>::BITS as $word).cast_signed();
            block[15] = $broadcast(bits);
            let mut state = everywhere(initial);
            compress(&mut state, block, <$mask>::MAX);
            state
        }

        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
        fn digests_of(state: [V; 8]) -> [Digest; $lanes] {
            let mut rows = [zero(); $lanes];
            for (row, state) in rows.iter_mut().zip(state) {
                *row = state;
            }
            columns(&mut rows);
            let mut digests = [[0; 64]; $lanes];
            for (digest, row) in digests.iter_mut().zip(rows) {
                store(digest, row);
            }
            digests
        }
    };
}

/// The truth tables of the functions of FIPS 180-4 §4.1, for `ternarylogic`.
pub(super) const XOR: i32 = 0x96;
pub(super) const CHOICE: i32 = 0xca;
pub(super) const MAJORITY: i32 = 0xe8;

/// Returns the indices that reverse the bytes of each word of `width` bytes, a power of
/// two, within the sixteen bytes of one shuffle.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "this runs in the compiler alone"
)]
pub(super) const fn swapping(width: usize) -> [u8; 64] {
    let mut indices = [0; 64];
    let mut at = 0;
    while at < 64 {
        indices[at] = ((at % 16) ^ (width - 1)) as u8;
        at += 1;
    }
    indices
}

pub(super) use {exchange, sha2_lanes, sixteen};
