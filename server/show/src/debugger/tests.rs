use std::sync::Mutex;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use jot::{Alg, KeySet, SignHeader, Signer, SigningKey, UnixSeconds};
use tower::ServiceExt as _;

use super::*;

const NOW: i64 = 1_800_000_000;

fn debugger() -> Debugger {
    Debugger { fetch: None, start: Arc::new(Start::default), now: || UnixSeconds(NOW) }
}

/// Sends a form and returns the page.
fn ask_with(debugger: Debugger, path: &str, form: &[(&str, &str)]) -> String {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let method = if form.is_empty() { "GET" } else { "POST" };
    let request = Request::builder().method(method).uri(path).body(Body::from(body)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let response = router::<()>(debugger).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers().get("access-control-allow-origin").is_none());
        String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
    })
}

fn ask(path: &str, form: &[(&str, &str)]) -> String {
    ask_with(debugger(), path, form)
}

struct Issuer {
    signer: Signer,
    jwks: String,
}

fn issuer() -> Issuer {
    let signer = Signer::new(SigningKey::generate(Alg::ES256).unwrap().with_kid("k1"));
    let jwks = KeySet::new([signer.key().verifying_key().unwrap()]).to_jwks().unwrap();
    Issuer { signer, jwks }
}

/// The codes of a page, in their order.
fn codes(page: &str) -> Vec<&str> {
    page.split("<code class=\"code\">").skip(1).map(|rest| rest.split('<').next().unwrap()).collect()
}

/// How the five steps came out.
fn steps(page: &str) -> String {
    let badges = page.split("<span class=\"badge ").skip(1);
    badges.map(|rest| rest.chars().next().unwrap()).collect()
}

