//! Values that an operation cannot take.

use crate::reports;

#[test]
fn division_by_zero() {
    reports(
        r#"let n = 0;
print(5 / n);"#,
        r#"
error: division by zero: `5 / 0`
 --> hello.rhai:2:9
  |
2 | print(5 / n);
  |         ^
help: check it first: `if n != 0 { ... }`
"#,
    );
}

#[test]
fn overflow() {
    reports(
        r#"let x = 9223372036854775807;
x += 1;"#,
        r#"
error: `9223372036854775807 + 1` is too large for an integer
 --> hello.rhai:2:3
  |
2 | x += 1;
  |   ^^
note: integers reach from -9223372036854775808 to 9223372036854775807
help: compute with floats: write `1.0` for `1`, `x.to_float()` for `x`
"#,
    );
}

#[test]
fn condition_nothing() {
    reports(
        r#"let err = ();
if err { print(err); }"#,
        r#"
error: a condition must be `true` or `false` but got nothing
 --> hello.rhai:2:4
  |
2 | if err { print(err); }
  |    ^^^
help: write `if err != () { ... }`
"#,
    );
}

#[test]
fn condition_integer() {
    reports(
        r#"let list = [1];
while (list.len()) { list.pop(); }"#,
        r#"
error: a condition must be `true` or `false` but got integer
 --> hello.rhai:2:7
  |
2 | while (list.len()) { list.pop(); }
  |       ^^^^^^^^^^^^
help: write `while list.len() != 0 { ... }`
"#,
    );
}

#[test]
fn condition_operand() {
    reports(
        r#"let name = "a";
let x = true && name;"#,
        r#"
error: `&&` takes `true` or `false` on both sides but got text
 --> hello.rhai:2:17
  |
2 | let x = true && name;
  |                 ^^^^
help: write `name != ""`
"#,
    );
}

#[test]
fn default_with_or() {
    reports(
        r#"let o = #{};
let port = o.port || o.other;"#,
        r#"
error: `||` takes `true` or `false` on both sides but got nothing
 --> hello.rhai:2:12
  |
2 | let port = o.port || o.other;
  |            ^^^^^^
help: for a value that may be missing write `o.port ?? o.other`
"#,
    );
}

#[test]
fn closure_in_a_parameter() {
    reports(
        r#"fn each(list, f) {
  for x in list { f(x, 1); }
}
each([1], |x| x);"#,
        r#"
error: there is no function `f`
 --> hello.rhai:2:19
  |
2 |   for x in list { f(x, 1); }
  |                   ^
note: `f` is a variable here
note: called from the top level at hello.rhai:4:1
help: if it holds a closure, call it with `f.call(x, 1)`
"#,
    );
}

#[test]
fn closure_with_too_many_arguments() {
    reports(
        r#"let f = |x| x;
f.call(1, 2);"#,
        r#"
error: `f` takes (x) but got (integer, integer)
 --> hello.rhai:2:3
  |
1 | let f = |x| x;
  |     - declared here
2 | f.call(1, 2);
  |   ^^^^
"#,
    );
}

#[test]
fn function_with_too_few_arguments() {
    reports(
        r#"fn add(a, b) { a + b }
add(1);"#,
        r#"
error: `add` takes (a, b) but got (integer)
 --> hello.rhai:2:1
  |
1 | fn add(a, b) { a + b }
  |    --- declared here
2 | add(1);
  | ^^^
"#,
    );
}

#[test]
fn data_race() {
    reports(
        r#"let list = [1, 2];
list.for_each(|x| list.push(x));"#,
        r#"
error: `for_each` cannot run while its callback uses the same value
 --> hello.rhai:2:6
  |
2 | list.for_each(|x| list.push(x));
  |      ^^^^^^^^
help: write `for x in list { ... }`
"#,
    );
}

#[test]
fn endless_recursion() {
    reports(
        r#"fn f() { f() }
f();"#,
        r#"
error: too many calls inside of each other
 --> hello.rhai:2:1
  |
2 | f();
  | ^
help: a function that calls itself needs a condition under which it stops
help: where it has one, allow more with `--max-call-depth`
"#,
    );
}

#[test]
fn endless_loop() {
    reports(
        r#"loop { }"#,
        r#"
error: the script runs for too many operations
 --> hello.rhai:1:6
  |
1 | loop { }
  |      ^
help: a loop needs a condition under which it ends, or a `break`
"#,
    );
}

