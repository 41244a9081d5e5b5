//! A browser that tests look at a page with, by the DevTools protocol over pipes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Where scripts/chromium.sh installs it.
const PROGRAM: &str = "/usr/bin/chromium";

/// The colours that a reader prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

pub(crate) struct Browser {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    session: Option<String>,
    sent: u64,
    /// What was told without being asked for.
    events: Vec<Value>,
}

impl Browser {
    /// Starts the browser and opens a page; `None` if there is no browser.
    pub(crate) fn open(page: &Path) -> Option<Self> {
        if !Path::new(PROGRAM).exists() {
            return None;
        }
        // The protocol is spoken over the descriptors 3 and 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "sh", PROGRAM])
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--remote-debugging-pipe",
            ])
            .args(["--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut browser = Self { child, orders, answers, session: None, sent: 0, events: Vec::new() };
        let target = browser.order("Target.createTarget", json!({"url": "about:blank"}));
        let to = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.order("Target.attachToTarget", to);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.order(&format!("{domain}.enable"), json!({}));
        }
        browser.show(1280, Scheme::Light);
        browser.order("Page.navigate", json!({"url": format!("file://{}", page.display())}));
        browser.value("new Promise(r => document.readyState === 'complete' ? r(1) : addEventListener('load', () => r(1)))");
        Some(browser)
    }

    /// Gives an order and returns its answer.
    pub(crate) fn order(&mut self, method: &str, parameters: Value) -> Value {
        self.sent = self.sent.wrapping_add(1);
        let mut order = json!({"id": self.sent, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            order["sessionId"] = session.as_str().into();
        }
        self.orders.write_all(format!("{order}\0").as_bytes()).unwrap();
        loop {
            let mut answer = Vec::new();
            self.answers.read_until(0, &mut answer).unwrap();
            assert_eq!(answer.pop(), Some(0), "the browser ended");
            let mut answer: Value = serde_json::from_slice(&answer).unwrap();
            if answer["id"] == self.sent {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].take();
            }
            self.events.push(answer);
        }
    }

    /// Evaluates an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let what = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.order("Runtime.evaluate", what);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// Gives the window a width and a reader's preference.
    pub(crate) fn show(&mut self, width: u32, scheme: Scheme) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500});
        self.order("Emulation.setDeviceMetricsOverride", size);
        self.prefer("screen", scheme);
    }

    pub(crate) fn prefer(&mut self, media: &str, scheme: Scheme) {
        let name = if scheme == Scheme::Dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": name}]);
        self.order("Emulation.setEmulatedMedia", json!({"media": media, "features": features}));
    }

    /// Prints the page and returns the PDF.
    pub(crate) fn pdf(&mut self) -> Vec<u8> {
        let how = json!({"preferCSSPageSize": true, "printBackground": true});
        let printed = self.order("Page.printToPDF", how);
        STANDARD.decode(printed["data"].as_str().unwrap()).unwrap()
    }

    /// Returns the addresses that the page asked for, apart from its own.
    pub(crate) fn requests(&self) -> Vec<String> {
        let sent = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        let urls = sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned());
        urls.filter(|url| !url.ends_with("/report.html")).collect()
    }

    /// Returns what the browser complained of, such as a script that was refused.
    pub(crate) fn complaints(&self) -> Vec<&Value> {
        let methods = ["Log.entryAdded", "Runtime.exceptionThrown"];
        self.events.iter().filter(|event| methods.iter().any(|method| event["method"] == *method)).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its own children end with it; the process was started here.
        self.session = None;
        let _ = self.orders.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let _ = self.child.wait();
    }
}
