//! What a report looks like.

use crate::{diagnose, reports};
use mqttscript::diagnostics::render::render;
use mqttscript::diagnostics::{Diagnostic, Source, Span};
use std::rc::Rc;

fn source(name: &str, text: &str) -> Rc<Source> {
    Rc::new(Source { name: name.to_string(), text: text.to_string() })
}

fn span(source: &Rc<Source>, line: usize, column: usize, length: usize) -> Span {
    Span { source: Rc::clone(source), line, column, length }
}

#[track_caller]
fn renders(diagnostic: &Diagnostic, expected: &str) {
    let text = render(diagnostic, false);
    assert_eq!(text, expected.strip_prefix('\n').unwrap_or(expected), "\n{text}");
}

#[test]
fn order_is_message_source_notes_helps() {
    let main = source("a.rhai", "let a = 1;\nlet b = 2;\n");
    let report = Diagnostic::warning("something").help("do this").note("a fact").at(span(&main, 2, 5, 1));
    renders(
        &report,
        "
warning: something
 --> a.rhai:2:5
  |
2 | let b = 2;
  |     ^
note: a fact
help: do this
",
    );
}

#[test]
fn without_a_place() {
    let report = Diagnostic::error("the broker is gone").note("since 5 s").help("start it");
    renders(&report, "error: the broker is gone\nnote: since 5 s\nhelp: start it\n");
}

#[test]
fn length_zero_underlines_the_token() {
    let main = source("a.rhai", "f(\"a b\", 12.5, name, a >>= `x ${y} z`);");
    for (column, carets) in [(1, 1), (3, 5), (10, 4), (16, 4), (24, 3), (28, 10)] {
        let text = render(&Diagnostic::error("x").at(span(&main, 1, column, 0)), false);
        let line = text.lines().last().expect("a line of carets");
        assert_eq!(line, format!("  | {}{}", " ".repeat(column - 1), "^".repeat(carets)), "{text}");
    }
}

#[test]
fn several_wrong_places() {
    let main = source(
        "rpc_test.rhai",
        &format!("{}let server = mqtt.connect(url);\n\n\nset_interval(f, 50);\n", "\n".repeat(11)),
    );
    let mut report = Diagnostic::error("test `answers a request` left 1 client and 1 interval open")
        .at(span(&main, 12, 19, 7))
        .at(span(&main, 15, 1, 0))
        .help("call `server.end()` before the test returns");
    report.labels[0].text = "this client was never ended".to_string();
    report.labels[1].text = "this interval was never cleared".to_string();
    renders(
        &report,
        "
error: test `answers a request` left 1 client and 1 interval open
  --> rpc_test.rhai:12:19
   |
12 | let server = mqtt.connect(url);
   |                   ^^^^^^^ this client was never ended
   |
  --> rpc_test.rhai:15:1
   |
15 | set_interval(f, 50);
   | ^^^^^^^^^^^^ this interval was never cleared
help: call `server.end()` before the test returns
",
    );
}

#[test]
fn places_in_two_sources() {
    let main = source("a.rhai", "use_it();\n");
    let module = source("lib/b.rhai", "\nfn use_it() { }\n");
    let report = Diagnostic::error("x").at(span(&main, 1, 1, 0)).see(span(&module, 2, 4, 0), "declared here");
    renders(
        &report,
        "
error: x
 --> a.rhai:1:1
  |
1 | use_it();
  | ^^^^^^
  |
 --> lib/b.rhai:2:4
  |
2 | fn use_it() { }
  |    ^^^^^^ declared here
",
    );
}

#[test]
fn a_remark_joins_the_source_of_the_wrong_place() {
    let main = source("a.rhai", "let count = 0;\nfn inc() { count += 1; }\n");
    let report = Diagnostic::error("x").at(span(&main, 2, 12, 0)).see(span(&main, 1, 5, 0), "defined here");
    renders(
        &report,
        "
error: x
 --> a.rhai:2:12
  |
1 | let count = 0;
  |     ----- defined here
2 | fn inc() { count += 1; }
  |            ^^^^^
",
    );
}

