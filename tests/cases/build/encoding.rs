//! Lines 39 to 44, 51 and 52: the Compact Serialization and base64url.

use jot::Alg;
use serde_json::json;

use crate::cases::forge::{good, headed, header, plain_claims, seal, segments};
use crate::cases::keys::b64;
use crate::cases::table::{Case, accepted, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = alphabet();
    cases.extend(unused_bits());
    cases.extend(shapes());
    cases.extend(limits());
    cases
}

fn alphabet() -> Vec<Case> {
    let token = good(Alg::EdDSA);
    let [head, payload, sig] = segments(&token);
    let mut cases = Vec::new();
    for (slug, text) in [
        ("padding", "="),
        ("two-paddings", "=="),
        ("space", " "),
        ("newline", "\n"),
        ("carriage-return", "\r\n"),
        ("tab", "\t"),
        ("plus", "+AAA"),
        ("slash", "/AAA"),
        ("nul", "\0"),
        ("comma", ","),
        ("percent", "%3D"),
        ("not-ascii", "é"),
    ] {
        let why = "base64url has 64 characters and no padding";
        let case = |place: &str, code: &str| refused(39, &format!("{slug}-{place}"), why, code);
        // The commonest mistakes have codes of their own.
        let (behind_header, behind_signature) = match text {
            "=" | "==" => ("token_padded", "token_padded"),
            " " | "\n" | "\r\n" | "\t" => ("header_encoding", "token_wrapped"),
            _ => ("header_encoding", "signature_encoding"),
        };
        cases.extend([
            case("behind-header", behind_header).token(seal(
                Alg::EdDSA,
                "ed25519",
                &format!("{head}{text}"),
                payload,
            )),
            case("behind-payload", "payload_encoding").signed().token(seal(
                Alg::EdDSA,
                "ed25519",
                head,
                &format!("{payload}{text}"),
            )),
            case("behind-signature", behind_signature).token(format!("{head}.{payload}.{sig}{text}")),
        ]);
    }
    for (slug, text) in
        [("space", " "), ("newline", "\n"), ("nul", "\0"), ("bearer", "Bearer "), ("quote", "\"")]
    {
        let code = if text == "\0" { "header_encoding" } else { "token_wrapped" };
        let case = refused(39, &format!("{slug}-before"), "nothing stands before the token", code);
        cases.push(case.token(format!("{text}{token}")));
    }
    cases.extend([
        refused(39, "byte-80-in-header", "bytes from 80 on", "header_encoding")
            .bytes(&[&[0x80], token.as_bytes()].concat()),
        refused(39, "byte-ff-in-signature", "bytes from 80 on", "signature_encoding")
            .bytes(&[token.as_bytes(), &[0xff]].concat()),
        refused(39, "newline-in-the-middle", "folded as mail does", "signature_encoding").token(format!(
            "{head}.{payload}.{}\n{}",
            &sig[..40],
            &sig[40..]
        )),
        refused(39, "not-base64url-before-signature", "nothing is decoded before", "signature_invalid")
            .token(format!("{head}.{payload}=.{sig}")),
    ]);
    cases
}

