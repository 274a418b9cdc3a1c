//! JSON against what Node 20 says.

use crate::api::tests::shown;

/// A text that is not JSON, and what Node 20 throws.
const FAULTS: &[(&str, &str)] = &[
    ("hello", "Unexpected token 'h', \"hello\" is not valid JSON"),
    ("{", "Expected property name or '}' in JSON at position 1"),
    ("{a:1}", "Expected property name or '}' in JSON at position 1"),
    ("{\"a\"}", "Expected ':' after property name in JSON at position 4"),
    ("{\"a\":1", "Expected ',' or '}' after property value in JSON at position 6"),
    ("{\"a\":1 \"b\"}", "Expected ',' or '}' after property value in JSON at position 7"),
    ("[1 2]", "Expected ',' or ']' after array element in JSON at position 3"),
    ("[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON"),
    ("{\"a\":1,}", "Expected double-quoted property name in JSON at position 7"),
    ("{\"a\":tru}", "Unexpected token '}', \"{\"a\":tru}\" is not valid JSON"),
    ("\"abc", "Unterminated string in JSON at position 4"),
    ("\"a\nb\"", "Bad control character in string literal in JSON at position 2"),
    ("\"\\x\"", "Bad escaped character in JSON at position 2"),
    ("\"\\u12g4\"", "Bad Unicode escape in JSON at position 5"),
    ("-", "No number after minus sign in JSON at position 1"),
    ("1.", "Unterminated fractional number in JSON at position 2"),
    ("1e", "Exponent part is missing a number in JSON at position 2"),
    ("01", "Unexpected number in JSON at position 1"),
    ("1 2", "Unexpected non-whitespace character after JSON at position 2"),
    ("", "Unexpected end of JSON input"),
    ("  ", "Unexpected end of JSON input"),
    ("nul", "Unexpected end of JSON input"),
    ("{\"a\":1}}", "Unexpected non-whitespace character after JSON at position 7"),
    ("[1,2,3,4,5,6,7,8,9,10,x,11,12,13,14]", "Unexpected token 'x', ...\",7,8,9,10,x,11,12,13\"... is not valid JSON"),
    ("xyzabcdefghijklmnopqrstuvw", "Unexpected token 'x', \"xyzabcdefg\"... is not valid JSON"),
    ("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,x", "Unexpected token 'x', ...\",12,13,14,x\" is not valid JSON"),
    ("{\"a\":\"é\",\"b\":x}", "Unexpected token 'x', \"{\"a\":\"é\",\"b\":x}\" is not valid JSON"),
    ("{1:2}", "Expected property name or '}' in JSON at position 1"),
    ("[\"a\":1]", "Expected ',' or ']' after array element in JSON at position 4"),
    ("[", "Unexpected end of JSON input"),
    ("[1", "Expected ',' or ']' after array element in JSON at position 2"),
    ("{\"a\":", "Unexpected end of JSON input"),
    ("tru", "Unexpected end of JSON input"),
    ("truf", "Unexpected token 'f', \"truf\" is not valid JSON"),
    ("undefined", "\"undefined\" is not valid JSON"),
    ("+1", "Unexpected token '+', \"+1\" is not valid JSON"),
    (".5", "Unexpected token '.', \".5\" is not valid JSON"),
    ("-a", "No number after minus sign in JSON at position 1"),
    ("1.a", "Unterminated fractional number in JSON at position 2"),
    ("1ea", "Exponent part is missing a number in JSON at position 2"),
    ("{\"a\":1,b", "Expected double-quoted property name in JSON at position 7"),
    ("\"\\u12", "Bad Unicode escape in JSON at position 5"),
    ("{'a':1}", "Expected property name or '}' in JSON at position 1"),
    ("[1}", "Expected ',' or ']' after array element in JSON at position 2"),
    ("{]", "Expected property name or '}' in JSON at position 1"),
    ("12x", "Unexpected non-whitespace character after JSON at position 2"),
    ("123456789012345678901x", "Unexpected non-whitespace character after JSON at position 21"),
    ("123456789012345678901234x56789012345678", "Unexpected non-whitespace character after JSON at position 24"),
    ("{\"a\":1,\"b\"2}", "Unexpected number in JSON at position 10"),
    ("{\"a\":1,\"b\"x}", "Unexpected token 'x', \"{\"a\":1,\"b\"x}\" is not valid JSON"),
    ("nu\"l", "Unexpected string in JSON at position 2"),
    ("\"\\日\"", "Unexpected token '日', \"\"\\日\"\" is not valid JSON"),
    ("\"abc\\", "Unexpected end of JSON input"),
];

