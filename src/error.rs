//! The one table of codes, and the two types that carry them.
//!
//! [`Rejection`] says why a token was refused; [`Error`] says what is wrong
//! with what the caller handed over (a key, a policy, claims to sign). Misuse
//! by the caller is never a rejection of the token.

mod caller;
mod challenge;
mod code;
mod http;
mod name;
mod rejection;
mod stage;

pub use caller::Error;
pub use challenge::Challenge;
pub use code::Code;
#[cfg(feature = "capi")]
pub(crate) use code::describe;
#[cfg(feature = "capi")]
pub(crate) use name::Name;
pub use rejection::Rejection;
pub use stage::Stage;
