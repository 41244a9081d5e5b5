//! What the audit found, the gravest first.

use std::fmt::Write as _;

use jot::Code;

use super::gravity::{self, Gravity};
use super::html::{counted, escaped};
use super::samples;
use crate::audit::tally::Tally;

/// Something that was looked for.
struct Finding {
    gravity: Gravity,
    count: u64,
    noun: &'static str,
    title: &'static str,
    /// What it means, and what is to be done.
    meaning: &'static str,
    /// Where the page shows more.
    place: String,
}

/// Returns the list of findings, and the words for those that there are none of.
pub(super) fn section(tally: &Tally) -> String {
    let mut findings = all(tally);
    // Those of one gravity stay in their order.
    findings.sort_by_key(|finding| finding.gravity);
    let (found, absent): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.count > 0);
    let mut html = String::new();
    if found.is_empty() {
        html.push_str("<p class=\"nothing\">Nothing that was looked for was found.</p>");
    } else {
        html.push_str("<ol class=\"findings\">");
        for finding in &found {
            // Writing to a String cannot fail.
            let _ = write!(
                html,
                "<li class=\"finding {}\">{}<h3>{}</h3><p class=\"count\"><a href=\"#{}\">{}</a></p><p>{}</p></li>",
                finding.gravity.name(),
                finding.gravity.badge(),
                escaped(finding.title),
                finding.place,
                counted(finding.count, finding.noun),
                escaped(finding.meaning),
            );
        }
        html.push_str("</ol>");
    }
    if !absent.is_empty() {
        let titles: Vec<_> = absent.iter().map(|finding| escaped(finding.title)).collect();
        let _ = write!(html, "<p class=\"note\">Looked for and not found: {}.</p>", titles.join("; "));
    }
    html
}

/// Returns how many kinds of findings there are, by gravity.
pub(super) fn kinds(tally: &Tally) -> [(Gravity, usize); 3] {
    let findings = all(tally);
    Gravity::ALL.map(|gravity| {
        let found = findings.iter().filter(|finding| finding.gravity == gravity && finding.count > 0);
        (gravity, found.count())
    })
}

