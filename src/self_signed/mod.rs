//! Tokens that come with their own key (RFC 7515 §4.1.3): DPoP proofs (RFC 9449), key
//! binding (SD-JWT), proofs of workloads.
//!
//! Anybody can make a key and sign with it, so that such a signature holds proves nothing
//! of who sent the token. It proves something once the caller finds the key's thumbprint
//! where somebody trusted put it, such as in `cnf.jkt` of an access token. Nothing here is
//! therefore ever accepted: the answer is a type of its own, [`SelfSigned`], which no
//! verdict is made of. It is the only way to the payload of such a token, and it is made
//! only if the signature held.
//!
//! The path is shorter than that of [`Verifier`](crate::Verifier): a key is used once, so
//! nothing is prepared for it. In batches, lanes take a signature and a key each.

mod answer;
mod builder;
mod chunk;
mod verifier;

pub use answer::SelfSigned;
pub use builder::SelfSignedBuilder;
pub use chunk::EachSelfSigned;
pub(crate) use chunk::{Row, Worker};
pub use verifier::SelfSignedVerifier;
