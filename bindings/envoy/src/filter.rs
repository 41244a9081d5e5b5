//! The filter: which requests pass, and as what.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use jot::{Scratch, UnixSeconds};

use crate::config::{AllOf, AnyOf, FilterConfig, Requirement};
use crate::configuration::Wake;
use crate::denial::{Denial, Failure};
use crate::distrust;
use crate::exchange::{Counter, Exchange, Level, is_preflight};
use crate::logger::log;
use crate::origin::Origin;
use crate::place::Place;
use crate::provider::{Effect, Provider, Round};
use crate::resource::Resource;
use crate::route::Route;
use crate::store::{Asked, Store};
use crate::target::{Target, Wanted};
use crate::upkeep::Upkeep;
use crate::waiting::Waited;

/// A filter configuration, shared by all workers.
#[derive(Debug)]
pub(crate) struct Filter {
    providers: BTreeMap<String, Arc<Provider>>,
    require: Requirement,
    optional: bool,
    allow_missing_or_failed: bool,
    bypass_cors_preflight: bool,
    clear_route_cache: bool,
    metadata_namespace: String,
    failure: Failure,
    resource: Option<Resource>,
    /// The headers that only the filter may set.
    own_headers: Vec<String>,
    upkeep: Option<Upkeep>,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Pass,
    /// It does not pass and has its answer.
    Answered,
    /// It waits under this number, and is decided on again.
    Waits(u64),
}

/// Why a request does not pass.
struct Refusal<'f> {
    denial: Denial<'f>,
    /// The key sets whose next fetch may change that.
    wanted: Vec<Wanted<'f>>,
}

/// How often a request is looked at anew because keys were replaced meanwhile.
const MOST_LOOKS: u32 = 3;

/// What passes without an accepted token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leniency {
    None,
    /// A request without a token.
    Missing,
    /// One with a bad token as well.
    Failed,
}

impl Leniency {
    const fn new(optional: bool, allow_missing_or_failed: bool) -> Self {
        match (optional, allow_missing_or_failed) {
            (_, true) => Self::Failed,
            (true, false) => Self::Missing,
            (false, false) => Self::None,
        }
    }
}

