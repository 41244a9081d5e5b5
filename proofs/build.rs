//! The sources of `accel` that are included here are compiled as ordinary functions,
//! not for a processor with wide registers, and over words that are not numbers.

fn main() {
    println!("cargo::rustc-cfg=software_lanes");
    println!("cargo::rustc-cfg=abstract_lanes");
    println!("cargo::rerun-if-changed=build.rs");
}
