//! The accelerated backend: its rules, when it is used, and its counters.
//!
//! Tables are worth their memory for a key that verifies many tokens. With tables, and
//! with several signatures at once in the lanes of a vector unit, a signature is
//! checked in a fraction of aws-lc's time. One rule keeps this sound: **the accelerated
//! path may only accept; whatever it does not accept, aws-lc decides.** A [`Form`] has
//! no way to say "no", so no fault in it can reject a good token. docs/accelerated.md
//! argues that it accepts no bad one. The code itself is the crate `jot-accel`.
//!
//! The parts:
//! - an [`Implementation`] is code for one family of algorithms; it is used only if the
//!   processor has the instructions that it needs and its known answers are right;
//! - an [`Accelerator`] belongs to a verifier, and holds the implementation of each
//!   algorithm, the memory limit of the tables, and the counters;
//! - a [`Slot`] belongs to a key and an algorithm, and holds the key's form once it is
//!   built;
//! - [`Distrusted`](distrust::Distrusted) is what the process no longer uses, because it was wrong: aws-lc
//!   denied what it had accepted, or what it computed of a key did not pass its check.
//!
//! **When a form is built.** The engine has no thread of its own, so some call must do
//! the work. With [`Backend::Auto`], a key gets its forms step by step: each further good
//! signature builds one window of the table, or in lanes computes or checks eight of them, which costs about as much as aws-lc's
//! verification in the same call, and some three times as much under EdDSA. So no call takes
//! longer than two verifications, or four, and after a few dozen calls the key is fast. A form
//! is built after as many good signatures as it takes to save what it costs
//! ([`Cost::proven`](cost::Cost::proven)): a few under RSA and HMAC, some dozen for tables, and some hundred for
//! large tables where there are small ones. One thread builds at a time; the others
//! continue with what there is. Only good signatures count, so nobody without the private key
//! can make a verifier build anything. [`Backend::Accelerated`] builds the forms when the
//! verifier is made and when keys are replaced, as `Verifier::prepare` does on demand.
//!
//! **Which forms are kept.** The [`Budget`](budget::Budget) of a verifier has the memory limit. Each
//! [`Slot`] counts its key's good signatures of late ([`Heat`](heat::Heat)); a form that would not
//! fit takes the place of those that are worth less than half as much.

mod accelerator;
mod budget;
mod cost;
mod distrust;
mod fault;
mod form;
mod heat;
mod news;
#[cfg(jot_planted)]
mod planted;
mod report;
mod sample;
mod settings;
mod slot;
#[cfg(test)]
mod tests;

pub(crate) use accelerator::Accelerator;
pub(super) use cost::Size;
pub(super) use distrust::PROCESS;
pub use distrust::distrusted;
pub(super) use form::{Build, BuildProgress, Form, Implementation};
pub use news::BackendNews;
pub use report::{BackendReport, BackendWarning};
pub use settings::Backend;
pub(crate) use settings::Settings;
pub(super) use slot::{BuiltGuard, Slot};
