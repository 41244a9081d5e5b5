//! Writes `jot.h` into OUT_DIR when the feature `header` asks for it; nothing
//! else. `tests/c_header.rs` compares it with `include/jot.h`.

#[cfg(feature = "header")]
#[path = "build/header.rs"]
mod header;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "header")]
    header::write();
}
