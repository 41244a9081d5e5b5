//! A filter configuration, as the store knows it.

use std::sync::{Arc, Mutex};

use crate::files::KeyFile;
use crate::place::Place;

/// Wakes a configuration up on Envoy's main thread.
pub(crate) type Wake = Box<dyn Fn(u64) + Send>;

/// The key files of a configuration.
pub(crate) type Files = Arc<Mutex<Vec<(Place, KeyFile)>>>;

/// What a configuration has, and what it saw.
pub(crate) struct Configuration {
    pub(crate) wake: Wake,
    pub(crate) files: Files,
    pub(crate) keys: Counts,
    pub(crate) lists: Counts,
}

/// How often something was replaced and could not be.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) replaced: u64,
    pub(crate) failed: u64,
}

impl Counts {
    pub(crate) const fn add(&mut self, replaced: u64, failed: u64) {
        self.replaced = self.replaced.saturating_add(replaced);
        self.failed = self.failed.saturating_add(failed);
    }
}

impl std::fmt::Debug for Configuration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Configuration")
    }
}
