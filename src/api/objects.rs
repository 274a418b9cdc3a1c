//! `Object.keys` and its kin, on maps.

use rhai::{Array, Dynamic, Engine, Map};

use super::arguments::{Arguments, MOST, Returned, method};
use super::error::ErrorValue;
use super::host_value::{self, Shown};
use super::text::to_text;
use super::view::{View, same, view};

/// The object `Object`.
#[derive(Clone)]
pub struct ObjectClass;

/// Keys and values of a map, an array, or a host value that shows its fields.
fn fields(arguments: &Arguments, index: usize) -> Result<Vec<(Dynamic, Dynamic)>, Box<rhai::EvalAltResult>> {
    let value = arguments.get(index);
    match view(value) {
        View::Map(map) => Ok(map.iter().map(|(key, value)| (key.as_str().into(), value.clone())).collect()),
        View::Array(items) => {
            Ok(items.iter().enumerate().map(|(at, item)| (at.to_string().into(), item.clone())).collect())
        }
        View::Other => match host_value::hooks(value).and_then(|hooks| (hooks.shown)(value)) {
            Some(Shown::Record { fields, .. } | Shown::Error { fields, .. }) => {
                Ok(fields.into_iter().map(|(key, value)| (key.into(), value)).collect())
            }
            _ => Ok(Vec::new()),
        },
        View::Unit => {
            let message = "Cannot convert undefined or null to object";
            Err(ErrorValue::new(message).with_class("TypeError").raise())
        }
        _ => Ok(Vec::new()),
    }
}

/// Registers `Object` and what maps can do.
pub fn register(engine: &mut Engine) {
    engine.register_type_with_name::<ObjectClass>("ObjectConstructor");
    method::<ObjectClass>(engine, "keys", 1..=1, |_, arguments| -> Returned {
        Ok(fields(&arguments, 0)?.into_iter().map(|(key, _)| key).collect::<Array>().into())
    });
    method::<ObjectClass>(engine, "values", 1..=1, |_, arguments| -> Returned {
        Ok(fields(&arguments, 0)?.into_iter().map(|(_, value)| value).collect::<Array>().into())
    });
    method::<ObjectClass>(engine, "entries", 1..=1, |_, arguments| -> Returned {
        let pairs = fields(&arguments, 0)?.into_iter().map(|(key, value)| Dynamic::from(vec![key, value]));
        Ok(pairs.collect::<Array>().into())
    });
    method::<ObjectClass>(engine, "fromEntries", 1..=1, |_, arguments| -> Returned {
        let View::Array(pairs) = view(arguments.get(0)) else {
            return Err(arguments.wrong(0, "entries", "an array of `[key, value]`"));
        };
        let mut map = Map::new();
        for pair in pairs.iter() {
            match view(pair) {
                View::Array(pair) if !pair.is_empty() => {
                    let value = pair.get(1).cloned().unwrap_or(Dynamic::UNIT);
                    map.insert(to_text(&pair[0]).as_str().into(), value);
                }
                _ => return Err(arguments.wrong(0, "entries", "an array of `[key, value]`")),
            }
        }
        Ok(map.into())
    });
    method::<ObjectClass>(engine, "assign", 1..=MOST, |_, arguments| -> Returned {
        let mut target = Map::new();
        for index in 0..arguments.values.len() {
            if arguments.get(index).is_unit() && index > 0 {
                continue;
            }
            for (key, value) in fields(&arguments, index)? {
                target.insert(to_text(&key).as_str().into(), value);
            }
        }
        Ok(target.into())
    });
    engine
        .register_fn("is", |_: &mut ObjectClass, a: Dynamic, b: Dynamic| {
            // As in JavaScript, and other than with `==`, not a number is the same as not a number.
            let both_nan = [&a, &b].into_iter().all(|value| value.as_float().is_ok_and(f64::is_nan));
            both_nan || same(&a, &b)
        })
        // Maps are values here and cannot be frozen; programs that do it for safety go on.
        .register_fn("freeze", |_: &mut ObjectClass, value: Dynamic| value)
        .register_fn("hasOwnProperty", |map: &mut Map, key: Dynamic| map.contains_key(to_text(&key).as_str()));
}

#[cfg(test)]
mod tests {
    use rhai::{Dynamic, Engine, Scope};

    fn shown(script: &str) -> String {
        let mut engine = Engine::new();
        crate::api::error::register(&mut engine);
        super::register(&mut engine);
        let mut scope = Scope::new();
        scope.push("Object", super::ObjectClass);
        match engine.eval_with_scope::<Dynamic>(&mut scope, script) {
            Ok(value) => crate::api::inspect::inspect(&value),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn maps_open_up_and_close() {
        assert_eq!(shown("let m = #{b: 1, a: 2}; [Object.keys(m), Object.values(m)]"), "[ [ 'a', 'b' ], [ 2, 1 ] ]");
        assert_eq!(shown("Object.fromEntries(Object.entries(#{a: 1, b: [2]}))"), "{ a: 1, b: [ 2 ] }");
        assert_eq!(shown("Object.keys([5, 6])"), "[ '0', '1' ]");
    }

    #[test]
    fn assign_returns_the_union() {
        assert_eq!(shown("Object.assign(#{}, #{a: 1, b: 1}, (), #{b: 2})"), "{ a: 1, b: 2 }");
        assert_eq!(shown("let m = #{a: 1}; [m.hasOwnProperty(\"a\"), m.hasOwnProperty(\"b\")]"), "[ true, false ]");
    }

    #[test]
    fn unit_has_no_keys() {
        let message = crate::api::tests::shown("Object.keys(())");
        assert_eq!(message, "TypeError: Cannot convert undefined or null to object");
    }
}
