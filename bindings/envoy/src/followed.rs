//! A remote key set or list that the process follows, and who takes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jot::jwks::{Budget, Change, Poll, UnknownKid};
use jot::{Code, KeySet, UnixSeconds};

use crate::callout::Callout;
use crate::exchange::Level;
use crate::gauge::Reading;
use crate::keys;
use crate::listed::Answered;
use crate::logger::log;
use crate::place::Place;
use crate::remote::{self, Fetch, Reply};
use crate::subject::{Subject, is_over};
use crate::target::Target;

/// How long a configuration may take to begin a fetch, before another one is asked.
const PATIENCE: Duration = Duration::from_secs(1);

/// A remote key set or list.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) number: u64,
    pub(crate) target: Target,
    subject: Subject,
    /// The list of one with other settings, until there are keys to judge it with.
    carried: Option<Vec<u8>>,
    /// Whether only tokens named it.
    pub(crate) is_named: bool,
    /// Whether the last list was signed with a key that is not known.
    pub(crate) wants_key: bool,
    /// Who takes the keys or the list, by the numbers of their configurations.
    pub(crate) places: Vec<(u64, Place)>,
    /// The configurations that have the keys fetched and do not take them.
    holders: Vec<u64>,
    callout: Option<Callout>,
    /// When a configuration was asked to begin the fetch that is due.
    asked: Option<Instant>,
    is_stale: bool,
    began: Instant,
    /// Since when nobody has taken the keys.
    pub(crate) left: Option<Instant>,
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
    pub(crate) fn new(number: u64, target: &Target, carried: Option<Vec<u8>>) -> Result<Self, String> {
        Ok(Self {
            number,
            target: target.clone(),
            subject: Subject::new(target)?,
            carried,
            is_named: false,
            wants_key: false,
            places: Vec::new(),
            holders: Vec::new(),
            callout: None,
            asked: None,
            is_stale: false,
            began: Instant::now(),
            left: Some(Instant::now()),
        })
    }

    /// Feeds one place more, with what is there. The settings of the newest configuration
    /// are those of all.
    pub(crate) fn feed(&mut self, configuration: u64, place: Place, target: &Target) {
        let now = UnixSeconds::now();
        match (&mut self.subject, target) {
            (Subject::Keys(keeper), Target::Keys(config)) => {
                if self.target != *target {
                    self.target = target.clone();
                    keeper.set_options(remote::options(config));
                    keeper.refresh_now(now);
                }
                let (first, is_stale) = match keeper.keys(now) {
                    Ok(set) => (Some(Arc::clone(set)), false),
                    Err(Code::KeysStale) => (Some(Arc::new(KeySet::stale())), true),
                    Err(_) => (None, false),
                };
                self.is_stale = is_stale;
                if let Some(set) = first {
                    self.install(&place, set);
                }
            }
            (Subject::List(list), _) => {
                place.provider.add_judge(place.issuer_index, list.judge());
                if list.token().is_none()
                    && let Some(token) = &self.carried
                    && list.restore(token, now)
                {
                    self.carried = None;
                }
                self.is_stale = list.missing(now).is_some_and(is_over);
                place.hand_over(list.as_ref(), now);
            }
            // A key set is at no list's place.
            (Subject::Keys(_), Target::List(_)) => {}
        }
        // Two tokens may have named a list at the same time.
        if !self.places.iter().any(|one| one.0 == configuration && one.1.is_at(&place)) {
            self.places.push((configuration, place));
        }
        self.left = None;
    }

    /// Has the keys fetched for a configuration that does not take them. The settings stay.
    pub(crate) fn hold(&mut self, configuration: u64) {
        self.holders.push(configuration);
        self.left = None;
    }

    /// Returns the list in force, as it was signed.
    pub(crate) fn token(&self) -> Option<Vec<u8>> {
        match &self.subject {
            Subject::Keys(_) => None,
            Subject::List(list) => list.token().map(<[u8]>::to_vec),
        }
    }

    /// Returns what a configuration is told of this, but for lists that only tokens name:
    /// Envoy forgets no statistics, and of these there would be ever more.
    pub(crate) fn readings(
        &self,
        configuration: u64,
        now: UnixSeconds,
    ) -> impl Iterator<Item = Reading> + use<> {
        let is_told = !self.is_named && self.places.iter().any(|place| place.0 == configuration);
        let told = Reading::of(self.target.uri(), self.target.is_list(), self.subject.health(), now);
        is_told.then_some(told).into_iter().flatten()
    }

    /// Returns whether a token named this status list since the last time.
    pub(crate) fn was_named(&self) -> bool {
        let named = |place: &&(u64, Place)| place.1.provider.named(self.target.uri());
        self.places.iter().filter(named).count() > 0
    }

    /// Takes this status list from all who have it.
    pub(crate) fn drop_list(&self) {
        for (_, place) in &self.places {
            place.provider.forget_list(self.target.uri());
        }
    }

    /// Forgets the places of a configuration. A fetch that it has under way ends with
    /// it, and another configuration begins it anew.
    pub(crate) fn forget(&mut self, configuration: u64) {
        self.places.retain(|place| place.0 != configuration);
        self.holders.retain(|holder| *holder != configuration);
        if let Some(callout) = self.callout.take_if(|callout| callout.configuration == configuration) {
            let now = UnixSeconds::now();
            self.subject.give_up(callout.ticket, now);
        }
        // Whoever was asked may have been this one.
        self.asked = None;
        if self.places.is_empty() && self.holders.is_empty() {
            self.left = Some(Instant::now());
        }
    }

    #[cfg(test)]
    pub(crate) fn refresh(&mut self) {
        let now = UnixSeconds::now();
        match &mut self.subject {
            Subject::Keys(keeper) => keeper.refresh_now(now),
            Subject::List(list) => list.refresh_now(now),
        }
    }

    /// Returns the configuration that is to be asked to fetch, if a fetch is due.
    pub(crate) fn next_asked(&mut self, now: Instant) -> Option<u64> {
        let is_due = match self.callout.as_ref().and_then(Callout::next) {
            Some(next) => next <= now,
            None => self.subject.next_fetch() <= UnixSeconds::now() && !self.subject.is_early(),
        };
        let was_asked = self.asked.is_some_and(|asked| now.saturating_duration_since(asked) < PATIENCE);
        let newest = self.places.last().map(|place| place.0).or(self.holders.last().copied());
        let newest = newest.filter(|_| is_due && !was_asked)?;
        self.asked = Some(now);
        Some(newest)
    }

    /// Returns how long there is nothing to do.
    pub(crate) fn rest(&self, now: Instant) -> Duration {
        if self.subject.is_early() {
            return PATIENCE;
        }
        let UnixSeconds(next) = self.subject.next_fetch();
        let seconds = next.saturating_sub(UnixSeconds::now().0).max(0);
        let until_due = match self.callout.as_ref().and_then(Callout::next) {
            Some(next) => next.saturating_duration_since(now),
            None => Duration::from_secs(seconds.unsigned_abs()),
        };
        let asked = self.asked.map(|asked| PATIENCE.saturating_sub(now.saturating_duration_since(asked)));
        until_due.max(asked.unwrap_or_default())
    }

    /// Begins the fetch that is due.
    pub(crate) fn begin(&mut self, configuration: u64) -> Option<Fetch> {
        self.asked = None;
        if let Some(fetch) = self.callout.as_mut().and_then(|callout| callout.resume(configuration)) {
            return Some(fetch);
        }
        let now = UnixSeconds::now();
        let Poll::Fetch(request) = self.subject.poll(now) else { return None };
        let fetch = Fetch::new(&self.target, &request);
        self.callout = Some(Callout::new(configuration, request.ticket));
        fetch
    }

    /// Remembers Envoy's number of the fetch that was begun.
    pub(crate) fn begun(&mut self, configuration: u64, number: u64) {
        if let Some(callout) = self.callout.as_mut().filter(|callout| callout.configuration == configuration)
        {
            callout.begun(number);
        }
    }

    /// Tells whether this is the fetch under way.
    pub(crate) fn is_under_way(&self, configuration: u64, number: u64) -> bool {
        self.callout.as_ref().is_some_and(|callout| callout.is(configuration, number))
    }

    /// Keeps a fetch that Envoy did not take, unless the start is over; tells whether it did.
    pub(crate) fn postpone(&mut self, fetch: Fetch, now: Instant) -> bool {
        let is_starting = self.is_starting(now);
        let kept = self.callout.as_mut().filter(|_| is_starting);
        kept.map(|callout| callout.postpone(fetch, now)).is_some()
    }

    /// Takes the reply to the fetch under way.
    pub(crate) fn take(&mut self, reply: &Reply) -> End {
        let Some(callout) = self.callout.take() else { return End::Late };
        let now = UnixSeconds::now();
        match &mut self.subject {
            Subject::Keys(keeper) => {
                let change = reply.lend(|answer| keeper.answer(callout.ticket, answer, now));
                self.take_keys(change, reply, now)
            }
            Subject::List(list) => {
                let answered = reply.lend(|answer| list.answer(callout.ticket, answer, now));
                self.take_list(answered, reply, now)
            }
        }
    }

    fn take_keys(&mut self, change: Change, reply: &Reply, now: UnixSeconds) -> End {
        match change {
            Change::Keys(set) => {
                log(Level::Info, &format!("jot: {}: the keys were replaced", self.target.name()));
                keys::tell_skipped(&self.target.name(), &set);
                self.install_everywhere(&set);
                End::News
            }
            Change::Confirmed if self.is_stale => {
                if let Subject::Keys(keeper) = &self.subject
                    && let Ok(set) = keeper.keys(now).cloned()
                {
                    self.install_everywhere(&set);
                }
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

    fn take_list(&mut self, answered: Answered, reply: &Reply, now: UnixSeconds) -> End {
        self.wants_key = matches!(&answered, Answered::Failed(error) if error.code() == Code::KidUnknown);
        match answered {
            Answered::List(entries) => {
                let told =
                    format!("jot: {}: the list was replaced, with {entries} entries", self.target.name());
                log(Level::Info, &told);
                self.hand_over_everywhere(now);
                End::News
            }
            // A list came again with a later end.
            Answered::Confirmed if self.is_stale => {
                self.hand_over_everywhere(now);
                End::News
            }
            Answered::Confirmed => End::Same,
            Answered::Elsewhere => End::Again,
            Answered::Failed(error) => {
                self.tell(&reply.fault(&error), now);
                End::Failed
            }
            Answered::Late => End::Late,
        }
    }

    /// Takes out of use what could not be fetched again for too long.
    pub(crate) fn settle(&mut self) -> bool {
        let now = UnixSeconds::now();
        let is_over = self.subject.missing(now).is_some_and(is_over);
        let is_news = is_over && !self.is_stale;
        if is_news {
            let told = match &self.subject {
                Subject::Keys(_) => {
                    self.install_everywhere(&Arc::new(KeySet::stale()));
                    "the keys could not be fetched again for serve_stale_seconds"
                }
                Subject::List(_) => {
                    self.hand_over_everywhere(now);
                    "the list has ended, and no other could be had"
                }
            };
            self.is_stale = true;
            log(Level::Error, &format!("jot: {}: {told}; tokens are answered with 503", self.target.name()));
        }
        is_news
    }

    /// Asks for a fetch because a token's key is not there; tells whether one is due or
    /// under way.
    pub(crate) fn ask(&mut self, budget: &mut Budget) -> bool {
        let now = UnixSeconds::now();
        match &mut self.subject {
            Subject::Keys(keeper) => keeper.unknown_kid(budget, now) == UnknownKid::Pending,
            // The first one, which is fetched whether somebody asks for it or not.
            Subject::List(list) => {
                let is_awaited = list.missing(now).is_some_and(|code| !is_over(code));
                is_awaited && (self.callout.is_some() || list.next_fetch() <= now)
            }
        }
    }

    /// Tells whether the first keys are still waited for, so soon after the start that
    /// failures are waited out.
    pub(crate) fn is_starting(&self, now: Instant) -> bool {
        self.is_awaited() && now.saturating_duration_since(self.began) < self.timeout()
    }

    /// Tells whether the first keys have not come yet.
    pub(crate) fn is_awaited(&self) -> bool {
        self.subject.missing(UnixSeconds::now()).is_some_and(|code| !is_over(code))
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.target.timeout_ms().into())
    }

    fn hand_over_everywhere(&mut self, now: UnixSeconds) {
        self.is_stale = false;
        if let Subject::List(list) = &self.subject {
            for (_, place) in &self.places {
                place.hand_over(list.as_ref(), now);
            }
        }
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
                &format!("jot: {}: {}: {fault}; the last keys stay", place.label, self.target.name()),
            );
        }
    }

    fn tell(&self, fault: &str, now: UnixSeconds) {
        let stand = match &self.subject {
            Subject::Keys(keeper) if keeper.keys(now).is_ok() => "the last keys stay",
            Subject::Keys(_) => "there are no keys, and tokens are answered with 503",
            Subject::List(list) if list.missing(now).is_none() => "the last list stays",
            Subject::List(_) => "there is no list, and tokens are answered with 503",
        };
        log(Level::Warning, &format!("jot: {}: {fault}; {stand}", self.target.name()));
    }
}
