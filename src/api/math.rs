//! `Math`, whole. Functions that round give integers.

use rhai::{Dynamic, Engine};

use super::arguments::{MOST, method};
use super::numbers::{to_number, whole};
use super::view::{View, view};

/// The object `Math`.
#[derive(Clone)]
pub struct Math;

/// A function of one float.
type OfFloat = fn(f64) -> f64;

/// JavaScript's rounding: halves go up, also below zero.
fn round(number: f64) -> f64 {
    let floor = number.floor();
    if number - floor >= 0.5 { floor + 1.0 } else { floor }
}

/// An integer stays one (and keeps all 64 bits); a float is rounded into one if it fits.
fn rounding(value: &Dynamic, round: fn(f64) -> f64) -> Dynamic {
    match view(value) {
        View::Int(number) => number.into(),
        _ => {
            let rounded = round(to_number(value));
            // Floats from 2^53 on are whole anyway; up to 2^63 they fit.
            if rounded.abs() < 9.2e18 { (rounded as i64).into() } else { rounded.into() }
        }
    }
}

fn extreme(values: &[Dynamic], none: f64, better: fn(f64, f64) -> bool) -> Dynamic {
    let mut best: Option<(&Dynamic, f64)> = None;
    for value in values {
        let number = to_number(value);
        if number.is_nan() {
            return f64::NAN.into();
        }
        if best.is_none_or(|(_, so_far)| better(number, so_far)) {
            best = Some((value, number));
        }
    }
    match best {
        None => none.into(),
        Some((value, number)) => match view(value) {
            View::Int(_) | View::Float(_) => value.flatten_clone(),
            _ => whole(number),
        },
    }
}

/// JavaScript's 32-bit view of a number.
fn to_int32(value: &Dynamic) -> i32 {
    match view(value) {
        View::Int(number) => number as i32,
        _ => {
            let number = to_number(value);
            if number.is_finite() { number.trunc().rem_euclid(4_294_967_296.0) as u32 as i32 } else { 0 }
        }
    }
}

/// Registers everything in `Math`.
pub fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Math>("Math");
    let constants = [
        ("PI", std::f64::consts::PI),
        ("E", std::f64::consts::E),
        ("LN2", std::f64::consts::LN_2),
        ("LN10", std::f64::consts::LN_10),
        ("LOG2E", std::f64::consts::LOG2_E),
        ("LOG10E", std::f64::consts::LOG10_E),
        ("SQRT2", std::f64::consts::SQRT_2),
        ("SQRT1_2", std::f64::consts::FRAC_1_SQRT_2),
    ];
    for (name, value) in constants {
        engine.register_get(name, move |_: &mut Math| value);
    }
    let roundings: [(&str, OfFloat); 4] =
        [("floor", f64::floor), ("ceil", f64::ceil), ("round", round), ("trunc", f64::trunc)];
    for (name, function) in roundings {
        engine.register_fn(name, move |_: &mut Math, value: Dynamic| rounding(&value, function));
    }
    let functions: [(&str, OfFloat); 20] = [
        ("sqrt", f64::sqrt),
        ("cbrt", f64::cbrt),
        ("exp", f64::exp),
        ("expm1", f64::exp_m1),
        ("log", f64::ln),
        ("log1p", f64::ln_1p),
        ("log2", f64::log2),
        ("log10", f64::log10),
        ("sin", f64::sin),
        ("cos", f64::cos),
        ("tan", f64::tan),
        ("asin", f64::asin),
        ("acos", f64::acos),
        ("atan", f64::atan),
        ("sinh", f64::sinh),
        ("cosh", f64::cosh),
        ("tanh", f64::tanh),
        ("asinh", f64::asinh),
        ("acosh", f64::acosh),
        ("atanh", f64::atanh),
    ];
    for (name, function) in functions {
        engine.register_fn(name, move |_: &mut Math, value: Dynamic| function(to_number(&value)));
    }
    engine
        .register_fn("abs", |_: &mut Math, value: Dynamic| match view(&value) {
            View::Int(number) => number.checked_abs().map_or((number as f64).abs().into(), Dynamic::from),
            _ => to_number(&value).abs().into(),
        })
        .register_fn("sign", |_: &mut Math, value: Dynamic| match to_number(&value) {
            number if number > 0.0 => Dynamic::from(1_i64),
            number if number < 0.0 => Dynamic::from(-1_i64),
            number if number.is_nan() => number.into(),
            _ => Dynamic::from(0_i64),
        })
        .register_fn("random", |_: &mut Math| fastrand::f64())
        .register_fn("pow", |_: &mut Math, base: Dynamic, exponent: Dynamic| {
            if let (View::Int(base), View::Int(exponent)) = (view(&base), view(&exponent))
                && let Some(exact) = u32::try_from(exponent).ok().and_then(|exponent| base.checked_pow(exponent))
            {
                return exact.into();
            }
            Dynamic::from(to_number(&base).powf(to_number(&exponent)))
        })
        .register_fn("atan2", |_: &mut Math, y: Dynamic, x: Dynamic| to_number(&y).atan2(to_number(&x)))
        .register_fn("imul", |_: &mut Math, a: Dynamic, b: Dynamic| i64::from(to_int32(&a).wrapping_mul(to_int32(&b))))
        .register_fn("clz32", |_: &mut Math, value: Dynamic| i64::from(to_int32(&value).leading_zeros()))
        .register_fn("fround", |_: &mut Math, value: Dynamic| f64::from(to_number(&value) as f32));
    method::<Math>(engine, "min", 0..=MOST, |_, arguments| {
        Ok(extreme(&arguments.values, f64::INFINITY, |new, best| new < best))
    });
    method::<Math>(engine, "max", 0..=MOST, |_, arguments| {
        Ok(extreme(&arguments.values, f64::NEG_INFINITY, |new, best| new > best))
    });
    method::<Math>(engine, "hypot", 0..=MOST, |_, arguments| {
        Ok(arguments.values.iter().map(to_number).fold(0.0, f64::hypot).into())
    });
}

