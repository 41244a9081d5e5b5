//! Keeps the module in memory once it is loaded.
//!
//! Envoy unloads a module with the last configuration that used it. Threads may
//! then still hold what the module's libraries registered to run at their end.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete,-z,relro,-z,now");
}
