//! The functions of jot.h that are measured, out of the library that is
//! installed: what a program in C calls.
#![expect(unsafe_code, reason = "functions of a library that is loaded")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "the functions are what jot.h declares them to be, and so are their arguments"
)]

use std::ffi::c_void;
use std::path::Path;

use libloading::Library;

#[repr(C)]
#[derive(Clone, Copy)]
struct Slice {
    ptr: *const u8,
    len: usize,
}

fn slice(text: &[u8]) -> Slice {
    Slice { ptr: text.as_ptr(), len: text.len() }
}

/// `jot_verdict`, of which only the size matters here.
#[repr(C)]
struct Verdict {
    size: usize,
    rest: [u64; 16],
}

type Judge = unsafe extern "C" fn(*const c_void, Slice, i64, *mut c_void, *mut Verdict) -> u32;

/// A verifier of the library, which any number of threads share.
pub(crate) struct Verifier<'l> {
    library: &'l Library,
    handle: *mut c_void,
    check: Judge,
    verify: Judge,
}

// The header says so of jot_verifier.
unsafe impl Sync for Verifier<'_> {}

/// One thread's scratch and verdict.
pub(crate) struct Scratch<'v> {
    verifier: &'v Verifier<'v>,
    handle: *mut c_void,
    verdict: Verdict,
}

pub(crate) fn load(path: &Path) -> Library {
    unsafe { Library::new(path) }.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

macro_rules! function {
    ($library:expr, $name:expr, fn($($argument:ty),*) $(-> $result:ty)?) => {
        *$library.get::<unsafe extern "C" fn($($argument),*) $(-> $result)?>($name)
            .expect("the library has the function")
    };
}

impl<'l> Verifier<'l> {
    pub(crate) fn new(
        library: &'l Library,
        jwk: &str,
        alg: &str,
        [issuer, audience]: [&str; 2],
        cache: usize,
    ) -> Self {
        let null = std::ptr::null_mut::<c_void>();
        let done = |code: u32| assert_eq!(code, 0, "the verifier is sound");
        let (mut number, mut policy, mut builder, mut handle) = (0_u32, null, null, null);
        type Out<'o> = &'o mut *mut c_void;
        unsafe {
            done(function!(library, b"jot_alg_parse", fn(Slice, &mut u32) -> u32)(
                slice(alg.as_bytes()),
                &mut number,
            ));
            let keys = function!(library, b"jot_key_set_new", fn() -> *mut c_void)();
            done(function!(
                library,
                b"jot_key_set_add_jwk",
                fn(*mut c_void, Slice, *const c_void, *mut c_void) -> u32
            )(keys, slice(jwk.as_bytes()), null, null));
            let new = function!(library, b"jot_policy_new", fn(&u32, usize, Out<'_>, *mut c_void) -> u32);
            done(new(&number, 1, &mut policy, null));
            let set = function!(library, b"jot_policy_audience", fn(*mut c_void, Slice) -> u32);
            done(set(policy, slice(audience.as_bytes())));
            let new =
                function!(library, b"jot_verifier_builder_new", fn(*mut c_void, Out<'_>, *mut c_void) -> u32);
            done(new(policy, &mut builder, null));
            let trust = function!(
                library,
                b"jot_verifier_builder_issuer",
                fn(*mut c_void, Slice, *mut c_void) -> u32
            );
            done(trust(builder, slice(issuer.as_bytes()), keys));
            if cache > 0 {
                let set =
                    function!(library, b"jot_verifier_builder_cache_entries", fn(*mut c_void, usize) -> u32);
                done(set(builder, cache));
            }
            let build = function!(
                library,
                b"jot_verifier_builder_build",
                fn(*mut c_void, Out<'_>, *mut c_void) -> u32
            );
            done(build(builder, &mut handle, null));
            for (name, handle) in [
                (&b"jot_verifier_builder_free"[..], builder),
                (b"jot_policy_free", policy),
                (b"jot_key_set_free", keys),
            ] {
                function!(library, name, fn(*mut c_void))(handle);
            }
        }
        let judge =
            |name: &[u8]| *unsafe { library.get::<Judge>(name) }.expect("the library has the function");
        let (check, verify) = (judge(b"jot_verifier_check"), judge(b"jot_verifier_verify"));
        Self { library, handle, check, verify }
    }

    pub(crate) fn scratch(&self) -> Scratch<'_> {
        let handle = unsafe { function!(self.library, b"jot_scratch_new", fn() -> *mut c_void)() };
        let size = size_of::<Verdict>();
        Scratch { verifier: self, handle, verdict: Verdict { size, rest: [0; 16] } }
    }
}

impl Drop for Verifier<'_> {
    fn drop(&mut self) {
        unsafe { function!(self.library, b"jot_verifier_free", fn(*mut c_void))(self.handle) }
    }
}

impl Scratch<'_> {
    #[inline]
    pub(crate) fn check(&mut self, token: &str, now: i64) -> bool {
        let Verifier { handle, check, .. } = self.verifier;
        unsafe { check(*handle, slice(token.as_bytes()), now, self.handle, &raw mut self.verdict) == 0 }
    }

    #[inline]
    pub(crate) fn verify(&mut self, token: &str, now: i64) -> bool {
        let Verifier { handle, verify, .. } = self.verifier;
        unsafe { verify(*handle, slice(token.as_bytes()), now, self.handle, &raw mut self.verdict) == 0 }
    }
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        unsafe { function!(self.verifier.library, b"jot_scratch_free", fn(*mut c_void))(self.handle) }
    }
}
