//! Calls of host functions with other arguments than they take, in number, type or order.

use super::names::{type_list, type_word};
use super::{Failure, HostCall};
use crate::diagnostics::Diagnostic;

impl Failure<'_> {
    /// Existing function, other arguments.
    pub(super) fn wrong_arguments(&self, name: &str, called: &str, parameters: &str, types: &[&str]) -> Diagnostic {
        let report = self.error(format!("`{name}` takes ({parameters}) but got {}", type_list(types)));
        match self.swapped(called, parameters, types) {
            Some(swapped) => report.help(format!("swap them: `{swapped}`")),
            None => report,
        }
    }

    /// The call with two neighbours in the other order, if its arguments only fit like that.
    fn swapped(&self, called: &str, parameters: &str, types: &[&str]) -> Option<String> {
        let names = parameter_names(parameters);
        let mut texts = self.argument_texts();
        let mut types: Vec<&str> = types.iter().map(|name| type_word(name)).collect();
        let fits = |given: &[&str]| names.iter().zip(given).all(|(name, given)| accepts(name, given));
        if texts.len() != types.len() || names.len() < types.len() || fits(&types) {
            return None;
        }
        let first = (1..types.len()).find(|&second| {
            types.swap(second - 1, second);
            let fits = fits(&types);
            types.swap(second - 1, second);
            fits
        })?;
        texts.swap(first - 1, first);
        Some(format!("{called}({})", texts.join(", ")))
    }

    /// A host function has found out itself that an argument has another type than wanted; `report` is its own.
    pub(super) fn wrong_type(&self, report: Diagnostic, call: &HostCall) -> Diagnostic {
        let name = self.here();
        let owner = self.vocabulary.name_of(&call.owner);
        let Some(parameters) = self.vocabulary.parameters_of(owner, name) else { return report };
        let receiver = self.receiver();
        let called = receiver.map_or_else(|| name.to_string(), |receiver| format!("{receiver}.{name}"));
        let types: Vec<&str> = call.given.iter().map(String::as_str).collect();
        if self.swapped(&called, &parameters, &types).is_some() {
            return self.wrong_arguments(name, &called, &parameters, &types);
        }
        if !report.helps.is_empty() {
            return report;
        }
        let names = parameter_names(&parameters);
        let wrong = names.iter().zip(&types).position(|(name, given)| !accepts(name, type_word(given)));
        let texts = self.argument_texts();
        let Some((wanted, text)) = wrong.and_then(|index| Some((names[index], *texts.get(index)?))) else {
            return report;
        };
        let is_called = text.ends_with(')') && text.starts_with(|first: char| first.is_alphabetic());
        let number = text.trim_matches('"');
        match text.strip_suffix("()") {
            _ if accepts(wanted, "integer") && number != text && number.parse::<f64>().is_ok() => {
                report.help(format!("write the number without quotes: `{number}`"))
            }
            _ if !accepts(wanted, "function") => report,
            Some(function) if is_called && !function.contains(['(', '.']) => report
                .note(format!("`{text}` calls the function at once and passes on what it returns"))
                .help(format!("pass the function itself: `{function}`")),
            _ if is_called => report
                .note("the call is made at once, and what it returns is passed on")
                .help(format!("pass a closure: `|| {text}`")),
            _ => report.help("pass a closure: `|| { ... }`"),
        }
    }

    /// The arguments of the call at the place, as written; empty if one is long.
    pub(super) fn argument_texts(&self) -> Vec<&str> {
        let parts = self.tokens.parts(self.at + 1);
        if self.tokens.text(self.at + 1) != "(" {
            return Vec::new();
        }
        parts.iter().map(|&(from, to)| self.tokens.quote(from, to)).collect::<Option<Vec<_>>>().unwrap_or_default()
    }
}

/// The names in `topic, payload[, options][, callback]`.
fn parameter_names(parameters: &str) -> Vec<&str> {
    parameters.split(',').map(|name| name.trim_matches([' ', '[', ']', '.'])).collect()
}

/// Whether a parameter of that name is meant for a value of that type, as far as names tell.
fn accepts(parameter: &str, given: &str) -> bool {
    match parameter {
        "callback" | "cb" | "f" | "function" | "listener" | "handler" | "test" | "done" => given == "function",
        "delay" | "period" | "ms" | "timeout" | "timeout_ms" | "code" | "milliseconds" | "count" | "id" => {
            matches!(given, "integer" | "float")
        }
        "topic" | "filter" | "name" | "path" | "event" | "url" | "text" | "what" | "label" | "encoding" => {
            given == "text"
        }
        "options" => given == "map",
        _ => true,
    }
}
