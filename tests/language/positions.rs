//! Errors stand where they stand in the file.

use crate::harness::{compile_error, on_script_thread, prints, run_error};

#[track_caller]
fn fails_at(text: &str, line: usize, column: usize) {
    let position = run_error(text).position();
    assert_eq!((position.line(), position.position()), (Some(line), Some(column)), "in {text:?}");
}

#[test]
fn of_errors_at_run_time() {
    fails_at("let a = 1; let b = a.missing;", 1, 22);
    fails_at("\t\tlet a = nothing;", 1, 11);
    fails_at("let a = 1;\r\n\tlet b = 2;\r\n\tlet c = nothing;", 3, 10);
    fails_at("/* äöü € 😀 */ let a = nothing;", 1, 23);
    fails_at("let text = \"let x = 1; ü\"; let b = nothing;", 1, 36);
    fails_at("let x = `let ${1 + 1} let`; /* let /* let */ */ let b = nothing;", 1, 57);
    fails_at("// let a\nexport let a = nothing;", 2, 16);
    fails_at("const a = nothing;", 1, 11);
}

#[test]
fn of_syntax_errors() {
    assert_eq!((compile_error("let a = 1;\n\tlet b = ;").1, compile_error("let a = 1;\n\tlet b = ;").2), (2, 10));
    for (text, line, column) in [
        ("let = 1;", 1, 5),
        ("let a 1;", 1, 7),
        ("print(1) let a = 2;", 1, 9),
        ("\u{feff}let a = ];", 1, 9),
        ("#!/usr/bin/env mqttscript run\nlet a = ];", 2, 9),
        ("#!/usr/bin/env mqttscript\r\nlet a = ];", 2, 9),
        ("let f = || { 1 } let b = 2;", 1, 17),
    ] {
        let (message, l, c) = compile_error(text);
        assert_eq!((l, c), (line, column), "{message} in {text:?}");
    }
}

#[test]
fn a_mark_and_a_first_line_for_the_shell_are_skipped() {
    prints("\u{feff}let a = 1; fn f() { a } print(f());", "1");
    prints("#!/usr/bin/env let\nlet a = 1; fn f() { a } print(f());", "1");
    prints("#! only", "");
}

#[test]
fn depth_is_the_same_in_every_build() {
    on_script_thread(|| {
        let script = "fn f(n) { if n > 0 { let m = [#{a: (1 + (f(n - 1)))}]; if true { switch 1 { 1 => { m[0].a } } } } else { 0 } } ";
        prints(&format!("{script} print(f(200));"), "200");
        let error = run_error(&format!("{script} f(300);")).to_string();
        assert!(error.contains("overflow"), "{error}");
        let nested = format!("print({}1{});", "(".repeat(100), ")".repeat(100));
        prints(&nested, "1");
    });
}
