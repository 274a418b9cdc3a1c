//! Values that are not what they should be: properties, variables, conditions, numbers, thrown values.

use super::names::{is_rhai_type, split_types, type_list, type_phrase, type_word};
use super::{Failure, HostError, error_text, is_closure};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::javascript::instead_of_default;
use crate::diagnostics::suggest::closest;
use crate::diagnostics::syntax::in_our_words;
use crate::diagnostics::tokens::TokenKind;
use rhai::{Dynamic, EvalAltResult};

impl Failure<'_> {
    /// `text` is Rhai's: `Unknown property 'x' - a getter is not registered for type 'blob'`.
    pub(super) fn property(&self, text: &str) -> Diagnostic {
        let quoted: Vec<&str> = text.split('\'').skip(1).step_by(2).collect();
        let (&[name, owner] | &[name, owner, _]) = quoted.as_slice() else {
            return self.error(in_our_words(text));
        };
        let owner = self.vocabulary.name_of(owner);
        let members = self.vocabulary.members_of(owner);
        if let (Some(given), true) =
            (quoted.get(2).map(|given| self.vocabulary.name_of(given)), members.contains(&name))
        {
            let what = match self.vocabulary.parameters_of(owner, name) {
                Some(_) => "is a function and cannot be set to",
                None => "cannot be set to",
            };
            return self.error(format!("`{name}` of `{}` {what} {}", type_word(owner), type_phrase(given)));
        }
        if members.contains(&name) {
            let called = self.receiver().map_or_else(|| name.to_string(), |receiver| format!("{receiver}.{name}"));
            let parameters = self.vocabulary.parameters_of(owner, name).unwrap_or_default();
            let parameters = parameters.split('[').next().unwrap_or_default().trim_end_matches([',', ' ']);
            // As many values as one likes: one is an example that runs.
            let parameters = parameters.trim_start_matches("...");
            let report = self
                .error(format!("`{name}` of `{}` is a function", type_word(owner)))
                .help(format!("call it: `{called}({parameters})`"));
            let is_argument = self.tokens.enclosing(self.at).is_some_and(|opener| self.tokens.text(opener) == "(")
                && matches!(self.tokens.text(self.at + 1), "," | ")");
            return if is_argument {
                report.help(format!("or pass it on in a closure: `|{parameters}| {called}({parameters})`"))
            } else {
                report
            };
        }
        let receiver = self.receiver();
        let bytes = owner == "Buffer" && receiver != Some("Buffer");
        let report = match (is_rhai_type(owner) || bytes, receiver) {
            (true, Some(receiver)) => {
                self.error(format!("`{receiver}` is {} and has no property `{name}`", type_phrase(owner)))
            }
            (true, None) => self.error(format!("{} has no property `{name}`", type_phrase(owner))),
            (false, _) => self.error(format!("`{}` has no property `{name}`", type_word(owner))),
        };
        self.instead_of(report, name, owner, &members)
    }

    /// A name that nobody declared, or that is out of reach.
    pub(super) fn variable_not_found(&self, name: &str) -> Diagnostic {
        if let Some((module, variable)) = name.rsplit_once("::") {
            return self.error(format!("module `{module}` has no variable `{variable}`"));
        }
        match name {
            "undefined" => {
                return self.error("a missing value is written `()`, not `undefined`").help("write `()`");
            }
            "NaN" => {
                return self.error("there is no variable `NaN`").help("write `0.0 / 0.0`, or ask with `x.is_nan()`");
            }
            "Infinity" => return self.error("there is no variable `Infinity`").help("write `1.0 / 0.0`"),
            _ => {}
        }
        let report = self.error(format!("there is no variable `{name}`"));
        if let Some(index) = self.tokens.declaration(name).filter(|&index| index != self.at) {
            let span = self.tokens.span(self.source, index, index);
            return if index > self.at && self.tokens.depth(index) == 0 {
                report.see(span, "declared only here, further down")
            } else {
                report
                    .see(span, "visible only inside of this block or function")
                    .help(format!("declare it at the top level to use it everywhere: `let {name};`"))
            };
        }
        let declared = self.tokens.declared_names();
        // `NaN` is within reach of `name`, `nan`, `man`: nobody means it who does not write it.
        let objects = self.vocabulary.objects().into_iter().filter(|name| !matches!(*name, "NaN" | "Infinity"));
        let known = declared.into_iter().chain(objects).chain(self.vocabulary.functions());
        match closest(name, known) {
            Some(near) => report.help(format!("did you mean `{near}`?")),
            None => report.help(format!("declare it first: `let {name} = ...;`")),
        }
    }

    /// `throw value`, or an error of a host function.
    pub(super) fn thrown(&self, value: &Dynamic) -> Diagnostic {
        if let Some(HostError { message, notes, helps, call }) = (self.host)(value) {
            let report = Diagnostic { notes, helps, ..self.error(message) };
            return match call {
                Some(call) => self.wrong_type(report, &call),
                None => report,
            };
        }
        let value = value.flatten_clone();
        if value.is_unit() {
            return self.error("`throw` without a value").help("throw a text that says why: `throw \"no answer\"`");
        }
        if let Some(map) = value.read_lock::<rhai::Map>() {
            if let Some(report) = self.thrown_again(&map) {
                return report;
            }
            let message = map.get("message").filter(|message| !message.is_unit()).map(Dynamic::to_string);
            let rest: Vec<String> = map
                .iter()
                .filter(|(key, _)| *key != "message" || message.is_none())
                .map(|(key, value)| format!("{key}: {value:?}"))
                .collect();
            let report = self.error(message.unwrap_or_else(|| "a map was thrown".to_string()));
            return if rest.is_empty() { report } else { report.note(format!("thrown with {}", rest.join(", "))) };
        }
        match value.to_string() {
            text if text.is_empty() => self.error("an empty text was thrown"),
            text => self.error(text),
        }
    }

    /// `catch (err) { throw err; }` with an error of Rhai's own, which `catch` gets as a map.
    fn thrown_again(&self, map: &rhai::Map) -> Option<Diagnostic> {
        let text = |key: &str| map.get(key).filter(|value| value.is_string()).map(Dynamic::to_string);
        let number = |key: &str| map.get(key).and_then(|value| value.as_int().ok());
        text("error").filter(|error| error.starts_with("Error"))?;
        let (message, line, column) = (text("message")?, number("line")?, number("position")?);
        let source = text("source").unwrap_or_else(|| self.source.name.clone());
        let message = match text("function").as_deref().and_then(|signature| signature.split_once(" (")) {
            Some((name, types)) => {
                let types = split_types(types.trim_end_matches(')'));
                let types: Vec<&str> = types.into_iter().map(|name| self.vocabulary.name_of(name)).collect();
                format!("there is no function `{name}` that takes {}", type_list(&types))
            }
            None => in_our_words(&message),
        };
        let report = self.error(message);
        Some(report.note(format!("caught and thrown again; it first happened at {source}:{line}:{column}")))
    }

    /// The host stopped the script.
    pub(super) fn terminated(&self, token: &Dynamic) -> Diagnostic {
        if let Some(HostError { message, notes, helps, call: _ }) = (self.host)(token) {
            return Diagnostic { notes, helps, ..self.error(message) };
        }
        let report = self.error("the script was stopped");
        if token.is_unit() { report } else { report.note(token.to_string()) }
    }

    /// Division by zero, overflow, and texts that are no numbers.
    pub(super) fn arithmetic(&self, text: &str) -> Diagnostic {
        let calculation = text.split_once(": ").map_or("", |(_, calculation)| calculation);
        let divided = matches!(calculation.split_whitespace().nth(1), Some("/" | "%"));
        if divided && calculation.ends_with(" 0") {
            let divisor = self.tokens.operand_after(self.at + 1).and_then(|end| self.tokens.quote(self.at + 1, end));
            let report = self.error(format!("division by zero: `{calculation}`"));
            return match divisor.filter(|divisor| !divisor.starts_with(|first: char| first.is_ascii_digit())) {
                Some(divisor) => report.help(format!("check it first: `if {divisor} != 0 {{ ... }}`")),
                None => report,
            };
        }
        if text.to_lowercase().contains("overflow") && !calculation.is_empty() {
            return self
                .error(format!("`{calculation}` is too large for an integer"))
                .note("integers reach from -9223372036854775808 to 9223372036854775807")
                .help("compute with floats: write `1.0` for `1`, `x.to_float()` for `x`");
        }
        if text.contains("negative power") {
            return self
                .error(format!("an integer has no negative power: `{calculation}`"))
                .help("compute with floats: write `10.0` for `10`, `x.to_float()` for `x`");
        }
        if let Some((_, rest)) = text.split_once("number '")
            && let Some((given, _)) = rest.split_once('\'')
        {
            let kind = if text.contains("integer") { "an integer" } else { "a number" };
            return self.error(format!("`{given}` is not {kind}"));
        }
        self.error(in_our_words(text))
    }

    /// A value of another type than wanted; conditions above all.
    pub(super) fn mismatch(&self, wanted: &str, given: &str) -> Diagnostic {
        let held = self.shared_type(given);
        let given = held.as_deref().unwrap_or_else(|| self.vocabulary.name_of(given));
        if wanted == "bool" {
            return self.condition(given);
        }
        let word = type_phrase(given).trim_end_matches(',').to_string();
        if [self.here(), self.before(1), self.tokens.text(self.at + 1)].iter().any(|text| matches!(*text, "[" | "?[")) {
            let owner = if wanted == "string" { "a map" } else { "an array" };
            let report = self.error(format!("the index of {owner} must be {} but got {word}", type_phrase(wanted)));
            return match self.index().filter(|_| wanted == "string" && matches!(given, "i64" | "f64")) {
                Some((map, index)) if index.chars().all(|digit| digit.is_ascii_digit()) => {
                    report.help(format!("write `{map}[\"{index}\"]`"))
                }
                Some((map, index)) => report.help(format!("write `{map}[String({index})]`")),
                None => report,
            };
        }
        self.error(format!("expected {} but got {word}", type_phrase(wanted).trim_end_matches(',')))
    }

    /// The type of the value that a global variable holds: Rhai says of a shared value only that it is one.
    fn shared_type(&self, given: &str) -> Option<String> {
        let is_shared = given.contains("RefCell<");
        let name = [self.at, self.at + 1].into_iter().find(|&index| self.tokens.is(index, TokenKind::Word));
        let held = name.and_then(|name| self.vocabulary.type_of_global(&self.source.name, self.tokens.text(name)));
        is_shared.then(|| held.unwrap_or_else(|| "another type".to_string()))
    }

    /// `if x`, `while x`, `x && y`, `x || y` with a value that is no bool.
    fn condition(&self, given: &str) -> Diagnostic {
        let tokens = self.tokens;
        let word = type_word(given);
        let compare = |operand: &str| match word {
            "integer" | "float" => format!("{operand} != 0"),
            "text" => format!("{operand} != \"\""),
            _ => format!("{operand} != ()"),
        };
        // Rhai points to the last operator of an expression; a chain starts before its dot.
        let start = if matches!(self.here(), "." | "?." | "[") { tokens.operand_before(self.at) } else { None };
        let start = start.unwrap_or(self.at);
        let end = tokens.operand_after(start);
        let logical = |text: &str| matches!(text, "&&" | "||");
        let operator = if logical(tokens.before(start, 1)) {
            Some(start - 1)
        } else {
            end.map(|end| end + 1).filter(|&next| logical(tokens.text(next)))
        };
        if let (Some(operator), Some(end)) = (operator, end) {
            let operator_text = tokens.text(operator);
            let message = format!("`{operator_text}` takes `true` or `false` on both sides but got {word}");
            let report = self.error_over(start, end, message);
            // JavaScript's way to give a default.
            if operator_text == "||" && word != "integer" {
                return instead_of_default(report, tokens, operator);
            }
            return match tokens.quote(start, end) {
                Some(operand) => report.help(format!("write `{}`", compare(operand))),
                None => report,
            };
        }
        let keyword = (0..start.min(tokens.len()))
            .rev()
            .take_while(|&index| !matches!(tokens.text(index), ";" | "{" | "}"))
            .find(|&index| matches!(tokens.text(index), "if" | "while" | "until"));
        let message = format!("a condition must be `true` or `false` but got {word}");
        let Some(keyword) = keyword else { return self.error(message) };
        let body = (keyword + 1..tokens.len())
            .find(|&index| tokens.text(index) == "{" && tokens.enclosing(index) == tokens.enclosing(keyword));
        match body.and_then(|body| Some((body - 1, tokens.quote(keyword + 1, body - 1)?))) {
            Some((last, condition)) => {
                let inner = condition.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
                let whole = tokens.pair(keyword + 1) == Some(last);
                let condition = inner.filter(|_| whole).unwrap_or(condition);
                let word = tokens.text(keyword);
                self.error_over(keyword + 1, last, message)
                    .help(format!("write `{word} {} {{ ... }}`", compare(condition)))
            }
            None => self.error(message),
        }
    }

    /// A value that is locked by the method that runs on it.
    pub(super) fn data_race(&self, text: &str) -> Diagnostic {
        if let Some(name) = text.strip_prefix("variable `").and_then(|name| name.strip_suffix('`')) {
            return self.locked_variable(name);
        }
        // Of a callback that takes its own list Rhai names the callback: it stands in the arguments of the method.
        let method = text.split('\'').nth(1).map(|name| if is_closure(name) { self.here() } else { name });
        let Some(method) = method else {
            return self.error("this value is changed while it is in use").help("copy it first: `let copy = value;`");
        };
        // Rhai gives no place: it is known if the source calls the method only once.
        let calls: Vec<usize> = (0..self.tokens.len())
            .filter(|&index| self.tokens.text(index) == method && matches!(self.tokens.before(index, 1), "." | "?."))
            .collect();
        let message = format!("`{method}` cannot run while its callback uses the same value");
        let (report, receiver) = match calls.as_slice() {
            &[only] => {
                let start = self.tokens.operand_before(only - 1);
                let receiver = start.and_then(|start| self.tokens.quote(start, only - 2));
                (self.error_over(only, only, message), receiver)
            }
            _ if self.here() == method => (self.error(message), self.receiver()),
            _ => (self.error(message), None),
        };
        report.help(format!("write `for x in {} {{ ... }}`", receiver.unwrap_or("list")))
    }

    /// The variable `name`, used while a method runs on it.
    fn locked_variable(&self, name: &str) -> Diagnostic {
        // The method stands around it, with a closure in between; or elsewhere, where it called what stands here.
        let mut openers =
            std::iter::successors(self.tokens.enclosing(self.at), |&opener| self.tokens.enclosing(opener));
        let of_name = |opener: usize| {
            let dot = opener.checked_sub(2).filter(|&dot| matches!(self.tokens.text(dot), "." | "?."))?;
            let start = self.tokens.operand_before(dot).filter(|&start| self.tokens.text(start) == name)?;
            let is_closure =
                |token: usize| matches!(self.tokens.text(token), "|" | "||") && !self.tokens.ends_value(token - 1);
            (opener + 1..self.at).any(is_closure).then_some((start, dot + 1))
        };
        let method = openers.find_map(of_name).filter(|_| self.here() == name);
        match method {
            Some((start, method)) => {
                let message =
                    format!("`{}` cannot run while its callback uses the same value", self.tokens.text(method));
                let receiver = self.tokens.quote(start, method - 2).unwrap_or(name);
                self.error_over(method, method, message).help(format!("write `for x in {receiver} {{ ... }}`"))
            }
            None => self
                .error(format!("`{name}` cannot be used while a method of it runs"))
                .help(format!("copy it before that call: `let copy = {name};`")),
        }
    }

    /// `import "x"` that was not found, or `x::f()` without an import.
    pub(super) fn module_not_found(&self, name: &str) -> Diagnostic {
        if self.tokens.text(self.at + 1) != "::" {
            return self.error(format!("there is no module `{name}`"));
        }
        let report = self.error(format!("`{name}` is not an imported module"));
        if self.vocabulary.objects().contains(&name) || !self.vocabulary.members_of(name).is_empty() {
            let member = self.tokens.text(self.at + 2);
            return report.help(format!("write `{name}.{member}`"));
        }
        report.help(format!("import it first: `import \"{name}\" as {name};`"))
    }

    /// `CONSTANT.push(1)`.
    pub(super) fn changed_constant(&self, name: &str) -> Diagnostic {
        let name = name.trim_start_matches("get$").trim_start_matches("set$");
        let report = match self.receiver() {
            Some(receiver) => self.error(format!("`{receiver}` is a constant and `{name}` may change it")),
            None => self.error(format!("`{name}` may change its value, but that is a constant")),
        };
        match self.receiver() {
            Some(receiver) => report.help(format!("declare it with `let {receiver}`")),
            None => report,
        }
    }

    /// Everything that needs no names.
    pub(super) fn other(&self, error: &EvalAltResult) -> Diagnostic {
        use EvalAltResult as E;
        match error {
            E::ErrorArrayBounds(count, index, _) => {
                let report = self.bounds(*index, "array", *count, "element");
                match self.index() {
                    Some((array, index)) if !self.is_assigned() => {
                        report.help(format!("`{array}.get({index})` is `()` where there is no element"))
                    }
                    _ => report,
                }
            }
            E::ErrorStringBounds(count, index, _) => self.bounds(*index, "text", *count, "character"),
            E::ErrorBitFieldBounds(count, index, _) => self.bounds(*index, "integer", *count, "bit"),
            E::ErrorIndexNotFound(index, _) => self.error(format!("there is no index `{index}`")),
            E::ErrorIndexingType(text, _) => {
                let owner = text.split_once(" [").map_or(text.as_str(), |(owner, _)| owner);
                let receiver = self.tokens.operand_before(self.at);
                let receiver = receiver.and_then(|start| self.tokens.quote(start, self.at - 1));
                match receiver {
                    Some(receiver) => {
                        let report = self.error(format!("`{receiver}` is {} and has no index", type_phrase(owner)));
                        if owner != "()" {
                            return report;
                        }
                        report.help(format!("check it first: `if {receiver} != () {{ ... }}`"))
                    }
                    None => self.error(format!("{} has no index", type_phrase(owner))),
                }
            }
            E::ErrorFor(_) => self
                .error("`for` runs over an array, a range, text or the keys of a map")
                .help("write `for x in list { ... }`, `for i in 0..10 { ... }` or `for key in map.keys() { ... }`"),
            E::ErrorUnboundThis(_) => {
                self.error("`this` has no value here").note("it is the value that a function is called on: `x.f()`")
            }
            E::ErrorStackOverflow(_) => self
                .error("too many calls inside of each other")
                .help("a function that calls itself needs a condition under which it stops")
                .help("where it has one, allow more with `--max-call-depth`"),
            E::ErrorTooManyOperations(_) => self
                .error("the script runs for too many operations")
                .help("a loop needs a condition under which it ends, or a `break`"),
            E::ErrorTooManyVariables(_) => self.error("the script has too many variables"),
            E::ErrorTooManyModules(_) => self.error("the script imports too many modules"),
            E::ErrorDataTooLarge(what, _) => self.error(format!("too large: {}", in_our_words(what))),
            E::ErrorVariableExists(name, _) => self.error(format!("the variable `{name}` exists already")),
            E::ErrorForbiddenVariable(name, _) => self.error(format!("`{name}` cannot be the name of a variable")),
            E::ErrorPropertyNotFound(name, _) => self.error(format!("there is no property `{name}`")),
            E::ErrorSystem(text, source) => {
                self.error(if text.is_empty() { source.to_string() } else { format!("{text}: {source}") })
            }
            _ => self.error(in_our_words(&error_text(error))),
        }
    }

    /// The bracket of the index that Rhai points to, or into.
    fn index_opener(&self) -> Option<usize> {
        if self.here() == "[" { Some(self.at) } else { self.tokens.enclosing(self.at) }
            .filter(|&opener| self.tokens.text(opener) == "[")
    }

    /// `x` and `i` of the `x[i]` here, if they can be repeated.
    fn index(&self) -> Option<(&str, &str)> {
        let opener = self.index_opener()?;
        let start = self.tokens.operand_before(opener)?;
        let closer = self.tokens.pair(opener)?;
        Some((self.tokens.quote(start, opener - 1)?, self.tokens.quote(opener + 1, closer - 1)?))
    }

    /// Whether the `x[i]` here is what a value is assigned to.
    fn is_assigned(&self) -> bool {
        let closer = self.index_opener().and_then(|opener| self.tokens.pair(opener));
        let operator = closer.map_or("", |closer| self.tokens.text(closer + 1));
        operator.ends_with('=') && !matches!(operator, "==" | "!=" | "<=" | ">=")
    }

    fn bounds(&self, index: rhai::INT, owner: &str, count: usize, unit: &str) -> Diagnostic {
        let report = match count {
            0 => self.error(format!("index {index} is out of bounds: the {owner} is empty")),
            1 => self.error(format!("index {index} is out of bounds: the {owner} has 1 {unit}")),
            _ => self.error(format!("index {index} is out of bounds: the {owner} has {count} {unit}s")),
        };
        if count > 1 { report.note(format!("the first index is 0, the last {}", count - 1)) } else { report }
    }
}
