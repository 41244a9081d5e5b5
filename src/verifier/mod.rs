//! Verifies tokens. [`pipeline`] has the steps from bytes to a verdict; the other files
//! build a verifier, call it, and keep its keys.

mod builder;
mod calls;
mod chunk;
mod pipeline;
mod rows;
mod shared;
mod source;
#[cfg(feature = "status-list")]
mod status;
#[cfg(test)]
mod tests;
mod trust;
mod upkeep;
mod verdict;

pub use builder::VerifierBuilder;
pub(crate) use chunk::{Outcome, Worker};
pub use pipeline::Verifier;
pub(crate) use rows::CHUNK;
pub use source::{KeyFeed, KeySlot, KeySource};
pub use verdict::{Accepted, Verdict, Verified};
