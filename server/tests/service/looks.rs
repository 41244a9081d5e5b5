//! The pages, used with a real browser by somebody who has a keyboard only.

use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::kit::{Home, PASSWORD, Service, until};
use crate::missing::missing;

/// Starts the browser; says what is missing if there is none.
pub(crate) fn browser() -> Option<Browser> {
    let browser = Browser::start(&[]);
    if browser.is_none() {
        missing("chromium");
    }
    browser
}

/// Asserts that nothing was asked for elsewhere, and that the browser had nothing to complain
/// of but the statuses that the test brought about.
pub(crate) fn assert_quiet(browser: &Browser, origin: &str, statuses: &[&str]) {
    let others: Vec<_> = browser.requests().into_iter().filter(|url| !url.starts_with(origin)).collect();
    assert_eq!(others, [""; 0]);
    let is_meant = |event: &&Value| {
        let text = event["params"]["entry"]["text"].as_str().unwrap_or_default();
        statuses.iter().any(|status| text.contains(&format!("status of {status}")))
    };
    let complaints: Vec<_> = browser.complaints().into_iter().filter(|event| !is_meant(event)).collect();
    assert_eq!(complaints, [&Value::Null; 0]);
}

fn sign_in(browser: &mut Browser, name: &str, password: &str) {
    browser.until("document.readyState === 'complete' && document.querySelector('#username') !== null");
    browser
        .value("document.querySelector('#username').value = ''; document.querySelector('#username').focus()");
    browser.write(name);
    browser.press("Tab");
    browser.write(password);
    browser.press("Enter");
}

fn start(more: &str) -> (Home, Service) {
    let home = Home::new(more);
    home.add_user("alice");
    let service = home.serve();
    (home, service)
}

fn is_at(path: &str) -> String {
    format!("document.readyState === 'complete' && location.pathname + location.search === '{path}'")
}

#[test]
fn user_signs_in_changes_the_password_and_signs_out() {
    let Some(mut browser) = browser() else { return };
    let (_home, service) = start("");
    let origin = format!("http://127.0.0.1:{}", service.port);
    let (_, elsewhere) = service.tokens("alice");
    let (access, _) = service.tokens("alice");

    browser.go(&format!("{origin}/"));
    browser.until("document.activeElement?.id === 'username'");
    browser.assert_fits("login");
    sign_in(&mut browser, "alice", "wrong horse");
    browser.until("document.activeElement?.id === 'fault'");
    let told = browser
        .value("[fault.innerText, username.value, password.value, password.getAttribute('aria-invalid')]");
    assert!(told[0].as_str().unwrap().contains("The name or the password is wrong"), "{told}");
    assert_eq!((&told[1], &told[2], &told[3]), (&json!("alice"), &json!(""), &json!("true")));
    browser.assert_fits("login-wrong");
    sign_in(&mut browser, "alice", PASSWORD);
    browser.until(&is_at("/account"));
    assert_eq!(browser.value("document.cookie"), json!(""), "scripts see no token");
    assert_eq!(browser.value("document.querySelectorAll('.sessions li').length"), json!(3));
    browser.assert_fits("account");

    // One of the others, and then all of them.
    assert_eq!(service.judge(&access), "accepted");
    browser.value("document.querySelector('.sessions button').click()");
    browser.until(&is_at("/account?done=ended"));
    assert_eq!(browser.value("document.querySelectorAll('.sessions li').length"), json!(2));
    browser.value("document.querySelector('[name=others]').form.requestSubmit()");
    browser.until(&is_at("/account?done=others"));
    assert_eq!(browser.value("document.querySelectorAll('.sessions li').length"), json!(1));
    assert_eq!((service.judge(&access), service.refresh(&elsewhere).status), ("sid_revoked", 400));

    for (old, new, again, told) in [
        ("wrong horse", "a longer sentence", "a longer sentence", "The current password is wrong"),
        (PASSWORD, "a longer sentence", "another sentence", "the two new passwords differ"),
        (PASSWORD, "short", "short", "fewer than 8 characters"),
    ] {
        change_password(&mut browser, old, new, again);
        browser.until("document.activeElement?.id === 'fault'");
        let found = browser.value("fault.innerText");
        assert!(found.as_str().unwrap().contains(told), "{found}");
    }
    browser.assert_fits("account-wrong");
    change_password(&mut browser, PASSWORD, "a longer sentence", "a longer sentence");
    browser.until(&is_at("/account?done=password"));
    assert_eq!(service.login("alice", PASSWORD).status, 401);
    assert_eq!(service.login("alice", "a longer sentence").status, 200);

    browser.value("document.querySelector('header form').requestSubmit()");
    browser.until(&is_at("/login?done=signed-out"));
    browser.assert_fits("signed-out");
    browser.go(&format!("{origin}/account"));
    browser.until("location.pathname === '/login'");
    assert_quiet(&browser, &origin, &["401", "400"]);
}

fn change_password(browser: &mut Browser, old: &str, new: &str, again: &str) {
    browser.value("password.focus()");
    for text in [old, new, again] {
        browser.write(text);
        browser.press("Tab");
    }
    browser.value("window.isOld = true");
    browser.press("Enter");
    browser.until("document.readyState === 'complete' && window.isOld === undefined");
}