#[test]
fn text_minus_integer() {
    reports(
        r#"let t = "5";
print(t - 1);"#,
        r#"
error: `-` does not take (text, integer)
 --> hello.rhai:2:9
  |
2 | print(t - 1);
  |         ^
help: make a number of the text first: `parse_float(t)`
"#,
    );
}

#[test]
fn plus_nothing() {
    reports(
        r#"let o = #{};
print(o.count + 1);"#,
        r#"
error: `+` does not take (nothing, integer)
 --> hello.rhai:2:15
  |
2 | print(o.count + 1);
  |               ^
note: nothing, `()`, is the value of what was never set, or of a function that returns none
help: write `(o.count ?? 0) + 1`
"#,
    );
}

#[test]
fn index_out_of_bounds() {
    reports(
        r#"let a = [1, 2];
print(a[2]);"#,
        r#"
error: index 2 is out of bounds: the array has 2 elements
 --> hello.rhai:2:9
  |
2 | print(a[2]);
  |         ^
note: the first index is 0, the last 1
help: `a.get(2)` is `()` where there is no element
"#,
    );
}

#[test]
fn index_of_the_wrong_type() {
    reports(
        r#"let a = [1, 2];
print(a["x"]);"#,
        r#"
error: the index of an array must be an integer but got text
 --> hello.rhai:2:9
  |
2 | print(a["x"]);
  |         ^^^
"#,
    );
}

#[test]
fn index_of_nothing() {
    reports(
        r#"let a = ();
a[0];"#,
        r#"
error: `a` is nothing, `()`, and has no index
 --> hello.rhai:2:2
  |
2 | a[0];
  |  ^
help: check it first: `if a != () { ... }`
"#,
    );
}

#[test]
fn for_over_a_number() {
    reports(
        r#"let n = 5;
for i in n { }"#,
        r#"
error: `for` runs over an array, a range, text or the keys of a map
 --> hello.rhai:2:10
  |
2 | for i in n { }
  |          ^
help: write `for x in list { ... }`, `for i in 0..10 { ... }` or `for key in map.keys() { ... }`
"#,
    );
}

#[test]
fn changed_constant() {
    reports(
        r#"const LIST = [1];
LIST.push(2);"#,
        r#"
error: `LIST` is a constant and `push` may change it
 --> hello.rhai:2:6
  |
2 | LIST.push(2);
  |      ^^^^
help: declare it with `let LIST`
"#,
    );
}

#[test]
fn assigned_constant_property() {
    reports(
        r#"const OPTIONS = #{ a: 1 };
OPTIONS.a = 2;"#,
        r#"
error: `OPTIONS` is a constant and cannot be assigned to
 --> hello.rhai:2:1
  |
1 | const OPTIONS = #{ a: 1 };
  |       ------- declared as a constant here
2 | OPTIONS.a = 2;
  | ^^^^^^^
help: declare it with `let OPTIONS`
"#,
    );
}

#[test]
fn not_of_a_value() {
    reports(
        r#"let err = "x";
if !err { }"#,
        r#"
error: `!` takes `true` or `false` but got text
 --> hello.rhai:2:4
  |
2 | if !err { }
  |    ^
help: write `err == ()`
"#,
    );
}

#[test]
fn eval() {
    reports(
        r#"fn f() {
  eval("1 + missing");
}
f();"#,
        r#"
error: there is no variable `missing`
 --> hello.rhai:2:8
  |
2 |   eval("1 + missing");
  |        ^^^^^^^^^^^^^
note: in the text that was given to `eval`, line 1, column 5
note: called from the top level at hello.rhai:4:1
help: declare it first: `let missing = ...;`
"#,
    );
}

#[test]
fn number_in_text() {
    reports(
        r#"parse_int("12x");"#,
        r#"
error: `12x` is not an integer
 --> hello.rhai:1:1
  |
1 | parse_int("12x");
  | ^^^^^^^^^
"#,
    );
}

#[test]
fn this_without_a_value() {
    reports(
        r#"fn f() { this.x }
f();"#,
        r#"
error: `this` has no value here
 --> hello.rhai:1:10
  |
1 | fn f() { this.x }
  |          ^^^^
note: it is the value that a function is called on: `x.f()`
note: called from the top level at hello.rhai:2:1
"#,
    );
}
