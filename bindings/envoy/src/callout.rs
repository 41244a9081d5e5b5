//! A request of Envoy's client, from when it is due to its answer.

use std::time::{Duration, Instant};

use jot::jwks::Ticket;

use crate::remote::Fetch;

/// How long Envoy is left alone that did not take a request.
const PAUSE: Duration = Duration::from_millis(100);

/// A request of Envoy's client.
#[derive(Debug)]
pub(crate) struct Callout {
    pub(crate) configuration: u64,
    pub(crate) ticket: Ticket,
    /// Envoy's number, as soon as it has one.
    number: Option<u64>,
    /// What Envoy did not take, and when it is asked again.
    postponed: Option<(Fetch, Instant)>,
}

impl Callout {
    pub(crate) const fn new(configuration: u64, ticket: Ticket) -> Self {
        Self { configuration, ticket, number: None, postponed: None }
    }

    /// Remembers Envoy's number.
    pub(crate) const fn begun(&mut self, number: u64) {
        self.number = Some(number);
    }

    /// Tells whether this is the callout of a configuration with Envoy's number.
    pub(crate) fn is(&self, configuration: u64, number: u64) -> bool {
        self.configuration == configuration && self.number == Some(number)
    }

    /// Keeps a request that Envoy did not take, to ask again.
    pub(crate) fn postpone(&mut self, fetch: Fetch, now: Instant) {
        self.postponed = Some((fetch, now.checked_add(PAUSE).unwrap_or(now)));
    }

    /// Returns when Envoy is to be asked again, if it is.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.postponed.as_ref().map(|postponed| postponed.1)
    }

    /// Returns the request that was kept, for a configuration to make it.
    pub(crate) fn resume(&mut self, configuration: u64) -> Option<Fetch> {
        let (fetch, _) = self.postponed.take()?;
        self.configuration = configuration;
        Some(fetch)
    }
}
