//! What the engine has and what the tables list are the same names with the same numbers of arguments.

use std::any::TypeId;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mqttscript::api::entries::{OBJECTS, all};
use mqttscript::api::host::{Host, Settings};
use mqttscript::api::mqtt::packet::{PacketValue, PropertiesValue};
use mqttscript::api::permissions::Permissions;
use mqttscript::api::reference::full_name;
use mqttscript::api::table::Kind;
use mqttscript::api::{self, Objects};
use rhai::{Dynamic, Engine, Scope};

/// How to get something of each type that has functions of its own and is no global: the object of the table, whether it
/// is the class, and an expression.
const VALUES: &[(&str, bool, &str)] = &[
    ("string", false, "\"\""),
    ("array", false, "[]"),
    ("map", false, "#{}"),
    ("number", false, "1"),
    ("number", false, "1.5"),
    ("Buffer", false, "Buffer.alloc(1)"),
    ("Date", false, "Date(0)"),
    ("Error", false, "Error(\"\")"),
    ("Stats", false, "fs.statSync(\".\")"),
    ("Timeout", false, "set_timeout(|| (), 0)"),
    ("env", false, "process.env"),
    ("Broker", false, "mqtt.broker()"),
    ("Store", false, "mqtt.Store()"),
    ("StoreStream", false, "mqtt.Store().createStream()"),
    ("Stdin", false, "process.stdin"),
    ("Stdout", false, "process.stdout"),
    ("net", false, "require(\"net\")"),
    ("tls", false, "require(\"tls\")"),
    ("Client", false, "mqtt.connect(\"mqtt://localhost\", #{manualConnect: true})"),
    ("Stream", false, "mqtt.connect(\"mqtt://localhost\", #{manualConnect: true}).stream"),
    ("MessageIdProvider", false, "mqtt.UniqueMessageIdProvider()"),
    // The class without a call: `mqtt.Client.defaultId()`.
    ("mqtt", false, "mqtt.Client"),
];

/// Objects whose names are looked up one by one, not registered.
const LOOKED_UP: &[&str] = &["Packet", "Properties"];

/// The engine of a program that has not begun.
struct Registered {
    /// Object and class by type.
    types: HashMap<TypeId, (&'static str, bool)>,
    /// Name, type of the first parameter, number of parameters.
    own: Vec<(String, Option<TypeId>, usize)>,
    /// The same with what Rhai itself has.
    all: Vec<(String, Option<TypeId>, usize)>,
    globals: Vec<&'static str>,
}

impl Registered {
    fn new() -> Self {
        let settings = Settings {
            arguments: Vec::new(),
            exit_timeout: Duration::ZERO,
            started: Instant::now(),
            permissions: Arc::new(Permissions::all()),
        };
        let host = Host::new(settings);
        let mut engine = Engine::new();
        let Objects { names, .. } = api::register(&mut engine, &Rc::clone(&host)).expect("signals can be handled");
        let functions = |standard| {
            let name = |info: rhai::FuncInfo| {
                let types = &info.metadata.param_types;
                Some((info.metadata.name.to_string(), types.first().copied(), types.len()))
            };
            engine.collect_fn_metadata(None, name, standard)
        };
        let (own, with_standard) = (functions(false), functions(true));
        let mut scope = Scope::new();
        let mut types: HashMap<TypeId, (&str, bool)> = HashMap::new();
        for (name, value) in &names {
            scope.push_constant_dynamic(*name, value.clone());
            let is_class = *name == "Buffer" || *name == "Date";
            types.insert(value.flatten_clone().type_id(), (name, is_class));
        }
        for (object, is_class, expression) in VALUES {
            let value: Dynamic = engine.eval_with_scope(&mut scope, expression).expect("the expression is right");
            types.insert(value.type_id(), (object, *is_class));
        }
        Self { types, own, all: with_standard, globals: names.into_keys().collect() }
    }

