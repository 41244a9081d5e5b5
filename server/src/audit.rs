//! The audit trail: one line of JSON for everything that somebody may have to prove. It has
//! no password and no token; a token is named by its `jti` or the session's `sid`.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jot::UnixSeconds;
use jot_login::json::{Member, Object};

pub(crate) struct Audit {
    path: Option<PathBuf>,
    sink: Mutex<Box<dyn Write + Send>>,
}

/// One event, with what is known of it.
#[must_use]
pub(crate) struct Event(Object);

impl Event {
    pub(crate) fn new(name: &str, now: UnixSeconds) -> Self {
        Self(Object::new().with("time", now.0).with("event", name))
    }

    pub(crate) fn with(self, name: &str, value: impl Member) -> Self {
        Self(self.0.with(name, value))
    }

    pub(crate) fn with_some(self, name: &str, value: Option<impl Member>) -> Self {
        Self(self.0.with_some(name, value))
    }
}

fn open(path: &Path) -> io::Result<Box<dyn Write + Send>> {
    use std::os::unix::fs::OpenOptionsExt as _;
    Ok(Box::new(File::options().append(true).create(true).mode(0o640).open(path)?))
}

impl Audit {
    pub(crate) fn open(path: Option<&Path>) -> io::Result<Self> {
        let sink = path.map_or_else(|| Ok(Box::new(io::stdout()) as _), open)?;
        Ok(Self { path: path.map(Path::to_owned), sink: Mutex::new(sink) })
    }

    /// Opens the file again, after something moved it away.
    pub(crate) fn reopen(&self) -> io::Result<()> {
        if let Some(path) = &self.path {
            *self.lock() = open(path)?;
        }
        Ok(())
    }

    /// Writes an event as one line, in one call, so that lines of several processes do not mix.
    pub(crate) fn write(&self, event: Event) -> io::Result<()> {
        let line = event.0.into_text() + "\n";
        let mut sink = self.lock();
        sink.write_all(line.as_bytes())?;
        sink.flush()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Box<dyn Write + Send>> {
        self.sink.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
