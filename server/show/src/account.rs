//! The account page of `jotd`.

use askama::Template;
use jot::UnixSeconds;

use crate::date;

/// The page with a user's sessions, and the form for another password.
#[derive(Clone, Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage<'p> {
    /// Whose page it is: the host.
    pub host: &'p str,
    /// The account's name.
    pub name: &'p str,
    /// Where the user is logged in, this one among them.
    pub sessions: Vec<SessionRow>,
    /// The fewest characters of a new password.
    pub least: usize,
    /// Why the password was not changed.
    pub fault: Option<String>,
    /// Which of the passwords is at fault.
    pub wrong: Wrong,
    /// What has been done.
    pub notice: Option<&'static str>,
}

/// Which field of the form is at fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrong {
    /// None of them.
    #[default]
    Nothing,
    /// The current one.
    Password,
    /// The new one.
    New,
}

/// A session, as its owner sees it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its `sid`.
    pub id: String,
    /// It is the one that asks.
    pub is_this: bool,
    /// The program, in words: see [`program`].
    pub agent: String,
    /// Where the login came from.
    pub address: String,
    /// When the login was.
    pub began: Moment,
    /// When it was last renewed.
    pub used: Moment,
}

/// A date for people and one for machines.
#[derive(Clone, Debug)]
pub struct Moment {
    /// As RFC 3339 writes it.
    pub date: String,
    /// Its distance from now.
    pub words: String,
}

impl Moment {
    /// Tells `instant` as seen from `now`.
    #[must_use]
    pub fn new(instant: UnixSeconds, now: UnixSeconds) -> Self {
        let words = match date::distance(instant, now) {
            words if words == "now" => "just now".to_owned(),
            words => words,
        };
        Self { date: date::calendar(instant), words }
    }
}

/// Names a program by its `User-Agent`, as well as that can be guessed; a text that nothing
/// is known of is given as it is, up to 60 characters.
///
/// ```
/// let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// assert_eq!(jot_show::account::program(firefox), "Firefox on Linux");
/// assert_eq!(jot_show::account::program("curl/8.5.0"), "curl/8.5.0");
/// assert_eq!(jot_show::account::program(""), "A program without a name");
/// ```
#[must_use]
pub fn program(agent: &str) -> String {
    // In this order: most browsers also call themselves by the names of others.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let found = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
    };
    match (found(&BROWSERS), found(&SYSTEMS)) {
        _ if agent.trim().is_empty() => "A program without a name".to_owned(),
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> AccountPage<'static> {
        let now = UnixSeconds(1_798_761_600);
        let row = |id: &str, is_this, agent: &str| SessionRow {
            id: id.to_owned(),
            is_this,
            agent: program(agent),
            address: "10.0.0.1".to_owned(),
            began: Moment::new(UnixSeconds(now.0 - 7200), now),
            used: Moment::new(now, now),
        };
        AccountPage {
            host: "login.example",
            name: "alice",
            sessions: vec![row("a", true, "curl/8"), row("b", false, "<b>")],
            least: 8,
            fault: None,
            wrong: Wrong::Nothing,
            notice: None,
        }
    }

    #[test]
    fn other_sessions_can_be_ended_and_this_one_is_marked() {
        let html = page().render().unwrap();
        assert_eq!(html.matches("name=\"session\"").count(), 1, "{html}");
        assert!(html.contains("name=\"session\" value=\"b\"") && html.contains("This one"), "{html}");
        assert!(html.contains("2 hours ago</time>, last used") && html.contains(">just now<"), "{html}");
        assert!(html.contains("&#60;b&#62;") && !html.contains("<b>"), "{html}");
        assert!(html.contains("Sign out everywhere else"));
        let mut alone = page();
        alone.sessions.truncate(1);
        assert!(!alone.render().unwrap().contains("everywhere else</button>"));
    }

    #[test]
    fn field_at_fault_is_marked() {
        let told = |wrong| AccountPage { fault: Some("No.".to_owned()), wrong, ..page() }.render().unwrap();
        assert_eq!(told(Wrong::Nothing).matches("aria-invalid").count(), 0);
        assert_eq!(told(Wrong::Password).matches("aria-invalid").count(), 1);
        assert_eq!(told(Wrong::New).matches("aria-invalid").count(), 2);
    }

    #[test]
    fn browsers_are_told_from_those_that_they_claim_to_be() {
        for (agent, wanted) in [
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Safari/537.36 Edg/138.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15",
                "Safari on macOS",
            ),
        ] {
            assert_eq!(program(agent), wanted);
        }
    }
}