    /// The object whose functions take `first` as receiver.
    fn object(&self, first: Option<TypeId>) -> Option<(&'static str, bool)> {
        first.and_then(|first| self.types.get(&first).copied())
    }
}

fn property_of_class(name: &str) -> bool {
    ["Client", "MqttClient"].contains(&name)
}

fn is_word(name: &str) -> bool {
    name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

#[test]
fn everything_registered_is_in_the_tables() {
    let registered = Registered::new();
    let mut faults = BTreeSet::new();
    for (name, first, count) in &registered.own {
        let object = registered.object(*first);
        let property = name.strip_prefix("get$").or_else(|| name.strip_prefix("set$"));
        let has = |kind: Kind, name: &str, count: usize| {
            all().any(|entry| {
                entry.kind == kind
                    && entry.name == name
                    && Some((entry.object, entry.of_class)) == object
                    && (kind == Kind::Property || (entry.arity.0..=entry.arity.1).contains(&count))
            })
        };
        let global = all().any(|entry| {
            entry.kind == Kind::Function
                && entry.object.is_empty()
                && entry.name == name
                && (entry.arity.0..=entry.arity.1).contains(count)
        });
        let known = match property {
            // As of Rhai's own `len`, the parentheses of a function without arguments may be left out.
            Some(property) => {
                // `mqtt.Client` is a class too, which is called and has functions.
                has(Kind::Property, property, 0)
                    || has(Kind::Function, property, 0)
                    || property_of_class(property)
                    || object.is_none()
            }
            // `to_debug` is how Rhai shows a value inside a container.
            None => {
                !is_word(name) || name == "to_debug" || global || has(Kind::Function, name, count.saturating_sub(1))
            }
        };
        if !known {
            faults.insert(format!("{name} with {count} parameters, of {object:?}"));
        }
    }
    for name in &registered.globals {
        let is_entry = |name| all().any(|entry| entry.object.is_empty() && entry.name == name);
        if !OBJECTS.iter().any(|object| object.name == *name) && !is_entry(*name) {
            faults.insert(format!("global {name}"));
        }
    }
    assert!(faults.is_empty(), "registered and in no table: {faults:#?}");
}

#[test]
fn everything_in_the_tables_is_registered() {
    let registered = Registered::new();
    let mut faults = String::new();
    for entry in all().filter(|entry| !LOOKED_UP.contains(&entry.object)) {
        let has = |name: &str, count: usize| {
            registered.all.iter().any(|(known, first, parameters)| {
                let receiver = entry.object.is_empty()
                    || *first == Some(TypeId::of::<Dynamic>())
                    || registered.object(*first) == Some((entry.object, entry.of_class));
                known == name && *parameters == count && receiver
            })
        };
        let receiver = usize::from(!entry.object.is_empty());
        let missing: Vec<usize> = match entry.kind {
            Kind::Function => {
                (entry.arity.0..=entry.arity.1).filter(|count| !has(entry.name, count + receiver)).collect()
            }
            Kind::Property if entry.object.is_empty() => {
                registered.globals.iter().all(|name| *name != entry.name).then_some(0).into_iter().collect()
            }
            Kind::Property => (!has(&format!("get${}", entry.name), 1)).then_some(0).into_iter().collect(),
            // They are read from maps and compared with names; the examples show that they exist.
            Kind::Event | Kind::Option => Vec::new(),
        };
        if !missing.is_empty() {
            writeln!(faults, "{} with {missing:?} arguments", full_name(entry)).expect("a String takes all");
        }
    }
    assert!(faults.is_empty(), "in the tables and not registered:\n{faults}");
}

#[test]
fn types_that_are_looked_up_are_registered_as_such() {
    let registered = Registered::new();
    for id in [TypeId::of::<PacketValue>(), TypeId::of::<PropertiesValue>()] {
        let names: Vec<&str> =
            registered.own.iter().filter(|(_, first, _)| *first == Some(id)).map(|(name, ..)| name.as_str()).collect();
        assert!(names.contains(&"index$get$"), "{names:?}");
    }
}
