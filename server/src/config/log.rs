//! What an operator reads.

use super::reader::{Reader, Table};

/// What an operator reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Log {
    pub(crate) level: tracing::Level,
    pub(crate) is_json: bool,
}

pub(super) fn log<'t>(reader: &mut Reader<'t>, top: &Table<'t>) -> Log {
    let table = reader.table(top, "log");
    let mut log = Log { level: tracing::Level::INFO, is_json: false };
    if let Some((text, place)) = reader.text(&table, "level") {
        match level(&text) {
            Some(level) => log.level = level,
            None => reader.fault(&place, "level is error, warn, info, debug or trace"),
        }
    }
    if let Some((text, place)) = reader.text(&table, "format") {
        match text.as_str() {
            "text" => {}
            "json" => log.is_json = true,
            _ => reader.fault(&place, "format is text or json"),
        }
    }
    log
}

/// Reads the name of a level.
fn level(name: &str) -> Option<tracing::Level> {
    use tracing::Level;
    let named = [
        ("error", Level::ERROR),
        ("warn", Level::WARN),
        ("info", Level::INFO),
        ("debug", Level::DEBUG),
        ("trace", Level::TRACE),
    ];
    named.into_iter().find(|(found, _)| *found == name).map(|(_, level)| level)
}
