//! Scripts that do not compile.

use super::javascript::{Place, leftover};
use super::suggest::closest;
use super::tokens::{TokenKind, Tokens};
use super::{Diagnostic, Source, Span};
use rhai::{LexError, ParseError, ParseErrorType};
use std::rc::Rc;

/// A warning for a script that compiles, but says something else than it would in JavaScript.
pub fn warning(source: &Rc<Source>) -> Option<Diagnostic> {
    if !source.text.contains('`') {
        return None;
    }
    let (line, column, letter) = Tokens::new(&source.text).escape_in_template()?;
    let span = Span { source: Rc::clone(source), line, column, length: 2 };
    let message = format!("`\\{letter}` in backticks is a backslash and the letter `{letter}`");
    Some(
        Diagnostic::warning(message)
            .at(span)
            .help(format!("write `${{\"\\{letter}\"}}`, or the text in double quotes")),
    )
}

/// What to say about a script that does not compile: JavaScript that was left in, else Rhai's own reason.
///
/// The first error only, as Rhai stops there.
pub fn explain_parse_error(error: &ParseError, source: &Rc<Source>) -> Diagnostic {
    explain(error.err_type(), error.position(), source)
}

/// The same for the parts of an error.
pub(super) fn explain(error: &ParseErrorType, position: rhai::Position, source: &Rc<Source>) -> Diagnostic {
    let tokens = Tokens::new(&source.text);
    let at = match (position.line(), position.position()) {
        (Some(line), column) => tokens.index_at(line, column.unwrap_or(1)),
        _ => tokens.len(),
    };
    let place = Place { tokens: &tokens, at, error, source };
    if let Some(report) = leftover(&place) {
        return report;
    }
    let span = match position.line() {
        Some(line) => Span { source: Rc::clone(source), line, column: position.position().unwrap_or(1), length: 0 },
        None => tokens.span(source, at, at),
    };
    match error {
        ParseErrorType::UnexpectedEOF => incomplete(&tokens, source, None, "the script ends too early".to_string()),
        ParseErrorType::MissingToken(wanted, purpose) => missing_token(&tokens, source, at, span, wanted, purpose),
        ParseErrorType::BadInput(error) => bad_input(error, &tokens, at, span),
        ParseErrorType::UnknownOperator(operator) => {
            Diagnostic::error(format!("there is no operator `{operator}`")).at(span)
        }
        _ => declarations(error, &tokens, at, span),
    }
}

/// Something is wanted here and something else was found.
fn missing_token(
    tokens: &Tokens<'_>,
    source: &Rc<Source>,
    at: usize,
    span: Span,
    wanted: &str,
    purpose: &str,
) -> Diagnostic {
    let found = tokens.text(at);
    if found.is_empty() {
        return incomplete(tokens, source, Some(wanted), format!("`{wanted}` is missing at the end of the script"));
    }
    let malformed = tokens.get(at).filter(|token| token.kind == TokenKind::Number && token.column < span.column);
    if let Some(token) = malformed {
        return Diagnostic::error(format!("`{}` is not a number", token.text)).at(tokens.span(source, at, at));
    }
    let opener = tokens.enclosing(at).filter(|_| found == ";" && wanted == ",");
    let wanted = opener.map_or(wanted, |opener| closer_of(tokens.text(opener)));
    let found_first = at > 0 && matches!(wanted, "," | ")" | "]" | "}" | ";");
    if wanted == "," && found == "{" && purpose.contains("anonymous function") {
        let report = Diagnostic::error("the parameters of a closure end with `|`").at(span);
        return report.help("write `|` before `{`");
    }
    let after_previous = found_first && tokens.get(at).is_some_and(|token| token.kind != TokenKind::Symbol);
    let place = if after_previous { tokens.end_span(source, at - 1) } else { span };
    let report = match wanted {
        ";" if after_previous => Diagnostic::error("`;` is missing after this statement").at(place),
        ")" | "]" | "}" => Diagnostic::error(format!("expected `{wanted}` but got `{found}`")).at(place),
        "in" => Diagnostic::error(format!("expected `in` after the variable of `for` but got `{found}`")).at(place),
        _ => Diagnostic::error(format!("expected `{wanted}` {} but got `{found}`", purpose_of(purpose))).at(place),
    };
    if after_previous {
        let operand = tokens.operand_before(at).and_then(|start| tokens.quote(start, at - 1));
        return report.help(format!("write `{}{wanted}`", operand.unwrap_or_else(|| tokens.text(at - 1))));
    }
    let opener = match wanted {
        ")" => "(",
        "]" => "[",
        "}" => "{",
        _ => return report,
    };
    match tokens.enclosing(at).filter(|&opener_at| tokens.text(opener_at).ends_with(opener)) {
        Some(opener_at) if found == "," && tokens.pair(opener_at).is_some() => {
            let values = tokens.pair(opener_at).and_then(|closer| tokens.quote(opener_at + 1, closer - 1));
            let values = values.unwrap_or("a, b");
            Diagnostic::error("parentheses hold one value")
                .at(tokens.span(source, opener_at, opener_at))
                .help(format!("for a list write `[{values}]`, for a closure `|{values}| ...`"))
        }
        Some(opener_at) => {
            let text = format!("this `{}` is still open", tokens.text(opener_at));
            report.see(tokens.span(source, opener_at, opener_at), text)
        }
        None => report,
    }
}

