//! Describes a key.

use std::mem::offset_of;

use super::boundary::Growable;
use super::codes::number_of;
use super::keys::KeyInfo;
use super::slice::Slice;
use crate::batch::Flags;
use crate::key::VerifyingKey;
use crate::time::UnixSeconds;

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for KeyInfo {
    const LEAST: usize = offset_of!(Self, flags);
}

impl KeyInfo {
    pub(super) fn of(key: &VerifyingKey) -> Self {
        let flag =
            |date: Option<UnixSeconds>, flag: Flags| if date.is_some() { flag.bits().into() } else { 0_u32 };
        let algs = key.algorithms().iter().fold(0, |algs, alg| algs | 1_u32.wrapping_shl(number_of(alg)));
        Self {
            size: size_of::<Self>(),
            algs,
            alg: 0,
            kid: Slice::of_option(key.kid()),
            kty: Slice::of(key.key_type().kty().as_bytes()),
            crv: Slice::of_option(key.key_type().crv()),
            thumbprint: Slice::of(key.thumbprint().as_bytes()),
            flags: flag(key.not_before(), Flags::HAS_NBF) | flag(key.expires_at(), Flags::HAS_EXP),
            reserved: 0,
            not_before: key.not_before().map_or(0, |start| start.0),
            expires_at: key.expires_at().map_or(0, |end| end.0),
        }
    }
}
