//! The shape of the tables that list every name a script can use.
//!
//! The reference, `mqttscript doc` and did-you-mean read them, so a name that is not in them does not exist for them.
//!
//! # Examples
//!
//! An example is a short program that ends by itself. It connects to `mqtt://localhost`, `ws://localhost`, to
//! `mqtts://localhost` (whose certificate is signed by `ca.pem`) or to `mqtts://localhost:8884` (which also asks for a
//! certificate: `client.pem`, with `client.key`), or to the ports 1883 and 8883; finds the words `kitchen` and `cellar` as arguments and as the lines of
//! standard input; its time zone is UTC; and everything is allowed. What it does stands in comments at the end of its lines:
//!
//! | comment | says |
//! |---|---|
//! | `//=> text` | the line prints this; more lines of output follow on lines of their own |
//! | `//~> text` | the same, but the numbers differ from run to run |
//! | `//2> text` | the line prints this to standard error |
//! | `//exit> n` | the program ends with this exit code, not 0 |
//!
//! Nothing else may be printed. The order is that of the events, not that of the lines.

/// What an [`Entry`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Called as `object.name(...)`, or `name(...)` for a global function.
    Function,
    /// Read (and where said so written) as `object.name`.
    Property,
    /// An event name that `object.on(...)` knows.
    Event,
    /// A key of an option map.
    Option,
}

/// One name a script can use.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The object it belongs to as a script writes it: `console`, `Client`, `Buffer`, or `""` for a global.
    pub object: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What kind of name it is.
    pub kind: Kind,
    /// The fewest and the most arguments ([`usize::MAX`]: any number); `(0, 0)` for anything but functions.
    pub arity: (usize, usize),
    /// Parameters as written in the reference, for example `topic, payload[, options][, callback]`.
    pub parameters: &'static str,
    /// One or two sentences: meaning, units, errors.
    pub doc: &'static str,
    /// A short program that shows it, see [above](self#examples).
    pub example: &'static str,
    /// It belongs to what makes such objects (`Buffer.from`) and not to each of them (`buffer.slice`).
    pub of_class: bool,
}

/// One object of the reference: what the entries of its name have in common.
#[derive(Debug, Clone, Copy)]
pub struct Object {
    /// [`Entry::object`] of its entries.
    pub name: &'static str,
    /// What a script calls one; empty for what has no name of its own, such as an option map.
    pub receiver: &'static str,
    /// What stands above its entries.
    pub title: &'static str,
    /// What it is.
    pub doc: &'static str,
}

impl Entry {
    /// A function of `object`.
    pub const fn function(
        object: &'static str,
        name: &'static str,
        arity: (usize, usize),
        parameters: &'static str,
        doc: &'static str,
    ) -> Self {
        Self { object, name, kind: Kind::Function, arity, parameters, doc, example: "", of_class: false }
    }

    /// A property of `object`.
    pub const fn property(object: &'static str, name: &'static str, doc: &'static str) -> Self {
        Self { object, name, kind: Kind::Property, arity: (0, 0), parameters: "", doc, example: "", of_class: false }
    }

    /// A key of the option map of `mqtt.connect`; `values` says what it takes.
    pub const fn option(name: &'static str, values: &'static str, doc: &'static str) -> Self {
        Self::key("options", name, values, doc)
    }

    /// A key of another option map, `map`; `values` says what it takes.
    pub const fn key(map: &'static str, name: &'static str, values: &'static str, doc: &'static str) -> Self {
        Self {
            object: map,
            name,
            kind: Kind::Option,
            arity: (0, 0),
            parameters: values,
            doc,
            example: "",
            of_class: false,
        }
    }

    /// An event of `object`; `parameters` are what its listeners get.
    pub const fn event(object: &'static str, name: &'static str, parameters: &'static str, doc: &'static str) -> Self {
        Self { object, name, kind: Kind::Event, arity: (0, 0), parameters, doc, example: "", of_class: false }
    }

    /// Its example without the blank lines around it.
    pub fn program(&self) -> &'static str {
        self.example.trim()
    }

    /// The same, belonging to the class.
    #[must_use]
    pub const fn of_class(mut self) -> Self {
        self.of_class = true;
        self
    }

    /// The same with a program that shows it.
    #[must_use]
    pub const fn example(mut self, program: &'static str) -> Self {
        self.example = program;
        self
    }
}
