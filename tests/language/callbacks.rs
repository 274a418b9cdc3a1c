//! Closures called from the event loop.

use std::rc::Rc;

use mqttscript::event_loop::callback::Callback;
use rhai::{Dynamic, FnPtr, NativeCallContext};

use crate::harness::{Host, on_script_thread, prints, run_error};

#[test]
fn fewer_and_missing_arguments() {
    let host = Host::new();
    host.run("let n = 7; keep(|| n); keep(|a| a); keep(|a, b, c| c); keep(named); fn named(a, b) { a + b }").unwrap();
    let arguments = || vec![Dynamic::from(1), Dynamic::from(2)];
    assert_eq!(host.call(0, arguments()).unwrap().as_int(), Ok(7));
    assert_eq!(host.call(1, vec![Dynamic::from(1_i64), Dynamic::from(2_i64)]).unwrap().as_int(), Ok(1));
    assert!(host.call(2, arguments()).unwrap().is_unit());
    assert_eq!(host.call(3, vec![Dynamic::from(1_i64), Dynamic::from(2_i64)]).unwrap().as_int(), Ok(3));
}

#[test]
fn too_many_parameters_are_an_error_where_they_are_registered() {
    let error = run_error("listen(|a, b, c| 1);\n listen(|a, b, c, d| 1);");
    assert_eq!(error.position().line(), Some(2));
    assert_eq!(
        error.to_string(),
        "Runtime error: listener for `message` takes 4 parameters, but the event gives 3 (topic, payload, packet) (line 2, position 2)"
    );
    prints("let n = 1; fn f(k) { listen(|a, b, c| print(n + k)); } f(2);", "3");
}

#[test]
fn where_they_come_from() {
    let host = Host::new();
    host.run("let a = 1;\n  keep(|| fail());").unwrap();
    let callback = host.kept.borrow()[0].clone();
    assert_eq!(callback.origin().source.as_deref(), Some("main.rhai"));
    assert_eq!((callback.origin().position.line(), callback.origin().position.position()), (Some(2), Some(3)));
    let error = host.call(0, vec![]).unwrap_err();
    // The place of the mistake; no call in the script led to the closure.
    assert_eq!(error.unwrap_inner().position().line(), Some(2), "{error}");
    assert!(error.position().is_none(), "{error}");
    assert!(error.to_string().contains("it failed"));
}

#[test]
fn a_timer_that_starts_itself_anew_does_not_nest() {
    let host = Host::new();
    host.run("let n = 0; fn tick() { n += 1; keep(|| tick()); } tick();").unwrap();
    for index in 0..1000 {
        let _ = host.call(index, vec![]).unwrap();
    }
    host.run("").unwrap();
}

#[test]
fn calls_within_calls() {
    on_script_thread(|| {
        let mut host = Host::new();
        let kept = host.kept.clone();
        host.engine.register_fn("again", move |context: NativeCallContext| {
            let callback: Rc<Callback> = kept.borrow()[0].clone();
            callback.call(context.engine(), &mut []).map(|_| ())
        });
        host.run("let n = 0; keep(|| { n += 1; if n < 5 { again(); } print(n); });").unwrap();
        host.call_all();
        assert_eq!(host.output(), "5 5 5 5 5");

        host.kept.borrow_mut().clear();
        host.run("let calls = 0; keep(|| { calls += 1; again(); }); keep(|| print(calls < 256 && calls > 30));")
            .unwrap();
        let error = host.call(0, vec![]).unwrap_err().to_string();
        assert!(error.contains("overflow"), "{error}");
        host.printed.borrow_mut().clear();
        let _ = host.call(1, vec![]).unwrap();
        assert_eq!(host.output(), "true");
    });
}

#[test]
fn panics_become_errors() {
    let mut host = Host::new();
    host.engine.register_fn("panic", || -> () {
        std::cell::RefCell::new(1).try_borrow_mut().map(|_| panic!("already borrowed: test")).unwrap()
    });
    host.run("let n = 1; keep(|| panic()); keep(|| n += 1); keep(|| print(n));").unwrap();
    assert!(host.call(0, vec![]).unwrap_err().to_string().contains("Data race"));
    assert!(host.call(0, vec![]).is_err());
    let _ = host.call(1, vec![]).unwrap();
    let _ = host.call(2, vec![]).unwrap();
    assert_eq!(host.output(), "2");
}

#[test]
fn the_same_function() {
    let mut host = Host::new();
    let kept = host.kept.clone();
    host.engine.register_fn("is_kept", move |index: i64, f: FnPtr| kept.borrow()[index as usize].same_function(&f));
    host.run(
        "let n = 0; fn make(k) { || n += k } let f = make(1); let g = make(2); let h = |x| n; let v = 1;
         keep(f); keep(named); keep(h); fn named() {}
         print(is_kept(0, f)); print(is_kept(0, g)); print(is_kept(0, make(1))); print(is_kept(1, named)); print(is_kept(1, Fn(\"named\")));
         print(is_kept(2, h)); print(is_kept(2, f)); print(is_kept(0, f.curry(1)));",
    )
    .unwrap();
    assert_eq!(host.output(), "true false false true true true false false");
}

#[test]
fn functions_may_be_redeclared_as_overloads() {
    let host = Host::new();
    host.run("fn f(a) { print(a); } fn f(a, b) { print(a + b); } listen(Fn(\"f\")); let g = f; listen(g);").unwrap();
    let _ = host.call(0, vec![Dynamic::from(1_i64), Dynamic::from(2_i64), Dynamic::from(3_i64)]).unwrap();
    assert_eq!(host.output(), "3");
}
