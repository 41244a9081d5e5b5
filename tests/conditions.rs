//! Conditions on claims beside the shared table: the notation and what is wrong with
//! it, the constructors, texts without a type, and scopes by the same door.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod common;

use common::{lenient, secret_keys, sign};
use jot::{Alg, ClaimPath, Code, Condition, Error, Operand, Rejection, Scratch, UnixSeconds};

/// Asks something of the claims of a verified token.
fn ask<T>(claims: &str, question: impl FnOnce(&jot::Claims<'_>) -> T) -> T {
    let token = sign(r#"{"alg":"HS256"}"#, claims.as_bytes());
    let verifier = lenient(secret_keys(), [Alg::HS256]);
    let mut scratch = Scratch::new();
    question(&verifier.verify(&token, UnixSeconds(0), &mut scratch).unwrap().claims())
}

/// The code that a condition on `x` gives for this value.
fn code(condition: &Condition, value: &str) -> Code {
    let checked = ask(&format!(r#"{{"x":{value}}}"#), |claims| condition.check(claims));
    if let Err(rejection) = checked {
        assert!(rejection.signature_ok() && rejection.claim() == Some("x"), "{rejection}");
    }
    checked.err().map_or(Code::Accepted, |rejection| rejection.code())
}

#[test]
fn notation_says_what_the_constructors_say() {
    let path = ["realm", "tier"];
    for (notation, made) in [
        ("x present", Condition::present("x")),
        ("x not present", Condition::present("x").not()),
        ("x equals gold", Condition::equals("x", "gold")),
        ("x equals 42", Condition::equals("x", 42)),
        (r#"x equals "42""#, Condition::equals("x", "42")),
        ("x equals true", Condition::equals("x", true)),
        (r#"x equals "true""#, Condition::equals("x", "true")),
        ("x equals 18446744073709551615", Condition::equals("x", u64::MAX)),
        ("x equals 042", Condition::equals("x", "042")),
        ("x equals TRUE", Condition::equals("x", "TRUE")),
        (r#"x equals a"b"#, Condition::equals("x", "a\"b")),
        (r#"x equals "null""#, Condition::equals("x", "null")),
        ("/realm/tier any_of gold silver", Condition::any_of(path, ["gold", "silver"])),
        (r#"/realm/tier any_of "a b"  "c\u0064""#, Condition::any_of(path, ["a b", "cd"])),
        ("x contains admin", Condition::contains("x", "admin")),
        ("x not contains a b", Condition::contains_any("x", ["a", "b"]).not()),
        ("x prefix svc-", Condition::prefix("x", "svc-")),
        ("x prefix 12", Condition::prefix("x", "12")),
        ("x ge 3", Condition::ge("x", 3)),
        ("x gt 3", Condition::gt("x", 3)),
        ("x le 3", Condition::le("x", 3)),
        ("x not lt -3", Condition::lt("x", -3).not()),
    ] {
        assert_eq!(Condition::parse(notation), Ok(made.clone()), "{notation}");
        assert_eq!(notation.parse(), Ok(made), "{notation}");
    }
    assert_ne!(Condition::present("x"), Condition::present("x").not());
    assert_eq!(Condition::present("x"), Condition::present("x").not().not());
}

#[test]
fn words_may_hold_spaces_and_say_the_same() {
    let made = |words: &[&str]| Condition::from_words("x", words);
    assert_eq!(made(&["any_of", "a b", "7"]), Condition::parse(r#"x any_of "a b" 7"#));
    assert_eq!(made(&["not", "equals", r#""7""#]), Condition::parse(r#"x not equals "7""#));
    assert_eq!(made(&["equals", ""]), Ok(Condition::equals("x", "")));
    let nested = Condition::from_words(ClaimPath::parse("/a/b").unwrap(), &["present"]);
    assert_eq!(nested, Ok(Condition::present(["a", "b"])));
}

#[test]
fn condition_that_makes_no_sense_is_explained() {
    for (notation, code, word, offset) in [
        ("", Code::ConditionName, None, None),
        ("   ", Code::ConditionName, None, None),
        (r#""" present"#, Code::ConditionName, Some(r#""""#), Some(0)),
        (" /a~2 present", Code::ConditionName, Some("/a~2"), Some(1)),
        ("x", Code::ConditionTest, None, None),
        ("x not", Code::ConditionTest, None, None),
        ("x is gold", Code::ConditionTest, Some("is"), Some(2)),
        ("x not not present", Code::ConditionTest, Some("not"), Some(6)),
        ("x EQUALS gold", Code::ConditionTest, Some("EQUALS"), Some(2)),
        ("x=gold", Code::ConditionTest, None, None),
        ("x \"equals\" 1", Code::ConditionTest, Some("\"equals\""), Some(2)),
        ("x present 1", Code::ConditionOperands, Some("present"), Some(2)),
        ("x equals", Code::ConditionOperands, Some("equals"), Some(2)),
        ("x equals a b", Code::ConditionOperands, Some("equals"), Some(2)),
        ("x not any_of", Code::ConditionOperands, Some("any_of"), Some(6)),
        ("x contains", Code::ConditionOperands, Some("contains"), Some(2)),
        ("x prefix a b", Code::ConditionOperands, Some("prefix"), Some(2)),
        ("x regex", Code::ConditionOperands, Some("regex"), Some(2)),
        ("x ge", Code::ConditionOperands, Some("ge"), Some(2)),
        ("x lt 1 2", Code::ConditionOperands, Some("lt"), Some(2)),
        ("x ge high", Code::ConditionOperand, Some("high"), Some(5)),
        (r#"x gt "1""#, Code::ConditionOperand, Some(r#""1""#), Some(5)),
        ("x le true", Code::ConditionOperand, Some("true"), Some(5)),
        ("x lt +1", Code::ConditionOperand, Some("+1"), Some(5)),
        ("x lt NaN", Code::ConditionOperand, Some("NaN"), Some(5)),
        ("x lt 1e1000000000", Code::ConditionOperand, Some("1e1000000000"), Some(5)),
        (r#"x prefix """#, Code::ConditionOperand, Some(r#""""#), Some(9)),
        ("x equals null", Code::ConditionOperand, Some("null"), Some(9)),
        (r#"x any_of a ["a"]"#, Code::ConditionOperand, Some(r#"["a"]"#), Some(11)),
        ("x contains {}", Code::ConditionOperand, Some("{}"), Some(11)),
        (r#"x equals "a"#, Code::ConditionQuotes, Some(r#""a"#), Some(9)),
        (r#"x equals "a"b"#, Code::ConditionQuotes, Some(r#""a"b"#), Some(9)),
        (r#"x equals "\x""#, Code::ConditionQuotes, Some(r#""\x""#), Some(9)),
        (r#"x equals "\ud800""#, Code::ConditionQuotes, Some(r#""\ud800""#), Some(9)),
        (r#""x present"#, Code::ConditionQuotes, Some(r#""x"#), Some(0)),
    ] {
        let error: Error = Condition::parse(notation).unwrap_err();
        assert_eq!((error.code(), error.member(), error.offset()), (code, word, offset), "{notation}");
    }
    // A word of a list cannot smuggle in what is beside a string.
    for word in [r#""a","b":"c""#, r#""a"}"#, r#""a" "#] {
        let error = Condition::from_words("x", &["equals", word]).unwrap_err();
        assert_eq!((error.code(), error.member()), (Code::ConditionQuotes, Some(word)));
    }
}

#[cfg(feature = "regex")]
#[test]
fn regular_expression_is_bounded_and_anchored_whatever_it_says() {
    let refused = |pattern: &str| {
        let error = Condition::regex("x", pattern).unwrap_err();
        assert_eq!(Condition::from_words("x", &["regex", pattern]), Err(error));
        (error.code(), error.member().unwrap_or_default().to_owned(), error.offset())
    };
    let pattern = Code::ConditionPattern;
    assert_eq!(refused("a(b"), (pattern, "unclosed group".to_owned(), Some(1)));
    assert_eq!(refused("a)|(b"), (pattern, "unopened group".to_owned(), Some(1)));
    assert_eq!(refused("a)"), (pattern, "unopened group".to_owned(), Some(1)));
    assert_eq!(refused("[z-a]").2, Some(1));
    assert_eq!(refused(r"(a)\1").0, pattern);
    assert_eq!(refused("(?=a)").0, pattern);
    assert_eq!(refused(r"\pL").0, pattern);
    assert_eq!(refused("").0, Code::ConditionOperand);
    let too_large = (pattern, "too large".to_owned(), None);
    assert_eq!(refused(&"a".repeat(1025)), too_large);
    assert_eq!(refused("(a{1000}){1000}"), too_large);
    assert_eq!(refused(&"(".repeat(60)).0, pattern);
    assert_eq!(refused(&format!("{}a{}", "(".repeat(60), ")".repeat(60))).0, pattern);
    assert!(Condition::regex("x", &"a".repeat(1024)).is_ok());
    assert!(Condition::regex("x", "[a-z]{1,64}").is_ok());

    let meets = |pattern: &str, value: &str| {
        let value = serde_json::Value::from(value).to_string();
        code(&Condition::regex("x", pattern).unwrap(), &value) == Code::Accepted
    };
    for (pattern, whole) in [("a|b", "b"), ("(?i)A", "a"), ("(?x) a  b", "ab"), (".*", "é\u{1}"), ("é", "é")]
    {
        assert!(meets(pattern, whole), "{pattern}");
        // Of anything that may be `.*` the rest is a match as well.
        for more in [format!("{whole}\n"), format!("\n{whole}"), format!("{whole}{whole}x")] {
            assert!(
                !meets(pattern, &more) || (pattern == ".*" && !more.contains('\n')),
                "{pattern} {more:?}"
            );
        }
    }
    // Classes know ASCII alone.
    assert!(
        meets(r"\d\w\s", "1a ") && !meets(r"\d", "\u{661}") && !meets(r"\w+", "é") && !meets("(?i)é", "É")
    );
    // Backtracking would take longer than anybody waits.
    assert!(!meets("(a*)*b", &"a".repeat(30_000)));
}

#[cfg(not(feature = "regex"))]
#[test]
fn regular_expression_is_refused_where_it_was_not_built() {
    assert_eq!(Condition::parse("x regex a").unwrap_err().code(), Code::RegexMissing);
}

#[test]
fn text_without_a_type_is_what_the_token_writes() {
    let text = |words: &[&str]| Condition::from_texts("x", words).unwrap();
    let equals = |wanted: &str| text(&["equals", wanted]);
    for (wanted, met, unmet) in [
        ("100", &[r#""100""#, "100"] as &[&str], &["1e2", "100.0", "[100]", "101"] as &[&str]),
        ("1e2", &["1e2", r#""1e2""#], &["100", "1E2"]),
        ("true", &["true", r#""true""#], &["false", "1", "[true]", r#"{"true":true}"#]),
        (r#""a""#, &[r#""\"a\"""#], &[r#""a""#]),
        ("null", &[r#""null""#], &["false"]),
        ("[1]", &[r#""[1]""#], &["[1]"]),
        ("a b", &[r#""a b""#, r#""a\u0020b""#], &[r#""ab""#]),
    ] {
        assert_eq!(equals(wanted), Condition::equals("x", Operand::text(wanted)));
        for value in met {
            assert_eq!(code(&equals(wanted), value), Code::Accepted, "{wanted} {value}");
            assert_eq!(code(&equals(wanted).not(), value), Code::ClaimMismatch, "{wanted} {value}");
        }
        for value in unmet {
            assert_eq!(code(&equals(wanted), value), Code::ClaimMismatch, "{wanted} {value}");
            assert_eq!(code(&equals(wanted).not(), value), Code::Accepted, "{wanted} {value}");
        }
    }
    assert_eq!(code(&equals("null"), "null"), Code::ClaimMissing);
    assert_eq!(code(&text(&["contains", "7", "b"]), "[1,7]"), Code::Accepted);
    assert_eq!(code(&text(&["contains", "7", "b"]), "[7.0]"), Code::ClaimMismatch);
    assert_eq!(code(&text(&["prefix", "a "]), r#""a b""#), Code::Accepted);
    for test in ["ge", "gt", "le", "lt"] {
        let error = Condition::from_texts("x", &[test, "1"]).unwrap_err();
        assert_eq!((error.code(), error.member()), (Code::ConditionOperand, Some("1")));
    }
}

#[test]
fn empty_text_meets_nothing_not_even_a_negated_condition() {
    let values = [r#""""#, r#""a""#, "0", "false", "[]", r#"[""]"#, r#"["a"]"#];
    for words in [&["equals", ""] as &[&str], &["any_of", "", ""], &["contains", ""], &["prefix", ""]] {
        let condition = Condition::from_texts("x", words).unwrap();
        for value in values {
            assert_eq!(code(&condition, value), Code::ClaimMismatch, "{words:?} {value}");
            assert_eq!(code(&condition.clone().not(), value), Code::ClaimMismatch, "not {words:?} {value}");
        }
    }
    // Beside it another may be met.
    let any = Condition::from_texts("x", &["any_of", "", "a"]).unwrap();
    assert_eq!(code(&any, r#""a""#), Code::Accepted);
    assert_eq!(code(&any, r#""""#), Code::ClaimMismatch);
    assert_eq!(code(&any.clone().not(), r#""a""#), Code::ClaimMismatch);
    assert_eq!(code(&any.not(), r#""b""#), Code::ClaimMismatch);
}

#[test]
fn doubles_are_the_shortest_number_that_is_read_as_they_are() {
    for (value, claim) in [
        (0.1, "0.1"),
        (0.1, "1e-1"),
        (1e300, "1e300"),
        (-2.5, "-25e-1"),
        (100.0, "100"),
        (f64::MAX, "1.7976931348623157e308"),
        (5e-324, "5e-324"),
    ] {
        assert_eq!(code(&Condition::equals("x", value), claim), Code::Accepted, "{claim}");
        assert_eq!(code(&Condition::ge("x", value), claim), Code::Accepted, "{claim}");
        assert_eq!(code(&Condition::gt("x", value), claim), Code::ClaimMismatch, "{claim}");
    }
    assert_eq!(code(&Condition::equals("x", 0.1), "0.10000000000000001"), Code::ClaimMismatch);
}

#[test]
fn rejection_names_the_last_name_of_the_path() {
    let refused =
        |condition: Condition| ask(r#"{"a":{"b":1}}"#, |claims| condition.check(claims)).unwrap_err();
    let of = |rejection: Rejection| (rejection.code(), rejection.claim().map(str::to_owned));
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(of(refused(Condition::equals(["a", "b"], 2))), (Code::ClaimMismatch, named("b")));
    assert_eq!(of(refused(Condition::equals(["a", "c"], 2))), (Code::ClaimMissing, named("c")));
    assert_eq!(of(refused(Condition::present("c"))), (Code::ClaimMissing, named("c")));
    assert_eq!(of(refused(Condition::present(["a", "b"]).not())), (Code::ClaimMismatch, named("b")));
}

#[test]
fn all_scopes_are_asked_for_by_the_rule_of_one() {
    let found = |claims: &str, scopes: &[&str]| {
        let found = ask(claims, |claims| claims.has_scopes(scopes));
        found.err().map(|rejection| {
            assert!(rejection.signature_ok());
            (rejection.code(), rejection.claim().map(str::to_owned))
        })
    };
    let insufficient = |claim: &str| Some((Code::ScopeInsufficient, Some(claim.to_owned())));
    let invalid = |claim: &str| Some((Code::ScopeInvalid, Some(claim.to_owned())));
    assert_eq!(found(r#"{"scope":"a b"}"#, &["a", "b"]), None);
    assert_eq!(found(r#"{"scope":"a","scp":["b"]}"#, &["b", "a"]), None);
    assert_eq!(found(r#"{"scope":"a b"}"#, &["a", "c"]), insufficient("scope"));
    assert_eq!(found(r#"{"scp":"a b"}"#, &["c"]), insufficient("scp"));
    assert_eq!(found("{}", &["a"]), insufficient("scope"));
    assert_eq!(found(r#"{"scope":"a","scp":7}"#, &["a"]), invalid("scp"));
    assert_eq!(found(r#"{"scope":"a  b"}"#, &["a", ""]), insufficient("scope"));
    assert_eq!(found(r#"{"scope":["a b"]}"#, &["a b"]), insufficient("scope"));
    // Nothing is demanded.
    assert_eq!(found(r#"{"scope":7}"#, &[]), None);
}
