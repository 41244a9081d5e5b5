//! A remote key set that the process follows, and who takes its keys.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jot::jwks::{Budget, Change, Keeper, Poll, Ticket, UnknownKid};
use jot::{Code, KeySet, UnixSeconds};

use crate::config::RemoteConfig;
use crate::exchange::Level;
use crate::keys;
use crate::logger::log;
use crate::provider::Provider;
use crate::remote::{self, Fetch, Reply};

/// How long a configuration may take to begin a fetch, before another one is asked.
const PATIENCE: Duration = Duration::from_secs(1);

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
}

/// A remote key set.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) number: u64,
    config: RemoteConfig,
    keeper: Keeper,
    /// Who takes the keys, by the numbers of their configurations.
    pub(crate) places: Vec<(u64, Place)>,
    callout: Option<Callout>,
    /// When a configuration was asked to begin the fetch that is due.
    asked: Option<Instant>,
    is_stale: bool,
    began: Instant,
    /// Since when nobody has taken the keys.
    pub(crate) left: Option<Instant>,
}

/// A request of Envoy's client.
#[derive(Clone, Copy, Debug)]
struct Callout {
    configuration: u64,
    /// Envoy's number, as soon as it has one.
    number: Option<u64>,
    ticket: Ticket,
}

/// How a fetch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Other keys are in force, or some again.
    News,
    Same,
    Failed,
    /// It leads to another fetch, which is due now.
    Again,
    /// It was given up before.
    Late,
}

impl Followed {
    pub(crate) fn new(number: u64, config: &RemoteConfig) -> Result<Self, String> {
        Ok(Self {
            number,
            config: config.clone(),
            keeper: remote::keeper(config)?,
            places: Vec::new(),
            callout: None,
            asked: None,
            is_stale: false,
            began: Instant::now(),
            left: Some(Instant::now()),
        })
    }

    /// Tells whether this is the key set of a configuration, whatever its settings are.
    pub(crate) fn is_at(&self, config: &RemoteConfig) -> bool {
        self.config.cluster == config.cluster && self.config.uri == config.uri
    }

    /// Feeds one place more, with the keys that are there. The settings of the newest
    /// configuration are those of all.
    pub(crate) fn feed(&mut self, configuration: u64, place: Place, config: &RemoteConfig) {
        let now = UnixSeconds::now();
        if self.config != *config {
            self.config = config.clone();
            self.keeper.set_options(remote::options(config));
            self.keeper.refresh_now(now);
        }
        let (first, is_stale) = match self.keeper.keys(now) {
            Ok(set) => (Some(Arc::clone(set)), false),
            Err(Code::KeysStale) => (Some(Arc::new(KeySet::stale())), true),
            Err(_) => (None, false),
        };
        if let Some(set) = first {
            self.install(&place, set);
        }
        self.is_stale = is_stale;
        self.places.push((configuration, place));
        self.left = None;
    }

    /// Forgets the places of a configuration. A fetch that it has under way ends with
    /// it, and another configuration begins it anew.
    pub(crate) fn forget(&mut self, configuration: u64) {
        self.places.retain(|place| place.0 != configuration);
        if let Some(callout) = self.callout.take_if(|callout| callout.configuration == configuration) {
            let now = UnixSeconds::now();
            self.keeper.answer(callout.ticket, jot::jwks::Answer::Failed, now);
            self.keeper.refresh_now(now);
        }
        // Whoever was asked may have been this one.
        self.asked = None;
        if self.places.is_empty() {
            self.left = Some(Instant::now());
        }
    }

    /// Returns the configuration that is to be asked to fetch, if a fetch is due.
    pub(crate) fn next_asked(&mut self, now: Instant) -> Option<u64> {
        let is_due = self.keeper.health().next_fetch <= UnixSeconds::now();
        let was_asked = self.asked.is_some_and(|asked| now.saturating_duration_since(asked) < PATIENCE);
        let newest = self.places.last().filter(|_| is_due && !was_asked)?.0;
        self.asked = Some(now);
        Some(newest)
    }

    /// Returns how long there is nothing to do.
    pub(crate) fn rest(&self, now: Instant) -> Duration {
        let UnixSeconds(next) = self.keeper.health().next_fetch;
        let seconds = next.saturating_sub(UnixSeconds::now().0).max(0);
        let until_due = Duration::from_secs(seconds.unsigned_abs());
        let asked = self.asked.map(|asked| PATIENCE.saturating_sub(now.saturating_duration_since(asked)));
        until_due.max(asked.unwrap_or_default())
    }

