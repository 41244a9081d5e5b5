//! The report: one page for those who read no logs. It needs no network and no other
//! file, and reads well without its script, which only sorts and filters tables.

mod audited;
mod finding;
mod gravity;
mod heat;
mod html;
mod kept;
mod keys;
mod names;
mod samples;
mod table;
mod timeline;
mod unreadable;
mod verdicts;

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jot::Code;

use html::{counted, date, instant, number, percent, shown, shown_whole};

use super::audited::Audited;
use super::tally::Tally;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A part of the page.
struct Section {
    id: &'static str,
    title: &'static str,
    /// What the part shows, and how it is to be read.
    note: &'static str,
    content: String,
}

impl Section {
    const fn new(id: &'static str, title: &'static str, note: &'static str, content: String) -> Self {
        Self { id, title, note, content }
    }
}

/// Makes the page of a run.
pub(super) fn page(tally: &Tally, audited: &Audited) -> String {
    let sections = sections(tally, audited);
    // Nothing but this style and this script has an effect, whatever the page contains.
    let hash = |content: &str| STANDARD.encode(digest(&SHA256, content.as_bytes()));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{style}'; \
         script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Token audit of {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#findings\">To the findings</a>\n",
        instant(audited.begun)
    );
    page.push_str(&header(tally, audited));
    page.push_str("<nav aria-label=\"Contents\"><ul>");
    for Section { id, title, .. } in &sections {
        // Writing to a String cannot fail.
        let _ = write!(page, "<li><a href=\"#{id}\">{title}</a></li>");
    }
    page.push_str("</ul></nav>\n<main>\n");
    for Section { id, title, note, content } in &sections {
        let note = if note.is_empty() { String::new() } else { format!("<p class=\"note\">{note}</p>") };
        let _ = writeln!(
            page,
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{title}</h2>{note}{content}</section>"
        );
    }
    let _ = write!(
        page,
        "</main>\n<footer>Made by jotctl {} on {} UTC. This page requests nothing from anywhere.</footer>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION"),
        instant(audited.begun)
    );
    page
}

fn sections(tally: &Tally, audited: &Audited) -> Vec<Section> {
    vec![
        Section::new(
            "findings",
            "Findings",
            "The gravest first. Each number leads to rows behind it.",
            finding::section(tally),
        ),
        Section::new(
            "answered",
            "Answered although not valid",
            "Requests that a service answered with a status of 2xx although their token was not valid: up to 20 of each verdict, those of the gravest first.",
            samples::answered(tally, &audited.kept),
        ),
        Section::new("time", "Verdicts over time", "", timeline::section(tally)),
        Section::new(
            "verdicts",
            "Verdicts explained",
            "Each token has one verdict at the time of its use: the first rule that it breaks. The gravity is that of a service that takes such a token.",
            verdicts::explained(tally),
        ),
        Section::new(
            "status",
            "Status and verdict",
            "How services answered. Requests without a token count as not valid here.",
            verdicts::by_status(tally),
        ),
        Section::new(
            "lags",
            "Lateness",
            "How long after their expiry tokens were used.",
            verdicts::lags(tally),
        ),
        Section::new(
            "keys",
            "Issuers and keys",
            "Only tokens whose signature holds. The shades tell how many; the red part below shows which share was not valid.",
            keys::used(tally, audited),
        ),
        Section::new(
            "kids",
            "Unknown key names",
            "Names (kid) in tokens that no key given to the audit has. Anyone can write any name.",
            keys::unknown(tally),
        ),
        Section::new(
            "kept",
            "Endpoints and other fields",
            "The texts of the fields of --keep, first those of requests that were wrongly accepted.",
            kept::section(tally, &audited.kept),
        ),
        Section::new(
            "subjects",
            "Subjects",
            "Those with the most uses of tokens whose signature holds.",
            names::subjects(tally),
        ),
        Section::new(
            "addresses",
            "Addresses",
            "Those from which the most tokens came that were not valid.",
            names::addresses(tally),
        ),
        Section::new(
            "shared",
            "Tokens used from several addresses",
            "Only tokens whose signature holds; those with the most addresses first.",
            names::shared(tally),
        ),
        Section::new(
            "samples",
            "Other samples",
            "Up to 5 uses of each verdict that were not valid and not answered with 2xx. A row of --out has the whole fingerprint of its token.",
            samples::others(tally, &audited.kept),
        ),
        Section::new("unreadable", "Unreadable records", "", unreadable::section(tally)),
        Section::new("sources", "What was audited", "", audited::sources(audited, tally)),
        Section::new(
            "trusted",
            "Keys of the audit",
            "Each key verifies only tokens that were used while it was in force.",
            audited::keys(audited),
        ),
        Section::new("run", "Rules and run", "", audited::run(audited)),
    ]
}

