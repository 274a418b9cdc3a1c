//! What is measured: what there is 1 of and many, and what happens then.

use crate::peer::Conduct;

/// One table of the report.
pub struct Scenario {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it measures.
    pub what: &'static str,
    /// What there is more of from row to row.
    pub unit: &'static str,
    /// How much of it, from row to row.
    pub sizes: &'static [usize],
    /// The script in `scripts/`; it says `ready`, then `done`.
    pub script: &'static str,
    /// How many messages with so much of it.
    pub messages: fn(usize) -> usize,
    /// What a cost is multiplied with before costs are compared: 1, where the unit is no number of things.
    pub per_message: fn(usize) -> f64,
    /// How the peer behaves.
    pub conduct: Conduct,
}

const PLAIN: Scenario = Scenario {
    name: "",
    what: "",
    unit: "",
    sizes: &[],
    script: "",
    messages: |_| 100_000,
    per_message: |_| 1.0,
    conduct: Conduct::Prompt,
};

/// Everything that is measured.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "filters",
        what: "`on_message` filters, each message is for one of them",
        unit: "filters",
        sizes: &[1, 100, 1000, 10_000],
        script: "filters",
        ..PLAIN
    },
    Scenario {
        name: "subscriptions",
        what: "filters subscribed to, one call of `subscribe` each; a message is a SUBACK",
        unit: "filters",
        sizes: &[1000, 10_000, 30_000],
        script: "subscriptions",
        messages: |size| size,
        ..PLAIN
    },
    Scenario {
        name: "clients",
        what: "clients in one script, 100,000 messages in turn to all of them",
        unit: "clients",
        sizes: &[1, 100, 1000, 5000],
        script: "clients",
        ..PLAIN
    },
    Scenario {
        name: "clients-out",
        what: "clients in one script, which publish 100,000 messages of QoS 1 in turn, each after an acknowledgement",
        unit: "clients",
        sizes: &[1, 100, 1000, 5000],
        script: "clients_out",
        ..PLAIN
    },
    Scenario {
        name: "payload",
        what: "bytes of payload, received",
        unit: "bytes",
        sizes: &[64, 1024, 16_384, 1 << 20],
        script: "payload",
        messages: of_bytes,
        per_message: per_byte,
        ..PLAIN
    },
    Scenario {
        name: "payload-out",
        what: "bytes of payload, published with QoS 1",
        unit: "bytes",
        sizes: &[64, 1024, 16_384, 1 << 20],
        script: "payload_out",
        messages: of_bytes,
        per_message: per_byte,
        ..PLAIN
    },
    Scenario {
        name: "offline",
        what: "messages of QoS 1 and 64 bytes published with no connection (set-up), then sent and acknowledged",
        unit: "queued",
        sizes: &[1000, 10_000, 100_000, 1_000_000],
        script: "offline",
        messages: |size| size,
        conduct: Conduct::Late,
        ..PLAIN
    },
    Scenario {
        name: "queue",
        what: "messages waiting behind a Receive Maximum of 20 while 100,000 are published and acknowledged",
        unit: "waiting",
        sizes: &[1, 1000, 100_000, 1_000_000],
        script: "queue",
        conduct: Conduct::Window(20),
        ..PLAIN
    },
    Scenario {
        name: "window",
        what: "messages under way at once, acknowledged the last first",
        unit: "under way",
        sizes: &[1, 100, 10_000, 60_000],
        script: "window",
        messages: |size| 120_000 / size * size,
        ..PLAIN
    },
    Scenario {
        name: "timeouts",
        what: "pending timeouts while 100,000 others are set and fire",
        unit: "pending",
        sizes: &[1, 1000, 100_000, 300_000],
        script: "timeouts",
        ..PLAIN
    },
    Scenario {
        name: "requests",
        what: "requests without an answer yet while 20,000 others time out",
        unit: "open",
        sizes: &[1, 1000, 10_000, 50_000],
        script: "requests",
        messages: |_| 20_000,
        ..PLAIN
    },
    Scenario {
        name: "store",
        what: "messages of QoS 1 in a store file, published with no connection (set-up), then sent and acknowledged",
        unit: "stored",
        sizes: &[1000, 10_000, 100_000],
        script: "store",
        messages: |size| size,
        conduct: Conduct::Late,
        ..PLAIN
    },
];

/// A quarter of a gigabyte at most.
fn of_bytes(size: usize) -> usize {
    ((256 << 20) / size).clamp(200, 50_000)
}

/// Payloads are copied, so that what counts is the cost of a byte; a message costs something whatever its size.
fn per_byte(size: usize) -> f64 {
    1.0 / (size as f64 + 4096.0)
}
