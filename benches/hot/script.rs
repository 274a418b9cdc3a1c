//! A call into a script, values on their way in and out, timers.

use std::any::TypeId;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use mqttscript::api;
use mqttscript::api::buffer::Buffer;
use mqttscript::api::json;
use mqttscript::api::permissions::Permissions;
use mqttscript::diagnostics::Source;
use mqttscript::event_loop::callback::Callback;
use mqttscript::event_loop::timers::{Action, Timer, Timers};
use mqttscript::runtime::language::Language;
use mqttscript::runtime::limits::Limits;
use mqttscript::runtime::program::Program;
use rhai::{Dynamic, Engine, FnPtr, ImmutableString, NativeCallContext};

/// What the rule of a typical program reads and writes.
const READING: &str = r#"{"id":"sensor-17","temp":21.5,"humidity":40,"tags":["kitchen","north"],"ok":true}"#;

/// An engine as scripts have it, and the closure that `text` hands to `keep`.
fn script(text: &str) -> (Engine, Rc<Callback>) {
    script_with(text, |_| {})
}

/// The same with more functions, which `register` adds.
fn script_with(text: &str, register: impl FnOnce(&mut Engine)) -> (Engine, Rc<Callback>) {
    let mut engine = Engine::new();
    register(&mut engine);
    Limits::default().set(&mut engine);
    api::register_values(&mut engine, &api::fs::Access::new(Arc::new(Permissions::all())));
    let kept: Rc<RefCell<Option<Rc<Callback>>>> = Rc::default();
    let keep = Rc::clone(&kept);
    engine.register_fn("keep", move |context: NativeCallContext, function: FnPtr| {
        let callback = Callback::new(&context, function, 3, "the callback")?;
        *keep.borrow_mut() = Some(Rc::new(callback));
        Ok::<_, Box<rhai::EvalAltResult>>(())
    });
    let language = Language::install(&mut engine, api::value_objects().into_iter().collect());
    let source = Rc::new(Source { name: "bench.rhai".into(), text: text.into() });
    let program = Program::compile(&engine, &language, source).expect("the script is right");
    program.run(&engine).expect("the script runs");
    let callback = kept.borrow_mut().take().expect("the script calls `keep`");
    (engine, callback)
}

/// Listeners as scripts have them: the name of the case, and the script.
const LISTENERS: [(&str, &str); 4] = [
    ("empty", "keep(|topic, message| {});"),
    (
        // The listener of the benchmark programs that count messages: what it costs bounds what they can reach.
        "counting",
        "let count = 0; let bytes = 0; let N = 1000000000000;
         keep(|topic, payload| {
             if count == 0 { bytes = 0; }
             count += 1;
             bytes += payload.length;
             if count == N { bytes = 0; }
         });",
    ),
    ("globals", "let count = 0; let bytes = 0; keep(|topic, message| { count += 1; bytes += message.length; });"),
    (
        "rule",
        "let hot = 0; keep(|topic, message| { let reading = JSON.parse(message); if reading.temp > 21 { hot += 1; } });",
    ),
];

#[divan::bench(args = LISTENERS.map(|(name, _)| name))]
fn calling(bencher: Bencher, name: &str) {
    let (_, text) = LISTENERS.iter().find(|(known, _)| *known == name).expect("the name is from the list");
    let (engine, callback) = script(text);
    let topic = ImmutableString::from("sensors/kitchen/temperature");
    let message = Dynamic::from(Buffer(Bytes::from_static(READING.as_bytes())));
    bencher.bench_local(|| {
        let result = callback.call(&engine, &mut [topic.clone().into(), message.clone(), Dynamic::UNIT]);
        assert!(result.is_ok());
    });
}

