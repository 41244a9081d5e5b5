//! The shared table of tokens, what it is made of and how it is run.
//! README.md describes the format.
#![allow(dead_code, reason = "each test program uses a part of this")]

pub(crate) mod forge;
pub(crate) mod hmac;
pub(crate) mod keys;
pub(crate) mod policy;
pub(crate) mod table;
