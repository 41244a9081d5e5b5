//! A `jot_fetcher` has the threads that fetch, and what they trust.

use std::mem::MaybeUninit;
use std::num::NonZeroU8;

use jot::Code;
use jot::capi::{Failure, Growable, Slice, answer, explained, given, misuse, read};
use jot::jwks::Budget;

use crate::error::Error;

/// Threads that follow any number of issuers. Any number of threads may use it.
///
/// A child of a `fork` has no threads; they start with the first call of
/// `jot_remote_keys_start` or of another function of `jot_fetch.h`, and make connections
/// of their own.
pub struct Fetcher {
    pub(super) inner: crate::fetcher::Fetcher,
}

/// What a fetcher trusts and how it connects. All zero except `size` is the default.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FetcherOptions {
    /// `sizeof(jot_fetcher_options)`, set by the caller.
    pub size: usize,
    /// The certificates of authorities in PEM, and no others; absent for the built-in
    /// ones, which are Mozilla's.
    pub authorities: Slice,
    /// The certificate chain in PEM that servers are shown; absent for none.
    pub client_chain: Slice,
    /// Its private key in PEM.
    pub client_key: Slice,
    /// The URL of a proxy; empty, and not absent, for none. If it is absent, the variables
    /// `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say which.
    pub proxy: Slice,
    /// How many threads fetch, at most 255; 0 for one. With more, a slow issuer does not
    /// delay another one.
    pub threads: u32,
    /// How many fetches unknown `kid`s may cause in any window of time, over all issuers;
    /// 0 for the default, which is 10 in a minute.
    pub budget_fetches: u32,
    /// The seconds of that window; 0 for 60.
    pub budget_seconds: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for FetcherOptions {
    const LEAST: usize = size_of::<Self>();
}

impl FetcherOptions {
    const DEFAULT: Self = Self {
        size: size_of::<Self>(),
        authorities: Slice::ABSENT,
        client_chain: Slice::ABSENT,
        client_key: Slice::ABSENT,
        proxy: Slice::ABSENT,
        threads: 0,
        budget_fetches: 0,
        budget_seconds: 0,
        reserved: 0,
    };

    fn build(options: *const Self) -> Result<crate::fetcher::Fetcher, jot::Error> {
        let given = if options.is_null() { Self::DEFAULT } else { read(options, Self::DEFAULT, "options")? };
        let mut builder = crate::fetcher::Fetcher::builder();
        if !given.authorities.is_absent() {
            builder = builder.authorities(given.authorities.bytes("authorities")?);
        }
        if !given.client_chain.is_absent() {
            let key = given.client_key.bytes("client_key")?;
            builder = builder.client_certificate(given.client_chain.bytes("client_chain")?, key);
        }
        if let Some(proxy) = given.proxy.optional_text("proxy")? {
            builder = builder.proxy(proxy);
        }
        if given.threads != 0 {
            let threads = u8::try_from(given.threads).ok().and_then(NonZeroU8::new);
            builder = builder.threads(threads.ok_or_else(|| misuse(Code::ArgumentValue, "threads"))?);
        }
        if given.budget_fetches != 0 {
            let fetches = u16::try_from(given.budget_fetches).unwrap_or(u16::MAX);
            let seconds = if given.budget_seconds == 0 { 60 } else { given.budget_seconds };
            builder = builder.budget(Budget::new(fetches, seconds));
        }
        builder.build().map_err(told)
    }
}

/// Turns an error of this crate into one that C knows.
pub(super) fn told(error: Error) -> jot::Error {
    match error {
        Error::Keys(error) => error,
        Error::Settings(setting, _) => misuse(Code::ArgumentValue, setting),
        Error::Thread(_) => misuse(Code::ThreadsMissing, ""),
        Error::NotInTime(code) | Error::Fetch(code, _) => misuse(code, ""),
    }
}

/// Makes a fetcher. Its threads start with the first issuer that it follows. `options`
/// and `error` may be NULL.
///
/// The caller owns `*fetcher` and frees it with `jot_fetcher_free`. Returns
/// `JOT_ARGUMENT_VALUE` with the setting that cannot be used; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_fetcher_new(
    options: *const FetcherOptions,
    fetcher: Option<&mut MaybeUninit<Option<Box<Fetcher>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let fetcher = given(fetcher, "fetcher")?;
        fetcher.write(Some(Box::new(Fetcher { inner: FetcherOptions::build(options)? })));
        Ok(())
    })
}

/// Ends the threads and frees the fetcher; NULL is fine. A fetch under way is waited for,
/// no longer than its timeout. Keys that it fetched stay in use and are no longer
/// followed.
#[unsafe(no_mangle)]
pub extern "C" fn jot_fetcher_free(fetcher: Option<Box<Fetcher>>) {
    answer((), || drop(fetcher));
}
