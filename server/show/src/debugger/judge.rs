//! The engine's verdict, and what else it would refuse.
//!
//! The engine says the first thing that is wrong. Whoever repairs a token wants all of them,
//! so the engine is asked again without the rule that refused it, as long as there is such a
//! rule. A signature that does not hold ends it: nobody signed what stands behind it.

use jot::{Alg, Code, Error, KeySet, Policy, Scratch, UnixSeconds, Verdict, Verifier};

use super::report::{Finding, Report};

/// What is asked of the engine.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) keys: KeySet,
    pub(super) algorithms: Vec<Alg>,
    /// Empty: not checked.
    pub(super) issuer: String,
    /// Empty: not checked.
    pub(super) audience: String,
    /// Empty: not checked.
    pub(super) typ: String,
    pub(super) leeway: u32,
    pub(super) now: UnixSeconds,
}

/// The engine is asked at most so often; there are fewer rules to leave out.
const MOST: usize = 16;

impl Question {
    /// Asks the engine.
    pub(super) fn ask(&self, token: &str) -> Result<Report, Error> {
        let mut scratch = Scratch::new();
        let verifier = self.verifier(&[])?;
        let verdict = verifier.verdict(token, self.now, &mut scratch);
        let (key, signature_ok) = (self.key(&verdict), verdict.signature_ok());
        let mut findings: Vec<Finding> = verdict.rejection().iter().map(Finding::of).collect();
        let mut without = Vec::new();
        while let Some(last) = findings.last()
            && Rule::of(last.code).is_some_and(|rule| !without.contains(&rule))
            && findings.len() < MOST
        {
            without.extend(Rule::of(last.code));
            let verifier = self.verifier(&without)?;
            match verifier.verdict(token, self.now, &mut scratch).rejection() {
                Some(next) => findings.push(Finding::of(&next)),
                None => break,
            }
        }
        Ok(Report { findings, key, signature_ok, unchecked: self.unchecked() })
    }

    fn verifier(&self, without: &[Rule]) -> Result<Verifier, Error> {
        let is_kept = |rule| !without.contains(&rule);
        let algorithms = if is_kept(Rule::Algorithms) { self.algorithms.clone() } else { Alg::ALL.to_vec() };
        let mut policy = Policy::new(algorithms);
        policy = match self.audience.as_str() {
            audience if !audience.is_empty() && is_kept(Rule::Audience) => policy.audience(audience),
            _ => policy.any_audience(),
        };
        if !self.typ.is_empty() && is_kept(Rule::Typ) {
            policy = policy.typ(&self.typ);
        }
        if !is_kept(Rule::Exp) {
            policy = policy.allow_missing_exp();
        }
        if !is_kept(Rule::Iat) {
            policy = policy.allow_future_iat();
        }
        let leeway = if is_kept(Rule::Dates) { self.leeway } else { u32::MAX };
        let builder = Verifier::builder(policy.leeway(leeway));
        let keys = self.keys.clone();
        match self.issuer.as_str() {
            issuer if !issuer.is_empty() && is_kept(Rule::Issuer) => builder.issuer(issuer, keys),
            _ => builder.keys(keys),
        }
        .build()
    }

    /// Names the key that verified the signature.
    fn key(&self, verdict: &Verdict<'_>) -> Option<String> {
        let place = verdict.key()?;
        let index = usize::try_from(place.key_index).ok()?;
        let key = self.keys.keys().get(index)?;
        let name = key.kid().map_or_else(|| "without a kid".to_owned(), str::to_owned);
        Some(format!("{name} ({}, thumbprint {})", key.key_type().kty(), key.thumbprint()))
    }

    fn unchecked(&self) -> Vec<&'static str> {
        let fields = [(&self.issuer, "iss"), (&self.audience, "aud"), (&self.typ, "typ")];
        fields.into_iter().filter(|(value, _)| value.is_empty()).map(|(_, name)| name).collect()
    }
}

/// A rule that can be left out to see what comes behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Algorithms,
    Typ,
    Issuer,
    Audience,
    Exp,
    Iat,
    Dates,
}

impl Rule {
    /// The rule that refuses with this code.
    fn of(code: Code) -> Option<Self> {
        Some(match code {
            Code::AlgNotAllowed => Self::Algorithms,
            Code::TypMissing | Code::TypMismatch => Self::Typ,
            Code::IssuerUnknown | Code::IssMissing | Code::IssMismatch => Self::Issuer,
            Code::AudMissing | Code::AudMismatch => Self::Audience,
            Code::ExpMissing => Self::Exp,
            Code::IssuedInFuture => Self::Iat,
            Code::NotYetValid | Code::Expired => Self::Dates,
            _ => return None,
        })
    }
}
