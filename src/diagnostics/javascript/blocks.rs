//! Statements and literals that look different in JavaScript: maps, loops, `switch`, declarations, missing `;`.

use super::Place;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::tokens::{TokenKind, is_closer, is_opener};
use rhai::ParseErrorType;

/// A statement that ends with its line only.
pub(super) fn missing_semicolon(place: &Place<'_>) -> Option<Diagnostic> {
    if !place.wants(";") || !place.starts_line() || !place.starts_value() {
        return None;
    }
    let tokens = place.tokens;
    let last = place.at.checked_sub(1)?;
    let line = tokens.get(last)?.line;
    let first =
        (0..=last).rev().take_while(|&index| tokens.get(index).is_some_and(|token| token.line == line)).last()?;
    let report = Diagnostic::error("`;` is missing after this statement").at(tokens.end_span(place.source, last));
    Some(match tokens.quote(first, last) {
        Some(statement) => report.help(format!("write `{statement};`")),
        None => report.help(format!("write `{};`", tokens.text(last))),
    })
}

/// `let a 1;`
pub(super) fn missing_equals_sign(place: &Place<'_>) -> Option<Diagnostic> {
    let word = place.before(2);
    if !place.wants(";") || place.starts_line() || !place.starts_value() || !matches!(word, "let" | "const") {
        return None;
    }
    let value = place.quote_or_dots(place.at, place.tokens.expression_end(place.at, &[]));
    let report = place.error_at(place.at, "`=` is missing between the name and its value");
    Some(report.help(format!("write `{word} {} = {value}`", place.before(1))))
}

/// `console.log "text";`
pub(super) fn missing_parentheses(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    // Rhai reserves `print`, and gives up at it; other names are variables to it, and it gives up behind them.
    let is_print = matches!(place.error, ParseErrorType::Reserved(word) if word == "print");
    let first = if is_print { place.at + 1 } else { place.at };
    let begins = tokens.get(first).is_some_and(|token| token.kind != TokenKind::Symbol);
    let is_stopped_behind = place.wants(";") && !place.starts_line();
    if !(is_print || is_stopped_behind) || !begins || first == 0 {
        return None;
    }
    let start = tokens.operand_before(first)?;
    let is_statement = matches!(tokens.before(start, 1), "" | ";" | "{" | "}" | "=" | "|" | "||");
    let callee = tokens.quote(start, first - 1)?;
    if !is_statement || !tokens.is(first - 1, TokenKind::Word) || !(callee.contains('.') || is_print) {
        return None;
    }
    let end = tokens.expression_end(first, &[])?;
    let report = place.error_over(first, end, "the arguments of a call stand in parentheses");
    Some(report.help(format!("write `{callee}({})`", place.quote_or_dots(first, Some(end)))))
}

/// `{a: 1}`, `{a, b}`.
pub(super) fn map_literal(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    let opener = tokens.enclosing(place.at).filter(|&opener| tokens.text(opener) == "{")?;
    let is_key = |index: usize| tokens.get(index).is_some_and(|token| token.kind != TokenKind::Symbol);
    let after_brace = place.at.checked_sub(2).is_some_and(|index| index == opener || tokens.text(index) == ",");
    let in_value = matches!(tokens.before(opener, 1), "(" | "," | "=" | "[" | ":" | "return" | "|" | "||");
    let fits = is_key(place.at.checked_sub(1)?) && after_brace;
    if !(fits && (place.here() == ":" || (place.here() == "," && in_value))) {
        return None;
    }
    let report = place.error_at(opener, "a map starts with `#{`, not `{`");
    let whole =
        tokens.pair(opener).and_then(|closer| tokens.quote(opener, closer).map(|_| as_map(place, opener, closer)));
    Some(match whole {
        Some(map) => report.help(format!("write `{map}`")),
        None => report.help(format!("write `#{{ {}: ...`", tokens.text(opener + 1))),
    })
}

