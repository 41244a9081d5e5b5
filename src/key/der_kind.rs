//! The forms of a key in DER, and how they are told apart.

use spki::der::asn1::AnyRef;
use spki::der::{self, Decode, Reader, SliceReader, Tag, Tagged};

use crate::error::{Code, Error};

/// The form of a key in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DerKind {
    Spki,
    RsaPublic,
    Certificate,
    Pkcs8,
    RsaPrivate,
    EcPrivate,
}

impl DerKind {
    /// Returns the form, found by the types of the first elements.
    pub(super) fn of(der: &[u8]) -> Result<Self, Error> {
        first_tags(der).ok().flatten().ok_or(Error::new(Code::KeyDerInvalid))
    }
}

fn first_tags(der: &[u8]) -> der::Result<Option<DerKind>> {
    let outer = AnyRef::from_der(der)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(outer.value())?;
    let first = AnyRef::decode(&mut reader)?.tag();
    let second = AnyRef::decode(&mut reader)?.tag();
    Ok(match (first, second, reader.is_finished()) {
        (Tag::Sequence, Tag::BitString, true) => Some(DerKind::Spki),
        (Tag::Sequence, Tag::Sequence, false) => Some(DerKind::Certificate),
        (Tag::Integer, Tag::Integer, true) => Some(DerKind::RsaPublic),
        (Tag::Integer, Tag::Integer, false) => Some(DerKind::RsaPrivate),
        (Tag::Integer, Tag::Sequence, _) => Some(DerKind::Pkcs8),
        (Tag::Integer, Tag::OctetString, _) => Some(DerKind::EcPrivate),
        _ => None,
    })
}
