//! Rules over the JOSE Header, checked before any cryptography.

use super::rules::Policy;
use crate::error::{Code, Rejection};
use crate::jws::JoseHeader;

impl Policy {
    /// # Errors
    /// [`Code::AlgNotAllowed`], [`Code::TypMissing`], [`Code::TypMismatch`].
    pub(crate) fn check_header(&self, header: &JoseHeader<'_>) -> Result<(), Rejection> {
        //= rfc7515#section-5.2
        //# unless the algorithm(s) used in the JWS are acceptable to the application, it SHOULD
        //# consider the JWS to be invalid.
        //= rfc8725#section-3.1
        //# MUST NOT use any other algorithms when performing cryptographic operations.
        if !self.algorithms.contains(header.alg()) {
            //= rfc8725bis#section-3.1
            //# it MUST determine which algorithms are permitted for itself and that issuer
            return Err(Rejection::new(Code::AlgNotAllowed));
        }
        if self.typs.is_empty() {
            return Ok(());
        }
        let typ = header.typ().ok_or(Rejection::new(Code::TypMissing))?;
        match self.typs.iter().any(|wanted| same_media_type(wanted, typ)) {
            true => Ok(()),
            false => Err(Rejection::new(Code::TypMismatch)),
        }
    }
}

/// Compares media types, ignoring case. RFC 7515 §4.1.9: `application/` may be left out
/// if no other slash appears.
fn same_media_type(a: &str, b: &str) -> bool {
    short(a).eq_ignore_ascii_case(short(b))
}

//= rfc7515#section-4.1.9
//# MUST treat it as if "application/" were prepended to any "typ" value not containing a '/'.
fn short(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => typ,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_compare_as_rfc_7515_says() {
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/at+JWT"] {
            assert!(same_media_type("at+jwt", typ), "{typ}");
            assert!(same_media_type(typ, "application/at+jwt"), "{typ}");
        }
        for typ in [
            "",
            "JWT",
            "at+jwt ",
            "application/",
            "text/at+jwt",
            "application/x/at+jwt",
            "application/application/at+jwt",
        ] {
            assert!(!same_media_type("at+jwt", typ), "{typ}");
        }
    }
}
