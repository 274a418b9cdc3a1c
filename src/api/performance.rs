//! `performance.now()`.

use std::cell::OnceCell;
use std::time::Instant;

use rhai::Engine;

/// The object `performance`.
#[derive(Clone)]
pub struct Performance;

thread_local! {
    static START: OnceCell<Instant> = const { OnceCell::new() };
}

/// Milliseconds since [`register`] was first called on this thread, whole microseconds.
pub fn now() -> f64 {
    let start = START.with(|start| *start.get_or_init(Instant::now));
    // Micro- to milliseconds; a program that runs for 285 years loses digits.
    start.elapsed().as_micros() as f64 / 1000.0
}

/// Registers `performance.now` and starts its clock.
pub fn register(engine: &mut Engine) {
    now();
    engine.register_type_with_name::<Performance>("performance").register_fn("now", |_: &mut Performance| now());
}

#[cfg(test)]
mod tests {
    use rhai::{Engine, Scope};

    #[test]
    fn time_goes_on_in_whole_microseconds() {
        let mut engine = Engine::new();
        super::register(&mut engine);
        let mut scope = Scope::new();
        scope.push("performance", super::Performance);
        let script = "let a = performance.now(); let b = performance.now(); [b >= a, a >= 0.0, type_of(a)]";
        let result = engine.eval_with_scope::<rhai::Array>(&mut scope, script).expect("the script runs");
        assert_eq!(format!("{result:?}"), "[true, true, \"f64\"]");
        let microseconds = super::now() * 1000.0;
        assert!((microseconds - microseconds.round()).abs() < 1e-3, "{microseconds}");
    }
}
