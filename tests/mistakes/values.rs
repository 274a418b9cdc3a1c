//! Values that do not fit: arithmetic, indexes, what was thrown, how deep it went.

use crate::{goes_on, reports};

#[test]
fn nothing_added() {
    reports(
        r#"let data = #{};
print(data.count + 1);"#,
        r#"
error: `+` does not take (nothing, integer)
 --> main.rhai:2:18
  |
2 | print(data.count + 1);
  |                  ^
note: nothing, `()`, is the value of what was never set, or of a function that returns none
help: write `(data.count ?? 0) + 1`
"#,
    );
}

#[test]
fn text_multiplied() {
    reports(
        r#"let count = "5";
print(count * 2);"#,
        r#"
error: `*` does not take (text, integer)
 --> main.rhai:2:13
  |
2 | print(count * 2);
  |             ^
help: make a number of the text first: `parse_float(count)`
"#,
    );
}

#[test]
fn payload_multiplied() {
    reports(
        r#"let payload = Buffer.from("5");
print(payload * 2);"#,
        r#"
error: `*` does not take (Buffer, integer)
 --> main.rhai:2:15
  |
2 | print(payload * 2);
  |               ^
help: make a number of the bytes first: `Number(payload)`
"#,
    );
}

#[test]
fn division_by_zero() {
    reports(
        r#"let count = 0;
print(10 / count);"#,
        r#"
error: division by zero: `10 / 0`
 --> main.rhai:2:10
  |
2 | print(10 / count);
  |          ^
help: check it first: `if count != 0 { ... }`
"#,
    );
}

#[test]
fn index_out_of_bounds() {
    reports(
        r#"let topics = ["a"];
print(topics[3]);"#,
        r#"
error: index 3 is out of bounds: the array has 1 element
 --> main.rhai:2:14
  |
2 | print(topics[3]);
  |              ^
help: `topics.get(3)` is `()` where there is no element
"#,
    );
}

#[test]
fn text_thrown() {
    reports(
        r#"throw "no answer";"#,
        r#"
error: no answer
 --> main.rhai:1:1
  |
1 | throw "no answer";
  | ^^^^^
"#,
    );
}

#[test]
fn map_thrown() {
    reports(
        r#"throw #{ code: 5, reason: "no answer" };"#,
        r#"
error: a map was thrown
 --> main.rhai:1:1
  |
1 | throw #{ code: 5, reason: "no answer" };
  | ^^^^^
note: thrown with code: 5, reason: "no answer"
"#,
    );
}

#[test]
fn map_with_a_message_thrown() {
    reports(
        r#"throw #{ message: "no answer", code: 5 };"#,
        r#"
error: no answer
 --> main.rhai:1:1
  |
1 | throw #{ message: "no answer", code: 5 };
  | ^^^^^
note: thrown with code: 5
"#,
    );
}

#[test]
fn error_thrown() {
    reports(
        r#"throw Error("no answer");"#,
        r#"
error: no answer
 --> main.rhai:1:1
  |
1 | throw Error("no answer");
  | ^^^^^
"#,
    );
}

#[test]
fn nothing_thrown() {
    reports(
        r#"throw;"#,
        r#"
error: `throw` without a value
 --> main.rhai:1:1
  |
1 | throw;
  | ^^^^^
help: throw a text that says why: `throw "no answer"`
"#,
    );
}

#[test]
fn thrown_far_down() {
    reports(
        r#"fn start() { connect(); }
fn connect() { subscribe(); }
fn subscribe() { throw "no answer"; }
start();"#,
        r#"
error: no answer
 --> main.rhai:3:18
  |
3 | fn subscribe() { throw "no answer"; }
  |                  ^^^^^
note: called from `connect` at main.rhai:2:16
note: called from `start` at main.rhai:1:14
note: called from the top level at main.rhai:4:1
"#,
    );
}

#[test]
fn caught_and_thrown_again() {
    reports(
        r#"try {
  publish("topic");
} catch (err) {
  throw err;
}"#,
        r#"
error: there is no function `publish` that takes (text)
 --> main.rhai:4:3
  |
4 |   throw err;
  |   ^^^^^
note: caught and thrown again; it first happened at main.rhai:2:3
"#,
    );
}

#[test]
fn list_changed_by_its_own_callback() {
    reports(
        r#"let counts = [3, 1, 2];
counts.retain(|x| counts.len() > x);"#,
        r#"
error: `retain` cannot run while its callback uses the same value
 --> main.rhai:2:8
  |
2 | counts.retain(|x| counts.len() > x);
  |        ^^^^^^
help: write `for x in counts { ... }`
"#,
    );
}

#[test]
fn list_used_by_what_its_callback_calls() {
    reports(
        r#"let counts = [3, 1, 2];
fn more(x) { counts.len() > x }
counts.retain(|x| more(x));"#,
        r#"
error: `counts` cannot be used while a method of it runs
 --> main.rhai:2:14
  |
2 | fn more(x) { counts.len() > x }
  |              ^^^^^^
note: called from a closure at main.rhai:3:19
note: called from the top level at main.rhai:3:8
help: copy it before that call: `let copy = counts;`
"#,
    );
}

#[test]
fn endless_recursion() {
    reports(
        r#"fn again(count) { again(count + 1) }
again(0);"#,
        r#"
error: too many calls inside of each other
 --> main.rhai:2:1
  |
2 | again(0);
  | ^^^^^
help: a function that calls itself needs a condition under which it stops
help: where it has one, allow more with `--max-call-depth`
"#,
    );
}

