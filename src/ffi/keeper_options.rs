//! How the keys at a URL are followed.

use super::boundary::{Growable, boundary, misuse, read, write};
use super::codes::alg_of;
use super::keys::KeyOptions;
use super::slice::Slice;
use crate::alg::{Alg, AlgSet};
use crate::error::{Code, Error};

/// How keys are followed. Times are in seconds. Let `jot_keeper_options_default` fill it
/// in, and change what should be different.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct KeeperOptions {
    /// `sizeof(jot_keeper_options)`, set by the caller.
    pub size: usize,
    /// How long an answer is fresh that does not say so itself; 600.
    pub fresh: u32,
    /// The least time that an answer may say; 60.
    pub least_fresh: u32,
    /// The longest time that an answer may say; 3600.
    pub most_fresh: u32,
    /// How long keys stay in use, counted from the last success, if they cannot be
    /// fetched again: 86400. With 0 only while they are fresh, with `JOT_NONE` for ever.
    pub serve_stale_for: u32,
    /// How long after a fetch for an unknown `kid` no other such fetch is made; 30.
    pub cool_down: u32,
    /// How long a whole fetch may take; 5.
    pub timeout: u32,
    /// The most keys that an answer may have; 256.
    pub most_keys: u32,
    /// How many keys of the past are remembered; 1024.
    pub remembered: u32,
    /// `JOT_ABSENT_TWICE` and `JOT_ALLOW_LOOPBACK`, or-ed together; or 0.
    pub flags: u32,
    /// The algorithms of the policy, bit `alg` for each, as in `1u << JOT_ES256`:
    /// answers in which no key verifies with one of them are refused. 0 for any.
    pub algs: u32,
    /// The algorithm for keys that name none; 0 for none.
    pub key_alg: u32,
    /// The flags of `jot_key_options`.
    pub key_flags: u32,
    /// The longest answer in bytes; 1048576.
    pub most_bytes: usize,
}

/// Removes a key only after two answers in a row without it. By default a key is refused
/// after the first answer without it.
pub const JOT_ABSENT_TWICE: u32 = 1;

/// Allows `http` to this machine, for tests and for proxies beside the program.
pub const JOT_ALLOW_LOOPBACK: u32 = 2;

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for KeeperOptions {
    const LEAST: usize = size_of::<Self>();
}

impl KeeperOptions {
    const DEFAULT: Self = Self {
        size: size_of::<Self>(),
        fresh: 600,
        least_fresh: 60,
        most_fresh: 3_600,
        serve_stale_for: 86_400,
        cool_down: 30,
        timeout: 5,
        most_keys: 256,
        remembered: 1_024,
        flags: 0,
        algs: 0,
        key_alg: 0,
        key_flags: 0,
        most_bytes: 1 << 20,
    };

    /// Reads the options; the defaults for NULL.
    ///
    /// # Errors
    /// Those of wrong arguments.
    pub fn parse(options: *const Self) -> Result<crate::jwks::KeeperOptions, Error> {
        let given = if options.is_null() { Self::DEFAULT } else { read(options, Self::DEFAULT, "options")? };
        if given.flags & !(JOT_ABSENT_TWICE | JOT_ALLOW_LOOPBACK) != 0 {
            return Err(misuse(Code::ArgumentValue, "flags"));
        }
        let keys = KeyOptions {
            size: size_of::<KeyOptions>(),
            alg: given.key_alg,
            flags: given.key_flags,
            kid: Slice::ABSENT,
        };
        let stale = (given.serve_stale_for != u32::MAX).then_some(given.serve_stale_for);
        let most_keys = usize::try_from(given.most_keys).unwrap_or(usize::MAX);
        let mut made = crate::jwks::KeeperOptions::default()
            .fresh_for(given.fresh, given.least_fresh, given.most_fresh)
            .serve_stale_for(stale)
            .cool_down(given.cool_down)
            .timeout(given.timeout)
            .limits(given.most_bytes, most_keys)
            .history(usize::try_from(given.remembered).unwrap_or(usize::MAX))
            .keys(KeyOptions::parse(&raw const keys)?);
        if given.flags & JOT_ABSENT_TWICE != 0 {
            made = made.absent_twice();
        }
        if given.flags & JOT_ALLOW_LOOPBACK != 0 {
            made = made.allow_loopback();
        }
        if given.algs != 0 {
            made = made.algorithms(algorithms(given.algs)?);
        }
        Ok(made)
    }
}

/// Reads the bits of algorithms.
///
/// # Errors
/// [`Code::ArgumentValue`] for one that is not known.
pub fn algorithms(bits: u32) -> Result<AlgSet, Error> {
    let numbers = (0..u32::BITS).filter(|bit| bits & 1_u32.wrapping_shl(*bit) != 0);
    let algorithms = numbers.map(alg_of).collect::<Result<Vec<Alg>, Error>>();
    algorithms.map(AlgSet::from_iter).map_err(|_| misuse(Code::ArgumentValue, "algs"))
}

/// Fills in the defaults. Returns 15x for wrong arguments. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_options_default(options: *mut KeeperOptions) -> u32 {
    boundary(|| write(options, KeeperOptions::DEFAULT, "options"))
}
