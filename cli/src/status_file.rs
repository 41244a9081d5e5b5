//! A signed status list in a file.

use std::path::Path;

/// The longest file of a list.
const MOST_BYTES: u64 = 64 << 20;

/// The most entries of a list in a file.
pub(crate) const MOST_ENTRIES: usize = 1 << 24;

/// Returns `true` for a place that is no file.
pub(crate) fn is_url(place: &str) -> bool {
    place.starts_with("https://") || place.starts_with("http://")
}

/// Reads a signed list, without the white space around it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MOST_BYTES {
        return Err(format!("a list may have {MOST_BYTES} bytes"));
    }
    let text = std::fs::read(path).map_err(|error| error.to_string())?;
    Ok(text.trim_ascii().to_vec())
}
