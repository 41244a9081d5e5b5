//! `examples/spa` in a real browser, behind a real nginx.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::browser::Browser;
use crate::kit::{Home, PASSWORD, Service, until};
use crate::looks::{assert_quiet, browser};

struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// An API behind nginx: it says for whom.
fn api() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut user = String::new();
            for line in BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok) {
                if line.is_empty() {
                    break;
                }
                // A token or a cookie that gets here is one too many.
                assert!(!line.to_ascii_lowercase().starts_with("authorization") && !line.contains("__Host-"));
                if let Some(name) = line.strip_prefix("X-User: ") {
                    user = name.to_owned();
                }
            }
            let body = format!("two orders of {user}");
            let head =
                format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    port
}

/// Starts a real nginx with a file of settings, whose ports are replaced.
fn nginx(home: &Home, service: &Service, settings: &str) -> Option<(Nginx, String)> {
    let (own, api) = (free_port(), api());
    let made = home.path("nginx");
    std::fs::create_dir(&made).unwrap();
    let folders = "access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; \
                   uwsgi_temp_path u; scgi_temp_path s;";
    let settings = settings
        .replace("8080", &own.to_string())
        .replace("8460", &service.port.to_string())
        .replace("8081", &api.to_string())
        .replace("access_log off;", folders);
    std::fs::write(made.join("nginx.conf"), format!("master_process off;\n{settings}")).unwrap();
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-p").arg(&made).args(["-c", "nginx.conf"]).stdin(Stdio::null());
    let running = match command.spawn() {
        Ok(child) => Nginx(child),
        Err(_) if std::env::var_os("JOT_REQUIRE").is_none() => return None,
        Err(error) => panic!("nginx: {error}"),
    };
    until("nginx answers", || std::net::TcpStream::connect(("127.0.0.1", own)).is_ok());
    Some((running, format!("http://127.0.0.1:{own}")))
}

fn renewals(service: &Service) -> u64 {
    let metrics = service.get("/metrics").body;
    let line = metrics
        .lines()
        .find(|line| line.starts_with("jotd_requests_total{endpoint=\"/token\",status=\"200\"}"));
    line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
}

fn sign_in(browser: &mut Browser) {
    browser.until("document.readyState === 'complete' && document.querySelector('#username') !== null");
    browser.value("document.querySelector('#username').focus()");
    browser.write("alice");
    browser.press("Tab");
    browser.write(PASSWORD);
    browser.press("Enter");
    browser.until("location.pathname === '/' && document.querySelector('#signed-in')?.hidden === false");
}