/// Segments whose last character has unused bits that are set.
fn unused_bits() -> Vec<Case> {
    // Two bytes leave two bits unused, one byte leaves four.
    let head = b64(br#"{"alg":"EdDSA" }"#);
    let (rest, _) = head.split_at(head.len() - 1);
    let token = headed(r#"{"alg":"EdDSA"}"#);
    let [good_head, payload, sig] = segments(&token);
    let (sig_rest, sig_last) = sig.split_at(sig.len() - 1);
    let next = |last: &str| char::from(last.as_bytes()[0] + 1);
    let payload_text = format!("{} ", plain_claims());
    let padded = b64(pad_to(payload_text, 1).as_bytes());
    let (payload_rest, payload_last) = padded.split_at(padded.len() - 1);
    let why = "unused bits are zero, so that a token has one spelling";
    let length = "no number of bytes has this length";
    vec![
        refused(40, "header", why, "header_encoding").token(seal(
            Alg::EdDSA,
            "ed25519",
            &format!("{rest}{}", next(&head[head.len() - 1..])),
            payload,
        )),
        refused(40, "payload", why, "payload_encoding").signed().token(seal(
            Alg::EdDSA,
            "ed25519",
            good_head,
            &format!("{payload_rest}{}", next(payload_last)),
        )),
        refused(40, "signature", why, "signature_encoding")
            .token(format!("{good_head}.{payload}.{sig_rest}{}", next(sig_last))),
        accepted(40, "none-set", "the same with the bits clear").token(seal(
            Alg::EdDSA,
            "ed25519",
            &head,
            &padded,
        )),
        refused(41, "header", length, "header_encoding").token(seal(
            Alg::EdDSA,
            "ed25519",
            &format!("{}A", b64(pad_to(r#"{"alg":"EdDSA"}"#.to_owned(), 0).as_bytes())),
            payload,
        )),
        refused(41, "payload", length, "payload_encoding").signed().token(seal(
            Alg::EdDSA,
            "ed25519",
            good_head,
            &format!("{}A", b64(pad_to(plain_claims().to_string(), 0).as_bytes())),
        )),
        refused(41, "signature", length, "signature_encoding")
            .token(format!("{good_head}.{payload}.{}", &sig[..sig.len() - 1])),
        refused(41, "header-of-one-character", length, "header_encoding").token(format!("e.{payload}.{sig}")),
        refused(41, "signature-of-one-character", length, "signature_encoding")
            .token(format!("{good_head}.{payload}.A")),
    ]
}

/// Adds white space until the length leaves this remainder by three.
fn pad_to(mut text: String, remainder: usize) -> String {
    while text.len() % 3 != remainder {
        text.push(' ');
    }
    text
}

fn shapes() -> Vec<Case> {
    let token = good(Alg::EdDSA);
    let [head, payload, sig] = segments(&token);
    let mut cases = Vec::new();
    for (line, slug, text) in [
        (42, "one-segment", head.to_owned()),
        (42, "two-segments", format!("{head}.{payload}")),
        (42, "four-segments", format!("{token}.{sig}")),
        (42, "five-segments-as-jwe", format!("{head}.{payload}.{sig}.{sig}.{sig}")),
        (42, "leading-dot", format!(".{token}")),
        (42, "trailing-dot", format!("{token}.")),
        (42, "doubled-dot", format!("{head}..{payload}.{sig}")),
        (42, "two-tokens", format!("{token} {token}")),
        (52, "one-dot", ".".to_owned()),
        (52, "three-dots", "...".to_owned()),
        (52, "one-space", " ".to_owned()),
    ] {
        cases.push(refused(line, slug, "a token has three segments", "token_segments").token(text));
    }
    let encrypted = b64(br#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
    cases.push(
        refused(42, "jwe", "a JWE is no JWS", "token_encrypted")
            .token(format!("{encrypted}.{sig}.{payload}.{payload}.{sig}")),
    );
    cases.extend([("four", "x.y.z"), ("six", "w.x.y.z.0")].map(|(slug, rest)| {
        refused(42, &format!("jwe-of-{slug}"), "a JWE has five segments", "token_segments")
            .token(format!("{encrypted}.{rest}"))
    }));
    let header_only = format!("{head}..{sig}");
    let flattened = json!({"protected": head, "payload": payload, "signature": sig}).to_string();
    let smuggled = format!("{{\"{head}.{payload}.\":\"\",\"protected\":\"{head}\",\"signature\":\"{sig}\"}}");
    let in_header = format!("{{\"a\":\"{head}\"}}.{payload}.{sig}");
    let json_form = "token_json_serialization";
    cases.extend([
        refused(52, "no-bytes", "nothing at all", "token_empty").token(""),
        refused(52, "two-dots", "three empty segments", "header_encoding").token(".."),
        refused(52, "empty-header", "a header segment has content", "header_encoding")
            .token(format!(".{payload}.{sig}")),
        refused(52, "empty-payload-segment", "the signature is that of another", "signature_invalid")
            .token(header_only),
        refused(43, "million-dots", "counted before anything else", "token_too_long")
            .parts(json!([{"repeat": ".", "times": 1_000_000}])),
        refused(43, "million-dots-and-a-large-limit", "split at most three times", "token_segments")
            .parts(json!([{"repeat": ".", "times": 1_000_000}]))
            .policy(json!({"token_bytes": 2_000_000})),
        refused(43, "dots-within-the-limit", "as many as fit", "token_segments")
            .parts(json!([{"repeat": ".", "times": 65_536}])),
        refused(44, "flattened", "the JSON Serialization is not taken", json_form).token(flattened.clone()),
        refused(44, "general", "in no form", json_form).token(
            json!({"payload": payload, "signatures": [{"protected": head, "signature": sig}]}).to_string(),
        ),
        refused(44, "space-before", "nor behind white space", json_form).token(format!(" \r\n{flattened}")),
        refused(44, "with-dots-inside", "nor with a compact token inside", json_form).token(smuggled),
        refused(44, "in-the-header-segment", "nor as a segment", json_form).token(in_header),
        refused(44, "flattened-in-an-array", "an array is no token either", "token_segments")
            .token(format!("[{flattened}]")),
    ]);
    cases
}

/// A token of exactly so many bytes, its payload filled up.
fn of_length(bytes: usize) -> String {
    let head = b64(header(Alg::EdDSA).as_bytes());
    let room = bytes - head.len() - 2 - 86;
    // A segment of 4n + 1 characters does not exist.
    assert_ne!(room % 4, 1);
    let mut payload = plain_claims().to_string();
    payload.push_str(&" ".repeat(room / 4 * 3 + [0, 0, 1, 2][room % 4] - payload.len()));
    let token = seal(Alg::EdDSA, "ed25519", &head, &b64(payload.as_bytes()));
    assert_eq!(token.len(), bytes);
    token
}

/// A token whose header segment has exactly so many characters.
fn of_header_length(characters: usize) -> String {
    let mut head = header(Alg::EdDSA);
    head.push_str(&" ".repeat(characters / 4 * 3 + [0, 0, 1, 2][characters % 4] - head.len()));
    let token = headed(head);
    assert_eq!(segments(&token)[0].len(), characters);
    token
}

fn limits() -> Vec<Case> {
    let token = good(Alg::EdDSA);
    let long = "longer than the limit";
    let within = "as long as the limit";
    vec![
        refused(51, "token-past-the-setting", long, "token_too_long")
            .policy(json!({"token_bytes": token.len() - 1})),
        accepted(51, "token-at-the-setting", within).policy(json!({"token_bytes": token.len()})),
        refused(51, "header-past-the-setting", long, "header_too_long")
            .token(of_header_length(100))
            .policy(json!({"header_bytes": 99})),
        accepted(51, "header-at-the-setting", within)
            .token(of_header_length(100))
            .policy(json!({"header_bytes": 100})),
        refused(51, "header-past-the-default", long, "header_too_long").token(of_header_length(8194)),
        accepted(51, "header-at-the-default", within).token(of_header_length(8192)),
        refused(51, "token-past-the-default", long, "token_too_long").parts(packed(&of_length(65_537))),
        accepted(51, "token-at-the-default", within).parts(packed(&of_length(65_536))),
        accepted(51, "token-past-the-default-and-a-large-limit", "the limit is settable")
            .parts(packed(&of_length(65_537)))
            .policy(json!({"token_bytes": 70_000})),
        refused(51, "million-letters", "without any dot", "token_too_long")
            .parts(json!([{"repeat": "a", "times": 1_000_000}])),
    ]
}

/// The token with its white space, which encodes as `ICAg`, written once.
fn packed(token: &str) -> serde_json::Value {
    let start = token.find("ICAgICAg").unwrap();
    let times = token.as_bytes()[start..].chunks(4).take_while(|group| *group == b"ICAg").count();
    json!([token[..start], {"repeat": "ICAg", "times": times}, token[start + 4 * times..]])
}
