//! The lanes of RSA.

#[path = "../../../../../accel/src/ifma/radix52.rs"]
#[allow(dead_code, reason = "what only curves want")]
mod radix52;
pub(crate) mod rsa;
