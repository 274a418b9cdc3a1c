//! Event names that no event has: accepted as in Node, but said once if they look like a mistake.

use std::rc::Rc;

use crate::api::host::Host;
use crate::api::report;
use crate::api::table::{Entry, Kind};
use crate::diagnostics::suggest::closest;
use crate::diagnostics::{Diagnostic, Source, Span};
use crate::event_loop::callback::Origin;

/// The program as it was loaded, for questions about its text.
pub trait Program {
    /// Whether it may emit the event itself.
    fn emits(&self, event: &str) -> bool;
    /// A loaded source.
    fn source(&self, name: &str) -> Option<Rc<Source>>;
}

/// How many arguments listeners of `event` get at most, and these as messages show them; any number if none of `known` is
/// that event: it is one of the script's own, for `emit`.
pub fn takes(known: &[Entry], event: &str) -> (usize, String) {
    match events(known).find(|entry| entry.name == event) {
        Some(entry) if entry.parameters.is_empty() => (0, String::new()),
        Some(entry) => (entry.parameters.split(", ").count(), format!(" ({})", entry.parameters)),
        None => (usize::MAX, String::new()),
    }
}

fn events(known: &[Entry]) -> impl Iterator<Item = &Entry> {
    known.iter().filter(|entry| entry.kind == Kind::Event)
}

/// Warns of a listener for `event`, which `object` does not have, if its name is nearly that of an event that it has
/// and the program does not emit it. Once for each name.
pub fn review(host: &Host, object: &str, event: &str, known: &[Entry], origin: &Origin) {
    let Some(near) = closest(event, events(known).map(|entry| entry.name)) else { return };
    let Some(program) = host.program.get() else { return };
    if program.emits(event) || !host.reviewed_events.borrow_mut().insert(event.to_string()) {
        return;
    }
    let warning = Diagnostic::warning(format!("`{object}` has no event `{event}`, and nothing here emits it"));
    report::print(&shown_at(host, warning, origin).help(format!("did you mean `{near}`?")));
}

/// `report` with the place of a call, if its source is known.
pub fn shown_at(host: &Host, report: Diagnostic, origin: &Origin) -> Diagnostic {
    let source = origin.source.as_deref().and_then(|name| host.program.get()?.source(name));
    match (source, origin.position.line()) {
        (Some(source), Some(line)) => {
            let column = origin.position.position().unwrap_or(1);
            report.at(Span { source, line, column, length: 0 })
        }
        _ => report,
    }
}
