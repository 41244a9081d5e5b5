//! The seven steps, and what ends them.

use crate::kit::{Home, PASSWORD, claims, header, until};

#[test]
fn user_logs_in_is_verified_renews_and_logs_out() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let reply = service.login("Alice", PASSWORD);
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let value = reply.json();
    assert_eq!((value["token_type"].as_str(), value["expires_in"].as_i64()), (Some("Bearer"), Some(600)));
    let (access, refresh) = (reply.text("access_token"), reply.text("refresh_token"));
    assert_eq!(header(&access)["typ"], "at+jwt");
    let said = claims(&access);
    assert_eq!(
        (&said["aud"], &said["scope"], &said["username"]),
        (&"api".into(), &"read write".into(), &"alice".into())
    );
    assert_eq!(
        (said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), &said["client_id"]),
        (600, &"web".into())
    );
    assert_eq!(service.judge(&access), "accepted");

    let renewed = service.refresh(&refresh);
    assert_eq!(renewed.status, 200, "{renewed:?}");
    let (access, refresh) = (renewed.text("access_token"), renewed.text("refresh_token"));
    assert_eq!(claims(&access)["sid"], said["sid"]);
    assert_eq!(claims(&access)["auth_time"], said["auth_time"]);
    assert_ne!(claims(&access)["jti"], said["jti"]);
    assert_eq!(service.judge(&access), "accepted");

    let bearer = format!("Bearer {access}");
    assert_eq!(service.post("/logout", &[("Authorization", &bearer)], &[]).status, 204);
    assert_eq!(service.judge(&access), "sid_revoked", "the list has it before the answer");
    assert_eq!(service.refresh(&refresh).fault(), (400, "invalid_grant".to_owned()));
    // The service itself takes it no more.
    let again = service.post("/logout", &[("Authorization", &bearer)], &[]);
    assert_eq!(again.fault(), (401, "invalid_token".to_owned()));
    assert_eq!(again.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
}

#[test]
fn whoever_waits_for_the_list_is_told_at_once() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    let etag = service.get("/revocations").header("etag").unwrap().to_owned();
    let unchanged = service.send("GET", "/revocations", &[("If-None-Match", &etag)], "");
    assert_eq!((unchanged.status, unchanged.body.as_str()), (304, ""));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let since = std::time::Instant::now();
            let headers = [("If-None-Match", etag.as_str()), ("Prefer", "wait=25")];
            (service.send("GET", "/revocations", &headers, ""), since.elapsed())
        });
        std::thread::sleep(std::time::Duration::from_millis(500));
        assert!(!waiting.is_finished(), "it waits");
        assert_eq!(service.post("/logout", &[], &[("refresh_token", &refresh)]).status, 204);
        let (reply, time) = waiting.join().unwrap();
        assert_eq!(reply.status, 200);
        assert!(time < std::time::Duration::from_secs(20), "{time:?}");
        assert!(reply.body.split('.').count() == 3 && reply.header("etag") != Some(&etag));
    });
    assert_eq!(service.judge(&access), "sid_revoked");
}

#[test]
fn logout_everywhere_and_new_password_end_the_other_sessions() {
    let home = Home::new("");
    for name in ["alice", "bob"] {
        home.add_user(name);
    }
    let service = home.serve();
    let (one, two, bob) = (service.tokens("alice"), service.tokens("alice"), service.tokens("bob"));
    let bearer = format!("Bearer {}", one.0);
    let change = |old: &str, new: &str| {
        service.post("/password", &[("Authorization", &bearer)], &[("password", old), ("new_password", new)])
    };
    assert_eq!(change("wrong horse", "battery staple").fault(), (401, "invalid_login".to_owned()));
    assert_eq!(change(PASSWORD, "short").fault(), (400, "invalid_password".to_owned()));
    assert_eq!(service.judge(&two.0), "accepted");
    assert_eq!(change(PASSWORD, "battery staple").status, 204);
    assert_eq!((service.judge(&one.0), service.judge(&two.0)), ("accepted", "sid_revoked"));
    assert_eq!(service.login("alice", PASSWORD).status, 401);
    let three = service.login("alice", "battery staple");
    assert_eq!(three.status, 200);

    let everywhere = [("refresh_token", three.json()["refresh_token"].as_str().unwrap().to_owned())];
    let everywhere = [(everywhere[0].0, everywhere[0].1.as_str()), ("everywhere", "true")];
    assert_eq!(service.post("/logout", &[], &everywhere).status, 204);
    assert_eq!(
        (service.judge(&one.0), service.judge(&three.text("access_token"))),
        ("sid_revoked", "sid_revoked")
    );
    assert_eq!(service.judge(&bob.0), "accepted");
    // An old token of an ended session logs nobody out.
    let four = service.login("alice", "battery staple");
    assert_eq!(service.post("/logout", &[], &everywhere).status, 204);
    assert_eq!(service.judge(&four.text("access_token")), "accepted");
}

