//! What an X.509 certificate says of its key (RFC 5280 §4.1). The caller vouches for
//! the certificate: its signature is not verified.

use spki::SubjectPublicKeyInfoRef;
use spki::der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use spki::der::{self, Decode, Reader, SliceReader, Tag, Tagged};

use super::numbers::PublicNumbers;
use super::thumbprints::CertificateThumbprints;
use crate::error::{Code, Error};
use crate::time::{Interval, UnixSeconds};

/// A certificate, read up to its `subjectPublicKeyInfo`.
pub(super) struct Certificate<'d> {
    der: &'d [u8],
    /// The names of issuer and subject, as encoded.
    pub(super) issuer: &'d [u8],
    pub(super) subject: &'d [u8],
    validity: &'d [u8],
    key: SubjectPublicKeyInfoRef<'d>,
}

impl<'d> Certificate<'d> {
    pub(super) fn read(der: &'d [u8]) -> Result<Self, Error> {
        Self::parts(der).map_err(|_| Error::new(Code::KeyDerInvalid))
    }

    fn parts(der: &'d [u8]) -> der::Result<Self> {
        let certificate = AnyRef::from_der(der)?;
        let tbs = AnyRef::decode(&mut SliceReader::new(certificate.value())?)?;
        let mut reader = SliceReader::new(tbs.value())?;
        // A certificate of version 1 has no version [0]: its first element is serialNumber,
        // an INTEGER.
        if reader.peek_tag()? != Tag::Integer {
            AnyRef::decode(&mut reader)?;
        }
        let _serial_number = AnyRef::decode(&mut reader)?;
        let _signature = AnyRef::decode(&mut reader)?;
        let issuer = AnyRef::decode(&mut reader)?.value();
        let validity = AnyRef::decode(&mut reader)?.value();
        let subject = AnyRef::decode(&mut reader)?.value();
        Ok(Self { der, issuer, subject, validity, key: SubjectPublicKeyInfoRef::decode(&mut reader)? })
    }

    pub(super) fn numbers(&self, weak: bool) -> Result<PublicNumbers, Error> {
        super::der::public(&self.key, weak)
    }

    /// Returns the dates of validity. The certificate is valid at its last instant
    /// still (RFC 5280 §4.1.2.5).
    pub(super) fn interval(&self) -> Result<Interval, Error> {
        let read = || -> der::Result<Interval> {
            let mut reader = SliceReader::new(self.validity)?;
            let (start, last) = (seconds(&mut reader)?, seconds(&mut reader)?);
            Ok(Interval { start: UnixSeconds(start), end: UnixSeconds(last.saturating_add(1)) })
        };
        read().map_err(|_| Error::new(Code::KeyDerInvalid))
    }

    pub(super) fn thumbprints(&self) -> CertificateThumbprints {
        CertificateThumbprints::of(self.der)
    }
}

/// Reads a Time: UTCTime or GeneralizedTime. Neither is before 1970.
fn seconds(reader: &mut SliceReader<'_>) -> der::Result<i64> {
    let time = AnyRef::decode(reader)?;
    let since_1970 = match time.tag() {
        Tag::UtcTime => time.decode_as::<UtcTime>()?.to_unix_duration(),
        _ => time.decode_as::<GeneralizedTime>()?.to_unix_duration(),
    };
    Ok(i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX))
}
