//! The engine for Node: what `lib/index.js` calls. Programs call that.
//!
//! The JavaScript beside it gives names, defaults and types; each decision is the engine's.

mod algorithm;
mod batch;
mod bytes;
mod codes;
mod demand;
mod fault;
mod keys;
mod options;
mod rejection;
mod remote;
mod remote_revocations;
mod remote_status_list;
mod revocations;
mod runtime;
mod self_signed;
mod signing;
mod verifier;
