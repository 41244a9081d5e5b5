//! What `include/jot_fetch.h` declares: the threads, for C.
//!
//! The conventions are those of `jot.h`, whose functions are in the same library.

#![expect(unsafe_code, reason = "names of the C interface, and structs of its callers")]
#![allow(unreachable_pub, reason = "what C reaches is `pub`, and the module is not")]

mod fetcher;
mod remote_keys;
mod remote_revocations;
mod remote_status_lists;
