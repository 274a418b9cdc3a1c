//! Scripts: the words pass, the parser, and the diagnostics for what does not compile.

use std::thread;

use mqttscript::diagnostics::render;
use mqttscript::runtime::{limits, run};

/// The bytes are a script. It is compiled, not run.
pub fn script(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    // With the stack that scripts get: the parser recurses.
    let checking = thread::Builder::new().stack_size(limits::STACK_SIZE).spawn(move || {
        if let Err(diagnostic) = run::check("script.rhai", &text) {
            assert!(!diagnostic.message.is_empty());
            assert!(render::render(&diagnostic, false).contains("script.rhai"), "a diagnostic names its place");
        }
    });
    if let Err(panic) = checking.expect("a thread can be started").join() {
        std::panic::resume_unwind(panic);
    }
}
