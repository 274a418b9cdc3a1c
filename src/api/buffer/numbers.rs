//! `readUInt16BE` and its many sisters.

use rhai::{Dynamic, Engine, EvalAltResult};

use super::Buffer;
use crate::api::arguments::{Arguments, Returned, method};
use crate::api::error::ErrorValue;
use crate::api::text::float_to_text;
use crate::api::view::{View, view};

/// One number type in memory.
#[derive(Clone, Copy)]
struct Layout {
    read: &'static str,
    write: &'static str,
    width: usize,
    kind: Kind,
    little: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unsigned,
    Signed,
    Float,
}

const fn layout(read: &'static str, write: &'static str, width: usize, kind: Kind, little: bool) -> Layout {
    Layout { read, write, width, kind, little }
}

const LAYOUTS: &[Layout] = &[
    layout("readUInt8", "writeUInt8", 1, Kind::Unsigned, false),
    layout("readUint8", "writeUint8", 1, Kind::Unsigned, false),
    layout("readUInt16BE", "writeUInt16BE", 2, Kind::Unsigned, false),
    layout("readUint16BE", "writeUint16BE", 2, Kind::Unsigned, false),
    layout("readUInt16LE", "writeUInt16LE", 2, Kind::Unsigned, true),
    layout("readUint16LE", "writeUint16LE", 2, Kind::Unsigned, true),
    layout("readUInt32BE", "writeUInt32BE", 4, Kind::Unsigned, false),
    layout("readUint32BE", "writeUint32BE", 4, Kind::Unsigned, false),
    layout("readUInt32LE", "writeUInt32LE", 4, Kind::Unsigned, true),
    layout("readUint32LE", "writeUint32LE", 4, Kind::Unsigned, true),
    layout("readInt8", "writeInt8", 1, Kind::Signed, false),
    layout("readInt16BE", "writeInt16BE", 2, Kind::Signed, false),
    layout("readInt16LE", "writeInt16LE", 2, Kind::Signed, true),
    layout("readInt32BE", "writeInt32BE", 4, Kind::Signed, false),
    layout("readInt32LE", "writeInt32LE", 4, Kind::Signed, true),
    layout("readBigInt64BE", "writeBigInt64BE", 8, Kind::Signed, false),
    layout("readBigInt64LE", "writeBigInt64LE", 8, Kind::Signed, true),
    layout("readFloatBE", "writeFloatBE", 4, Kind::Float, false),
    layout("readFloatLE", "writeFloatLE", 4, Kind::Float, true),
    layout("readDoubleBE", "writeDoubleBE", 8, Kind::Float, false),
    layout("readDoubleLE", "writeDoubleLE", 8, Kind::Float, true),
];

/// Node's texts for a position outside the bytes.
fn offset(arguments: &Arguments, index: usize, width: usize, length: usize) -> Result<usize, Box<EvalAltResult>> {
    let offset = arguments.int(index, "offset")?.unwrap_or(0);
    let Some(highest) = length.checked_sub(width) else {
        let message = "Attempt to access memory outside buffer bounds";
        return Err(ErrorValue::new(message).with_class("RangeError").with("code", "ERR_BUFFER_OUT_OF_BOUNDS").raise());
    };
    if offset < 0 || offset > highest as i64 {
        return Err(out_of_range("offset", &format!(">= 0 and <= {highest}"), &offset.to_string()));
    }
    Ok(offset as usize)
}

fn out_of_range(name: &str, range: &str, given: &str) -> Box<EvalAltResult> {
    let message = format!("The value of \"{name}\" is out of range. It must be {range}. Received {given}");
    ErrorValue::new(message).with_class("RangeError").with("code", "ERR_OUT_OF_RANGE").raise()
}

fn read(layout: Layout, bytes: &[u8]) -> Dynamic {
    // Most significant byte first, in the low bytes of eight.
    let mut wide = [0; 8];
    wide[8 - layout.width..].copy_from_slice(bytes);
    if layout.little {
        wide[8 - layout.width..].reverse();
    }
    let bits = u64::from_be_bytes(wide);
    match layout.kind {
        Kind::Unsigned => (bits as i64).into(),
        Kind::Signed => {
            let unused = 64 - 8 * layout.width as u32;
            (((bits << unused) as i64) >> unused).into()
        }
        Kind::Float if layout.width == 4 => f64::from(f32::from_bits(bits as u32)).into(),
        Kind::Float => f64::from_bits(bits).into(),
    }
}

fn bits(layout: Layout, arguments: &Arguments) -> Result<u64, Box<EvalAltResult>> {
    let value = match view(arguments.get(0)) {
        View::Int(number) if layout.kind != Kind::Float => number,
        View::Float(number) if layout.kind != Kind::Float => number as i64,
        other => {
            let number = match other {
                View::Int(number) => number as f64,
                View::Float(number) => number,
                _ => return Err(arguments.wrong(0, "value", "a number")),
            };
            let narrow = layout.width == 4;
            return Ok(if narrow { u64::from((number as f32).to_bits()) } else { number.to_bits() });
        }
    };
    let (low, high) = match (layout.kind, 8 * layout.width as u32) {
        (_, 64) => (i64::MIN, i64::MAX),
        (Kind::Signed, width) => (-(1 << (width - 1)), (1 << (width - 1)) - 1),
        (_, width) => (0, (1 << width) - 1),
    };
    if (low..=high).contains(&value) {
        Ok(value as u64)
    } else {
        Err(out_of_range("value", &format!(">= {low} and <= {high}"), &float_to_text(value as f64)))
    }
}

/// Registers all reads and writes.
pub(super) fn register(engine: &mut Engine) {
    for layout in LAYOUTS.iter().copied() {
        method::<Buffer>(engine, layout.read, 0..=1, move |this, arguments| -> Returned {
            let Some(buffer) = this.read_lock::<Buffer>() else { return Ok(Dynamic::UNIT) };
            let at = offset(&arguments, 0, layout.width, buffer.0.len())?;
            Ok(read(layout, &buffer.0[at..at + layout.width]))
        });
        method::<Buffer>(engine, layout.write, 1..=2, move |this, arguments| -> Returned {
            let bits = bits(layout, &arguments)?;
            let Some(mut buffer) = this.write_lock::<Buffer>() else { return Ok(Dynamic::UNIT) };
            let at = offset(&arguments, 1, layout.width, buffer.0.len())?;
            let mut bytes = bits.to_be_bytes();
            let bytes = &mut bytes[8 - layout.width..];
            if layout.little {
                bytes.reverse();
            }
            buffer.change(|target| target[at..at + layout.width].copy_from_slice(bytes));
            Ok(((at + layout.width) as i64).into())
        });
    }
}