/// Returns the head of the page: what was audited, and what came of it.
fn header(tally: &Tally, audited: &Audited) -> String {
    let period = match (tally.totals.first_use, tally.totals.last_use) {
        (Some(first), Some(last)) => format!("from {} to {}", date(first), date(last)),
        _ => "none at a known time".to_owned(),
    };
    let scope = match tally.totals.rows {
        0 => format!("No use of a token was found in {}.", audited::told(audited)),
        rows => format!("{} of tokens in {}, {period}.", counted(rows, "use"), audited::told(audited)),
    };
    let mut html = format!(
        "<header>\n<p class=\"over\">jotctl audit, {} UTC</p>\n<h1>Token audit</h1>\n<p class=\"scope\">{scope} \
         <a href=\"#sources\">What was audited</a></p>\n{}",
        instant(audited.begun),
        headline(tally)
    );
    if let Some(doubt) = &audited.doubt {
        let _ = write!(html, "<p class=\"limits\"><b>Not to be relied on:</b> {}</p>", shown_whole(doubt));
    }
    if !audited.broken_limits.is_empty() {
        html.push_str("<ul class=\"limits\">");
        for limit in &audited.broken_limits {
            let _ = write!(
                html,
                "<li><b>Limit exceeded:</b> {}</li>",
                shown(limit.trim_start_matches("found: "))
            );
        }
        html.push_str("</ul>");
    }
    html.push_str("<dl class=\"figures\">");
    let (rows, accepted, refused) = (tally.totals.rows, tally.code(Code::Accepted), tally.refused());
    let answered = tally.statuses.accepted_invalid_total();
    let share_refused = match tally.code(Code::TokenNull) {
        0 => percent(refused, rows),
        null => format!("{}, {} without a token", percent(refused, rows), number(null)),
    };
    for (value, name, share, place, tone) in [
        (rows, "uses judged", String::new(), "verdicts", ""),
        (accepted, "valid when used", percent(accepted, rows), "verdicts", "good"),
        (refused, "not valid", share_refused, "verdicts", ""),
        (
            answered,
            "answered 2xx, not valid",
            percent(answered, rows),
            "answered",
            if answered > 0 { "high" } else { "" },
        ),
        (
            tally.unreadable.count,
            "unreadable records",
            percent(tally.unreadable.count, tally.lines()),
            "unreadable",
            "",
        ),
    ] {
        let _ = write!(
            html,
            "<div class=\"figure {tone}\"><dt>{name}</dt><dd><a href=\"#{place}\">{}</a> <span>{share}</span></dd></div>",
            number(value)
        );
    }
    html.push_str("</dl>\n</header>\n");
    html
}

/// Returns how many kinds of findings there are of each gravity.
fn headline(tally: &Tally) -> String {
    let found = finding::kinds(tally).into_iter().filter(|(_, count)| *count > 0);
    let lines: String = found
        .map(|(gravity, count)| {
            let kinds = if count == 1 { "kind" } else { "kinds" };
            format!("<li>{} {count} {kinds} of finding</li>", gravity.badge())
        })
        .collect();
    if lines.is_empty() { String::new() } else { format!("<ul class=\"headline\">{lines}</ul>\n") }
}