fn all(tally: &Tally) -> Vec<Finding> {
    let len = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let sum = |codes: &[Code]| codes.iter().fold(0, |sum: u64, code| sum.saturating_add(tally.code(*code)));
    let first = |codes: &[Code]| samples::place_of(tally, codes);
    let confused = [Code::AlgNone, Code::KeyNotForAlg, Code::AlgNotAllowed, Code::AlgUnknown];
    let times = [Code::KeyRetired, Code::KeyNotYetValid];
    let told = [
        Code::Expired,
        Code::KidUnknown,
        Code::SignatureInvalid,
        Code::KeyRetired,
        Code::KeyNotYetValid,
        Code::TimeUnknown,
        Code::TokenNull,
    ];
    let other = |gravity: Gravity| {
        let codes = Code::ALL.iter().copied().filter(|code| {
            *code != Code::Accepted
                && !told.contains(code)
                && !confused.contains(code)
                && gravity::of(*code) == gravity
        });
        codes.collect::<Vec<_>>()
    };
    let (grave, broken_rules, unlike) = (other(Gravity::High), other(Gravity::Medium), other(Gravity::Low));
    vec![
        Finding {
            gravity: Gravity::High,
            count: tally.statuses.accepted_invalid_total(),
            noun: "request",
            title: "answered with success although the token was not valid",
            meaning: "A service took a token that it should have rejected. Look at each service that answered so.",
            place: "answered".to_owned(),
        },
        Finding {
            gravity: Gravity::High,
            count: tally.totals.alg_confusion,
            noun: "use",
            title: "with the algorithm none, or an HMAC that the key does not allow",
            meaning: "Honest clients do not send these. Look at where they came from, and whether any was answered.",
            place: first(&confused),
        },
        Finding {
            gravity: Gravity::High,
            count: sum(&grave),
            noun: "use",
            title: "of a withdrawn token or key, or of an issuer without keys",
            meaning: "Such tokens must not be accepted; or the keys given to the audit are incomplete.",
            place: first(&grave),
        },
        Finding {
            gravity: Gravity::High,
            count: tally.coverage.broken,
            noun: "source",
            title: "not read to the end",
            meaning: "The audit does not say anything of what follows.",
            place: "sources".to_owned(),
        },
        Finding {
            gravity: Gravity::Medium,
            count: sum(&[Code::SignatureInvalid]),
            noun: "use",
            title: "with a signature that does not hold",
            meaning: "The token was forged, changed or cut by the log. Cut tokens are counted below as well.",
            place: first(&[Code::SignatureInvalid]),
        },
        Finding {
            gravity: Gravity::Medium,
            count: tally.code(Code::KidUnknown),
            noun: "use",
            title: "with a key name that no key has",
            meaning: "Either the audit lacks keys, such as older ones, or someone makes tokens of their own.",
            place: "kids".to_owned(),
        },
        Finding {
            gravity: Gravity::Medium,
            count: sum(&times),
            noun: "use",
            title: "with a key that was not in force",
            meaning: "The issuer had withdrawn the key, or not yet published it, when the token was used.",
            place: first(&times),
        },
        Finding {
            gravity: Gravity::Medium,
            count: sum(&broken_rules),
            noun: "use",
            title: "against the rules for headers, keys and claims",
            meaning: "Such as a wrong audience or issuer, or a missing scope: tokens for another purpose.",
            place: first(&broken_rules),
        },
        Finding {
            gravity: Gravity::Medium,
            count: len(tally.shared.len()),
            noun: "token",
            title: "used from several addresses",
            meaning: "Clients that move do this, and so do thieves. Look first at those with the most addresses.",
            place: "shared".to_owned(),
        },
        Finding {
            gravity: Gravity::Medium,
            count: tally.early.count,
            noun: "use",
            title: "from before the first snapshot of the keys",
            meaning: "Nobody knows which keys were in force then: these may have been valid.",
            place: first(&[
                Code::KeyNotYetValid,
                Code::KidUnknown,
                Code::SignatureInvalid,
                Code::KeyNotForAlg,
            ]),
        },
        Finding {
            gravity: Gravity::Medium,
            count: tally.code(Code::TimeUnknown),
            noun: "use",
            title: "of unknown time",
            meaning: "These meet every rule that needs no time; whether they were valid, nobody can say.",
            place: first(&[Code::TimeUnknown]),
        },
        Finding {
            gravity: Gravity::Low,
            count: tally.code(Code::Expired),
            noun: "use",
            title: "of an expired token",
            meaning: "Common and harmless if rejected; if answered with success, a verifier is too lenient.",
            place: first(&[Code::Expired]),
        },
        Finding {
            gravity: Gravity::Low,
            count: sum(&unlike),
            noun: "use",
            title: "of malformed, overlong, premature or overaged tokens",
            meaning: "Most often the field holds something else than a whole token, or clocks differ.",
            place: first(&unlike),
        },
        Finding {
            gravity: Gravity::Low,
            count: tally.totals.truncated,
            noun: "token",
            title: "looking cut",
            meaning: "A log field is too short for them: their signatures cannot be judged.",
            place: first(&[Code::SignatureInvalid, Code::SignatureEncoding, Code::TokenSegments]),
        },
        Finding {
            gravity: Gravity::Low,
            count: tally.unreadable.count,
            noun: "record",
            title: "unreadable",
            meaning: "The audit does not say anything of these.",
            place: "unreadable".to_owned(),
        },
        Finding {
            gravity: Gravity::Low,
            count: tally.coverage.counts.tokenless,
            noun: "record",
            title: "without a token",
            meaning: "Requests without a token, or with something else in its place, such as a redacted text.",
            place: "verdicts".to_owned(),
        },
    ]
}
