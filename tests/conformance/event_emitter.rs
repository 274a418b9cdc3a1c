//! The EventEmitter methods of a client, as Node has them.

use crate::prelude::script;
use crate::support::script::Script;

/// A client that is never told to connect, and a script that ends by itself.
fn still(text: &str) -> Script {
    script("mqtt://localhost", &format!("let c = mqtt.connect(\"BROKER\", #{{manualConnect: true}});\n{text}"))
}

#[test]
fn listeners_are_called_in_order_and_once_means_once() {
    still(
        r#"
        c.on("x", |v| console.log("on", v));
        c.once("x", |v| console.log("once", v));
        c.prependListener("x", |v| console.log("prepended", v));
        c.prependOnceListener("x", |v| console.log("prepended once", v));
        c.addListener("x", |v| console.log("added", v));
        console.log(c.listenerCount("x"), c.emit("x", 1), c.listenerCount("x"));
        console.log(c.emit("x", 2), c.emit("nobody"));
        "#,
    )
    .stdout("prepended once 1\nprepended 1\non 1\nonce 1\nadded 1\n5 true 3\nprepended 2\non 2\nadded 2\ntrue false\n")
    .run();
}

#[test]
fn listeners_can_be_listed_called_and_removed_one_by_one() {
    still(
        r#"
        let a = |v| console.log("a", v);
        let b = |v| console.log("b", v);
        c.on("x", a); c.once("x", b); c.on("x", a);
        console.log(c.listeners("x").len(), c.rawListeners("x").len(), c.listeners("y"));
        console.log(c.listenerCount("x", a), c.listenerCount("x", b), c.listenerCount("x", |v| v));
        c.listeners("x")[1].call("by hand");
        c.off("x", a);
        console.log(c.listenerCount("x"));
        c.removeListener("x", a).off("x", a);
        c.emit("x", "event");
        console.log(c.listenerCount("x"), c.eventNames());
        "#,
    )
    .stdout("3 3 []\n2 1 0\nb by hand\n2\nb event\n0 []\n")
    .run();
}

#[test]
fn remove_all_of_one_event_or_of_all() {
    still(
        r#"
        c.on("x", || ()); c.on("y", || ()); c.on("z", || ());
        c.removeAllListeners("y");
        console.log(c.eventNames());
        c.removeAllListeners();
        console.log(c.eventNames());
        "#,
    )
    .stdout("[ 'x', 'z' ]\n[]\n")
    .run();
}

#[test]
fn changes_while_an_event_is_emitted_count_from_the_next_one_on() {
    still(
        r#"
        let late = || console.log("late");
        c.on("x", || { console.log("first"); c.on("x", late); c.off("x", late); c.on("x", late); });
        c.emit("x");
        console.log("again");
        c.removeAllListeners("x").on("x", late).emit("x");
        "#,
    )
    .stdout("first\nagain\nlate\n")
    .run();
}

/// As in Node they are emitted before a listener is added, and after one was removed.
#[test]
fn new_listener_and_remove_listener() {
    still(
        r#"
        c.on("newListener", |event, listener| console.log("new", event, c.listenerCount(event)));
        c.on("removeListener", |event, listener| console.log("removed", event, c.listenerCount(event)));
        let f = |v| ();
        c.on("x", f);
        c.once("x", f);
        c.emit("x");
        c.off("x", f);
        c.off("x", f);
        c.on("y", f);
        c.removeAllListeners("y");
        "#,
    )
    .stdout("new removeListener 0\nnew x 0\nnew x 1\nremoved x 1\nremoved x 0\nnew y 0\nremoved y 0\n")
    .run();
}

#[test]
fn too_many_listeners_are_worth_a_warning_once() {
    still(
        r#"
        for i in 0..12 { c.on("message", |topic| i); }
        console.log(c.getMaxListeners(), c.listenerCount("message"));
        "#,
    )
    .stdout("10 12\n")
    .stderr(
        "warning: 11 `message` listeners are on one client, each is called for each event\n\
         help: add listeners outside of callbacks and loops, or allow more: `client.setMaxListeners(20)`\n",
    )
    .run();
}

#[test]
fn the_limit_of_listeners_may_change() {
    still(
        r#"
        c.setMaxListeners(0);
        for i in 0..50 { c.on("message", |topic| i); }
        c.setMaxListeners(60).setMaxListeners(55);
        console.log(c.getMaxListeners());
        thrown(|| c.setMaxListeners(-1));
        thrown(|| c.setMaxListeners("a"));
        "#,
    )
    .stdout(
        "55\nTypeError: `setMaxListeners` takes a number, 0 or more as `n` but got an integer\n\
         TypeError: `setMaxListeners` takes a number, 0 or more as `n` but got text\n",
    )
    .run();
}
