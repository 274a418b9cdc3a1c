//! Operators and literals that JavaScript has and Rhai has not.

use super::Place;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::tokens::{TokenKind, Tokens};
use rhai::{LexError, ParseErrorType};

/// `'text'`.
pub(super) fn quotes(place: &Place<'_>) -> Option<Diagnostic> {
    let malformed = matches!(
        place.error,
        ParseErrorType::BadInput(
            LexError::MalformedChar(_) | LexError::UnterminatedString | LexError::MalformedEscapeSequence(_)
        )
    );
    if !malformed || !place.tokens.is(place.at, TokenKind::Quoted) {
        return None;
    }
    let written = place.here();
    let content = written.strip_prefix('\'').unwrap_or(written);
    let content = content.strip_suffix('\'').unwrap_or(content).replace("\\'", "'").replace("''", "'");
    let content = content.replace("\\\"", "\"").replace('"', "\\\"");
    let report = place.error_at(place.at, format!("`{written}` is not a single character"));
    Some(report.help(format!("strings take double quotes: `\"{content}\"`")))
}

/// Typographic quotes, as word processors make them.
pub(super) fn curly_quotes(place: &Place<'_>) -> Option<Diagnostic> {
    let quote = place.here();
    matches!(quote, "“" | "”" | "„" | "‘" | "’").then(|| {
        place
            .error_at(place.at, format!("`{quote}` is not a quote that starts a string"))
            .help("strings take straight double quotes: `\"text\"`")
    })
}

/// ``` `a \`b\`` ```.
pub(super) fn escaped_backtick(place: &Place<'_>) -> Option<Diagnostic> {
    let text = place.before(1);
    (text.len() > 2 && text.starts_with('`') && text.ends_with("\\`")).then(|| {
        place
            .error_at(place.at - 1, "a backtick ends the text, also after `\\`")
            .help("write two backticks in a row for one in the text")
    })
}

/// `a === b`, `a !== b`.
pub(super) fn comparison(place: &Place<'_>) -> Option<Diagnostic> {
    let operator = place.here();
    if !matches!(operator, "===" | "!==") {
        return None;
    }
    let instead = &operator[..2];
    let report = place.error_at(place.at, format!("values are compared with `{instead}`, not `{operator}`"));
    Some(match operands(place, place.at) {
        Some((left, "undefined" | "null")) => report.help(format!("write `{left} {instead} ()`")),
        Some((left, right)) => report.help(format!("write `{left} {instead} {right}`")),
        None => report.help(format!("write `{instead}`")),
    })
}

/// `if x = 1`.
pub(super) fn assignment_as_condition(place: &Place<'_>) -> Option<Diagnostic> {
    let improper =
        matches!(place.error, ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _)) if symbol == "=");
    if !improper {
        return None;
    }
    let report = place.error_at(place.at, "values are compared with `==`; `=` assigns");
    Some(match operands(place, place.at) {
        Some((left, right)) => report.help(format!("write `{left} == {right}`")),
        None => report.help("write `==`"),
    })
}

/// `i++`, `--i`.
pub(super) fn counting(place: &Place<'_>) -> Option<Diagnostic> {
    let operator = place.here();
    if !matches!(operator, "++" | "--") {
        return None;
    }
    let instead = if operator == "++" { "+= 1" } else { "-= 1" };
    let report = place.error_at(place.at, format!("a variable is counted with `{instead}`, not `{operator}`"));
    let before = place.tokens.operand_before(place.at).map(|start| (start, place.at - 1));
    let operand = before
        .or_else(|| place.tokens.operand_after(place.at + 1).map(|end| (place.at + 1, end)))
        .and_then(|(from, to)| place.tokens.quote(from, to));
    Some(match operand {
        Some(operand) => report.help(format!("write `{operand} {instead}`, as a statement of its own")),
        None => report.help(format!("write `{instead}` after the variable")),
    })
}

