//! Tells the log that accelerated code was wrong.

use jot::backend::BackendNews;

use crate::exchange::Level;
use crate::logger::log;

/// Writes a line if accelerated code was found wrong and this process was not told of it yet.
/// Returns whether it was.
pub(crate) fn tell() -> bool {
    static NEWS: BackendNews = BackendNews::new();
    let news = NEWS.take();
    if let Some(line) = &news {
        log(Level::Critical, &format!("jot: {line}"));
    }
    news.is_some()
}
