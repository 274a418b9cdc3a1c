//! What the hot pieces cost, one by one: `cargo bench --bench hot`, or `cargo bench --bench hot -- codec` for some of them.
//!
//! For comparing two versions of a piece on one machine. What a program costs as a whole: see `benches/README.md`.

mod client;
mod codec;
mod script;
mod store;

/// The same as in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}
