//! The one thread that fetches, for the whole process. It is there once something is fetched.

use std::sync::OnceLock;

use jot::Code;
use tokio::runtime::{Builder, Runtime};

use crate::fault::{Fault, fault};

static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();

/// Returns the runtime, and starts it the first time.
pub(crate) fn runtime() -> Result<&'static Runtime, Fault> {
    let start = || {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("jot-fetch").enable_all();
        builder.build().map_err(|error| error.to_string())
    };
    RUNTIME.get_or_init(start).as_ref().map_err(|why| fault(Code::Internal, "thread", why))
}
