//! Top-level variables are global.

use rhai::Dynamic;

use crate::harness::{Host, compile_error, prints, run_error};

#[test]
fn functions_read_and_write_globals() {
    prints("let count = 1; fn add(n) { count += n; } add(2); add(3); print(count);", "6");
    prints("fn show() { print(`${later} ${greeting}`); } let later = 1; const greeting = \"hi\"; show();", "1 hi");
}

#[test]
fn functions_and_globals_may_be_declared_further_down() {
    prints("start(); print(timer); fn start() { timer = 7; } let timer;", "7");
    prints("keep(|| stop(timer)); let timer = 3; fn stop(t) { print(t); }", "3");
    prints("keep(|| keep2(handler)); fn keep2(f) { f.call(1); } fn handler(x) { print(x); }", "1");
}

#[test]
fn constants_are_found_by_their_full_name_too() {
    prints("const A = 1; fn f() { global::A } print(f()); keep(|| print(global::A));", "1 1");
    // Whatever the program did before.
    prints("print(1);\nkeep(|| print(global::A)); keep(|| { print(A); print(global::A); });\nconst A = 2;", "1 2 2 2");
}

#[test]
fn contents_of_globals_change_in_place() {
    prints(
        "let list = [1]; let map = #{}; fn change() { list.push(2); list[0] += 4; map.key = 1; map[\"n\"] = [1]; map.n[0] = 9; } change();
         keep(|| { list.push(3); map.key += 1; }); keep(|| { print(list); print(map); });",
        "[5, 2, 3] #{\"key\": 2, \"n\": [9]}",
    );
    prints("let list = [1, 2]; keep(|| { list.clear(); list += 5; print(list.pop()); print(list.len); });", "5 0");
    prints("let list = [3, 1]; fn f() { let l = list; l.push(0); for x in list { print(x); } } f();", "3 1");
}

#[test]
fn parameters_and_locals_shadow() {
    prints("let x = 1; fn f(x) { x = 2; print(x); } f(5); print(x);", "2 1");
    prints("let x = 1; fn f() { let x = 3; x += 1; print(x); } f(); print(x);", "4 1");
    prints("let x = 1; fn f() { x = 5; let x = 3; { let x = 4; print(x); } print(x); } f(); print(x);", "4 3 5");
    prints("let x = 1; { let x = 2; keep(|| { x += 1; print(x); }); } keep(|| print(x));", "3 1");
    prints("let x = 1; if true { x = 2; let x = 3; } print(x);", "2");
}

#[test]
fn a_captured_local_wins_over_a_global() {
    prints("let x = 1; fn f() { let x = 10; keep(|| { x += 1; print(x); }); } f(); keep(|| print(x));", "11 1");
    prints("let x = 1; fn f() { let y = 10; keep(|| { y += x; x += 1; print(y); }); } f(); f(); print(x);", "1 11 12");
    prints("let c = 1; fn f(c) { keep(|| { c.add(\"a\"); print(c.count); }); } f(new_log());", "1");
}

#[test]
fn nested_closures() {
    prints(
        "let n = 0; let f = || { let k = 5; || { n += k; || { n += 1; k += 1; } } }; f.call().call().call(); print(n);",
        "6",
    );
    prints("let n = 1; fn make() { |a| { |b| a + b + n } } let g = make().call(10); n = 2; print(g.call(100));", "112");
}

#[test]
fn loops() {
    prints("for i in 0..3 { keep(|| print(i)); }", "2 2 2");
    prints("for i in 0..3 { let k = i; keep(|| print(k)); }", "0 1 2");
    prints("let i = 9; for i in 0..2 { print(i); } print(i);", "0 1 9");
    prints(
        "for (x, i) in [5, 6] { print(x * i); } let n = 0; while n < 2 { n += 1; let m = n; keep(|| print(m)); }",
        "0 6 1 2",
    );
    prints(
        "let sum = 0; fn f() { for x in [1, 2] { sum += x; } loop { sum += 1; if sum > 4 { break; } } } f(); print(sum);",
        "5",
    );
}

