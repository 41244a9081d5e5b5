//! Conditions on claims, in their notation: each test, what meets it, what does
//! not, what it is not for, and the same under a `not`.

use serde_json::json;

use crate::cases::forge::claims_raw;
use crate::cases::table::{Case, refused};

/// The claim `x` that a condition is asked of: what meets it, what does not, and
/// what is of a type that neither the test nor its contrary is for.
struct Test {
    slug: &'static str,
    /// What follows the name of the claim.
    test: &'static str,
    met: &'static [&'static str],
    unmet: &'static [&'static str],
    unfit: &'static [&'static str],
}

const NO_NUMBERS: &[&str] = &[r#""100""#, "true", "[100]", "{}"];
const NO_STRINGS: &[&str] = &["1", "true", r#"["svc-a"]"#, "{}"];
const NO_ARRAYS: &[&str] = &[r#""admin""#, "1", "true", r#"{"admin":true}"#];

const TESTS: &[Test] = &[
    Test {
        slug: "equals-string",
        test: "equals ab",
        met: &[r#""ab""#, r#""a\u0062""#],
        unmet: &[r#""AB""#, r#""abc""#, r#""a""#, r#""""#, r#"["ab"]"#, "true", "1", "{}"],
        unfit: &[],
    },
    Test {
        slug: "equals-quoted",
        test: r#"equals "100""#,
        met: &[r#""100""#],
        unmet: &["100", r#""\"100\"""#],
        unfit: &[],
    },
    Test {
        slug: "equals-spaces",
        test: r#"equals "a \"b\" \u00e9""#,
        met: &[r#""a \"b\" é""#],
        unmet: &[r#""a""#],
        unfit: &[],
    },
    Test {
        slug: "equals-number",
        test: "equals 100",
        met: &["100", "1e2", "100.0", "1.00E+2", "1000e-1"],
        unmet: &[r#""100""#, "101", "100.5", "1e400", "-100", "true", "[100]", "{}"],
        unfit: &[],
    },
    Test {
        slug: "equals-number-written-otherwise",
        test: "equals 1e2",
        met: &["100", "1e2"],
        unmet: &["1e3", r#""1e2""#],
        unfit: &[],
    },
    Test {
        slug: "equals-large-integer",
        test: "equals 9007199254740993",
        met: &["9007199254740993", "9007199254740993.0", "9.007199254740993e15"],
        unmet: &["9007199254740992", "9007199254740992.0", "9007199254740994", "9.007199254740992e15"],
        unfit: &[],
    },
    Test {
        slug: "equals-integer-of-64-bits",
        test: "equals 18446744073709551615",
        met: &["18446744073709551615"],
        unmet: &["18446744073709551614", "18446744073709551616", "18446744073709551615.1", "-1"],
        unfit: &[],
    },
    Test {
        slug: "equals-fraction",
        test: "equals 0.5",
        met: &["0.5", "5e-1", "0.50"],
        unmet: &["0.25", "0.500000000000000000001", "1e400", "0"],
        unfit: &[],
    },
    Test {
        slug: "equals-zero",
        test: "equals 0",
        met: &["0", "-0", "0.0", "0e99999999999999999999"],
        unmet: &["1e-400", "false", r#""0""#],
        unfit: &[],
    },
    Test {
        slug: "equals-true",
        test: "equals true",
        met: &["true"],
        unmet: &["false", "1", r#""true""#, "[true]"],
        unfit: &[],
    },
    Test { slug: "equals-false", test: "equals false", met: &["false"], unmet: &["true", "0"], unfit: &[] },
    Test {
        slug: "equals-empty",
        test: r#"equals """#,
        met: &[r#""""#],
        unmet: &[r#"" ""#, "false", "[]"],
        unfit: &[],
    },
    Test {
        slug: "equals-slash-and-tilde",
        test: "equals /a~1",
        met: &[r#""/a~1""#],
        unmet: &[r#""/a/""#],
        unfit: &[],
    },
    Test {
        slug: "any-of",
        test: "any_of gold silver 3 true",
        met: &[r#""gold""#, r#""silver""#, "3", "3.0", "true"],
        unmet: &[r#""tin""#, r#""Gold""#, r#""3""#, "4", "false", r#"["gold"]"#, r#""gold silver""#, "{}"],
        unfit: &[],
    },
    Test {
        slug: "contains",
        test: "contains admin",
        met: &[r#"["admin"]"#, r#"["user","a\u0064min"]"#],
        unmet: &[r#"["administrator"]"#, r#"[["admin"]]"#, r#"[{"admin":true}]"#, "[]", "[1,null]"],
        unfit: NO_ARRAYS,
    },
    Test {
        slug: "contains-one-of",
        test: "contains admin 7 true",
        met: &[r#"["a","admin"]"#, "[7.0]", "[1,true]"],
        unmet: &[r#"["7"]"#, "[8,false]", "[]"],
        unfit: NO_ARRAYS,
    },
    Test {
        slug: "prefix",
        test: "prefix svc-",
        met: &[r#""svc-""#, r#""svc-a""#, r#""s\u0076c-a""#],
        unmet: &[r#""svc""#, r#""SVC-a""#, r#"" svc-a""#, r#""""#],
        unfit: NO_STRINGS,
    },
    Test {
        slug: "prefix-digits",
        test: "prefix 1",
        met: &[r#""12""#],
        unmet: &[r#""21""#],
        unfit: &["1", "12"],
    },
    Test {
        slug: "regex",
        test: r"regex svc-[a-z]+\d",
        met: &[r#""svc-a1""#, r#""svc-ab9""#],
        unmet: &[
            r#""svc-a1x""#,
            r#""xsvc-a1""#,
            r#""svc-a1\n""#,
            r#""\nsvc-a1""#,
            r#""svc-a\u0661""#,
            r#""svc-A1""#,
            r#""""#,
        ],
        unfit: NO_STRINGS,
    },
    Test {
        slug: "regex-anchored-for-each-choice",
        test: "regex a|b",
        met: &[r#""a""#, r#""b""#],
        unmet: &[r#""ab""#, r#""ax""#, r#""xb""#],
        unfit: &[],
    },
    Test {
        slug: "regex-anchored-for-every-line",
        test: "regex (?m)^a$",
        met: &[r#""a""#],
        unmet: &[r#""a\nb""#, r#""b\na""#, r#""a\n""#],
        unfit: &[],
    },
    Test {
        slug: "regex-without-case",
        test: r#"regex "(?i)a b""#,
        met: &[r#""a b""#, r#""A B""#],
        unmet: &[r#""a  b""#],
        unfit: &[],
    },
    Test {
        slug: "regex-of-digits",
        test: "regex 1+",
        met: &[r#""11""#],
        unmet: &[r#""12""#],
        unfit: &["11"],
    },
    Test {
        slug: "ge",
        test: "ge 100",
        met: &["100", "1e2", "100.5", "1e400", "9007199254740993"],
        unmet: &["99", "99.999999999999999999", "-100", "0", "1e-400"],
        unfit: NO_NUMBERS,
    },
    Test {
        slug: "gt",
        test: "gt 100",
        met: &["101", "100.0000000000000000001"],
        unmet: &["100", "1e2", "99"],
        unfit: NO_NUMBERS,
    },
    Test {
        slug: "le",
        test: "le 1e2",
        met: &["100", "99.9", "-1e400"],
        unmet: &["101", "100.0000000000000000001", "1e3"],
        unfit: NO_NUMBERS,
    },
    Test {
        slug: "lt",
        test: "lt 1.5e1",
        met: &["14", "14.9999999999999999999", "1.4e1", "-15"],
        unmet: &["15", "1.5e1", "15.5", "1e2"],
        unfit: NO_NUMBERS,
    },
    Test {
        slug: "gt-large-integer",
        test: "gt 9007199254740992",
        met: &["9007199254740993", "9007199254740992.5", "9.007199254740993e15"],
        unmet: &["9007199254740992", "9007199254740991", "9007199254740992.0"],
        unfit: &[],
    },
    Test {
        slug: "lt-negative",
        test: "lt -0.5",
        met: &["-0.50000000000000000001", "-1", "-1e400"],
        unmet: &["-0.5", "-0.25", "0", "1"],
        unfit: &[],
    },
];

fn row(slug: &str, condition: &str, code: &str, claim: &str) -> Case {
    let case = refused(0, slug, "a condition on a claim", code);
    let case = if code == "accepted" { case } else { case.claim(claim) };
    case.policy(json!({"claims": [condition]}))
}

fn rows_of(test: &Test, cases: &mut Vec<Case>) {
    let outcomes = [("met", test.met), ("unmet", test.unmet), ("unfit", test.unfit)];
    for (word, is_met, is_unmet) in
        [("", "accepted", "claim_mismatch"), ("not ", "claim_mismatch", "accepted")]
    {
        let condition = format!("x {word}{}", test.test);
        let slug =
            |kind: &str| format!("condition-{}{}-{kind}", word.trim().replace("not", "not-"), test.slug);
        for (kind, values) in outcomes {
            let code = match kind {
                "met" => is_met,
                "unmet" => is_unmet,
                _ => "claim_mismatch",
            };
            for (at, value) in values.iter().enumerate() {
                let case = row(&slug(&format!("{kind}-{at}")), &condition, code, "x");
                cases.push(case.paid(claims_raw("x", value)));
            }
        }
        for (kind, name, value) in [("absent", "y", "1"), ("null", "x", "null")] {
            let case = row(&slug(kind), &condition, "claim_missing", "x");
            cases.push(case.paid(claims_raw(name, value)));
        }
    }
}

fn present() -> Vec<Case> {
    let mut cases = Vec::new();
    let values = ["1", "0", "false", r#""""#, "[]", "{}", "null"];
    for (at, value) in values.into_iter().enumerate() {
        let (plain, negated) =
            if value == "null" { ("claim_missing", "accepted") } else { ("accepted", "claim_mismatch") };
        for (word, code) in [("present", plain), ("not present", negated)] {
            let slug = format!("condition-{}-{at}", word.replace(' ', "-"));
            cases.push(row(&slug, &format!("x {word}"), code, "x").paid(claims_raw("x", value)));
        }
    }
    cases.push(row("condition-present-absent", "x present", "claim_missing", "x"));
    cases.push(row("condition-not-present-absent", "x not present", "accepted", "x"));
    cases
}

/// A condition, the claim that is there, its JSON, the code, and the claim that the
/// refusal names.
const PATHS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("nested", "/x/y/z equals 1", "x", r#"{"y":{"z":1}}"#, "accepted", ""),
    ("nested-mismatch", "/x/y/z equals 1", "x", r#"{"y":{"z":2}}"#, "claim_mismatch", "z"),
    ("nested-absent", "/x/z equals 1", "x", r#"{"y":1}"#, "claim_missing", "z"),
    ("nested-absent-negated", "/x/z not equals 1", "x", r#"{"y":1}"#, "claim_missing", "z"),
    ("nested-not-present", "/x/z not present", "x", r#"{"y":1}"#, "accepted", ""),
    ("through-a-number", "/x/y equals 1", "x", "1", "claim_missing", "y"),
    ("through-an-array", "/x/y equals 1", "x", r#"[{"y":1}]"#, "claim_missing", "y"),
    ("index-into-an-array", "/x/0 equals 1", "x", "[1]", "claim_missing", "0"),
    ("index-that-is-a-name", "/x/0 equals 1", "x", r#"{"0":1}"#, "accepted", ""),
    ("dots-are-no-path", "x.y equals 1", "x", r#"{"y":1}"#, "claim_missing", "x.y"),
    ("dotted-name", "x.y equals 1", "x.y", "1", "accepted", ""),
    ("dotted-name-is-no-path", "/x/y equals 1", "x.y", "1", "claim_missing", "y"),
    ("url", "https://a.example/role equals 1", "https://a.example/role", "1", "accepted", ""),
    ("slash-in-a-name", "/a~1b equals 1", "a/b", "1", "accepted", ""),
    ("slash-in-a-name-is-no-path", "/a~1b equals 1", "a", r#"{"b":1}"#, "claim_missing", "a/b"),
    ("tilde-in-a-name", "/a~0b/~01 equals 1", "a~b", r#"{"~1":1}"#, "accepted", ""),
    ("tilde-outside-of-a-pointer", "a~1b equals 1", "a~1b", "1", "accepted", ""),
    ("slash-first", "/~1x equals 1", "/x", "1", "accepted", ""),
    ("empty-name", "/x/ equals 1", "x", r#"{"":1}"#, "accepted", ""),
    ("quoted-name", r#""x y" equals 1"#, "x y", "1", "accepted", ""),
    ("quoted-pointer", r#""/x y/z" equals 1"#, "x y", r#"{"z":1}"#, "accepted", ""),
    ("name-of-a-test", "not equals 1", "not", "1", "accepted", ""),
    ("name-of-a-test-negated", "not not equals 1", "not", "2", "accepted", ""),
    ("many-spaces", "  x   any_of  1   2  ", "x", "2", "accepted", ""),
    ("registered-claim", "sub prefix al", "x", "1", "accepted", ""),
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = present();
    for test in TESTS {
        rows_of(test, &mut cases);
    }
    for (slug, condition, name, value, code, claim) in PATHS {
        let case = row(&format!("condition-path-{slug}"), condition, code, claim);
        cases.push(case.paid(claims_raw(name, value)));
    }
    cases.push(
        refused(
            0,
            "condition-first-that-fails",
            "the first condition that fails gives the code",
            "claim_mismatch",
        )
        .claim("x")
        .policy(json!({"claims": ["sub present", "x equals 1", "y present"]}))
        .paid(claims_raw("x", "2")),
    );
    cases
}
