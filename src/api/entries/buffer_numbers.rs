//! `Buffer`: numbers in memory, such as `readUInt16BE` and `writeUInt16BE`.

use crate::api::table::Entry;

/// `read...` and `write...` of one number type: its name, what it is, its width in bytes, and one number as an array, as a
/// Buffer is shown, and as text.
macro_rules! number {
    ($name:literal, $type:literal, $width:literal, $bytes:literal, $shown:literal, $value:literal) => {
        [
            Entry::function(
                "Buffer",
                concat!("read", $name),
                (0, 1),
                "[offset]",
                concat!("The ", $type, " at `offset`, 0 if left out. Throws a `RangeError` if that is outside the bytes."),
            )
            .example(concat!("console.log(Buffer.from([", $bytes, "]).read", $name, "(0)); //=> ", $value)),
            Entry::function(
                "Buffer",
                concat!("write", $name),
                (1, 2),
                "value[, offset]",
                concat!(
                    "Writes the number as ",
                    $type,
                    ", in place at `offset`, 0 if left out, and returns the position behind it. Throws a `RangeError` if \
         the number or the place does not fit."
                ),
            )
            .example(concat!(
                "let bytes = Buffer.alloc(",
                $width,
                ");\nbytes.write",
                $name,
                "(",
                $value,
                ", 0);\nconsole.log(bytes); //=> <Buffer ",
                $shown,
                ">"
            )),
        ]
    };
}

/// The entries.
pub const ENTRIES: &[Entry] = TABLE.as_flattened();

const TABLE: &[[Entry; 2]] = &[
    number!("UInt8", "unsigned 8-bit integer", 1, "0xc8", "c8", "200"),
    number!("Uint8", "unsigned 8-bit integer", 1, "0xc8", "c8", "200"),
    number!("UInt16BE", "unsigned 16-bit integer, big-endian", 2, "0x01, 0xf4", "01 f4", "500"),
    number!("Uint16BE", "unsigned 16-bit integer, big-endian", 2, "0x01, 0xf4", "01 f4", "500"),
    number!("UInt16LE", "unsigned 16-bit integer, little-endian", 2, "0xf4, 0x01", "f4 01", "500"),
    number!("Uint16LE", "unsigned 16-bit integer, little-endian", 2, "0xf4, 0x01", "f4 01", "500"),
    number!("UInt32BE", "unsigned 32-bit integer, big-endian", 4, "0x00, 0x01, 0x86, 0xa0", "00 01 86 a0", "100000"),
    number!("Uint32BE", "unsigned 32-bit integer, big-endian", 4, "0x00, 0x01, 0x86, 0xa0", "00 01 86 a0", "100000"),
    number!("UInt32LE", "unsigned 32-bit integer, little-endian", 4, "0xa0, 0x86, 0x01, 0x00", "a0 86 01 00", "100000"),
    number!("Uint32LE", "unsigned 32-bit integer, little-endian", 4, "0xa0, 0x86, 0x01, 0x00", "a0 86 01 00", "100000"),
    number!("Int8", "signed 8-bit integer", 1, "0xfb", "fb", "-5"),
    number!("Int16BE", "signed 16-bit integer, big-endian", 2, "0xfe, 0x0c", "fe 0c", "-500"),
    number!("Int16LE", "signed 16-bit integer, little-endian", 2, "0x0c, 0xfe", "0c fe", "-500"),
    number!("Int32BE", "signed 32-bit integer, big-endian", 4, "0xff, 0xfe, 0x79, 0x60", "ff fe 79 60", "-100000"),
    number!("Int32LE", "signed 32-bit integer, little-endian", 4, "0x60, 0x79, 0xfe, 0xff", "60 79 fe ff", "-100000"),
    number!(
        "BigInt64BE",
        "signed 64-bit integer, big-endian",
        8,
        "0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe",
        "ff ff ff ff ff ff ff fe",
        "-2"
    ),
    number!(
        "BigInt64LE",
        "signed 64-bit integer, little-endian",
        8,
        "0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff",
        "fe ff ff ff ff ff ff ff",
        "-2"
    ),
    number!("FloatBE", "32-bit float, big-endian", 4, "0x41, 0xac, 0x00, 0x00", "41 ac 00 00", "21.5"),
    number!("FloatLE", "32-bit float, little-endian", 4, "0x00, 0x00, 0xac, 0x41", "00 00 ac 41", "21.5"),
    number!(
        "DoubleBE",
        "64-bit float, big-endian",
        8,
        "0x40, 0x35, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00",
        "40 35 80 00 00 00 00 00",
        "21.5"
    ),
    number!(
        "DoubleLE",
        "64-bit float, little-endian",
        8,
        "0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x35, 0x40",
        "00 00 00 00 00 80 35 40",
        "21.5"
    ),
];
