//! Scripts that fail while they run.
//!
//! The innermost place is what is underlined; the calls that led there become notes. What a name should have been is
//! looked up in a [`Vocabulary`] and in the source itself.

mod arguments;
mod calls;
mod names;
mod values;

use super::tokens::Tokens;
use super::{Diagnostic, Label, Source, Span, syntax};
use rhai::{Dynamic, EvalAltResult, Position};
use std::rc::Rc;

/// The most calls that are listed; the rest is counted.
const MOST_CALLS: usize = 8;

/// The names a script can use, for did-you-mean and for the shape of calls.
pub trait Vocabulary {
    /// Methods and properties of a type as Rhai names it (`Client`), or of a host object (`console`).
    fn members_of(&self, type_name: &str) -> Vec<&str>;
    /// Functions that are called without an object.
    fn functions(&self) -> Vec<&str>;
    /// The parameters of a function as the reference writes them, `topic, payload[, options]`; `object` is `""` for a
    /// function without an object.
    fn parameters_of(&self, object: &str, name: &str) -> Option<String>;
    /// The host objects a script can name without declaring them: `console`, `process`, ...
    fn objects(&self) -> Vec<&str> {
        Vec::new()
    }
    /// The name that scripts know a type by; Rhai gives some as a Rust path.
    fn name_of<'a>(&self, type_name: &'a str) -> &'a str {
        type_name
    }
    /// The type, as Rhai names it, of the value that a global variable of `source` holds.
    fn type_of_global(&self, _source: &str, _name: &str) -> Option<String> {
        None
    }
    /// Name and parameters of each function of the module that `import "path"` loads.
    fn functions_of_module(&self, _path: &str) -> Vec<(String, String)> {
        Vec::new()
    }
    /// The source that a closure stands in, by Rhai's name for its function.
    fn source_of_closure(&self, _name: &str) -> Option<String> {
        None
    }
    /// How many arguments the closure takes that a global variable of `source` holds.
    fn parameter_count(&self, _source: &str, _name: &str) -> Option<usize> {
        None
    }
}

/// A host error in the words of its own layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostError {
    /// The error itself.
    pub message: String,
    /// Facts, such as the cause.
    pub notes: Vec<String>,
    /// Actions.
    pub helps: Vec<String>,
    /// The call, if the error is that an argument has another type than wanted.
    pub call: Option<HostCall>,
}

/// A call of a host function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCall {
    /// Type of the value it was called on; `""` for a function without an object.
    pub owner: String,
    /// Types of the arguments, as Rhai names them.
    pub given: Vec<String>,
}

/// What to say about a script that failed.
///
/// `sources` finds a script or module by the name Rhai knows it by; an empty name is `main`. `host` is asked first
/// about a thrown value (and about the token of a terminated run), so that host errors can add cause and help.
pub fn explain_eval_error(
    error: &EvalAltResult,
    sources: &dyn Fn(&str) -> Option<Rc<Source>>,
    main: &Rc<Source>,
    vocabulary: &dyn Vocabulary,
    host: &dyn Fn(&Dynamic) -> Option<HostError>,
) -> Diagnostic {
    let find = |name: &str| match name {
        "" => Rc::clone(main),
        name if name == main.name => Rc::clone(main),
        // Only the name is known: the place is shown without its line.
        name => sources(name).unwrap_or_else(|| Rc::new(Source { name: name.to_string(), text: String::new() })),
    };
    let Chain { inner, source_name, mut calls, evaluated } = unwind(error, &main.name, vocabulary);
    let mut source = find(&source_name);
    let mut position = inner.position();
    let mut notes = Vec::new();
    if evaluated {
        if let (Some(line), column) = (position.line(), position.position().unwrap_or(1)) {
            notes.push(format!("in the text that was given to `eval`, line {line}, column {column}"));
        }
        position = Position::NONE;
    }
    // A native function has no place of its own: the call that led there stands for it.
    while position.is_none() {
        let Some(call) = calls.pop() else { break };
        source = find(&call.source);
        position = call.position;
    }
    let tokens = Tokens::new(if evaluated { "" } else { &source.text });
    let at = match position.line() {
        Some(line) => tokens.index_at(line, position.position().unwrap_or(1)),
        None => tokens.len(),
    };
    let span = position.line().map(|line| Span {
        source: Rc::clone(&source),
        line,
        column: position.position().unwrap_or(1),
        length: 0,
    });
    let failure = Failure { tokens: &tokens, at, span, source: &source, vocabulary, host };
    let mut report = failure.explain(inner, position);
    report.notes.append(&mut notes);
    if let Some(Label { span, .. }) = report.labels.first() {
        // Some failures are shown at the call that led to them: it is no news then.
        let shown = |call: &Call<'_>| {
            let position = (call.position.line(), call.position.position());
            position == (Some(span.line), Some(span.column)) && find(&call.source).name == span.source.name
        };
        calls.retain(|call| !shown(call));
    }
    report.notes.extend(call_notes(&calls, &find));
    report
}

/// One call on the way to the failure.
struct Call<'e> {
    /// Function that stands around the call; `None` at the top level.
    caller: Option<&'e str>,
    /// The source the call stands in, by Rhai's name.
    source: String,
    position: Position,
    /// Whether it is an `import`.
    import: bool,
}

/// An error taken apart: what happened, and the calls that led there, outermost first.
struct Chain<'e> {
    inner: &'e EvalAltResult,
    source_name: String,
    calls: Vec<Call<'e>>,
    /// Whether the place is in a text given to `eval`, which is no source.
    evaluated: bool,
}

