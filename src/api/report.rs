//! Diagnostics on stderr, behind whatever the script printed before.

use crate::api::console;
use crate::diagnostics::{Diagnostic, render};

/// Prints a diagnostic.
pub fn print(diagnostic: &Diagnostic) {
    console::output::flush();
    render::print(diagnostic);
}
