//! Words that JavaScript has and Rhai has not.

use super::Place;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::tokens::{TokenKind, Tokens};

/// `var x`.
pub(super) fn var(place: &Place<'_>) -> Option<Diagnostic> {
    if place.here() != "var" {
        return None;
    }
    let name = if place.tokens.is(place.at + 1, TokenKind::Word) { place.next() } else { "..." };
    let report = place.error_at(place.at, "variables are declared with `let`, not `var`");
    Some(report.help(format!("write `let {name}`")))
}

/// `function(a, b) { }`, `function name(a) { }`.
pub(super) fn function(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    let word = if place.here() == "function" {
        place.at
    } else if place.before(1) == "function" {
        place.at - 1
    } else {
        let opener = if place.here() == "{" && place.before(1) == ")" {
            tokens.pair(place.at - 1)?
        } else {
            tokens.enclosing(place.at).filter(|&opener| tokens.text(opener) == "(")?
        };
        (1..=2).find(|&back| tokens.before(opener, back) == "function").map(|back| opener - back)?
    };
    let named = tokens.is(word + 1, TokenKind::Word);
    let opener = if named { word + 2 } else { word + 1 };
    let parameters = match tokens.pair(opener) {
        Some(closer) if opener + 1 < closer => place.quote_or_dots(opener + 1, Some(closer - 1)),
        _ => "",
    };
    let statement = matches!(tokens.before(word, 1), "" | ";" | "{" | "}" | "export" | ")");
    if !named || !statement {
        let report = place.error_at(word, "closures are written `|a, b| { ... }`, not `function(a, b) { ... }`");
        return Some(report.help(format!("write `|{parameters}| {{ ... }}`")));
    }
    let name = tokens.text(word + 1);
    let report = place.error_at(word, "functions are declared with `fn`, not `function`");
    Some(if tokens.depth(word) == 0 {
        report.help(format!("write `fn {name}({parameters}) {{ ... }}`"))
    } else {
        report
            .note("`fn` stands at the top level only; a closure can be made anywhere")
            .help(format!("write `let {name} = |{parameters}| {{ ... }};` and call it with `{name}.call(...)`"))
    })
}

/// `new Foo(x)`.
pub(super) fn new(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    if place.here() != "new" || !tokens.is(place.at + 1, TokenKind::Word) {
        return None;
    }
    let end = tokens.operand_after(place.at + 1);
    let name = place.next();
    let arguments = tokens.parts(place.at + 2);
    let argument = arguments.first().map_or("...", |&(from, to)| place.quote_or_dots(from, Some(to)));
    let report = place.error_at(place.at, "objects are made without `new`");
    Some(match name {
        "Promise" => report
            .note("there are no promises: calls that end in `Async` wait for the outcome")
            .help("write `client.publishAsync(topic, payload)`, for example"),
        "Object" | "Map" => report.help("write `#{}`"),
        "Array" | "Set" => report.help("write `[]`"),
        "Buffer" => report.help(format!("write `Buffer.from({argument})`")),
        "RegExp" => report.help("use the functions of text: `text.contains(\"abc\")`, `split`, `index_of`"),
        _ => match end.and_then(|end| tokens.quote(place.at + 1, end)) {
            Some(call) if place.before(1) == "throw" => report.help(format!("write `throw {call}`")),
            Some(call) => report.help(format!("write `{call}`")),
            None => report.help(format!("write `{name}(...)`")),
        },
    })
}

/// `await f()`, `async () => ...`, `async function`.
pub(super) fn await_async(place: &Place<'_>) -> Option<Diagnostic> {
    match place.here() {
        "await" => {
            let call = place.quote_or_dots(place.at + 1, place.tokens.operand_after(place.at + 1));
            let report = place.error_at(place.at, "calls that wait are written without `await`");
            Some(if call == "..." { report.help("leave `await` out") } else { report.help(format!("write `{call}`")) })
        }
        "async" => {
            let report = place.error_at(place.at, "functions are written without `async`");
            let tokens = place.tokens;
            let parameters = |opener: usize| match tokens.pair(opener) {
                Some(closer) if opener + 1 < closer => tokens.quote(opener + 1, closer - 1).unwrap_or("..."),
                _ => "",
            };
            let named = |at: usize| tokens.is(at, TokenKind::Word);
            Some(match place.next() {
                "function" | "fn" if named(place.at + 2) => {
                    let (name, parameters) = (tokens.text(place.at + 2), parameters(place.at + 3));
                    report.help(format!("write `fn {name}({parameters}) {{ ... }}`"))
                }
                "function" => report.help(format!("write `|{}| {{ ... }}`", parameters(place.at + 2))),
                "(" => report.help(format!("write `|{}| {{ ... }}`", parameters(place.at + 1))),
                _ if named(place.at + 1) && tokens.text(place.at + 2) == "=>" => {
                    report.help(format!("write `|{}| {{ ... }}`", place.next()))
                }
                _ => report.help("leave `async` out"),
            })
        }
        _ => None,
    }
}

