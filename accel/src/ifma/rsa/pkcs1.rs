//! EMSA-PKCS1-v1_5 (RFC 8017 §9.2).

use crate::algorithm::Hash;

/// The DigestInfo up to the digest, with the NULL of RFC 8017 §9.2 note 1.
const fn digest_info(hash: Hash) -> [u8; 19] {
    let (last_of_oid, length) = match hash {
        Hash::Sha256 => (1, 32),
        Hash::Sha384 => (2, 48),
        Hash::Sha512 => (3, 64),
    };
    [
        // SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.x, NULL }, OCTET STRING }
        0x30,
        17_u8.saturating_add(length),
        0x30,
        13,
        0x06,
        9,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        last_of_oid,
        0x05,
        0,
        0x04,
        length,
    ]
}

/// Compares with 0, 1, 255 …, 0, DigestInfo, digest.
pub(super) fn is_encoded(hash: Hash, digest: &[u8], encoded: &[u8]) -> bool {
    let padding = encoded
        .strip_suffix(digest)
        .and_then(|rest| rest.strip_suffix(&digest_info(hash)))
        .and_then(|rest| rest.strip_suffix(&[0]))
        .and_then(|rest| rest.strip_prefix(&[0, 1]));
    // RFC 8017 §9.2 step 4 requires at least eight bytes.
    padding.is_some_and(|padding| padding.len() >= 8 && padding.iter().all(|byte| *byte == 255))
}