thread_local! {
    /// The room of this worker thread.
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

impl Filter {
    /// Builds the filter; the text says what is wrong with the configuration.
    /// `wake` is asked for only when there are keys to keep.
    pub(crate) fn new(text: &[u8], wake: impl FnOnce() -> Wake) -> Result<Self, String> {
        let config = FilterConfig::parse(text)?;
        let mut providers = BTreeMap::new();
        let (mut remotes, mut lists, mut files) = (Vec::new(), Vec::new(), Vec::new());
        for (name, config) in &config.providers {
            let fault = |fault: String| format!("providers.{name}.{fault}");
            let (provider, origins) = Provider::new(name, config).map_err(fault)?;
            let provider = Arc::new(provider);
            for (issuer_index, origin) in origins {
                let label = format!("providers.{name}.issuers[{issuer_index}]");
                let place = Place { label, provider: Arc::clone(&provider), issuer_index };
                match origin {
                    Origin::File(file) => files.push((place, file)),
                    Origin::Remote(remote) => remotes.push((place, Target::Keys(remote))),
                    Origin::List(list) => {
                        let label = format!("providers.{name}: {}", list.config.uri);
                        lists.push((Place { label, ..place }, Target::List(list)));
                    }
                }
            }
            providers.insert(name.clone(), provider);
        }
        let mut own_headers: Vec<String> =
            providers.values().flat_map(|provider| provider.headers()).map(str::to_owned).collect();
        own_headers.sort_unstable();
        own_headers.dedup();
        let taken = providers.values().flat_map(|provider| provider.source_headers());
        if let Some(both) = taken.into_iter().find(|name| own_headers.iter().any(|own| own == name)) {
            return Err(format!("`{both}` is where a token comes from; no claim can go there"));
        }
        let any = || providers.keys().cloned().map(Requirement::Provider).collect();
        let require = config.require.unwrap_or_else(|| Requirement::Any(AnyOf { any: any() }));
        let failure = Failure::new(config.failure)?;
        let resource = config.resource_metadata.map(Resource::new).transpose()?;
        // After the keys, which they are judged with.
        remotes.extend(lists);
        let upkeep = match remotes.is_empty() && files.is_empty() {
            true => None,
            false => Some(Upkeep::begin(remotes, files, wake())?),
        };
        Ok(Self {
            providers,
            require,
            optional: config.optional,
            allow_missing_or_failed: config.allow_missing_or_failed,
            bypass_cors_preflight: config.bypass_cors_preflight,
            clear_route_cache: config.clear_route_cache,
            metadata_namespace: config.metadata_namespace,
            failure,
            resource,
            own_headers,
            upkeep,
        })
    }

    /// Decides whether a request passes; answers it where it does not. `waited` says how
    /// the wait ended if it has waited, and it then waits again at most for a list.
    pub(crate) fn decide(
        &self,
        exchange: &mut impl Exchange,
        route: Option<&Route>,
        waited: Option<Waited>,
    ) -> Decision {
        // Before anything else: what these say must be the filter's own word.
        for header in &self.own_headers {
            exchange.remove_header(header);
        }
        if route.is_some_and(|route| route.disabled) {
            return Decision::Pass;
        }
        let resource = route.and_then(|route| route.resource.as_ref()).or(self.resource.as_ref());
        if resource.is_some_and(|resource| resource.serve(exchange)) {
            return Decision::Answered;
        }
        if self.bypass_cors_preflight && is_preflight(exchange) {
            return Decision::Pass;
        }
        let assessed = self.assess_or_wait(exchange, route, waited);
        distrust::tell(exchange);
        match assessed {
            Ok(Ok(effects)) => {
                self.apply(effects, exchange);
                exchange.count(Counter::Allowed, None);
                Decision::Pass
            }
            Ok(Err(denial)) => match self.refuse(&denial, exchange, route, resource) {
                true => Decision::Pass,
                false => Decision::Answered,
            },
            Err(waiter) => Decision::Waits(waiter),
        }
    }

    /// Assesses a request. If it is refused and a fetch may change that, returns the number
    /// under which it waits instead.
    fn assess_or_wait<'f>(
        &'f self,
        exchange: &impl Exchange,
        route: Option<&'f Route>,
        waited: Option<Waited>,
    ) -> Result<Result<Vec<Effect<'f>>, Denial<'f>>, u64> {
        let store = Store::of_process();
        let mut looks = 0_u32;
        loop {
            looks = looks.saturating_add(1);
            let version = store.version();
            let Refusal { denial, wanted } = match self.assess(exchange, route) {
                Ok(effects) => return Ok(Ok(effects)),
                Err(refusal) => *refusal,
            };
            let asked = match (waited, wanted.is_empty()) {
                (_, true) => Asked::Refused,
                (Some(Waited::InVain), _) => Asked::Full,
                // A list is asked for when the keys are there.
                (Some(Waited::Fetched), _) if !wanted.iter().any(|wanted| wanted.target.is_list()) => {
                    Asked::Refused
                }
                (None | Some(Waited::Fetched), false) => store.ask(&wanted, version, || exchange.release()),
            };
            match asked {
                Asked::Again if looks < MOST_LOOKS => {}
                Asked::Again | Asked::Refused => return Ok(Err(denial)),
                Asked::Full => return Ok(Err(denial.undecided())),
                Asked::Waits(waiter) => return Err(waiter),
            }
        }
    }

    /// Answers a request in whose decision a fault of ours was met.
    pub(crate) fn answer_fault(&self, exchange: &mut impl Exchange) {
        self.failure.answer(&Denial::fault(), "", None, exchange);
    }

    /// Refuses a request, unless failed tokens are overlooked; tells which.
    fn refuse(
        &self,
        denial: &Denial<'_>,
        exchange: &mut impl Exchange,
        route: Option<&Route>,
        resource: Option<&Resource>,
    ) -> bool {
        if denial.is_misrouted() && route.is_some_and(Route::is_first_fault) {
            let name = denial.provider.unwrap_or_default();
            let told = format!("jot: a route demands the provider `{name}`, which its filter does not have");
            log(Level::Error, &told);
        }
        let provider = denial.provider.and_then(|name| self.providers.get(name));
        let detail = denial.detail(provider.and_then(|provider| provider.token(exchange)));
        self.failure.tell(denial, &detail, &self.metadata_namespace, exchange);
        if denial.status() != 500 && self.leniency(route) == Leniency::Failed {
            exchange.count(Counter::Overlooked, Some(denial.code()));
            exchange.count(Counter::Allowed, None);
            return true;
        }
        self.failure.answer(denial, &detail, resource, exchange);
        false
    }

    /// Tells what may pass without an accepted token. A route with demands of its
    /// own demands one; a route that says something of it has said everything.
    fn leniency(&self, route: Option<&Route>) -> Leniency {
        match route {
            Some(Route { rules: Some(_), .. }) => Leniency::None,
            Some(Route { optional: None, allow_missing_or_failed: None, .. }) | None => {
                Leniency::new(self.optional, self.allow_missing_or_failed)
            }
            Some(Route { optional, allow_missing_or_failed, .. }) => {
                Leniency::new(optional.unwrap_or(false), allow_missing_or_failed.unwrap_or(false))
            }
        }
    }

    fn assess<'f>(
        &'f self,
        exchange: &impl Exchange,
        route: Option<&'f Route>,
    ) -> Result<Vec<Effect<'f>>, Box<Refusal<'f>>> {
        let rules = route.and_then(|route| route.rules.as_ref());
        let require = route.and_then(|route| route.require.as_ref()).unwrap_or(&self.require);
        let mut round = Round {
            now: UnixSeconds::now(),
            rules,
            unmet: rules.map(|_| Denial::missing([&[]; 2])),
            token_seen: false,
            effects: Vec::new(),
            wanted: Vec::new(),
        };
        let met = SCRATCH.with_borrow_mut(|scratch| self.check(require, exchange, scratch, &mut round));
        match (met, round.unmet) {
            (Ok(()), None) => Ok(round.effects),
            (Ok(()), Some(denial)) => Err(Box::new(Refusal { denial, wanted: Vec::new() })),
            (Err(_), _) if !round.token_seen && self.leniency(route) != Leniency::None => Ok(Vec::new()),
            (Err(denial), _) => Err(Box::new(Refusal { denial, wanted: round.wanted })),
        }
    }

    fn check<'f>(
        &'f self,
        require: &'f Requirement,
        exchange: &impl Exchange,
        scratch: &mut Scratch,
        round: &mut Round<'f>,
    ) -> Result<(), Denial<'f>> {
        match require {
            Requirement::Provider(name) => match self.providers.get(name) {
                Some(provider) => provider.verify(exchange, scratch, round),
                None => {
                    round.token_seen = true;
                    Err(Denial::unknown_provider(name))
                }
            },
            // Every part, also after one that is not met: it must be known whether
            // there is a token at all.
            Requirement::All(AllOf { all }) => {
                let mut met: Result<(), Denial<'f>> = Ok(());
                for part in all {
                    met = match (met, self.check(part, exchange, scratch, round)) {
                        (Err(denial), Err(other)) => Err(denial.or(other)),
                        (met, here) => met.and(here),
                    };
                }
                met
            }
            Requirement::Any(AnyOf { any }) => {
                let mut denial: Option<Denial<'f>> = None;
                let (before, unmet) = (round.effects.len(), round.unmet);
                for part in any {
                    match self.check(part, exchange, scratch, round) {
                        Ok(()) => return Ok(()),
                        Err(other) => denial = Some(denial.map_or(other, |denial| denial.or(other))),
                    }
                    // What a part did that came to nothing is undone.
                    round.effects.truncate(before);
                    round.unmet = unmet;
                }
                Err(denial.unwrap_or(Denial::missing([&[]; 2])))
            }
        }
    }

    fn apply(&self, effects: Vec<Effect<'_>>, exchange: &mut impl Exchange) {
        for effect in effects {
            match effect {
                Effect::Strip(source) => source.strip(exchange),
                Effect::Header(name, value) => exchange.set_header(name, &value),
                Effect::Metadata(value) => exchange.set_metadata(&self.metadata_namespace, &value),
                Effect::Count(counter) => exchange.count(counter, None),
            }
        }
        if self.clear_route_cache {
            exchange.clear_route_cache();
        }
    }

    /// Returns what keeps its keys, if it has keys to keep.
    pub(crate) const fn upkeep(&self) -> Option<&Upkeep> {
        self.upkeep.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::Fake;

    const KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    /// What becomes of a request without a token and of one with a bad one: 0
    /// if it passes.
    fn statuses(whole: &str, route: Option<&str>) -> [u16; 2] {
        let provider = format!(
            r#"{{"issuers":[{{"keys":{{"inline":{KEY}}}}}],"algorithms":["EdDSA"],"any_audience":true}}"#
        );
        let text = format!(r#"{{"providers":{{"main":{provider}}}{whole}}}"#);
        let filter = Filter::new(text.as_bytes(), || Box::new(|_| ())).unwrap();
        let route = route.map(|text| Route::parse(text.as_bytes()).unwrap());
        [&[][..], &[("authorization", "Bearer x")]].map(|headers| {
            let mut fake = Fake::new(headers);
            let decision = filter.decide(&mut fake, route.as_ref(), None);
            assert_eq!(decision == Decision::Pass, fake.answer.is_none());
            fake.answer.map_or(0, |answer| answer.0)
        })
    }

    #[test]
    fn route_decides_before_its_filter_what_may_pass() {
        let lenient = r#","allow_missing_or_failed":true"#;
        for (whole, route, expected) in [
            ("", None, [401, 401]),
            (r#","optional":true"#, None, [0, 401]),
            (r#","optional":true"#, Some(r#"{"optional":false}"#), [401, 401]),
            (r#","optional":true"#, Some(r#"{"scopes":["a"]}"#), [401, 401]),
            (r#","optional":true"#, Some(r#"{"allow_missing_or_failed":false}"#), [401, 401]),
            ("", Some(r#"{"allow_missing_or_failed":true}"#), [0, 0]),
            (lenient, None, [0, 0]),
            (lenient, Some("{}"), [0, 0]),
            (lenient, Some(r#"{"optional":false}"#), [401, 401]),
            (lenient, Some(r#"{"optional":true}"#), [0, 401]),
            (lenient, Some(r#"{"allow_missing_or_failed":false}"#), [401, 401]),
            (lenient, Some(r#"{"audiences":["a"]}"#), [401, 401]),
            (lenient, Some(r#"{"require":"nobody"}"#), [500, 500]),
            (lenient, Some(r#"{"disabled":true}"#), [0, 0]),
        ] {
            assert_eq!(statuses(whole, route), expected, "{whole} {route:?}");
        }
    }
}
