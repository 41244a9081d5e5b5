//! Counting what a thread allocates, in Rust and in C.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ffi::{c_int, c_void};

/// How often memory was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) rust: u64,
    pub(crate) c: u64,
}

thread_local! {
    // Neither allocates when it is first used, nor when its thread ends.
    static RUST: Cell<u64> = const { Cell::new(0) };
    static C: Cell<u64> = const { Cell::new(0) };
}

fn add_one(counter: &Cell<u64>) {
    counter.set(counter.get().wrapping_add(1));
}

/// Runs `work` and returns what this thread asked for meanwhile.
pub(crate) fn count<R>(work: impl FnOnce() -> R) -> (Counts, R) {
    let now = || Counts { rust: RUST.get(), c: C.get() };
    let before = now();
    let result = work();
    let after = now();
    let counts = Counts { rust: after.rust.wrapping_sub(before.rust), c: after.c.wrapping_sub(before.c) };
    (counts, result)
}

unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_realloc(old: *mut c_void, size: usize) -> *mut c_void;
    fn __libc_memalign(alignment: usize, size: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
}

struct CountingAllocator;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

// SAFETY: hands on to the C library; a reallocation allocates, copies and
// frees, as GlobalAlloc has it by default.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        RUST.with(add_one);
        // SAFETY: the alignment of a layout is a power of two, and memalign
        // takes every one of them.
        unsafe { __libc_memalign(layout.align().max(size_of::<usize>()), layout.size()) }.cast()
    }

    unsafe fn dealloc(&self, memory: *mut u8, _: Layout) {
        // SAFETY: it came from alloc, and the caller gives it up.
        unsafe { free(memory.cast()) }
    }
}

// SAFETY: as the malloc of the C library, which it calls.
#[unsafe(no_mangle)]
unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    C.with(add_one);
    // SAFETY: takes every size.
    unsafe { __libc_malloc(size) }
}

// SAFETY: as the calloc of the C library, which it calls.
#[unsafe(no_mangle)]
unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    C.with(add_one);
    // SAFETY: takes every count and size.
    unsafe { __libc_calloc(count, size) }
}

// SAFETY: as the realloc of the C library, which it calls.
#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(old: *mut c_void, size: usize) -> *mut c_void {
    C.with(add_one);
    // SAFETY: `old` is what the caller of realloc hands over.
    unsafe { __libc_realloc(old, size) }
}

// SAFETY: as the aligned_alloc of the C library.
#[unsafe(no_mangle)]
unsafe extern "C" fn aligned_alloc(alignment: usize, size: usize) -> *mut c_void {
    C.with(add_one);
    // SAFETY: memalign takes what aligned_alloc takes.
    unsafe { __libc_memalign(alignment, size) }
}

// SAFETY: as the posix_memalign of the C library, but that a lack of memory is
// its only error.
#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(out: *mut *mut c_void, alignment: usize, size: usize) -> c_int {
    const ENOMEM: c_int = 12;
    C.with(add_one);
    // SAFETY: memalign takes what posix_memalign takes.
    let memory = unsafe { __libc_memalign(alignment, size) };
    if memory.is_null() {
        return ENOMEM;
    }
    // SAFETY: `out` is for writing the result to.
    unsafe { out.write(memory) };
    0
}
