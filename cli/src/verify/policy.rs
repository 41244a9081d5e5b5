//! From arguments to a verifier.

use std::path::Path;
use std::sync::Arc;

use jot::{Condition, KeyOptions, KeySet, KeySetError, Limits, Policy, Verifier, VerifyingKey};

use super::args::{Profile, RuleArgs, VerifyArgs};
use super::statuses::Statuses;
use crate::failure::Failure;
use crate::key_file::KeyFile;
use crate::keys::{Place, fetch_keys};
use crate::revocations::fetch_revocations;

/// What judges tokens.
pub(super) struct Judge {
    pub(super) verifier: Arc<Verifier>,
    /// A description of the secret, if it does not look like a secret.
    pub(super) secret_doubt: Option<&'static str>,
    pub(super) statuses: Statuses,
}

pub(super) fn judge(args: &VerifyArgs) -> Result<Judge, Failure> {
    let policy = match (args.require_status, args.status_list.is_empty()) {
        (true, _) => policy(&args.rules)?.require_status(),
        (false, false) => policy(&args.rules)?.check_status(),
        (false, true) => policy(&args.rules)?,
    };
    let keys = Arc::new(keys(args)?);
    if !keys.fits(policy.algorithms()) {
        return Err(Failure::of("--alg", "no key verifies with any of these algorithms"));
    }
    let secret_doubt = keys.secret_doubt();
    let status_keys = Arc::clone(&keys);
    let builder = Verifier::builder(policy);
    let discovered = args.keys.files.issuer.as_slice();
    let issuers = if args.rules.iss.is_empty() { discovered } else { &args.rules.iss };
    let revoked = match (&args.revocations_url, issuers) {
        (None, _) => None,
        (Some(url), [issuer]) => {
            Some(fetch_revocations(url, &keys, issuer, &args.rules.alg, &args.connection)?)
        }
        (Some(_), _) => return Err(Failure::of("--revocations-url", "it needs one --issuer or --iss")),
    };
    let builder = match issuers {
        [] => builder.keys(keys),
        issuers => issuers.iter().fold(builder, |builder, issuer| builder.issuer(issuer, Arc::clone(&keys))),
    };
    let verifier = Arc::new(builder.build().map_err(Failure::new)?);
    if let Some(revoked) = revoked {
        verifier.set_revocations(revoked);
    }
    let statuses = Statuses::of(args, status_keys, &verifier)?;
    Ok(Judge { verifier, secret_doubt, statuses })
}

fn keys(args: &VerifyArgs) -> Result<KeySet, Failure> {
    let options = options(args.keys.allow_weak_keys, args.keys.all_certificates);
    let options = if args.keys.certificate_validity { options.certificate_validity() } else { options };
    // If only one algorithm is allowed, a secret too short for it is rejected at once.
    let secret_options = match args.rules.alg.as_slice() {
        [only] => options.clone().alg(*only),
        _ => options.clone(),
    };
    let files = &args.keys.files;
    let read = |path: &Path, parse: &dyn Fn(&[u8]) -> Result<KeySet, KeySetError>| {
        let file = KeyFile::read(path)?;
        let set = parse(file.content()).map_err(|error| file.blame(error))?;
        Ok(file.warn_of_skipped(set))
    };
    if let Some(path) = &files.jwks {
        return read(path, &|content| KeySet::from_jwks(content, &options));
    }
    let url = files.jwks_url.as_deref().map(Place::Url);
    if let Some(place) = url.or(files.issuer.as_deref().map(Place::Issuer)) {
        return fetch_keys(place, options, &args.connection);
    }
    if let Some(path) = &files.jwk {
        return read(path, &|content| Ok(KeySet::new([VerifyingKey::from_jwk(content, &options)?])));
    }
    if let Some(path) = &files.pem {
        return read(path, &|content| KeySet::from_pem_bundle(content, &options));
    }
    if let Some(path) = &files.der {
        return read(path, &|content| Ok(KeySet::new([VerifyingKey::from_der(content, &options)?])));
    }
    match &files.secret_file {
        Some(path) => {
            read(path, &|content| Ok(KeySet::new([VerifyingKey::from_secret(content, &secret_options)?])))
        }
        None => Err(Failure::new("no keys are named")),
    }
}

/// Returns the options for reading keys.
pub(crate) fn options(weak: bool, all_certificates: bool) -> KeyOptions {
    let options = KeyOptions::default();
    let options = if weak { options.allow_weak_keys() } else { options };
    if all_certificates { options.all_certificates() } else { options }
}

pub(crate) fn policy(rules: &RuleArgs) -> Result<Policy, Failure> {
    let algorithms = rules.alg.iter().copied();
    let first_audience = rules.aud.first().map(String::as_str).unwrap_or_default();
    let mut policy = match rules.profile {
        None => Policy::new(algorithms),
        Some(Profile::AccessToken) => Policy::access_token(first_audience, algorithms),
        Some(Profile::IdToken) => Policy::id_token(first_audience, algorithms),
    };
    let named = usize::from(rules.profile.is_some());
    policy = rules.aud.iter().skip(named).fold(policy, |policy, audience| policy.audience(audience));
    policy = rules.scope.iter().fold(policy, |policy, scope| policy.scope(scope));
    policy = rules.require.iter().fold(policy, |policy, claim| policy.require(claim));
    for text in &rules.claim {
        policy = policy.claim(condition(text)?);
    }
    if rules.any_audience {
        policy = policy.any_audience();
    }
    if let Some(subject) = &rules.sub {
        policy = policy.subject(subject);
    }
    policy = rules.typ.iter().fold(policy, |policy, typ| policy.typ(typ));
    if let Some(party) = &rules.azp {
        policy = policy.authorized_party(party);
    }
    if let Some(seconds) = rules.max_age {
        policy = policy.max_age(seconds);
    }
    if rules.allow_missing_exp {
        policy = policy.allow_missing_exp();
    }
    if rules.allow_future_iat {
        policy = policy.allow_future_iat();
    }
    let token_bytes = usize::try_from(rules.max_token_bytes).unwrap_or(usize::MAX);
    let header_bytes = usize::try_from(rules.max_header_bytes).unwrap_or(usize::MAX);
    let limits = Limits::default().with_token_bytes(token_bytes).with_header_bytes(header_bytes);
    Ok(policy.leeway(rules.leeway).limits(limits))
}

/// Reads a condition; for the form NAME=VALUE of earlier versions the error says what
/// to write instead.
fn condition(text: &str) -> Result<Condition, Failure> {
    Condition::parse(text).map_err(|error| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !name.contains([' ', '"']) => {
            let is_word = !value.is_empty() && (value.starts_with('"') || !value.contains(' '));
            let value = if is_word { value.to_owned() } else { serde_json::Value::from(value).to_string() };
            Failure::of("--claim", format!("{error} Write `{name} equals {value}`."))
        }
        _ => Failure::of("--claim", error),
    })
}
