//! Memory that cannot be read beyond a buffer.
//!
//! Each buffer has a page between two pages that nobody may touch. The pages
//! are the same for every input, so that an input costs no system call.

use std::ptr::{NonNull, null_mut};

/// The most bytes of a buffer: no page is smaller.
pub const MOST_BYTES: usize = 4096;
/// What a page is filled with where no buffer is.
const AROUND: u8 = 0xa5;

/// Where in its page a buffer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its last byte is the last of the page.
    End,
    /// A byte is left behind it, so that it is aligned for less.
    Odd,
    /// Its first byte is the first of the page.
    Front,
}

impl Place {
    /// Tells whether a buffer of `len` bytes is aligned for `width` there.
    pub fn aligns(self, len: usize, width: usize) -> bool {
        match self {
            Self::End => len.is_multiple_of(width),
            Self::Odd => (len + 1).is_multiple_of(width),
            Self::Front => true,
        }
    }
}

/// Pages of buffers, and guards between them.
pub struct Pages {
    first: NonNull<u8>,
    page: usize,
    count: usize,
    used: usize,
}

impl Pages {
    pub fn new(count: usize) -> Self {
        // SAFETY: a question without memory.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap();
        assert!(page >= MOST_BYTES);
        let first = untouchable(page * (2 * count + 1));
        for index in 0..count {
            // SAFETY: within what was mapped.
            let done = unsafe {
                let at = first.as_ptr().add(page * (2 * index + 1));
                libc::mprotect(at.cast(), page, libc::PROT_READ | libc::PROT_WRITE)
            };
            assert_eq!(done, 0);
        }
        Self { first, page, count, used: 0 }
    }

    /// Forgets the buffers.
    pub fn clear(&mut self) {
        self.used = 0;
    }

    /// Puts a buffer into a page of its own.
    pub fn put(&mut self, bytes: &[u8], place: Place) -> *mut u8 {
        assert!(self.used < self.count && bytes.len() <= MOST_BYTES);
        let offset = match place {
            Place::End => self.page - bytes.len(),
            Place::Odd => self.page - bytes.len() - 1,
            Place::Front => 0,
        };
        // SAFETY: a page that may be written to, which ends behind the buffer.
        let at = unsafe {
            let page = self.first.as_ptr().add(self.page * (2 * self.used + 1));
            page.write_bytes(AROUND, self.page);
            let at = page.add(offset);
            at.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            at
        };
        self.used += 1;
        at
    }

    /// Puts values there as they lie in memory, aligned.
    pub fn put_all<T: Copy>(&mut self, values: &[T]) -> *mut T {
        // SAFETY: the types of the C interface have no padding.
        let bytes = unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) };
        self.put(bytes, Place::End).cast()
    }
}

/// Addresses that nobody may touch.
pub fn untouchable(bytes: usize) -> NonNull<u8> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a new mapping.
    let at = unsafe { libc::mmap(null_mut(), bytes, libc::PROT_NONE, flags, -1, 0) };
    assert_ne!(at, libc::MAP_FAILED);
    NonNull::new(at.cast()).unwrap()
}
