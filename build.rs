//! Writes `jot.h` into OUT_DIR if the feature `header` asks for it;
//! `tests/c_header.rs` compares it with `include/jot.h`. With `JOT_PROBE` in the
//! environment, as `.cargo/config.toml` sets it for this repository, our own tests may
//! ask accelerated code alone.

#[cfg(feature = "header")]
#[path = "build/header.rs"]
mod header;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The second is for the tests of the library for C that has `jot-fetch` in it, too.
    for (variable, cfg) in [("JOT_PROBE", "jot_probe"), ("JOT_PLANTED", "jot_planted")] {
        println!("cargo:rerun-if-env-changed={variable}");
        if std::env::var_os(variable).is_some() {
            println!("cargo:rustc-cfg={cfg}");
        }
    }
    #[cfg(feature = "header")]
    header::write();
}
