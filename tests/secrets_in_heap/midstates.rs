//! What HMAC makes of a secret (RFC 2104), computed on its own: the padded
//! blocks and the states that SHA-2 (FIPS 180-4) is in behind them.

use num_bigint::BigUint;

/// The first primes.
fn primes(count: usize) -> Vec<u64> {
    let is_prime = |number: &u64| (2..*number).all(|divisor| !number.is_multiple_of(divisor));
    (2..).filter(is_prime).take(count).collect()
}

/// The first 64 bits of what is behind the point of a root.
fn fraction(root: &BigUint) -> u64 {
    root.iter_u64_digits().next().unwrap()
}

/// FIPS 180-4 §4.2: of the cube roots.
fn constants(count: usize) -> Vec<u64> {
    primes(count).into_iter().map(|prime| fraction(&(BigUint::from(prime) << 192_u32).cbrt())).collect()
}

/// FIPS 180-4 §5.3: of the square roots.
fn initial(skip: usize) -> [u64; 8] {
    let primes = primes(skip + 8);
    std::array::from_fn(|at| fraction(&(BigUint::from(primes[skip + at]) << 128_u32).sqrt()))
}

/// The function of FIPS 180-4 §6.2 or §6.4 in words of so many bits.
struct Sha2 {
    bits: u32,
    rounds: usize,
    initial: [u64; 8],
    /// Of Σ0, Σ1, σ0 and σ1; of the last two the third is a shift.
    turns: [[u32; 3]; 4],
}

impl Sha2 {
    fn turn(&self, word: u64, by: u32) -> u64 {
        match self.bits {
            32 => u64::from((word as u32).rotate_right(by)),
            _ => word.rotate_right(by),
        }
    }

    fn cut(&self, word: u64) -> u64 {
        word & (u64::MAX >> (64 - self.bits))
    }

    fn big(&self, which: usize, word: u64) -> u64 {
        self.turns[which].iter().fold(0, |sum, by| sum ^ self.turn(word, *by))
    }

    fn small(&self, which: usize, word: u64) -> u64 {
        let [a, b, shift] = self.turns[which];
        self.turn(word, a) ^ self.turn(word, b) ^ (word >> shift)
    }

    fn compress(&self, block: &[u8]) -> [u64; 8] {
        let bytes = self.bits as usize / 8;
        let read = |word: &[u8]| word.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let mut words: Vec<u64> = block.chunks(bytes).map(read).collect();
        for at in 16..self.rounds {
            let sum = self.small(3, words[at - 2]).wrapping_add(words[at - 7]);
            let sum = sum.wrapping_add(self.small(2, words[at - 15])).wrapping_add(words[at - 16]);
            words.push(self.cut(sum));
        }
        let mut state = self.initial;
        for (word, constant) in words.iter().zip(constants(self.rounds)) {
            let [a, b, c, d, e, f, g, h] = state;
            let constant = constant >> (64 - self.bits);
            let one = h.wrapping_add(self.big(1, e)).wrapping_add((e & f) ^ (self.cut(!e) & g));
            let one = one.wrapping_add(constant).wrapping_add(*word);
            let two = self.big(0, a).wrapping_add((a & b) ^ (a & c) ^ (b & c));
            state = [self.cut(one.wrapping_add(two)), a, b, c, self.cut(d.wrapping_add(one)), e, f, g];
        }
        std::array::from_fn(|at| self.cut(state[at].wrapping_add(self.initial[at])))
    }
}

fn hashes() -> [(&'static str, usize, Sha2); 3] {
    let long = [[28, 34, 39], [14, 18, 41], [1, 8, 7], [19, 61, 6]];
    let short = [[2, 13, 22], [6, 11, 25], [7, 18, 3], [17, 19, 10]];
    let sha256 = Sha2 { bits: 32, rounds: 64, initial: initial(0).map(|word| word >> 32), turns: short };
    [
        ("SHA-256", 64, sha256),
        ("SHA-384", 128, Sha2 { bits: 64, rounds: 80, initial: initial(8), turns: long }),
        ("SHA-512", 128, Sha2 { bits: 64, rounds: 80, initial: initial(0), turns: long }),
    ]
}

/// The blocks and the states of a secret that fits into a block, each with its
/// name; the states as they lie in memory and as they are written.
pub(crate) fn of(secret: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for (hash, length, function) in hashes() {
        // A longer secret is not what the blocks are made of.
        let pads = [("inner", 0x36), ("outer", 0x5c)];
        for (name, pad) in pads.into_iter().filter(|_| secret.len() <= length) {
            let mut block = vec![pad; length];
            block.iter_mut().zip(secret).for_each(|(to, byte)| *to ^= byte);
            let state = function.compress(&block);
            let bytes = |write: fn(u64) -> [u8; 8], from: std::ops::Range<usize>| {
                state.iter().flat_map(|word| write(*word)[from.clone()].to_vec()).collect::<Vec<u8>>()
            };
            let size = length / 16;
            found.push((format!("{name} block"), block[..secret.len()].to_vec()));
            found.push((format!("{name} state of {hash}"), bytes(u64::to_le_bytes, 0..size)));
            found.push((format!("{name} digest of {hash}"), bytes(u64::to_be_bytes, 8 - size..8)));
        }
    }
    found
}

/// The digests of "abc" are those that NIST gives for FIPS 180-4.
pub(crate) fn assert_right() {
    let [(_, _, sha256), ..] = hashes();
    let mut block = *b"abc\x80............................................................";
    block[4..].fill(0);
    block[63] = 24;
    assert_eq!(sha256.compress(&block)[..2], [0xba78_16bf, 0x8f01_cfea]);
    let [_, _, (_, _, sha512)] = hashes();
    let mut block = [0; 128];
    block[..4].copy_from_slice(b"abc\x80");
    block[127] = 24;
    assert_eq!(sha512.compress(&block)[0], 0xddaf_35a1_9361_7aba);
}
