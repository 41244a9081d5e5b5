//! Keys that nobody takes yet, and that Envoy's start is held for.

use std::sync::Arc;
use std::time::Instant;

use super::Store;
use crate::configuration::{Configuration, Counts, Wake};
use crate::target::Target;
use crate::waiting::{Release, Waiter};

impl Store {
    /// Follows key sets for a configuration without places. Each whose first keys are
    /// missing is released when they are there, or at the deadline. Returns the number of
    /// the configuration and of those who wait.
    pub(crate) fn hold(
        &self,
        targets: &[Target],
        wake: Wake,
        deadline: Instant,
        release: impl Fn(&Target) -> Release,
    ) -> Result<(u64, Vec<u64>), String> {
        let mut state = self.lock();
        let (number, mut waiters) = (state.next_number(), Vec::new());
        for target in targets {
            let followed = state.find_or_follow(target)?;
            followed.hold(number);
            if followed.is_awaited() {
                let wanted = vec![followed.number];
                let waiter = Waiter { wanted, deadline, is_patient: true, release: release(target) };
                waiters.push(state.waiting.add(waiter));
            }
        }
        let (files, keys, lists) = (Arc::default(), Counts::default(), Counts::default());
        state.configurations.insert(number, Configuration { wake, files, keys, lists });
        drop(state);
        self.changed.notify_all();
        Ok((number, waiters))
    }
}