/// `#{a}`, `#{f() { }}`, `#{a = 1}`, `#{a: 1; b: 2}`.
pub(super) fn map_members(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    let opener = tokens.enclosing(place.at).filter(|&opener| tokens.text(opener) == "#{")?;
    let key = place.before(1);
    let expects_name = place.wants("}") || matches!(place.error, ParseErrorType::PropertyExpected);
    if expects_name && tokens.is(place.at, TokenKind::Quoted) && place.next() == ":" {
        let name = place.here().trim_matches('\'');
        let report = place.error_at(place.at, "the name of an entry stands in double quotes, or in none");
        return Some(report.help(format!("write `\"{name}\"`")));
    }
    if place.wants(":") {
        return Some(match place.here() {
            "," | "}" => place
                .error_at(place.at - 1, format!("the entry `{key}` has no value"))
                .help(format!("write `{key}: {key}`")),
            "(" => {
                let closer = tokens.pair(place.at);
                let inner = closer.filter(|&closer| place.at + 1 < closer).map(|closer| closer - 1);
                let parameters = inner.map_or("", |to| place.quote_or_dots(place.at + 1, Some(to)));
                place
                    .error_at(place.at - 1, format!("the entry `{key}` has no value"))
                    .help(format!("write `{key}: |{parameters}| {{ ... }}`"))
            }
            "=" => place.error_at(place.at, "`:` stands between the name and the value of an entry").help(format!(
                "write `{key}: {}`",
                place.quote_or_dots(place.at + 1, tokens.expression_end(place.at + 1, &[]))
            )),
            _ => return None,
        });
    }
    if !place.wants("}") && !place.wants(",") {
        return None;
    }
    match place.here() {
        ";" => Some(place.error_at(place.at, "entries of a map are separated by `,`, not `;`").help("write `,`")),
        _ if place.starts_value() && place.at > opener + 1 => {
            let report = Diagnostic::error("`,` is missing between two entries of this map");
            Some(report.at(tokens.end_span(place.source, place.at - 1)).help(format!("write `{key},`")))
        }
        _ => None,
    }
}

/// The map literal between two braces with each `{` of a map as `#{`, and shorthand entries written out.
fn as_map(place: &Place<'_>, opener: usize, closer: usize) -> String {
    let tokens = place.tokens;
    let mut text = String::new();
    let mut end = tokens.get(opener).map_or(0, |token| token.start);
    for index in opener..=closer {
        let Some(token) = tokens.get(index) else { break };
        // White space as written: tokens hold no comments, and the literal is on one line.
        text.extend(std::iter::repeat_n(' ', token.start.saturating_sub(end)));
        end = token.start + token.text.len();
        let (previous, next) = (tokens.before(index, 1), tokens.text(index + 1));
        let is_map = |index: usize| {
            index == opener
                || (tokens.text(index) == "{"
                    && !matches!(tokens.before(index, 1), ")" | "|" | "||" | "else")
                    && (tokens.text(index + 1) == "}" || matches!(tokens.text(index + 2), ":" | ",")))
        };
        let owner = tokens.enclosing(index);
        let first_in_entry = owner.is_some_and(|owner| is_map(owner) && (owner + 1 == index || previous == ","));
        match token.kind {
            TokenKind::Symbol if token.text == "{" && is_map(index) => text.push_str("#{"),
            TokenKind::Number if first_in_entry && next == ":" => text.push_str(&format!("\"{}\"", token.text)),
            TokenKind::Word if first_in_entry && matches!(next, "," | "}") => {
                text.push_str(&format!("{0}: {0}", token.text));
            }
            TokenKind::Quoted => text.push_str(&format!("\"{}\"", token.text.trim_matches('\''))),
            _ => text.push_str(token.text),
        }
    }
    text
}

/// `for (let i = 0; i < n; i++)`.
pub(super) fn counting_for(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    let opener = for_header(place)?;
    let closer = tokens.pair(opener)?;
    let semicolons: Vec<usize> = (opener + 1..closer)
        .filter(|&index| tokens.text(index) == ";" && tokens.enclosing(index) == Some(opener))
        .collect();
    let &[first, second] = semicolons.as_slice() else { return None };
    let report = place.error_over(opener, closer, "`for` takes a variable and a range, not three parts");
    let declares = matches!(tokens.text(opener + 1), "let" | "const" | "var");
    let name_at = if declares { opener + 2 } else { opener + 1 };
    let name = tokens.text(name_at);
    let range = || {
        if tokens.text(name_at + 1) != "=" || tokens.text(first + 1) != name {
            return None;
        }
        let start = tokens.quote(name_at + 2, first - 1)?;
        let limit = tokens.quote(first + 3, second - 1)?;
        let step: String = (second + 1..closer).map(|index| tokens.text(index)).collect();
        let up = step == format!("{name}++") || step == format!("++{name}") || step == format!("{name}+=1");
        let down = step == format!("{name}--") || step == format!("--{name}") || step == format!("{name}-=1");
        let by = step.strip_prefix(&format!("{name}+="));
        match tokens.text(first + 2) {
            "<" if up => Some(format!("{start}..{limit}")),
            "<=" if up => Some(format!("{start}..={limit}")),
            "<" => Some(format!("range({start}, {limit}, {})", by?)),
            ">" if down => Some(format!("range({start}, {limit}, -1)")),
            ">=" if down => match limit.parse::<i64>() {
                Ok(limit) => Some(format!("range({start}, {}, -1)", limit.saturating_sub(1))),
                Err(_) => Some(format!("range({start}, {limit} - 1, -1)")),
            },
            _ => None,
        }
    };
    Some(match range() {
        Some(range) => report.help(format!("write `for {name} in {range} {{ ... }}`")),
        None => report.help("write `for i in 0..10 { ... }`, or a `while` loop"),
    })
}

