//! Reads the options for a key.

use super::boundary::{Growable, misuse, read};
use super::codes::alg_of;
use super::keys::{
    JOT_ALL_CERTIFICATES, JOT_ALLOW_WEAK_KEYS, JOT_CERTIFICATE_VALIDITY, JOT_DATED_KEYS, KeyOptions,
};
use super::slice::Slice;
use crate::error::{Code, Error};

// SAFETY: `repr(C)`, a `usize` first, integers and a raw pointer behind it.
unsafe impl Growable for KeyOptions {
    const LEAST: usize = size_of::<Self>();
}

impl KeyOptions {
    const DEFAULT: Self = Self { size: size_of::<Self>(), alg: 0, flags: 0, kid: Slice::ABSENT };

    pub(super) fn parse(options: *const Self) -> Result<crate::key::KeyOptions, Error> {
        let mut parsed = crate::key::KeyOptions::default();
        if options.is_null() {
            return Ok(parsed);
        }
        let options = read(options, Self::DEFAULT, "options")?;
        if options.alg != 0 {
            parsed = parsed.alg(alg_of(options.alg)?);
        }
        if let Some(kid) = options.kid.optional_text("kid")? {
            parsed = parsed.kid(kid);
        }
        let known = JOT_ALLOW_WEAK_KEYS | JOT_DATED_KEYS | JOT_ALL_CERTIFICATES | JOT_CERTIFICATE_VALIDITY;
        if options.flags & !known != 0 {
            return Err(misuse(Code::ArgumentValue, "flags"));
        }
        if options.flags & JOT_ALLOW_WEAK_KEYS != 0 {
            parsed = parsed.allow_weak_keys();
        }
        if options.flags & JOT_DATED_KEYS != 0 {
            parsed = parsed.read_validity();
        }
        if options.flags & JOT_ALL_CERTIFICATES != 0 {
            parsed = parsed.all_certificates();
        }
        if options.flags & JOT_CERTIFICATE_VALIDITY != 0 {
            parsed = parsed.certificate_validity();
        }
        Ok(parsed)
    }
}