fn unwind<'e>(error: &'e EvalAltResult, main: &str, vocabulary: &dyn Vocabulary) -> Chain<'e> {
    let mut inner = error;
    let mut source = main.to_string();
    let mut caller = None;
    let mut evaluated = false;
    let mut calls: Vec<Call<'_>> = Vec::new();
    loop {
        match inner {
            EvalAltResult::ErrorInFunctionCall(name, called_source, next, position) => {
                // A callback of a native function (`list.map(f)`) has the place of the native call.
                let is_callback = |call: &Call| call.source == source || is_closure(name);
                let repeated = calls.last().is_some_and(|call| call.position == *position && is_callback(call));
                if !repeated {
                    calls.push(Call { caller, source, position: *position, import: false });
                }
                evaluated = name == "eval";
                caller = Some(name);
                // Rhai takes a closure for a part of the source that calls it.
                let home = is_closure(name).then(|| vocabulary.source_of_closure(name)).flatten();
                source = home.unwrap_or_else(|| called_source.clone());
                inner = next;
            }
            EvalAltResult::ErrorInModule(name, next, position) => {
                calls.push(Call { caller, source, position: *position, import: true });
                caller = None;
                source = name.clone();
                inner = next;
            }
            _ => return Chain { inner, source_name: source, calls, evaluated },
        }
    }
}

/// The calls as notes, innermost first.
fn call_notes(calls: &[Call<'_>], find: &dyn Fn(&str) -> Rc<Source>) -> Vec<String> {
    let placed: Vec<&Call<'_>> = calls.iter().rev().filter(|call| !call.position.is_none()).collect();
    let mut notes: Vec<String> = placed
        .iter()
        .take(MOST_CALLS)
        .map(|call| {
            let name = &find(&call.source).name;
            let (line, column) = (call.position.line().unwrap_or(1), call.position.position().unwrap_or(1));
            match call.caller {
                _ if call.import => format!("imported at {name}:{line}:{column}"),
                Some(caller) if is_closure(caller) => format!("called from a closure at {name}:{line}:{column}"),
                Some(caller) => format!("called from `{caller}` at {name}:{line}:{column}"),
                None => format!("called from the top level at {name}:{line}:{column}"),
            }
        })
        .collect();
    if placed.len() > MOST_CALLS {
        notes.push(format!("{} more calls", placed.len() - MOST_CALLS));
    }
    notes
}

/// Whether this is Rhai's name for a closure.
fn is_closure(name: &str) -> bool {
    name.starts_with("anon$")
}

/// The place of the failure and what is needed to explain it.
struct Failure<'a> {
    tokens: &'a Tokens<'a>,
    /// Index of the token at the place; the count of tokens if there is no place.
    at: usize,
    span: Option<Span>,
    source: &'a Rc<Source>,
    vocabulary: &'a dyn Vocabulary,
    host: &'a dyn Fn(&Dynamic) -> Option<HostError>,
}

impl Failure<'_> {
    /// An error at the place.
    fn error(&self, message: impl Into<String>) -> Diagnostic {
        let report = Diagnostic::error(message);
        match &self.span {
            Some(span) => report.at(span.clone()),
            None => report,
        }
    }

    /// An error that underlines from one token to another, which must be near the place.
    fn error_over(&self, from: usize, to: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.tokens.span(self.source, from, to))
    }

    fn here(&self) -> &str {
        self.tokens.text(self.at)
    }

    fn before(&self, count: usize) -> &str {
        self.tokens.before(self.at, count)
    }

    fn explain(&self, error: &EvalAltResult, position: Position) -> Diagnostic {
        use EvalAltResult as E;
        match error {
            E::ErrorFunctionNotFound(signature, _) => self.function_not_found(signature),
            E::ErrorDotExpr(text, _) => self.property(text),
            E::ErrorVariableNotFound(name, _) => self.variable_not_found(name),
            E::ErrorRuntime(value, _) => self.thrown(value),
            E::ErrorTerminated(value, _) => self.terminated(value),
            E::ErrorArithmetic(text, _) => self.arithmetic(text),
            E::ErrorMismatchDataType(wanted, given, _) | E::ErrorMismatchOutputType(wanted, given, _) => {
                self.mismatch(wanted, given)
            }
            E::ErrorDataRace(text, _) => self.data_race(text),
            // Without the text there is nothing to look at.
            E::ErrorParsing(kind, _) if self.tokens.len() == 0 => self.error(syntax::in_our_words(&kind.to_string())),
            E::ErrorParsing(kind, _) => syntax::explain(kind, position, self.source),
            E::ErrorModuleNotFound(name, _) => self.module_not_found(name),
            E::ErrorAssignmentToConstant(name, _) => match &self.span {
                Some(span) => syntax::assigned_constant(self.tokens, self.source, name, span.clone()),
                None => self.error(format!("`{name}` is a constant and cannot be assigned to")),
            },
            E::ErrorNonPureMethodCallOnConstant(name, _) => self.changed_constant(name),
            _ => self.other(error),
        }
    }
}

/// Rhai's text without the place, which is shown by other means.
fn error_text(error: &EvalAltResult) -> String {
    let text = error.to_string();
    match text.rfind(" (line ") {
        Some(end) if text.ends_with(')') => text[..end].to_string(),
        _ => text,
    }
}
