//! Exit codes, failures and messages of commands.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

use jot_show::text;

/// The end of a command that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Success; every token was accepted.
    Done,
    /// At least one token was rejected or could not be decoded.
    Rejected,
    /// The user interrupted it.
    Interrupted,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Done => Self::SUCCESS,
            End::Rejected => Self::from(1),
            End::Interrupted => Self::from(130),
        }
    }
}

/// The reason why a command could not do its work: wrong usage, or an I/O error.
#[derive(Debug)]
pub(crate) enum Failure {
    /// One line for the user.
    Told(String),
    /// The reader of our output has closed it; no message is written.
    OutputClosed,
}

impl Failure {
    pub(crate) fn new(reason: impl Display) -> Self {
        Self::Told(reason.to_string())
    }

    /// Names the file or argument at fault first.
    pub(crate) fn of(place: impl Display, reason: impl Display) -> Self {
        Self::Told(format!("{place}: {reason}"))
    }

    pub(crate) fn of_output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::of("standard output", error),
        }
    }

    /// Returns what the user would be told.
    pub(crate) fn into_words(self) -> String {
        match self {
            Self::Told(reason) => reason,
            Self::OutputClosed => "the output is closed".to_owned(),
        }
    }

    /// Tells the user and returns the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        if let Self::Told(reason) = self {
            tell(reason);
        }
        ExitCode::from(2)
    }
}

/// Writes one line to standard error and ignores errors, because there is no other
/// place for them.
pub(crate) fn tell(reason: impl Display) {
    let line = text::one_line(&reason.to_string());
    let _ = writeln!(io::stderr(), "jotctl: {line}");
}

/// Writes a warning to standard error.
pub(crate) fn warn(place: impl Display, reason: impl Display) {
    tell(format!("warning: {place}: {reason}"));
}

/// Writes `bytes` to standard output and flushes it.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| Failure::of_output(&error))
}

/// Prints help and version unchanged, and any other message of the argument parser as
/// one line.
pub(crate) fn report_usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};

    match error.kind() {
        DisplayHelp | DisplayVersion => match error.print() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(2),
        },
        DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(2)
        }
        _ => {
            let rendered = error.render().to_string();
            let words = rendered.split("\nUsage:").next().unwrap_or_default();
            let words = words.strip_prefix("error: ").unwrap_or(words);
            let is_wanted = |line: &&str| !line.is_empty() && !line.starts_with("For more information");
            let lines: Vec<_> = words.lines().map(str::trim).filter(is_wanted).collect();
            tell(format!("{} (try --help)", shorten_quoted(&lines.join(" "))));
            ExitCode::from(2)
        }
    }
}

/// The longest argument that is shown whole; a token is longer.
const SHOWN_ARGUMENT_CHARS: usize = 48;

/// Shortens long quoted parts: a token among the arguments must not be printed.
fn shorten_quoted(line: &str) -> String {
    let shorten = |(position, part): (usize, &str)| {
        if position % 2 == 0 || part.chars().count() <= SHOWN_ARGUMENT_CHARS {
            return part.to_owned();
        }
        part.chars().take(4).chain("...".chars()).collect()
    };
    line.split('\'').enumerate().map(shorten).collect::<Vec<_>>().join("'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_arguments_are_not_shown() {
        let line = format!("unexpected argument 'eyJ{}' found", "x".repeat(60));
        assert_eq!(shorten_quoted(&line), "unexpected argument 'eyJx...' found");
        assert_eq!(shorten_quoted("a '--b' c"), "a '--b' c");
    }
}