#[test]
fn every_statement_uses_globals() {
    prints("let k = 2; fn f() { switch k { 1 => print(1), 2 => print(22), _ => print(3) } } f();", "22");
    prints("let e = 5; fn f() { try { throw e; } catch (e) { print(e); e = 6; } print(e); } f();", "5 5");
    prints("let t = #{n: 1, up: || this.n += step}; let step = 4; fn f() { t.up(); print(t.n); } f();", "5");
    prints(
        "let a = 3; fn f() { let b = if a > 2 { a } else { 0 }; do { a -= 1 } while a > 0; b + a } print(f());",
        "3",
    );
    prints("let a = [1, 2, 3]; let k = 2; print(a.map(|x| x * k)); print(a.filter(|x| x >= k).len);", "[2, 4, 6] 2");
    prints("let x = (); fn f() { x ?? 4 } print(f()); fn g() { x = #{}; x?.y } print(g() == ());", "4 true");
}

#[test]
fn redeclaration_as_with_var() {
    prints("let c = 1; fn f() { c } print(f()); let c = \"two\"; print(f()); const d = 1; print(d);", "1 two 1");
    prints("const a = 1; let a = 2; a = 3; print(a);", "3");
}

#[test]
fn kinds_of_values() {
    prints("let x; fn f() { type_of(x) } print(f()); x = 1.5; print(f()); x = [1]; print(f());", "() f64 array");
    prints("let x = 1; fn f() { is_shared(x) } print(f()); print(type_of(x)); print(x.type_of());", "true i64 i64");
    prints("let a = [1]; let b = a; b.push(2); print(a.len); print(b.len);", "1 2");
    prints("fn f(n) { depth += 1; if n > 0 { f(n - 1); } } let depth = 0; f(20); print(depth);", "21");
    prints("const A = 5; fn f() { global::A + 1 } print(f());", "6");
    prints("let a = 1; eval(\"a += 1; let b = a;\"); print(a);", "2");
}

#[test]
fn host_objects_come_after_globals() {
    prints(
        "fn f() { print(host); log.add(\"a\"); print(log.count); } f(); let x = || host; print(x.call());",
        "the host 1 the host",
    );
    prints("const l = log; fn f() { l.first = \"a\"; l.add(\"b\"); print(l.count); } f();", "2");
    prints("let host = 5; fn f() { print(host); } f();", "5");
    assert!(run_error("host = 5;").to_string().contains("host"));
}

#[test]
fn constants_stay_unassignable() {
    let message = "`K` is a constant and cannot be assigned to";
    assert_eq!(compile_error("const K = 1; K = 2;"), (message.into(), 1, 14));
    assert_eq!(compile_error("fn f() {\n  K = 2; }\nconst K = 1;"), (message.into(), 2, 3));
    assert_eq!(compile_error("const K = 1;\nkeep(|| { K += 2 });"), (message.into(), 2, 11));
    assert_eq!(compile_error("const K = 1;\nfn f() { keep(|a| { keep(|| K -= a) }); }"), (message.into(), 2, 29));
    assert_eq!(compile_error("const K = 1; if true { for i in 0..3 { K = i; } }"), (message.into(), 1, 40));
    prints(
        "const K = 1; fn f() { let K = 2; keep(|| { K = 3; print(K); }); } f(); fn g(K) { K = 4; print(K); } g(1);",
        "4 3",
    );
    prints(
        "const K = 1; let f = |K| { K = 4; keep(|| K += 1); keep(|| print(K)); }; f.call(0); { let K = 0; K = 1; }",
        "5",
    );
    prints("const L = [1]; fn f() { L.push(2); print(L.len); } f();", "2");
    let local = compile_error("fn f() { const K = 1; K = 2; }").0;
    assert_eq!(local, message);
}