/// `c ? a : b`.
pub(super) fn ternary(place: &Place<'_>) -> Option<Diagnostic> {
    if !matches!(place.here(), "?" | "?[") || !matches!(place.error, ParseErrorType::UnknownOperator(_)) {
        return None;
    }
    let tokens = place.tokens;
    let report = place.error_at(place.at, "a choice is written with `if` and `else`, not `?` and `:`");
    let start = tokens.expression_start(place.at);
    let whole = tokens.expression_end(place.at + 1, &[":"]).and_then(|end| {
        let last = (tokens.text(end + 1) == ":").then(|| tokens.expression_end(end + 2, &["?"]))??;
        let condition = tokens.quote(start, place.at.checked_sub(1)?)?;
        let otherwise = (tokens.text(last + 1) != "?").then(|| tokens.quote(end + 2, last))??;
        Some((condition, tokens.quote(place.at + 1, end)?, otherwise))
    });
    Some(match whole {
        Some((condition, then, otherwise)) if !then.contains('?') => {
            report.help(format!("write `if {condition} {{ {then} }} else {{ {otherwise} }}`"))
        }
        _ => report.help("write `if condition { a } else { b }`"),
    })
}

/// `(a, b) => ...`, `x => ...`, `|x| => ...`, `fn f(x) => ...`.
pub(super) fn arrow(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    let arrow = if place.here() == "=>" {
        place.at
    } else {
        let opener = if place.here() == "(" { place.at } else { tokens.enclosing(place.at)? };
        let closer = tokens.pair(opener).filter(|_| tokens.text(opener) == "(")?;
        (tokens.text(closer + 1) == "=>").then_some(closer + 1)?
    };
    let last = arrow.checked_sub(1)?;
    let body = match tokens.text(arrow + 1) {
        "{" => "{ ... }",
        _ => place.quote_or_dots(arrow + 1, tokens.expression_end(arrow + 1, &[])),
    };
    if matches!(place.error, ParseErrorType::FnMissingBody(_)) {
        let start = tokens.pair(last)?.checked_sub(2)?;
        let header = tokens.quote(start, last)?;
        let body = if body == "{ ... }" { body.to_string() } else { format!("{{ {body} }}") };
        let report = place.error_at(arrow, "the body of a function stands in braces, without `=>`");
        return Some(report.help(format!("write `{header} {body}`")));
    }
    if matches!(tokens.text(last), "|" | "||") {
        let start = (0..last).rev().find(|&index| tokens.text(index) == "|").unwrap_or(last);
        let header = tokens.quote(if tokens.text(last) == "||" { last } else { start }, last)?;
        let report = place.error_at(arrow, "the body of a closure follows its parameters, without `=>`");
        return Some(report.help(format!("write `{header} {body}`")));
    }
    let (first, parameters) = match tokens.text(last) {
        ")" => {
            let opener = tokens.pair(last)?;
            (opener, if opener + 1 < last { place.quote_or_dots(opener + 1, Some(last - 1)) } else { "" })
        }
        name if tokens.is(last, TokenKind::Word) => (last, name),
        _ => return None,
    };
    let report = place.error_over(first, arrow, "closures are written `|a, b| ...`, not `(a, b) => ...`");
    Some(report.help(format!("write `|{parameters}| {body}`")))
}

/// `a &&= b`, `a ||= b`, `a ??= b`.
pub(super) fn logical_assignment(place: &Place<'_>) -> Option<Diagnostic> {
    let operator = place.here();
    if !matches!(operator, "&&=" | "||=" | "??=") {
        return None;
    }
    let report = place.error_at(place.at, format!("there is no `{operator}`"));
    let left = place.tokens.operand_before(place.at).and_then(|start| place.tokens.quote(start, place.at - 1));
    let left = left.unwrap_or("x");
    let right = place.quote_or_dots(place.at + 1, place.tokens.expression_end(place.at + 1, &[]));
    // `||` takes bools only; JavaScript's gives a default.
    let plain = match operator {
        "||=" if !matches!(right, "true" | "false") => "??",
        _ => &operator[..2],
    };
    Some(report.help(format!("write `{left} = {left} {plain} {right}`")))
}

/// `a >>> b`.
pub(super) fn shift(place: &Place<'_>) -> Option<Diagnostic> {
    (place.here() == ">>>").then(|| place.error_at(place.at, "there is no `>>>`").help("write `>>`"))
}

/// `a || 5` where Rhai already sees that a side is no bool.
pub(super) fn or_default(place: &Place<'_>) -> Option<Diagnostic> {
    let boolean = matches!(place.error, ParseErrorType::MismatchedType(wanted, _) if wanted == "a boolean expression");
    let tokens = place.tokens;
    let start = tokens.expression_start(place.at);
    let operator =
        (start..=place.at.min(tokens.len())).rev().find(|&index| matches!(tokens.text(index), "||" | "&&"))?;
    if !boolean || tokens.text(operator) != "||" {
        return None;
    }
    let report = place.error_at(operator, "`||` takes `true` or `false` on both sides");
    Some(instead_of_default(report, tokens, operator))
}

