//! What is demanded of claims, by providers and by routes.

use jot::{Alg, ClaimPath, Claims, Condition, Operand, Policy, Rejection};
use serde_json::Value;

use crate::config::{ClaimConfig, OneOrMany, PathConfig, RouteConfig, check_scopes};
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
    let path = || ClaimPath::from(names.as_slice());
    let condition = match (&config.equals, &config.contains) {
        (Some(_), Some(_)) => return Err("require_claims: equals and contains exclude each other".to_owned()),
        (None, Some(OneOrMany::One(element))) => Condition::contains(path(), element.as_str()),
        (None, Some(OneOrMany::Many(elements))) => {
            Condition::contains_any(path(), elements.iter().map(String::as_str))
        }
        (Some(Value::Array(values)), None) => {
            Condition::any_of(path(), values.iter().map(operand).collect::<Result<Vec<_>, _>>()?)
        }
        (Some(value), None) => Condition::equals(path(), operand(value)?),
        (None, None) => match names.as_slice() {
            [name] => return Ok(policy.require(name)),
            _ => return Err("require_claims: a nested claim needs equals or contains".to_owned()),
        },
    };
    Ok(policy.claim(condition))
}

fn operand(value: &Value) -> Result<Operand, String> {
    Ok(match value {
        Value::String(text) => text.as_str().into(),
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => integer.into(),
            (None, Some(double)) => double.into(),
            (None, None) => return Err("require_claims: a number is too large".to_owned()),
        },
        _ => {
            return Err(
                "require_claims: equals takes a string, a number, a boolean or a list of them".to_owned()
            );
        }
    })
}

/// Warns of claim names that may have been meant for paths.
pub(crate) fn warn_of_dots<'c>(place: &str, claims: impl Iterator<Item = &'c PathConfig>) {
    for claim in claims {
        let Some(nested) = claim.as_nested() else { continue };
        let name = claim.names().concat();
        log(
            Level::Warning,
            &format!(
                "jot: {place}: `{name}` is one name with a dot in it; \
                 the way to a nested claim is {nested}, and [{name}] is the name without this warning"
            ),
        );
    }
}