/// The source ends inside of something; shows what was never closed.
fn incomplete(tokens: &Tokens<'_>, source: &Rc<Source>, wanted: Option<&str>, message: String) -> Diagnostic {
    let openers: &[&str] = match wanted {
        Some(")") => &["("],
        Some("]") => &["["],
        Some("}") => &["{"],
        _ => &["(", "[", "{"],
    };
    let open = openers.iter().filter_map(|opener| tokens.unclosed(opener)).max();
    let Some(index) = open else {
        let last = tokens.len().saturating_sub(1);
        return Diagnostic::error(message).at(tokens.end_span(source, last));
    };
    let opener = tokens.text(index);
    let closer = closer_of(opener);
    Diagnostic::error(format!("this `{opener}` is never closed"))
        .at(tokens.span(source, index, index))
        .help(format!("add `{closer}` where it should end"))
}

/// The tokenizer gave up.
fn bad_input(error: &LexError, tokens: &Tokens<'_>, at: usize, span: Span) -> Diagnostic {
    match error {
        LexError::UnexpectedInput(text) => match text.as_str() {
            "}" | ")" | "]" => Diagnostic::error(format!("this `{text}` closes nothing"))
                .at(span)
                .help(format!("remove it, or open it with `{}` before", opener_of(text))),
            "fn" => {
                Diagnostic::error("a function without a name is a closure: `|a, b| { ... }`, not `fn(a, b) { ... }`")
                    .at(span)
                    .help(format!("write `|{}| {{ ... }}`", parameters_after(tokens, at)))
            }
            ";" if at > 0 => Diagnostic::error(format!("expected a value after `{}`", tokens.text(at - 1))).at(span),
            _ if text.chars().all(char::is_alphabetic) && !text.is_ascii() => {
                Diagnostic::error(format!("`{text}` cannot be part of a name"))
                    .at(span)
                    .help("names take the letters a to z, digits and `_`")
            }
            _ => Diagnostic::error(format!("`{text}` is not expected here")).at(span),
        },
        LexError::UnterminatedString => {
            let quote = tokens.text(at).chars().next().unwrap_or('"');
            let report = Diagnostic::error("this string is never closed").at(span);
            if quote == '`' {
                report.help("close it with a backtick")
            } else {
                report.help(format!("close it with `{quote}`, or use backticks for text of several lines"))
            }
        }
        LexError::MalformedEscapeSequence(text) => Diagnostic::error(format!("there is no escape sequence `{text}`"))
            .at(Span { length: 1, ..span })
            .help("write `\\\\` for a backslash"),
        LexError::MalformedNumber(_) => Diagnostic::error(format!("`{}` is not a number", tokens.text(at))).at(span),
        LexError::MalformedChar(text) => Diagnostic::error(format!("`{text}` is not a single character")).at(span),
        LexError::ImproperSymbol(symbol, _) if symbol == "this" => {
            Diagnostic::error("`this` exists only inside of functions")
                .at(span)
                .note("it is the value that a function is called on: `x.f()`")
        }
        LexError::ImproperSymbol(symbol, _) if symbol == ":=" => {
            Diagnostic::error("values are assigned with `=`, not `:=`").at(span).help("write `=`")
        }
        LexError::ImproperSymbol(symbol, text) if text.is_empty() => {
            Diagnostic::error(format!("`{symbol}` is not expected here")).at(span)
        }
        _ => Diagnostic::error(in_our_words(&error.to_string())).at(span),
    }
}

