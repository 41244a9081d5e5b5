//! The functions of include/jot.h and include/jot_fetch.h as a shared library of their
//! own: what `import jot` loads. There is nothing in it but the engine and its fetcher.

// Named so that the linker takes them in, and their functions with them.
use jot as _;
use jot_fetch as _;