#[test]
fn tabs_count_as_one_column_and_show_as_four() {
    reports(
        "if true {\r\n\tvar x = 1;\r\n}\r\n",
        "
error: variables are declared with `let`, not `var`
 --> hello.rhai:2:2
  |
2 |     var x = 1;
  |     ^^^
help: write `let x`
",
    );
}

#[test]
fn byte_order_mark_is_no_column() {
    reports(
        "\u{feff}var x = 1;",
        "
error: variables are declared with `let`, not `var`
 --> hello.rhai:1:1
  |
1 | var x = 1;
  | ^^^
help: write `let x`
",
    );
}

#[test]
fn wide_characters_take_two_columns_on_the_screen() {
    reports(
        "print(\"温度\"); var x = 1;",
        "
error: variables are declared with `let`, not `var`
 --> hello.rhai:1:14
  |
1 | print(\"温度\"); var x = 1;
  |                ^^^
help: write `let x`
",
    );
}

#[test]
fn column_past_the_end_of_the_line() {
    let main = source("a.rhai", "let a = 1\r\nlet b = 2;\r\n");
    renders(
        &Diagnostic::error("x").at(span(&main, 1, 99, 3)),
        "
error: x
 --> a.rhai:1:10
  |
1 | let a = 1
  |          ^
",
    );
}

#[test]
fn line_past_the_end_of_the_source() {
    let main = source("a.rhai", "let a = 1;\n");
    renders(&Diagnostic::error("x").at(span(&main, 9, 2, 1)), "error: x\n --> a.rhai:9:2\n");
}

#[test]
fn source_of_which_only_the_name_is_known() {
    let gone = source("gone.rhai", "");
    renders(&Diagnostic::error("x").at(span(&gone, 3, 7, 0)).help("y"), "error: x\n --> gone.rhai:3:7\nhelp: y\n");
}

#[test]
fn text_from_outside_cannot_write_to_the_terminal() {
    renders(
        &Diagnostic::error("bad \u{1b}[31mred\u{7}\nsecond line").note("a\r\nb"),
        "error: bad \\u{1b}[31mred\\u{7}\n       second line\nnote: a\n      b\n",
    );
}

#[test]
fn colour_adds_escapes_only() {
    let report = diagnose("var x = 1;");
    let (plain, coloured) = (render(&report, false), render(&report, true));
    assert!(coloured.starts_with("\u{1b}[1m\u{1b}[91merror\u{1b}[0m"), "{coloured:?}");
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}

/// Half-typed programs are the usual case of a watched file: whatever is there, a report comes out.
#[test]
fn every_beginning_of_a_program_can_be_reported() {
    let program = "let o = #{a: [1, 2], 'b': `x ${y + \"}\"} z`};\r\nfunction f(a, b) { return a === b ? {c: 1} : 'no'; }\n\
                   for (let i = 0; i < 3; i++) { if (x) go(/a/); else y => { 温 } }\n\
                   switch (x) { case 1: f(); default: g() } client.on('a', (b, c) => { d?.e[0] ||= 1 });\n";
    let engine = rhai::Engine::new();
    let mut reported = 0;
    for start in program.char_indices().map(|(start, _)| start).filter(|start| start % 7 == 0 || *start < 40) {
        for (end, _) in program.char_indices().filter(|(end, _)| *end >= start) {
            let main = source("a.rhai", &program[start..end]);
            if let Err(error) = engine.compile(&main.text) {
                let report = mqttscript::diagnostics::syntax::explain_parse_error(&error, &main);
                let text = render(&report, false);
                assert!(text.starts_with("error: ") && text.contains(" --> a.rhai:"), "{text}");
                reported += 1;
            }
        }
    }
    assert!(reported > 1000, "only {reported} beginnings failed to compile");
}
