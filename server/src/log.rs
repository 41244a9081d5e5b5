//! What an operator reads: lines on standard error, as text or as JSON.

use crate::config::Log;

/// From now on lines are written. Standard error may be closed; then nobody reads.
pub(crate) fn start(settings: Log) {
    let builder = tracing_subscriber::fmt().with_max_level(settings.level).with_writer(std::io::stderr);
    let builder = builder.with_ansi(false).with_target(false);
    // Only one program is here, so nobody else has done it.
    let _ = if settings.is_json { builder.json().try_init() } else { builder.try_init() };
}