/// Programs that hand over a callback for each of many things, as the benchmark programs do: the name of the case, how many
/// times the loop goes round, and the program.
const LOOPS: [(&str, usize, &str); 2] = [
    (
        "publishing",
        1000,
        "let client = 1; let done = 0; let N = 1000000000000; let t0 = 0.0; let payload = \"x\".repeat(64);
         keep(|| {
             for i in 0..1000 {
                 client.hand_over(\"bench/out\", payload, #{qos: 0}, |err| {
                     if err != () { throw err; }
                     done += 1;
                     if done == N {
                         let ms = performance.now() - t0;
                         console.log(`elapsed ${ms} ms`);
                         console.log(`rate ${Math.floor((N - 1) / ms * 1000)} msg/s`);
                         client.end();
                     }
                 });
             }
         });",
    ),
    (
        "timeouts",
        // All of them wait at the same time.
        100_000,
        "let N = 1000000000000; let late = []; let start = performance.now();
         keep(|| {
             late.clear();
             for i in 0..100000 {
                 let ms = i * 7919 % 1000 + 1;
                 let due = performance.now() + ms;
                 hand_over(ms, (), (), (), || {
                     late.push(performance.now() - due);
                     if late.len() == N {
                         let end = performance.now();
                         late.sort();
                         console.log(`total ${end - start} ms`);
                         console.log(`late_p50 ${late[N / 2]} ms`);
                     }
                 });
             }
         });",
    ),
];

/// What such programs cost where nothing is published and no timer is set: it bounds what they can reach.
#[divan::bench(args = LOOPS.map(|(name, ..)| name))]
fn handing_over_to_nobody(bencher: Bencher, name: &str) {
    let (_, rounds, text) = LOOPS.iter().find(|(known, ..)| *known == name).expect("the name is from the list");
    let waiting: Rc<RefCell<Vec<Rc<Callback>>>> = Rc::default();
    let taken = Rc::clone(&waiting);
    let (engine, callback) = script_with(text, move |engine| {
        let types = [TypeId::of::<Dynamic>(); 5];
        engine.register_raw_fn("hand_over", types, move |context: NativeCallContext, given: &mut [&mut Dynamic]| {
            let function = std::mem::take(given[4]).cast::<FnPtr>();
            taken.borrow_mut().push(Callback::once(&context, function, 2, "the callback")?);
            Ok(Dynamic::UNIT)
        });
    });
    bencher.counter(ItemsCount::new(*rounds)).bench_local(|| {
        assert!(callback.call(&engine, &mut []).is_ok());
        for callback in waiting.take() {
            assert!(callback.call(&engine, &mut [Dynamic::UNIT, Dynamic::UNIT]).is_ok());
        }
    });
}

#[divan::bench]
fn parsing() -> Dynamic {
    json::parse(black_box(READING)).expect("the reading is JSON")
}

#[divan::bench]
fn stringifying(bencher: Bencher) {
    let reading = json::parse(READING).expect("the reading is JSON");
    bencher.bench_local(|| json::stringify(black_box(&reading), ""));
}

/// What a listener is given for each message.
#[divan::bench]
fn making_topic_and_payload(bencher: Bencher) {
    let (topic, payload) = (Bytes::from_static(b"sensors/kitchen/temperature"), Bytes::from(READING));
    bencher.bench_local(|| {
        let topic = ImmutableString::from(String::from_utf8_lossy(black_box(&topic)).as_ref());
        [Dynamic::from(topic), Dynamic::from(Buffer(payload.clone()))]
    });
}

/// All timers set, then all of them due.
#[divan::bench(args = [1000, 100_000])]
fn timers(bencher: Bencher, count: usize) {
    let timer = Timer { action: Action::Run(Rc::new(|_| {})), period: None, referenced: true };
    bencher.counter(ItemsCount::new(count)).bench_local(|| {
        let mut timers = Timers::default();
        let now = Instant::now();
        for number in 0..count {
            let delay = Duration::from_millis(number as u64 * 7919 % 1000 + 1);
            timers.add(now, delay, timer.clone());
        }
        let end = now + Duration::from_secs(2);
        let mut fired = 0;
        while timers.pop_due(end).is_some() {
            fired += 1;
        }
        assert_eq!(fired, count);
    });
}
