//! What would cure a refusal. The code says what is wrong; this says who can do what.

use jot::{Code, Stage};

/// Returns one or two sentences.
pub(super) fn of(code: Code) -> &'static str {
    match code {
        Code::Accepted => "Nothing is to be done.",
        Code::TokenEmpty | Code::TokenNull => "Paste the whole token: three parts with dots between them.",
        Code::TokenSegments => {
            "A JWT has two dots. It was cut when it was copied, or it is another kind of token, such as an opaque one."
        }
        Code::TokenJsonSerialization => "Ask the issuer for the Compact Serialization.",
        Code::TokenEncrypted => {
            "Whoever has the key decrypts it first; what is inside may be a JWT that can be verified."
        }
        Code::TokenWrapped => "Take away what stands around it: blanks, quotes, the word Bearer.",
        Code::TokenPadded => "The sender must leave out the = at the end of each part (RFC 7515 §2).",
        Code::HeaderEncoding | Code::PayloadEncoding | Code::SignatureEncoding => {
            "The part was changed on its way, or was written with + and / (plain base64). Copy it again, or have the sender use base64url."
        }
        Code::AlgNone => "Never accept it. The issuer must sign its tokens.",
        Code::AlgUnknown | Code::AlgMissing | Code::AlgInvalid => {
            "The issuer must sign with an algorithm of RFC 7518 or RFC 8037 and name it in alg."
        }
        Code::AlgNotAllowed => {
            "If the issuer is meant to sign with this algorithm, allow it. If not, somebody else may have made the token."
        }
        Code::TypMissing | Code::TypMismatch | Code::TypInvalid => {
            "It may be another kind of token, such as an ID Token where an access token belongs. Send the right one, or ask for the typ that the issuer writes."
        }
        Code::CritUnknown => {
            "The token demands an extension (RFC 7515 §4.1.11). Only a verifier that implements it may accept it."
        }
        Code::KidUnknown => {
            "Fetch the issuer's keys again: it may have changed them. If the kid is not there either, these are another issuer's keys, or the token is older than what the issuer still publishes."
        }
        Code::KeyNotForAlg => {
            "The keys are of another type or curve than the token's alg needs. Take the keys of the issuer that signed it."
        }
        Code::IssuerUnknown | Code::IssMismatch | Code::IssMissing => {
            "Compare the iss letter by letter with what you expect: the scheme, the port and a slash at the end count. If it is another issuer, this is not its verifier."
        }
        Code::SignatureInvalid => {
            "The token was changed after it was signed, or another key signed it. Compare the kid, take the keys from the issuer, and for an HMAC secret look whether it is meant as text or as base64."
        }
        Code::AudMissing | Code::AudMismatch | Code::AudUnexpected => {
            "The token is meant for somebody else. Ask the issuer for one with this audience, or expect the one that it has if it is yours."
        }
        Code::ExpMissing => {
            "The issuer must write an exp. A token without one is good for ever when it is stolen."
        }
        Code::Expired => {
            "Get a new token, for example with the refresh token. If it was issued just now, a clock is wrong, or exp is in another unit than seconds."
        }
        Code::NotYetValid | Code::IssuedInFuture => {
            "Wait, or set the clocks right. A leeway of up to a minute covers what remains between two clocks."
        }
        Code::TooOld => "Get a new token, or allow a greater age.",
        Code::ExpInvalid | Code::NbfInvalid | Code::IatInvalid => {
            "The issuer must write dates as numbers: seconds since 1970, not a text (RFC 7519 §2)."
        }
        Code::SidRevoked | Code::JtiRevoked | Code::SubRevoked | Code::StatusRevoked => {
            "It was taken back. Log in again."
        }
        Code::StatusSuspended => "It is suspended. Ask the issuer when that ends.",
        Code::KeyRevoked | Code::KeyRetired | Code::KeyNotYetValid => {
            "Get a new token, signed with a key that is in force."
        }
        Code::ScopeInsufficient => "Ask the issuer for a token with the scope that is missing.",
        Code::TokenTooLong | Code::HeaderTooLong => {
            "Have the issuer leave out what is not needed, or raise the limit if you trust who sends them."
        }
        _ => by_stage(code.stage()),
    }
}

/// What is to be done about the codes without a sentence of their own.
fn by_stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Syntax => {
            "Copy the token again as it was sent; if that does not help, its sender has to write it otherwise."
        }
        Stage::Header => "Only the issuer can write another header, because it is signed.",
        Stage::Key => {
            "The keys have to be other ones, or in another form. Take them from the issuer's JWK Set."
        }
        Stage::Claims => {
            "Only the issuer can write other claims, because they are signed. Compare them with the rules."
        }
        Stage::Limits => "The token is of a size or depth that no usual token has. Look at who makes it.",
        Stage::Caller => "The rules contradict each other. Change them.",
        _ => "Report it to the authors of libjot, with the code.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_cure() {
        for code in Code::ALL {
            let cure = of(*code);
            assert!(cure.len() > 20 && cure.ends_with('.'), "{code:?}: {cure}");
        }
    }
}
