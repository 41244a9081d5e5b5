//! Lines 18 to 22: crit, b64 and typ.

use serde_json::json;

use crate::cases::table::{Case, accepted, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = critical();
    cases.extend(absent());
    cases.extend(unencoded());
    cases.extend(typed());
    cases
}

/// A header with these members behind alg and kid.
fn head(members: &str) -> String {
    format!(r#"{{"alg":"EdDSA","kid":"ed25519",{members}}}"#)
}

fn understood(names: &[&str]) -> serde_json::Value {
    json!({ "understand_critical": names })
}

fn critical() -> Vec<Case> {
    let extension = r#""ext":1,"crit":["ext"]"#;
    let mut cases = vec![
        refused(18, "unknown-extension", "an extension that nobody understands", "crit_unknown")
            .headed(head(extension)),
        refused(18, "unknown-url", "also when it has the name of a URL", "crit_unknown")
            .headed(head(r#""https://example.com/ext":true,"crit":["https://example.com/ext"]"#)),
        refused(18, "claim-name", "the names of claims are no extensions", "crit_unknown")
            .headed(head(r#""exp":1800003600,"crit":["exp"]"#)),
        refused(18, "known-and-unknown", "every name must be understood", "crit_unknown")
            .headed(head(r#""ext":1,"two":2,"crit":["ext","two"]"#))
            .policy(understood(&["ext"])),
        refused(18, "other-casing", "names are compared exactly", "crit_unknown")
            .headed(head(r#""Ext":1,"crit":["Ext"]"#))
            .policy(understood(&["ext"])),
        accepted(18, "understood-extension", "the caller understands it")
            .headed(head(extension))
            .policy(understood(&["ext"])),
        accepted(18, "unknown-but-not-critical", "what is not in crit is passed over")
            .headed(head(r#""ext":1"#)),
        refused(19, "repeated", "a name stands once", "crit_repeated")
            .headed(head(r#""ext":1,"crit":["ext","ext"]"#))
            .policy(understood(&["ext"])),
        refused(19, "repeated-by-escape", "however it is written", "crit_repeated")
            .headed(head(r#""ext":1,"crit":["ext","\u0065xt"]"#))
            .policy(understood(&["ext"])),
    ];
    for (slug, crit) in [
        ("empty", "[]"),
        ("string", r#""b64""#),
        ("object", r#"{"b64":true}"#),
        ("null", "null"),
        ("boolean", "false"),
        ("number-inside", "[1]"),
        ("null-inside", "[null]"),
        ("nested", r#"[["b64"]]"#),
    ] {
        let case = refused(19, slug, "crit is a non-empty array of strings", "crit_invalid");
        cases.push(case.headed(head(&format!(r#""b64":true,"crit":{crit}"#))));
    }
    for name in [
        "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip",
        "epk", "apu", "apv", "iv", "tag", "p2s", "p2c",
    ] {
        let slug = format!("registered-{}", name.replace('#', "-"));
        let case = refused(19, &slug, "a registered parameter is not critical", "crit_registered");
        // Being understood does not excuse it.
        cases.push(case.headed(head(&format!(r#""crit":["{name}"]"#))).policy(understood(&[name])));
    }
    cases
}

fn absent() -> Vec<Case> {
    vec![
        refused(20, "extension-absent", "crit names what is in the header", "crit_absent")
            .headed(head(r#""crit":["ext"]"#))
            .policy(understood(&["ext"])),
        refused(20, "b64-absent", "b64 included", "crit_absent").headed(head(r#""crit":["b64"]"#)),
        refused(20, "extension-in-nested-object", "in the header itself", "crit_absent")
            .headed(head(r#""x":{"ext":1},"crit":["ext"]"#))
            .policy(understood(&["ext"])),
    ]
}

fn unencoded() -> Vec<Case> {
    vec![
        refused(21, "b64-false-without-crit", "b64 false must be critical", "b64_not_critical")
            .headed(head(r#""b64":false"#)),
        refused(21, "b64-false-with-other-crit", "by its own name", "b64_not_critical")
            .headed(head(r#""b64":false,"ext":1,"crit":["ext"]"#))
            .policy(understood(&["ext"])),
        refused(21, "b64-false-in-jwt", "a JWT is always encoded", "b64_in_jwt")
            .headed(head(r#""b64":false,"crit":["b64"]"#)),
        refused(21, "b64-string", "b64 is a boolean", "b64_invalid")
            .headed(head(r#""b64":"false","crit":["b64"]"#)),
        refused(21, "b64-null", "and not null", "b64_invalid").headed(head(r#""b64":null,"crit":["b64"]"#)),
        refused(21, "b64-zero", "nor a number", "b64_invalid").headed(head(r#""b64":0"#)),
        accepted(21, "b64-true", "true changes nothing").headed(head(r#""b64":true,"crit":["b64"]"#)),
        accepted(21, "b64-true-without-crit", "nor does it where nobody has to understand it")
            .headed(head(r#""b64":true"#)),
    ]
}

fn typed() -> Vec<Case> {
    let wanted = || json!({"typs": ["at+jwt"]});
    let mut cases = vec![
        refused(22, "missing", "the policy demands a typ", "typ_missing").policy(wanted()),
        accepted(22, "not-demanded", "any typ will do where none is demanded").headed(head(r#""typ":"x/y""#)),
    ];
    for typ in
        ["JWT", "", "at+jwt ", "at jwt", "at+jwt+x", "application/", "text/at+jwt", "application/x/at+jwt"]
    {
        let slug = if typ.is_empty() { "empty".to_owned() } else { typ.replace([' ', '/', '+'], "-") };
        let case = refused(22, &format!("mismatch-{slug}"), "another typ", "typ_mismatch").policy(wanted());
        cases.push(case.headed(head(&format!(r#""typ":"{typ}""#))));
    }
    cases.push(
        refused(22, "mismatch-application-before-a-slash", "left out only before a name", "typ_mismatch")
            .policy(json!({"typs": ["x/at+jwt"]}))
            .headed(head(r#""typ":"application/x/at+jwt""#)),
    );
    for typ in ["at+jwt", "application/JWT"] {
        let slug = typ.replace(['/', '+'], "-");
        let case = accepted(22, &format!("one-of-several-{slug}"), "one of them will do");
        let case = case.policy(json!({"typs": ["JWT", "at+jwt"]}));
        cases.push(case.headed(head(&format!(r#""typ":"{typ}""#))));
    }
    cases.push(
        refused(22, "none-of-several", "one of them is demanded", "typ_mismatch")
            .policy(json!({"typs": ["JWT", "at+jwt"]}))
            .headed(head(r#""typ":"dpop+jwt""#)),
    );
    cases.push(
        refused(22, "missing-of-several", "one of them is demanded", "typ_missing")
            .policy(json!({"typs": ["JWT", "at+jwt"]})),
    );
    cases.push(
        refused(22, "mismatch-application-twice", "the prefix is left out once", "typ_mismatch")
            .policy(wanted())
            .headed(head(r#""typ":"application/application/at+jwt""#)),
    );
    for (slug, typ, wanted) in [
        ("exact", "at+jwt", "at+jwt"),
        ("with-application", "application/at+jwt", "at+jwt"),
        ("without-application", "at+jwt", "application/at+jwt"),
        ("other-casing", "Application/AT+JWT", "at+jwt"),
        ("with-slash", "text/x", "TEXT/x"),
    ] {
        let case =
            accepted(22, &format!("match-{slug}"), "the same media type").policy(json!({ "typs": [wanted] }));
        cases.push(case.headed(head(&format!(r#""typ":"{typ}""#))));
    }
    for (slug, typ) in [("number", "1"), ("null", "null"), ("array", r#"["at+jwt"]"#)] {
        let case = refused(22, slug, "typ is a string, demanded or not", "typ_invalid");
        cases.push(case.headed(head(&format!(r#""typ":{typ}"#))));
    }
    cases
}
