//! The objects of the reference, in its order.

use crate::api::table::Object;

/// Every object that an entry names.
pub const OBJECTS: &[Object] = &[
    Object { name: "mqtt", receiver: "mqtt", title: "`mqtt`", doc: "Makes clients. There without `require`." },
    Object {
        name: "options",
        receiver: "",
        title: "Options of `mqtt.connect`",
        doc: "Keys of the map that `mqtt.connect`, `mqtt.connectAsync` and `mqtt.Client` take. A name that is none \
         of these is an error. What a URL says counts unless an option says otherwise.",
    },
    Object {
        name: "will",
        receiver: "",
        title: "Option `will`",
        doc: "What the broker publishes when the client vanishes without DISCONNECT.",
    },
    Object {
        name: "reconnectPeriod",
        receiver: "",
        title: "Option `reconnectPeriod`",
        doc: "As a map: waits that grow while an outage lasts. As a number: milliseconds between two tries.",
    },
    Object { name: "servers", receiver: "", title: "Option `servers`", doc: "The maps in the array." },
    Object { name: "wsOptions", receiver: "", title: "Option `wsOptions`", doc: "For `ws://` and `wss://`." },
    Object {
        name: "Broker",
        receiver: "broker",
        title: "`Broker`",
        doc: "A broker within the program: what `mqtt.broker` returns.",
    },
    Object {
        name: "broker options",
        receiver: "",
        title: "Options of `mqtt.broker`",
        doc: "Keys of the map that it takes.",
    },
    Object {
        name: "Client",
        receiver: "client",
        title: "`Client`",
        doc: "What `mqtt.connect` returns. Its methods never call back before they return.",
    },
    Object {
        name: "Stream",
        receiver: "stream",
        title: "`Stream`",
        doc: "What `client.stream` gives: the link under a client.",
    },
    Object {
        name: "MessageIdProvider",
        receiver: "ids",
        title: "`MessageIdProvider`",
        doc: "What `mqtt.DefaultMessageIdProvider()` and `mqtt.UniqueMessageIdProvider()` give.",
    },
    Object {
        name: "publish options",
        receiver: "",
        title: "Options of `client.publish`",
        doc: "The map before the callback.",
    },
    Object {
        name: "request options",
        receiver: "",
        title: "Options of `client.request`",
        doc: "The map before the callback, beside the options of `client.publish`.",
    },
    Object {
        name: "subscribe options",
        receiver: "",
        title: "Options of `client.subscribe`",
        doc: "The map before the callback; `qos`, `nl`, `rap` and `rh` also for each filter of the map form.",
    },
    Object {
        name: "unsubscribe options",
        receiver: "",
        title: "Options of `client.unsubscribe`",
        doc: "The map before the callback.",
    },
    Object {
        name: "reconnect options",
        receiver: "",
        title: "Options of `client.reconnect`",
        doc: "Keys of the map that it takes.",
    },
    Object {
        name: "Store",
        receiver: "store",
        title: "`Store`",
        doc: "Keeps messages for a client: what `mqtt.Store` returns. Callbacks run in the next turn.",
    },
    Object {
        name: "StoreStream",
        receiver: "stream",
        title: "`StoreStream`",
        doc: "What `store.createStream` returns.",
    },
    Object {
        name: "mqtt.Store options",
        receiver: "",
        title: "Options of `mqtt.Store`",
        doc: "Keys of the map that it takes.",
    },
    Object { name: "end options", receiver: "", title: "Options of `client.end`", doc: "The map before the callback." },
    Object {
        name: "AUTH packet",
        receiver: "",
        title: "AUTH packets",
        doc: "Keys of the map that the option `authPacket` and the `done` of `client.handleAuth` take. MQTT 5.",
    },
    Object {
        name: "properties",
        receiver: "",
        title: "MQTT 5 properties",
        doc: "Keys of the maps called `properties`. They have no effect below MQTT 5.",
    },
    Object {
        name: "Packet",
        receiver: "packet",
        title: "`Packet`",
        doc: "What the listeners of `message`, `packetsend` and `packetreceive` and the callbacks of requests get. \
         Each kind of packet has some of these; the others are `()`. They can be assigned, for a program's \
         own use.",
    },
    Object {
        name: "Properties",
        receiver: "packet.properties",
        title: "`Properties`",
        doc: "The MQTT 5 properties of a packet, and `client.serverProperties`: those of \
         [properties](#properties), and these, which only a broker sets.",
    },
    Object {
        name: "",
        receiver: "",
        title: "Global functions and values",
        doc: "There without `require` and without an object.",
    },
    Object {
        name: "Timeout",
        receiver: "timer",
        title: "`Timeout`",
        doc: "What `set_timeout`, `set_interval` and `set_immediate` return.",
    },
    Object { name: "process", receiver: "process", title: "`process`", doc: "The program itself." },
    Object {
        name: "env",
        receiver: "process.env",
        title: "`process.env`",
        doc: "The environment variables that `--allow-env` allows: `process.env.NAME` reads one, and can be \
         assigned.",
    },
    Object {
        name: "Stdin",
        receiver: "process.stdin",
        title: "`process.stdin`",
        doc: "Standard input. It keeps the program running from its first listener to its end.",
    },
    Object { name: "Stdout", receiver: "process.stdout", title: "`process.stdout`", doc: "Standard output." },
    Object { name: "console", receiver: "console", title: "`console`", doc: "Prints values as Node shows them." },
    Object {
        name: "Buffer",
        receiver: "buffer",
        title: "`Buffer`",
        doc: "Bytes, such as the payload of a message. `+` and templates take its text, `==` compares with a \
         Buffer or text.",
    },
    Object { name: "JSON", receiver: "JSON", title: "`JSON`", doc: "JSON text to values and back." },
    Object {
        name: "fs",
        receiver: "fs",
        title: "`fs`",
        doc: "Files. Paths are relative to the current directory. What fails throws an `Error` with Node's text \
         and `code`, such as `ENOENT`.",
    },
    Object { name: "Stats", receiver: "stats", title: "`Stats`", doc: "What `fs.statSync` returns." },
    Object { name: "net", receiver: "net", title: "`net`", doc: "Streams for `mqtt.Client`: `require(\"net\")`." },
    Object { name: "tls", receiver: "tls", title: "`tls`", doc: "Streams for `mqtt.Client`: `require(\"tls\")`." },
    Object {
        name: "string",
        receiver: "text",
        title: "Text",
        doc: "JavaScript's names beside [Rhai's own](https://rhai.rs/book/ref/string-fn.html). Positions count \
         characters.",
    },
    Object { name: "String", receiver: "String", title: "`String`", doc: "Makes text." },
    Object {
        name: "array",
        receiver: "array",
        title: "Arrays",
        doc: "JavaScript's names beside [Rhai's own](https://rhai.rs/book/ref/array-fn.html).",
    },
    Object { name: "Array", receiver: "Array", title: "`Array`", doc: "Makes arrays." },
    Object {
        name: "map",
        receiver: "map",
        title: "Maps",
        doc: "JavaScript's names beside [Rhai's own](https://rhai.rs/book/ref/object-map-fn.html).",
    },
    Object {
        name: "Object",
        receiver: "Object",
        title: "`Object`",
        doc: "What JavaScript does with objects, for maps.",
    },
    Object {
        name: "number",
        receiver: "number",
        title: "Numbers",
        doc: "JavaScript's names beside [Rhai's own](https://rhai.rs/book/ref/num-fn.html).",
    },
    Object { name: "Number", receiver: "Number", title: "`Number`", doc: "Limits and questions." },
    Object {
        name: "Math",
        receiver: "Math",
        title: "`Math`",
        doc: "Mathematics. Results that are whole are integers.",
    },
    Object {
        name: "Date",
        receiver: "date",
        title: "`Date`",
        doc: "A moment, in milliseconds since 1970 in UTC. `a - b` gives milliseconds; moments can be compared.",
    },
    Object { name: "performance", receiver: "performance", title: "`performance`", doc: "A stopwatch." },
    Object {
        name: "Error",
        receiver: "error",
        title: "`Error`",
        doc: "What `throw Error(...)`, callbacks and `catch (error)` carry.",
    },
];
