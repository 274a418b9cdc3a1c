//! Scripts that do not compile for other reasons.

use crate::reports;

#[test]
fn unclosed_parenthesis() {
    reports(
        r#"print("a";
print("b");"#,
        r#"
error: expected `)` but got `;`
 --> hello.rhai:1:10
  |
1 | print("a";
  |      -   ^
  |      |
  |      this `(` is still open
"#,
    );
}

#[test]
fn unclosed_brace() {
    reports(
        r#"fn f() {
  if true {
    print(1);
}
"#,
        r#"
error: this `{` is never closed
 --> hello.rhai:1:8
  |
1 | fn f() {
  |        ^
help: add `}` where it should end
"#,
    );
}

#[test]
fn brace_too_many() {
    reports(
        r#"print(1);
}"#,
        r#"
error: this `}` closes nothing
 --> hello.rhai:2:1
  |
2 | }
  | ^
help: remove it, or open it with `{` before
"#,
    );
}

#[test]
fn unterminated_string() {
    reports(
        r#"print("abc);
print(1);"#,
        r#"
error: this string is never closed
 --> hello.rhai:1:7
  |
1 | print("abc);
  |       ^^^^^^
help: close it with `"`, or use backticks for text of several lines
"#,
    );
}

#[test]
fn missing_comma() {
    reports(
        r#"print(1 2);"#,
        r#"
error: expected `,` between the arguments of `print` but got `2`
 --> hello.rhai:1:8
  |
1 | print(1 2);
  |        ^
help: write `1,`
"#,
    );
}

#[test]
fn missing_comma_in_a_map() {
    reports(
        r#"let o = #{
  a: 1
  b: 2
};"#,
        r#"
error: `,` is missing between two entries of this map
 --> hello.rhai:2:7
  |
2 |   a: 1
  |       ^
help: write `1,`
"#,
    );
}

#[test]
fn constant() {
    reports(
        r#"const LIMIT = 3;
LIMIT = 4;"#,
        r#"
error: `LIMIT` is a constant and cannot be assigned to
 --> hello.rhai:2:1
  |
1 | const LIMIT = 3;
  |       ----- declared as a constant here
2 | LIMIT = 4;
  | ^^^^^
help: declare it with `let LIMIT`
"#,
    );
}

#[test]
fn function_in_a_function() {
    reports(
        r#"fn f() {
  fn g(a) { a }
}"#,
        r#"
error: `fn` stands at the top level only, not inside of a block or function
 --> hello.rhai:2:3
  |
2 |   fn g(a) { a }
  |   ^^
help: write `let g = |a| { ... };` and call it with `g.call(...)`
"#,
    );
}

#[test]
fn reserved_word() {
    reports(
        r#"let match = 1;"#,
        r#"
error: `match` is a reserved word and cannot be a name here
 --> hello.rhai:1:5
  |
1 | let match = 1;
  |     ^^^^^
help: choose another name, `match_` for example
"#,
    );
}

#[test]
fn break_outside_of_a_loop() {
    reports(
        r#"break;"#,
        r#"
error: `break` stands in no loop
 --> hello.rhai:1:1
  |
1 | break;
  | ^^^^^
help: write `return` to leave a function or closure
"#,
    );
}

#[test]
fn assignment_as_condition() {
    reports(
        r#"if x = 1 { }"#,
        r#"
error: values are compared with `==`; `=` assigns
 --> hello.rhai:1:6
  |
1 | if x = 1 { }
  |      ^
help: write `x == 1`
"#,
    );
}

#[test]
fn duplicate_function() {
    reports(
        r#"fn f(a) { }
fn f(b) { }"#,
        r#"
error: `fn f` with 1 parameter is declared twice
 --> hello.rhai:2:1
  |
1 | fn f(a) { }
  |    - declared first here
2 | fn f(b) { }
  | ^^
"#,
    );
}

#[test]
fn place_after_wide_characters() {
    reports(
        r#"let größe = 1;"#,
        r#"
error: `ö` cannot be part of a name
 --> hello.rhai:1:7
  |
1 | let größe = 1;
  |       ^^^
help: names take the letters a to z, digits and `_`
"#,
    );
}
