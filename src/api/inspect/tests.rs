//! Shown values against what Node 20 prints for the same ones.

use crate::api::tests::{engine, shown};

/// A script, and `util.inspect` of the same value in Node 20.
const RECORDED: &[(&str, &str)] = &[
    (r##"#{a: 1, b: "x"}"##, "{ a: 1, b: 'x' }"),
    (r##"[1, 2, 3]"##, "[ 1, 2, 3 ]"),
    (r##"[]"##, "[]"),
    (r##"#{}"##, "{}"),
    (r##"#{a: #{b: #{c: #{d: 1}}}}"##, "{ a: { b: { c: [Object] } } }"),
    (r##"[[[[1]]]]"##, "[ [ [ [Array] ] ] ]"),
    (r##"#{"a-b": 1, "_x": 2, "9": 3}"##, "{ '9': 3, _x: 2, 'a-b': 1 }"),
    (
        r##"["it's", "say \"x\"", "both ' \"", "nl\n", "\t\x1b"]"##,
        "[ \"it's\", 'say \"x\"', `both ' \"`, 'nl\\n', '\\t\\x1B' ]",
    ),
    (r##"[1.5, -0.0, 1e21, 2.0, true, ()]"##, "[ 1.5, -0, 1e+21, 2, true, undefined ]"),
    (r##"[1, 2, 3, 4, 5, 6, 7]"##, "[\n  1, 2, 3, 4,\n  5, 6, 7\n]"),
    (
        r##"let a = []; for i in 0..30 { a.push(i * 7) } a"##,
        "[\n    0,   7,  14,  21,  28,  35,  42,  49,\n   56,  63,  70,  77,  84,  91,  98, 105,\n  112, 119, 126, 133, 140, 147, 154, 161,\n  168, 175, 182, 189, 196, 203\n]",
    ),
    (
        r##"let a = []; for i in 0..120 { a.push(i) } a"##,
        "[\n   0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11,\n  12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,\n  24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,\n  36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,\n  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,\n  60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,\n  72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83,\n  84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,\n  96, 97, 98, 99,\n  ... 20 more items\n]",
    ),
    (
        r##"let a = []; for i in 0..101 { a.push(i) } a"##,
        "[\n   0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11,\n  12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,\n  24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,\n  36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,\n  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,\n  60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,\n  72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83,\n  84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,\n  96, 97, 98, 99,\n  ... 1 more item\n]",
    ),
    (
        r##"["apple", "banana", "cherry", "date", "elderberry", "fig", "grape"]"##,
        "[ 'apple', 'banana', 'cherry', 'date', 'elderberry', 'fig', 'grape' ]",
    ),
    (
        r##"#{temperature: 21.5, humidity: 40, pressure: 1013.25, location: "kitchen", unit: "celsius"}"##,
        "{\n  humidity: 40,\n  location: 'kitchen',\n  pressure: 1013.25,\n  temperature: 21.5,\n  unit: 'celsius'\n}",
    ),
    (
        r##"#{a: [#{b: 1}, #{b: 2}], c: "a longer text that makes the line too long to fit", d: [1, 2, 3]}"##,
        "{\n  a: [ { b: 1 }, { b: 2 } ],\n  c: 'a longer text that makes the line too long to fit',\n  d: [ 1, 2, 3 ]\n}",
    ),
    (
        r##"[#{topic: "sensors/kitchen/temperature", qos: 1}, #{topic: "sensors/bath/temperature", qos: 0}]"##,
        "[\n  { qos: 1, topic: 'sensors/kitchen/temperature' },\n  { qos: 0, topic: 'sensors/bath/temperature' }\n]",
    ),
    (r##"#{a: #{b: #{c: #{}}}, d: #{e: #{f: []}}}"##, "{ a: { b: { c: {} } }, d: { e: { f: [] } } }"),
    (r##"[[1, 2, [3, 4, [5]]], #{x: #{y: #{z: 1}}}]"##, "[ [ 1, 2, [ 3, 4, [Array] ] ], { x: { y: [Object] } } ]"),
    (
        r##"#{text: "line one of a longer text\nline two of the longer text\nline three, the last one of all"}"##,
        "{\n  text: 'line one of a longer text\\n' +\n    'line two of the longer text\\n' +\n    'line three, the last one of all'\n}",
    ),
    (r##"["ü", "日本", "é", "a", "b", "c", "d", "e"]"##, "[\n  'ü', '日本',\n  'é', 'a',\n  'b', 'c',\n  'd', 'e'\n]"),
    (
        r##"["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1, 2, 3, 4, 5, 6, 7]"##,
        "[ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 2, 3, 4, 5, 6, 7 ]",
    ),
    (
        r##"[1.25, 10.5, 100.75, 1000, 2, 3, 4, 5, 6]"##,
        "[\n  1.25, 10.5, 100.75,\n  1000,    2,      3,\n     4,    5,      6\n]",
    ),
    (
        r##"#{b: Buffer.from("hello"), c: [Buffer.from([0, 255])]}"##,
        "{ b: <Buffer 68 65 6c 6c 6f>, c: [ <Buffer 00 ff> ] }",
    ),
    (
        r##"Buffer.alloc(60, 1)"##,
        "<Buffer 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 ... 10 more bytes>",
    ),
    (
        r##"Buffer.alloc(51)"##,
        "<Buffer 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ... 1 more byte>",
    ),
    (r##"Buffer.alloc(0)"##, "<Buffer >"),
    (r##"[[], #{}, [[]], [#{}]]"##, "[ [], {}, [ [] ], [ {} ] ]"),
    (
        r##"[#{a: 1, b: 2}, #{a: 1, b: 2}, #{a: 1, b: 2}, #{a: 1, b: 2}, #{a: 1, b: 2}, #{a: 1, b: 2}, #{a: 1, b: 2}]"##,
        "[\n  { a: 1, b: 2 },\n  { a: 1, b: 2 },\n  { a: 1, b: 2 },\n  { a: 1, b: 2 },\n  { a: 1, b: 2 },\n  { a: 1, b: 2 },\n  { a: 1, b: 2 }\n]",
    ),
    (
        r##"[[1,2],[3,4],[5,6],[7,8],[9,10],[11,12],[13,14],[15,16]]"##,
        "[\n  [ 1, 2 ],   [ 3, 4 ],\n  [ 5, 6 ],   [ 7, 8 ],\n  [ 9, 10 ],  [ 11, 12 ],\n  [ 13, 14 ], [ 15, 16 ]\n]",
    ),
];

#[test]
fn shows_what_node_shows() {
    for (script, expected) in RECORDED {
        let (engine, mut scope) = engine();
        let value = engine.eval_with_scope::<rhai::Dynamic>(&mut scope, script).expect("the script runs");
        let shown = super::inspect(&value);
        assert_eq!(shown, *expected, "{script}\n{shown}");
    }
}

#[test]
fn text_is_bare_at_the_top_only() {
    assert_eq!(shown("\"it's\""), "it's");
    assert_eq!(shown("[\"x\", 'y']"), "[ 'x', 'y' ]");
}

#[test]
fn what_node_has_not_is_shown_by_its_text_or_name() {
    assert_eq!(shown("[0..3, Math, console]"), "[ 0..3, [Math], [Console] ]");
    assert_eq!(shown("[timestamp()]"), "[ <timestamp> ]");
}

#[test]
fn functions_have_names_or_none() {
    assert_eq!(shown("fn inc(x) { x + 1 } [inc, |x| x]"), "[ [Function: inc], [Function (anonymous)] ]");
}

#[test]
fn a_shared_value_is_looked_through() {
    assert_eq!(shown("let a = [1]; let f = || a.push(2); f.call(); [a, f.type_of()]"), "[ [ 1, 2 ], 'Fn' ]");
}

#[test]
fn a_value_that_contains_itself_ends() {
    let (engine, mut scope) = engine();
    let value: rhai::Dynamic =
        engine.eval_with_scope(&mut scope, "let a = [1]; let f = || a; a").expect("the script runs");
    let mut shared = value.into_shared();
    let again = shared.clone();
    shared.write_lock::<rhai::Array>().expect("an array").push(again);
    assert!(super::inspect(&shared).ends_with("[Array] ] ] ]"), "{}", super::inspect(&shared));
    assert!(crate::api::json::stringify(&shared, "").is_err());
    assert!(crate::api::text::to_text(&shared).starts_with("1,1,"));
    // Leave no circle behind.
    shared.write_lock::<rhai::Array>().expect("an array").clear();
}
