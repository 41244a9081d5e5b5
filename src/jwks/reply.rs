//! What the body of an answer holds.

use super::options::KeeperOptions;
use super::url::Url;
use crate::alg::KeyType;
use crate::error::{Code, Error};
use crate::json::{self, Storage};
use crate::key::KeySet;

/// Reads the keys of an answer.
///
/// A secret that anyone can fetch is none, so HMAC keys are left out.
///
/// # Errors
/// [`Code::ReplyTooLong`], [`Code::KeysTooMany`], [`Code::KeyNotForAlg`]; those of
/// [`KeySet::from_text`] and [`KeySet::from_pem_map`].
pub(super) fn keys(body: &[u8], options: &KeeperOptions) -> Result<KeySet, Error> {
    if body.len() > options.most_bytes {
        return Err(Error::new(Code::ReplyTooLong));
    }
    let set = match KeySet::from_text(body, &options.keys) {
        Err(refused) if refused.code() == Code::KeyTextIsMap => KeySet::from_pem_map(body, &options.keys),
        read => read,
    };
    let set = set.map_err(|refused| refused.error())?;
    if set.len().saturating_add(set.skipped().len()) > options.most_keys {
        return Err(Error::new(Code::KeysTooMany));
    }
    let set = set.retain(|key| key.key_type() != KeyType::Oct);
    if set.is_empty() {
        return Err(Error::new(Code::KeySetEmpty));
    }
    match options.algorithms {
        Some(algorithms) if !set.fits(algorithms) => Err(Error::new(Code::KeyNotForAlg)),
        _ => Ok(set),
    }
}

/// Reads where an issuer's keys are (OpenID Connect Discovery 1.0 §4.2, §4.3; RFC 8414
/// §3.2, §3.3).
///
/// # Errors
/// [`Code::ReplyTooLong`]; [`Code::DiscoveryInvalid`]; [`Code::DiscoveryIssuer`] if
/// `issuer` is not, byte for byte, the one that was asked for; [`Code::UrlRefused`].
pub(super) fn jwks_uri(body: &[u8], issuer: &str, options: &KeeperOptions) -> Result<Url, Error> {
    if body.len() > options.most_bytes {
        return Err(Error::new(Code::ReplyTooLong));
    }
    let invalid = |member| Error::of_member(Code::DiscoveryInvalid, member);
    let mut storage = Storage::default();
    let document = json::parse(body, &mut storage).map_err(|_| Error::new(Code::DiscoveryInvalid))?;
    let member = |name: &'static str| document.member(name)?.as_str();
    if member("issuer").ok_or(invalid("issuer"))? != issuer {
        return Err(Error::of_member(Code::DiscoveryIssuer, "issuer"));
    }
    Url::parse(member("jwks_uri").ok_or(invalid("jwks_uri"))?, options.allow_loopback)
}
