//! Tells the log that accelerated code was wrong.

use std::sync::atomic::{AtomicBool, Ordering};

use jot::AlgSet;
use jot::backend::distrusted;

use crate::exchange::Level;
use crate::logger::log;

/// Writes one line if accelerated code accepted a signature that aws-lc denied, once in
/// the process.
pub(crate) fn tell() {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if let Some(line) = line(distrusted(), &TOLD) {
        log(Level::Critical, &line);
    }
}

/// Returns the line, unless there is nothing to tell or it was told.
fn line(distrusted: AlgSet, told: &AtomicBool) -> Option<String> {
    if distrusted.is_empty() || told.swap(true, Ordering::Relaxed) {
        return None;
    }
    let names: Vec<_> = distrusted.iter().map(|alg| alg.name()).collect();
    Some(format!(
        "jot: accelerated code accepted a signature that aws-lc denied; the token was rejected, and aws-lc \
         verifies {} alone from now on (backend_disagreement)",
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use jot::Alg;

    use super::*;

    #[test]
    fn distrust_is_told_once_and_names_the_algorithms() {
        let told = AtomicBool::new(false);
        assert_eq!(line(AlgSet::new(), &told), None);
        let found = line(AlgSet::new().with(Alg::ES256).with(Alg::HS256), &told).unwrap();
        assert!(found.contains("verifies HS256, ES256 alone"), "{found}");
        assert_eq!(line(AlgSet::new().with(Alg::ES256), &told), None);
    }
}
