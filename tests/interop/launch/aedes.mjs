// A broker of Aedes: node aedes.mjs FOLDER PORT WS_PORT [USER PASSWORD]
//
// FOLDER has the packages. Prints "ready" when both ports listen; ends with SIGTERM.
import { createServer as createHttpServer } from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { pathToFileURL } from "node:url";

const [folder, port, wsPort, user, password] = process.argv.slice(2);
const packages = createRequire(`${folder}/`);
const { Aedes } = await import(pathToFileURL(packages.resolve("aedes")));
const { WebSocketServer, createWebSocketStream } = packages("ws");

// Version 1 does not know the limits of MQTT 5 and passes over them.
const limits = { maximumPacketSize: 4 << 20, topicAliasMaximum: 10, receiveMaximum: 20 };
const broker = await Aedes.createBroker({ id: "interop", ...limits });
if (user) {
  broker.authenticate = (client, name, word, done) => {
    const allowed = name === user && String(word) === password;
    // 4 is "bad user name or password" of MQTT 3.1.1.
    done(allowed ? null : Object.assign(new Error("wrong password"), { returnCode: 4 }), allowed);
  };
}
const listen = (server, at) => new Promise((done) => server.listen(Number(at), "127.0.0.1", done));
await listen(createServer(broker.handle), port);
const http = createHttpServer();
new WebSocketServer({ server: http }).on("connection", (socket, request) => {
  broker.handle(createWebSocketStream(socket), request);
});
await listen(http, wsPort);
console.log("ready");
