//! Words for Rhai's types, and what JavaScript calls the things that Rhai has under another name.

/// The word for a type in a list of arguments: `integer`, `text`, `Client`.
pub(super) fn type_word(name: &str) -> &str {
    match name {
        "i64" | "INT" => "integer",
        "f64" | "FLOAT" => "float",
        "char" => "character",
        "string" | "String" | "ImmutableString" | "&str" => "text",
        "()" => "nothing",
        "Fn" => "function",
        "blob" => "bytes",
        _ if name.contains("ImmutableString") => "text",
        _ if name.contains("Range") || name == "range" || name == "range=" => "range",
        _ => name.rsplit("::").next().unwrap_or(name),
    }
}

/// The same in a sentence: `an integer`, `text`, `nothing, ()`.
pub(super) fn type_phrase(name: &str) -> String {
    match type_word(name) {
        word @ ("integer" | "array") => format!("an {word}"),
        word @ ("text" | "bytes") => word.to_string(),
        "Buffer" => "bytes".to_string(),
        "nothing" => "nothing, `()`,".to_string(),
        word @ ("float" | "bool" | "character" | "map" | "function" | "range" | "timestamp") => format!("a {word}"),
        word => format!("a `{word}`"),
    }
}

/// Whether the type is one of the language, not of the host.
pub(super) fn is_rhai_type(name: &str) -> bool {
    let word = type_word(name);
    word != name || matches!(name, "bool" | "array" | "map" | "timestamp" | "range")
}

/// The types of a list such as `Client, &str | ImmutableString | String, i64`.
pub(super) fn split_types(list: &str) -> Vec<&str> {
    let mut types = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (position, character) in list.char_indices() {
        match character {
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth -= 1,
            ',' if depth == 0 => {
                types.push(list[start..position].trim());
                start = position + 1;
            }
            _ => {}
        }
    }
    let last = list[start..].trim();
    if !last.is_empty() {
        types.push(last);
    }
    types
}

/// Types in the words of an error message: `(integer, function)`.
pub(super) fn type_list(types: &[&str]) -> String {
    if types.is_empty() {
        return "no arguments".to_string();
    }
    let words: Vec<&str> = types.iter().map(|name| type_word(name)).collect();
    format!("({})", words.join(", "))
}

/// Rhai's usual methods of a type, for did-you-mean.
pub(super) fn rhai_methods(type_name: &str) -> &'static [&'static str] {
    match type_word(type_name) {
        "text" => &[
            "len",
            "is_empty",
            "contains",
            "split",
            "trim",
            "to_upper",
            "to_lower",
            "sub_string",
            "index_of",
            "starts_with",
            "ends_with",
            "replace",
            "crop",
            "chars",
            "pad",
            "to_blob",
            "bytes",
            "parse_json",
        ],
        "array" => &[
            "len", "is_empty", "push", "pop", "shift", "insert", "remove", "contains", "index_of", "map", "filter",
            "reduce", "for_each", "find", "some", "all", "sort", "reverse", "clear", "append", "extract", "splice",
            "split", "truncate", "dedup", "drain", "retain", "zip",
        ],
        "map" => {
            &["keys", "values", "len", "is_empty", "contains", "get", "set", "remove", "clear", "mixin", "to_json"]
        }
        "bytes" => &["len", "is_empty", "as_string", "to_array", "push", "contains", "clear", "append", "extract"],
        "integer" | "float" => &["abs", "to_float", "to_int", "to_string", "floor", "ceiling", "round", "sqrt"],
        "function" => &["call", "curry"],
        _ => &[],
    }
}

/// Rhai's usual functions that take no object, for did-you-mean.
pub(super) const RHAI_FUNCTIONS: &[&str] = &[
    "print",
    "debug",
    "type_of",
    "parse_int",
    "parse_float",
    "parse_json",
    "to_string",
    "timestamp",
    "range",
    "blob",
    "eval",
    "min",
    "max",
    "abs",
    "sqrt",
    "is_def_var",
    "is_def_fn",
];

/// What Rhai calls a method that JavaScript has under `name`.
pub(super) fn rhai_method(name: &str) -> Option<&'static str> {
    Some(match name {
        "toUpperCase" => "to_upper",
        "toLowerCase" => "to_lower",
        "indexOf" => "index_of",
        "substring" | "substr" => "sub_string",
        "slice" => "extract",
        "includes" | "has" | "hasOwnProperty" => "contains",
        "forEach" => "for_each",
        "startsWith" => "starts_with",
        "endsWith" => "ends_with",
        "replaceAll" => "replace",
        "unshift" => "insert",
        "every" => "all",
        "toFixed" => "round",
        "toString" => "to_string",
        "length" | "size" => "len",
        "concat" => "append",
        "apply" => "call",
        "bind" => "curry",
        _ => return None,
    })
}

/// The method of a client that other MQTT clients have under `name`.
pub(super) fn client_method(name: &str) -> Option<&'static str> {
    Some(match name {
        "send" | "sendMessage" | "pub" => "publish",
        "sub" | "listen" => "subscribe",
        "close" | "disconnect" | "destroy" | "stop" => "end",
        "addEventListener" => "on",
        "onMessage" | "message_callback_add" => "on_message",
        _ => return None,
    })
}

/// What Rhai calls a function that JavaScript has under `name`.
pub(super) fn rhai_function(name: &str) -> Option<&'static str> {
    Some(match name {
        "parseInt" => "parse_int",
        "parseFloat" | "Number" => "parse_float",
        "String" => "to_string",
        "alert" => "print",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{split_types, type_list};

    #[test]
    fn signatures_come_apart() {
        assert_eq!(split_types(""), Vec::<&str>::new());
        assert_eq!(split_types("()"), ["()"]);
        let types = split_types("Client, &str | ImmutableString | String, core::ops::Range<i64>, ()");
        assert_eq!(type_list(&types), "(Client, text, range, nothing)");
    }
}