#[test]
fn page_renews_once_for_all_calls_and_tabs_and_signs_out_everywhere() {
    let Some(mut browser) = browser() else { return };
    let home =
        Home::new("[tokens]\naccess_seconds = 8\naudiences = [\"api\"]\n[listen]\nproxies = [\"127.0.0.1\"]");
    home.add_user("alice");
    let service = home.serve();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/spa");
    let settings = std::fs::read_to_string(format!("{folder}/nginx.conf")).unwrap();
    let settings = settings.replace("root site", &format!("root {folder}/site"));
    let Some((_nginx, origin)) = nginx(&home, &service, &settings) else { return };

    let first = browser.tab();
    browser.go(&format!("{origin}/"));
    browser.until("document.querySelector('#signed-out').hidden === false");
    browser.assert_fits("spa-out");
    browser.value("document.querySelector('#signed-out a').click()");
    sign_in(&mut browser);
    assert_eq!(renewals(&service), 1, "the first token came by the cookie");
    browser.value("document.querySelector('#ten').click()");
    browser.until("document.querySelector('#orders').textContent === 'two orders of alice (10 answers)'");
    browser.assert_fits("spa-in");
    // No script has anything that outlives the tab.
    let kept = browser.value("[document.cookie, localStorage.length, sessionStorage.length, Object.keys(window).filter((name) => /token|session$/i.test(name)).length]");
    assert_eq!(kept, json!(["", 0, 0, 0]));

    // A second tab asks the first.
    let before = renewals(&service);
    browser.tab();
    browser.go(&format!("{origin}/"));
    browser.until("document.querySelector('#signed-in').hidden === false");
    assert_eq!(renewals(&service), before, "the other tab had a token");
    browser.value("document.querySelector('#ten').click()");
    browser.until("document.querySelector('#orders').textContent.endsWith('(10 answers)')");

    // Both renew by themselves, before the token expires: one request for each life of it.
    std::thread::sleep(Duration::from_secs(8));
    let renewed = renewals(&service) - before;
    assert!((1..=2).contains(&renewed), "{renewed} renewals in 8 seconds of two tabs");
    browser.value("document.querySelector('#one').click()");
    browser.until("document.querySelector('#orders').textContent.endsWith('(1 answers)')");

    // Many calls wait for one renewal, also if the token was taken back under them.
    let before = renewals(&service);
    browser.value(
        "import('/session.js').then(async ({ Session }) => { const session = new Session(); \
         const answers = await Promise.all(Array.from({ length: 20 }, () => session.fetch('/api/orders'))); \
         return answers.every((answer) => answer.status === 200); })",
    );
    assert!(renewals(&service) - before <= 1);

    browser.value("document.querySelector('#sign-out').click()");
    browser.until("document.querySelector('#signed-out').hidden === false");
    browser.turn_to(&first);
    // Told by the other tab: its own renewal would find out after some seconds.
    let soon =
        "new Promise((done) => setTimeout(() => done(document.querySelector('#signed-out').hidden), 500))";
    assert_eq!(browser.value(soon), json!(false));
    assert_eq!(browser.value("fetch('/api/orders').then((answer) => answer.status)"), json!(401));
    browser.go(&format!("{origin}/"));
    browser.until("document.querySelector('#signed-out').hidden === false");
    assert_quiet(&browser, &origin, &["400", "401"]);
}

/// The lines of docs/server.md, and what stands around them.
const GUARDED: &str = "daemon off; pid nginx.pid; error_log stderr; events {} http { access_log off;
    server { listen 127.0.0.1:8080;
        location / { auth_request /auth; error_page 401 = @login; auth_request_set $user $upstream_http_x_jot_user;
            proxy_set_header X-User $user; proxy_set_header Cookie ''; proxy_pass http://127.0.0.1:8081; }
        location @login { return 303 /login?next=$request_uri; }
        location = /auth { internal; proxy_pass http://127.0.0.1:8460/forward/nginx?audience=api;
            proxy_pass_request_body off; proxy_set_header Content-Length ''; }
        location ~ ^/(login|account|token|logout|password|pages/) {
            proxy_pass http://127.0.0.1:8460; proxy_set_header Host $http_host; }
    } }";

#[test]
fn guarded_page_leads_to_the_login_and_back_and_renews_unseen() {
    let Some(mut browser) = browser() else { return };
    let home = Home::new("[tokens]\naccess_seconds = 5\naudiences = [\"api\"]");
    home.add_user("alice");
    let service = home.serve();
    let Some((_nginx, origin)) = nginx(&home, &service, GUARDED) else { return };
    let shop = "document.readyState === 'complete' && location.pathname + location.search === '/shop?item=7' \
                && document.body.innerText === 'two orders of alice'";
    browser.go(&format!("{origin}/shop?item=7"));
    browser.until("location.pathname === '/login' && document.activeElement?.id === 'username'");
    browser.write("alice");
    browser.press("Tab");
    browser.write(PASSWORD);
    browser.press("Enter");
    browser.until(shop);
    // The access token has expired; the session has not.
    std::thread::sleep(Duration::from_secs(6));
    browser.go(&format!("{origin}/shop?item=7"));
    browser.until(shop);
    let access = service.tokens("alice").0;
    let bearer = format!("Bearer {access}");
    service.post("/logout", &[("Authorization", &bearer)], &[("everywhere", "true")]);
    browser.go(&format!("{origin}/shop?item=7"));
    // The cookie of the access token is still there, and counts no more.
    browser.until("location.pathname === '/login' && document.querySelector('#username') !== null");
    assert_quiet(&browser, &origin, &[]);
}
