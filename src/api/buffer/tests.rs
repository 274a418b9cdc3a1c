//! Buffers against what Node 20 gives for the same calls.

use crate::api::tests::shown;

#[test]
fn text_becomes_bytes_in_every_encoding() {
    let script = r#"[
        Buffer.from("68656c6c6fzz", "hex"), Buffer.from("aGk", "base64"), Buffer.from("aGk=", "base64"),
        Buffer.from("_-8", "base64url"), Buffer.from("a b\nGk=", "base64"), Buffer.from("é", "latin1"),
        Buffer.from("hi", "utf16le"), Buffer.from("abc", "hex")
    ].map(|b| b.toString("hex")).join(" ")"#;
    assert_eq!(shown(script), "68656c6c6f 6869 6869 ffef 69b1a4 e9 68006900 ab");
}

#[test]
fn bytes_become_text_in_every_encoding() {
    let script = r#"let b = Buffer.from([0xff, 0x68, 0xc3, 0xa9, 0x80]);
        ["utf8", "hex", "base64", "base64url", "latin1", "ascii"].map(|e| b.toString(e)).join(" ") + " " + b.toString("utf8", 1, 4)"#;
    assert_eq!(shown(script), "\u{fffd}hé\u{fffd} ff68c3a980 /2jDqYA= _2jDqYA ÿhÃ©\u{80} \u{7f}hC)\0 hé");
}

#[test]
fn parts_and_searches() {
    let script = r#"let x = Buffer.from("hello world");
        [x.slice(-5).toString(), x.subarray(0, 5).toString(), x.slice(3, 1).length, x.indexOf("o"), x.indexOf("o", 5),
         x.lastIndexOf("o"), x.includes("wor"), x.indexOf(119), x.indexOf("zz")].join(" ")"#;
    assert_eq!(shown(script), "world hello 0 4 7 7 true 6 -1");
    assert_eq!(shown("\"wor\" in Buffer.from(\"hello world\")"), "true");
}

#[test]
fn numbers_are_written_and_read() {
    let script = "let n = Buffer.alloc(16);
        let ends = [n.writeUInt16BE(0x1234, 0), n.writeInt32LE(-5, 2), n.writeFloatBE(1.5, 6), n.writeUInt8(255, 10)];
        [ends, n, n.readUInt16BE(0), n.readInt32LE(2), n.readFloatBE(6), n.readUInt8(10), n.readInt8(10), n.readUInt16LE(0)]
            .map(|v| `${v}`.slice(0, 9)).slice(2).join(\" \") + ends.join(\" \") + n.toString(\"hex\")";
    assert_eq!(shown(script), "4660 -5 1.5 255 -1 133302 6 10 111234fbffffff3fc00000ff0000000000");
    assert_eq!(shown("let n = Buffer.alloc(8); n.writeDoubleLE(0.1); n.readDoubleLE(0)"), "0.1");
    assert_eq!(shown("let n = Buffer.alloc(8); n.writeBigInt64BE(-2); n.readBigInt64BE()"), "-2");
}

#[test]
fn errors_have_the_texts_of_node() {
    let offset = r#"The value of "offset" is out of range. It must be >= 0 and <= 12. Received 14"#;
    assert_eq!(shown("Buffer.alloc(16).readUInt32BE(14)"), format!("RangeError: {offset}"));
    let bounds = "RangeError: Attempt to access memory outside buffer bounds";
    assert_eq!(shown("Buffer.alloc(1).readUInt16BE(0)"), bounds);
    let value = r#"The value of "value" is out of range. It must be >= 0 and <= 255. Received 256"#;
    assert_eq!(shown("Buffer.alloc(1).writeUInt8(256, 0)"), format!("RangeError: {value}"));
    assert_eq!(shown("Buffer.from(\"a\", \"foo\")"), "TypeError: Unknown encoding: foo");
    let size = r#"The value of "size" is out of range. It must be >= 0 && <= 4294967296. Received -1"#;
    assert_eq!(shown("Buffer.alloc(-1)"), format!("RangeError: {size}"));
    assert_eq!(
        shown("Buffer.from(5)"),
        "TypeError: `from` takes text, an array, a blob or a Buffer as `value` but got an integer"
    );
}

#[test]
fn made_joined_and_filled() {
    let script = r#"let x = Buffer.from("hello world"); let y = Buffer.from("abc"); let count = y.write("xyz", 1);
        [Buffer.alloc(5, "ab"), Buffer.concat([Buffer.from("a"), Buffer.from("bc")]), Buffer.byteLength("é"),
         x.fill("z", 0, 2), count, y, JSON.stringify(Buffer.from("hi")),
         Buffer.compare(Buffer.from("a"), Buffer.from("b"))].map(|v| `${v}`).join(" ")"#;
    let expected = "ababa abc 2 zzllo world 2 axy {\"type\":\"Buffer\",\"data\":[104,105]} -1";
    assert_eq!(shown(script), expected);
    assert_eq!(shown("let b = Buffer.from(\"ab\"); b.write(\"x\", 9)"), "0");
    assert_eq!(shown("[Buffer(\"hi\").toString(), Buffer(2).length]"), "[ 'hi', 2 ]");
    assert_eq!(shown("Buffer.from(JSON.parse(JSON.stringify(Buffer.from(\"hi\")))).toString()"), "hi");
}

#[test]
fn joins_and_compares_with_text() {
    assert_eq!(
        shown(r#"let m = Buffer.from("on"); [m == "on", "on" == m, m != "off", m == Buffer.from("on"), m == 5]"#),
        "[ true, true, true, true, false ]"
    );
    assert_eq!(shown(r#""message is " + Buffer.from("x") + "!""#), "message is x!");
    assert_eq!(shown(r#"Buffer.from([0xff]) + "!""#), "\u{fffd}!");
    assert_eq!(shown(r#"let m = Buffer.from("x"); `<${m}> ${m.to_string()}`"#), "<x> x");
    assert_eq!(shown(r#"let s = "a"; s += Buffer.from("b"); s"#), "ab");
}

#[test]
fn is_indexed_and_iterated() {
    assert_eq!(
        shown("let b = Buffer.from(\"hi\"); b[0] = 72; [b.toString(), b[1], b[-1], b[9], b.length, b.len()]"),
        "[ 'Hi', 105, 105, undefined, 2, 2 ]"
    );
    assert_eq!(shown("let sum = 0; for byte in Buffer.from([1, 2, 3]) { sum += byte } sum"), "6");
    assert_eq!(shown("let a = Buffer.from(\"hi\"); let b = a; b[0] = 72; `${a} ${b}`"), "hi Hi");
    assert_eq!(shown("type_of(Buffer.from(\"x\").to_blob())"), "blob");
    assert_eq!(shown("Buffer.from(\"{\\\"t\\\": 21}\").json().t"), "21");
    assert_eq!(
        shown(
            "[Buffer.isBuffer(Buffer.from(\"\")), Buffer.isBuffer(\"\"), Buffer.isEncoding(\"hex\"), Buffer.isEncoding(\"x\")]"
        ),
        "[ true, false, true, false ]"
    );
}
