//! Refreshing: hundreds at once, with answers that get lost, and thieves.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kit::{Home, claims, generation};

const SESSIONS: usize = 12;
const TABS: usize = 6;
const ROUNDS: usize = 10;

#[test]
fn hundreds_at_once_with_lost_answers_lose_no_session_and_make_no_second_successor() {
    let home = Home::new("[tokens]\ngrace_seconds = 300");
    home.add_user("alice");
    let service = home.serve();
    let sessions: Vec<Mutex<String>> = (0..SESSIONS).map(|_| Mutex::new(service.tokens("alice").1)).collect();
    let seen: Mutex<HashMap<(usize, u32), String>> = Mutex::default();
    let (answered, superseded) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for tab in 0..SESSIONS * TABS {
            let (service, sessions, seen) = (&service, &sessions, &seen);
            let (answered, superseded) = (&answered, &superseded);
            scope.spawn(move || {
                let number = tab % SESSIONS;
                for round in 0..ROUNDS {
                    let token = sessions[number].lock().unwrap().clone();
                    if (tab + round) % 3 == 0 {
                        let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
                        service.post_and_lose("/token", &form);
                    }
                    let reply = service.refresh(&token);
                    if reply.status == 400 {
                        // Another tab went on twice in between: its token is in the store.
                        superseded.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    assert_eq!(reply.status, 200, "{reply:?}");
                    answered.fetch_add(1, Ordering::Relaxed);
                    let next = reply.text("refresh_token");
                    let key = (number, generation(&next));
                    let known = seen.lock().unwrap().entry(key).or_insert_with(|| next.clone()).clone();
                    assert_eq!(known, next, "two tokens of one generation");
                    let mut newest = sessions[number].lock().unwrap();
                    if generation(&next) > generation(&newest) {
                        *newest = next;
                    }
                }
            });
        }
    });
    let (answered, superseded) = (answered.into_inner(), superseded.into_inner());
    assert_eq!(answered + superseded, SESSIONS * TABS * ROUNDS);
    assert!(superseded < answered / 10, "{superseded} of {answered}");
    for session in &sessions {
        let reply = service.refresh(&session.lock().unwrap());
        assert_eq!(reply.status, 200, "the session is alive: {reply:?}");
        assert_eq!(service.judge(&reply.text("access_token")), "accepted");
    }
    let metrics = service.get("/metrics").body;
    assert!(!metrics.contains("refresh_reused"), "{metrics}");
    assert!(metrics.contains("jotd_events_total{event=\"refresh_repeated\"}"), "{metrics}");
}

#[test]
fn lost_answer_is_given_again_and_an_old_token_ends_the_session() {
    let home = Home::new("[tokens]\ngrace_seconds = 2");
    home.add_user("alice");
    let service = home.serve();
    let (other, first) = (service.tokens("alice"), service.tokens("alice").1);
    let (one, two) = (service.refresh(&first), service.refresh(&first));
    assert_eq!(one.text("refresh_token"), two.text("refresh_token"), "the same successor");
    assert_ne!(one.text("access_token"), two.text("access_token"));
    std::thread::sleep(std::time::Duration::from_secs(3));
    let newest = service.refresh(&one.text("refresh_token"));
    assert_eq!(newest.status, 200);
    let stolen = service.refresh(&first);
    assert_eq!(stolen.fault(), (400, "invalid_grant".to_owned()));
    // Both holders are out, and the access tokens are on the list at once.
    assert_eq!(service.refresh(&newest.text("refresh_token")).fault(), (400, "invalid_grant".to_owned()));
    assert_eq!(service.judge(&newest.text("access_token")), "sid_revoked");
    assert_eq!(service.judge(&other.0), "accepted", "other sessions go on");
    assert_eq!(service.refresh(&other.1).status, 200);
}

#[test]
fn token_that_was_never_issued_harms_nobody() {
    let home = Home::new("[tokens]\ngrace_seconds = 0");
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    // The session is named in the access token; a token with it is made up easily.
    let sid = URL_SAFE_NO_PAD.decode(claims(&access)["sid"].as_str().unwrap()).unwrap();
    let forged = URL_SAFE_NO_PAD.encode([sid.as_slice(), &[0; 52]].concat());
    assert_eq!(service.refresh(&forged).fault(), (400, "invalid_grant".to_owned()));
    assert_eq!(service.refresh(&refresh).status, 200);
}

#[test]
fn sessions_end_when_nobody_comes_and_after_their_absolute_life() {
    // The shortest that can be set is a minute: the clock is not the service's.
    let home = Home::new("[tokens]\nsession_seconds = 60\nidle_seconds = 60\naccess_seconds = 5");
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    // A database in which the login was a minute ago.
    home.execute("UPDATE session SET started = started - 61");
    assert_eq!(service.refresh(&refresh).fault(), (400, "invalid_grant".to_owned()));
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(service.judge(&access), "expired");
}
