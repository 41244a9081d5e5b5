//! The C boundary: what `include/jot.h` declares.
//!
//! Handles are boxes that C holds by pointer. The header is made of these
//! files, in the order in which they stand here; see `build.rs`.

#![expect(unsafe_code, reason = "names of the C interface, and memory of its callers")]
#![allow(unreachable_pub, reason = "what C reaches is `pub`, and the module is not")]

mod boundary;

mod backend;
mod batch;
mod batch_claims;
mod batch_texts;
mod claims;
mod codes;
mod condition;
mod decode;
mod demand;
mod detail;
mod failure;
mod keeper;
mod keeper_exchange;
mod keeper_options;
mod key_info;
mod key_options;
mod keys;
mod list_exchange;
mod list_keeper;
#[cfg(jot_planted)]
mod planted;
mod policy;
mod request;
mod revocations;
mod selfsigned;
mod signer;
mod slice;
mod statistics;
mod status_list;
mod text;
mod tokens;
mod verdict;
mod verifier;
mod watch;

// What a crate needs that adds functions to the interface.
pub use boundary::{Growable, answer, boundary, given, misuse, read, row, writable, write};
pub use failure::{Failure, explained, known_code};
pub use keeper::{Health, snapshot};
pub use keeper_options::{KeeperOptions, algorithms};
pub use keys::KeySet;
pub use list_keeper::{ListHealth, ListOptions};
pub use revocations::Revocations;
pub use slice::Slice;
pub use text::Text;
pub use verifier::Verifier;

#[cfg(not(panic = "unwind"))]
compile_error!("the C boundary turns panics into codes; build it with panic = \"unwind\"");
