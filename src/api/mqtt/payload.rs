//! What can be published: text, Buffers and blobs as they are, numbers and bools as text, maps and arrays as JSON.

use bytes::Bytes;
use rhai::Dynamic;

use crate::api::json;
use crate::api::mqtt::reader::bytes_of;
use crate::api::text::to_text;
use crate::api::view::{View, view};

/// A value as payload bytes; `()` is empty.
pub fn bytes(value: &Dynamic) -> Bytes {
    if let Some(bytes) = bytes_of(value) {
        return bytes;
    }
    match view(value) {
        View::Unit => Bytes::new(),
        View::Map(_) | View::Array(_) | View::Other => match json::stringify(value, "") {
            Ok(Some(text)) => Bytes::from(text.into_bytes()),
            // What has no JSON, such as a map that contains itself, has its text.
            _ => Bytes::copy_from_slice(to_text(value).as_bytes()),
        },
        _ => Bytes::copy_from_slice(to_text(value).as_bytes()),
    }
}
