//! Key sets from text.

use jot::{AlgSet, KeyOptions, KeySet, VerifyingKey};

use crate::exchange::Level;
use crate::logger::log;

/// How keys are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) algorithms: AlgSet,
    pub(crate) certificate_validity: bool,
}

impl Reading {
    fn options(self) -> KeyOptions {
        options(self.certificate_validity)
    }
}

/// Returns the options for keys whose certificates' dates count or not.
pub(crate) fn options(certificate_validity: bool) -> KeyOptions {
    let options = KeyOptions::default();
    if certificate_validity { options.certificate_validity() } else { options }
}

/// Reads a JWK Set, a JWK or PEM, whichever it is, and refuses it unless one of
/// its keys verifies with one of the algorithms.
pub(crate) fn read(text: &[u8], reading: Reading) -> Result<KeySet, String> {
    if text.trim_ascii_start().is_empty() {
        return Err("no text at all".to_owned());
    }
    let set = KeySet::from_text(text, &reading.options()).map_err(|error| error.to_string())?;
    fitting(set, reading.algorithms)
}

/// Takes the bytes for an HMAC secret.
pub(crate) fn secret(bytes: &[u8], reading: Reading) -> Result<KeySet, String> {
    let key = VerifyingKey::from_secret(bytes, &KeyOptions::default()).map_err(|error| error.to_string())?;
    fitting(KeySet::new([key]), reading.algorithms)
}

fn fitting(set: KeySet, algorithms: AlgSet) -> Result<KeySet, String> {
    check(&set, algorithms)?;
    Ok(set)
}

/// Refuses a set unless one of its keys verifies with one of the algorithms.
pub(crate) fn check(set: &KeySet, algorithms: AlgSet) -> Result<(), String> {
    match set.fits(algorithms) {
        true => Ok(()),
        false => Err("no key verifies with any of the algorithms".to_owned()),
    }
}

/// Tells the operator which keys of a set are not used.
pub(crate) fn tell_skipped(origin: &str, set: &KeySet) {
    for key in set.skipped() {
        log(Level::Warning, &format!("jot: {origin}: not used: {key}"));
    }
}