    /// Begins the fetch that is due.
    pub(crate) fn begin(&mut self, configuration: u64) -> Option<Fetch> {
        self.asked = None;
        let Poll::Fetch(request) = self.keeper.poll(UnixSeconds::now()) else { return None };
        let fetch = Fetch::new(&self.config, &request);
        self.callout = Some(Callout { configuration, number: None, ticket: request.ticket });
        fetch
    }

    /// Remembers Envoy's number of the fetch that was begun.
    pub(crate) fn begun(&mut self, configuration: u64, number: u64) {
        if let Some(callout) = self.callout.as_mut().filter(|callout| callout.configuration == configuration)
        {
            callout.number = Some(number);
        }
    }

    /// Tells whether this is the fetch under way.
    pub(crate) fn is_under_way(&self, configuration: u64, number: u64) -> bool {
        let is_it =
            |callout: Callout| callout.configuration == configuration && callout.number == Some(number);
        self.callout.is_some_and(is_it)
    }

    /// Takes the reply to the fetch under way.
    pub(crate) fn take(&mut self, reply: &Reply) -> End {
        let Some(callout) = self.callout.take() else { return End::Late };
        let now = UnixSeconds::now();
        match reply.lend(|answer| self.keeper.answer(callout.ticket, answer, now)) {
            Change::Keys(set) => {
                log(Level::Info, &format!("jot: {}: the keys were replaced", self.name()));
                keys::tell_skipped(&self.name(), &set);
                self.install_everywhere(&set);
                End::News
            }
            Change::Confirmed if self.is_stale => {
                let set = self.keeper.keys(now).ok().cloned();
                set.iter().for_each(|set| self.install_everywhere(set));
                End::News
            }
            Change::Confirmed => End::Same,
            Change::Elsewhere => End::Again,
            Change::Failed(error) => {
                self.tell(&reply.fault(&error), now);
                End::Failed
            }
            Change::Late => End::Late,
        }
    }

    /// Takes keys out of use that could not be fetched again for too long.
    pub(crate) fn settle(&mut self) -> bool {
        let is_over = !self.is_stale && self.keeper.keys(UnixSeconds::now()).err() == Some(Code::KeysStale);
        if is_over {
            self.install_everywhere(&Arc::new(KeySet::stale()));
            self.is_stale = true;
            let told = "the keys could not be fetched again for serve_stale_seconds";
            log(Level::Error, &format!("jot: {}: {told}; tokens are answered with 503", self.name()));
        }
        is_over
    }

    /// Asks for a fetch because a token's key is not there; tells whether one is due or
    /// under way.
    pub(crate) fn ask(&mut self, budget: &mut Budget) -> bool {
        self.keeper.unknown_kid(budget, UnixSeconds::now()) == UnknownKid::Pending
    }

    /// Tells whether the first keys are still waited for, so soon after the start that
    /// failures are waited out.
    pub(crate) fn is_starting(&self, now: Instant) -> bool {
        self.keeper.keys(UnixSeconds::now()).err() == Some(Code::KeysNotYet)
            && now.saturating_duration_since(self.began) < self.timeout()
    }

    pub(crate) const fn timeout(&self) -> Duration {
        Duration::from_millis(self.config.timeout_ms as u64)
    }

    fn install_everywhere(&mut self, set: &Arc<KeySet>) {
        self.is_stale = false;
        for (_, place) in &self.places {
            self.install(place, Arc::clone(set));
        }
    }

    fn install(&self, place: &Place, set: Arc<KeySet>) {
        if let Err(fault) = place.install(set) {
            log(
                Level::Warning,
                &format!("jot: {}: {}: {fault}; the last keys stay", place.label, self.name()),
            );
        }
    }

    fn tell(&self, fault: &str, now: UnixSeconds) {
        let stand = match self.keeper.keys(now) {
            Ok(_) => "the last keys stay",
            Err(_) => "there are no keys, and tokens are answered with 503",
        };
        log(Level::Warning, &format!("jot: {}: {fault}; {stand}", self.name()));
    }

    fn name(&self) -> String {
        format!("{} by cluster {}", self.config.uri, self.config.cluster)
    }
}
