//! Status lists below a place, which are followed when tokens name them.

use std::sync::{Arc, Weak};

use jot::StatusFeed;

use crate::place::Place;
use crate::provider::Provider;
use crate::store::Store;
use crate::target::{ListTarget, Target};

/// What a verifier asks for lists below a place.
#[derive(Debug)]
pub(crate) struct Statuses {
    store: &'static Arc<Store>,
    configuration: u64,
    label: String,
    /// It keeps this one.
    provider: Weak<Provider>,
    issuer_index: usize,
    target: ListTarget,
}

impl Statuses {
    /// Has the verifier of a place ask for lists.
    pub(crate) fn begin(store: &'static Arc<Store>, configuration: u64, place: &Place, target: &Target) {
        let Target::List(target) = target else { return };
        let Place { label, provider, issuer_index } = place.clone();
        let weak = Arc::downgrade(&provider);
        let target = ListTarget::clone(target);
        let feed = Self { store, configuration, label, provider: weak, issuer_index, target };
        provider.ask_for_lists(Arc::new(feed));
    }
}

impl StatusFeed for Statuses {
    fn wanted(&self, uri: &str) -> bool {
        let (Some(list), Some(provider)) = (self.target.below(uri), self.provider.upgrade()) else {
            return false;
        };
        let place = Place { label: self.label.clone(), provider, issuer_index: self.issuer_index };
        self.store.follow(self.configuration, place, &Target::List(Box::new(list)))
    }
}