/// `typeof x`.
pub(super) fn type_of(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    // `typeof(x) === ...` is a call to Rhai, which then gives up at the operator.
    let called = tokens.operand_before(place.at).filter(|_| place.here().ends_with("=="));
    let called = called.and_then(|start| start.checked_sub(usize::from(tokens.text(start) == "(")));
    let places = [Some(place.at), place.at.checked_sub(1), called];
    let word = places.into_iter().flatten().find(|&index| tokens.text(index) == "typeof")?;
    let report = place.error_at(word, "the type of a value is `type_of(x)`, not `typeof x`");
    Some(instead_of_typeof(report, tokens, word))
}

/// What to write for the `typeof` at `word`: Rhai's types have other names.
pub(in crate::diagnostics) fn instead_of_typeof(report: Diagnostic, tokens: &Tokens<'_>, word: usize) -> Diagnostic {
    let end = tokens.operand_after(word + 1);
    let quote = |from: usize, to: Option<usize>| to.and_then(|to| tokens.quote(from, to)).unwrap_or("...");
    let operand = match tokens.pair(word + 1) {
        Some(closer) if Some(closer) == end => quote(word + 2, closer.checked_sub(1)),
        _ => quote(word + 1, end),
    };
    let compared = end.filter(|&end| matches!(tokens.text(end + 1), "==" | "===" | "!=" | "!=="));
    let Some(end) = compared else { return report.help(format!("write `type_of({operand})`")) };
    let operator = &tokens.text(end + 1)[..2];
    let name = tokens.text(end + 2).trim_matches(['"', '\'', '`']);
    match name {
        "undefined" => report.help(format!("write `{operand} {operator} ()`")),
        "number" => report
            .note("numbers are integers, `\"i64\"`, or floats, `\"f64\"`")
            .help(format!("write `type_of({operand}) {operator} \"i64\"`")),
        "function" => report.help(format!("write `type_of({operand}) {operator} \"Fn\"`")),
        "object" => report.help(format!("write `type_of({operand}) {operator} \"map\"`")),
        "boolean" => report.help(format!("write `type_of({operand}) {operator} \"bool\"`")),
        _ => report.help(format!("write `type_of({operand}) {operator} \"{name}\"`")),
    }
}

/// `import x from "y"`, `import { a } from "y"`, `import * as x from "y"`.
pub(super) fn import(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    let word = (0..=place.at.min(tokens.len())).rev().take(24).find(|&index| tokens.text(index) == "import")?;
    let from = (word + 1..tokens.len()).take(24).find(|&index| tokens.text(index) == "from")?;
    let same_line = tokens.get(word)?.line == tokens.get(place.at)?.line;
    if !same_line || !tokens.is(from + 1, TokenKind::Text) && !tokens.is(from + 1, TokenKind::Quoted) || place.at > from
    {
        return None;
    }
    let path = tokens.text(from + 1).trim_matches(['"', '\'', '`']);
    let report = place.error_over(word, from + 1, format!("modules are imported with `import \"{path}\" as ...`"));
    let name = match tokens.text(from - 1) {
        "}" => path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rhai").trim_end_matches(".js"),
        name => name,
    };
    if matches!(path.trim_start_matches("node:"), "mqtt" | "fs" | "net" | "tls" | "process" | "buffer") {
        return Some(report.help(format!("write `let {name} = require(\"{path}\");`")));
    }
    let report = report.help(format!("write `import \"{path}\" as {name};`"));
    Some(match tokens.text(from - 2) {
        member if tokens.text(from - 1) == "}" => report.note(format!("its functions are `{name}::{member}(...)`")),
        _ => report,
    })
}

