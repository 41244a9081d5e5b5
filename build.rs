//! Writes `jot.h` into OUT_DIR if the feature `header` asks for it;
//! `tests/c_header.rs` compares it with `include/jot.h`. With `JOT_PROBE` in the
//! environment, as `.cargo/config.toml` sets it for this repository, our own tests may
//! ask accelerated code alone.

#[cfg(feature = "header")]
#[path = "build/header.rs"]
mod header;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=JOT_PROBE");
    if std::env::var_os("JOT_PROBE").is_some() {
        println!("cargo:rustc-cfg=jot_probe");
    }
    #[cfg(feature = "header")]
    header::write();
}
