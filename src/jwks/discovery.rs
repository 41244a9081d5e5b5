//! The way from the name of an issuer or a resource to the URL of the keys.

use super::options::KeeperOptions;
use super::reply;
use super::url::Url;
use crate::error::Error;

/// Where an OpenID provider has its metadata (OpenID Connect Discovery 1.0 §4).
const OPENID: &str = "openid-configuration";
/// Where an authorization server has them (RFC 8414 §3).
const SERVER: &str = "oauth-authorization-server";
/// Where a protected resource has them (RFC 9728 §3).
const RESOURCE: &str = "oauth-protected-resource";

/// The documents that lead to the keys, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Discovery {
    /// The one to read next.
    next: Document,
    /// The resource's, if the way begins there: it may name another server each time.
    first: Option<Document>,
    /// Whether the server's metadata are looked for where OpenID has them.
    by_openid: bool,
    /// The issuer whose metadata were read last.
    issuer: Option<Box<str>>,
}

#[derive(Clone, Debug)]
struct Document {
    is_of_resource: bool,
    /// Whose document it is; it must say so itself.
    name: Box<str>,
    url: Url,
}

impl Discovery {
    pub(super) fn of_issuer(issuer: &str, place: Place, options: &KeeperOptions) -> Result<Self, Error> {
        let next = Document::of_issuer(issuer, place, options)?;
        Ok(Self { issuer: Some(next.name.clone()), next, first: None, by_openid: false })
    }

    pub(super) fn of_resource(resource: &str, options: &KeeperOptions) -> Result<Self, Error> {
        let url = Url::parse(resource, options.allows_loopback())?.inserted(RESOURCE)?;
        let url = Url::parse(&url, options.allows_loopback())?;
        let next = Document { is_of_resource: true, name: resource.into(), url };
        Ok(Self { first: Some(next.clone()), next, by_openid: false, issuer: None })
    }

    /// Returns the issuer whose metadata were read last.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Returns the URL of the document to read next.
    pub(super) const fn url(&self) -> &Url {
        &self.next.url
    }

    /// Reads the document, and returns the URL of the keys; `None` if another document
    /// leads there.
    ///
    /// # Errors
    /// Those of [`reply::jwks_uri`] and [`reply::authorization_server`].
    pub(super) fn read(&mut self, body: &[u8], options: &KeeperOptions) -> Result<Option<Url>, Error> {
        if self.next.is_of_resource {
            let server = reply::authorization_server(body, &self.next.name, options)?;
            let place = if self.by_openid { Place::Openid } else { Place::Server };
            self.next = Document::of_issuer(&server, place, options)?;
            return Ok(None);
        }
        let url = reply::jwks_uri(body, &self.next.name, options)?;
        self.issuer = Some(self.next.name.clone());
        self.begin_again();
        Ok(Some(url))
    }

    /// Takes note that the document is not to be had. Many servers have theirs only where
    /// OpenID looks for it.
    pub(super) fn failed(&mut self) {
        self.by_openid ^= !self.next.is_of_resource;
        self.begin_again();
    }

    fn begin_again(&mut self) {
        if let Some(first) = &self.first {
            self.next = first.clone();
        }
    }
}

/// Where an issuer has its metadata.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Openid,
    Server,
}

impl Document {
    fn of_issuer(issuer: &str, place: Place, options: &KeeperOptions) -> Result<Self, Error> {
        let url = Url::parse(issuer, options.allows_loopback())?;
        let url = match place {
            Place::Openid => url.appended(OPENID)?,
            Place::Server => url.inserted(SERVER)?,
        };
        let url = Url::parse(&url, options.allows_loopback())?;
        Ok(Self { is_of_resource: false, name: issuer.into(), url })
    }
}