#[test]
fn json_that_is_none() {
    reports(
        r#"let data = JSON.parse("{temp: 21}");"#,
        r#"
error: Expected property name or '}' in JSON at position 1
 --> main.rhai:1:17
  |
1 | let data = JSON.parse("{temp: 21}");
  |                 ^^^^^
"#,
    );
}

#[test]
fn file_that_is_missing() {
    reports(
        r#"let text = fs.readFileSync("settings.json", "utf8");"#,
        r#"
error: ENOENT: no such file or directory, open 'settings.json'
 --> main.rhai:1:15
  |
1 | let text = fs.readFileSync("settings.json", "utf8");
  |               ^^^^^^^^^^^^
"#,
    );
}

#[test]
fn index_out_of_bounds_on_the_left() {
    reports(
        r#"let topics = ["a"];
topics[1] = "b";"#,
        r#"
error: index 1 is out of bounds: the array has 1 element
 --> main.rhai:2:8
  |
2 | topics[1] = "b";
  |        ^
"#,
    );
}

#[test]
fn number_as_the_key_of_a_map() {
    reports(
        r#"let pending = #{};
let id = 7;
print(pending[id]);"#,
        r#"
error: the index of a map must be text but got an integer
 --> main.rhai:3:15
  |
3 | print(pending[id]);
  |               ^^
help: write `pending[String(id)]`
"#,
    );
    reports(
        r#"let pending = #{};
pending[7] = "x";"#,
        r#"
error: the index of a map must be text but got an integer
 --> main.rhai:2:9
  |
2 | pending[7] = "x";
  |         ^
help: write `pending["7"]`
"#,
    );
}

#[test]
fn default_for_an_argument_that_may_be_missing() {
    reports(
        r#"let topic = process.argv[2] || "chat";"#,
        r#"
error: `||` takes `true` or `false` on both sides
 --> main.rhai:1:29
  |
1 | let topic = process.argv[2] || "chat";
  |                             ^^
help: for a value that may be missing write `process.argv.get(2) ?? "chat"`
"#,
    );
    reports(
        r#"let topic = process.argv[2] ?? "chat";"#,
        r#"
error: index 2 is out of bounds: the array has 2 elements
 --> main.rhai:1:26
  |
1 | let topic = process.argv[2] ?? "chat";
  |                          ^
note: the first index is 0, the last 1
help: `process.argv.get(2)` is `()` where there is no element
"#,
    );
    goes_on(r#"console.log(process.argv.get(2) ?? "chat");"#, "chat\n", "");
}

#[test]
fn escape_in_backticks() {
    goes_on(
        r#"let line = `é ${`a`} ${"\n" + `b\tc`}\n`;
console.log(line.length);"#,
        "11\n",
        r#"
warning: `\t` in backticks is a backslash and the letter `t`
 --> main.rhai:1:33
  |
1 | let line = `é ${`a`} ${"\n" + `b\tc`}\n`;
  |                                 ^^
help: write `${"\t"}`, or the text in double quotes
"#,
    );
    goes_on(
        r#"console.log(`a
 ${1}\n`);"#,
        "a\n 1\\n\n",
        r#"
warning: `\n` in backticks is a backslash and the letter `n`
 --> main.rhai:2:6
  |
2 |  ${1}\n`);
  |      ^^
help: write `${"\n"}`, or the text in double quotes
"#,
    );
    goes_on(r#"console.log(`a${"\t"}b \\n \d`);"#, "a\tb \\\\n \\d\n", "");
}

#[test]
fn negative_power() {
    reports(
        r#"console.log(10 ** -1);"#,
        r#"
error: an integer has no negative power: `10 ** -1`
 --> main.rhai:1:16
  |
1 | console.log(10 ** -1);
  |                ^^
help: compute with floats: write `10.0` for `10`, `x.to_float()` for `x`
"#,
    );
}

#[test]
fn entry_counted_before_it_is_there() {
    reports(
        r#"let seen = #{};
seen["a"] += 1;"#,
        r#"
error: `+` does not take (nothing, integer)
 --> main.rhai:2:11
  |
2 | seen["a"] += 1;
  |           ^^
note: nothing, `()`, is the value of what was never set, or of a function that returns none
help: write `seen["a"] = (seen["a"] ?? 0) + 1`
"#,
    );
    reports(
        r#"let seen = #{};
seen.a = "x" + 2 * seen.b;"#,
        r#"
error: `*` does not take (integer, nothing)
 --> main.rhai:2:18
  |
2 | seen.a = "x" + 2 * seen.b;
  |                  ^
note: nothing, `()`, is the value of what was never set, or of a function that returns none
help: write `2 * (seen.b ?? 0)`
"#,
    );
}

#[test]
fn part_of_a_map_changed_by_its_own_callback() {
    reports(
        r#"let config = #{list: [1]};
config.list.for_each(|| { config.list.push(2); });"#,
        r#"
error: `for_each` cannot run while its callback uses the same value
 --> main.rhai:2:13
  |
2 | config.list.for_each(|| { config.list.push(2); });
  |             ^^^^^^^^
help: write `for x in config.list { ... }`
"#,
    );
}

#[test]
fn list_used_in_an_argument_of_what_its_callback_calls() {
    reports(
        r#"let counts = [3, 1, 2];
fn more(x) { counts.contains(counts.len()) }
counts.retain(|x| more(x));"#,
        r#"
error: `counts` cannot be used while a method of it runs
 --> main.rhai:2:30
  |
2 | fn more(x) { counts.contains(counts.len()) }
  |                              ^^^^^^
note: called from a closure at main.rhai:3:19
note: called from the top level at main.rhai:3:8
help: copy it before that call: `let copy = counts;`
"#,
    );
}