#[cfg(test)]
mod tests {
    use rhai::{Dynamic, Engine, Scope};

    fn text(script: &str) -> String {
        let mut engine = Engine::new();
        crate::api::text::register(&mut engine);
        super::register(&mut engine);
        let mut scope = Scope::new();
        scope.push("Math", super::Math);
        let value = engine.eval_with_scope::<Dynamic>(&mut scope, script).expect("the script runs");
        crate::api::inspect::inspect_bare(&value)
    }

    #[test]
    fn rounding_gives_integers() {
        assert_eq!(
            text("[Math.floor(1.9), Math.ceil(1.1), Math.round(2.5), Math.round(-2.5), Math.trunc(-1.9)]"),
            "[ 1, 2, 3, -2, -1 ]"
        );
        assert_eq!(text("type_of(Math.floor(1.9))"), "i64");
        assert_eq!(text("[Math.floor(7), Math.round(7), Math.round(0.49999999999999994)]"), "[ 7, 7, 0 ]");
        let id = text("\"mqttjs-\" + Math.floor(Math.random() * 10000)");
        assert!(
            id.strip_prefix("mqttjs-").is_some_and(|digits| digits.parse::<u32>().is_ok_and(|n| n < 10000)),
            "{id}"
        );
    }

    #[test]
    fn takes_integers_and_floats_mixed() {
        assert_eq!(
            text("[Math.min(3, 1.5, 2), Math.max(1, 2.5, 3), Math.min(), Math.max(1, \"x\")]"),
            "[ 1.5, 3, Infinity, NaN ]"
        );
        assert_eq!(
            text("[Math.abs(-3), Math.abs(-2.5), Math.pow(2, 10), Math.pow(2, -1), Math.sqrt(16)]"),
            "[ 3, 2.5, 1024, 0.5, 4 ]"
        );
        assert_eq!(
            text("[Math.hypot(3, 4), Math.sign(-2.5), Math.PI, Math.log10(1000), Math.imul(3, 4)]"),
            "[ 5, -1, 3.141592653589793, 3, 12 ]"
        );
    }

    #[test]
    fn random_stays_below_one() {
        for _ in 0..100 {
            let number: f64 = text("Math.random()").parse().expect("a number");
            assert!((0.0..1.0).contains(&number));
        }
    }

    #[test]
    fn every_function_in_the_table_is_registered() {
        for entry in crate::api::entries::math::ENTRIES {
            let arguments = vec!["1.0"; entry.arity.0].join(", ");
            let script = match entry.kind {
                crate::api::table::Kind::Property => format!("Math.{}", entry.name),
                _ => format!("Math.{}({arguments})", entry.name),
            };
            assert!(!text(&script).is_empty(), "{script}");
        }
    }
}
