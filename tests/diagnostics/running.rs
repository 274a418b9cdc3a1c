//! Scripts that fail while they run.

use crate::reports;

#[test]
fn misspelled_method() {
    reports(
        r#"let client = client();
client.subscibe("sensors/#");"#,
        r#"
error: `Client` has no method `subscibe`
 --> hello.rhai:2:8
  |
2 | client.subscibe("sensors/#");
  |        ^^^^^^^^
help: did you mean `subscribe`?
"#,
    );
}

#[test]
fn swapped_arguments() {
    reports(
        r#"


setTimeout(500, || print("tick"));"#,
        r#"
error: `setTimeout` takes (callback, delay) but got (integer, function)
 --> hello.rhai:4:1
  |
4 | setTimeout(500, || print("tick"));
  | ^^^^^^^^^^
help: swap them: `setTimeout(|| print("tick"), 500)`
"#,
    );
}

#[test]
fn swapped_arguments_of_a_method_stay() {
    reports(
        r#"let c = client();
c.subscribe(1, "a");"#,
        r#"
error: `subscribe` takes (topic[, options][, callback]) but got (integer, text)
 --> hello.rhai:2:3
  |
2 | c.subscribe(1, "a");
  |   ^^^^^^^^^
"#,
    );
}

#[test]
fn missing_argument() {
    reports(
        r#"set_timeout(|| 1);"#,
        r#"
error: `set_timeout` takes (callback, delay) but got (function)
 --> hello.rhai:1:1
  |
1 | set_timeout(|| 1);
  | ^^^^^^^^^^^
"#,
    );
}

#[test]
fn misspelled_function() {
    reports(
        r#"set_timout(|| 1, 5);"#,
        r#"
error: there is no function `set_timout`
 --> hello.rhai:1:1
  |
1 | set_timout(|| 1, 5);
  | ^^^^^^^^^^
help: did you mean `set_timeout`?
"#,
    );
}

#[test]
fn function_of_javascript() {
    reports(
        r#"parseInt("5");"#,
        r#"
error: there is no function `parseInt`
 --> hello.rhai:1:1
  |
1 | parseInt("5");
  | ^^^^^^^^
help: did you mean `parse_int`?
"#,
    );
}

#[test]
fn payload_as_an_object() {
    reports(
        r#"let payload = blob(4, 0);
  print(payload.temp);"#,
        r#"
error: `payload` is bytes and has no property `temp`
 --> hello.rhai:2:17
  |
2 |   print(payload.temp);
  |                 ^^^^
help: decode it first: `let data = JSON.parse(payload);`
"#,
    );
}

#[test]
fn misspelled_property() {
    reports(
        r#"let c = client();
print(c.conected);"#,
        r#"
error: `Client` has no property `conected`
 --> hello.rhai:2:9
  |
2 | print(c.conected);
  |         ^^^^^^^^
help: did you mean `connected`?
"#,
    );
}

#[test]
fn function_read_as_a_property() {
    reports(
        r#"let c = client();
c.end;"#,
        r#"
error: `end` of `Client` is a function
 --> hello.rhai:2:3
  |
2 | c.end;
  |   ^^^
help: call it: `c.end()`
"#,
    );
}

#[test]
fn read_only_property() {
    reports(
        r#"let c = client();
c.connected = false;"#,
        r#"
error: `connected` of `Client` cannot be set to a bool
 --> hello.rhai:2:3
  |
2 | c.connected = false;
  |   ^^^^^^^^^
"#,
    );
}

#[test]
fn property_of_nothing() {
    reports(
        r#"let packet = #{};
print(packet.properties.topicAlias);"#,
        r#"
error: `packet.properties` is nothing, `()`, and has no property `topicAlias`
 --> hello.rhai:2:25
  |
2 | print(packet.properties.topicAlias);
  |                         ^^^^^^^^^^
help: check it first: `if packet.properties != () { ... }`
"#,
    );
}

#[test]
fn method_of_javascript() {
    reports(
        r#"print("abc".toUpperCase());"#,
        r#"
error: `"abc"` is text and has no method `toUpperCase`
 --> hello.rhai:1:13
  |
1 | print("abc".toUpperCase());
  |             ^^^^^^^^^^^
help: did you mean `to_upper`?
"#,
    );
}

#[test]
fn misspelled_variable() {
    reports(
        r#"let counter = 0;
countre += 1;"#,
        r#"
error: there is no variable `countre`
 --> hello.rhai:2:1
  |
2 | countre += 1;
  | ^^^^^^^
help: did you mean `counter`?
"#,
    );
}

