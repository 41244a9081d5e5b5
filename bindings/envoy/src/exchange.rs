//! What a decision needs of the request that it is about.

use crate::waiting::Release;

/// A request whose headers have arrived.
///
/// Names of headers are in lower case; `:path` is one of them.
pub(crate) trait Exchange {
    /// Returns the value of a header, of several with that name the one at
    /// `index`.
    fn header(&self, name: &str, index: usize) -> Option<&[u8]>;

    /// Returns the first value of a header, and how many there are.
    fn first_header(&self, name: &str) -> Option<(&[u8], usize)>;

    /// Puts one header in the place of all with that name.
    fn set_header(&mut self, name: &str, value: &[u8]);

    /// Removes every header with that name.
    fn remove_header(&mut self, name: &str);

    /// Answers in place of the upstream; a second answer is passed over.
    fn respond(&mut self, status: u16, headers: &[(&str, &[u8])], body: &[u8], details: &str);

    /// Merges a `google.protobuf.Struct` into the request's dynamic metadata.
    fn set_metadata(&mut self, namespace: &str, value: &[u8]);

    /// Makes Envoy choose the route again.
    fn clear_route_cache(&mut self);

    /// Counts; with a label where the counter has one.
    fn count(&mut self, counter: Counter, label: Option<&str>);

    /// Returns what lets the request go on once it waits.
    fn release(&self) -> Release;
}

/// What the filter counts, in Envoy's statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counter {
    /// Requests that passed.
    Allowed,
    /// Requests that did not, by code.
    Denied,
    /// Requests that passed although their token did not, by code.
    Overlooked,
    /// Tokens that the cache of verified tokens held.
    CacheHit,
    /// Tokens accepted without it, where there is one.
    CacheMiss,
    /// Key sets that took the place of others.
    KeysReplaced,
    /// Key sets that could not be read or fetched.
    KeysFailed,
    /// Revocations and status lists that took the place of others.
    ListsReplaced,
    /// Those that could not be fetched.
    ListsFailed,
    /// How often accelerated code was found wrong.
    Distrusted,
}

impl Counter {
    pub(crate) const ALL: [Self; 10] = [
        Self::Allowed,
        Self::Denied,
        Self::Overlooked,
        Self::CacheHit,
        Self::CacheMiss,
        Self::KeysReplaced,
        Self::KeysFailed,
        Self::ListsReplaced,
        Self::ListsFailed,
        Self::Distrusted,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Allowed => "jot.allowed",
            Self::Denied => "jot.denied",
            Self::Overlooked => "jot.overlooked",
            Self::CacheHit => "jot.cache_hit",
            Self::CacheMiss => "jot.cache_miss",
            Self::KeysReplaced => "jot.keys_replaced",
            Self::KeysFailed => "jot.keys_failed",
            Self::ListsReplaced => "jot.lists_replaced",
            Self::ListsFailed => "jot.lists_failed",
            Self::Distrusted => "jot.distrusted",
        }
    }

    pub(crate) const fn label(self) -> Option<&'static str> {
        match self {
            Self::Denied | Self::Overlooked => Some("code"),
            _ => None,
        }
    }
}

/// The levels of Envoy's log that are used, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Debug = 1,
    Info = 2,
    Warning = 3,
    Error = 4,
    Critical = 5,
}

/// A browser's question before it sends a token (Fetch standard, CORS
/// protocol).
pub(crate) fn is_preflight(exchange: &impl Exchange) -> bool {
    let has = |name: &str| exchange.header(name, 0).is_some_and(|value| !value.is_empty());
    exchange.header(":method", 0) == Some(b"OPTIONS") && has("origin") && has("access-control-request-method")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::waiting::Waited;

    /// Status, headers, body and details.
    pub(crate) type Answer = (u16, Vec<(String, String)>, String, String);

    /// A request that a test wrote, and what became of it.
    #[derive(Default)]
    pub(crate) struct Fake {
        pub(crate) headers: Vec<(String, Vec<u8>)>,
        pub(crate) answer: Option<Answer>,
        pub(crate) metadata: Vec<(String, Vec<u8>)>,
        pub(crate) counts: Vec<(Counter, Option<String>)>,
        pub(crate) routed_again: bool,
        pub(crate) released: Arc<Mutex<Option<Waited>>>,
    }

    impl Fake {
        pub(crate) fn new(headers: &[(&str, &str)]) -> Self {
            let headers =
                headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
            Self { headers, ..Self::default() }
        }

        pub(crate) fn value(&self, name: &str) -> Option<String> {
            self.header(name, 0).map(|value| String::from_utf8_lossy(value).into_owned())
        }
    }

    impl Exchange for Fake {
        fn header(&self, name: &str, index: usize) -> Option<&[u8]> {
            self.headers.iter().filter(|header| header.0 == name).nth(index).map(|header| &*header.1)
        }

        fn first_header(&self, name: &str) -> Option<(&[u8], usize)> {
            let count = self.headers.iter().filter(|header| header.0 == name).count();
            Some((self.header(name, 0)?, count))
        }

        fn set_header(&mut self, name: &str, value: &[u8]) {
            self.remove_header(name);
            self.headers.push((name.to_owned(), value.to_vec()));
        }

        fn remove_header(&mut self, name: &str) {
            self.headers.retain(|header| header.0 != name);
        }

        fn respond(&mut self, status: u16, headers: &[(&str, &[u8])], body: &[u8], details: &str) {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
            self.answer = Some((status, headers, text(body), details.to_owned()));
        }

        fn set_metadata(&mut self, namespace: &str, value: &[u8]) {
            self.metadata.push((namespace.to_owned(), value.to_vec()));
        }

        fn clear_route_cache(&mut self) {
            self.routed_again = true;
        }

        fn count(&mut self, counter: Counter, label: Option<&str>) {
            self.counts.push((counter, label.map(str::to_owned)));
        }

        fn release(&self) -> Release {
            let released = Arc::clone(&self.released);
            Box::new(move |waited| *released.lock().unwrap() = Some(waited))
        }
    }

    #[test]
    fn counters_stand_in_the_order_of_their_numbers() {
        for (index, counter) in Counter::ALL.iter().enumerate() {
            assert_eq!(*counter as usize, index);
        }
    }
}
