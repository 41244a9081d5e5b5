//! Links the module as every library that the engine is in, which keeps it in
//! memory once it is loaded.
//!
//! Envoy unloads a module with the last configuration that used it. Threads may
//! then still hold what the module's libraries registered to run at their end.

use std::fs;

const LINK_ARGS: &str = "../../packaging/link.args";

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={LINK_ARGS}");
    let args = fs::read_to_string(LINK_ARGS)?;
    for arg in args.lines().filter_map(|line| line.strip_prefix("link-arg=")) {
        println!("cargo:rustc-cdylib-link-arg={arg}");
    }
    Ok(())
}
