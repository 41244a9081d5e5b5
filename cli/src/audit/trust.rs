//! Whether the code that verified the signatures is to be relied on.

use jot::{Alg, AlgSet};

use crate::failure::Failure;

/// Refuses what was judged with code that was wrong: aws-lc saw only a sample of it.
pub(super) fn demand(distrusted: AlgSet) -> Result<(), Failure> {
    if distrusted.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = distrusted.iter().map(Alg::name).collect();
    Err(Failure::new(format_args!(
        "accelerated code accepted a signature that aws-lc denied ({}): do not rely on these verdicts, and run the \
         audit again with --backend aws-lc (backend_disagreement)",
        names.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audit_with_code_that_was_wrong_is_refused() {
        assert!(demand(AlgSet::new()).is_ok());
        let words = demand(AlgSet::new().with(Alg::ES256)).unwrap_err().into_words();
        assert!(
            words.contains("(ES256): do not rely") && words.ends_with("(backend_disagreement)"),
            "{words}"
        );
    }
}
