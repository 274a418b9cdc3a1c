//! Values and functions of JavaScript give what they give in Node, to the last digit shown.

use crate::support::script::Script;

/// Runs `console.log(expression)` for each case.
#[track_caller]
fn give(cases: &[(&str, &str)]) {
    let text: String = cases.iter().map(|(expression, _)| format!("console.log({expression});\n")).collect();
    let wanted: String = cases.iter().map(|(_, wanted)| format!("{wanted}\n")).collect();
    Script::new(text).env("TZ", "UTC").stdout(wanted).run();
}

#[test]
fn mathematics() {
    give(&[
        ("Math.E", "2.718281828459045"),
        ("Math.LN2", "0.6931471805599453"),
        ("Math.LN10", "2.302585092994046"),
        ("Math.LOG2E", "1.4426950408889634"),
        ("Math.LOG10E", "0.4342944819032518"),
        ("Math.SQRT2", "1.4142135623730951"),
        ("Math.SQRT1_2", "0.7071067811865476"),
        ("Math.atan2(1, -2)", "2.677945044588987"),
        ("Math.clz32(1000)", "22"),
        ("Math.clz32(-1)", "0"),
        ("Math.fround(0.1)", "0.10000000149011612"),
        ("Math.cbrt(-8)", "-2"),
        ("Math.exp(1.5)", "4.4816890703380645"),
        ("Math.expm1(0.5)", "0.6487212707001282"),
        ("Math.log1p(0.5)", "0.4054651081081644"),
        ("Math.log2(10)", "3.321928094887362"),
        ("Math.sin(0.5)", "0.479425538604203"),
        ("Math.cos(0.5)", "0.8775825618903728"),
        ("Math.tan(0.5)", "0.5463024898437905"),
        ("Math.asin(0.5)", "0.5235987755982989"),
        ("Math.acos(0.5)", "1.0471975511965979"),
        ("Math.atan(0.5)", "0.4636476090008061"),
        ("Math.asin(2)", "NaN"),
        ("Math.sinh(0.5)", "0.5210953054937474"),
        ("Math.cosh(0.5)", "1.1276259652063807"),
        ("Math.tanh(0.5)", "0.46211715726000974"),
        ("Math.asinh(0.5)", "0.48121182505960347"),
        ("Math.acosh(1.5)", "0.9624236501192069"),
        ("Math.atanh(0.5)", "0.5493061443340548"),
    ]);
}

#[test]
fn buffers_compared_with_numbers() {
    give(&[
        ("Buffer.from(\"21\") > 20", "true"),
        ("Buffer.from(\"21\") >= 21.5", "false"),
        ("Buffer.from(\"9\") < 20", "true"),
        ("20 <= Buffer.from(\" 20 \")", "true"),
        ("20.5 > Buffer.from(\"-3\")", "true"),
        ("Buffer.from(\"1\") == 1", "true"),
        ("1 != Buffer.from(\"1\")", "false"),
        ("Buffer.from(\"on\") > 1", "false"),
        ("Buffer.from(\"on\") < 1", "false"),
        ("Buffer.from(\"on\") != 1", "true"),
    ]);
}

#[test]
fn limits_of_numbers() {
    give(&[
        ("Number.MAX_SAFE_INTEGER", "9007199254740991"),
        ("Number.MIN_SAFE_INTEGER", "-9007199254740991"),
        ("Number.MAX_VALUE", "1.7976931348623157e+308"),
        ("Number.MIN_VALUE", "5e-324"),
        ("Number.EPSILON", "2.220446049250313e-16"),
        ("Number.POSITIVE_INFINITY", "Infinity"),
        ("Number.NEGATIVE_INFINITY", "-Infinity"),
    ]);
}

#[test]
fn texts_and_objects() {
    give(&[
        ("Object.is(NaN, NaN)", "true"),
        ("Object.is(1, 2)", "false"),
        ("\"a€\".codePointAt(1)", "8364"),
        ("\"a\".localeCompare(\"b\")", "-1"),
        ("\"b\".localeCompare(\"a\")", "1"),
        ("\"a\".localeCompare(\"a\")", "0"),
    ]);
}

