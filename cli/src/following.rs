//! What the commands have in common that follow something until they are interrupted.

use std::fs::OpenOptions;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::failure::Failure;

/// How late an interruption, or the end of a list, is noticed.
pub(crate) const TICK: Duration = Duration::from_millis(200);

/// Whether somebody has interrupted this process.
pub(crate) struct Interruption(Arc<AtomicBool>);

impl Interruption {
    /// Takes note of interruptions from now on, once in a process.
    pub(crate) fn noted() -> Result<Self, Failure> {
        let came = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&came);
        ctrlc::set_handler(move || flag.store(true, Ordering::Release)).map_err(Failure::new)?;
        Ok(Self(came))
    }

    pub(crate) fn has_come(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Hands over what somebody writes to a FIFO.
pub(crate) fn listen(path: &Path, mut hear: impl FnMut(&[u8]) + Send + 'static) -> Result<(), Failure> {
    let blame = |error| Failure::of(path.display(), error);
    // Open for writing as well: it then never ends, even if all writers go.
    let mut fifo = OpenOptions::new().read(true).write(true).open(path).map_err(blame)?;
    let listener = move || {
        let mut room = [0; 512];
        while let Ok(read) = fifo.read(&mut room)
            && let Some(heard) = room.get(..read).filter(|heard| !heard.is_empty())
        {
            hear(heard);
        }
    };
    std::thread::Builder::new().name("ask".to_owned()).spawn(listener).map_err(blame)?;
    Ok(())
}
