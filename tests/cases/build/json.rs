//! Lines 45 to 50: JSON in the header and in the Claims Set.

use jot::Alg;
use serde_json::json;

use crate::cases::forge::{NOW, claims, good, headed, header, paid, plain_claims, token};
use crate::cases::keys::{b64, sign};
use crate::cases::table::{Case, accepted, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = repeats();
    cases.extend(texts());
    cases.extend(depth());
    cases.extend(numbers());
    cases.extend(shapes());
    cases
}

/// The plain claims with more members behind them.
fn more(members: &str) -> String {
    format!("{},{members}}}", claims(json!({})).trim_end_matches('}'))
}

fn head(members: &str) -> String {
    format!(r#"{{"alg":"EdDSA","kid":"ed25519",{members}}}"#)
}

fn repeats() -> Vec<Case> {
    let why = "member names are unique";
    let mut cases = Vec::new();
    let many: Vec<String> = (0..60).map(|n| format!("\"member-{n}\":0")).collect();
    for (slug, members) in [
        ("exp", format!(r#""exp":{}"#, NOW + 9000)),
        ("exp-by-escape", format!(r#""\u0065xp":{}"#, NOW + 9000)),
        ("iss", r#""iss":"https://attacker.example""#.to_owned()),
        ("unknown-name", r#""a":1,"a":1"#.to_owned()),
        ("empty-name", r#""":1,"":2"#.to_owned()),
        ("long-name", r#""a name of more than eight":1,"a name of more than eight":2"#.to_owned()),
        ("not-adjacent", r#""role":"user","x":1,"role":"admin""#.to_owned()),
        ("nested", r#""x":{"y":1,"y":2}"#.to_owned()),
        ("nested-in-array", r#""x":[0,{"y":1,"z":{},"y":2}]"#.to_owned()),
        ("in-unicode", r#""é":1,"\u00e9":2"#.to_owned()),
        ("by-surrogate-pair", r#""𝄞":1,"\ud834\udd1e":2"#.to_owned()),
        ("slash-escaped", r#""a/b":1,"a\/b":2"#.to_owned()),
        ("among-many", format!("{},\"member-7\":1", many.join(","))),
    ] {
        let case = refused(45, &format!("claims-{slug}"), why, "claims_repeated").signed();
        cases.push(case.paid(more(&members)));
    }
    for (slug, text) in [
        ("alg", r#"{"alg":"none","kid":"ed25519","alg":"EdDSA"}"#),
        ("alg-by-escape", r#"{"alg":"EdDSA","kid":"ed25519","a\u006cg":"none"}"#),
        ("kid", r#"{"alg":"EdDSA","kid":"x","kid":"ed25519"}"#),
        ("crit", r#"{"alg":"EdDSA","b64":true,"crit":["b64"],"crit":["b64"]}"#),
        ("nested", r#"{"alg":"EdDSA","jwk":{"x":"","x":""}}"#),
    ] {
        let case = refused(45, &format!("header-{slug}"), why, "header_repeated");
        cases.push(case.headed(text));
    }
    cases.extend([
        accepted(45, "names-that-differ-in-case", "names are compared exactly")
            .paid(more(r#""EXP":1,"Exp":2"#)),
        accepted(45, "same-name-at-two-depths", "unique within one object")
            .paid(more(r#""x":{"exp":1,"x":{"x":1}}"#)),
        accepted(45, "many-names", "however many").paid(more(&many.join(","))),
    ]);
    cases
}

fn texts() -> Vec<Case> {
    let text = claims(json!({}));
    let open = text.trim_end_matches('}');
    let mut cases = Vec::new();
    let with_bytes = |bytes: &[u8]| [open.as_bytes(), br#","x":""#, bytes, br#""}"#].concat();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (slug, bytes) in [
        ("byte-ff", with_bytes(&[0xff])),
        ("byte-80", with_bytes(&[0x80])),
        ("cut-sequence", with_bytes(&[0xe2, 0x82])),
        ("overlong", with_bytes(&[0xc0, 0x80])),
        ("surrogate-in-utf-8", with_bytes(&[0xed, 0xa0, 0x80])),
        ("past-unicode", with_bytes(&[0xf4, 0x90, 0x80, 0x80])),
        ("lone-high-surrogate", with_bytes(br"\ud834")),
        ("lone-low-surrogate", with_bytes(br"\udd1e")),
        ("surrogates-reversed", with_bytes(br"\udd1e\ud834")),
        ("high-surrogate-and-text", with_bytes(br"\ud834x")),
        ("two-high-surrogates", with_bytes(br"\ud834\ud834")),
        ("nul-in-string", with_bytes(&[0])),
        ("newline-in-string", with_bytes(b"\n")),
        ("unknown-escape", with_bytes(br"\x41")),
        ("short-escape", with_bytes(br"\u004")),
        ("nul-behind", [text.as_bytes(), &[0]].concat()),
        ("byte-order-mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("utf-16", utf16),
        ("single-quotes", text.replace('"', "'").into_bytes()),
        ("comment", format!("{open},/* */\"x\":1}}").into_bytes()),
        ("trailing-comma", format!("{open},}}").into_bytes()),
        ("name-without-quotes", format!("{open},x:1}}").into_bytes()),
        ("cut", open.as_bytes().to_vec()),
        ("form-feed", format!("{open},\u{c}\"x\":1}}").into_bytes()),
        ("no-break-space", format!("{open},\u{a0}\"x\":1}}").into_bytes()),
        ("literal-in-capitals", format!("{open},\"x\":True}}").into_bytes()),
    ] {
        let case = refused(46, &format!("claims-{slug}"), "JSON in UTF-8", "claims_json").signed();
        cases.push(case.paid(bytes));
    }
    for (slug, bytes) in [
        ("byte-ff", b"{\"alg\":\"EdDSA\",\"x\":\"\xff\"}".to_vec()),
        ("lone-surrogate", br#"{"alg":"EdDSA","x":"\ud834"}"#.to_vec()),
        ("byte-order-mark", b"\xef\xbb\xbf{\"alg\":\"EdDSA\"}".to_vec()),
        ("nul", b"{\"alg\":\"EdDSA\0\"}".to_vec()),
        ("cut", br#"{"alg":"EdDSA""#.to_vec()),
    ] {
        let case = refused(46, &format!("header-{slug}"), "JSON in UTF-8", "header_json");
        cases.push(case.headed(bytes));
    }
    cases.push(
        accepted(46, "escaped-nul-and-pair", "what JSON allows").paid(more(r#""x":"\u0000\ud834\udd1e\/""#)),
    );
    cases
}

fn depth() -> Vec<Case> {
    let nested = |levels: usize| format!(r#""x":{}{}"#, "[".repeat(levels), "]".repeat(levels));
    let objects = |levels: usize| format!(r#""x":{}1{}"#, r#"{"y":"#.repeat(levels), "}".repeat(levels));
    let why = "at most 32 levels, the outer object included";
    // 100,000 open brackets; base64url of three of them is W1tb.
    let lead = b64(br#"{"x":     "#.get(..9).unwrap());
    let brackets = json!({"repeat": "W1tb", "times": 34_000});
    let segment = format!("{lead}{}", "W1tb".repeat(34_000));
    let head = b64(header(Alg::EdDSA).as_bytes());
    let signature = b64(&sign(Alg::EdDSA, "ed25519", format!("{head}.{segment}").as_bytes()));
    let large = json!({"token_bytes": 1_000_000, "header_bytes": 1_000_000});
    vec![
        accepted(47, "claims-at-the-limit", why).paid(more(&nested(31))),
        refused(47, "claims-past-the-limit", why, "claims_too_deep").signed().paid(more(&nested(32))),
        accepted(47, "claims-of-objects-at-the-limit", why).paid(more(&objects(31))),
        refused(47, "claims-of-objects-past-the-limit", why, "claims_too_deep")
            .signed()
            .paid(more(&objects(32))),
        accepted(47, "header-at-the-limit", why).headed(self::head(&nested(31))),
        refused(47, "header-past-the-limit", why, "header_too_deep").headed(self::head(&nested(32))),
        refused(47, "claims-of-100000", "a stack that cannot overflow", "claims_too_deep")
            .signed()
            .parts(json!([format!("{head}.{lead}"), brackets.clone(), format!(".{signature}")]))
            .policy(large.clone()),
        refused(47, "header-of-100000", "a stack that cannot overflow", "header_too_deep")
            .parts(json!([lead, brackets.clone(), ".e30.AAAA"]))
            .policy(large),
        refused(47, "header-of-100000-by-default", "the header's limit comes first", "token_too_long")
            .parts(json!([lead, brackets, ".e30.AAAA"])),
    ]
}

fn numbers() -> Vec<Case> {
    let mut cases = Vec::new();
    for (slug, value) in [
        ("leading-zero", "01800003600"),
        ("zero-one", "01"),
        ("minus-zero-one", "-01"),
        ("plus", "+1800003600"),
        ("bare-fraction", ".5"),
        ("bare-dot", "1800003600."),
        ("bare-exponent", "1e"),
        ("bare-minus", "-"),
        ("hexadecimal", "0x7fffffff"),
        ("not-a-number", "NaN"),
        ("infinity", "Infinity"),
        ("underscore", "1_800_003_600"),
    ] {
        let case = refused(48, slug, "numbers as RFC 8259 writes them", "claims_json").signed();
        cases.push(case.paid(format!(r#"{{"exp":{value}}}"#)));
    }
    for value in ["1e400", "-1e400", "1E99999999999999999999"] {
        let case = refused(48, &format!("exp-{value}"), "a date is finite", "exp_invalid").claim("exp");
        cases.push(case.paid(format!(r#"{{"exp":{value}}}"#)));
    }
    for (slug, value) in [
        ("minus-zero", "-0"),
        ("minus-zero-with-fraction", "-0.0"),
        ("one-and-a-half", "1.5"),
        ("100-with-exponent", "1E2"),
        ("underflow", "1e-400"),
        ("least", "-9223372036854775808"),
        ("past-the-least", "-9223372036854775809"),
    ] {
        let case = refused(48, &format!("exp-{slug}"), "a number, and long past", "expired").claim("exp");
        cases.push(case.paid(format!(r#"{{"exp":{value}}}"#)));
    }
    for (slug, value) in [
        ("2-to-the-63rd", "9223372036854775808"),
        ("2-to-the-64th", "18446744073709551616"),
        ("greatest", "9223372036854775807"),
        ("of-400-digits", "1e308"),
        ("with-exponent", "1.8000036e9"),
        ("with-plus-in-exponent", "18E+8"),
    ] {
        let case = accepted(48, &format!("exp-{slug}"), "a date far ahead is held at the end of the range");
        let case = if slug == "with-plus-in-exponent" { case.at(NOW - 1) } else { case };
        cases.push(case.paid(format!(r#"{{"exp":{value}}}"#)));
    }
    cases.extend([
        refused(48, "iat-1e400", "a date is finite", "iat_invalid")
            .claim("iat")
            .paid(more_without("iat", "1e400")),
        refused(48, "nbf-1e400", "a date is finite", "nbf_invalid")
            .claim("nbf")
            .paid(more_without("nbf", "1e400")),
        accepted(48, "1e400-elsewhere", "JSON allows it, and nobody asks").paid(more(r#""x":1e400"#)),
    ]);
    cases
}

fn more_without(name: &str, value: &str) -> String {
    crate::cases::forge::claims_raw(name, value)
}

fn shapes() -> Vec<Case> {
    let mut cases = Vec::new();
    for (slug, text) in [
        ("array", "[]".to_owned()),
        ("array-of-claims", format!("[{}]", plain_claims())),
        ("string", r#""alice""#.to_owned()),
        ("number", "1800003600".to_owned()),
        ("true", "true".to_owned()),
        ("null", "null".to_owned()),
    ] {
        let case = refused(49, &format!("claims-{slug}"), "a Claims Set is an object", "claims_not_object");
        cases.push(case.signed().paid(&text));
        let case = refused(49, &format!("header-{slug}"), "so is a JOSE Header", "header_not_object");
        cases.push(case.headed(&text));
    }
    for (slug, text) in [("empty", ""), ("white-space", " \n"), ("word", "alice")] {
        let case = refused(49, &format!("claims-{slug}"), "no JSON at all", "claims_json");
        cases.push(case.signed().paid(text));
    }
    let nested = header(Alg::EdDSA).replacen('{', r#"{"cty":"JWT","#, 1);
    cases.push(
        refused(49, "claims-nested-jwt", "a token within a token is no Claims Set", "claims_json")
            .signed()
            .token(token(Alg::EdDSA, "ed25519", nested, good(Alg::EdDSA))),
    );
    cases.push(
        refused(49, "claims-of-nothing", "an object, and no exp in it", "exp_missing")
            .claim("exp")
            .paid("{}"),
    );
    let text = claims(json!({}));
    for (slug, behind) in [
        ("letter", "x"),
        ("object", "{}"),
        ("brace", "}"),
        ("comma", ","),
        ("number", " 0"),
        ("newline-and-word", "\nx"),
    ] {
        let case =
            refused(50, &format!("claims-{slug}"), "nothing behind the object", "claims_json").signed();
        cases.push(case.paid(format!("{text}{behind}")));
        let case = refused(50, &format!("header-{slug}"), "nothing behind the object", "header_json");
        cases.push(case.headed(format!("{}{behind}", header(Alg::EdDSA))));
    }
    cases.push(accepted(50, "white-space-around", "white space is nothing").token(token(
        Alg::EdDSA,
        "ed25519",
        format!("\t{}\r\n", header(Alg::EdDSA)),
        format!(" {text}\n\n"),
    )));
    debug_assert_eq!(paid(&text), headed(header(Alg::EdDSA)));
    cases
}
