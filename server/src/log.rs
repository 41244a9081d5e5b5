//! What an operator reads: lines on standard error.

use std::io::Write as _;

use crate::clock;

/// Standard error may be closed; then nobody reads.
fn line(level: &str, text: &str) {
    let _ = writeln!(std::io::stderr(), "{} {level} {text}", clock::now().0);
}

pub(crate) fn info(text: &str) {
    line("info", text);
}

pub(crate) fn error(text: &str, error: &dyn std::fmt::Display) {
    line("error", &format!("{text}: {error}"));
}
