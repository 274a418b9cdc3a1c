//! `fs` and what `statSync` returns.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "fs",
        "readFileSync",
        (1, 2),
        "path[, \"utf8\" or #{encoding}]",
        "The content as a Buffer, or as text if an encoding is given.",
    )
    .example(
        r#"
fs.writeFileSync("rooms.json", "{\"kitchen\": 21}");
console.log(fs.readFileSync("rooms.json")); //=> <Buffer 7b 22 6b 69 74 63 68 65 6e 22 3a 20 32 31 7d>
console.log(JSON.parse(fs.readFileSync("rooms.json", "utf8")).kitchen); //=> 21
"#,
    ),
    Entry::function(
        "fs",
        "writeFileSync",
        (2, 3),
        "path, data[, encoding or #{encoding, flag}]",
        "Writes text or bytes, replacing what was there; `flag: \"a\"` adds at the end, `flag: \"wx\"` wants \
         no such file to be there.",
    )
    .example(
        r#"
fs.writeFileSync("state.txt", "on");
fs.writeFileSync("state.txt", Buffer.from("off"));
console.log(fs.readFileSync("state.txt", "utf8")); //=> off
"#,
    ),
    Entry::function(
        "fs",
        "appendFileSync",
        (2, 3),
        "path, data[, encoding]",
        "Adds text or bytes at the end; makes the file if need be.",
    )
    .example(
        r#"
for degrees in [21, 22] { fs.appendFileSync("log.csv", `kitchen,${degrees}` + "\n"); }
console.log(fs.readFileSync("log.csv", "utf8").split("\n").length); //=> 3
"#,
    ),
    Entry::function("fs", "existsSync", (1, 1), "path", "Whether there is such a file or directory.").example(
        r#"
console.log(fs.existsSync("rooms.json"), fs.existsSync(".")); //=> false true
"#,
    ),
    Entry::function(
        "fs",
        "readdirSync",
        (0, 1),
        "[path]",
        "The names in a directory, the current one if left out; sorted.",
    )
    .example(
        r#"
fs.mkdirSync("data");
fs.writeFileSync("data/b.csv", "");
fs.writeFileSync("data/a.csv", "");
console.log(fs.readdirSync("data")); //=> [ 'a.csv', 'b.csv' ]
"#,
    ),
    Entry::function(
        "fs",
        "mkdirSync",
        (1, 2),
        "path[, #{recursive}]",
        "Makes a directory; if `recursive` is true also its parents, and it may be there already.",
    )
    .example(
        r#"
fs.mkdirSync("data/2026/01", #{recursive: true});
console.log(fs.existsSync("data/2026/01")); //=> true
"#,
    ),
    Entry::function("fs", "unlinkSync", (1, 1), "path", "Removes a file.").example(
        r#"
fs.writeFileSync("old.log", "");
fs.unlinkSync("old.log");
console.log(fs.existsSync("old.log")); //=> false
"#,
    ),
    Entry::function(
        "fs",
        "rmSync",
        (1, 2),
        "path[, #{recursive, force}]",
        "Removes a file, or a directory if `recursive`; `force` forgives what is not there.",
    )
    .example(
        r#"
fs.mkdirSync("data");
fs.writeFileSync("data/a.csv", "");
fs.rmSync("data", #{recursive: true, force: true});
console.log(fs.existsSync("data")); //=> false
"#,
    ),
    Entry::function(
        "fs",
        "rmdirSync",
        (1, 2),
        "path[, #{recursive}]",
        "Removes an empty directory; with its contents if `recursive`.",
    )
    .example(
        r#"
fs.mkdirSync("data");
fs.rmdirSync("data");
console.log(fs.existsSync("data")); //=> false
"#,
    ),
    Entry::function(
        "fs",
        "statSync",
        (1, 1),
        "path",
        "What the system knows about a file or directory, a [`Stats`](#Stats).",
    )
    .example(
        r#"
fs.writeFileSync("log.csv", "kitchen,21");
console.log(fs.statSync("log.csv").size); //=> 10
"#,
    ),
    Entry::property("Stats", "size", "How many bytes.").example(
        r#"
fs.writeFileSync("log.csv", "kitchen,21");
if fs.statSync("log.csv").size > 8 { fs.renameSync("log.csv", "log.old.csv"); }
console.log(fs.existsSync("log.csv")); //=> false
"#,
    ),
    Entry::property("Stats", "mode", "Type and permissions as the system has them.").example(
        r#"
fs.writeFileSync("log.csv", "");
console.log((fs.statSync("log.csv").mode & 0o400) != 0); //=> true
"#,
    ),
    Entry::property("Stats", "mtimeMs", "When it was last changed, in milliseconds since 1970.").example(
        r#"
fs.writeFileSync("log.csv", "");
let age = Date.now() - fs.statSync("log.csv").mtimeMs;
console.log(age < 60000); //=> true
"#,
    ),
    Entry::function("Stats", "isFile", (0, 0), "", "Whether it is a file.").example(
        r#"
console.log(fs.statSync(".").isFile()); //=> false
"#,
    ),
    Entry::function("Stats", "isDirectory", (0, 0), "", "Whether it is a directory.").example(
        r#"
console.log(fs.statSync(".").isDirectory()); //=> true
"#,
    ),
    Entry::function(
        "fs",
        "renameSync",
        (2, 2),
        "from, to",
        "Renames or moves a file or directory; what was at `to` is replaced.",
    )
    .example(
        r#"
fs.writeFileSync("state.new", "on");
fs.renameSync("state.new", "state.txt"); // never half written
console.log(fs.readFileSync("state.txt", "utf8")); //=> on
"#,
    ),
    Entry::function("fs", "copyFileSync", (2, 2), "from, to", "Copies a file; what was at `to` is replaced.").example(
        r#"
fs.writeFileSync("rooms.json", "{}");
fs.copyFileSync("rooms.json", "rooms.bak");
console.log(fs.readFileSync("rooms.bak", "utf8")); //=> {}
"#,
    ),
];