/// Names, functions and constants that are declared or used wrongly.
fn declarations(error: &ParseErrorType, tokens: &Tokens<'_>, at: usize, span: Span) -> Diagnostic {
    let source = Rc::clone(&span.source);
    match error {
        ParseErrorType::Reserved(word) if word.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            Diagnostic::error(format!("`{word}` is a reserved word and cannot be a name here"))
                .at(span)
                .help(format!("choose another name, `{word}_` for example"))
        }
        ParseErrorType::Reserved(symbol) => Diagnostic::error(format!("`{symbol}` is not expected here")).at(span),
        ParseErrorType::VariableExpected => {
            Diagnostic::error(format!("expected the name of a variable but got `{}`", or_end(tokens.text(at)))).at(span)
        }
        ParseErrorType::VariableUndefined(name) => {
            let names = tokens.declared_names();
            let report = Diagnostic::error(format!("there is no variable `{name}`")).at(span);
            match (name.as_str(), closest(name, names)) {
                ("undefined", _) => report.help("a missing value is written `()`"),
                (_, Some(near)) => report.help(format!("did you mean `{near}`?")),
                (_, None) => report.help(format!("declare it first: `let {name} = ...;`")),
            }
        }
        ParseErrorType::AssignmentToConstant(name) => assigned_constant(tokens, &source, name, span),
        ParseErrorType::WrongFnDefinition => {
            let name = tokens.text(at + 1);
            let parameters = parameters_after(tokens, at + 1);
            Diagnostic::error("`fn` stands at the top level only, not inside of a block or function")
                .at(span)
                .help(format!("write `let {name} = |{parameters}| {{ ... }};` and call it with `{name}.call(...)`"))
        }
        ParseErrorType::FnMissingName => {
            Diagnostic::error("a function without a name is a closure: `|a, b| { ... }`, not `fn (a, b) { ... }`")
                .at(span)
                .help(format!("write `|{}| {{ ... }}`", parameters_after(tokens, at.saturating_sub(1))))
        }
        ParseErrorType::FnMissingParams(name) => Diagnostic::error(format!("`fn {name}` has no parameter list"))
            .at(span)
            .help(format!("write `fn {name}() {{ ... }}`")),
        ParseErrorType::FnMissingBody(name) if name.is_empty() => {
            Diagnostic::error("the body of this closure is missing")
                .at(span)
                .help("write `{ ... }` after its parameters")
        }
        ParseErrorType::FnMissingBody(name) => Diagnostic::error(format!("the body of `fn {name}` stands in braces"))
            .at(span)
            .help(format!("write `fn {name}(...) {{ ... }}`")),
        ParseErrorType::FnDuplicatedParam(name, parameter) => {
            Diagnostic::error(format!("`fn {name}` has two parameters named `{parameter}`")).at(span)
        }
        ParseErrorType::FnDuplicatedDefinition(name, count) => {
            let plural = if *count == 1 { "" } else { "s" };
            let first = (0..tokens.len()).find(|&i| tokens.text(i) == name && tokens.before(i, 1) == "fn" && i != at);
            let report =
                Diagnostic::error(format!("`fn {name}` with {count} parameter{plural} is declared twice")).at(span);
            match first {
                Some(first) => report.see(tokens.span(&source, first, first), "declared first here"),
                None => report,
            }
        }
        ParseErrorType::DuplicatedProperty(name) => {
            Diagnostic::error(format!("this map has two entries named `{name}`")).at(span)
        }
        ParseErrorType::DuplicatedVariable(name) => {
            Diagnostic::error(format!("the name `{name}` is used twice")).at(span)
        }
        ParseErrorType::LoopBreak => Diagnostic::error(format!("`{}` stands in no loop", or_end(tokens.text(at))))
            .at(span)
            .help("write `return` to leave a function or closure"),
        ParseErrorType::AssignmentToInvalidLHS(_) => {
            Diagnostic::error("only a variable, a property or an index can be assigned to").at(span)
        }
        ParseErrorType::MismatchedType(wanted, _) if wanted.contains("iterable") => {
            let report = Diagnostic::error("`for` runs over an array, a range, text or the keys of a map").at(span);
            match tokens.is(at, TokenKind::Number) {
                true => {
                    report.help(format!("write `for {} in 0..{} {{ ... }}`", tokens.before(at, 2), tokens.text(at)))
                }
                false => report,
            }
        }
        ParseErrorType::MismatchedType(wanted, given) => {
            Diagnostic::error(format!("expected {wanted} but got {given}")).at(span)
        }
        ParseErrorType::PropertyExpected => {
            Diagnostic::error(format!("expected the name of a property but got `{}`", or_end(tokens.text(at)))).at(span)
        }
        ParseErrorType::ExprExpected(what) => {
            Diagnostic::error(format!("expected a {what} but got `{}`", or_end(tokens.text(at)))).at(span)
        }
        ParseErrorType::WrongExport => Diagnostic::error("`export` stands at the top level only").at(span),
        ParseErrorType::ExprTooDeep => Diagnostic::error("this expression is nested too deep")
            .at(span)
            .help("store parts of it in variables first"),
        _ => Diagnostic::error(in_our_words(&error.to_string())).at(span),
    }
}