#[test]
fn token_is_judged_by_the_engine_with_its_codes() {
    let Issuer { signer, jwks } = issuer();
    let other = issuer();
    let header = SignHeader::default().typ("at+jwt");
    let sign = |claims: &str| signer.sign_claims_with(&header, claims).unwrap();
    let good = sign(&format!(r#"{{"iss":"https://i","aud":"api","exp":{}}}"#, NOW + 60));
    let old = sign(&format!(r#"{{"iss":"https://evil","aud":"bank","exp":{}}}"#, NOW - 60));
    let forged =
        format!("{}.AAAA{}", good.rsplit_once('.').unwrap().0, &good.rsplit_once('.').unwrap().1[4..]);
    let rules = [("issuer", "https://i"), ("audience", "api"), ("typ", "at+jwt"), ("algorithms", "ES256")];
    for (token, keys, more, wanted, outcome) in [
        (&good, &jwks, vec![], vec![], "ggggg"),
        (&old, &jwks, vec![], vec!["iss_mismatch", "aud_mismatch", "expired"], "ggggb"),
        (&forged, &jwks, vec![], vec!["signature_invalid"], "gggbs"),
        (&good, &other.jwks, vec![], vec!["signature_invalid"], "gggbs"),
        (&good, &jwks, vec![("algorithms", "RS256")], vec!["alg_not_allowed"], "gbsss"),
        (&good, &jwks, vec![("typ", "JWT")], vec!["typ_mismatch"], "gbsss"),
        (&good, &jwks, vec![("now", "1800000060")], vec!["expired"], "ggggb"),
        (&good, &jwks, vec![("now", "1800000060"), ("leeway", "1")], vec![], "ggggg"),
        (&"a.b".to_owned(), &jwks, vec![], vec!["token_segments"], "bssss"),
    ] {
        let mut form = vec![("token", token.as_str()), ("keys", keys)];
        // Of a field that comes twice the last counts.
        form.extend(rules.iter().copied().chain(more.iter().copied()));
        let page = ask("/verify", &form);
        assert_eq!(codes(&page), wanted, "{more:?}");
        assert_eq!(steps(&page), outcome, "{wanted:?} {more:?}");
        assert_eq!(page.contains("Accepted by the rules below"), wanted.is_empty(), "{wanted:?}");
        assert_eq!(page.contains("It holds."), outcome.starts_with("gggg"), "{wanted:?}");
    }
}

#[test]
fn what_nobody_asked_for_is_named() {
    let Issuer { signer, jwks } = issuer();
    let token = signer.sign_claims(format!(r#"{{"aud":"x","exp":{}}}"#, NOW + 60)).unwrap();
    let page = ask("/verify", &[("token", &token), ("keys", &jwks)]);
    assert!(
        page.contains("Accepted")
            && page.contains("not checked: <code>iss</code>, <code>aud</code>, <code>typ</code>")
    );
    let page = ask("/verify", &[("token", &token), ("keys", &jwks), ("audience", "x")]);
    assert!(page.contains("not checked: <code>iss</code>, <code>typ</code>"), "{page}");
}

#[test]
fn token_without_keys_is_shown_and_not_verified() {
    let token = issuer().signer.sign_claims(r#"{"sub":"<b>","exp":1800000060}"#).unwrap();
    let page = ask("/verify", &[("token", &format!(" {token}\r\n"))]);
    assert!(page.contains("Not verified: there is no key") && !page.contains("Accepted"), "{page}");
    assert!(page.contains("2027-01-15T08:01:00Z (in 1 minute)"), "{page}");
    assert!(page.contains("64 bytes, not verified") && page.contains("&#60;b&#62;") && !page.contains("<b>"));
    assert!(page.contains("White space around the token was left out"));
}

#[test]
fn faults_of_the_form_are_told() {
    let token = issuer().signer.sign_claims(r#"{"exp":1800000060}"#).unwrap();
    let jwks = issuer().jwks;
    for (form, told) in [
        (vec![("keys", "nonsense")], "key_text_unknown"),
        (vec![("keys", "<html>")], "key_text_is_page"),
        (vec![("keys", jwks.as_str()), ("algorithms", "ES265")], "ES265 is no algorithm"),
        (vec![("keys", &jwks), ("leeway", "x")], "leeway is a number"),
        (vec![("keys", &jwks), ("now", "today")], "time is a number"),
        (vec![("source", "url"), ("place", "https://i/jwks")], "fetches no keys"),
        (vec![("source", "secret"), ("keys", "short"), ("algorithms", "HS256")], "key_secret_too_short"),
    ] {
        let mut all = vec![("token", token.as_str())];
        all.extend(form);
        let page = ask("/verify", &all);
        assert!(page.contains("id=\"fault\"") && page.contains(told), "{told}: {page}");
        assert!(!page.contains("Accepted"), "{told}");
    }
}

#[test]
fn keys_are_fetched_only_by_who_may() {
    let Issuer { signer, jwks } = issuer();
    let token = signer.sign_claims(r#"{"exp":1800000060}"#).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (told, keys) = (Arc::clone(&asked), jwks);
    let fetch: Fetch = Arc::new(move |place: Place<'_>| {
        told.lock().unwrap().push(format!("{place:?}"));
        KeySet::from_text(keys.as_bytes(), &jot::KeyOptions::default()).map_err(|error| error.to_string())
    });
    let debugger = Debugger { fetch: Some(fetch), ..debugger() };
    for (source, place) in [("url", "https://i/jwks.json"), ("issuer", " https://i ")] {
        let page =
            ask_with(debugger.clone(), "/verify", &[("token", &token), ("source", source), ("place", place)]);
        assert!(page.contains("Accepted"), "{page}");
    }
    assert_eq!(*asked.lock().unwrap(), ["Url(\"https://i/jwks.json\")", "Issuer(\"https://i\")"]);
    assert!(!ask("/verify", &[]).contains("name=\"place\""));
}

#[test]
fn made_token_is_marked_and_signed_with_no_key_of_others() {
    let form = [("sign", "true"), ("claims", r#"{"sub":"alice","exp":1800000060}"#), ("algorithm", "ES256")];
    let page = ask("/make", &form);
    let value = |page: &str, name: &str| {
        let rest = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        rest.split('"').next().unwrap().replace("&#34;", "\"")
    };
    let (token, keys) = (value(&page, "token"), value(&page, "keys"));
    assert!(!keys.contains("\"d\""), "only the public part is shown to verify with");
    // docs/debugger.md promises it.
    assert!(keys.contains("\"kid\":\"jot-debugger-throw-away-"), "{keys}");
    let shown = ask("/verify", &[("token", &token), ("keys", &keys)]);
    assert!(shown.contains("This token was made by a debugger.") && shown.contains("Accepted"), "{shown}");

    let text = page.split_once("name=\"key\"").unwrap().1;
    let key = text.split_once('>').unwrap().1.split('<').next().unwrap().replace("&#34;", "\"");
    let again = ask("/make", &[form.as_slice(), &[("key", &key)]].concat());
    assert_eq!(value(&again, "keys"), keys, "the same key signs again");
    let other = ask("/make", &[("sign", "true"), ("claims", "{}"), ("algorithm", "EdDSA"), ("key", &key)]);
    assert_ne!(value(&other, "keys"), keys, "another algorithm has a key of its own");

    let own = issuer().signer.key().to_jwk().unwrap();
    let refused = ask("/make", &[form.as_slice(), &[("key", &own)]].concat());
    assert!(refused.contains("signs only with keys that it made") && !refused.contains("id=\"result\""));
    let refused = ask("/make", &[("sign", "true"), ("claims", "[]"), ("algorithm", "ES256")]);
    assert!(refused.contains("claims_to_sign_invalid") && !refused.contains("id=\"result\""), "{refused}");
}

#[test]
fn hostile_tokens_are_shown_as_harmless_text() {
    let encode = |text: &str| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text);
    let header = encode("{\"alg\":\"ES256\",\"kid\":\"</textarea><script>\\u202e\"}");
    let deep = encode(&format!("{{\"a\":{}1{}}}", "[".repeat(500), "]".repeat(500)));
    let jwks = issuer().jwks;
    for token in [
        format!("{header}.{}.{}", encode("{\"exp\":1e999,\"iat\":\"<img src=x>\"}"), encode("s")),
        format!("{header}.{deep}.{}", encode("s")),
        "</textarea><script>alert(1)</script>".to_owned(),
        "\u{202e}\u{0}\u{1b}[2J.a.b".to_owned(),
        format!("{header}{}", ".".repeat(300_000)),
        "{\"payload\":\"\"}".to_owned(),
        format!("{header}.a.b.c.d"),
    ] {
        let page = ask("/verify", &[("token", &token), ("keys", &jwks)]);
        assert!(!page.contains("<script>") && !page.contains("<img"), "{page}");
        assert!(page.contains("Rejected:") && page.len() < 1_000_000 + 20_000, "{}", page.len());
        let made =
            ask("/make", &[("sign", "true"), ("claims", &token), ("algorithm", "ES256"), ("typ", "<b>")]);
        assert!(!made.contains("<script>") && !made.contains("<b>"), "{made}");
    }
}

#[test]
fn pages_ask_for_their_own_files_only() {
    for page in [ask("/verify", &[]), ask("/make", &[])] {
        for part in page.split(['"', '\'']).filter(|part| part.contains("://") || part.starts_with("//")) {
            // Examples in fields.
            assert!(
                part.starts_with("https://login.example")
                    || part.contains("https://issuer.example")
                    || part.contains("&#34;"),
                "{part}"
            );
        }
        assert!(!page.contains("style=\"") && !page.contains("onclick"), "{page}");
    }
}
