//! What the targets need of `include/jot.h`.

use std::ptr::{null, null_mut};

use crate::keys;

pub const SLICES: u32 = 0;
pub const ARROW32: u32 = 1;
pub const ARROW64: u32 = 2;
pub const ARROW_VIEWS: u32 = 3;
pub const ARROW_DICTIONARY: u32 = 4;

pub const BOUNDED: u32 = 1;
pub const UNSIGNED_INDICES: u32 = 2;

pub const NONE: u32 = u32::MAX;

const HS256: u32 = 1;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    pub ptr: *const u8,
    pub len: usize,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    pub size: usize,
    pub layout: u32,
    pub flags: u32,
    pub rows: usize,
    pub slices: *const Slice,
    pub data: Slice,
    pub offsets: *const u8,
    pub validity: *const u8,
    pub offset: usize,
    pub offsets_bytes: usize,
    pub validity_bytes: usize,
    pub buffers: *const Slice,
    pub buffer_count: usize,
    pub dictionary: *const Tokens,
    pub index_bytes: usize,
}

#[repr(C)]
pub struct Options {
    pub size: usize,
    pub now: i64,
    pub as_of: *const i64,
    pub progress: Option<extern "C" fn(*mut u8, usize, usize) -> i32>,
    pub user: *mut u8,
}

#[repr(C)]
pub struct Columns {
    pub size: usize,
    pub codes: *mut u32,
    pub flags: *mut u8,
    pub issuer_index: *mut u32,
    pub key_index: *mut u32,
    pub expires_at: *mut i64,
    pub not_before: *mut i64,
    pub issued_at: *mut i64,
    pub first_row: *mut u32,
    pub claims: u32,
    pub reserved: u32,
}

#[repr(C)]
#[derive(Debug, Default, PartialEq)]
pub struct Report {
    pub size: usize,
    pub rows: usize,
    pub accepted: usize,
    pub distinct: usize,
    pub cancelled: u32,
    pub reserved: u32,
}

macro_rules! handles {
    ($($name:ident)*) => {$(
        #[repr(C)]
        pub struct $name {
            _opaque: [u8; 0],
        }
    )*};
}

handles!(Batch Verifier Policy KeySet Builder);

// The functions are in the engine's rlib, which has its C interface built in.
unsafe extern "C" {
    pub fn jot_batch_verify(
        batch: *const Batch,
        verifier: *const Verifier,
        tokens: *const Tokens,
        options: *const Options,
        columns: *const Columns,
        report: *mut Report,
        error: *mut u8,
    ) -> u32;
    fn jot_batch_new(threads: usize, batch: *mut *mut Batch, error: *mut u8) -> u32;
    fn jot_policy_new(algs: *const u32, count: usize, policy: *mut *mut Policy, error: *mut u8) -> u32;
    fn jot_policy_any_audience(policy: *mut Policy) -> u32;
    fn jot_key_set_new() -> *mut KeySet;
    fn jot_key_set_add_secret(set: *mut KeySet, secret: Slice, options: *const u8, error: *mut u8) -> u32;
    fn jot_verifier_builder_new(policy: *const Policy, builder: *mut *mut Builder, error: *mut u8) -> u32;
    fn jot_verifier_builder_keys(builder: *mut Builder, set: *const KeySet) -> u32;
    fn jot_verifier_builder_build(
        builder: *const Builder,
        verifier: *mut *mut Verifier,
        error: *mut u8,
    ) -> u32;
    fn jot_policy_free(policy: *mut Policy);
    fn jot_key_set_free(set: *mut KeySet);
    fn jot_verifier_builder_free(builder: *mut Builder);
}

/// Returns a batch of one thread, and a verifier with the HMAC secret that
/// allows HS256 and any audience. Both live as long as the program.
pub fn batch_and_verifier() -> (*const Batch, *const Verifier) {
    let (mut batch, mut policy, mut builder, mut verifier) = (null_mut(), null_mut(), null_mut(), null_mut());
    let secret = keys::secret();
    let secret = Slice { ptr: secret.as_ptr(), len: secret.len() };
    // SAFETY: the functions as `jot.h` declares them, places to write to, and each
    // handle is freed once.
    let codes = unsafe {
        let set = jot_key_set_new();
        let codes = [
            jot_batch_new(1, &mut batch, null_mut()),
            jot_policy_new(&HS256, 1, &mut policy, null_mut()),
            jot_policy_any_audience(policy),
            jot_key_set_add_secret(set, secret, null(), null_mut()),
            jot_verifier_builder_new(policy, &mut builder, null_mut()),
            jot_verifier_builder_keys(builder, set),
            jot_verifier_builder_build(builder, &mut verifier, null_mut()),
        ];
        jot_verifier_builder_free(builder);
        jot_key_set_free(set);
        jot_policy_free(policy);
        codes
    };
    assert_eq!(codes, [0; 7]);
    (batch, verifier)
}
