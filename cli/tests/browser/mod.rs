//! A browser that tests look at a page with, by the DevTools protocol over pipes.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

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

/// Lists texts whose contrast with what is behind them is lower than WCAG 2.2 demands of
/// any text (1.4.3), and parts of charts below 1.4.11.
pub(crate) const FAINT: &str = r#"(() => {
  const parsed = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [r, g, b] = parsed(colour).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (parsed(colour).length === 3 || parsed(colour)[3] === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || element.closest("script") || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const colour = element.closest("svg") ? style.fill : style.color;
    if (ratio(colour, behind(element)) < 4.5) faint.push(`${text.data.trim()} ${colour} on ${behind(element)}`);
  }
  for (const part of document.querySelectorAll(".area .invalid, .area .one, .strip .refused, .badge path")) {
    if (ratio(getComputedStyle(part).fill, behind(part)) < 3) faint.push(part.outerHTML.slice(0, 60));
  }
  return faint.slice(0, 5);
})()"#;

/// Lists elements that reach beyond the window, and how wide the page is.
pub(crate) const WIDE: &str = r#"(() => {
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return !element.closest("thead, caption, .skip, .hidden") && (box.right > innerWidth + 0.5 || box.left < -0.5);
  });
  const cut = [...document.querySelectorAll("main *, header *")].filter((element) =>
    getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1
    && !element.matches("caption, thead, thead *, svg, svg *, input, textarea, .hidden"));
  return [document.documentElement.scrollWidth, [...wide, ...cut].slice(0, 5).map((e) => e.outerHTML.slice(0, 150))];
})()"#;

/// Lists fields without a label, names that are there twice, references that lead nowhere, and
/// headings that are left out.
const NAMELESS: &str = r##"(() => {
  const loose = [];
  for (const field of document.querySelectorAll("input:not([type=hidden]):not([aria-hidden]), textarea, select")) {
    if (!field.labels?.length || !field.labels[0].textContent.trim()) loose.push(`no label: ${field.outerHTML.slice(0, 99)}`);
  }
  for (const button of document.querySelectorAll("button, a")) {
    if (!button.textContent.trim()) loose.push(`no words: ${button.outerHTML.slice(0, 99)}`);
  }
  for (const name of ["aria-labelledby", "aria-describedby"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(" ")) if (!document.getElementById(id)) loose.push(`${name}: ${id}`);
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  loose.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`));
  if (document.querySelectorAll("h1").length !== 1 || !document.querySelector("main h1")) loose.push("not one h1");
  if (document.documentElement.lang !== "en" || !document.title) loose.push("no language or title");
  const small = [...document.querySelectorAll("button, input:not([type=radio]):not([type=hidden]):not(.hidden), select")]
    .filter((element) => element.getClientRects().length && element.getBoundingClientRect().height < 24);
  loose.push(...small.map((element) => `small: ${element.outerHTML.slice(0, 99)}`));
  return loose;
})()"##;

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
        let mut browser = Self::start(&["--host-resolver-rules=MAP * ~NOTFOUND"])?;
        browser.go(&format!("file://{}", page.display()));
        Some(browser)
    }

    /// Starts the browser with an empty tab; `None` if there is no browser.
    pub(crate) fn start(arguments: &[&str]) -> Option<Self> {
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
                "--disable-dev-shm-usage",
            ])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut browser = Self { child, orders, answers, session: None, sent: 0, events: Vec::new() };
        browser.tab();
        Some(browser)
    }

    /// Opens an empty tab, which orders go to from now on, and returns its name.
    pub(crate) fn tab(&mut self) -> String {
        self.session = None;
        let target = self.order("Target.createTarget", json!({"url": "about:blank"}));
        let to = json!({"targetId": target["targetId"], "flatten": true});
        let session = self.order("Target.attachToTarget", to)["sessionId"].as_str().unwrap().to_owned();
        self.turn_to(&session);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            self.order(&format!("{domain}.enable"), json!({}));
        }
        self.show(1280, Scheme::Light);
        session
    }

    /// Gives orders to a tab from now on.
    pub(crate) fn turn_to(&mut self, tab: &str) {
        self.session = Some(tab.to_owned());
    }

    /// Opens a page, and waits for all of it.
    pub(crate) fn go(&mut self, url: &str) {
        self.order("Page.navigate", json!({"url": url}));
        self.until("document.readyState === 'complete'");
    }

    /// Types into what has the focus.
    pub(crate) fn write(&mut self, text: &str) {
        self.order("Input.insertText", json!({"text": text}));
    }

    /// Presses a key: `Tab`, `Enter` or ` `.
    pub(crate) fn press(&mut self, key: &str) {
        let (code, number, text) = match key {
            "Tab" => ("Tab", 9, ""),
            "Enter" => ("Enter", 13, "\r"),
            _ => ("Space", 32, " "),
        };
        let what = json!({"key": key, "code": code, "windowsVirtualKeyCode": number, "text": text});
        for kind in ["keyDown", "keyUp"] {
            let mut what = what.clone();
            what["type"] = kind.into();
            self.order("Input.dispatchKeyEvent", what);
        }
    }

    /// Waits until an expression is true, in whatever page has come by then.
    #[track_caller]
    pub(crate) fn until(&mut self, expression: &str) {
        let since = Instant::now();
        loop {
            let what = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
            let answer = self.try_order("Runtime.evaluate", what);
            if answer.is_some_and(|answer| answer["result"]["value"] == true) {
                return;
            }
            if since.elapsed() > Duration::from_secs(20) {
                let page = self.value("location.href + ' ' + document.body?.innerText");
                panic!("not so after 20 seconds: {expression}: {page}");
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Asserts that the page can be read and used in every window and in both schemes.
    #[track_caller]
    pub(crate) fn assert_fits(&mut self, name: &str) {
        for scheme in [Scheme::Light, Scheme::Dark] {
            for width in [320, 1280] {
                self.show(width, scheme);
                // The window follows a moment later.
                self.until(&format!("innerWidth === {width}"));
                assert_eq!(self.value(NAMELESS), json!([]), "{name}");
                assert_eq!(self.value(WIDE), json!([width, []]), "{name} {width} {scheme:?}");
                assert_eq!(self.value(FAINT), json!([]), "{name} {width} {scheme:?}");
                self.shoot(&format!("{name}-{width}-{scheme:?}"));
            }
        }
        self.show(1280, Scheme::Light);
    }

    /// Writes a picture of the whole page where `JOT_SHOTS` names a folder.
    pub(crate) fn shoot(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("JOT_SHOTS") else { return };
        let shot = self.order("Page.captureScreenshot", json!({"captureBeyondViewport": true}));
        let picture = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(name).with_extension("png"), picture).unwrap();
    }

    /// Gives an order and returns its answer.
    pub(crate) fn order(&mut self, method: &str, parameters: Value) -> Value {
        let mut answer = self.exchange(method, parameters);
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].take()
    }

    /// Gives an order that may come while the page is changing.
    fn try_order(&mut self, method: &str, parameters: Value) -> Option<Value> {
        let mut answer = self.exchange(method, parameters);
        answer["error"].is_null().then(|| answer["result"].take())
    }

    fn exchange(&mut self, method: &str, parameters: Value) -> Value {
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
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            if answer["id"] == self.sent {
                return answer;
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

    /// Returns the addresses that the pages asked for, their own among them.
    pub(crate) fn requests(&self) -> Vec<String> {
        let sent = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned()).collect()
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
