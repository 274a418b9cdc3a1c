//! What must hold for every input: one function for each target, which panics where it does not.
//!
//! | target | its bytes are | what must hold besides no panic |
//! |---|---|---|
//! | [`frames`] | what a peer sends | the same packets however the bytes are cut; what was read can be written and read again |
//! | [`packets`] | orders of a program and packets of a broker, for a session with things under way | each callback is called once, windows are kept, nothing is left when a good broker answers |
//! | [`url`] | a URL | no password in an error; host and scheme can be written and read again |
//! | [`filter`] | filters and topics | the tree finds what each filter matches on its own |
//! | [`options`] | a URL and a map of options | no secret in an error |
//! | [`json`] | JSON text | values survive being written and read |
//! | [`script`] | a script | it compiles, or a diagnostic can be shown |
//!
//! The same functions are used by `cargo fuzz` (one file each in `fuzz_targets/`) and by the test `tests/fuzz.rs`, which replays the
//! corpus and adds inputs of its own. From the root of the repository, a minute each:
//!
//! ```sh
//! cargo install cargo-fuzz --locked
//! for target in $(cargo fuzz list); do
//!   RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none "$target" -- -max_total_time=60 -timeout=5
//! done
//! ```
//!
//! `RUSTC_BOOTSTRAP=1` lets a stable compiler take the flags that it needs; a nightly one needs no such word. A finding is minimised
//! with `cargo fuzz tmin`, and becomes a test beside the code that was wrong. `cargo fuzz cmin` keeps the corpus small.

mod filter;
mod frames;
mod input;
mod json;
mod options;
mod packets;
mod peer;
mod script;
mod url;

pub use filter::filter;
pub use frames::frames;
pub use json::json;
pub use options::options;
pub use packets::packets;
pub use script::script;
pub use url::url;

/// A function that takes any input.
pub type Target = fn(&[u8]);

/// All targets, by the names of their corpora.
pub const TARGETS: [(&str, Target); 7] = [
    ("filter", filter),
    ("frames", frames),
    ("json", json),
    ("options", options),
    ("packets", packets),
    ("script", script),
    ("url", url),
];
