//! How grave a verdict is, and what it may come from.

use jot::{Code, Stage};

/// How grave something is; the gravest is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gravity {
    High,
    Medium,
    Low,
}

impl Gravity {
    pub(super) const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// Returns the word with a shape of its own, which tells them apart without colour.
    pub(super) fn badge(self) -> String {
        let shape = match self {
            Self::High => "M7 1 13 13H1z",
            Self::Medium => "M7 1 13 7 7 13 1 7z",
            Self::Low => "M7 2a5 5 0 1 0 .01 0z",
        };
        let name = self.name();
        format!(
            "<span class=\"badge {name}\"><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><path d=\"{shape}\"/></svg>{name}</span>"
        )
    }
}

/// Returns how grave it is if a service takes such a token.
pub(super) const fn of(code: Code) -> Gravity {
    match code {
        Code::AlgNone
        | Code::AlgUnknown
        | Code::AlgNotAllowed
        | Code::KeyNotForAlg
        | Code::SignatureInvalid
        | Code::KidUnknown
        | Code::IssuerUnknown
        | Code::KeyRevoked
        | Code::SubRevoked
        | Code::JtiRevoked => Gravity::High,
        Code::Expired | Code::NotYetValid | Code::TooOld => Gravity::Low,
        _ => match code.stage() {
            Stage::Syntax | Stage::Limits => Gravity::Low,
            _ => Gravity::Medium,
        },
    }
}

/// Returns what a verdict may come from; its meaning says what it is.
pub(super) const fn hint(code: Code) -> &'static str {
    match code {
        Code::Accepted => "The service may accept it.",
        Code::TokenNull => "The request had no token, or the log has none of it.",
        Code::TokenEncrypted => "Only its recipient can read it.",
        Code::AlgNone | Code::AlgUnknown => "Whoever takes out the signature of a token tries this.",
        Code::AlgNotAllowed | Code::KeyNotForAlg => {
            "Either the rules lack an algorithm of the issuer, or someone tries to confuse the verifier."
        }
        Code::SignatureInvalid => "It was forged, changed or cut, or signed with another key.",
        Code::KidUnknown => "The keys given to the audit lack one, such as an older one, or it is forged.",
        Code::IssuerUnknown => "It is of an issuer whose keys were not given to the audit.",
        Code::KeyRevoked | Code::SubRevoked | Code::JtiRevoked => "It was withdrawn before it was used.",
        Code::KeyRetired => "The issuer had withdrawn the key; verifiers should no longer have known it.",
        Code::KeyNotYetValid => "The key was used before it was published.",
        Code::AudMismatch | Code::AudMissing | Code::AudUnexpected | Code::AudInvalid => {
            "It was made for another service."
        }
        Code::TimeUnknown => "The log does not say when it was used, or not so that it can be read.",
        Code::Expired => "A client kept it too long, or a verifier is too lenient.",
        Code::NotYetValid | Code::IssuedInFuture => "Clocks differ, or it was used too early.",
        _ => match code.stage() {
            Stage::Syntax => "The field holds something else, or a token that was cut or wrapped.",
            Stage::Header => "Its maker, or someone on the way, wrote a header that breaks the rules.",
            Stage::Claims => "It was made for another purpose, or its claims break the rules.",
            Stage::Limits => "It is larger than any that the rules allow.",
            _ => "The keys or the rules of the audit may be incomplete.",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_gravity_and_a_hint() {
        assert_eq!(of(Code::AlgNone), Gravity::High);
        assert_eq!(of(Code::KeyRetired), Gravity::Medium);
        assert_eq!(of(Code::Expired), Gravity::Low);
        assert_eq!(of(Code::TokenSegments), Gravity::Low);
        for code in Code::ALL {
            assert!(hint(*code).ends_with('.'), "{}", code.name());
        }
    }
}
