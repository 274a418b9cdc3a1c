//! `Error` and its kinds.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "",
        "Error",
        (0, 1),
        "[message]",
        "Makes an error, to be thrown: `throw Error(\"text\")`. `new` is not needed.",
    )
    .example(
        r#"
fn check(degrees) {
    if degrees > 80 { throw Error(`${degrees} degrees is too hot`); }
}
try { check(90); } catch (error) { console.log(error.message); } //=> 90 degrees is too hot
"#,
    ),
    Entry::function(
        "",
        "TypeError",
        (1, 1),
        "message",
        "An error whose `name` is `TypeError`: a value of the wrong type.",
    )
    .example(
        r#"
let error = TypeError("a topic is text");
console.log(error.name + ": " + error.message); //=> TypeError: a topic is text
"#,
    ),
    Entry::function(
        "",
        "RangeError",
        (1, 1),
        "message",
        "An error whose `name` is `RangeError`: a value outside what is allowed.",
    )
    .example(
        r#"
let error = RangeError("QoS is 0, 1 or 2");
console.log(error.name + ": " + error.message); //=> RangeError: QoS is 0, 1 or 2
"#,
    ),
    Entry::function(
        "",
        "SyntaxError",
        (1, 1),
        "message",
        "An error whose `name` is `SyntaxError`: text that cannot be read, as `JSON.parse` throws it.",
    )
    .example(
        r#"
try { JSON.parse("{"); } catch (error) { console.log(error.name); } //=> SyntaxError
console.log(SyntaxError("line 3").name); //=> SyntaxError
"#,
    ),
    Entry::property("Error", "message", "What went wrong, without the name; assignable.").example(
        r#"
try { JSON.parse("21 degrees"); } catch (error) {
    error.message = "bad reading: " + error.message;
    console.log(error.message); //=> bad reading: Unexpected non-whitespace character after JSON at position 3
}
"#,
    ),
    Entry::property("Error", "name", "Which kind of error: `Error`, `TypeError`, `RangeError`, ...; assignable.")
        .example(
            r#"
let error = Error("no reading for an hour");
error.name = "SensorError";
console.log("" + error); //=> SensorError: no reading for an hour
"#,
        ),
    Entry::property(
        "Error",
        "code",
        "Node's code such as `ENOENT`, or an MQTT reason code; `()` if there is none. Assignable.",
    )
    .example(
        r#"
try { fs.readFileSync("rooms.json"); } catch (error) {
    if error.code == "ENOENT" { console.log("no rooms yet"); } //=> no rooms yet
}
"#,
    ),
    Entry::property(
        "Error",
        "stack",
        "The error as one text, `Error: message`. Places in the script are told when an error is not caught.",
    )
    .example(
        r#"
let error = Error("no reading");
console.log(error.stack); //=> Error: no reading
"#,
    ),
];
