//! The functions of include/jot.h as a shared library of their own: what
//! `import jot` loads. There is nothing in it but the engine.

// Named so that the linker takes the engine in, and its functions with it.
use jot as _;
