//! Another library in Rust, which a program links beside libjot.
#[unsafe(no_mangle)]
pub extern "C" fn neighbour_catches() -> u32 {
    std::panic::set_hook(Box::new(|_| {}));
    std::panic::catch_unwind(|| std::hint::black_box(Vec::<u32>::new())[7]).map_or(41, |_| 1)
}
