//! Whether the code that verified the signatures is to be relied on.

use jot::backend::BackendNews;

use crate::failure::Failure;

/// What speaks against the verdicts of a run, those included that it goes on from.
#[derive(Default)]
pub(super) struct Trust {
    news: BackendNews,
    lines: Vec<String>,
}

impl Trust {
    /// Goes on from what a run had come to know.
    pub(super) fn after(lines: Vec<String>) -> Self {
        Self { lines, ..Self::default() }
    }

    /// Looks for what was found wrong meanwhile; returns `true` if that is new.
    pub(super) fn look(&mut self) -> bool {
        let Some(line) = self.news.take().filter(|line| !self.lines.contains(line)) else { return false };
        self.lines.push(line);
        true
    }

    /// Returns what was found wrong.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Returns why what was judged so far is not to be relied on, if it is not: of what
    /// accelerated code accepted, aws-lc saw only a sample.
    pub(super) fn doubt(&self) -> Option<String> {
        let advice = "do not rely on these verdicts, and run the audit again with --backend aws-lc";
        (!self.lines.is_empty()).then(|| format!("{}: {advice}", self.lines.join("; ")))
    }

    /// Ends a run with such a doubt.
    pub(super) fn demand(&self) -> Result<(), Failure> {
        self.doubt().map_or(Ok(()), |doubt| Err(Failure::new(doubt)))
    }
}
