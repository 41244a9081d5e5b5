//! Another look at a token whose key may have been published a moment ago.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use jot::Code;

/// Ends when the token can be looked at again, or with the code to answer with.
pub(crate) type Retried = Pin<Box<dyn Future<Output = Result<(), Code>> + Send>>;

/// Has keys fetched that a token lacks.
pub(crate) trait Retry: fmt::Debug + Send + Sync {
    /// `None` if no fetch can help a token that was rejected with this code.
    fn retry(&self, refused: Code) -> Option<Retried>;
}
