//! What the body of an answer holds.

use super::options::KeeperOptions;
use super::url::Url;
use crate::alg::KeyType;
use crate::error::{Code, Error};
use crate::json::{self, Object, Storage};
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
    let mut storage = Storage::default();
    let document = metadata(body, ("issuer", issuer), options, &mut storage)?;
    let url = document.member("jwks_uri").and_then(|url| url.as_str());
    Url::parse(url.ok_or(invalid("jwks_uri"))?, options.allow_loopback)
}

/// Reads which authorization server a protected resource names first (RFC 9728 §3.2,
/// §3.3). The `jwks_uri` there is that of the resource's own keys.
///
/// # Errors
/// [`Code::ReplyTooLong`]; [`Code::DiscoveryInvalid`]; [`Code::DiscoveryIssuer`] if
/// `resource` is not, byte for byte, the one that was asked for.
pub(super) fn authorization_server(
    body: &[u8],
    resource: &str,
    options: &KeeperOptions,
) -> Result<Box<str>, Error> {
    let mut storage = Storage::default();
    let document = metadata(body, ("resource", resource), options, &mut storage)?;
    let servers = document.member("authorization_servers").and_then(|servers| servers.as_array());
    let first = servers.and_then(|servers| servers.iter().next()).and_then(|server| server.as_str());
    first.map(Box::from).ok_or(invalid("authorization_servers"))
}

fn invalid(member: &str) -> Error {
    Error::of_member(Code::DiscoveryInvalid, member)
}

/// Reads a document that must say whose it is: in this member, with this value.
fn metadata<'b>(
    body: &'b [u8],
    (member, value): (&'static str, &str),
    options: &KeeperOptions,
    storage: &'b mut Storage,
) -> Result<Object<'b>, Error> {
    if body.len() > options.most_bytes {
        return Err(Error::new(Code::ReplyTooLong));
    }
    let document = json::parse(body, storage).map_err(|_| Error::new(Code::DiscoveryInvalid))?;
    let says = document.member(member).and_then(|value| value.as_str()).ok_or(invalid(member))?;
    if says == value { Ok(document) } else { Err(Error::of_member(Code::DiscoveryIssuer, member)) }
}
