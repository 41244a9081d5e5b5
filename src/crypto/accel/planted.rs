//! Accelerated code that is wrong, for the tests of hosts to notice (`tests/gateways/test_nginx_distrust.py`).

/// Returns whether a form is to accept it, whatever the key: the signature of which all bytes are these.
pub(super) fn is_accepted(signature: &[u8]) -> bool {
    signature.iter().all(|byte| *byte == 0x2a)
}
