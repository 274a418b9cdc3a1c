//! Timers: order, arguments, clearing.

use crate::support::PATIENCE;
use crate::support::script::Script;

#[track_caller]
fn prints(text: &str, wanted: &str) {
    Script::new(text).stdout(wanted.split_whitespace().map(|line| format!("{line}\n")).collect::<String>()).run();
}

#[test]
fn deadline_then_creation() {
    prints(
        "set_timeout(|| console.log(\"c\"), 30); set_timeout(|| console.log(\"a\"), 1); set_timeout(|| console.log(\"b\"), 1);
         set_timeout(|| console.log(\"d\"), 30); sleep(60);",
        "a b c d",
    );
    // 0, 1, negative and missing are the same; fractions count.
    prints(
        "set_timeout(|| console.log(\"a\"), 0); set_timeout(|| console.log(\"b\")); set_timeout(|| console.log(\"c\"), -5); set_timeout(|| console.log(\"d\"), 1);
         set_timeout(|| console.log(\"f\"), 1.9); set_timeout(|| console.log(\"e\"), 1.5); sleep(20);",
        "a b c d e f",
    );
}

#[test]
fn a_hundred_thousand() {
    let text = "let last = -1; let sorted = true; let count = 0;
         fn due(i) { if i != last + 1 { sorted = false; } last = i; count += 1; }
         for i in 0..100000 { set_timeout(due, 1, i); }
         process.on(\"exit\", || console.log(count, sorted));";
    // Some seconds in a debug build.
    Script::new(text).timeout(3 * PATIENCE).stdout("100000 true\n").run();
}

#[test]
fn clearing() {
    prints("let t = set_timeout(|| console.log(\"no\")); clear_interval(t);", "");
    prints("let t = set_interval(|| console.log(\"no\"), 1); clear_timeout(t);", "");
    prints(
        "let t = setInterval(|| console.log(\"no\"), 1); clearTimeout(t); clearInterval(t); clear_timeout(()); clear_timeout(5);",
        "",
    );
    prints(
        "let n = 0; let t = set_interval(|| { n += 1; console.log(n); if n == 3 { clear_interval(t); } }, 1);",
        "1 2 3",
    );
    prints("let t = set_timeout(|| { console.log(\"a\"); clear_timeout(t); }); ", "a");
    // One that is due at the same time.
    prints(
        "let b; set_timeout(|| { console.log(\"a\"); clear_timeout(b); }); b = set_timeout(|| console.log(\"b\")); sleep(10);",
        "a",
    );
}

#[test]
fn intervals_keep_their_period() {
    prints(
        "let started = performance.now(); let n = 0;
         let t = set_interval(|| { n += 1; if n == 20 { clear_interval(t); let took = performance.now() - started; console.log(took >= 200.0); } }, 10);",
        "true",
    );
    // Ticks that were missed are not made up for.
    prints(
        "let n = 0; let t = set_interval(|| n += 1, 5); sleep(100);
         set_timeout(|| { console.log(n < 5); clear_interval(t); }, 1);",
        "true",
    );
}

#[test]
fn arguments() {
    prints("set_timeout(|a, b, c| console.log(`${a},${b},${c == ()}`), 1, \"x\", 2, null);", "x,2,true");
    prints("let t = set_interval(|a| { console.log(a); clear_interval(t); }, 1, \"x\", \"dropped\");", "x");
    prints("set_immediate(|a, b| console.log(a + b), 1, 2); setImmediate(|| console.log(\"i\"));", "3 i");
    prints("set_timeout(|| console.log(\"none\"), 1, 1, 2, 3);", "none");
    prints("fn named(a) { console.log(a); } set_timeout(named, 1, \"n\"); setTimeout(Fn(\"named\"), 2, \"f\");", "n f");
}

#[test]
fn immediates_come_before_timers() {
    prints("set_timeout(|| console.log(\"t\"), 0); set_immediate(|| console.log(\"i\")); sleep(10);", "i t");
    prints(
        "set_timeout(|| { console.log(1); set_immediate(|| console.log(2)); set_timeout(|| console.log(3), 0); sleep(10); });",
        "1 2 3",
    );
    // One that starts itself anew keeps nothing away.
    prints(
        "let n = 0; let over = false; fn again() { n += 1; if !over { set_immediate(again); } } again();
         set_timeout(|| { over = true; console.log(n > 1); }, 5);",
        "true",
    );
    prints("process.nextTick(|a| console.log(a), \"tick\"); console.log(\"top\");", "top tick");
}

#[test]
fn timers_within_timers() {
    prints("let n = 0; fn f() { n += 1; if n < 200 { set_timeout(f, 0); } else { console.log(n); } } f();", "200");
    prints(
        "set_timeout(|| { console.log(1); set_timeout(|| { console.log(3); set_timeout(|| console.log(4)); }); }); set_timeout(|| console.log(2));",
        "1 2 3 4",
    );
}

#[test]
fn unreferenced_timers() {
    prints("set_timeout(|| console.log(\"no\"), 100000).unref();", "");
    prints(
        "let t = set_interval(|| console.log(\"no\"), 100000); console.log(t.has_ref()); t.unref(); console.log(t.has_ref());",
        "true false",
    );
    prints("set_interval(|| (), 100000).unref(); set_timeout(|| console.log(\"a\"), 5);", "a");
    prints("let n = 0; let t = set_interval(|| { n += 1; if n == 3 { t.unref(); console.log(n); } }, 1);", "3");
    prints("let t = set_timeout(|| console.log(\"a\"), 5).unref(); t.ref();", "a");
}

#[test]
fn wrong_calls() {
    for (text, wanted) in [
        ("set_timeout(|a| 1, 5);", "error: the callback of `set_timeout` takes 1 parameter, but it is given 0\n"),
        (
            "set_interval(|a, b| 1, 5, 1);",
            "error: the callback of `set_interval` takes 2 parameters, but it is given 1\n",
        ),
        ("set_immediate(|a| 1);", "error: the callback of `set_immediate` takes 1 parameter, but it is given 0\n"),
        ("set_timeout(5);", "error: `set_timeout`"),
        ("set_timeout(|| 1, \"soon\");", "error: `set_timeout`"),
    ] {
        let outcome = Script::new(text).outcome();
        assert_eq!(outcome.code, Some(1), "{text} {outcome}");
        assert!(
            outcome.stderr.starts_with(wanted) && outcome.stderr.contains("--> main.rhai:1:1\n"),
            "{text} {outcome}"
        );
    }
}
