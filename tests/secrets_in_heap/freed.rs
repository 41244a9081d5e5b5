//! What a thread gives back to the heap, kept to be looked through.
//!
//! Rust's blocks come by the global allocator, those of the C code beneath
//! aws-lc-rs by the `malloc` and `free` below, which take the place of the C
//! library's.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;

use memchr::memmem;

/// Room for copies of what one watch sees; the system gives what is used.
const ROOM: usize = 1 << 30;

thread_local! {
    // Neither allocates when it is first used.
    static PLACE: Cell<*mut u8> = const { Cell::new(ptr::null_mut()) };
    static USED: Cell<usize> = const { Cell::new(0) };
}

/// Copies of the blocks that were given back, each behind its length.
pub(crate) struct Freed {
    place: *mut u8,
    used: usize,
}

/// Runs `work` and returns what this thread gave back meanwhile.
pub(crate) fn watch<R>(work: impl FnOnce() -> R) -> (Freed, R) {
    let (access, kind) =
        (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE);
    // SAFETY: a new mapping, of nothing that is anybody's.
    let place = unsafe { libc::mmap(ptr::null_mut(), ROOM, access, kind, -1, 0) };
    assert!(place != libc::MAP_FAILED, "no room for copies");
    USED.set(0);
    PLACE.set(place.cast());
    let result = work();
    PLACE.set(ptr::null_mut());
    assert!(USED.get() < ROOM, "too little room for copies");
    (Freed { place: place.cast(), used: USED.get() }, result)
}

impl Freed {
    fn blocks(&self) -> Vec<&[u8]> {
        // SAFETY: so much of the mapping was written; the rest is zero.
        let mut rest = unsafe { std::slice::from_raw_parts(self.place, self.used) };
        let mut blocks = Vec::new();
        while let Some((length, behind)) = rest.split_first_chunk() {
            let (block, behind) = behind.split_at(usize::from_ne_bytes(*length));
            blocks.push(block);
            rest = behind;
        }
        blocks
    }

    /// Returns the sizes of the blocks that hold these bytes.
    pub(crate) fn sizes_with(&self, bytes: &[u8]) -> Vec<usize> {
        let finder = memmem::Finder::new(bytes);
        self.blocks().into_iter().filter(|block| finder.find(block).is_some()).map(<[u8]>::len).collect()
    }

    /// The number of blocks.
    pub(crate) fn len(&self) -> usize {
        self.blocks().len()
    }
}

impl Drop for Freed {
    fn drop(&mut self) {
        // SAFETY: the mapping that `watch` made, and nobody's any more.
        unsafe { libc::munmap(self.place.cast(), ROOM) };
    }
}

/// Copies a block that is given back. What was never written of it is copied
/// all the same: so could whoever gets the block next.
fn keep(block: *const u8, bytes: usize) {
    let (place, used) = (PLACE.get(), USED.get());
    let end = used + size_of::<usize>() + bytes;
    if place.is_null() {
        return;
    }
    // A watch that ran out of room says so in the end.
    USED.set(end.min(ROOM));
    if end < ROOM {
        // SAFETY: within the mapping.
        let place = unsafe { place.add(used) };
        // SAFETY: there is room for the length and the block.
        unsafe { place.copy_from(bytes.to_ne_bytes().as_ptr(), size_of::<usize>()) };
        // SAFETY: within the mapping.
        let place = unsafe { place.add(size_of::<usize>()) };
        // SAFETY: as above.
        unsafe { place.copy_from(block, bytes) };
    }
}

unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_memalign(alignment: usize, size: usize) -> *mut c_void;
    fn __libc_free(memory: *mut c_void);
    fn malloc_usable_size(memory: *mut c_void) -> usize;
}

/// Fills what the C library gives with zeros, so that nothing is found again
/// that others left there.
fn emptied(memory: *mut c_void) -> *mut c_void {
    if !memory.is_null() && !PLACE.get().is_null() {
        // SAFETY: a block of the C library's.
        let bytes = unsafe { malloc_usable_size(memory) };
        // SAFETY: a block that was just given, with so many bytes.
        unsafe { memory.write_bytes(0, bytes) };
    }
    memory
}

struct KeepingAllocator;

#[global_allocator]
static ALLOCATOR: KeepingAllocator = KeepingAllocator;

// SAFETY: hands on to the C library; a reallocation allocates, copies and
// frees, as GlobalAlloc has it by default.
unsafe impl GlobalAlloc for KeepingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the alignment of a layout is a power of two, and memalign
        // takes every one of them.
        emptied(unsafe { __libc_memalign(layout.align().max(size_of::<usize>()), layout.size()) }).cast()
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        keep(memory, layout.size());
        // SAFETY: it came from alloc, and the caller gives it up.
        unsafe { __libc_free(memory.cast()) }
    }
}

// SAFETY: as the malloc of the C library, which it calls.
#[unsafe(no_mangle)]
unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    // SAFETY: takes every size.
    emptied(unsafe { __libc_malloc(size) })
}

// SAFETY: as the free of the C library, which it calls.
#[unsafe(no_mangle)]
unsafe extern "C" fn free(memory: *mut c_void) {
    if !memory.is_null() {
        // SAFETY: a block of the C library's.
        keep(memory.cast(), unsafe { malloc_usable_size(memory) });
    }
    // SAFETY: `memory` is what the caller of free hands over.
    unsafe { __libc_free(memory) }
}
