//! Calls of what is not there, or with other arguments than it takes.

use super::names::{
    RHAI_FUNCTIONS, client_method, is_rhai_type, rhai_function, rhai_method, rhai_methods, split_types, type_list,
    type_phrase, type_word,
};
use super::{Failure, is_closure};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::javascript::instead_of_typeof;
use crate::diagnostics::suggest::closest;
use crate::diagnostics::tokens::TokenKind;

impl Failure<'_> {
    /// `signature` is Rhai's: `subscribe (Client, i64)`.
    pub(super) fn function_not_found(&self, signature: &str) -> Diagnostic {
        let (name, types) = match signature.split_once(" (") {
            Some((name, types)) => {
                let types = split_types(types.strip_suffix(')').unwrap_or(types));
                (name, types.into_iter().map(|name| self.vocabulary.name_of(name)).collect::<Vec<_>>())
            }
            None => return self.error(format!("`{signature}` is not the name of a function")),
        };
        if self.here() == "in" {
            let given = types.first().map_or("nothing", |name| type_word(name));
            return self.error(format!("`in` looks into an array, a map, text or a range but got {given}"));
        }
        if is_closure(name) {
            return self.closure_arguments(&types);
        }
        if !name.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            return self.operator(name, &types);
        }
        if let Some((module, function)) = name.rsplit_once("::") {
            let tokens = self.tokens;
            // `import "path" as module`
            let import = (3..tokens.len())
                .find(|&index| tokens.text(index) == module && tokens.before(index, 3) == "import")
                .map(|index| tokens.before(index, 2).trim_matches('"'));
            let known = import.map_or_else(Vec::new, |path| self.vocabulary.functions_of_module(path));
            if let Some((_, parameters)) = known.iter().find(|(known, _)| known == function) {
                return self.error(format!("`{name}` takes ({parameters}) but got {}", type_list(&types)));
            }
            let report = self.error(format!("module `{module}` has no function `{function}`"));
            return match closest(function, known.iter().map(|(known, _)| known.as_str())) {
                Some(near) => report.help(format!("did you mean `{module}::{near}`?")),
                None => report,
            };
        }
        let dotted = matches!(self.before(1), "." | "?.") && self.here() == name;
        let unseen = self.tokens.len() == 0 && types.first().is_some_and(|name| !is_rhai_type(name));
        match types.split_first() {
            Some((owner, arguments)) if dotted || unseen => self.method(name, owner, arguments),
            _ => self.function(name, &types),
        }
    }

    /// `client.subscibe(...)`, `client.subscribe(5)`.
    fn method(&self, name: &str, owner: &str, arguments: &[&str]) -> Diagnostic {
        let members = self.vocabulary.members_of(owner);
        let receiver = self.receiver();
        let called = receiver.map_or_else(|| name.to_string(), |receiver| format!("{receiver}.{name}"));
        if members.contains(&name)
            && let Some(parameters) = self.vocabulary.parameters_of(owner, name)
        {
            return self.wrong_arguments(name, &called, &parameters, arguments);
        }
        let methods = rhai_methods(owner);
        if members.contains(&name) && !methods.contains(&name) {
            return self
                .error(format!("`{name}` of `{}` is a property, not a function", type_word(owner)))
                .help(format!("read it without parentheses: `{called}`"));
        }
        if methods.contains(&name) {
            return self.error(format!("`{called}` does not take {}", type_list(arguments)));
        }
        if let Some((index, parameters)) = self.script_function(name) {
            let given = type_list(arguments);
            return self
                .error(format!("`{name}` takes ({parameters}) but got {given}"))
                .see(self.tokens.span(self.source, index, index), "declared here")
                .note("the value before the dot is `this` inside of the function");
        }
        let report = match (is_rhai_type(owner), receiver) {
            (true, Some(receiver)) => {
                self.error(format!("`{receiver}` is {} and has no method `{name}`", type_phrase(owner)))
            }
            (true, None) => self.error(format!("{} has no method `{name}`", type_phrase(owner))),
            (false, _) => self.error(format!("`{}` has no method `{name}`", type_word(owner))),
        };
        self.instead_of(report, name, owner, &members)
    }

    /// The help for a member that does not exist.
    pub(super) fn instead_of(&self, report: Diagnostic, name: &str, owner: &str, members: &[&str]) -> Diagnostic {
        let methods = rhai_methods(owner);
        let other = client_method(name).filter(|method| owner.ends_with("Client") && members.contains(method));
        let near = other
            .or_else(|| closest(name, members.iter().copied()))
            .or_else(|| rhai_method(name).filter(|method| methods.contains(method)))
            .or_else(|| closest(name, methods.iter().copied()));
        if let Some(near) = near {
            return report.help(format!("did you mean `{near}`?"));
        }
        if matches!(name, "then" | "catch" | "finally") {
            return report
                .note("there are no promises: calls that end in `Async` wait, and return the outcome or throw")
                .help("use the value itself: `let result = client.publishAsync(topic, payload);`");
        }
        match type_word(owner) {
            "nothing" => match self.receiver() {
                Some(receiver) => report.help(format!("check it first: `if {receiver} != () {{ ... }}`")),
                None => report,
            },
            "bytes" | "Buffer" if self.receiver() != Some("Buffer") => {
                let receiver = self.receiver().unwrap_or("payload");
                report.help(format!("decode it first: `let data = JSON.parse({receiver});`"))
            }
            _ => report,
        }
    }

    /// `set_timout(...)`, `set_timeout(500, f)`, `f(1)` with a closure in a local.
    fn function(&self, name: &str, arguments: &[&str]) -> Diagnostic {
        if name == "typeof" {
            let report = self.error("the type of a value is `type_of(x)`, not `typeof(x)`");
            return instead_of_typeof(report, self.tokens, self.at);
        }
        if let Some(parameters) = self.vocabulary.parameters_of("", name) {
            return self.wrong_arguments(name, name, &parameters, arguments);
        }
        if let Some((index, parameters)) = self.script_function(name) {
            return self
                .error(format!("`{name}` takes ({parameters}) but got {}", type_list(arguments)))
                .see(self.tokens.span(self.source, index, index), "declared here");
        }
        if self.vocabulary.functions().contains(&name) || RHAI_FUNCTIONS.contains(&name) {
            return self.error(format!("`{name}` does not take {}", type_list(arguments)));
        }
        let held = self.vocabulary.type_of_global(&self.source.name, name);
        match (held.as_deref(), self.closure_parameters(name)) {
            (Some("Fn"), Some((index, parameters))) => {
                return self
                    .error(format!("`{name}` takes ({parameters}) but got {}", type_list(arguments)))
                    .see(self.tokens.span(self.source, index, index), "declared here");
            }
            (Some("Fn"), None) => {
                let given = type_list(arguments);
                return self.error(match self.vocabulary.parameter_count(&self.source.name, name) {
                    Some(1) => format!("`{name}` takes 1 argument but got {given}"),
                    Some(count) => format!("`{name}` takes {count} arguments but got {given}"),
                    None => format!("`{name}` does not take {given}"),
                });
            }
            (Some(given), _) if self.tokens.declaration(name).is_some() => {
                let given = type_phrase(self.vocabulary.name_of(given));
                return self.error(format!("`{name}` is {given} and cannot be called"));
            }
            _ => {}
        }
        let report = self.error(format!("there is no function `{name}`"));
        if self.tokens.declaration(name).is_some() {
            let values = self.argument_texts().join(", ");
            return report
                .note(format!("`{name}` is a variable here"))
                .help(format!("if it holds a closure, call it with `{name}.call({values})`"));
        }
        let declared: Vec<&str> = (0..self.tokens.len())
            .filter(|&index| self.tokens.before(index, 1) == "fn" && self.tokens.is(index, TokenKind::Word))
            .map(|index| self.tokens.text(index))
            .collect();
        let known = self.vocabulary.functions().into_iter().chain(declared).chain(RHAI_FUNCTIONS.iter().copied());
        let objects = self.vocabulary.objects();
        let owners = objects.iter().filter(|object| self.vocabulary.parameters_of(object, name).is_some());
        let owners: Vec<String> = owners.map(|object| format!("`{object}.{name}`")).collect();
        if !owners.is_empty() {
            return report.help(format!("did you mean {}?", owners.join(" or ")));
        }
        match closest(name, known).or_else(|| rhai_function(name)) {
            Some(near) => report.help(format!("did you mean `{near}`?")),
            None => report,
        }
    }

    /// A closure that takes another number of arguments.
    fn closure_arguments(&self, types: &[&str]) -> Diagnostic {
        let (name, types) = match (self.here(), types) {
            ("call", _) => (self.receiver(), types),
            // A closure in a map gets the map as `this`.
            (name, ["map", arguments @ ..]) if matches!(self.before(1), "." | "?.") => (Some(name), arguments),
            (name, _) => (Some(name).filter(|name| !name.is_empty()), types),
        };
        let given = type_list(types);
        match name.and_then(|name| Some((name, self.closure_parameters(name)?))) {
            Some((name, (index, parameters))) => self
                .error(format!("`{name}` takes ({parameters}) but got {given}"))
                .see(self.tokens.span(self.source, index, index), "declared here"),
            None => self.error(format!("this closure does not take {given}")),
        }
    }

    /// Where `let name = |...|` (or `name: |...|`) stands, and the parameters.
    fn closure_parameters(&self, name: &str) -> Option<(usize, &str)> {
        let tokens = self.tokens;
        (0..tokens.len()).find_map(|index| {
            if tokens.text(index) != name || !matches!(tokens.text(index + 1), "=" | ":") {
                return None;
            }
            match tokens.text(index + 2) {
                "||" => Some((index, "")),
                "|" => {
                    let end = (index + 3..tokens.len()).find(|&index| tokens.text(index) == "|")?;
                    tokens.quote(index + 3, end - 1).map(|parameters| (index, parameters))
                }
                _ => None,
            }
        })
    }

    /// Where `fn name(...)` stands in this source, and its parameters.
    fn script_function(&self, name: &str) -> Option<(usize, &str)> {
        let tokens = self.tokens;
        let index = (0..tokens.len()).find(|&index| tokens.text(index) == name && tokens.before(index, 1) == "fn")?;
        let closer = tokens.pair(index + 1)?;
        let parameters = if index + 2 < closer { tokens.quote(index + 2, closer - 1)? } else { "" };
        Some((index, parameters))
    }

    /// `a - b` with values that cannot be subtracted.
    fn operator(&self, operator: &str, types: &[&str]) -> Diagnostic {
        let words: Vec<&str> = types.iter().map(|name| type_word(name)).collect();
        if let ("!", &[given]) = (operator, words.as_slice()) {
            let report = self.error(format!("`!` takes `true` or `false` but got {given}"));
            let operand = self.tokens.operand_after(self.at + 1).and_then(|end| self.tokens.quote(self.at + 1, end));
            return match (operand, given) {
                (Some(operand), "integer" | "float") => report.help(format!("write `{operand} == 0`")),
                (Some(operand), _) => report.help(format!("write `{operand} == ()`")),
                (None, _) => report,
            };
        }
        let report = self.error(format!("`{operator}` does not take {}", type_list(types)));
        if words.contains(&"nothing") {
            let report =
                report.note("nothing, `()`, is the value of what was never set, or of a function that returns none");
            return match self.with_default(operator, &words) {
                Some(instead) => report.help(format!("write `{instead}`")),
                None => report,
            };
        }
        let counts = matches!(operator, "-" | "*" | "/" | "%" | "**" | "-=" | "*=" | "/=");
        if counts && words.contains(&"Buffer") {
            let bytes = self.operand_texts().into_iter().zip(&words).find(|(_, word)| **word == "Buffer");
            let bytes = bytes.map_or("payload", |(text, _)| text);
            return report.help(format!("make a number of the bytes first: `Number({bytes})`"));
        }
        if counts && words.contains(&"text") {
            let text = self.operand_texts().into_iter().zip(&words).find(|(_, word)| **word == "text");
            let text = text.map_or("text", |(text, _)| text);
            return report.help(format!("make a number of the text first: `parse_float({text})`"));
        }
        if words.contains(&"text") || words.contains(&"bytes") || words.contains(&"Buffer") {
            return report.help("join texts with a template: `${a} ${b}` in backticks");
        }
        report
    }

    /// The calculation at the place with a default for the operand that is nothing.
    fn with_default(&self, operator: &str, words: &[&str]) -> Option<String> {
        let (&[left, right], &[left_word, right_word]) = (self.operand_texts().as_slice(), words) else { return None };
        let default = |other: &str| match other {
            "integer" | "float" => Some("0"),
            "text" => Some("\"\""),
            _ => None,
        };
        if left_word != "nothing" {
            return Some(format!("{left} {} ({right} ?? {})", self.here(), default(left_word)?));
        }
        let value = format!("({left} ?? {}) {} {right}", default(right_word)?, operator.trim_end_matches('='));
        Some(if self.here().ends_with('=') { format!("{left} = {value}") } else { value })
    }

    /// The operands around the operator at the place, as written; empty if they are long.
    fn operand_texts(&self) -> Vec<&str> {
        let tokens = self.tokens;
        let left = tokens.operand_before(self.at).and_then(|start| tokens.quote(start, self.at - 1));
        let right = tokens.operand_after(self.at + 1).and_then(|end| tokens.quote(self.at + 1, end));
        match (left, right) {
            (Some(left), Some(right)) => vec![left, right],
            (None, Some(only)) => vec![only],
            _ => Vec::new(),
        }
    }

    /// What stands before the dot of the member at the place.
    pub(super) fn receiver(&self) -> Option<&str> {
        let dot = self.at.checked_sub(1).filter(|&dot| matches!(self.tokens.text(dot), "." | "?."))?;
        let start = self.tokens.operand_before(dot)?;
        self.tokens.quote(start, dot - 1)
    }
}
