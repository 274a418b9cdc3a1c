//! Printed lines against those of Node 20.

use std::time::Duration;

use crate::api::tests::{printed, shown};

#[test]
fn fills_in_formats_as_node_does() {
    let (out, _) = printed(
        r#"
        console.log("%s is %d years and %i, %f", "Bob", 42.5, "42.9", "1.50");
        console.log("%d%%", 5);
        console.log("100%", 5);
        console.log("%s");
        console.log("%x %s", 1);
        console.log("a", "b", 1);
        console.log(1, "a", [1]);
        console.log("%j %O", #{a: 1}, #{b: #{c: #{}}});
        console.log("%s", #{a: #{b: 1}});
        console.log("%s", [1, [2]]);
        console.log("%c styled", "css");
        console.log("%s", (), 3);
        console.log("%d", "x");
        console.log("%%s");
        console.log("%%s", 1);
        console.log("x%");
        console.log("x%", 1);
        console.log("%s %s", "a");
        console.log("", 1);
        console.log("%i", 3.9);
        console.log();
        "#,
    );
    let expected = [
        "Bob is 42.5 years and 42, 1.5",
        "5%",
        "100% 5",
        "%s",
        "%x 1",
        "a b 1",
        "1 a [ 1 ]",
        "{\"a\":1} { b: { c: {} } }",
        "{ a: [Object] }",
        "[ 1, [Array] ]",
        " styled",
        "undefined 3",
        "NaN",
        "%%s",
        "%s 1",
        "x%",
        "x% 1",
        "a %s",
        " 1",
        "3",
        "",
    ];
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn draws_tables_as_node_does() {
    let (out, _) = printed(r#"console.table([#{a: 1, b: "x"}, #{a: 2, c: [1, 2]}])"#);
    assert_eq!(
        out,
        "\
┌─────────┬───┬─────┬──────────┐
│ (index) │ a │ b   │ c        │
├─────────┼───┼─────┼──────────┤
│ 0       │ 1 │ 'x' │          │
│ 1       │ 2 │     │ [ 1, 2 ] │
└─────────┴───┴─────┴──────────┘
"
    );
    let (out, _) = printed(r#"console.table([1, "two", #{x: 1}])"#);
    assert_eq!(
        out,
        "\
┌─────────┬───┬────────┐
│ (index) │ x │ Values │
├─────────┼───┼────────┤
│ 0       │   │ 1      │
│ 1       │   │ 'two'  │
│ 2       │ 1 │        │
└─────────┴───┴────────┘
"
    );
    let (out, _) = printed("console.table([#{t: #{a: 1, b: 2, c: 3}, u: #{a: 1}, w: [1, 2, 3, 4]}])");
    assert_eq!(
        out,
        "\
┌─────────┬──────────┬──────────┬──────────────────────────────┐
│ (index) │ t        │ u        │ w                            │
├─────────┼──────────┼──────────┼──────────────────────────────┤
│ 0       │ [Object] │ { a: 1 } │ [ 1, 2, 3, ... 1 more item ] │
└─────────┴──────────┴──────────┴──────────────────────────────┘
"
    );
    let (out, _) = printed(r#"console.table(5); console.table([#{a: 1, b: 2}], ["b"])"#);
    assert_eq!(out.lines().take(3).collect::<Vec<_>>(), ["5", "┌─────────┬───┐", "│ (index) │ b │"]);
}

#[test]
fn warnings_and_errors_go_to_standard_error() {
    let (out, err) =
        printed("console.log(1); console.warn(2); console.error(\"x\", 3); console.info(4); console.debug([5])");
    assert_eq!(out, "1\n4\n[ 5 ]\n");
    assert_eq!(err, "2\nx 3\n");
}

#[test]
fn assertions_speak_only_when_they_fail() {
    let script = "console.assert(true, \"no\"); console.assert(1 == 2, \"sum is %d\", 3); console.assert(false)";
    assert_eq!(printed(script), (String::new(), "Assertion failed: sum is 3\nAssertion failed\n".to_owned()));
}

#[test]
fn groups_indent_every_line() {
    let script = "console.group(\"G\"); console.log(\"a\\nb\"); console.debug(\"d\"); console.group(); console.log(1); \
                  console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log(2)";
    assert_eq!(printed(script).0, "G\n  a\n  b\n  d\n    1\n2\n");
}

#[test]
fn counts_and_times_by_label() {
    let (out, err) = printed(
        "console.count(); console.count(\"x\"); console.count(); console.countReset(); console.count(); \
         console.time(\"t\"); console.timeLog(\"t\", 1); console.timeEnd(\"t\"); console.timeEnd(\"t\")",
    );
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines[..4], ["default: 1", "x: 1", "default: 2", "default: 1"]);
    assert!(lines[4].starts_with("t: ") && lines[4].ends_with("ms 1"), "{}", lines[4]);
    assert!(lines[5].starts_with("t: ") && lines[5].ends_with("ms"), "{}", lines[5]);
    assert_eq!(err, "Warning: No such label 't' for console.timeEnd()\n");
}

#[test]
fn durations_read_as_in_node() {
    assert_eq!(super::duration_text(Duration::from_micros(12_345)), "12.345ms");
    assert_eq!(super::duration_text(Duration::from_millis(1_234)), "1.234s");
    assert_eq!(super::duration_text(Duration::from_millis(62_345)), "1:02.345 (m:ss.mmm)");
    assert_eq!(super::duration_text(Duration::from_millis(3_723_004)), "1:02:03.004 (h:mm:ss.mmm)");
}

#[test]
fn a_trace_names_its_place() {
    assert_eq!(printed("console.trace(\"here\", 1)").1, "Trace: here 1\n    at 1:9\n");
}

#[test]
fn dir_shows_as_deep_as_asked() {
    let script = "let v = #{a: #{b: #{c: #{d: 1}}}}; console.dir(v); console.dir(v, #{depth: ()}); console.dir(\"x\")";
    assert_eq!(printed(script).0, "{ a: { b: { c: [Object] } } }\n{\n  a: { b: { c: { d: 1 } } }\n}\n'x'\n");
}

#[test]
fn methods_return_nothing() {
    assert_eq!(super::output::capture(|| shown("console.log(1)")).0, "undefined");
}

#[test]
fn print_and_debug_of_rhai_go_the_same_way() {
    assert_eq!(printed("print(1.0); print([1.5, \"a\"]); debug(\"x\")").0, "1\n[1.5, \"a\"]\n\"x\"\n");
    let script = "print(Error(\"x\")); print(Buffer.from(\"hi\")); print(\"é\".to_blob() + \"\"); print()";
    assert_eq!(printed(script).0, "Error: x\nhi\né\n\n");
}
