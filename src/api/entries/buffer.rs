//! `Buffer`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "Buffer",
        "from",
        (1, 2),
        "value[, encoding]",
        "Bytes of a text (`utf8`, `hex`, `base64`, `base64url`, `latin1`, `ascii`, `utf16le`), an array of \
         numbers, a blob or a Buffer.",
    )
    .of_class()
    .example(
        r#"
console.log(Buffer.from("on"), Buffer.from([0x6f, 0x6e]), Buffer.from("6f6e", "hex"));
//=> <Buffer 6f 6e> <Buffer 6f 6e> <Buffer 6f 6e>
"#,
    ),
    Entry::function(
        "Buffer",
        "alloc",
        (1, 3),
        "size[, fill[, encoding]]",
        "`size` bytes, all 0 or repeating `fill`, a number, a text or a Buffer.",
    )
    .of_class()
    .example(
        r#"
console.log(Buffer.alloc(3), Buffer.alloc(5, "ab")); //=> <Buffer 00 00 00> <Buffer 61 62 61 62 61>
"#,
    ),
    Entry::function(
        "Buffer",
        "concat",
        (1, 2),
        "list[, length]",
        "One Buffer of all Buffers in an array, cut or filled up with 0 to `length` bytes.",
    )
    .of_class()
    .example(
        r#"
let head = Buffer.from([1, 2]);
console.log(Buffer.concat([head, Buffer.from("on")])); //=> <Buffer 01 02 6f 6e>
"#,
    ),
    Entry::function(
        "Buffer",
        "byteLength",
        (1, 2),
        "text[, encoding]",
        "How many bytes a text takes, in UTF-8 or the encoding; of a Buffer its length.",
    )
    .of_class()
    .example(
        r#"
console.log("Küche".length, Buffer.byteLength("Küche")); //=> 5 6
"#,
    ),
    Entry::function("Buffer", "isBuffer", (1, 1), "value", "Whether the value is a Buffer.").of_class().example(
        r#"
console.log(Buffer.isBuffer(Buffer.from("on")), Buffer.isBuffer("on")); //=> true false
"#,
    ),
    Entry::function(
        "Buffer",
        "isEncoding",
        (1, 1),
        "name",
        "Whether `Buffer.from` and `toString` know an encoding of this name.",
    )
    .of_class()
    .example(
        r#"
console.log(Buffer.isEncoding("hex"), Buffer.isEncoding("ebcdic")); //=> true false
"#,
    ),
    Entry::function(
        "Buffer",
        "compare",
        (2, 2),
        "a, b",
        "-1, 0 or 1: whether `a` comes before, with or after `b`, byte by byte.",
    )
    .of_class()
    .example(
        r#"
console.log(Buffer.compare(Buffer.from("a"), Buffer.from("b"))); //=> -1
"#,
    ),
    Entry::property("Buffer", "length", "How many bytes.").example(
        r#"
console.log(Buffer.from("Küche").length); //=> 6
"#,
    ),
    Entry::function(
        "Buffer",
        "toString",
        (0, 3),
        "[encoding[, start[, end]]]",
        "The bytes from `start` up to but not including `end` as text; `encoding` as in `Buffer.from`, `utf8` \
         if left out. Bytes that are not UTF-8 become U+FFFD.",
    )
    .example(
        r#"
let payload = Buffer.from("21.5");
console.log(payload.toString(), payload.toString("hex"), payload.toString("utf8", 0, 2)); //=> 21.5 32312e35 21
"#,
    ),
    Entry::function("Buffer", "json", (0, 0), "", "The value that the bytes describe as JSON; throws as `JSON.parse`.")
        .example(
            r#"
let payload = Buffer.from("{\"degrees\": 21.5}");
console.log(payload.json().degrees); //=> 21.5
"#,
        ),
    Entry::function(
        "Buffer",
        "slice",
        (0, 2),
        "[start[, end]]",
        "A Buffer of the bytes from `start` up to but not including `end`; negative positions count from the \
         end.",
    )
    .example(
        r#"
let frame = Buffer.from([0x02, 0x6f, 0x6e, 0x03]);
console.log(frame.slice(1, -1).toString()); //=> on
"#,
    ),
    Entry::function("Buffer", "subarray", (0, 2), "[start[, end]]", "The same as `slice`.").example(
        r#"
console.log(Buffer.from("kitchen").subarray(0, 3).toString()); //=> kit
"#,
    ),
    Entry::function(
        "Buffer",
        "equals",
        (1, 1),
        "other",
        "Whether the bytes are the same as those of another Buffer; `==` also takes text.",
    )
    .example(
        r#"
let payload = Buffer.from("on");
console.log(payload.equals(Buffer.from("on")), payload == "on"); //=> true true
"#,
    ),
    Entry::function(
        "Buffer",
        "includes",
        (1, 3),
        "value[, start[, encoding]]",
        "Whether text, bytes or a byte occur at `start` or later.",
    )
    .example(
        r#"
console.log(Buffer.from("21 degrees").includes("deg")); //=> true
"#,
    ),
    Entry::function(
        "Buffer",
        "indexOf",
        (1, 3),
        "value[, start[, encoding]]",
        "Where text, bytes or a byte occur first at `start` or later, or -1.",
    )
    .example(
        r#"
let line = Buffer.from("temp=21");
console.log(line.slice(line.indexOf("=") + 1).toString()); //=> 21
"#,
    ),
    Entry::function(
        "Buffer",
        "lastIndexOf",
        (1, 3),
        "value[, start[, encoding]]",
        "Where text, bytes or a byte occur last, at `start` or earlier, or -1.",
    )
    .example(
        r#"
console.log(Buffer.from([1, 0, 1, 0]).lastIndexOf(1)); //=> 2
"#,
    ),
    Entry::function(
        "Buffer",
        "to_blob",
        (0, 0),
        "",
        "The bytes as Rhai's blob, for its [functions of blobs](https://rhai.rs/book/ref/blob-fn.html).",
    )
    .example(
        r#"
let blob = Buffer.from([1, 2, 3]).to_blob();
console.log(type_of(blob), blob[2]); //=> blob 3
"#,
    ),
    Entry::function(
        "Buffer",
        "toJSON",
        (0, 0),
        "",
        "What `JSON.stringify` writes: the map `#{type: \"Buffer\", data: [...]}`.",
    )
    .example(
        r#"
console.log(Buffer.from("on").toJSON().data); //=> [ 111, 110 ]
console.log(JSON.stringify(Buffer.from("on"))); //=> {"type":"Buffer","data":[111,110]}
"#,
    ),
    Entry::function(
        "Buffer",
        "fill",
        (1, 4),
        "value[, start[, end[, encoding]]]",
        "Overwrites the bytes from `start` up to but not including `end` with a number or repeated text, in \
         place; returns the Buffer.",
    )
    .example(
        r#"
console.log(Buffer.alloc(4).fill(0xff, 1, 3)); //=> <Buffer 00 ff ff 00>
"#,
    ),
    Entry::function(
        "Buffer",
        "write",
        (1, 4),
        "text[, offset[, length]][, encoding]",
        "Writes text in place at `offset` (0), at most `length` bytes; returns how many bytes were written.",
    )
    .example(
        r#"
let frame = Buffer.alloc(4);
console.log(frame.write("on", 1), frame); //=> 2 <Buffer 00 6f 6e 00>
"#,
    ),
    Entry::function(
        "",
        "Buffer",
        (1, 2),
        "value[, encoding]",
        "Old form of `Buffer.from`; of a number, of `Buffer.alloc`.",
    )
    .example(
        r#"
console.log(Buffer("on"), Buffer(2)); //=> <Buffer 6f 6e> <Buffer 00 00>
"#,
    ),
    Entry::function("Buffer", "allocUnsafe", (1, 1), "size", "The same as `alloc`: the bytes are 0.")
        .of_class()
        .example(
            r#"
console.log(Buffer.allocUnsafe(2).length); //=> 2
"#,
        ),
    Entry::function(
        "Buffer",
        "contains",
        (1, 1),
        "value",
        "What `value in buffer` asks: whether text, bytes or a byte occur.",
    )
    .example(
        r#"
let payload = Buffer.from("21 degrees");
console.log("deg" in payload, payload.contains("deg")); //=> true true
"#,
    ),
    Entry::function(
        "Buffer",
        "is_empty",
        (0, 0),
        "",
        "Whether there are no bytes: an empty retained message, for example, removes the one before.",
    )
    .example(
        r#"
console.log(Buffer.from("").is_empty(), Buffer.from("off").is_empty()); //=> true false
"#,
    ),
    Entry::property(
        "Buffer",
        "byteLength",
        "How many bytes a text takes, in UTF-8 or the encoding; of a Buffer its length.",
    )
    .example(
        r#"
console.log("Küche".length, Buffer.byteLength("Küche")); //=> 5 6
"#,
    ),
    Entry::function("Buffer", "len", (0, 0), "", "How many bytes; Rhai's name for `length`, also without parentheses.")
        .example(
            r#"
console.log(Buffer.from("on").len(), Buffer.from("on").len); //=> 2 2
"#,
        ),
];
