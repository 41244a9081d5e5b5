//! One kind of token: its policy, its issuers' keys, and what is handed on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jot::backend::Backend;
use jot::{
    Alg, AlgSet, CacheSize, Code, KeySet, Rejection, Revocations, Scratch, StatusFeed, UnixSeconds, Verified,
    Verifier,
};

use crate::claims::{self, ClaimHeader};
use crate::config::{BackendConfig, ProviderConfig};
use crate::denial::Denial;
use crate::exchange::{Counter, Exchange, Level};
use crate::keys;
use crate::listed;
use crate::logger::log;
use crate::metadata::Struct;
use crate::origin::{Origin, first_keys, remote_of};
use crate::rules::{self, Rules};
use crate::target::{ListKind, ListTarget, Target, Wanted};
use crate::token::Source;

/// A provider, shared by the workers and those who keep its keys.
#[derive(Debug)]
pub(crate) struct Provider {
    name: Box<str>,
    algorithms: AlgSet,
    has_cache: bool,
    issuers: Box<[Issuer]>,
    revocations: Option<Target>,
    statuses: Box<[Target]>,
    /// Who judges the lists of an issuer, with the keys that it has here.
    judges: Mutex<Vec<(usize, Weak<Verifier>)>>,
    verifier: Verifier,
    sources: Box<[Source]>,
    forward: bool,
    scopes: Box<[String]>,
    claim_headers: Box<[ClaimHeader]>,
    payload_header: Option<Box<str>>,
    metadata_key: Option<Box<str>>,
    metadata_lists: Box<[String]>,
    header_metadata_key: Option<Box<str>>,
    /// Whether all was told of the secrets among the keys that are installed.
    doubts_told: AtomicBool,
}

#[derive(Debug)]
struct Issuer {
    name: Option<Box<str>>,
    /// Where its keys are fetched, if they are.
    remote: Option<Target>,
}

/// What an accepted token does to its request.
#[derive(Debug)]
pub(crate) enum Effect<'f> {
    Strip(&'f Source),
    Header(&'f str, Vec<u8>),
    Metadata(Vec<u8>),
    Count(Counter),
}

/// The decision on one request, in the making.
#[derive(Debug)]
pub(crate) struct Round<'f> {
    pub(crate) now: UnixSeconds,
    /// What the route demands of one of the tokens, beside what the providers
    /// demand.
    pub(crate) rules: Option<&'f Rules>,
    /// Why no token met the route's demands so far; none if there is nothing to
    /// be met.
    pub(crate) unmet: Option<Denial<'f>>,
    pub(crate) token_seen: bool,
    pub(crate) effects: Vec<Effect<'f>>,
    /// The key sets whose next fetch may bring the key of a token, and the lists that are
    /// awaited.
    pub(crate) wanted: Vec<Wanted<'f>>,
}