/// What to write for the `||` at `operator` that gives a default.
pub(in crate::diagnostics) fn instead_of_default(
    report: Diagnostic,
    tokens: &Tokens<'_>,
    operator: usize,
) -> Diagnostic {
    let start = tokens.operand_before(operator);
    let left = start.and_then(|start| {
        let bracket = operator.checked_sub(1).and_then(|closer| tokens.pair(closer));
        match bracket.filter(|&bracket| bracket > start && tokens.text(bracket) == "[") {
            // An index that an array does not have is an error, before any `??`.
            Some(bracket) if bracket + 3 == operator && tokens.is(bracket + 1, TokenKind::Number) => {
                Some(format!("{}.get({})", tokens.quote(start, bracket - 1)?, tokens.text(bracket + 1)))
            }
            _ => tokens.quote(start, operator - 1).map(str::to_string),
        }
    });
    let right = tokens.operand_after(operator + 1).and_then(|right| tokens.quote(operator + 1, right));
    let (left, right) = (left.as_deref().unwrap_or("a"), right.unwrap_or("b"));
    report.help(format!("for a value that may be missing write `{left} ?? {right}`"))
}

/// `list[0]()`, `make()()`: only a name is called.
pub(super) fn called_value(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    if !place.wants(";") || place.here() != "(" || place.starts_line() || !matches!(place.before(1), "]" | ")") {
        return None;
    }
    let start = tokens.operand_before(place.at)?;
    let closer = tokens.pair(place.at)?;
    let report = place.error_at(place.at, "a closure that has no name takes `.call`");
    let callee = tokens.quote(start, place.at - 1)?;
    Some(report.help(format!("write `{callee}.call{}`", tokens.quote(place.at, closer)?)))
}

/// `...list`.
pub(super) fn spread(place: &Place<'_>) -> Option<Diagnostic> {
    if place.here() != "..." {
        return None;
    }
    let tokens = place.tokens;
    let report = place.error_at(place.at, "there is no spread operator `...`");
    let operand = place.quote_or_dots(place.at + 1, tokens.operand_after(place.at + 1));
    Some(match tokens.enclosing(place.at).map(|opener| tokens.text(opener)) {
        Some("[") => report.help(format!("join arrays with `+`: `[1, 2] + {operand}`")),
        Some("{" | "#{") => report.help(format!("join maps with `+`: `{operand} + #{{ ... }}`")),
        _ => report.help("pass each argument, or the array itself"),
    })
}

/// `/abc/`.
pub(super) fn regular_expression(place: &Place<'_>) -> Option<Diagnostic> {
    let unexpected = matches!(place.error, ParseErrorType::BadInput(LexError::UnexpectedInput(input)) if input == "/");
    unexpected.then(|| {
        place
            .error_at(place.at, "there are no regular expressions between slashes")
            .help("use the functions of text: `text.contains(\"abc\")`, `split`, `index_of`, `replace`")
    })
}

/// `# comment`.
pub(super) fn hash_comment(place: &Place<'_>) -> Option<Diagnostic> {
    (place.here() == "#").then(|| {
        place.error_at(place.at, "comments start with `//`, not `#`").help("write `// ...`; a map starts with `#{`")
    })
}

/// `x = y = 1`.
pub(super) fn chained_assignment(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    if place.here() != "=" || !place.wants(";") {
        return None;
    }
    let second = tokens.operand_before(place.at)?;
    let first_end = (tokens.before(second, 1) == "=").then(|| second.checked_sub(2)).flatten()?;
    let first = tokens.operand_before(first_end + 1)?;
    let (left, middle) = (tokens.quote(first, first_end)?, tokens.quote(second, place.at - 1)?);
    let value = place.quote_or_dots(place.at + 1, tokens.expression_end(place.at + 1, &[]));
    let word = match tokens.before(first, 1) {
        "let" => "let ",
        _ => "",
    };
    let report = place.error_at(place.at, "an assignment has no value that could be assigned on");
    Some(report.help(format!("write `{middle} = {value}; {word}{left} = {middle};`")))
}

/// The operands left and right of the operator at `index`.
fn operands<'a>(place: &Place<'a>, index: usize) -> Option<(&'a str, &'a str)> {
    let left = place.tokens.operand_before(index)?;
    let right = place.tokens.operand_after(index + 1)?;
    Some((place.tokens.quote(left, index - 1)?, place.tokens.quote(index + 1, right)?))
}
