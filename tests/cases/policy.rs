//! Reading a policy, keys and options out of a case.

use jot::{Alg, Condition, Error, KeyOptions, KeySet, Limits, Policy, Verifier, VerifyingKey};
use serde_json::Value;

use super::keys::unb64;

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .map(|items| items.iter().map(|item| item.as_str().unwrap()).collect())
        .unwrap_or_default()
}

/// The algorithms that a policy names.
pub(crate) fn algorithms(policy: &Value) -> Vec<Alg> {
    texts(&policy["algorithms"]).into_iter().map(|name| name.parse().unwrap()).collect()
}

/// Builds the policy; a setting that is not known is a fault of the table.
pub(crate) fn policy(text: &Value) -> Policy {
    let settings = text.as_object().unwrap();
    let algorithms = algorithms(text);
    let mut policy = match (&text["access_token"], &text["id_token"]) {
        (Value::String(resource), _) => Policy::access_token(resource, algorithms),
        (_, Value::String(client)) => Policy::id_token(client, algorithms),
        _ => Policy::new(algorithms),
    };
    let mut limits = Limits::default();
    for (name, value) in settings {
        let number = || u32::try_from(value.as_u64().unwrap()).unwrap();
        let text = || value.as_str().unwrap();
        policy = match name.as_str() {
            "algorithms" | "access_token" | "id_token" | "issuers" | "allow_weak_keys" | "key_alg" => policy,
            "typs" => texts(value).into_iter().fold(policy, Policy::typ),
            "audiences" => texts(value).into_iter().fold(policy, Policy::audience),
            "required" => texts(value).into_iter().fold(policy, Policy::require),
            "scopes" => texts(value).into_iter().fold(policy, Policy::scope),
            "understand_critical" => texts(value).into_iter().fold(policy, Policy::understand_critical),
            "claims" => texts(value).into_iter().fold(policy, demand),
            "any_audience" => flag(policy, value, Policy::any_audience),
            "allow_missing_exp" => flag(policy, value, Policy::allow_missing_exp),
            "allow_future_iat" => flag(policy, value, Policy::allow_future_iat),
            "issuer_required" => flag(policy, value, Policy::issuer_required),
            #[cfg(feature = "status-list")]
            "check_status" => flag(policy, value, Policy::check_status),
            #[cfg(feature = "status-list")]
            "require_status" => flag(policy, value, Policy::require_status),
            "subject" => policy.subject(text()),
            "nonce" => policy.nonce(text()),
            "authorized_party" => policy.authorized_party(text()),
            "leeway" => policy.leeway(number()),
            "max_age" => policy.max_age(number()),
            "token_bytes" => {
                limits.token_bytes = number() as usize;
                policy
            }
            "header_bytes" => {
                limits.header_bytes = number() as usize;
                policy
            }
            other => panic!("the policy has an unknown setting: {other}"),
        };
    }
    policy.limits(limits)
}

fn flag(policy: Policy, value: &Value, set: fn(Policy) -> Policy) -> Policy {
    if value.as_bool().unwrap() { set(policy) } else { policy }
}

fn demand(policy: Policy, condition: &str) -> Policy {
    policy.claim(Condition::parse(condition).unwrap())
}

fn options(policy: &Value) -> KeyOptions {
    let mut options = KeyOptions::default();
    if policy["allow_weak_keys"] == true {
        options = options.allow_weak_keys();
    }
    if let Some(alg) = policy["key_alg"].as_str() {
        options = options.alg(alg.parse().unwrap());
    }
    options
}

/// Reads the keys of a case that has them for any issuer, or for all alike.
fn keys(case: &Value) -> Result<KeySet, Error> {
    let options = options(&case["policy"]);
    if case["keys"].is_object() {
        return Ok(KeySet::from_jwks(case["keys"].to_string().as_bytes(), &options)?);
    }
    let key = if case["jwk"].is_object() {
        VerifyingKey::from_jwk(case["jwk"].to_string().as_bytes(), &options)
    } else if let Some(pem) = case["pem"].as_str() {
        VerifyingKey::from_pem(pem.as_bytes(), &options)
    } else {
        VerifyingKey::from_secret(&unb64(case["secret_b64"].as_str().unwrap()), &options)
    };
    Ok(KeySet::new([key?]))
}

/// Builds the verifier of a case. The error is the case's answer.
pub(crate) fn verifier(case: &Value) -> Result<Verifier, Error> {
    let mut builder = Verifier::builder(policy(&case["policy"]));
    if let Some(issuers) = case["issuer_keys"].as_object() {
        for (issuer, set) in issuers {
            let set = KeySet::from_jwks(set.to_string().as_bytes(), &options(&case["policy"]))?;
            builder = builder.issuer(issuer, set);
        }
        return builder.build();
    }
    match texts(&case["policy"]["issuers"]).as_slice() {
        [] => builder = builder.keys(keys(case)?),
        issuers => {
            for issuer in issuers {
                builder = builder.issuer(issuer, keys(case)?);
            }
        }
    }
    builder.build()
}