/// `export default x`, `module.exports = x`.
pub(super) fn export(place: &Place<'_>) -> Option<Diagnostic> {
    let message = match (place.before(1), place.here()) {
        ("export", "default") => "a module has no default export",
        (_, "module") if place.tokens.text(place.at + 2) == "exports" => "a module exports with `export`",
        _ => return None,
    };
    let from = if place.here() == "default" { place.at - 1 } else { place.at };
    let to = if place.here() == "default" { place.at } else { place.at + 2 };
    Some(
        place
            .error_over(from, to, message)
            .note("each `fn` of a module can be called from outside as it is")
            .help("write `export const name = value;` for a value"),
    )
}

/// `class Foo { }`.
pub(super) fn class(place: &Place<'_>) -> Option<Diagnostic> {
    if place.before(1) != "class" || !place.wants(";") {
        return None;
    }
    let name = place.here();
    let report = place.error_at(place.at - 1, "there are no classes");
    Some(report.help(format!("write a function that returns a map: `fn {name}() {{ #{{ ... }} }}`")))
}

/// `try { } finally { }`.
pub(super) fn finally(place: &Place<'_>) -> Option<Diagnostic> {
    let word = [place.at, place.at.wrapping_sub(1)].into_iter().find(|&index| place.tokens.text(index) == "finally")?;
    let report = place.error_at(word, "`try` has no `finally`");
    Some(report.help("write what must always run after the `catch` block: `try { ... } catch (err) { ... }`"))
}

/// `delete a.b`.
pub(super) fn delete(place: &Place<'_>) -> Option<Diagnostic> {
    let tokens = place.tokens;
    if place.before(1) != "delete" || !place.wants(";") {
        return None;
    }
    let report = place.error_at(place.at - 1, "an entry of a map is removed with `remove`, not `delete`");
    let end = tokens.operand_after(place.at)?;
    let property = tokens.text(end);
    let owner = (tokens.before(end, 1) == ".").then(|| tokens.quote(place.at, end - 2)).flatten();
    Some(match owner {
        Some(owner) => report.help(format!("write `{owner}.remove(\"{property}\")`")),
        None => report.help("write `map.remove(\"key\")`"),
    })
}

/// `a instanceof B`.
pub(super) fn instance_of(place: &Place<'_>) -> Option<Diagnostic> {
    if place.here() != "instanceof" {
        return None;
    }
    let start = place.tokens.operand_before(place.at);
    let operand = start.and_then(|start| place.tokens.quote(start, place.at - 1)).unwrap_or("x");
    let report = place.error_at(place.at, "the type of a value is asked with `type_of`, not `instanceof`");
    Some(report.help(format!("write `type_of({operand}) == \"{}\"`", place.next())))
}

/// `void 0`.
pub(super) fn void(place: &Place<'_>) -> Option<Diagnostic> {
    let zero = place.here() == "void" && place.next() == "0";
    zero.then(|| {
        place.error_over(place.at, place.at + 1, "a missing value is written `()`, not `void 0`").help("write `()`")
    })
}

/// `a and b`, `not a`, `elif`.
pub(super) fn python(place: &Place<'_>) -> Option<Diagnostic> {
    let (index, word, instead) = match (place.before(1), place.here()) {
        (_, "and") => (place.at, "and", "&&"),
        (_, "or") => (place.at, "or", "||"),
        ("not", _) => (place.at - 1, "not", "!"),
        (")", "{") => {
            let word = place.tokens.pair(place.at - 1)?.checked_sub(1)?;
            let text = place.tokens.text(word);
            matches!(text, "elif" | "elsif" | "elseif").then_some((word, text, "else if"))?
        }
        ("elif" | "elsif" | "elseif", _) => (place.at - 1, place.before(1), "else if"),
        _ => return None,
    };
    if !place.wants(";") && !place.wants("{") && !place.wants(")") && !place.wants(",") {
        return None;
    }
    Some(place.error_at(index, format!("`{instead}` is not spelled `{word}`")).help(format!("write `{instead}`")))
}
