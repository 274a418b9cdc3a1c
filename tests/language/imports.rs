//! `import`.

use std::path::Path;

use mqttscript::api::error::ErrorValue;
use rhai::EvalAltResult;

use crate::harness::{Host, behind_a_line};

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

/// Also where the texts stand [behind a line](behind_a_line).
#[track_caller]
fn prints(files: &[(&str, &str)], main: &str, expected: &str) {
    let moved: Vec<_> = files.iter().map(|(name, text)| (*name, behind_a_line(text))).collect();
    let moved: Vec<_> = moved.iter().map(|(name, text)| (*name, text.as_str())).collect();
    for (files, main) in [(files, main.to_string()), (&moved, behind_a_line(main))] {
        let directory = directory(files);
        let (host, _) = Host::importing(directory.path());
        host.run(&main).unwrap_or_else(|error| panic!("{error}"));
        host.call_all();
        assert_eq!(host.output(), expected, "in {main}");
    }
}

#[track_caller]
fn error(files: &[(&str, &str)], main: &str) -> (String, String) {
    let directory = directory(files);
    let (host, _) = Host::importing(directory.path());
    let error = host.run(main).unwrap_err();
    let text = error.to_string().replace(&format!("{}/", directory.path().display()), "");
    (text, format!("{:?}", error.position()))
}

#[test]
fn found_relative_to_the_importing_file() {
    let files = [
        (
            "lib/a.rhai",
            "import \"b\" as b; import \"../c.rhai\" as c; import \"top\" as t; fn f() { b::f() + c::f() + t::f() }",
        ),
        ("lib/b.rhai", "fn f() { \"b\" }"),
        ("c.rhai", "fn f() { \"c\" }"),
        ("top.rhai", "fn f() { \"t\" }"),
    ];
    prints(&files, "import \"lib/a\" as a; print(a::f());", "bct");
    prints(&files, "import \"./lib/../lib/a.rhai\" as a; fn g() { a::f() } print(g());", "bct");
    prints(&[], "import \"greeting\" as g; print(g::greet(\"you\"));", "hello you");
    prints(&[("greeting.rhai", "fn greet(x) { \"mine\" }")], "import \"greeting\" as g; print(g::greet(1));", "mine");
}

#[test]
fn modules_have_globals_of_their_own() {
    let files = [(
        "m.rhai",
        "\u{feff}let count = 10; export const limit = 3; export let last = 0; let hidden = 1;
         fn up() { count += 1; last = count; inner(); count }
         private fn inner() { hidden += 1; }
         fn each(f) { f.call(1); } fn later(f) { keep(f); keep(|| { count += 1; print(`m${count}`); }); }
         fn hidden_now() { hidden }",
    )];
    prints(
        &files,
        "let count = 1; import \"m\" as m; m::up(); print(m::up()); print(count); print(m::limit); print(m::last); print(m::hidden_now());",
        "12 1 3 12 3",
    );
    prints(
        &files,
        "import \"m\" as m; let count = 5; let f = |x| print(x); m::each(|x| { count += x; f(count); show(); }); fn show() { print(count); }",
        "6 6",
    );
    prints(
        &files,
        "import \"m\" as m; let count = 5; m::later(|| { count += 1; show(); }); fn show() { print(count); }",
        "6 m11",
    );
}

#[test]
fn closures_that_use_modules_stay_callable() {
    let files = [("m.rhai", "let n = 0; fn next() { n += 1; n } fn twice(f) { f.call() + f.call() }")];
    prints(&files, "import \"m\" as m; keep(|| print(m::next())); keep(|| print(m::next()));", "1 2");
    prints(
        &files,
        "import \"m\" as m; fn go_on() { m::next() } keep(|| { print(go_on()); keep2(); }); fn keep2() { print(m::twice(|| m::next())); }",
        "1 5",
    );
    prints(&files, "keep(|| { import \"m\" as m; print(m::next()); });", "1");
}

