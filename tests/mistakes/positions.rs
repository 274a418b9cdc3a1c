//! The right line and column, whatever stands before.

use crate::reports;

#[test]
fn after_tabs() {
    reports(
        r#"	let count = 1;	cuont += 1;"#,
        r#"
error: there is no variable `cuont`
 --> main.rhai:1:17
  |
1 |     let count = 1;    cuont += 1;
  |                       ^^^^^
help: did you mean `count`?
"#,
    );
}

#[test]
fn after_wide_characters() {
    reports(
        r#"let town = "Köln 東京"; console.lgo(town);"#,
        r#"
error: `console` has no method `lgo`
 --> main.rhai:1:31
  |
1 | let town = "Köln 東京"; console.lgo(town);
  |                                 ^^^
help: did you mean `log`?
"#,
    );
}

#[test]
fn after_a_shebang() {
    reports(
        r#"#!/usr/bin/env mqttscript
console.lgo("started");"#,
        r#"
error: `console` has no method `lgo`
 --> main.rhai:2:9
  |
2 | console.lgo("started");
  |         ^^^
help: did you mean `log`?
"#,
    );
}

#[test]
fn crlf_line_ends() {
    reports(
        &r#"let count = 1;

  console.lgo(count);"#
            .replace('\n', "\r\n"),
        r#"
error: `console` has no method `lgo`
 --> main.rhai:3:11
  |
3 |   console.lgo(count);
  |           ^^^
help: did you mean `log`?
"#,
    );
}

#[test]
fn byte_order_mark() {
    reports(
        &format!("\u{feff}{}", r#"console.lgo("started");"#),
        r#"
error: `console` has no method `lgo`
 --> main.rhai:1:9
  |
1 | console.lgo("started");
  |         ^^^
help: did you mean `log`?
"#,
    );
}

#[test]
fn in_a_template() {
    reports(
        r#"let count = 1;
console.log(`count ${cuont}`);"#,
        r#"
error: there is no variable `cuont`
 --> main.rhai:2:22
  |
2 | console.log(`count ${cuont}`);
  |                      ^^^^^
help: did you mean `count`?
"#,
    );
}

#[test]
fn in_a_chain_over_lines() {
    reports(
        r#"let text = "a";
text
  .trim()
  .toUper();"#,
        r#"
error: text has no method `toUper`
 --> main.rhai:4:4
  |
4 |   .toUper();
  |    ^^^^^^
help: did you mean `to_upper`?
"#,
    );
}