#[test]
fn callable_globals() {
    prints("let f = |x| x + 1; print(f(2)); fn g() { f(3) } print(g()); keep(|| print(f(4)));", "3 4 5");
    prints(
        "let f = |x| x + n; let n = 10; print(f(2)); let add = Fn(\"plus\").curry(5); fn plus(a, b) { a + b } print(add(1));",
        "12 6",
    );
    prints("fn make(k) { |x| x * k } let double = make(2); fn f() { double(21) } print(f());", "42");
    prints("let fact = |n| if n < 2 { 1 } else { n * fact(n - 1) }; print(fact(5));", "120");
    prints("let p = Fn(\"to_string\"); print(p(5));", "5");
    prints("let l = [1, 2]; let size = |list| list.len; print(size(l)); print(l);", "2 [1, 2]");
}

#[test]
fn callable_globals_keep_their_arity() {
    let error = run_error("let f = |x| x;\n  f(1, 2);");
    assert_eq!((error.position().line(), error.position().position()), (Some(2), Some(3)));
    assert!(error.to_string().contains("f (i64, i64)"), "{error}");
    let host = Host::new();
    host.run("let f = |x, y| x + n; let n = 1; let m = 5;").unwrap();
    assert_eq!(host.language.parameters_of("main.rhai", "f"), Some(2));
    assert_eq!(host.language.parameters_of("main.rhai", "m"), None);
}

#[test]
fn a_failing_function_is_not_a_missing_one() {
    let error = run_error("let other = || 1; fail();");
    assert!(error.to_string().contains("it failed"), "{error}");
    let error = run_error("let f = || fail();\nf();");
    assert!(error.to_string().contains("it failed") && error.to_string().contains("'f'"), "{error}");
    assert!(run_error("fn g(f) { f(2) } g(|x| x);").to_string().contains("f (i64)"));
}

#[test]
fn a_method_on_a_global_may_run_closures_that_use_it() {
    prints("let l = new_log(); l.add(\"a\"); fn f() { l.during(|| print(\"run\")); } f(); print(l.count);", "run 1");
}

#[test]
fn clearing_frees_what_globals_hold() {
    let host = Host::new();
    host.run("let l = log; let f = || l.add(\"a\"); f();").unwrap();
    host.language.clear();
    assert!(host.language.names("main.rhai").contains(&"host".to_string()));
}

#[test]
fn a_name_that_is_a_local_elsewhere() {
    prints(
        "let x = 1; fn f() { let x = 10; let g = loop { break || { x += 1; x }; }; print(g.call()); } f(); print(x);",
        "11 1",
    );
    prints("let x = 1; let g = |x| { || { x += 1; x } }; print(g.call(5).call()); keep(|| print(x));", "6 1");
    prints("let x = 1; for x in 5..6 { keep(|| print(x)); } keep(|| print(x));", "5 1");
    prints("let x = 1; fn f() { try { throw 7; } catch (x) { keep(|| print(x)); } } f(); keep(|| print(x));", "7 1");
    prints("fn f(host) { keep(|| print(host)); } f(3); keep(|| print(host));", "3 the host");
    // A parameter that nobody uses is handed over all the same.
    let host = Host::new();
    host.run("let b = 7; let c = 1; keep(|a, b, d| a + c + d); keep(|b| c);").unwrap();
    let arguments = || (1..=3).map(|number: i64| Dynamic::from(number * 10)).collect();
    assert_eq!(host.call(0, arguments()).unwrap().as_int(), Ok(41));
    assert_eq!(host.call(1, arguments()).unwrap().as_int(), Ok(1));
}

#[test]
fn code_that_is_parsed_as_it_runs_has_locals_of_its_own() {
    prints("let x = 1; fn f() { let x = 5; print(eval(\"x + 1\")); } f(); keep(|| print(x));", "6 1");
    prints("let x = 1; fn f() { eval(\"let x = 3; x += 1;\"); print(x); } f(); keep(|| print(x));", "4 1");
}
