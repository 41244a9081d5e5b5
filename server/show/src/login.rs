//! The login page of `jotd`.

use askama::Template;

use crate::date;

/// The page that asks for a name and a password.
#[derive(Clone, Debug, Template)]
#[template(path = "login.html")]
pub struct LoginPage<'p> {
    /// Whose page it is: the host.
    pub host: &'p str,
    /// What was typed before.
    pub name: &'p str,
    /// Where to go afterwards: a path of this host.
    pub next: &'p str,
    /// Why the login before was refused.
    pub fault: Option<String>,
    /// Name or password are at fault, and not the circumstances.
    pub is_invalid: bool,
    /// What has been done.
    pub notice: Option<&'static str>,
}

/// The page for who is signed in already.
#[derive(Clone, Debug, Template)]
#[template(path = "continue.html")]
pub struct ContinuePage<'p> {
    /// Whose page it is: the host.
    pub host: &'p str,
    /// The account's name.
    pub name: &'p str,
    /// Where to go: a path of this host.
    pub next: &'p str,
    /// The page goes on by itself.
    pub goes_on: bool,
}

/// Name or password are wrong; which of them is not told.
#[must_use]
pub fn wrong() -> String {
    "The name or the password is wrong. Check capital letters, and try again.".to_owned()
}

/// The account or the address is locked for so long.
#[must_use]
pub fn locked(seconds: u32) -> String {
    format!(
        "There were too many wrong passwords. Please wait {}, then try again. The right password does not help before.",
        date::span(seconds.into())
    )
}

/// Too many users log in at this moment.
#[must_use]
pub fn busy() -> String {
    "Too many people are signing in at this moment. Please try again in a few seconds.".to_owned()
}

/// The service has a fault.
#[must_use]
pub fn unavailable() -> String {
    "The service cannot sign anybody in at this moment. Please try again in a minute; your password may be right."
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> LoginPage<'_> {
        LoginPage {
            host: "login.example",
            name,
            next: "/a?b=c&d",
            fault: None,
            is_invalid: false,
            notice: None,
        }
    }

    #[test]
    fn texts_are_no_markup() {
        let html = page("\"><script>alert(1)</script>").render().unwrap();
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("value=\"/a?b=c&#38;d\""), "{html}");
    }

    #[test]
    fn fault_is_told_where_screen_readers_and_eyes_look() {
        let html = LoginPage { fault: Some(wrong()), is_invalid: true, ..page("alice") }.render().unwrap();
        assert!(html.contains("<title>Error: Sign in"), "{html}");
        assert!(
            html.contains("role=\"alert\"")
                && html.contains("aria-invalid=\"true\" aria-describedby=\"fault\"")
        );
        assert_eq!(html.matches("autofocus").count(), 1, "{html}");
        let html = page("").render().unwrap();
        assert!(!html.contains("role=\"alert\"") && html.matches("autofocus").count() == 1, "{html}");
    }

    #[test]
    fn lock_is_told_in_words() {
        assert!(locked(1).contains("wait 1 second,") && locked(90).contains("wait 2 minutes,"));
    }
}