#[test]
fn misspelled_object() {
    reports(
        r#"consol.log("x");"#,
        r#"
error: there is no variable `consol`
 --> hello.rhai:1:1
  |
1 | consol.log("x");
  | ^^^^^^
help: did you mean `console`?
"#,
    );
}

#[test]
fn variable_of_another_block() {
    reports(
        r#"fn f() { let inner = 1; }
print(inner);"#,
        r#"
error: there is no variable `inner`
 --> hello.rhai:2:7
  |
1 | fn f() { let inner = 1; }
  |              ----- visible only inside of this block or function
2 | print(inner);
  |       ^^^^^
help: declare it at the top level to use it everywhere: `let inner;`
"#,
    );
}

#[test]
fn unknown_variable() {
    reports(
        r#"print(nothing_like_it);"#,
        r#"
error: there is no variable `nothing_like_it`
 --> hello.rhai:1:7
  |
1 | print(nothing_like_it);
  |       ^^^^^^^^^^^^^^^
help: declare it first: `let nothing_like_it = ...;`
"#,
    );
}

#[test]
fn undefined() {
    reports(
        r#"if x() == undefined { }
fn x() { 1 }"#,
        r#"
error: a missing value is written `()`, not `undefined`
 --> hello.rhai:1:11
  |
1 | if x() == undefined { }
  |           ^^^^^^^^^
help: write `()`
"#,
    );
}

#[test]
fn thrown_text() {
    reports(
        r#"fn check(x) {
  if x > 1 { throw "too many"; }
}
check(2);"#,
        r#"
error: too many
 --> hello.rhai:2:14
  |
2 |   if x > 1 { throw "too many"; }
  |              ^^^^^
note: called from the top level at hello.rhai:4:1
"#,
    );
}

#[test]
fn thrown_map() {
    reports(
        r#"throw #{ message: "no answer", code: 5 };"#,
        r#"
error: no answer
 --> hello.rhai:1:1
  |
1 | throw #{ message: "no answer", code: 5 };
  | ^^^^^
note: thrown with code: 5
"#,
    );
}

#[test]
fn thrown_nothing() {
    reports(
        r#"throw;"#,
        r#"
error: `throw` without a value
 --> hello.rhai:1:1
  |
1 | throw;
  | ^^^^^
help: throw a text that says why: `throw "no answer"`
"#,
    );
}

#[test]
fn host_error() {
    reports(
        r#"let client = client();
client.subscribe("sensors/#/temp");"#,
        r#"
error: `sensors/#/temp` is not a topic filter: `#` may only be the last level
 --> hello.rhai:2:8
  |
2 | client.subscribe("sensors/#/temp");
  |        ^^^^^^^^^
note: nothing was sent
help: `sensors/#` matches everything below `sensors`
"#,
    );
}

#[test]
fn call_chain() {
    reports(
        r#"fn publish(topic) {
  send(topic);
}
fn send(topic) { topic.size(1) }
let f = || publish("a");
f.call();"#,
        r#"
error: `topic` is text and has no method `size`
 --> hello.rhai:4:24
  |
4 | fn send(topic) { topic.size(1) }
  |                        ^^^^
note: called from `publish` at hello.rhai:2:3
note: called from a closure at hello.rhai:5:12
note: called from the top level at hello.rhai:6:3
help: did you mean `len`?
"#,
    );
}

#[test]
fn error_in_a_module() {
    reports(
        r#"import "half" as half;
half::half(4);"#,
        r#"
error: division by zero: `4 / 0`
 --> lib/half.rhai:4:21
  |
4 | fn divide(a, b) { a / b }
  |                     ^
note: called from `half` at lib/half.rhai:2:3
note: called from the top level at hello.rhai:2:7
help: check it first: `if b != 0 { ... }`
"#,
    );
}

#[test]
fn missing_module() {
    reports(
        r#"import "nowhere" as n;"#,
        r#"
error: there is no module `nowhere`
 --> hello.rhai:1:8
  |
1 | import "nowhere" as n;
  |        ^^^^^^^^^
"#,
    );
}

#[test]
fn module_syntax_for_an_object() {
    reports(
        r#"mqtt::connect("a");"#,
        r#"
error: `mqtt` is not an imported module
 --> hello.rhai:1:1
  |
1 | mqtt::connect("a");
  | ^^^^
help: write `mqtt.connect`
"#,
    );
}

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
