//! x^65537 mod n, and what is proved of it.

mod across;
mod bytes;
#[path = "../../../../../../accel/src/ifma/rsa/checked.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod checked;
mod constants;
mod modulus;
#[path = "../../../../../../accel/src/ifma/rsa/multi_buffer.rs"]
#[allow(dead_code, reason = "what only keys want")]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod multi_buffer;
mod number;
mod powers;
mod products;
#[path = "../../../../../../accel/src/ifma/rsa/single.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod single;

use jot_proofs::claims::Claim;

pub(crate) fn claims() -> Vec<Claim> {
    [number::CLAIMS, bytes::CLAIMS, products::CLAIMS, across::CLAIMS, constants::CLAIMS, powers::CLAIMS]
        .concat()
}
