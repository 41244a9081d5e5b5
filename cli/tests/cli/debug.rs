//! `jotctl debug`: who is let in, and what the page says.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::browser::Browser;
use crate::missing::missing;
use crate::support::{NOW, Room};

struct Running {
    child: Child,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn debug(room: &Room, arguments: &[&str]) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jotctl"))
        .arg("debug")
        .args(arguments)
        .current_dir(room.path("."))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    Running { child, url: url.trim_end().to_owned() }
}

impl Running {
    fn authority(&self) -> &str {
        self.url.strip_prefix("http://").unwrap().split('/').next().unwrap()
    }

    fn path(&self) -> String {
        format!("/{}", self.url.splitn(4, '/').nth(3).unwrap())
    }

    /// Sends a request and returns the answer's status and all of it.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.authority()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }
}

#[test]
fn door_is_open_to_the_page_itself_only() {
    let room = Room::with_key();
    let running = debug(&room, &["--browser", "never"]);
    let (own, path) = (running.authority().to_owned(), running.path());
    let get = |path: &str, headers: &[(&str, &str)]| running.ask("GET", path, headers);
    let (status, page) = get(&path, &[("Host", &own)]);
    assert_eq!(status, 200, "{page}");
    let head = page.to_ascii_lowercase();
    assert!(
        head.contains("content-security-policy: default-src 'none';") && !head.contains("access-control")
    );
    for (path, headers, wanted) in [
        ("/", vec![("Host", own.as_str())], 404),
        ("/verify", vec![("Host", &own)], 404),
        (&path, vec![("Host", "evil.example")], 421),
        (&path, vec![("Host", "localhost")], 421),
        (&path, vec![("Host", &own), ("Sec-Fetch-Site", "cross-site")], 403),
        (&path, vec![("Host", &own), ("Sec-Fetch-Site", "same-site")], 403),
        (&path, vec![("Host", &own), ("Origin", "https://evil.example")], 403),
        (&path, vec![("Host", &own), ("Sec-Fetch-Site", "none")], 200),
    ] {
        assert_eq!(get(path, &headers).0, wanted, "{path} {headers:?}");
        assert_eq!(running.ask("POST", path, &headers).0, wanted, "{path} {headers:?}");
    }
    let other = debug(&room, &["--browser", "never"]);
    assert_ne!(other.path(), path, "the path is another one each time");
}

#[test]
fn interrupted_debugger_ends_and_wrong_arguments_are_told() {
    let room = Room::with_key();
    let mut running = debug(&room, &["--browser", "never"]);
    let number = running.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &number]).status().unwrap().success());
    assert_eq!(running.child.wait().unwrap().code(), Some(130));
    room.run("debug @missing").fails_with(&["missing"]);
    room.run("debug --keys missing").fails_with(&["missing"]);
    room.run("debug --port 70000").fails_with(&["70000"]);
}

#[test]
fn private_key_stays_out_of_the_page() {
    let room = Room::with_key();
    room.run("keygen --alg ES256 --out-private secret.jwk").ok();
    let running = debug(&room, &["--browser", "never", "--keys", "secret.jwk"]);
    let own = running.authority().to_owned();
    let (_, page) = running.ask("GET", &running.path(), &[("Host", &own)]);
    let field = page.split("name=\"keys\"").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(field.contains("kty") && !field.contains("&#34;d&#34;"), "{field}");
}

#[test]
fn token_is_explained_and_another_one_made_in_a_browser() {
    let Some(mut browser) = Browser::start(&[]) else { return missing("chromium") };
    let room = Room::with_key();
    let stale = room.token(&format!(r#"{{"iss":"i","sub":"alice","aud":"a","exp":{}}}"#, NOW - 9));
    std::fs::write(room.path("token"), &stale).unwrap();
    let running = debug(&room, &["--browser", "never", "--keys", "jwks.json", "@token"]);
    browser.go(&running.url);
    assert_eq!(browser.value("token.value"), json!(stale));
    assert_eq!(browser.value("document.querySelector('[data-needs-script]').hidden"), json!(false));
    browser.assert_fits("debug-first");
    let submit = |browser: &mut Browser, button: &str| {
        browser.value(&format!("window.isOld = true; document.querySelector('{button}').click()"));
        browser.until("document.readyState === 'complete' && window.isOld === undefined");
    };
    browser.value("audience.value = 'other'");
    submit(&mut browser, "form.card button");
    let verdict = browser.value("document.querySelector('#verdict').innerText");
    assert!(verdict.as_str().unwrap().starts_with("Rejected: aud_mismatch (622)"), "{verdict}");
    assert_eq!(
        browser.value("[...document.querySelectorAll('.steps code.code')].map((code) => code.innerText)"),
        json!(["aud_mismatch", "expired"])
    );
    browser.assert_fits("debug-verify");
    assert_eq!(browser.value("document.querySelector('#made')"), json!(null));

    // Its claims, with another date and a key of the page.
    submit(&mut browser, "form[action=make] button");
    assert_eq!(browser.value("document.title"), json!("Make a token – jot debugger"));
    browser.value(&format!("claims.value = claims.value.replace('{}', '9999999999')", NOW - 9));
    submit(&mut browser, "form.card button");
    browser.assert_fits("debug-made");
    submit(&mut browser, "form[action=verify] button");
    let verdict = browser.value("document.querySelector('#verdict').innerText");
    assert!(verdict.as_str().unwrap().starts_with("Accepted by the rules below"), "{verdict}");
    let made = browser.value("document.querySelector('#made').innerText");
    assert!(made.as_str().unwrap().contains("made by a debugger"), "{made}");
    browser.assert_fits("debug-marked");

    let own = format!("http://{}", running.authority());
    let asked = browser.requests();
    assert!(asked.len() > 10 && asked.iter().all(|url| url.starts_with(&own)), "{asked:?}");
    assert_eq!(browser.complaints(), [&serde_json::Value::Null; 0]);
}
