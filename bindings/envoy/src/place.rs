//! Who takes keys and lists.

use std::sync::Arc;

use jot::{KeySet, UnixSeconds};

use crate::exchange::Level;
use crate::listed::Listed;
use crate::logger::log;
use crate::provider::Provider;

/// An issuer of a provider.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) label: String,
    pub(crate) provider: Arc<Provider>,
    pub(crate) issuer_index: usize,
}

impl Place {
    /// Hands keys over, or says that the old ones stay because the new ones do not fit.
    pub(crate) fn install(&self, set: Arc<KeySet>) -> Result<(), String> {
        self.provider.install(self.issuer_index, set)
    }

    /// Tells whether this is the same issuer of the same provider.
    pub(crate) fn is_at(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.provider, &other.provider) && self.issuer_index == other.issuer_index
    }

    /// Gives the verifier a list, or what stands for it.
    pub(crate) fn hand_over(&self, list: &dyn Listed, now: UnixSeconds) {
        if let Err(fault) = self.provider.take_list(|verifier| list.feed(verifier, now)) {
            log(Level::Warning, &format!("jot: {}: {fault}", self.label));
        }
    }
}
