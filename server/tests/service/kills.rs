//! A service that is killed in the middle of refreshes, logouts and rotations: nothing that
//! it acknowledged may be gone, and nothing may be there twice. `JOT_KILLS` says how often.

use std::collections::HashMap;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::kit::{Home, Service, generation};

const SESSIONS: usize = 6;

const SETTINGS: &str = "[tokens]\ngrace_seconds = 300\n[keys]\nahead_seconds = 1";

fn kills() -> usize {
    std::env::var("JOT_KILLS").map_or(8, |number| number.parse().unwrap())
}

#[test]
fn nothing_acknowledged_is_lost_when_the_service_is_killed() {
    let home = Home::new(SETTINGS);
    home.add_user("alice");
    nothing_is_lost(&home, kills(), drop);
}

/// The database of each next start is what the disk had been told to keep.
#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut() {
    let mut home = Home::new(SETTINGS);
    if !home.database.is_sqlite() {
        return;
    }
    let (shim, synced) = (home.path("synced.so"), home.path("synced"));
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/service/synced.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", source, "-ldl", "-o"]);
    assert!(compiler.arg(&shim).status().unwrap().success());
    std::fs::create_dir(&synced).unwrap();
    for (name, path) in [("LD_PRELOAD", &shim), ("JOT_SYNCED", &synced)] {
        home.variables.push((name.to_owned(), path.to_str().unwrap().to_owned()));
    }
    home.add_user("alice");
    nothing_is_lost(&home, kills(), |service| {
        drop(service);
        let database = home.path("db");
        std::fs::remove_dir_all(&database).unwrap();
        std::fs::create_dir(&database).unwrap();
        for name in ["jotd.db", "jotd.db-wal"] {
            std::fs::copy(synced.join(name), database.join(name)).unwrap();
        }
    });
}

fn nothing_is_lost(home: &Home, kills: usize, end: impl Fn(Service)) {
    let first = home.serve();
    // The newest token that each client was told of.
    let known: Vec<Mutex<String>> = (0..SESSIONS).map(|_| Mutex::new(first.tokens("alice").1)).collect();
    end(first);
    let seen: Mutex<HashMap<(usize, u32), String>> = Mutex::default();
    let refreshes = AtomicUsize::new(0);
    for round in 0..kills {
        let service = home.serve();
        let logged_out = service.tokens("alice");
        let form = [("refresh_token", logged_out.1.as_str())];
        let is_over = AtomicBool::new(false);
        let is_logged_out = std::thread::scope(|scope| {
            for (number, newest) in known.iter().enumerate() {
                let (service, seen, refreshes, is_over) = (&service, &seen, &refreshes, &is_over);
                scope.spawn(move || {
                    while !is_over.load(Ordering::Relaxed) {
                        let token = newest.lock().unwrap().clone();
                        let Some(reply) = service.try_refresh(&token) else { continue };
                        assert_eq!(reply.status, 200, "round {round}: {reply:?}");
                        refreshes.fetch_add(1, Ordering::Relaxed);
                        let next = reply.text("refresh_token");
                        let key = (number, generation(&next));
                        let before = seen.lock().unwrap().entry(key).or_insert_with(|| next.clone()).clone();
                        assert_eq!(before, next, "two tokens of one generation");
                        *newest.lock().unwrap() = next;
                    }
                });
            }
            if round % 3 == 0 {
                // Refused while another key is announced.
                home.run(&["keys", "rotate"], "");
            }
            // At another moment each time, of what the threads do.
            std::thread::sleep(Duration::from_millis(20 + (round as u64 * 37) % 100));
            let is_logged_out = scope.spawn(|| service.try_post("/logout", &form).is_some());
            std::thread::sleep(Duration::from_millis((round as u64 * 13) % 10));
            service.signal("KILL");
            is_over.store(true, Ordering::Relaxed);
            is_logged_out.join().unwrap()
        });
        end(service);
        let service = home.serve();
        for newest in &known {
            let token = newest.lock().unwrap().clone();
            let reply = service.refresh(&token);
            assert_eq!(reply.status, 200, "round {round}: a session is lost: {reply:?}");
            assert_eq!(service.judge(&reply.text("access_token")), "accepted", "signed by a published key");
            *newest.lock().unwrap() = reply.text("refresh_token");
        }
        if is_logged_out {
            assert_eq!(service.judge(&logged_out.0), "sid_revoked", "round {round}: a logout is lost");
            assert_eq!(service.refresh(&logged_out.1).status, 400);
        }
    }
    assert!(refreshes.into_inner() > kills * SESSIONS, "the threads were not busy");
}
