//! Lines 53 to 56: exp, nbf, iat, leeway and age.

use serde_json::json;

use crate::cases::forge::{NOW, claims, claims_raw};
use crate::cases::table::{Case, accepted, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = types();
    cases.extend(extremes());
    cases.extend(expiry());
    cases.extend(beginning());
    cases.extend(age());
    cases
}

fn types() -> Vec<Case> {
    let mut cases = Vec::new();
    for name in ["exp", "nbf", "iat"] {
        for (slug, value) in [
            ("string", r#""1799999999""#),
            ("date-string", r#""2027-01-15T08:00:00Z""#),
            ("null", "null"),
            ("array", "[1799999999]"),
            ("object", "{}"),
            ("true", "true"),
            ("false", "false"),
            ("empty-string", r#""""#),
        ] {
            let code = format!("{name}_invalid");
            let case = refused(53, &format!("{name}-{slug}"), "a date is a number", &code).claim(name);
            cases.push(case.paid(claims_raw(name, value)));
        }
    }
    cases.extend([
        refused(53, "exp-null-although-optional", "a date that is there is a number", "exp_invalid")
            .claim("exp")
            .paid(claims_raw("exp", "null"))
            .policy(json!({"allow_missing_exp": true})),
        refused(53, "exp-string-although-optional", "a date that is there is a number", "exp_invalid")
            .claim("exp")
            .paid(claims_raw("exp", r#""1800003600""#))
            .policy(json!({"allow_missing_exp": true})),
        refused(53, "exp-missing", "a token without end", "exp_missing")
            .claim("exp")
            .paid(claims(json!({"exp": null}))),
        accepted(53, "exp-missing-allowed", "only when asked for")
            .paid(claims(json!({"exp": null})))
            .policy(json!({"allow_missing_exp": true})),
    ]);
    cases
}

fn extremes() -> Vec<Case> {
    let mut cases = Vec::new();
    for (slug, value) in [("zero", "0"), ("negative", "-1"), ("far-back", "-1e300"), ("past-i64", "-9.3e18")]
    {
        let case = refused(54, &format!("exp-{slug}"), "long past", "expired").claim("exp");
        cases.push(case.paid(claims_raw("exp", value)));
        cases.push(accepted(54, &format!("nbf-{slug}"), "long since").paid(claims_raw("nbf", value)));
        cases.push(accepted(54, &format!("iat-{slug}"), "long since").paid(claims_raw("iat", value)));
    }
    for (slug, value) in [("past-i64", "9223372036854775808"), ("far-ahead", "1e300")] {
        cases.push(accepted(54, &format!("exp-ahead-{slug}"), "not yet").paid(claims_raw("exp", value)));
        let case =
            refused(54, &format!("nbf-ahead-{slug}"), "never in our time", "not_yet_valid").claim("nbf");
        cases.push(case.paid(claims_raw("nbf", value)));
        let case =
            refused(54, &format!("iat-ahead-{slug}"), "never in our time", "issued_in_future").claim("iat");
        cases.push(case.paid(claims_raw("iat", value)));
    }
    cases
}

/// Refused at or after `exp` plus leeway, accepted before.
fn expiry() -> Vec<Case> {
    let mut cases = Vec::new();
    let leeway = json!({"leeway": 10});
    for (slug, exp, leeway, live) in [
        ("at-now", "1800000000", json!({}), false),
        ("a-second-later", "1800000001", json!({}), true),
        ("a-second-earlier", "1799999999", json!({}), false),
        ("half-a-second-later", "1800000000.5", json!({}), true),
        ("half-a-second-earlier", "1799999999.5", json!({}), false),
        ("at-the-leeway", "1799999990", leeway.clone(), false),
        ("within-the-leeway", "1799999991", leeway.clone(), true),
        ("half-a-second-within-the-leeway", "1799999990.5", leeway.clone(), true),
        ("past-the-leeway", "1799999989", leeway.clone(), false),
        ("at-now-with-leeway", "1800000000", leeway, true),
    ] {
        let slug = format!("exp-{slug}");
        let case = if live {
            accepted(55, &slug, "now lies before exp and leeway")
        } else {
            refused(55, &slug, "now lies at or after exp and leeway", "expired").claim("exp")
        };
        cases.push(case.paid(claims_raw("exp", exp)).policy(leeway));
    }
    let all = json!({"leeway": u32::MAX});
    let end = || json!({"iat": null, "nbf": null, "exp": i64::MAX});
    cases.extend([
        accepted(55, "now-before-the-end-of-time", "nothing overflows").paid(claims(end())).at(i64::MAX - 1),
        accepted(55, "now-before-the-end-of-time-with-leeway", "nothing overflows")
            .paid(claims(end()))
            .at(i64::MAX - 1)
            .policy(all.clone()),
        refused(55, "now-at-the-end-of-time", "nothing overflows", "expired")
            .claim("exp")
            .paid(claims(end()))
            .at(i64::MAX),
        refused(
            55,
            "now-at-the-end-of-time-with-leeway",
            "a sum past the range is held at its end",
            "expired",
        )
        .claim("exp")
        .paid(claims(end()))
        .at(i64::MAX)
        .policy(all.clone()),
        refused(55, "exp-of-old-at-the-end-of-time", "nothing overflows", "expired")
            .claim("exp")
            .at(i64::MAX)
            .policy(all.clone()),
        refused(55, "nbf-at-the-beginning-of-time", "nothing overflows", "not_yet_valid")
            .claim("nbf")
            .paid(claims(json!({"iat": null})))
            .at(i64::MIN)
            .policy(all.clone()),
        accepted(55, "all-dates-at-the-beginning-of-time", "nothing overflows")
            .paid(claims(json!({"iat": i64::MIN, "nbf": i64::MIN, "exp": i64::MIN + 1})))
            .at(i64::MIN),
        refused(55, "exp-at-the-beginning-of-time", "nothing overflows", "expired")
            .claim("exp")
            .paid(claims(json!({"iat": i64::MIN, "nbf": i64::MIN, "exp": i64::MIN})))
            .at(i64::MIN),
        accepted(55, "largest-leeway", "136 years").paid(r#"{"exp":0}"#).policy(all).at(4_294_967_294),
    ]);
    cases
}

/// Refused while `now` and leeway lie before `nbf`.
fn beginning() -> Vec<Case> {
    let leeway = json!({"leeway": 10});
    let mut cases = Vec::new();
    for (name, code) in [("nbf", "not_yet_valid"), ("iat", "issued_in_future")] {
        for (slug, date, leeway, begun) in [
            ("at-now", "1800000000", json!({}), true),
            ("a-second-later", "1800000001", json!({}), false),
            ("half-a-second-later", "1800000000.5", json!({}), false),
            ("half-a-second-earlier", "1799999999.5", json!({}), true),
            ("at-the-leeway", "1800000010", leeway.clone(), true),
            ("past-the-leeway", "1800000011", leeway.clone(), false),
            ("half-a-second-past-the-leeway", "1800000010.5", leeway.clone(), false),
        ] {
            let line = if name == "nbf" { 55 } else { 56 };
            let slug = format!("{name}-{slug}");
            let case = if begun {
                accepted(line, &slug, "now and leeway lie at or after it")
            } else {
                refused(line, &slug, "now and leeway lie before it", code).claim(name)
            };
            cases.push(case.paid(claims_raw(name, date)).policy(leeway));
        }
    }
    cases
}

fn age() -> Vec<Case> {
    let mut cases = vec![
        refused(56, "max-age-without-iat", "no age without iat", "iat_missing")
            .claim("iat")
            .paid(claims(json!({"iat": null})))
            .policy(json!({"max_age": 60})),
        refused(56, "max-age-with-iat-in-the-future", "no age below nothing", "issued_in_future")
            .claim("iat")
            .paid(claims(json!({"iat": NOW + 1})))
            .policy(json!({"max_age": 60})),
        accepted(56, "iat-in-the-future-allowed", "the policy lets it pass")
            .paid(claims(json!({"iat": NOW + 1000})))
            .policy(json!({"allow_future_iat": true})),
        refused(56, "too-old-where-the-future-is-allowed", "the age counts all the same", "too_old")
            .claim("iat")
            .paid(claims(json!({"iat": NOW - 61})))
            .policy(json!({"allow_future_iat": true, "max_age": 60})),
        refused(56, "iat-text-where-the-future-is-allowed", "a date all the same", "iat_invalid")
            .claim("iat")
            .paid(claims(json!({"iat": "x"})))
            .policy(json!({"allow_future_iat": true})),
        accepted(56, "without-iat", "nobody asks for iat").paid(claims(json!({"iat": null}))),
    ];
    for (slug, iat, max_age, leeway, young) in [
        ("at-the-age", "1799999940", 60, 0, true),
        ("past-the-age", "1799999939", 60, 0, false),
        ("half-a-second-past-the-age", "1799999939.5", 60, 0, false),
        ("half-a-second-within-the-age", "1799999940.5", 60, 0, true),
        ("at-the-age-with-leeway", "1799999930", 60, 10, true),
        ("past-the-age-with-leeway", "1799999929", 60, 10, false),
        ("age-of-zero", "1800000000", 0, 0, true),
        ("past-an-age-of-zero", "1799999999", 0, 0, false),
        ("largest-age", "0", u32::MAX, 0, true),
        ("negative-iat", "-9223372036854775808", u32::MAX, u32::MAX, false),
    ] {
        let case = if young {
            accepted(56, slug, "issued within the age and leeway")
        } else {
            refused(56, slug, "issued before the age and leeway", "too_old").claim("iat")
        };
        let policy = json!({"max_age": max_age, "leeway": leeway});
        cases.push(case.paid(claims_raw("iat", iat)).policy(policy));
    }
    cases
}
