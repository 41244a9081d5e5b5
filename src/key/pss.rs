//! RSA keys of the type id-RSASSA-PSS, and the algorithms that they are made for
//! (RFC 4055 §1.2 and §3.1).

use pkcs1::RsaPssParams;
use spki::der::asn1::AnyRef;
use spki::der::{self, Encode};
use spki::{AlgorithmIdentifier, AlgorithmIdentifierRef, ObjectIdentifier};

use crate::alg::{Alg, AlgSet};

/// id-RSASSA-PSS
pub(super) const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
/// The algorithms of RFC 7518 §3.5 with their hashes and their lengths of salt.
const HASHES: [(Alg, ObjectIdentifier, u8); 3] = [
    (Alg::PS256, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), 32),
    (Alg::PS384, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), 48),
    (Alg::PS512, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), 64),
];

/// Returns the algorithms that a key with these parameters is made for: without
/// parameters each with RSASSA-PSS, otherwise the one of its hash. `None` if that is
/// none of RFC 7518's.
pub(super) fn algorithms(parameters: Option<AnyRef<'_>>) -> Option<AlgSet> {
    let Some(parameters) = parameters else { return Some(every()) };
    let parameters: RsaPssParams<'_> = parameters.decode_as().ok()?;
    let row = HASHES.iter().find(|row| is_hash(&parameters.hash, row.1))?;
    let mask = &parameters.mask_gen;
    let same_hash = mask.parameters.as_ref().is_some_and(|hash| is_hash(hash, row.1));
    // The salt of a signature is at least as long as the parameters say (RFC 4055 §3.1).
    (mask.oid == MGF1 && same_hash && parameters.salt_len <= row.2).then(|| AlgSet::new().with(row.0))
}

/// Returns what a key for these algorithms is written as; `None` if it may sign with
/// PKCS #1 v1.5 as well.
pub(super) fn identifier(algorithms: AlgSet) -> Option<der::Result<(ObjectIdentifier, Option<Vec<u8>>)>> {
    if !algorithms.and(every()).iter().eq(algorithms.iter()) {
        return None;
    }
    let mut rows = HASHES.iter().filter(|row| algorithms.contains(row.0));
    let (only, None) = (rows.next()?, rows.next()) else { return Some(Ok((RSA_PSS, None))) };
    let hash = AlgorithmIdentifierRef { oid: only.1, parameters: Some(AnyRef::NULL) };
    let parameters = RsaPssParams {
        hash,
        mask_gen: AlgorithmIdentifier { oid: MGF1, parameters: Some(hash) },
        salt_len: only.2,
        trailer_field: pkcs1::TrailerField::default(),
    };
    Some(parameters.to_der().map(|der| (RSA_PSS, Some(der))))
}

fn every() -> AlgSet {
    HASHES.iter().map(|row| row.0).collect()
}

/// Parameters are absent or NULL (RFC 4055 §2.1).
fn is_hash(identifier: &AlgorithmIdentifierRef<'_>, oid: ObjectIdentifier) -> bool {
    identifier.oid == oid && identifier.parameters.is_none_or(|parameters| parameters.is_null())
}
