//! Which names closures capture, as their parameters show: a captured name is one more.

use rhai::Position;

use crate::harness::{Host, prints, run_error};

/// The parameters of each closure in `text`, those with captured names first.
#[track_caller]
fn closures(text: &str) -> Vec<String> {
    let program = Host::new().compile(text).unwrap_or_else(|error| panic!("{error:?}"));
    let functions = program.ast().iter_functions().filter(|function| function.name.starts_with("anon$"));
    let mut closures: Vec<String> = functions.map(|function| function.params.join(" ")).collect();
    closures.sort();
    closures
}

#[test]
fn globals_and_host_objects_are_not_captured() {
    assert_eq!(closures("let n = 1;\nkeep(|x| { n += x; print(n); log.add(host); });"), ["x"]);
    assert_eq!(closures("let n = 1;\nfn f(own) { keep(|| { n += own; keep(|| { n += own; }); }); }"), ["own", "own"]);
    // Also where they are declared further down.
    assert_eq!(closures("print(1);\nkeep(|| print(n)); let n = 1;"), [""]);
}

#[test]
fn closures_before_the_first_line_ends_capture_what_they_use() {
    assert_eq!(closures("let n = 1; keep(|| print(n));"), ["n"]);
    assert_eq!(closures("let n = 1; keep(|| print(n))"), ["n"]);
    assert_eq!(closures("let n = 1; keep(|| print(n)) // no end"), ["n"]);
    // All closures of a source treat a name alike.
    assert_eq!(closures("let n = 1; keep(|| print(n));\nkeep(|| n += 1); keep(|| m = 1); let m;"), ["", "n", "n"]);
    assert_eq!(closures("fn f() { keep(|| n += 1); }\nlet n = 1;\n"), ["n"]);
}

#[test]
fn names_that_are_locals_somewhere_are_captured() {
    for local in [
        "fn f(n) { keep(|| n += 1); }",
        "fn f() { let n = 1; keep(|| n += 1); }",
        "fn f() { for n in 0..1 { keep(|| n += 1); } }",
        "fn f() { for (x, n) in 0..1 { keep(|| n += 1); } }",
        "fn f() { try { throw 1; } catch (n) { keep(|| n += 1); } }",
        "if true { const n = 1; keep(|| print(n)); }",
        "keep(|n| keep(|| n += 1));",
        "loop { break { let n = 1; keep(|| n += 1); }; }",
        "let text = `${{ let n = 1; keep(|| n += 1); n }}`;",
        "switch 1 { 1 => { let n = 1; keep(|| n += 1); } }",
    ] {
        let text = format!("let n = 0;\n{local}\nkeep(|| n += 2);");
        assert!(closures(&text).contains(&"n".to_string()), "{text}: {:?}", closures(&text));
    }
    // What a script gives by itself is a parameter too.
    prints("let n = 1;\nlet f = curry(|n| [1].map(|x| x + n), 5);\nprint(f.call());", "[6]");
    // A function of the same name, and what looks for names as it runs.
    assert_eq!(closures("let n = 0;\nfn n() { 1 }\nkeep(|| m + n()); let m = 1;"), [""]);
    assert_eq!(closures("let n = 0;\nkeep(|| n += 1); eval(\"let n = 5;\");"), ["n"]);
    prints("let n = 1;\nkeep(|| { n; print(is_def_var(\"n\")); });", "true");
}

#[test]
fn a_local_of_the_same_name_stays_the_one_that_is_meant() {
    prints(
        "let n = 1;
         fn f(n) { keep(|| { n += 10; print(n); }); }
         fn g() { let n = 5; keep(|| { n += 10; print(n); }); }
         f(3); g(); for n in 7..8 { keep(|| print(n)); } if true { let n = 9; keep(|| print(n)); }
         try { throw 11; } catch (n) { keep(|| print(n)); }
         keep(|| { n += 1; print(n); });",
        "13 15 7 9 11 2",
    );
}

#[test]
fn functions_named_like_globals_stay() {
    prints("let show = 1;\nfn show(x) { print(x); }\nkeep(|| show(show + 1));", "2");
    prints("let n = 1;\nkeep(|| print(n)); let f = |x| x + n; keep(|| print(f(1)));", "1 2");
}

#[test]
fn what_follows_keeps_its_place() {
    for start in
        ["let n = 1;", "let n = \"ä;{\"; // ; a comment", "let n = 1; /* two\nlines */", "#!/bin/sh\nlet n = 1;\r"]
    {
        let text = format!("{start}\nkeep(|| print(n)); throw 1;");
        assert_eq!(closures(&text), [""], "{text}");
        let place = Position::new(start.split('\n').count() as u16 + 1, 20);
        assert_eq!(run_error(&text).position(), place, "{text}");
    }
    // The rest of a first line with more in it.
    assert_eq!(run_error("let n = 1; keep(|| print(n)); throw 1;").position(), Position::new(1, 31));
}
