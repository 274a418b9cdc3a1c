//! The shape of the table that lists every name a script can use.
//!
//! Help, definitions and did-you-mean read it, so a name that is not in it does not exist for them.

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
    /// A short program that shows it, runnable against a broker at `mqtt://localhost`. What it prints stands behind `//=>`, on the
    /// line that prints it.
    pub example: &'static str,
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
        Self { object, name, kind: Kind::Function, arity, parameters, doc, example: "" }
    }

    /// A property of `object`.
    pub const fn property(object: &'static str, name: &'static str, doc: &'static str) -> Self {
        Self { object, name, kind: Kind::Property, arity: (0, 0), parameters: "", doc, example: "" }
    }

    /// A key of the option map of `mqtt.connect`; `values` says what it takes.
    pub const fn option(name: &'static str, values: &'static str, doc: &'static str) -> Self {
        Self::key("options", name, values, doc)
    }

    /// A key of another option map, `map`; `values` says what it takes.
    pub const fn key(map: &'static str, name: &'static str, values: &'static str, doc: &'static str) -> Self {
        Self { object: map, name, kind: Kind::Option, arity: (0, 0), parameters: values, doc, example: "" }
    }

    /// An event of `object`; `parameters` are what its listeners get.
    pub const fn event(object: &'static str, name: &'static str, parameters: &'static str, doc: &'static str) -> Self {
        Self { object, name, kind: Kind::Event, arity: (0, 0), parameters, doc, example: "" }
    }

    /// The same with a program that shows it.
    #[must_use]
    pub const fn example(mut self, program: &'static str) -> Self {
        self.example = program;
        self
    }
}