/// `for (x of y)`, `for (let x in y)`, `for x of y`, `for let x in y`.
pub(super) fn for_of(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    let (start, end) = match for_header(place) {
        Some(opener) => (opener + 1, tokens.pair(opener)?),
        None if place.here() == "of" && place.before(2) == "for" => (place.at - 1, usize::MAX),
        None if place.before(1) == "for" && matches!(place.here(), "let" | "const" | "var") => (place.at, usize::MAX),
        None => return None,
    };
    let name_at = if matches!(tokens.text(start), "let" | "const" | "var") { start + 1 } else { start };
    let (name, word) = (tokens.text(name_at), tokens.text(name_at + 1));
    if !tokens.is(name_at, TokenKind::Word) || !matches!(word, "of" | "in") {
        return None;
    }
    let list_end = match end {
        usize::MAX => (name_at + 2..tokens.len()).find(|&index| tokens.text(index) == "{")?,
        end => end,
    };
    let list = place.quote_or_dots(name_at + 2, list_end.checked_sub(1));
    let report = if word == "of" {
        place.error_at(name_at + 1, "a loop over a list is written with `in`, not `of`")
    } else if end == usize::MAX {
        place.error_at(start, format!("the variable of `for` is declared without `{}`", tokens.text(start)))
    } else {
        place.error_over(start - 1, end, "`for` takes no parentheses")
    };
    let report = report.help(format!("write `for {name} in {list} {{ ... }}`"));
    let keys = word == "in" && end != usize::MAX;
    Some(if keys {
        report.help(format!("for the keys of a map: `for {name} in {list}.keys() {{ ... }}`"))
    } else {
        report
    })
}

/// The parenthesis after `for` that this place is at or in.
fn for_header(place: &Place<'_>) -> Option<usize> {
    let tokens = place.tokens;
    if place.here() == "(" && place.before(1) == "for" {
        return Some(place.at);
    }
    tokens.enclosing(place.at).filter(|&opener| tokens.text(opener) == "(" && tokens.before(opener, 1) == "for")
}

/// `switch (x) { case 1: ... default: ... }`.
pub(super) fn switch_case(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    let is_case = |index: usize| match tokens.text(index) {
        "case" => true,
        "default" => tokens.text(index + 1) == ":",
        _ => false,
    };
    let word = [place.at, place.at.wrapping_sub(1)].into_iter().find(|&index| is_case(index))?;
    tokens.enclosing(word).filter(|&opener| tokens.text(opener) == "{")?;
    if tokens.text(word) == "default" {
        let report = place.error_at(word, "the last case of `switch` is written `_ => ...`, not `default: ...`");
        return Some(report.help("write `_ => { ... }`"));
    }
    let value = place.quote_or_dots(word + 1, tokens.expression_end(word + 1, &[":"])).replace('\'', "\"");
    let report = place.error_at(word, "a case of `switch` is written `value => ...`, not `case value: ...`");
    Some(report.help(format!("write `{value} => {{ ... }},` without `break`, and `_ => {{ ... }}` for `default`")))
}

/// `let {a, b} = x`, `let [a, b] = x`.
pub(super) fn destructuring(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    if !matches!(place.error, ParseErrorType::VariableExpected) || !matches!(place.here(), "{" | "[") {
        return None;
    }
    let word = place.before(1);
    let closer = tokens.pair(place.at)?;
    let report = place.error_over(place.at, closer, format!("`{word}` declares one variable"));
    let first = tokens.text(place.at + 1);
    let value = (tokens.text(closer + 1) == "=").then(|| tokens.expression_end(closer + 2, &[])).flatten();
    let value = place.quote_or_dots(closer + 2, value);
    let access = if place.here() == "{" { format!("value.{first}") } else { "value[0]".to_string() };
    Some(report.help(format!("write `let value = {value}; {word} {first} = {access};` and so on")))
}

