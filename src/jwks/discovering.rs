//! Keepers that find the keys by the name of an issuer or of a resource.

use super::discovery::{Discovery, Place};
use super::keeper::{Keeper, Origin};
use super::options::KeeperOptions;
use super::resource::Resource;
#[cfg(doc)]
use crate::error::Code;
use crate::error::Error;

impl Keeper {
    /// Follows the keys that an issuer's OpenID configuration names (OpenID Connect
    /// Discovery 1.0 §4).
    ///
    /// # Errors
    /// [`Code::UrlRefused`] unless the issuer is a URL of `https` without a query.
    pub fn of_issuer(issuer: &str, options: KeeperOptions, seed: u64) -> Result<Self, Error> {
        let discovery = Discovery::of_issuer(issuer, Place::Openid, &options)?;
        Ok(Self::discovering(discovery, options, seed))
    }

    /// Follows the keys that an authorization server's metadata name (RFC 8414 §3).
    ///
    /// # Errors
    /// Those of [`of_issuer`](Self::of_issuer).
    pub fn of_authorization_server(issuer: &str, options: KeeperOptions, seed: u64) -> Result<Self, Error> {
        let discovery = Discovery::of_issuer(issuer, Place::Server, &options)?;
        Ok(Self::discovering(discovery, options, seed))
    }

    /// Follows the keys of the first authorization server that a protected resource's
    /// metadata name (RFC 9728 §3). The server's own metadata are looked for where RFC 8414
    /// has them and where OpenID has them, in turn.
    ///
    /// Whoever serves the resource's metadata chooses whom you trust: ask only for a
    /// resource of your own.
    ///
    /// # Errors
    /// [`Code::UrlRefused`] unless the resource is a URL of `https` without a query.
    pub fn of_resource(resource: &str, options: KeeperOptions, seed: u64) -> Result<Self, Error> {
        let discovery = Discovery::of_resource(resource, &options)?;
        Ok(Self::discovering(discovery, options, seed))
    }

    /// Returns the issuer whose keys are followed, if metadata lead to them; with
    /// [`of_resource`](Self::of_resource) it is not known before they were read.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        match &self.origin {
            Origin::Metadata { discovery, .. } => discovery.issuer(),
            Origin::Keys => None,
        }
    }

    fn discovering(discovery: Discovery, options: KeeperOptions, seed: u64) -> Self {
        let origin = Origin::Metadata { discovery: Box::new(discovery), resource: Resource::new() };
        Self::new(origin, None, options, seed)
    }
}
