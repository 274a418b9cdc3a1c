//! Rhai's functions that make one large value in a single step, where nothing could look at the limits: each refuses what no
//! script needs, as JavaScript does.

use rhai::{Array, Blob, Dynamic, Engine, EvalAltResult, INT, ImmutableString};

use crate::api::error::ErrorValue;

/// Longest text and blob, bytes; V8's limit.
const LONGEST: usize = (1 << 29) - 24;
/// Most elements of an array: 1 GiB.
const MOST_ELEMENTS: usize = 1 << 26;

type Made<T> = Result<T, Box<EvalAltResult>>;

/// Registers them.
pub fn register(engine: &mut Engine) {
    engine
        .register_fn("pad", |text: &mut ImmutableString, length: INT, filler: char| {
            pad(text, length, filler.encode_utf8(&mut [0; 4]))
        })
        .register_fn("pad", |text: &mut ImmutableString, length: INT, filler: ImmutableString| {
            pad(text, length, &filler)
        })
        .register_fn("pad", |array: &mut Array, length: INT, filler: Dynamic| -> Made<()> {
            let length = checked(length, MOST_ELEMENTS, "array")?;
            if length > array.len() {
                array.resize(length, filler);
            }
            Ok(())
        })
        .register_fn("pad", |blob: &mut Blob, length: INT, filler: INT| -> Made<()> {
            let length = checked(length, LONGEST, "blob")?;
            if length > blob.len() {
                blob.resize(length, byte(filler));
            }
            Ok(())
        })
        .register_fn("blob", |length: INT| -> Made<Blob> { Ok(vec![0; checked(length, LONGEST, "blob")?]) })
        .register_fn("blob", |length: INT, filler: INT| -> Made<Blob> {
            Ok(vec![byte(filler); checked(length, LONGEST, "blob")?])
        });
}

fn pad(text: &mut ImmutableString, length: INT, filler: &str) -> Made<()> {
    let length = checked(length, LONGEST, "string")?;
    let missing = length.saturating_sub(text.chars().count());
    text.make_mut().extend(filler.chars().cycle().take(missing));
    Ok(())
}

/// Less than nothing is nothing, as in Rhai.
fn checked(length: INT, most: usize, what: &str) -> Made<usize> {
    let length = usize::try_from(length.max(0)).unwrap_or(usize::MAX);
    if length <= most {
        return Ok(length);
    }
    let error = ErrorValue::new(format!("Invalid {what} length")).with_class("RangeError");
    Err(error.with_help(format!("{length} is too much, the most is {most}")).raise())
}

/// The lowest eight bits, as in Rhai.
const fn byte(number: INT) -> u8 {
    (number & 0xff) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_made_as_rhai_does() {
        let (plain, mut own) = (Engine::new(), Engine::new());
        register(&mut own);
        for script in [
            r#"let t = "ab"; t.pad(5, 'x'); t"#,
            r#"let t = "äb"; t.pad(8, "xyz"); t"#,
            r#"let t = "ab"; t.pad(1, "x"); t.pad(-1, "x"); t"#,
            r#"let a = [1]; a.pad(3, "x"); a.pad(1, 7); a.pad(-5, 7); a"#,
            "let b = blob(2, 300); b.pad(4, 7); b.pad(-1, 7); b",
            "blob(3)",
            "blob(-3)",
        ] {
            let wanted = plain.eval::<Dynamic>(script).expect("Rhai can").to_string();
            assert_eq!(own.eval::<Dynamic>(script).expect("so can we").to_string(), wanted, "{script}");
        }
    }

    #[test]
    fn what_no_script_needs_is_refused() {
        let mut engine = Engine::new();
        register(&mut engine);
        for script in [
            "let t = \"\"; t.pad(10000000000, 'x');",
            "let t = \"\"; t.pad(10000000000, \"x\");",
            "let a = []; a.pad(10000000000, 0);",
            "let b = blob(); b.pad(10000000000, 0);",
            "blob(10000000000)",
            "blob(9223372036854775807, 1)",
        ] {
            assert!(engine.eval::<Dynamic>(script).is_err(), "{script}");
        }
    }
}
