//! A key that is being prepared.

use std::fmt;

use crate::key::FastKey;

/// The preparation of a key by an algorithm's code.
pub(crate) trait Build: Send {
    /// Returns the memory of the finished key in bytes.
    fn bytes(&self) -> usize;

    /// Does a part of the work, at most some 100 µs. Do not call it again after it
    /// ended.
    fn step(&mut self) -> Progress;
}

impl dyn Build {
    /// Does the rest of the work.
    pub(crate) fn finish(&mut self) -> Option<FastKey> {
        loop {
            match self.step() {
                Progress::More => {}
                Progress::Done(key) => return Some(key),
                Progress::Failed => return None,
            }
        }
    }
}

/// The progress of a preparation.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress {
    /// There are more steps.
    More,
    /// The key is ready.
    Done(FastKey),
    /// What was computed of the key is wrong: no key leads to this, only a fault.
    Failed,
}

/// A key that is being prepared in steps, which the caller takes when it has time.
///
/// ```
/// use jot_accel::{Algorithm, Implementation, Progress, RawKey};
///
/// // RFC 6979 A.2.5
/// let point = [
///     0x04, 0x60, 0xfe, 0xd4, 0xba, 0x25, 0x5a, 0x9d, 0x31, 0xc9, 0x61, 0xeb, 0x74, 0xc6, 0x35, 0x6d,
///     0x68, 0xc0, 0x49, 0xb8, 0x92, 0x3b, 0x61, 0xfa, 0x6c, 0xe6, 0x69, 0x62, 0x2e, 0x60, 0xf2, 0x9f,
///     0xb6, 0x79, 0x03, 0xfe, 0x10, 0x08, 0xb8, 0xbc, 0x99, 0xa4, 0x1a, 0xe9, 0xe9, 0x56, 0x28, 0xbc,
///     0x64, 0xf2, 0xf1, 0xb2, 0x0c, 0x2d, 0x7e, 0x9f, 0x51, 0x77, 0xa3, 0xc2, 0x94, 0xd4, 0x46, 0x22,
///     0x99,
/// ];
/// let algorithm = Algorithm::EcdsaP256Sha256;
/// let portable = Implementation::all().find(|one| one.is_portable() && one.verifies(algorithm)).unwrap();
/// assert!(portable.is_supported() && portable.is_sane());
///
/// let mut preparation = portable.begin(algorithm, RawKey::Sec1(&point)).unwrap();
/// assert_eq!(preparation.bytes(), 256 << 10);
/// let key = loop {
///     match preparation.step() {
///         Progress::More => {} // do something else in between
///         Progress::Done(key) => break key,
///         _ => unreachable!("the point is one of the curve"),
///     }
/// };
/// assert!(key.verify(b"sample", &[0; 64]).is_none());
/// ```
pub struct Preparation(pub(crate) Box<dyn Build>);

impl Preparation {
    /// Returns the memory of the finished key in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// Does a part of the work, at most some 100 µs. Do not call it after the last
    /// step: it then fails or starts again.
    pub fn step(&mut self) -> Progress {
        self.0.step()
    }

    /// Does the rest of the work. Returns `None` if what was computed is wrong.
    #[must_use]
    pub fn finish(mut self) -> Option<FastKey> {
        self.0.finish()
    }
}

impl fmt::Debug for Preparation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preparation").field("bytes", &self.bytes()).finish_non_exhaustive()
    }
}
