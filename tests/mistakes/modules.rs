//! Mistakes in and around `import`.

use crate::{expected, mistake, reports};

#[test]
fn missing() {
    reports(
        r#"import "lib/nothing" as nothing;"#,
        r#"
error: module `lib/nothing` not found, tried `lib/nothing.rhai`, `lib/nothing`
 --> main.rhai:1:8
  |
1 | import "lib/nothing" as nothing;
  |        ^^^^^^^^^^^^^
"#,
    );
}

#[test]
fn misspelled() {
    mistake(r#"import "hlpers" as helpers;"#)
        .file("helpers.rhai", "fn run() { }\n")
        .stderr(expected(
            r#"
error: module `hlpers` not found, tried `hlpers.rhai`, `hlpers`
 --> main.rhai:1:8
  |
1 | import "hlpers" as helpers;
  |        ^^^^^^^^
help: did you mean `import "helpers"`?
"#,
        ))
        .run();
}

#[test]
fn host_object() {
    reports(
        r#"import "mqtt" as mqtt;"#,
        r#"
error: module `mqtt` not found, tried `mqtt.rhai`, `mqtt`
 --> main.rhai:1:8
  |
1 | import "mqtt" as mqtt;
  |        ^^^^^^
help: a host object needs no import; write `let mqtt = require("mqtt");`
"#,
    );
}

#[test]
fn that_does_not_compile() {
    mistake(r#"import "helpers" as helpers;"#)
        .file("helpers.rhai", "fn run() {\n  var count = 0;\n}\n")
        .stderr(expected(
            r#"
error: variables are declared with `let`, not `var`
 --> helpers.rhai:2:3
  |
2 |   var count = 0;
  |   ^^^
note: imported at main.rhai:1:8
help: write `let count`
"#,
        ))
        .run();
}

#[test]
fn that_fails() {
    mistake(r#"import "helpers" as helpers;"#)
        .file(
            "helpers.rhai",
            r#"let limit = 5;
throw "no limit";
"#,
        )
        .stderr(expected(
            r#"
error: no limit
 --> helpers.rhai:2:1
  |
2 | throw "no limit";
  | ^^^^^
note: imported at main.rhai:1:8
"#,
        ))
        .run();
}

#[test]
fn function_that_fails() {
    mistake(
        r#"import "helpers" as helpers;
helpers::run(5);"#,
    )
    .file("helpers.rhai", "fn run(x) { x.start(); }\n")
    .stderr(expected(
        r#"
error: `x` is an integer and has no method `start`
 --> helpers.rhai:1:15
  |
1 | fn run(x) { x.start(); }
  |               ^^^^^
note: called from the top level at main.rhai:2:10
"#,
    ))
    .run();
}

#[test]
fn function_it_does_not_have() {
    mistake(
        r#"import "helpers" as helpers;
helpers::rum(5);"#,
    )
    .file("helpers.rhai", "fn run(x) { x }\n")
    .stderr(expected(
        r#"
error: module `helpers` has no function `rum`
 --> main.rhai:2:10
  |
2 | helpers::rum(5);
  |          ^^^
help: did you mean `helpers::run`?
"#,
    ))
    .run();
}

#[test]
fn function_with_other_arguments() {
    mistake(
        r#"import "helpers" as helpers;
helpers::run(1, 2);"#,
    )
    .file("helpers.rhai", "fn run(x) { x }\n")
    .stderr(expected(
        r#"
error: `helpers::run` takes (x) but got (integer, integer)
 --> main.rhai:2:10
  |
2 | helpers::run(1, 2);
  |          ^^^
"#,
    ))
    .run();
}

#[test]
fn callback_handed_to_it() {
    mistake(
        r#"import "helpers" as helpers;
helpers::later(|| { throw "no answer"; });"#,
    )
    .file("helpers.rhai", "fn later(f) { set_timeout(f, 1); }\n")
    .stderr(expected(
        r#"
error: no answer
 --> main.rhai:2:21
  |
2 | helpers::later(|| { throw "no answer"; });
  |                     ^^^^^
note: in the timeout set at helpers.rhai:1:15
"#,
    ))
    .run();
}

#[test]
fn that_import_each_other() {
    mistake(r#"import "a" as a;"#)
        .file(
            "a.rhai",
            r#"import "b" as b;
"#,
        )
        .file(
            "b.rhai",
            r#"import "a" as a;
"#,
        )
        .stderr(expected(
            r#"
error: modules import each other: a.rhai -> b.rhai -> a.rhai
 --> b.rhai:1:8
  |
1 | import "a" as a;
  |        ^^^
note: imported at a.rhai:1:8
note: imported at main.rhai:1:8
"#,
        ))
        .run();
}

#[test]
fn closure_that_a_module_calls() {
    mistake("import \"helpers\" as helpers;\nlet k = 1;\nhelpers::run(|x| k.nothing(x));")
        .file("helpers.rhai", "// Calls what it is given.\n\n\nfn run(f) { f.call(1) }\n")
        .stderr(expected(
            r#"
error: `k` is an integer and has no method `nothing`
 --> main.rhai:3:20
  |
3 | helpers::run(|x| k.nothing(x));
  |                    ^^^^^^^
note: called from `run` at helpers.rhai:4:15
note: called from the top level at main.rhai:3:10
"#,
        ))
        .run();
}