/// `let a = 1, b = 2;`
pub(super) fn several_variables(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    if place.here() != "," || !place.wants(";") {
        return None;
    }
    let mut start = place.at;
    let word = loop {
        start = start.checked_sub(1)?;
        let text = tokens.text(start);
        if matches!(text, "let" | "const") {
            break text;
        }
        if is_closer(text) {
            start = tokens.pair(start)?;
        } else if is_opener(text) || text == ";" {
            return None;
        }
    };
    let report = place.error_at(place.at, format!("`{word}` declares one variable"));
    let second = tokens.expression_end(place.at + 1, &[]).and_then(|end| tokens.quote(place.at + 1, end));
    Some(match (tokens.quote(start, place.at - 1), second) {
        (Some(first), Some(second)) => report.help(format!("write `{first}; {word} {second};`")),
        _ => report.help(format!("write `;` here and `{word}` again")),
    })
}

/// `let x: int`, `fn f(x: int)`.
pub(super) fn type_annotation(place: &Place<'_>) -> Option<Diagnostic> {
    if place.here() != ":" || !(place.wants(";") || place.wants(",")) {
        return None;
    }
    let name = place.before(1);
    let declared = matches!(place.before(2), "let" | "const") || in_parameters(place);
    declared.then(|| {
        let report = place.error_at(place.at, format!("`{name}` is declared without a type"));
        match place.before(2) {
            word @ ("let" | "const") => report.help(format!("write `{word} {name} = ...`")),
            _ => report.help(format!("write `{name}`")),
        }
    })
}

/// `fn f(x = 1)`.
pub(super) fn default_parameter(place: &Place<'_>) -> Option<Diagnostic> {
    if place.here() != "=" || !place.wants(",") || !in_parameters(place) {
        return None;
    }
    let opener = place.tokens.enclosing(place.at)?;
    let name = place.tokens.before(opener, 1);
    let value = place.quote_or_dots(place.at + 1, place.tokens.expression_end(place.at + 1, &[]));
    let report = place.error_at(place.at, "a parameter has no default value");
    Some(if place.tokens.parts(opener).len() == 1 {
        report.help(format!("write a second function: `fn {name}() {{ {name}({value}) }}`"))
    } else {
        report.help("write a second function with fewer parameters that calls this one")
    })
}

/// Whether this place is in the parameter list of a `fn`.
fn in_parameters(place: &Place<'_>) -> bool {
    place.tokens.enclosing(place.at).is_some_and(|opener| place.tokens.before(opener, 2) == "fn")
}

/// `if (x) statement;`
pub(super) fn bare_body(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    if !place.wants("{") || place.at == 0 {
        return None;
    }
    let mut start = place.at;
    let word = loop {
        start = start.checked_sub(1)?;
        let text = tokens.text(start);
        if matches!(text, "if" | "while" | "until" | "else" | "for" | "loop" | "do" | "try") {
            break text;
        }
        if is_closer(text) {
            start = tokens.pair(start)?;
        } else if is_opener(text) || text == ";" {
            return None;
        }
    };
    let after = if place.here() == "(" { tokens.pair(place.at).map_or("", |end| tokens.text(end + 1)) } else { "" };
    if after == "{" && matches!(word, "else" | "loop" | "do" | "try") {
        let (from, to) = (place.at, tokens.pair(place.at)?);
        let report = place.error_over(from, to, format!("`{word}` takes no condition"));
        return Some(match tokens.quote(from, to) {
            Some(condition) if word == "else" => report.help(format!("write `else if {condition} {{ ... }}`")),
            _ => report.help(format!("write `{word} {{ ... }}`")),
        });
    }
    let last = (place.at..tokens.len()).find(|&index| {
        tokens.text(index) == ";" || tokens.get(index).is_some_and(|token| Some(token.line) != line_of(place))
    });
    let last = match last {
        Some(index) if tokens.text(index) == ";" => index,
        Some(index) => index.saturating_sub(1),
        None => tokens.len().saturating_sub(1),
    };
    let body = place.quote_or_dots(place.at, Some(last));
    let mut condition = (start + 1, place.at - 1);
    if tokens.text(start + 1) == "(" && tokens.pair(start + 1) == Some(place.at - 1) {
        condition = (start + 2, place.at - 2);
    }
    let header = match word {
        "else" | "loop" | "do" | "try" => word.to_string(),
        _ => match place.quote_or_dots(condition.0, Some(condition.1)) {
            // The usual error argument, which is no bool.
            name @ ("err" | "error") => format!("{word} {name} != ()"),
            condition => format!("{word} {condition}"),
        },
    };
    let report = place.error_over(place.at, last, format!("the body of `{word}` stands in braces"));
    Some(report.help(format!("write `{header} {{ {body} }}`")))
}

fn line_of(place: &Place<'_>) -> Option<usize> {
    place.tokens.get(place.at).map(|token| token.line)
}
