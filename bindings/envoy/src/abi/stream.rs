//! A request in Envoy, as the decision sees it.

use super::callbacks::{self, Envoy, Header, REQUEST_HEADERS};
use super::held::{CounterIds, RequestScheduler};
use crate::buffer::Buffer;
use crate::exchange::{Counter, Exchange};
use crate::waiting::Release;

/// A request within one of its hooks.
pub(super) struct Stream<'c> {
    pub(super) envoy: Envoy,
    pub(super) counters: &'c CounterIds,
    pub(super) answered: bool,
}

impl Stream<'_> {
    fn value(&self, name: &str, index: usize) -> Option<(&[u8], usize)> {
        let (mut value, mut count) = (Buffer::NULL, 0);
        // SAFETY: the pointer is this hook's; both outputs live on our stack.
        let found = unsafe {
            callbacks::envoy_dynamic_module_callback_http_get_header(
                self.envoy,
                REQUEST_HEADERS,
                Buffer::of(name.as_bytes()),
                &raw mut value,
                index,
                &raw mut count,
            )
        };
        // SAFETY: valid until a header is set, which takes `&mut self`.
        found.then(|| (unsafe { value.bytes() }, count))
    }
}

impl Exchange for Stream<'_> {
    fn header(&self, name: &str, index: usize) -> Option<&[u8]> {
        self.value(name, index).map(|value| value.0)
    }

    fn first_header(&self, name: &str) -> Option<(&[u8], usize)> {
        self.value(name, 0)
    }

    fn set_header(&mut self, name: &str, value: &[u8]) {
        let (key, value) = (Buffer::of(name.as_bytes()), Buffer::of(value));
        // SAFETY: the pointer is this hook's; Envoy copies the buffers. That of
        // an empty slice is not null, so the header becomes empty.
        unsafe {
            callbacks::envoy_dynamic_module_callback_http_set_header(self.envoy, REQUEST_HEADERS, key, value)
        };
    }

    fn remove_header(&mut self, name: &str) {
        let (key, value) = (Buffer::of(name.as_bytes()), Buffer::NULL);
        // SAFETY: as above; a null value removes the header.
        unsafe {
            callbacks::envoy_dynamic_module_callback_http_set_header(self.envoy, REQUEST_HEADERS, key, value)
        };
    }

    fn respond(&mut self, status: u16, headers: &[(&str, &[u8])], body: &[u8], details: &str) {
        if std::mem::replace(&mut self.answered, true) {
            return;
        }
        let headers: Vec<Header> = headers.iter().map(|(name, value)| Header::of(name, value)).collect();
        // SAFETY: the pointer is this hook's; Envoy copies the buffers.
        unsafe {
            callbacks::envoy_dynamic_module_callback_http_send_response(
                self.envoy,
                status.into(),
                headers.as_ptr(),
                headers.len(),
                Buffer::of(body),
                Buffer::of(details.as_bytes()),
            );
        }
    }

    fn set_metadata(&mut self, namespace: &str, value: &[u8]) {
        let (namespace, value) = (Buffer::of(namespace.as_bytes()), Buffer::of(value));
        // SAFETY: the pointer is this hook's; Envoy copies the buffers.
        unsafe {
            callbacks::envoy_dynamic_module_callback_http_set_dynamic_metadata_struct(
                self.envoy, namespace, value,
            );
        }
    }

    fn clear_route_cache(&mut self) {
        // SAFETY: the pointer is this hook's.
        unsafe { callbacks::envoy_dynamic_module_callback_http_clear_route_cache(self.envoy) }
    }

    fn count(&mut self, counter: Counter, label: Option<&str>) {
        let Some(id) = self.counters.get(counter as usize) else { return };
        let label = label.map(|label| Buffer::of(label.as_bytes()));
        let labels = label.as_slice();
        // SAFETY: the pointer is this hook's; Envoy copies the label. An id
        // that does not exist is an error that Envoy reports, and no more.
        unsafe {
            callbacks::envoy_dynamic_module_callback_http_filter_increment_counter(
                self.envoy,
                *id,
                labels.as_ptr(),
                labels.len(),
                1,
            )
        };
    }

    fn release(&self) -> Release {
        // SAFETY: the pointer is this hook's.
        let scheduler = unsafe { RequestScheduler::new(self.envoy) };
        Box::new(move |waited| scheduler.commit(waited as u64))
    }
}
