//! The five additions to Rhai, in programs that run.

use crate::support::broker::broker;
use crate::support::script::Script;

#[track_caller]
fn prints(text: &str, wanted: &str) {
    Script::new(text).stdout(wanted).run();
}

#[track_caller]
fn reports(text: &str, wanted: &str) {
    Script::new(text).code(1).stderr(wanted).run();
}

#[test]
fn errors_in_callbacks_say_where() {
    reports(
        "let a = 1;\nfn inner(x) {\n    x.nothing()\n}\n  set_timeout(|| {\n    inner(a);\n  }, 1);",
        "error: [..]`nothing`[..]
 --> main.rhai:3:7
  |
3 |     x.nothing()
  |       ^^^^^^^
note: called from a closure at main.rhai:6:5
note: in the timeout set at main.rhai:5:3
",
    );
}

#[test]
fn globals_are_seen_and_changed_everywhere() {
    prints(
        "let count = 0; const STEP = 2;
         fn tick() { count += STEP; if count == 6 { clear_interval(timer); console.log(count, later); } }
         let timer = set_interval(tick, 1);
         let later = \"declared below\";",
        "6 declared below\n",
    );
    prints(
        "let client = mqtt.connect(#{manualConnect: true});
         fn start() { let client = client; client.on(\"x\", || { console.log(client.connected, n); }); n += 1; }
         let n = 1; start(); client.emit(\"x\");",
        "false 2\n",
    );
    reports(
        "const K = 1;\nset_timeout(|| {\n  K = 2;\n});",
        "error: [..]`K`[..]
 --> main.rhai:3:3
  |
1 | const K = 1;
  |       - declared as a constant here
2 | set_timeout(|| {
3 |   K = 2;
  |   ^
help: declare it with `let K`
",
    );
}

#[test]
fn modules_have_globals_of_their_own() {
    Script::new(
        "import \"lib/counter\" as counter;
         let count = 100;
         counter::every(1, |n| { count += n; console.log(count, n); if n == 3 { counter::stop(); } });
         counter::later(|| console.log(\"from main\", count));",
    )
    .file(
        "lib/counter.rhai",
        "import \"names\" as names;
         let count = 0; let timer;
         fn every(ms, f) { timer = set_interval(|| { count += 1; f.call(count); }, ms); }
         fn stop() { clear_interval(timer); console.log(names::own(), count); }
         fn later(f) { set_immediate(f); }",
    )
    .file("lib/names.rhai", "let count = \"names\"; fn own() { count }")
    .stdout("from main 100\n101 1\n103 2\n106 3\nnames 3\n")
    .run();
}

#[test]
fn errors_in_modules_name_their_file() {
    let outcome = Script::new("import \"m\" as m;\nset_timeout(|| m::fail(1));")
        .file("m.rhai", "let a = 1;\nfn fail(x) {\n  x.nothing();\n}")
        .outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("m.rhai:3:5\n") && outcome.stderr.contains("3 |   x.nothing();"), "{outcome}");
    let outcome = Script::new("import \"m\" as m;").file("m.rhai", "let a = 1;\nlet b = ;").outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("m.rhai:2:9\n"), "{outcome}");
    let outcome = Script::new("import \"missing\" as m;").outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("main.rhai:1:") && outcome.stderr.contains("missing"), "{outcome}");
}

#[test]
fn closures_in_globals_are_called_by_name() {
    prints(
        "let publish = |topic, n| { console.log(topic, n + offset); }; let offset = 10;
         fn f() { publish(\"in fn\", 1); } f(); set_timeout(|| publish(\"in a callback\", 2)); publish(\"top\", 3);",
        "in fn 11\ntop 13\nin a callback 12\n",
    );
    let outcome = Script::new("fn f(callback) {\n  callback(1);\n}\nf(|x| x);").outcome();
    assert!(outcome.stderr.contains("main.rhai:2:3") && outcome.stderr.contains("callback.call("), "{outcome}");
}

#[test]
fn callbacks_may_take_fewer_parameters_but_not_more() {
    let broker = broker();
    prints(
        &format!(
            "let c = mqtt.connect(\"{}\");
             c.on(\"message\", |topic| {{ console.log(topic); c.end(); }});
             c.on(\"connect\", || c.subscribe(\"a\", |error, granted| {{ console.log(error, granted[0].topic); c.publish(\"a\", \"x\", |e| console.log(e)); }}));",
            broker.url()
        ),
        "undefined a\nundefined\na\n",
    );
    reports(
        "let c = mqtt.connect(#{manualConnect: true});\nc.on(\"message\", |topic, payload, packet, more| 1);",
        "error: listener for `message` takes 4 parameters, but the event gives 3 (topic, payload, packet)
 --> main.rhai:2:3
  |
2 | c.on(\"message\", |topic, payload, packet, more| 1);
  |   ^^
",
    );
    reports(
        "process.on(\"SIGINT\", |signal, more| 1);",
        "error: listener for `SIGINT` takes 2 parameters, but the event gives 1 (signal)
 --> main.rhai:1:9
  |
1 | process.on(\"SIGINT\", |signal, more| 1);
  |         ^^
",
    );
    prints(
        "let c = mqtt.connect(#{manualConnect: true}); c.on(\"mine\", |a, b, c, d, e, f, g| console.log(a, g)); c.emit(\"mine\", 1);",
        "1 undefined\n",
    );
}

#[test]
fn words_as_names() {
    prints(
        "let o = #{default: 1, new: 2, with: 3, go: 4, sync: 5, switch: 6, in: 7, loop: 8, null: 9, if: 10, fn: 11};
         console.log(o.default + o.new + o.with + o.go + o.sync + o.switch + o.in + o.loop + o.null + o.if + o.fn);
         o.default = -1; console.log(o.default -1); let x = null; console.log(x == (), JSON.stringify(#{a: null}));",
        "66\n-2\ntrue {\"a\":null}\n",
    );
}

#[test]
fn numbers_print_as_in_javascript() {
    prints(
        "console.log(2.0, 2.5, 1e21, 0.1 + 0.2, -0.0); print(3.0); console.log(\"a\" + 4.0, `${5.0}`, [6.0, 1.5], #{x: 7.0});
         let half = 0.5; console.log(half + half, 10 / 4, 10.0 / 4);",
        "2 2.5 1e+21 0.30000000000000004 -0\n3\na4 5 [ 6, 1.5 ] { x: 7 }\n1 2 2.5\n",
    );
}

#[test]
fn functions_that_are_called_like_a_method_of_the_host() {
    prints(
        "let client = mqtt.connect(#{manualConnect: true});
         fn end() { console.log(\"end\"); client.end(|| console.log(\"ended\")); }
         fn on(x) { client.on(x, || console.log(\"listener\")); }
         fn log(text) { console.log(`<${text}>`); }
         on(\"x\"); client.emit(\"x\"); log(\"own\"); end();",
        "listener\n<own>\nend\nended\n",
    );
    prints(
        "fn double() { this * 2 } fn add(n) { this.total += n; } let o = #{total: 1}; o.add(4); console.log(21.double(), o.total);",
        "42 5\n",
    );
    let broker = broker();
    prints(
        &format!(
            "let client = mqtt.connect(\"{}\");
             fn publish(topic, text) {{ console.log(\"publishing\", text); client.publish(topic, text); }}
             fn subscribe(topic) {{ client.subscribe(topic, || publish(topic, \"hi\")); }}
             client.on(\"message\", |t, m| {{ console.log(m.to_string()); client.end(); }});
             client.on(\"connect\", || subscribe(\"a\"));",
            broker.url()
        ),
        "publishing hi\nhi\n",
    );
}

#[test]
fn for_variables() {
    prints(
        "for i in 0..3 { set_immediate(|| console.log(i)); } for i in 0..3 { let k = i; set_immediate(|| console.log(k)); }",
        "2\n2\n2\n0\n1\n2\n",
    );
}

#[test]
fn javascript_that_was_left_in() {
    for (text, place) in [
        ("var a = 1;", "1:1"),
        ("let a = 1;\nif a === 1 { }", "2:6"),
        ("let f = function(a) { return a; };", "1:9"),
        ("console.log('text');", "1:13"),
        ("let i = 0;\ni++;", "2:2"),
        ("let a = true ? 1 : 2;", "1:14"),
        ("set_timeout(() => 1, 5);", "1:"),
        ("let d = new Foo();", "1:9"),
        ("mqtt.connect({clientId: \"x\"});", "1:14"),
    ] {
        let outcome = Script::new(text).outcome();
        assert_eq!(outcome.code, Some(1), "{text} {outcome}");
        assert!(outcome.stderr.contains(&format!("--> main.rhai:{place}")), "{text} {outcome}");
        assert!(outcome.stderr.contains("help: "), "{text} {outcome}");
    }
}