#[test]
fn faults_are_worded_as_in_node() {
    for (text, expected) in FAULTS {
        let message = super::parse(text).map(|_| ()).expect_err("it is not JSON");
        assert_eq!(message, *expected, "{text}");
    }
}

#[test]
fn parses_into_script_values() {
    let script = r#"JSON.parse(`{"a": 1, "b": [2.5, true, null], "c": {"d": "x\u00e9\n"}, "big": 9223372036854775807, "more": 9223372036854775808}`)"#;
    assert_eq!(
        shown(script),
        "{\n  a: 1,\n  b: [ 2.5, true, undefined ],\n  big: 9223372036854775807,\n  c: { d: 'xé\\n' },\n  more: 9223372036854776000\n}"
    );
    assert_eq!(
        shown("[type_of(JSON.parse(\"21\")), type_of(JSON.parse(\"21.5\")), type_of(JSON.parse(\"null\"))]"),
        "[ 'i64', 'f64', '()' ]"
    );
    assert_eq!(shown("JSON.parse(Buffer.from(\"[1]\"))[0]"), "1");
    assert_eq!(shown("JSON.parse(\"[1]\".to_blob())[0]"), "1");
    assert_eq!(shown("JSON.parse(5)"), "5");
    // To the nearest number, which is not what a quick reader makes of these.
    assert_eq!(
        shown("JSON.parse(\"[922233720368547777588, 123456789.123456789e-7]\")"),
        "[ 922233720368547800000, 12.34567891234568 ]"
    );
    assert_eq!(shown("JSON.parse(())"), "SyntaxError: \"undefined\" is not valid JSON");
    assert_eq!(
        shown("let e = (); try { JSON.parse(\"{\") } catch (err) { e = err } e.name + \"|\" + e.message"),
        "SyntaxError|Expected property name or '}' in JSON at position 1"
    );
}

#[test]
fn depth_has_an_end() {
    let deep = "[".repeat(200) + "]".repeat(200).as_str();
    assert_eq!(super::parse(&deep).map(|_| ()), Err("JSON is nested deeper than 128 levels".to_owned()));
    let fine = "[".repeat(100) + "]".repeat(100).as_str();
    assert!(super::parse(&fine).is_ok());
}

#[test]
fn writes_what_javascript_writes() {
    let script = r#"JSON.stringify(#{f: 1.0, g: 1e21, n: Number("x"), u: [()], d: "\x01\"\\/é", b: Buffer.from("a"), fun: || 1, e: #{}, a: []})"#;
    let expected =
        r#"{"a":[],"b":{"type":"Buffer","data":[97]},"d":"\u0001\"\\/é","e":{},"f":1,"g":1e+21,"n":null,"u":[null]}"#;
    assert_eq!(shown(script), expected);
    assert_eq!(
        shown(
            "[JSON.stringify(\"x\"), JSON.stringify(5), JSON.stringify(2.50), JSON.stringify(true), JSON.stringify(())]"
        ),
        "[ '\"x\"', '5', '2.5', 'true', undefined ]"
    );
    assert_eq!(shown("JSON.stringify([Date(0), 'c'])"), "[\"1970-01-01T00:00:00.000Z\",\"c\"]");
}

#[test]
fn indents_by_number_or_text() {
    assert_eq!(
        shown("JSON.stringify(#{a: [1, #{}], b: Buffer.from(\"a\")}, (), 2)"),
        "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"type\": \"Buffer\",\n    \"data\": [\n      97\n    ]\n  }\n}"
    );
    assert_eq!(
        shown("JSON.stringify([1, [2, #{a: 1}]], (), \"--\")"),
        "[\n--1,\n--[\n----2,\n----{\n------\"a\": 1\n----}\n--]\n]"
    );
}

#[test]
fn a_replacer_is_refused() {
    assert_eq!(
        shown("JSON.stringify(1, |k, v| v)"),
        "TypeError: `JSON.stringify` has no replacer here: the second argument is `()`"
    );
}
