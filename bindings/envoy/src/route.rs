//! What a route changes.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::config::{Requirement, RouteConfig};
use crate::resource::Resource;
use crate::rules::{self, Rules};

/// A route's override of its filter, whichever that is: Envoy hands them over
/// one by one.
#[derive(Debug, Default)]
pub(crate) struct Route {
    pub(crate) disabled: bool,
    pub(crate) require: Option<Requirement>,
    pub(crate) optional: Option<bool>,
    pub(crate) allow_missing_or_failed: Option<bool>,
    pub(crate) rules: Option<Rules>,
    pub(crate) resource: Option<Resource>,
    fault_told: AtomicBool,
}

impl Route {
    /// Reads a route's override; the text says what is wrong with it.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let config = RouteConfig::parse(text)?;
        rules::warn_of_paths("a route", config.require_claims.iter().map(|claim| &claim.claim));
        Ok(Self {
            disabled: config.disabled,
            rules: Rules::new(&config)?,
            resource: config.resource_metadata.map(Resource::new).transpose()?,
            require: config.require,
            optional: config.optional,
            allow_missing_or_failed: config.allow_missing_or_failed,
            fault_told: AtomicBool::new(false),
        })
    }

    /// Returns `true` if a fault of the route is still to be told.
    pub(crate) fn is_first_fault(&self) -> bool {
        !self.fault_told.swap(true, Ordering::Relaxed)
    }
}
