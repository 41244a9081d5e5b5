//! The pages without a browser: who gets them, and who does not.

use crate::kit::{Home, PASSWORD, Reply, Service};

const PAGE: (&str, &str) = ("Accept", "text/html");

fn start() -> (Home, Service) {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    (home, service)
}

/// The cookies that an answer sets, as a request sends them.
fn jar(reply: &Reply) -> String {
    let pairs = reply.cookies().into_iter().map(|cookie| cookie.split(';').next().unwrap());
    pairs.collect::<Vec<_>>().join("; ")
}

fn sign_in(service: &Service) -> String {
    let form = [("username", "alice"), ("password", PASSWORD), ("next", "/account")];
    let reply = service.post("/login", &[PAGE], &form);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/account")));
    jar(&reply)
}

fn sessions(service: &Service, cookies: &str) -> Vec<String> {
    let page = service.send("GET", "/account", &[("Cookie", cookies)], "");
    assert_eq!(page.status, 200, "{page:?}");
    let names = page.body.split("name=\"session\" value=\"").skip(1);
    names.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn pages_have_the_headers_that_confine_them() {
    let (_home, service) = start();
    let cookies = sign_in(&service);
    for path in ["/login", "/account"] {
        let page = service.send("GET", path, &[("Cookie", &cookies)], "");
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    assert_eq!(service.get("/pages/style.css").header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(service.get("/").header("location"), Some("/account"));
}

#[test]
fn login_leads_to_paths_of_this_host_only() {
    let (_home, service) = start();
    for (next, wanted) in [("/a?b=c", "/a?b=c"), ("//evil.example", "/"), ("https://evil.example", "/")] {
        let query = crate::kit::encode(&[("next", next)]);
        let page = service.get(&format!("/login?{query}")).body;
        assert!(page.contains(&format!("name=\"next\" value=\"{wanted}\"")), "{next}: {page}");
        let form = [("username", "alice"), ("password", PASSWORD), ("next", next)];
        assert_eq!(service.post("/login", &[PAGE], &form).header("location"), Some(wanted), "{next}");
    }
}

#[test]
fn refusals_are_pages_for_pages_and_json_for_programs() {
    let (_home, service) = start();
    let form = [("username", "<b>"), ("password", "wrong horse")];
    let page = service.post("/login", &[PAGE], &form);
    assert_eq!((page.status, page.header("content-type")), (401, Some("text/html; charset=utf-8")));
    assert!(
        page.body.contains("value=\"&#60;b&#62;\"") && !page.body.contains("wrong horse"),
        "{}",
        page.body
    );
    assert_eq!(service.post("/login", &[], &form).fault(), (401, "invalid_login".to_owned()));
}

#[test]
fn account_page_is_for_the_newest_token_of_a_session_that_goes_on() {
    let (_home, service) = start();
    let cookies = sign_in(&service);
    assert_eq!(service.send("GET", "/account", &[("Cookie", &cookies)], "").status, 200);
    let refresh = cookies.split("; ").find_map(|pair| pair.strip_prefix("__Host-jot-refresh=")).unwrap();
    let leads_to_login = |cookies: &str| {
        let reply = service.send("GET", "/account", &[("Cookie", cookies)], "");
        assert_eq!(
            (reply.status, reply.header("location")),
            (303, Some("/login?next=%2Faccount&done=sign-in"))
        );
    };
    leads_to_login("");
    leads_to_login("__Host-jot-refresh=x");
    leads_to_login(&format!("__Host-jot-access={}", service.tokens("alice").0));
    let second = service.refresh(refresh).text("refresh_token");
    let third = service.refresh(&second).text("refresh_token");
    leads_to_login(&format!("__Host-jot-refresh={refresh}"));
    let newest = format!("__Host-jot-refresh={third}");
    assert_eq!(service.send("GET", "/account", &[("Cookie", &newest)], "").status, 200);
    assert_eq!(service.post("/logout", &[("Cookie", &newest)], &[]).status, 204);
    leads_to_login(&newest);
}

#[test]
fn session_is_ended_by_its_owner_only() {
    let home = Home::new("");
    home.add_user("alice");
    home.add_user("bob");
    let service = home.serve();
    let alice = sign_in(&service);
    let (access, _) = service.tokens("alice");
    let sid = crate::kit::claims(&access)["sid"].as_str().unwrap().to_owned();
    assert_eq!(sessions(&service, &alice), std::slice::from_ref(&sid));
    let (of_bob, _) = service.tokens("bob");
    let bob = format!("Bearer {of_bob}");
    let end = |who: (&str, &str), form: &[(&str, &str)]| service.post("/logout", &[who], form).status;
    assert_eq!(end(("Authorization", &bob), &[("session", &sid)]), 204, "as if there were none");
    assert_eq!(end(("Authorization", &bob), &[("others", "true")]), 204);
    assert_eq!((service.judge(&access), service.judge(&of_bob)), ("accepted", "accepted"));
    for wrong in [
        vec![("session", "x")],
        vec![("session", &sid), ("others", "true")],
        vec![("everywhere", "true"), ("others", "true")],
    ] {
        assert_eq!(end(("Cookie", &alice), &wrong), 400, "{wrong:?}");
    }
    assert_eq!(service.judge(&access), "accepted");
    assert_eq!(end(("Cookie", &alice), &[("session", &sid)]), 204);
    assert_eq!(service.judge(&access), "sid_revoked");
    assert_eq!(sessions(&service, &alice), [""; 0]);
    assert!(crate::kit::audit(&home.path("audit.ndjson")).contains("\"reason\":\"elsewhere\""));

    // Who has been logged out logs nobody else out.
    let (other, _) = service.tokens("alice");
    assert_eq!(end(("Cookie", &alice), &[]), 204);
    assert_eq!(end(("Cookie", &alice), &[("others", "true")]), 204);
    assert_eq!(service.judge(&other), "accepted");
}

#[test]
fn page_renews_its_cookies_and_loses_them_with_the_session() {
    let (_home, service) = start();
    let cookies = sign_in(&service);
    let renew = |cookies: &str| {
        let form = [("grant_type", "refresh_token"), ("next", "/shop")];
        service.post("/token", &[PAGE, ("Cookie", cookies)], &form)
    };
    let renewed = renew(&cookies);
    assert_eq!((renewed.status, renewed.header("location")), (303, Some("/shop")));
    let newer = jar(&renewed);
    assert!(newer.contains("__Host-jot-access=e") && newer.contains("__Host-jot-refresh="), "{newer}");
    assert_eq!(service.post("/logout", &[("Cookie", &newer)], &[]).status, 204);
    let gone = renew(&newer);
    assert_eq!((gone.status, gone.header("location")), (303, Some("/login?next=%2Fshop&done=expired")));
    assert!(gone.cookies().iter().all(|cookie| cookie.contains("Max-Age=0")) && gone.cookies().len() == 2);
}

#[test]
fn pages_of_other_sites_cannot_send_these_forms() {
    let (_home, service) = start();
    let cookies = sign_in(&service);
    for path in ["/login", "/logout", "/password", "/token"] {
        for site in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://evil.example"),
        ] {
            let reply = service.post(path, &[PAGE, site, ("Cookie", &cookies)], &[("everywhere", "true")]);
            assert_eq!(reply.status, 403, "{path} {site:?}");
        }
    }
    assert_eq!(service.send("GET", "/account", &[("Cookie", &cookies)], "").status, 200);
}
