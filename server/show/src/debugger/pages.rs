//! What the two pages have. Their texts are in `templates/`.

use askama::Template;

use super::form::Form;
use super::report::{Report, State};

/// The `kid` of a throw-away key begins so, and so does that of every token made here.
pub(super) const MADE_HERE: &str = "jot-debugger-throw-away-";

#[derive(Template)]
#[template(path = "verify.html")]
pub(super) struct VerifyPage {
    pub(super) form: Form,
    pub(super) may_fetch: bool,
    /// What is wrong with the form.
    pub(super) fault: Option<String>,
    pub(super) shown: Option<Shown>,
    pub(super) report: Option<Report>,
    /// The keys that were used.
    pub(super) keys: Vec<String>,
    /// A doubt about the secret or the form.
    pub(super) notes: Vec<String>,
}

/// A token, taken apart.
pub(super) struct Shown {
    /// Its segments as they were pasted.
    pub(super) segments: Vec<String>,
    pub(super) header: String,
    pub(super) claims: String,
    /// The claims, if they are an object that can be edited.
    pub(super) editable: Option<String>,
    pub(super) dates: Vec<(&'static str, String)>,
    pub(super) signature: Option<String>,
    pub(super) signature_hex: String,
    /// A debugger made it.
    pub(super) is_made: bool,
}

#[derive(Template)]
#[template(path = "make.html")]
pub(super) struct MakePage {
    pub(super) form: Form,
    pub(super) algorithms: Vec<&'static str>,
    pub(super) fault: Option<String>,
    pub(super) made: Option<Made>,
}

/// A token that was made, and the key that verifies it.
pub(super) struct Made {
    pub(super) token: String,
    pub(super) segments: Vec<String>,
    /// The public key as a JWK Set, or the secret.
    pub(super) keys: String,
    pub(super) is_secret: bool,
    pub(super) dates: Vec<(&'static str, String)>,
}
