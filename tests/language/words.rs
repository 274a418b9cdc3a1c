//! Every Rhai word is a plain name before `:` in a map and after `.`.

use crate::harness::{compile_error, prints};

const WORDS: [&str; 57] = [
    "default",
    "new",
    "with",
    "go",
    "sync",
    "switch",
    "in",
    "loop",
    "for",
    "if",
    "else",
    "while",
    "until",
    "do",
    "let",
    "const",
    "fn",
    "private",
    "return",
    "throw",
    "try",
    "catch",
    "break",
    "continue",
    "import",
    "export",
    "as",
    "true",
    "false",
    "this",
    "null",
    "var",
    "static",
    "shared",
    "goto",
    "match",
    "case",
    "public",
    "protected",
    "use",
    "module",
    "package",
    "super",
    "spawn",
    "thread",
    "yield",
    "async",
    "await",
    "void",
    "nil",
    "is",
    "eval",
    "print",
    "debug",
    "Fn",
    "is_def_var",
    "is_def_fn",
];

#[test]
fn every_word_is_a_key_and_a_property() {
    for word in WORDS {
        prints(
            &format!("let m = #{{{word}: 1, a: 2, {word}2: 3}}; m.{word} += 4; print(m.{word} - 1); print(m?.{word});"),
            "4 5",
        );
        prints(&format!("let m = #{{a: [#{{b: 1, {word}: || 3}}]}}; let f = m.a[0].{word}; print(f.call());"), "3");
    }
}

#[test]
fn own_methods_keep_their_meaning() {
    prints("let f = |a, b| a + b; let x = 1; keep(|| x); print(f.curry(1).call(2)); print(f.type_of());", "3 Fn");
    prints(
        "print(#{call: 1, curry: 2, type_of: 3, is_shared: 4});",
        r##"#{"call": 1, "curry": 2, "is_shared": 4, "type_of": 3}"##,
    );
}

#[test]
fn null_is_unit() {
    prints(
        "let x = null; print(x == ()); fn f(a) { a == null } print(f(null)); print(#{null: null}.null == null);",
        "true true true",
    );
    prints("let x = 1; switch x { 1 => null, _ => 2 } print([null, 1].len);", "2");
}

#[test]
fn words_keep_their_meaning_elsewhere() {
    prints("let m = #{a: if true { 1 } else { 2 }, b: switch 1 { 1 => 5, _ => 6 }}; print(m.a + m.b);", "6");
    prints("let m = #{a: [1, 2], b: (3), c: `${#{in: 4}.in}`}; for x in m.a { print(x); } print(m.c);", "1 2 4");
    assert_eq!(compile_error("let new = 1;").1, 1);
    assert_eq!(compile_error("let x = 1;\nlet y = default;").1, 2);
    assert_eq!(compile_error("let m = #{a: 1, in};"), ("the entry `in` has no value".into(), 1, 17));
}

#[test]
fn doc_comments_may_stand_anywhere() {
    let script = "/** A script.\n * It prints. */\n/// More.\nlet a = 1; /** b */ let b = #{/** key */ c: 1,\n  /// another\n  d: 2};\n/// Documented.\nfn f() { /** here */ a + b.d }\nprint(f()); /// end";
    prints(script, "3");
    prints("/**/ let a = 1; /***/ print(a); /*** b **/ //// c\n///", "1");
    assert_eq!(compile_error("/** ä\n */ let a = 1;\n/// x\nlet b = ];"), ("this `]` closes nothing".into(), 4, 9));
}