impl Provider {
    /// Builds a provider and tells where its issuers' keys are to be had.
    pub(crate) fn new(name: &str, config: &ProviderConfig) -> Result<(Self, Vec<(usize, Origin)>), String> {
        if config.issuers.is_empty() {
            return Err("issuers: at least one is wanted".to_owned());
        }
        let named = |issuer: &crate::config::IssuerConfig| issuer.issuer.is_some();
        if config.issuers.len() > 1 && !config.issuers.iter().all(named) {
            return Err("issuers: each of several needs its `issuer`".to_owned());
        }
        let mut names: Vec<_> = config.issuers.iter().filter_map(|issuer| issuer.issuer.as_deref()).collect();
        names.sort_unstable();
        if names.contains(&"") || names.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err("issuers: an `issuer` is empty or comes twice".to_owned());
        }
        let policy = rules::policy(config)?;
        let algorithms = policy.algorithms();
        let named = config.require_claims.iter().map(|claim| &claim.claim);
        let named = named.chain(config.claim_to_headers.iter().map(|claim| &claim.claim));
        rules::warn_of_paths(&format!("providers.{name}"), named);
        let sources = config.from.iter().map(Source::new).collect::<Result<Box<[_]>, _>>()?;
        if sources.is_empty() {
            return Err("from: at least one place is wanted".to_owned());
        }
        let mut builder = Verifier::builder(policy).backend(match config.backend {
            BackendConfig::AwsLc => Backend::AwsLc,
            BackendConfig::Auto => Backend::Auto,
            BackendConfig::Accelerated => Backend::Accelerated,
            BackendConfig::Portable => Backend::Portable,
        });
        if config.cache_entries > 0 {
            builder = builder.cache(CacheSize::Entries(config.cache_entries as usize));
        }
        let (mut issuers, mut origins) = (Vec::new(), Vec::new());
        for (index, issuer) in config.issuers.iter().enumerate() {
            let first = first_keys(issuer, algorithms);
            let (set, origin) = first.map_err(|fault| format!("issuers[{index}].keys: {fault}"))?;
            builder = match &issuer.issuer {
                Some(name) => builder.issuer(name, set),
                None => builder.keys(set),
            };
            issuers.push(Issuer {
                name: issuer.issuer.as_deref().map(Box::from),
                remote: remote_of(issuer).map(Target::Keys),
            });
            origins.extend(origin.map(|origin| (index, origin)));
        }
        let lists = listed::targets(config, algorithms)?;
        for (index, list) in &lists {
            origins.push((*index, Origin::List(list.clone())));
        }
        let of = |kind: ListKind| lists.iter().filter(move |list| list.1.kind == kind);
        let target = |list: &(usize, Box<ListTarget>)| Target::List(list.1.clone());
        let header = |name: &String| claims::header_name("payload_header", name);
        let provider = Self {
            name: name.into(),
            algorithms,
            has_cache: config.cache_entries > 0,
            issuers: issuers.into(),
            revocations: of(ListKind::Revocations).map(target).next(),
            statuses: of(ListKind::Statuses).map(target).collect(),
            judges: Mutex::default(),
            verifier: builder.build().map_err(|error| error.to_string())?,
            sources,
            forward: config.forward,
            scopes: config.scopes.clone().into(),
            claim_headers: config.claim_to_headers.iter().map(ClaimHeader::new).collect::<Result<_, _>>()?,
            payload_header: config.payload_header.as_ref().map(header).transpose()?,
            metadata_key: config.metadata_key.as_deref().map(Box::from),
            metadata_lists: config.metadata_lists.clone().into(),
            header_metadata_key: config.header_metadata_key.as_deref().map(Box::from),
            doubts_told: AtomicBool::new(false),
        };
        if provider.revocations.is_some() {
            provider.verifier.set_revocations(Revocations::not_yet());
        }
        Ok((provider, origins))
    }

    /// Has a judge of lists follow the keys of an issuer.
    pub(crate) fn add_judge(&self, index: usize, judge: &Arc<Verifier>) {
        let mut judges = self.judges.lock().unwrap_or_else(PoisonError::into_inner);
        judges.retain(|judge| judge.1.strong_count() > 0);
        judges.push((index, Arc::downgrade(judge)));
        drop(judges);
        let name = self.issuers.get(index).and_then(|issuer| issuer.name.as_deref());
        if let Some(set) = self.verifier.keys(name).filter(|set| !set.is_empty()) {
            self.hand_to_judges(index, &set);
        }
    }

    fn hand_to_judges(&self, index: usize, set: &Arc<KeySet>) {
        let judges = self.judges.lock().unwrap_or_else(PoisonError::into_inner);
        for judge in judges.iter().filter(|judge| judge.0 == index).filter_map(|judge| judge.1.upgrade()) {
            // Its only keys. Those without any are left as they are.
            let _ = judge.replace_keys(None, Arc::clone(set));
        }
    }

    /// Lets a list be given to the verifier.
    pub(crate) fn take_list(
        &self,
        give: impl FnOnce(&Verifier) -> Result<(), jot::Error>,
    ) -> Result<(), String> {
        give(&self.verifier).map_err(|error| error.to_string())
    }

    /// Has this asked for status lists that are not there.
    pub(crate) fn ask_for_lists(&self, feed: Arc<dyn StatusFeed>) {
        self.verifier.add_status_feed(feed);
    }

    /// Returns whether a token named this status list since the last time.
    pub(crate) fn named(&self, uri: &str) -> bool {
        self.verifier.status_list_was_named(uri)
    }

    pub(crate) fn forget_list(&self, uri: &str) {
        self.verifier.forget_status_list(uri);
    }

    /// Takes the keys that replace those of an issuer; none if they are stale. The text
    /// says why they are not taken.
    pub(crate) fn install(&self, index: usize, set: Arc<KeySet>) -> Result<(), String> {
        let issuer = self.issuers.get(index).ok_or("there is no such issuer")?;
        if !set.is_empty() {
            keys::check(&set, self.algorithms)?;
        }
        self.hand_to_judges(index, &set);
        self.verifier.replace_keys(issuer.name.as_deref(), set).map_err(|error| error.to_string())?;
        self.doubts_told.store(false, Ordering::Relaxed);
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn key_count(&self, index: usize) -> usize {
        self.verifier.keys(self.issuers[index].name.as_deref()).unwrap().len()
    }

    /// Returns every header that this provider sets.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        self.claim_headers.iter().map(|claim| &*claim.header).chain(self.payload_header.as_deref())
    }

    /// Returns the headers that its tokens are looked for in.
    pub(crate) fn source_headers(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(Source::header)
    }

    /// Verifies the request's token.
    pub(crate) fn verify<'f>(
        &'f self,
        exchange: &impl Exchange,
        scratch: &mut Scratch,
        round: &mut Round<'f>,
    ) -> Result<(), Denial<'f>> {
        let scopes = [&*self.scopes, round.rules.map_or(&[][..], |rules| &rules.scopes)];
        let token = self.find(exchange, round)?.ok_or(Denial::missing(scopes))?;
        round.token_seen = true;
        let from_cache = match self.reads_claims(round) {
            false => self
                .verifier
                .verify_without_claims(token, round.now, scratch)
                .map(|accepted| accepted.from_cache()),
            true => {
                let verdict = self.verifier.verdict(token, round.now, scratch);
                let from_cache = verdict.from_cache();
                verdict.into_result().map(|verified| {
                    self.hand_on(token, &verified, round);
                    from_cache
                })
            }
        };
        let from_cache = from_cache.map_err(|rejection| {
            round.wanted.extend(self.wanted_by(&rejection, token, round.now, scratch));
            if rejection.code() == Code::SignatureInvalid {
                self.tell_doubts(token, round.now, scratch);
            }
            Denial::of(&rejection, scopes, &self.name)
        })?;
        if self.has_cache {
            round.effects.push(Effect::Count(if from_cache {
                Counter::CacheHit
            } else {
                Counter::CacheMiss
            }));
        }
        Ok(())
    }

    /// Returns what the next fetch may bring for a refused token: its key, or a list.
    fn wanted_by(
        &self,
        rejection: &Rejection,
        token: &[u8],
        now: UnixSeconds,
        scratch: &mut Scratch,
    ) -> Option<Wanted<'_>> {
        let whole = |target| Wanted { target, uri: None };
        match rejection.code() {
            Code::KidUnknown | Code::KeysNotYet | Code::KeysStale => {
                let index = self.verifier.unverified_issuer_index(token, scratch)?;
                self.issuers.get(usize::try_from(index).ok()?)?.remote.as_ref().map(whole)
            }
            Code::RevocationsNotYet => self.revocations.as_ref().map(whole),
            Code::StatusListNotYet => {
                let verdict = self.verifier.verdict(token, now, scratch);
                let status = verdict.signed_claims()?.claim("status")?.as_object()?;
                let uri = status.member("status_list")?.as_object()?.member("uri")?.as_str()?;
                let is_its = |target: &&Target| match target {
                    Target::List(list) => list.config.uri == uri || list.below(uri).is_some(),
                    Target::Keys(_) => false,
                };
                let target = self.statuses.iter().find(is_its)?;
                Some(Wanted { target, uri: (target.uri() != uri).then(|| uri.into()) })
            }
            _ => None,
        }
    }

    /// Tells the operator what an HMAC secret looks like if it may not have been meant
    /// as it is: once for each state of the keys, and if an HMAC did not hold.
    fn tell_doubts(&self, token: &[u8], now: UnixSeconds, scratch: &mut Scratch) {
        if self.doubts_told.load(Ordering::Relaxed) {
            return;
        }
        let doubt = |issuer: &Issuer| self.verifier.keys(issuer.name.as_deref())?.secret_doubt();
        let doubts: Vec<_> = self.issuers.iter().map(doubt).enumerate().collect();
        if doubts.iter().any(|found| found.1.is_some()) {
            let header = self.verifier.verdict(token, now, scratch).header();
            let hmac = [Alg::HS256, Alg::HS384, Alg::HS512];
            if !header.is_some_and(|header| hmac.contains(&header.alg())) {
                return;
            }
        }
        self.doubts_told.store(true, Ordering::Relaxed);
        for (index, doubt) in doubts {
            if let Some(doubt) = doubt {
                let place = format!("providers.{}.issuers[{index}]", self.name);
                log(Level::Warning, &format!("jot: {place}: a signature does not hold, and {doubt}"));
            }
        }
    }

    /// Returns the token that a denial is about.
    pub(crate) fn token<'e>(&self, exchange: &'e impl Exchange) -> Option<&'e [u8]> {
        self.sources.iter().find_map(|source| source.find(exchange).ok().flatten())
    }

    /// Finds the one token; the same token in two places is one (RFC 6750 §2
    /// allows one place only). What is found is stripped if it is accepted.
    fn find<'e, 'f>(
        &'f self,
        exchange: &'e impl Exchange,
        round: &mut Round<'f>,
    ) -> Result<Option<&'e [u8]>, Denial<'f>> {
        let mut found = None;
        for source in &self.sources {
            let here = source.find(exchange).map_err(|_| {
                round.token_seen = true;
                Denial::repeated(&self.name)
            })?;
            match (here, found) {
                (None, _) => continue,
                (Some(here), Some(found)) if here != found => {
                    round.token_seen = true;
                    return Err(Denial::repeated(&self.name));
                }
                (here, _) => found = here,
            }
            if !self.forward {
                round.effects.push(Effect::Strip(source));
            }
        }
        Ok(found)
    }

    const fn reads_claims(&self, round: &Round<'_>) -> bool {
        round.rules.is_some()
            || !self.claim_headers.is_empty()
            || self.payload_header.is_some()
            || self.metadata_key.is_some()
            || self.header_metadata_key.is_some()
    }

    fn hand_on<'f>(&'f self, token: &[u8], verified: &Verified<'_>, round: &mut Round<'f>) {
        let claims = verified.claims();
        if let (Some(rules), Some(unmet)) = (round.rules, round.unmet.take()) {
            let refused = rules.check(&claims).err();
            let scopes = [&*self.scopes, &rules.scopes];
            round.unmet = refused.map(|rejection| unmet.or(Denial::of(&rejection, scopes, &self.name)));
        }
        for claim in &self.claim_headers {
            if let Some(value) = claim.value(&claims) {
                round.effects.push(Effect::Header(&claim.header, value));
            }
        }
        if let Some(header) = &self.payload_header {
            let payload = token.split(|byte| *byte == b'.').nth(1).unwrap_or_default();
            round.effects.push(Effect::Header(header, payload.to_vec()));
        }
        let mut metadata = Struct::default();
        if let Some(key) = &self.metadata_key {
            metadata.object(key, claims.as_object(), &self.metadata_lists);
        }
        if let Some(key) = &self.header_metadata_key {
            metadata.object(key, verified.header().as_object(), &[]);
        }
        if !metadata.is_empty() {
            round.effects.push(Effect::Metadata(metadata.into_bytes()));
        }
    }
}
