//! Whether the code that verified the signatures is to be relied on.

use jot::backend::BackendNews;

use crate::failure::Failure;

/// Returns why what was judged so far is not to be relied on, if it is not: of what accelerated
/// code accepted, aws-lc saw only a sample.
pub(super) fn doubt() -> Option<String> {
    let line = BackendNews::new().take()?;
    Some(format!("{line}: do not rely on these verdicts, and run the audit again with --backend aws-lc"))
}

/// Ends a run with such a doubt.
pub(super) fn demand(doubt: Option<String>) -> Result<(), Failure> {
    doubt.map_or(Ok(()), |doubt| Err(Failure::new(doubt)))
}
