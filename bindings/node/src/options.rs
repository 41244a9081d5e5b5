//! The options of a verifier: rules of its policy and settings of its memory.

use jot::backend::Backend;
use jot::{CacheSize, Code, Condition, Limits, Policy, VerifierBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::algorithm::algorithms;
use crate::fault::{Fault, fault, of_engine};

/// What the caller's object of options says, but for keys. An unknown member is an error.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct Options {
    algorithms: Vec<String>,
    access_token: Option<String>,
    id_token: Option<String>,
    audience: OneOrMany,
    any_audience: bool,
    typ: OneOrMany,
    subject: Option<String>,
    required: OneOrMany,
    nonce: Option<String>,
    authorized_party: Option<String>,
    scopes: OneOrMany,
    critical: OneOrMany,
    conditions: OneOrMany,
    leeway: Option<u32>,
    max_age: Option<u32>,
    allow_missing_exp: bool,
    allow_future_iat: bool,
    issuer_required: bool,
    status: Option<Status>,
    token_bytes: Option<usize>,
    header_bytes: Option<usize>,
    cache: Option<usize>,
    backend: Option<String>,
    table_bytes: Option<usize>,
    cross_check: Option<u32>,
}

/// A text, or a list of them.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a string or an array of strings is wanted")]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    pub(crate) fn texts(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

/// What is asked of Token Status Lists.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    Check,
    Require,
}

impl Options {
    /// Makes the policy.
    pub(crate) fn policy(&self) -> Result<Policy, Fault> {
        let algorithms = algorithms(&self.algorithms)?;
        let policy = match (&self.access_token, &self.id_token) {
            (None, None) => Policy::new(algorithms),
            (Some(resource), None) => Policy::access_token(resource, algorithms),
            (None, Some(client)) => Policy::id_token(client, algorithms),
            (Some(_), Some(_)) => {
                let sentence = "a token cannot be an access token and an ID Token";
                return Err(fault(Code::PolicyInvalid, "idToken", sentence));
            }
        };
        let policy = self.texts(policy);
        let policy = self.flags(policy);
        self.conditions
            .texts()
            .iter()
            .try_fold(policy, |policy, text| Ok(policy.claim(Condition::parse(text).map_err(of_engine)?)))
    }

    fn texts(&self, policy: Policy) -> Policy {
        let each = |policy: Policy, texts: &OneOrMany, rule: fn(Policy, &str) -> Policy| {
            texts.texts().iter().fold(policy, |policy, text| rule(policy, text))
        };
        let one = |policy: Policy, text: &Option<String>, rule: fn(Policy, &str) -> Policy| match text {
            Some(text) => rule(policy, text),
            None => policy,
        };
        let policy = each(policy, &self.audience, Policy::audience);
        let policy = each(policy, &self.typ, Policy::typ);
        let policy = each(policy, &self.required, Policy::require);
        let policy = each(policy, &self.scopes, Policy::scope);
        let policy = each(policy, &self.critical, Policy::understand_critical);
        let policy = one(policy, &self.subject, Policy::subject);
        let policy = one(policy, &self.nonce, Policy::nonce);
        one(policy, &self.authorized_party, Policy::authorized_party)
    }

    fn flags(&self, policy: Policy) -> Policy {
        let on =
            |policy: Policy, on: bool, rule: fn(Policy) -> Policy| if on { rule(policy) } else { policy };
        let policy = on(policy, self.any_audience, Policy::any_audience);
        let policy = on(policy, self.allow_missing_exp, Policy::allow_missing_exp);
        let policy = on(policy, self.allow_future_iat, Policy::allow_future_iat);
        let policy = on(policy, self.issuer_required, Policy::issuer_required);
        let policy = on(policy, matches!(self.status, Some(Status::Check)), Policy::check_status);
        let policy = on(policy, matches!(self.status, Some(Status::Require)), Policy::require_status);
        let policy = match self.leeway {
            Some(seconds) => policy.leeway(seconds),
            None => policy,
        };
        let policy = match self.max_age {
            Some(seconds) => policy.max_age(seconds),
            None => policy,
        };
        let limits = Limits::default();
        let limits = match self.token_bytes {
            Some(bytes) => limits.with_token_bytes(bytes),
            None => limits,
        };
        match self.header_bytes {
            Some(bytes) => policy.limits(limits.with_header_bytes(bytes)),
            None => policy.limits(limits),
        }
    }

    /// Sets what is no rule.
    pub(crate) fn settings(&self, builder: VerifierBuilder) -> Result<VerifierBuilder, Fault> {
        let mut builder = builder;
        if let Some(entries) = self.cache {
            builder = builder.cache(CacheSize::Entries(entries));
        }
        if let Some(name) = &self.backend {
            let backend = Backend::from_name(name);
            let unknown = || fault(Code::PolicyInvalid, "backend", &format!("there is no backend {name:?}"));
            builder = builder.backend(backend.ok_or_else(unknown)?);
        }
        if let Some(bytes) = self.table_bytes {
            builder = builder.table_bytes(bytes);
        }
        if let Some(one_in) = self.cross_check {
            builder = builder.cross_check(one_in);
        }
        Ok(builder)
    }
}

/// Reads the JSON text of an object of options.
pub(crate) fn read<O: DeserializeOwned>(text: &str) -> Result<O, Fault> {
    serde_json::from_str(text)
        .map_err(|error| fault(Code::PolicyInvalid, "options", &format!("options: {}", plain(&error))))
}

/// Leaves out where in the text the fault stands: the caller wrote an object, and not that text.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}
