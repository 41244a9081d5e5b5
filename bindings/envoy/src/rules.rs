//! What is demanded of claims, by providers and by routes.

use jot::{Alg, Claims, Condition, Limits, Policy, Rejection};

use crate::config::{ClaimConfig, PathConfig, ProviderConfig, RouteConfig, check_scopes};
use crate::exchange::Level;
use crate::logger::log;

/// What a route demands beside what its providers demand.
#[derive(Debug)]
pub(crate) struct Rules {
    policy: Policy,
    pub(crate) scopes: Box<[String]>,
}

impl Rules {
    /// Takes the rules of a route, if it has some; the text says what is wrong
    /// with them.
    pub(crate) fn new(config: &RouteConfig) -> Result<Option<Self>, String> {
        let RouteConfig { scopes, audiences, require_claims, .. } = config;
        if scopes.is_empty() && audiences.is_empty() && require_claims.is_empty() {
            return Ok(None);
        }
        // The rules are over claims; the header is the providers' affair.
        let mut policy = Policy::new(Alg::ALL.iter().copied());
        if audiences.is_empty() {
            policy = policy.any_audience();
        }
        let policy = demand(policy, audiences, scopes, require_claims)?;
        policy.validate().map_err(|error| error.to_string())?;
        Ok(Some(Self { policy, scopes: scopes.clone().into() }))
    }

    /// Validates the claims of a token that a provider accepted.
    pub(crate) fn check(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        self.policy.validate_claims(claims)
    }
}

/// Returns the policy of a provider; the text says what is wrong with it.
pub(crate) fn policy(config: &ProviderConfig) -> Result<Policy, String> {
    if config.algorithms.is_empty() {
        return Err("algorithms: at least one is wanted".to_owned());
    }
    let mut algorithms = Vec::new();
    for name in &config.algorithms {
        algorithms.push(Alg::from_name(name).ok_or_else(|| format!("algorithms: `{name}` is not known"))?);
    }
    let policy = Policy::new(algorithms).leeway(config.leeway_seconds);
    let mut policy = demand(policy, &config.audiences, &config.scopes, &config.require_claims)?;
    policy = match (config.require_status, config.status_lists.is_empty()) {
        (true, true) => return Err("require_status: status_lists are wanted, too".to_owned()),
        (true, false) => policy.require_status(),
        (false, false) => policy.check_status(),
        (false, true) => policy,
    };
    if config.any_audience {
        policy = policy.any_audience();
    }
    for typ in &config.typ {
        policy = policy.typ(typ);
    }
    if let Some(seconds) = config.max_age_seconds {
        policy = policy.max_age(seconds);
    }
    if config.allow_missing_exp {
        policy = policy.allow_missing_exp();
    }
    if config.allow_future_iat {
        policy = policy.allow_future_iat();
    }
    if let Some(bytes) = config.max_token_bytes {
        policy = policy.limits(Limits::default().with_token_bytes(bytes as usize));
    }
    // Now, although the keys may come later.
    policy.validate().map_err(|error| error.to_string())?;
    Ok(policy)
}

/// Adds demands to a policy.
pub(crate) fn demand(
    policy: Policy,
    audiences: &[String],
    scopes: &[String],
    claims: &[ClaimConfig],
) -> Result<Policy, String> {
    check_scopes(scopes)?;
    let policy = audiences.iter().fold(policy, |policy, audience| policy.audience(audience));
    let policy = scopes.iter().fold(policy, |policy, scope| policy.scope(scope));
    claims.iter().try_fold(policy, demand_claim)
}

fn demand_claim(policy: Policy, config: &ClaimConfig) -> Result<Policy, String> {
    let names = config.claim.names();
    let fault = |fault: String| format!("require_claims: {}: {fault}", names.join("."));
    let words = config.words().map_err(fault)?;
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let condition = Condition::from_words(names.as_slice(), &words);
    Ok(policy.claim(condition.map_err(|error| fault(error.to_string()))?))
}

/// Warns of claim names that may have been meant for paths.
pub(crate) fn warn_of_paths<'c>(place: &str, claims: impl Iterator<Item = &'c PathConfig>) {
    for claim in claims {
        let Some(nested) = claim.as_nested() else { continue };
        let name = claim.names().concat();
        log(
            Level::Warning,
            &format!(
                "jot: {place}: `{name}` is one name; \
                 the way to a nested claim is {nested}, and [{name}] is the name without this warning"
            ),
        );
    }
}
