//! The engine for Node: what `lib/index.js` calls. Programs call that.
//!
//! The JavaScript beside it gives names, defaults and types; each decision is the engine's.

mod algorithm;
mod batch;
mod bytes;
mod codes;
mod fault;
mod keys;
mod options;
mod rejection;
mod remote;
mod remote_revocations;
mod runtime;
mod signing;
mod verifier;