#[test]
fn closures_that_leave_their_module_stay_callable() {
    let files = [
        ("m.rhai", "import \"k\" as k; let n = 0; fn counter(step) { |x| { n += step; helper(x) + k::one() } } fn helper(x) { n + x } export let direct = |x| x + n;
          fn maybe() { |x| print(x == ()) }
          fn map() { #{up: |x| x + n + k::one()} }"),
        ("k.rhai", "fn one() { 1 }"),
    ];
    prints(
        &files,
        "import \"m\" as m; let c = m::counter(5); print(c.call(100)); print(c(100)); fn f() { c(0) } print(f());",
        "106 111 16",
    );
    prints(
        &files,
        "import \"m\" as m; keep(m::maybe()); let d = m::direct; print(d(1)); print(m::direct.call(2)); print(m::map().up(5)); keep(|| print(d(0)));",
        "1 2 6 true 0",
    );
}

#[test]
fn a_callback_of_a_module_gets_the_arguments_it_takes() {
    let directory = directory(&[("m.rhai", "fn make() { |a| print(a) } fn none() { || print(\"none\") }")]);
    let (host, _) = Host::importing(directory.path());
    host.run("import \"m\" as m; listen(m::make()); listen(m::none());").unwrap();
    let _ = host.call(0, vec![1_i64.into(), 2_i64.into(), 3_i64.into()]).unwrap();
    let _ = host.call(1, vec![1_i64.into(), 2_i64.into(), 3_i64.into()]).unwrap();
    assert_eq!(host.output(), "1 none");
}

#[test]
fn loaded_once_and_recorded() {
    let directory =
        directory(&[("m.rhai", "print(\"loaded\"); fn f() { 1 }"), ("n.rhai", "import \"m\" as m; fn g() { m::f() }")]);
    let (host, modules) = Host::importing(directory.path());
    host.run("import \"m\" as m; import \"n\" as n; import \"./m.rhai\" as again; print(n::g() + again::f());")
        .unwrap();
    assert_eq!(host.output(), "loaded 2");
    let names: Vec<_> = modules.paths().iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["m.rhai", "n.rhai"]);
}

#[test]
fn a_missing_module_names_the_files_tried() {
    let directory = directory(&[]);
    let (host, _) = Host::importing(directory.path());
    let error = host.run("let a = 1;\nimport \"lib/x\" as x;").unwrap_err();
    let EvalAltResult::ErrorRuntime(value, position) = *error else { panic!("{error}") };
    let value = value.cast::<ErrorValue>();
    let message = value.message().replace(&format!("{}/", directory.path().display()), "");
    assert_eq!(message, "module `lib/x` not found, tried `lib/x.rhai`, `lib/x`");
    assert_eq!((position.line(), position.position()), (Some(2), Some(8)));
}

#[test]
fn errors_in_a_module_keep_their_place() {
    let (text, _) = error(&[("m.rhai", "fn f() {\n  let = 1; }")], "import \"m\" as m;");
    assert!(text.contains("line 2, position 7") && text.contains("m.rhai"), "{text}");
    let (text, _) = error(&[("m.rhai", "let a = 1;\n a.missing;")], "import \"m\" as m;");
    assert!(text.contains("line 2") && text.contains("m.rhai"), "{text}");
    let (text, _) = error(&[("m.rhai", "const a = 1;\nfn f() { a = 2; }")], "import \"m\" as m;");
    assert!(text.contains("line 2, position 10"), "{text}");
}

#[test]
fn modules_that_import_each_other() {
    let (text, _) = error(&[("a.rhai", "import \"b\" as b;"), ("b.rhai", "import \"a\" as a;")], "import \"a\" as a;");
    assert!(text.contains("modules import each other: a.rhai -> b.rhai -> a.rhai"), "{text}");
}

#[test]
fn the_source_of_a_module_is_at_hand() {
    let directory = directory(&[("m.rhai", "let a = 1;")]);
    let (host, _) = Host::importing(directory.path());
    host.run("import \"m\" as m;").unwrap();
    let name = Path::new(directory.path()).join("m.rhai").display().to_string();
    assert_eq!(host.language.source(&name).unwrap().text, "let a = 1;");
}

#[test]
fn names_that_two_sources_declare() {
    let files = [
        ("a.rhai", "let n = 100; fn watch() { keep(|| { n += 1; print(n); }); } fn run(f) { f.call() }"),
        ("b.rhai", "fn local(n) { keep(|| { n += 1; print(n); }); }"),
    ];
    let main =
        "let n = 1; keep(|| { n += 1; print(n); }); import \"a\" as a; a::watch(); import \"b\" as b; b::local(50);
                keep(|| { n += 1; print(n); }); keep(|| a::run(|| print(n)));";
    prints(&files, main, "2 101 51 3 3");
    // As before where only one does.
    prints(&files, "import \"a\" as a; a::watch(); let k = 5; keep(|| a::run(|| { k += 1; print(k); }));", "101 6");
    // Of no other source: this one is found nowhere.
    let (text, _) = error(&[("c.rhai", "fn f() { n }")], "let n = 1; import \"c\" as c; n += 1; c::f();");
    assert!(text.contains("Variable not found: n"), "{text}");
    prints(
        &[("d.rhai", "fn n() { 7 } fn f() { let g = || n; g.call().call() }")],
        "let n = 1; import \"d\" as d; n += 1; print(d::f());",
        "7",
    );
    prints(&files, "let host = 2; import \"a\" as a; keep(|| print(host)); keep(|| a::run(|| print(host)));", "2 2");
}

#[test]
fn closures_of_one_text_in_two_sources() {
    let text = "let log = []; let add = |m| log.push(m); fn run(m) { add.call(m) } fn show() { print(log); }";
    let copies = [("a.rhai", text), ("b.rhai", text)];
    prints(
        &copies,
        "import \"a\" as a; import \"b\" as b; a::run(1); b::run(2); b::run(3); a::show(); b::show();",
        "[1] [2, 3]",
    );
    let same = "let n = 10; let f = || { n += 1; n }; fn own() { f.call() }";
    let files = [("a.rhai", "let n = 50; let f = || { n += 1; n }; fn own() { f.call() } fn run(g) { g.call() }")];
    let main = format!("{same} import \"a\" as a; print(a::run(f)); print(a::own()); print(own());");
    prints(&files, &main, "11 51 12");
    let files = [("a.rhai", "export const hello = || print(name); const name = \"a\";")];
    prints(
        &files,
        "export const hello = || print(name); const name = \"main\"; import \"a\" as a; a::hello.call(); hello();",
        "a main",
    );
}

#[test]
fn closures_that_a_module_calls_after_an_eval() {
    let files = [("a.rhai", "let x = 50; fn run(f) { eval(\"let z = 1;\"); f.call() }")];
    prints(&files, "let x = 5;\nimport \"a\" as a; print(a::run(|| x)); print(a::run(|| { x += 1; x }));", "5 6");
}
