//! Values as text, the way JavaScript's `String(value)` makes it: for `+`, template strings, `print` and `console`.
//!
//! `()` is the exception: joined to text it stays Rhai's empty text.

use rhai::{Array, Dynamic, Engine, FnPtr, ImmutableString, Map};

use super::host_value;
use super::view::{View, view};

/// Arrays inside arrays are joined down to here; deeper means a value that contains itself.
const DEEPEST: usize = 64;

/// `value` as text.
pub fn to_text(value: &Dynamic) -> ImmutableString {
    if let View::Text(text) = view(value) {
        return text.clone();
    }
    let mut out = String::new();
    write_text(&mut out, value, 0);
    out.into()
}

/// A float as JavaScript prints it: shortest digits, no `.0`, exponents from 1e21 and below 1e-6.
pub fn float_to_text(number: f64) -> String {
    ryu_js::Buffer::new().format(number).to_owned()
}

fn write_text(out: &mut String, value: &Dynamic, depth: usize) {
    match view(value) {
        View::Unit | View::Busy => {}
        View::Bool(flag) => out.push_str(if flag { "true" } else { "false" }),
        View::Int(number) => out.push_str(itoa::Buffer::new().format(number)),
        View::Float(number) => out.push_str(ryu_js::Buffer::new().format(number)),
        View::Char(character) => out.push(character),
        View::Text(text) => out.push_str(&text),
        View::Array(array) => write_array(out, &array, depth),
        View::Map(_) => out.push_str("[object Object]"),
        View::Blob(bytes) => out.push_str(&String::from_utf8_lossy(&bytes)),
        View::Function(function) => out.push_str(&function_text(&function)),
        View::Other => match host_value::hooks(value).and_then(|hooks| (hooks.text)(value)) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&value.to_string()),
        },
    }
}

fn write_array(out: &mut String, array: &Array, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for (index, item) in array.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(out, item, depth + 1);
    }
}

fn function_text(function: &FnPtr) -> String {
    match super::inspect::function_name(function) {
        Some(name) => format!("[Function: {name}]"),
        None => "[Function (anonymous)]".to_owned(),
    }
}

fn joined(left: &str, right: &str) -> ImmutableString {
    let mut text = String::with_capacity(left.len() + right.len());
    text.push_str(left);
    text.push_str(right);
    text.into()
}

/// Replaces Rhai's text forms of floats, arrays, maps and functions. `+`, `+=` and `${}` all ask `to_string`;
/// numbers get their own `+` because they are joined to text most.
pub fn register(engine: &mut Engine) {
    for name in ["to_string", "print", "to_debug", "debug", "toString"] {
        engine.register_fn(name, |number: f64| float_to_text(number));
    }
    engine
        .register_fn("to_string", |array: &mut Array| {
            let mut out = String::new();
            write_array(&mut out, array, 0);
            out
        })
        .register_fn("to_string", |_: &mut Map| "[object Object]")
        .register_fn("to_string", |function: &mut FnPtr| function_text(function))
        .register_fn("to_string", |bytes: &mut rhai::Blob| String::from_utf8_lossy(bytes).into_owned())
        .register_fn("toString", |value: Dynamic| to_text(&value))
        .register_fn("+", |text: &mut ImmutableString, number: f64| joined(text, ryu_js::Buffer::new().format(number)))
        .register_fn("+", |number: f64, text: ImmutableString| joined(ryu_js::Buffer::new().format(number), &text))
        .register_fn("+", |text: &mut ImmutableString, number: i64| {
            let mut joined = String::with_capacity(text.len() + 20);
            joined.push_str(text);
            joined.push_str(itoa::Buffer::new().format(number));
            joined
        })
        .register_fn("+", |number: i64, text: ImmutableString| format!("{number}{text}"))
        .register_fn("+", |text: &mut ImmutableString, flag: bool| joined(text, if flag { "true" } else { "false" }))
        .register_fn("+", |flag: bool, text: ImmutableString| joined(if flag { "true" } else { "false" }, &text));
}

#[cfg(test)]
mod tests {
    use rhai::Engine;

    fn text(script: &str) -> String {
        let mut engine = Engine::new();
        super::register(&mut engine);
        engine.eval::<rhai::Dynamic>(script).expect("the script runs").to_string()
    }

    #[test]
    fn whole_floats_lose_their_point_zero() {
        assert_eq!(text("\"t \" + 21.0"), "t 21");
        assert_eq!(text("21.0 + \" t\""), "21 t");
        assert_eq!(
            text("let f = [21.0, 21.5, 1e21, 1e-7, -0.0]; `${f[0]} ${f[1]} ${f[2]} ${f[3]} ${f[4]}`"),
            "21 21.5 1e+21 1e-7 0"
        );
        assert_eq!(text("let s = \"a\"; s += 2.0; s"), "a2");
        assert_eq!(text("2.0.to_string()"), "2");
        assert_eq!(text("`${0.1 + 0.2}`"), "0.30000000000000004");
    }

    #[test]
    fn containers_and_unit_join_as_in_javascript_and_rhai() {
        assert_eq!(text("\"a \" + [1, 2.0, [\"x\", ()]]"), "a 1,2,x,");
        assert_eq!(text("\"a \" + #{b: 1}"), "a [object Object]");
        assert_eq!(text("\"a\" + () + true + 5"), "atrue5");
        assert_eq!(text("let a = [1, 2]; `${a}`"), "1,2");
        assert_eq!(text("1 + \"x\" + false"), "1xfalse");
    }

    #[test]
    fn print_keeps_the_array_form_of_rhai() {
        use std::cell::RefCell;
        use std::rc::Rc;
        let printed = Rc::new(RefCell::new(Vec::new()));
        let mut engine = Engine::new();
        super::register(&mut engine);
        let sink = printed.clone();
        engine.on_print(move |line| sink.borrow_mut().push(line.to_owned()));
        engine.run("print(2.0); print([1.0, \"a\"]); print(#{a: 3.0}); print(5)").expect("the script runs");
        assert_eq!(*printed.borrow(), ["2", "[1, \"a\"]", "#{\"a\": 3}", "5"]);
    }
}
