//! The report of `jotctl audit`, looked at with a browser.

use serde_json::{Value, json};

use crate::browser::{Browser, FAINT, Scheme, WIDE};
use crate::missing::missing;
use crate::support::{NOW, Room, segment};

/// The keys of a log that `gen-log` made, and the rules that it was made for.
const RULES: &str = "--keys https://login.example=log/snapshots/login \
    --keys https://accounts.example=log/keys/accounts.json --keys https://id.example=log/snapshots/id \
    --alg ES256,RS256,EdDSA --aud api --quiet --report report.html --force";

/// What tokens of a room's own key are judged with.
const OWN: &str = "--keys jwks.json --alg ES256 --aud a --quiet --report report.html --force";

fn room_with_report() -> Room {
    let room = Room::new();
    room.run("gen-log --out log --lines 2500 --seed 3 --repeat 10").ok();
    room.run(&format!("audit log/access.ndjson {RULES} --fail-on accepted-invalid"));
    room
}

/// Opens the room's report; says what is missing if there is no browser.
fn browse(room: &Room) -> Option<Browser> {
    let browser = Browser::open(&room.path("report.html"));
    if browser.is_none() {
        missing("chromium");
    }
    browser
}

/// Lists what leads nowhere, and names that are there twice.
const LOOSE: &str = r##"(() => {
  const loose = [];
  for (const link of document.querySelectorAll("a")) {
    const place = link.getAttribute("href");
    if (!place.startsWith("#") || !document.getElementById(place.slice(1))) loose.push(link.outerHTML);
  }
  for (const element of document.querySelectorAll("[aria-labelledby]")) {
    if (!document.getElementById(element.getAttribute("aria-labelledby"))) loose.push(element.outerHTML.slice(0, 99));
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  loose.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`));
  for (const section of document.querySelectorAll("main > section")) {
    if (!document.querySelector(`nav a[href="#${section.id}"]`)) loose.push(`not in the contents: ${section.id}`);
    if (!section.querySelector("h2")) loose.push(`without a heading: ${section.id}`);
  }
  for (const chart of document.querySelectorAll("svg")) {
    const told = chart.getAttribute("role") === "img" && (chart.getAttribute("aria-label") ?? "").length > 10;
    if (!told && chart.getAttribute("aria-hidden") !== "true") loose.push(`without words: ${chart.outerHTML.slice(0, 99)}`);
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption?.textContent) loose.push(`without a caption: ${table.id}`);
  }
  return loose.slice(0, 5);
})()"##;

/// Asserts that the page can be read in every window, in both schemes and on paper, and
/// asks for nothing.
fn assert_fits(browser: &mut Browser) {
    assert_eq!(browser.value(LOOSE), json!([]));
    for scheme in [Scheme::Light, Scheme::Dark] {
        for width in [320, 768, 1280, 1920] {
            browser.show(width, scheme);
            assert_eq!(browser.value(WIDE), json!([width, []]), "{width} {scheme:?}");
            assert_eq!(browser.value(FAINT), json!([]), "{width} {scheme:?}");
        }
        // The width between the margins of A4, at 96 dots an inch.
        browser.show(703, scheme);
        browser.prefer("print", scheme);
        assert_eq!(browser.value(WIDE), json!([703, []]), "print, {scheme:?}");
        assert_eq!(browser.value(FAINT), json!([]), "print, {scheme:?}");
        let ground = browser.value("getComputedStyle(document.querySelector('h1')).color");
        assert_eq!(ground, json!("rgb(27, 34, 44)"), "paper is light");
    }
    let asked = browser.requests();
    assert!(asked.iter().all(|url| url.ends_with("/report.html")), "{asked:?}");
    assert_eq!(browser.complaints(), [&Value::Null; 0]);
}

/// Returns the texts of a column of a table, of the rows that are shown.
fn column(browser: &mut Browser, table: &str, column: usize) -> Vec<String> {
    let cells = format!(
        "[...document.querySelectorAll('#{table} tbody tr:not([hidden])')].map(row => row.cells[{column}].textContent)"
    );
    serde_json::from_value(browser.value(&cells)).unwrap()
}

#[test]
fn report_is_one_page_that_needs_no_network() {
    let room = room_with_report();
    let page = room.read("report.html");
    for word in ["src=", "href=\"h", "url(", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "style=\""] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(
        page.contains("default-src 'none'; style-src 'sha256-") && page.contains("https://login.example")
    );
    let Some(mut browser) = browse(&room) else { return };
    assert_fits(&mut browser);
}

#[test]
fn report_says_what_was_audited() {
    let room = room_with_report();
    let page = room.read("report.html");
    let summary = format!("audit log/access.ndjson {RULES} --summary summary.json --hash-sources");
    room.run(&summary).ok();
    let summary: Value = serde_json::from_str(&room.read("summary.json")).unwrap();
    let thumbprint = summary["trusted_keys"][0]["thumbprint"].as_str().unwrap();
    let version = format!("jotctl {}", env!("CARGO_PKG_VERSION"));
    for word in
        ["log/access.ndjson", "ES256, RS256, EdDSA", thumbprint, &version, "--fail-on accepted-invalid"]
    {
        assert!(page.contains(word), "{word}");
    }
    assert!(page.contains("Limit exceeded:") && page.contains("--hash-sources</code> takes them"));
    let page = room.read("report.html");
    let read = &summary["sources"]["read"][0];
    let hash = sha256(&std::fs::read(room.path("log/access.ndjson")).unwrap());
    assert_eq!(
        (read["sha256"].as_str().unwrap(), &read["name"]),
        (hash.as_str(), &"log/access.ndjson".into())
    );
    assert!(page.contains(&hash) && !page.contains("takes them") && !page.contains("Limit exceeded:"));
    // Findings stand before everything else, and each number leads to rows.
    let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(
        place("id=\"findings\"") < place("id=\"time\"") && place("id=\"time\"") < place("id=\"sources\"")
    );
    assert!(
        page.contains("<a href=\"#rows-key_retired\">") && page.contains("<code>--keep path</code> shows")
    );
}

#[test]
fn report_lists_the_endpoints_that_took_what() {
    let room = Room::with_key();
    let (good, stale) =
        (room.good_token(), room.token(&format!(r#"{{"iss":"i","aud":"a","exp":{}}}"#, NOW - 9)));
    let mut log = String::new();
    for (token, path, status) in
        [(&good, "/good", 200), (&good, "/good", 200), (&stale, "/<b>lax", 200), (&stale, "/strict", 401)]
    {
        log += &format!("{}\n", json!({"token": token, "time": NOW, "status": status, "request_uri": path}));
    }
    room.write("log.ndjson", log);
    room.run(&format!("audit log.ndjson --keep path {OWN}")).ok();
    let page = room.read("report.html");
    assert!(
        page.contains("<span class=\"soft\"><bdi>path</bdi></span> <bdi>/&lt;b&gt;lax</bdi>"),
        "in the samples"
    );
    let Some(mut browser) = browse(&room) else { return };
    assert_fits(&mut browser);
    assert_eq!(column(&mut browser, "kept-0-table", 0), ["/<b>lax", "/good", "/strict"]);
    assert_eq!(column(&mut browser, "kept-0-table", 1), ["1", "0", "0"]);
    browser.show(1280, Scheme::Light);
    let caption = "document.querySelector('#kept-0-table caption').getBoundingClientRect().width > 99";
    assert_eq!(browser.value(caption), json!(true), "the field is named");
}

fn sha256(bytes: &[u8]) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn report_sorts_and_filters_its_tables() {
    let room = room_with_report();
    let Some(mut browser) = browse(&room) else { return };
    browser.show(1280, Scheme::Light);
    let button = "document.querySelector('#verdicts-table th:nth-child(4) button').click()";
    let numbers = |texts: Vec<String>| -> Vec<u64> {
        texts.iter().map(|text| text.replace(',', "").parse().unwrap()).collect()
    };
    browser.value(button);
    let falling = numbers(column(&mut browser, "verdicts-table", 3));
    assert!(falling.is_sorted_by(|a, b| a >= b) && falling.len() > 8, "{falling:?}");
    browser.value(button);
    let rising = numbers(column(&mut browser, "verdicts-table", 3));
    assert!(rising.is_sorted() && rising.len() == falling.len(), "{rising:?}");
    let sort = "document.querySelector('#verdicts-table th:nth-child(4)').getAttribute('aria-sort')";
    assert_eq!(browser.value(sort), json!("ascending"));
    browser.value("document.querySelector('#verdicts-table th button').click()");
    assert!(column(&mut browser, "verdicts-table", 0).is_sorted());

    assert_eq!(column(&mut browser, "subjects-table", 0).len(), 12);
    browser.value(
        "(() => { const input = document.querySelector('#subjects input'); input.value = 'USER-1'; \
         input.dispatchEvent(new Event('input')); })()",
    );
    let found = column(&mut browser, "subjects-table", 0);
    assert!(found.len() > 1 && found.iter().all(|subject| subject.starts_with("user-1")), "{found:?}");
    // The rest is there on demand, and for whoever follows a link to it.
    let all = "document.querySelectorAll('#other-rows tbody tr').length";
    let all = usize::try_from(browser.value(all).as_u64().unwrap()).unwrap();
    assert!(column(&mut browser, "other-rows", 0).len() < all);
    browser.value("new Promise(r => { location.hash = 'rows-expired'; setTimeout(r, 200); })");
    let row = "document.getElementById('rows-expired').hidden";
    assert_eq!((browser.value(row), column(&mut browser, "other-rows", 0).len()), (json!(false), all));
}

#[test]
fn report_prints_on_a4() {
    let room = room_with_report();
    let Some(mut browser) = browse(&room) else { return };
    browser.prefer("", Scheme::Dark);
    let pdf = browser.pdf();
    let text = String::from_utf8_lossy(&pdf);
    let pages = text.matches("/Type /Page\n").count();
    assert!((4..=16).contains(&pages), "{pages} pages");
    // 210 mm by 297 mm, in points.
    assert_eq!(text.matches("/MediaBox [0 0 594.95996 841.91998]").count(), pages, "not A4");
}

#[test]
fn report_of_nothing_and_of_one_use_fit() {
    let room = Room::with_key();
    room.write("none.ndjson", "");
    room.write("one.ndjson", json!({"token": room.good_token(), "time": NOW, "status": 200}).to_string());
    for (source, words) in [("none", "No use of a token was found"), ("one", "1 use of tokens in 1 source")] {
        room.run(&format!("audit {source}.ndjson {OWN}")).ok();
        assert!(room.read("report.html").contains(words), "{source}");
        let Some(mut browser) = browse(&room) else { return };
        assert_fits(&mut browser);
    }
    let page = room.read("report.html");
    assert!(page.contains("2023-11-14</text>") && page.contains(">22:14</text>"), "the axis is of minutes");
}

/// Multiplies every count of a tally.
fn enlarge(value: &mut Value, by: u64) {
    const OTHERS: [&str; 12] = [
        "first",
        "last",
        "used_at",
        "line",
        "status",
        "first_use",
        "last_use",
        "seconds",
        "room",
        "samples",
        "shared",
        "forgotten",
    ];
    match value {
        Value::Object(members) => {
            members
                .iter_mut()
                .filter(|(name, _)| !OTHERS.contains(&name.as_str()))
                .for_each(|(_, value)| enlarge(value, by));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| enlarge(item, by)),
        _ => {
            if let Some(count) = value.as_u64() {
                *value = count.saturating_mul(by).into();
            }
        }
    }
}

#[test]
fn report_of_ten_billion_uses_fits() {
    let room = Room::new();
    room.run("gen-log --out log --lines 6000 --seed 3 --repeat 10").ok();
    let command = format!("audit log/access.ndjson {RULES} --state state --threads 1");
    assert_eq!(room.run(&format!("{command} --stop-after 100")).code, 130);
    let mut state: Value = serde_json::from_str(&room.read("state")).unwrap();
    enlarge(&mut state["tally"], 10_000_000);
    room.write("state", state.to_string());
    room.run(&format!("{command} --resume")).ok();
    let page = room.read("report.html");
    let rows = state["tally"]["totals"]["rows"].as_u64().unwrap();
    assert!(rows >= 10_000_000_000, "{rows}");
    assert!(page.contains(",000,0") && page.contains(", since it was resumed"));
    let Some(mut browser) = browse(&room) else { return };
    assert_fits(&mut browser);
}

#[test]
fn report_shows_hostile_names_as_they_are() {
    const HOSTILE: &str = "<img src=x onerror=alert(1)>\u{202e}\u{1b}[2J\u{0}</script>&amp;";
    let room = Room::with_key();
    let text = serde_json::to_string(HOSTILE).unwrap();
    let long = "n".repeat(3000);
    let mut log = String::new();
    for (place, name) in [&text, &format!("\"{long}\"")].into_iter().enumerate() {
        let header = format!("{{\"alg\":\"ES256\",\"kid\":{name}}}");
        let unknown = format!("{}.{}.{}", segment(header), segment("{}"), "A".repeat(86));
        let claims = format!("{{\"iss\":{name},\"sub\":{name},\"aud\":\"a\",\"exp\":{}}}", NOW + 100);
        let good = room.token(&claims);
        for (token, address) in [(unknown, "x\u{202e}"), (good.clone(), "10.0.0.1"), (good, "<i>")] {
            let time = NOW + 200 * i64::try_from(place).unwrap();
            log += &format!("{}\n", json!({"token": token, "time": time, "status": 200, "address": address}));
        }
    }
    log += "\u{202e}<b>no JSON\u{1b}\n";
    let source = "<u>\u{202e}.ndjson";
    room.write(source, log);
    room.run_with(
        &["audit", source, "--max-unread", "100"].into_iter().chain(OWN.split(' ')).collect::<Vec<_>>(),
    )
    .ok();
    let page = room.read("report.html");
    for c in ["\u{202e}", "\u{1b}", "\u{0}", "<img", "<u>", "<i>", "&amp;&"] {
        assert!(!page.contains(c), "{c:?}");
    }
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;<code class=\"escape\">\\u{202e}</code>"));
    let Some(mut browser) = browse(&room) else { return };
    assert_fits(&mut browser);
    assert_eq!(
        browser.value("document.querySelectorAll('img, main u, main i:not(.swatch)').length"),
        json!(0)
    );
    let outside = "[...document.querySelectorAll('.escape')].filter(escape => !escape.closest('bdi')).length";
    assert_eq!(browser.value(outside), json!(0));
}
