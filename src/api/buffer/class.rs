//! `Buffer.from`, `Buffer.alloc` and what else hangs on the object `Buffer`.

use bytes::{Bytes, BytesMut};
use rhai::{Dynamic, Engine, EvalAltResult};

use super::{Buffer, bytes_of, encoding_of};
use crate::api::arguments::{Arguments, Returned, function, method};
use crate::api::error::ErrorValue;
use crate::api::inspect::inspect;
use crate::api::view::{View, view};

/// The object `Buffer` that scripts call `from` and the like on.
#[derive(Clone)]
pub struct BufferClass;

/// Most bytes of one `Buffer.alloc`; Node's limit on 64 bits is 4 GiB.
const LARGEST: i64 = 4 * 1024 * 1024 * 1024;

fn from(arguments: &Arguments) -> Result<Buffer, Box<EvalAltResult>> {
    let encoding = encoding_of(arguments.get(1))?;
    let value = arguments.get(0);
    if let View::Map(map) = view(value)
        && let Some(data) = map.get("data")
    {
        // What `toJSON` made.
        return bytes_of(data, encoding).map(Buffer).ok_or_else(|| arguments.wrong(0, "value", "bytes"));
    }
    bytes_of(value, encoding)
        .map(Buffer)
        .ok_or_else(|| arguments.wrong(0, "value", "text, an array, a blob or a Buffer"))
}

fn alloc(arguments: &Arguments) -> Result<Buffer, Box<EvalAltResult>> {
    let size = arguments.int(0, "size")?.ok_or_else(|| arguments.wrong(0, "size", "a number"))?;
    if !(0..=LARGEST).contains(&size) {
        let message =
            format!("The value of \"size\" is out of range. It must be >= 0 && <= {LARGEST}. Received {size}");
        return Err(ErrorValue::new(message).with_class("RangeError").with("code", "ERR_OUT_OF_RANGE").raise());
    }
    let mut buffer = Buffer(BytesMut::zeroed(size as usize).freeze());
    if !arguments.get(1).is_unit() {
        let pattern = pattern(arguments, 1, 2)?;
        buffer.change(|bytes| fill(bytes, &pattern));
    }
    Ok(buffer)
}

/// The bytes that `fill` repeats: a number is one byte.
pub(super) fn pattern(arguments: &Arguments, value: usize, encoding: usize) -> Result<Bytes, Box<EvalAltResult>> {
    match view(arguments.get(value)) {
        View::Int(byte) => Ok(Bytes::copy_from_slice(&[byte as u8])),
        View::Float(byte) => Ok(Bytes::copy_from_slice(&[byte as i64 as u8])),
        _ => bytes_of(arguments.get(value), encoding_of(arguments.get(encoding))?)
            .ok_or_else(|| arguments.wrong(value, "value", "a number, text or bytes")),
    }
}

pub(super) fn fill(bytes: &mut [u8], pattern: &[u8]) {
    for (slot, byte) in bytes.iter_mut().zip(pattern.iter().cycle()) {
        *slot = *byte;
    }
}

fn concat(arguments: &Arguments) -> Result<Buffer, Box<EvalAltResult>> {
    let View::Array(items) = view(arguments.get(0)) else {
        return Err(arguments.wrong(0, "list", "an array of Buffers"));
    };
    let mut joined = BytesMut::new();
    for item in items.iter() {
        match view(item) {
            View::Blob(bytes) => joined.extend_from_slice(&bytes),
            _ => match item.read_lock::<Buffer>() {
                Some(buffer) => joined.extend_from_slice(&buffer.0),
                None => {
                    let message = format!("`concat` takes an array of Buffers but it holds {}", inspect(item));
                    return Err(ErrorValue::new(message).with_class("TypeError").raise());
                }
            },
        }
    }
    if let Some(length) = arguments.int(1, "length")? {
        joined.resize(length.clamp(0, LARGEST) as usize, 0);
    }
    Ok(Buffer(joined.freeze()))
}

/// Registers the object's functions, and `Buffer(value)` for programs that still write `new Buffer(value)`.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<BufferClass>("BufferConstructor");
    let from = |_: &mut Dynamic, arguments: Arguments| -> Returned { from(&arguments).map(Dynamic::from) };
    method::<BufferClass>(engine, "from", 1..=2, from);
    function(engine, "Buffer", 1..=2, |arguments| match view(arguments.get(0)) {
        View::Int(_) => self::alloc(&arguments).map(Dynamic::from),
        _ => self::from(&arguments).map(Dynamic::from),
    });
    let alloc = |_: &mut Dynamic, arguments: Arguments| -> Returned { alloc(&arguments).map(Dynamic::from) };
    method::<BufferClass>(engine, "alloc", 1..=3, alloc);
    method::<BufferClass>(engine, "allocUnsafe", 1..=1, alloc);
    method::<BufferClass>(engine, "concat", 1..=2, |_, arguments| concat(&arguments).map(Dynamic::from));
    method::<BufferClass>(engine, "byteLength", 1..=2, |_, arguments| {
        let bytes = bytes_of(arguments.get(0), encoding_of(arguments.get(1))?)
            .ok_or_else(|| arguments.wrong(0, "text", "text or bytes"))?;
        Ok((bytes.len() as i64).into())
    });
    method::<BufferClass>(engine, "compare", 2..=2, |_, arguments| {
        let side = |index| match arguments.get(index).read_lock::<Buffer>() {
            Some(buffer) => Ok(buffer.0.clone()),
            None => Err(arguments.wrong(index, if index == 0 { "a" } else { "b" }, "a Buffer")),
        };
        Ok((side(0)?.cmp(&side(1)?) as i64).into())
    });
    engine
        .register_fn("isBuffer", |_: &mut BufferClass, value: Dynamic| value.read_lock::<Buffer>().is_some())
        .register_fn("isEncoding", |_: &mut BufferClass, name: Dynamic| encoding_of(&name).is_ok() && !name.is_unit());
}