#[test]
fn commands_reach_the_running_service() {
    let home = Home::new("");
    for name in ["alice", "bob"] {
        home.add_user(name);
    }
    let service = home.serve();
    let (alice, bob) = (service.tokens("alice"), service.tokens("bob"));
    assert_eq!(home.run(&["user", "disable", "alice"], ""), (true, "1 sessions ended\n".to_owned()));
    until("the list has alice's session", || service.judge(&alice.0) == "sid_revoked");
    assert_eq!(service.login("alice", PASSWORD).fault(), (401, "invalid_login".to_owned()));
    assert_eq!(service.refresh(&alice.1).status, 400);
    assert_eq!(home.run(&["user", "passwd", "bob"], "battery staple\n").1, "1 sessions ended\n");
    until("the list has bob's session", || service.judge(&bob.0) == "sid_revoked");
    assert_eq!(service.login("bob", "battery staple").status, 200);
    assert!(home.run(&["user", "enable", "alice"], "").0);
    assert_eq!(service.login("alice", PASSWORD).status, 200);
}

#[test]
fn login_grants_what_is_asked_for_and_no_more() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let login = |more: &[(&str, &str)]| {
        let form = [&[("username", "alice"), ("password", PASSWORD)], more].concat();
        service.post("/login", &[], &form)
    };
    let less = login(&[("scope", "read"), ("audience", "api")]);
    assert_eq!(claims(&less.text("access_token"))["scope"], "read");
    assert_eq!(login(&[("scope", "admin")]).fault(), (400, "invalid_scope".to_owned()));
    assert_eq!(login(&[("audience", "bank")]).fault(), (400, "invalid_target".to_owned()));
    assert_eq!(login(&[("client_id", "other")]).fault(), (401, "invalid_client".to_owned()));
    // A refresh cannot have more than the login, and a refused one costs no token.
    let refresh = less.text("refresh_token");
    let more = |scope: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", scope)];
        service.post("/token", &[], &form)
    };
    assert_eq!(more("read write").fault(), (400, "invalid_scope".to_owned()));
    assert_eq!(more("read").status, 200);
}

#[test]
fn pages_get_cookies_that_scripts_cannot_read() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let form = [("username", "alice"), ("password", PASSWORD), ("next", "/app?x=1")];
    let page = service.post("/login", &[("Accept", "text/html,*/*")], &form);
    assert_eq!((page.status, page.header("location"), page.body.as_str()), (303, Some("/app?x=1"), ""));
    let cookies = page.cookies();
    assert_eq!(cookies.len(), 2);
    for (cookie, name) in cookies.iter().zip(["__Host-jot-refresh=", "__Host-jot-access="]) {
        assert!(cookie.starts_with(name), "{cookie}");
        for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
    }
    // A script's login keeps the access token in memory.
    let script =
        service.post("/login", &[], &[("username", "alice"), ("password", PASSWORD), ("cookies", "true")]);
    assert!(script.json()["refresh_token"].is_null() && script.cookies().len() == 1);
    let cookie = script.cookies()[0].split(';').next().unwrap().to_owned();
    let renew = |site: &str| {
        let headers = [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", site)];
        service.post("/token", &headers, &[("grant_type", "refresh_token")])
    };
    assert_eq!(renew("cross-site").status, 403, "another site's page cannot use the cookie");
    assert_eq!(renew("same-site").status, 403);
    let renewed = renew("same-origin");
    assert_eq!((renewed.status, renewed.cookies().len()), (200, 1));
    let out = service.post("/logout", &[("Cookie", &cookie), ("Sec-Fetch-Site", "same-origin")], &[]);
    assert_eq!(out.status, 204);
    assert!(out.cookies().iter().all(|cookie| cookie.contains("Max-Age=0")) && out.cookies().len() == 2);
    assert_eq!(service.judge(&renewed.text("access_token")), "sid_revoked");
}