#[test]
fn lock_is_told_in_words_and_ends() {
    let Some(mut browser) = browser() else { return };
    let (_home, service) = start("[guard]\naccount_free = 1\naccount_first_seconds = 4");
    let origin = format!("http://127.0.0.1:{}", service.port);
    browser.go(&format!("{origin}/login"));
    for _ in 0..3 {
        browser.value("window.isOld = true");
        sign_in(&mut browser, "alice", "wrong horse");
        browser.until("window.isOld === undefined && document.activeElement?.id === 'fault'");
    }
    let told = browser.value("fault.innerText");
    assert!(told.as_str().unwrap().contains("too many wrong passwords. Please wait"), "{told}");
    assert_eq!(browser.value("password.getAttribute('aria-invalid')"), Value::Null, "it may be right");
    browser.assert_fits("login-locked");
    until("the lock ends", || service.login("alice", PASSWORD).status == 200);
    sign_in(&mut browser, "alice", PASSWORD);
    browser.until(&is_at("/account"));
    assert_quiet(&browser, &origin, &["401", "429"]);
}

#[test]
fn page_goes_on_by_itself_when_the_access_token_has_expired() {
    let Some(mut browser) = browser() else { return };
    let (_home, service) = start("[tokens]\naccess_seconds = 5\naudiences = [\"api\"]");
    let origin = format!("http://127.0.0.1:{}", service.port);
    browser.go(&format!("{origin}/login?next=/readyz"));
    sign_in(&mut browser, "alice", PASSWORD);
    browser.until(&is_at("/readyz"));
    // With the cookie of an access token that a gateway refused, going on would be a circle.
    browser.go(&format!("{origin}/login?next=/readyz"));
    assert_eq!(browser.value("document.querySelector('h1').innerText"), json!("You are signed in"));
    browser.assert_fits("continue");
    std::thread::sleep(Duration::from_secs(6));
    browser.go(&format!("{origin}/login?next=/readyz"));
    browser.until(&is_at("/readyz"));
    // A session that has ended elsewhere leads to the form.
    let (access, _) = service.tokens("alice");
    let bearer = format!("Bearer {access}");
    service.post("/logout", &[("Authorization", &bearer)], &[("everywhere", "true")]);
    browser.go(&format!("{origin}/account"));
    browser.until("location.pathname === '/login' && document.querySelector('#username') !== null");
    assert_quiet(&browser, &origin, &[]);
}

#[test]
fn debugger_begins_with_the_keys_of_the_service_if_it_is_wanted() {
    let home = Home::new("[pages]\ndebugger = true");
    home.add_user("alice");
    let service = home.serve();
    let (access, _) = service.tokens("alice");
    let page = service.get("/debugger/verify");
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none';"), "{page:?}");
    assert!(!page.body.contains("name=\"place\""), "it fetches nothing");
    let cross = service.post("/debugger/verify", &[("Sec-Fetch-Site", "cross-site")], &[("token", &access)]);
    assert_eq!(cross.status, 403);

    let Some(mut browser) = browser() else { return };
    let origin = format!("http://127.0.0.1:{}", service.port);
    browser.go(&format!("{origin}/debugger/"));
    browser.until("document.readyState === 'complete' && location.pathname === '/debugger/verify'");
    browser.value("token.focus()");
    browser.write(&access);
    browser.value("audience.value = 'api'; issuer.value = 'https://login.example'; typ.value = 'at+jwt'");
    browser.value("document.querySelector('form.card button').click()");
    browser.until("document.querySelector('#verdict') !== null");
    let verdict = browser.value("document.querySelector('#verdict').innerText");
    assert_eq!(verdict, json!("Accepted by the rules below"));
    browser.assert_fits("debugger-jotd");
    assert_quiet(&browser, &origin, &[]);
}

#[test]
fn debugger_is_off_unless_it_is_wanted() {
    let (_home, service) = start("");
    for path in ["/debugger/", "/debugger/verify", "/debugger/make"] {
        assert_eq!(service.get(path).status, 404, "{path}");
    }
}

#[test]
fn everything_works_without_scripts() {
    let Some(mut browser) = browser() else { return };
    let (_home, service) = start("");
    let origin = format!("http://127.0.0.1:{}", service.port);
    browser.order("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    browser.go(&format!("{origin}/login?next=/account"));
    browser.until("document.activeElement?.id === 'username'");
    for (password, place) in [("wrong horse", "/login"), (PASSWORD, "/account")] {
        sign_in(&mut browser, "alice", password);
        browser.until(&format!("document.readyState === 'complete' && location.pathname === '{place}' && document.querySelector('#fault, .sessions') !== null"));
    }
    // Without the script that goes on there is its button.
    browser.order("Network.deleteCookies", json!({"name": "__Host-jot-access", "url": origin}));
    browser.go(&format!("{origin}/login?next=/account"));
    assert_eq!(
        browser.value("document.querySelector('form[data-goes-on] button').innerText"),
        json!("Continue")
    );
    browser.press("Tab");
    browser.press("Enter");
    browser.until(&is_at("/account"));
    browser.press("Tab");
    browser.press("Tab");
    browser.press("Enter");
    browser.until(&is_at("/login?done=signed-out"));
    assert_quiet(&browser, &origin, &["401"]);
}
