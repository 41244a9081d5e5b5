//! Tells the log that accelerated code was wrong.

use jot::backend::BackendNews;

use crate::exchange::{Counter, Exchange, Level};
use crate::logger::log;

/// Writes a line and counts it if accelerated code was found wrong and this process was not told of
/// it yet.
pub(crate) fn tell(exchange: &mut impl Exchange) {
    static NEWS: BackendNews = BackendNews::new();
    if let Some(line) = NEWS.take() {
        log(Level::Critical, &format!("jot: {line}"));
        exchange.count(Counter::Distrusted, None);
    }
}