#[test]
fn buffers_and_the_numbers_in_them() {
    give(&[
        ("Buffer.from(\"abc\").equals(Buffer.from(\"abc\"))", "true"),
        ("Buffer.from(\"abc\").equals(Buffer.from(\"abd\"))", "false"),
        ("Buffer.from(\"ab\").toJSON().data", "[ 97, 98 ]"),
        ("Buffer.allocUnsafe(3).length", "3"),
        ("Buffer.from([200, 100]).readUint8(1)", "100"),
        ("Buffer.alloc(2).writeUint8(200, 1)", "2"),
        ("Buffer.from([1, 2, 3]).readUint16BE(1)", "515"),
        ("Buffer.from([1, 2, 3]).readUint16LE(1)", "770"),
        ("Buffer.from([1, 2, 3, 200]).readUint32BE(0)", "16909256"),
        ("Buffer.from([1, 2, 3, 200]).readUInt32LE(0)", "3355640321"),
        ("Buffer.from([1, 2, 3, 200]).readUint32LE(0)", "3355640321"),
        ("Buffer.from([255, 1]).readInt16BE(0)", "-255"),
        ("Buffer.from([1, 255]).readInt16LE(0)", "-255"),
        ("Buffer.from([255, 1, 2, 3]).readInt32BE(0)", "-16711165"),
        ("Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).readDoubleBE(0)", "8.20788039913184e-304"),
        ("Buffer.from([0, 0, 32, 65]).readFloatLE(0)", "10"),
        // Node's `-2n`: integers of 64 bits are plain numbers here.
        ("Buffer.from([254, 255, 255, 255, 255, 255, 255, 255]).readBigInt64LE(0)", "-2"),
    ]);
}

#[test]
fn numbers_are_written_into_buffers() {
    let cases = [
        ("writeUint16BE", "500", 2, "01f4"),
        ("writeUInt16LE", "500", 2, "f401"),
        ("writeUint16LE", "500", 2, "f401"),
        ("writeUInt32BE", "3000000000", 4, "b2d05e00"),
        ("writeUint32BE", "3000000000", 4, "b2d05e00"),
        ("writeUInt32LE", "3000000000", 4, "005ed0b2"),
        ("writeUint32LE", "3000000000", 4, "005ed0b2"),
        ("writeInt8", "-3", 1, "fd"),
        ("writeInt16BE", "-500", 2, "fe0c"),
        ("writeInt16LE", "-500", 2, "0cfe"),
        ("writeInt32BE", "-70000", 4, "fffeee90"),
        ("writeFloatLE", "-0.1", 4, "cdccccbd"),
        ("writeDoubleBE", "-0.1", 8, "bfb999999999999a"),
        ("writeBigInt64LE", "-5", 8, "fbffffffffffffff"),
    ];
    for (function, number, width, bytes) in cases {
        let text = format!(
            "let b = Buffer.alloc({width}); console.log(b.{function}({number}, 0), b.toString(\"hex\")); \
             try {{ b.{function}({number}, 1); }} catch (error) {{ console.log(error.name); }}"
        );
        Script::new(text).stdout(format!("{width} {bytes}\nRangeError\n")).run();
    }
}

#[test]
fn dates() {
    let date = "Date(\"2026-01-31T13:30:45.678Z\")";
    let cases = [
        ("valueOf()", "1769866245678"),
        ("toJSON()", "2026-01-31T13:30:45.678Z"),
        ("toDateString()", "Sat Jan 31 2026"),
        ("toTimeString()", "13:30:45 GMT+0000"),
        ("toLocaleDateString()", "1/31/2026"),
        ("toLocaleTimeString(\"en-US\")", "1:30:45 PM"),
        ("toLocaleString(\"en-US\", #{})", "1/31/2026, 1:30:45 PM"),
        ("getTimezoneOffset()", "0"),
        ("getDay()", "6"),
        ("getMinutes()", "30"),
        ("getUTCMinutes()", "30"),
        ("getSeconds()", "45"),
        ("getUTCSeconds()", "45"),
        ("getMilliseconds()", "678"),
    ];
    let cases: Vec<(String, &str)> = cases.iter().map(|(call, wanted)| (format!("{date}.{call}"), *wanted)).collect();
    give(&cases.iter().map(|(call, wanted)| (call.as_str(), *wanted)).collect::<Vec<_>>());
}

#[test]
fn a_date_has_parts_of_its_time_zone() {
    let text = r#"
        let date = Date("2026-01-31T23:30:00Z");
        console.log(date.getTimezoneOffset(), date.getDay(), date.getUTCDay(), date.getMinutes(), date.getUTCMinutes());
    "#;
    Script::new(text).env("TZ", "Asia/Kolkata").stdout("-330 0 6 0 30\n").run();
}
