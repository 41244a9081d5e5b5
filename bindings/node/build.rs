//! Links as Node wants it of an addon, and as every library that the engine is in, which keeps
//! it in memory once it is loaded: a worker of Node's unloads addons when it ends.

use std::fs;

const LINK_ARGS: &str = "../../packaging/link.args";

fn main() -> std::io::Result<()> {
    napi_build::setup();
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={LINK_ARGS}");
    let args = fs::read_to_string(LINK_ARGS)?;
    for arg in args.lines().filter_map(|line| line.strip_prefix("link-arg=")) {
        println!("cargo:rustc-cdylib-link-arg={arg}");
    }
    Ok(())
}