/// A `const` that is assigned to, with the place of its declaration.
pub(super) fn assigned_constant(tokens: &Tokens<'_>, source: &Rc<Source>, name: &str, span: Span) -> Diagnostic {
    let report = Diagnostic::error(format!("`{name}` is a constant and cannot be assigned to")).at(span);
    let declared = (0..tokens.len()).find(|&index| tokens.text(index) == name && tokens.before(index, 1) == "const");
    match declared {
        Some(index) => report
            .see(tokens.span(source, index, index), "declared as a constant here")
            .help(format!("declare it with `let {name}`")),
        None => report,
    }
}

/// The parameters in the parenthesis after the token at `index`.
fn parameters_after<'a>(tokens: &Tokens<'a>, index: usize) -> &'a str {
    match tokens.pair(index + 1) {
        Some(closer) if index + 2 < closer => tokens.quote(index + 2, closer - 1).unwrap_or("..."),
        _ => "",
    }
}

fn closer_of(opener: &str) -> &'static str {
    match opener {
        "(" => ")",
        "[" | "?[" => "]",
        _ => "}",
    }
}

fn opener_of(closer: &str) -> &'static str {
    match closer {
        ")" => "(",
        "]" => "[",
        _ => "{",
    }
}

fn or_end(text: &str) -> &str {
    if text.is_empty() { "the end of the script" } else { text }
}

/// Rhai's description of what a token is for, with names in backticks.
fn purpose_of(text: &str) -> String {
    in_our_words(text)
        .replace("this statement", "the statement")
        .replace("to start arguments list of function call", "before the arguments of the call")
        .replace("to separate the arguments to function call", "between the arguments of")
        .replace("to separate the items of this array literal", "between the items of the array")
        .replace("to separate the parameters of anonymous function", "between the parameters of the closure")
        .replace("to separate the parameters of function", "between the parameters of")
}

/// Rhai's words in our spelling: lower case, no full stop, names in backticks.
pub(super) fn in_our_words(text: &str) -> String {
    let text = text.trim().trim_end_matches('.').replace('\'', "`");
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => "unknown error".to_string(),
    }
}
