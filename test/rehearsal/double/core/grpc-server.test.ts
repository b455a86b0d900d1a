import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import {
  type Call,
  type GrpcServer,
  serveGrpc,
} from "../../../../lib/rehearsal/double/core/grpc-server";

const CALLS = new Map<string, Call>([
  ["/test/Echo", async (request) => request],
  ["/test/Peer", async (_, peer) => Buffer.from(peer)],
  ["/test/Fail", () => Promise.reject(new Error("no: ä\nsecond line"))],
]);

let server: GrpcServer;
let client: ClientHttp2Session;
beforeEach(async () => {
  server = await serveGrpc(CALLS);
  // With the default, a client of Node.js 22 or later refuses its own calls.
  const options = { maxSessionMemory: 1000 };
  client = connect(`http://127.0.0.1:${server.port}`, options);
  client.on("error", () => {});
});
afterEach(() => {
  client.destroy();
  server.stop();
});

const framed = (message: Buffer, compressed = 0) => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};

const begin = (path: string, session = client) =>
  session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
  });

/** The status of a call, its message, and the answer. */
async function ended(stream: ClientHttp2Stream) {
  let headers: Record<string, unknown> = {};
  for (const event of ["response", "trailers"])
    stream.on(event, (more) => (headers = { ...headers, ...more }));
  const data = Buffer.concat(await stream.toArray());
  return {
    http: headers[":status"],
    status: headers["grpc-status"],
    message: decodeURIComponent(`${headers["grpc-message"] ?? ""}`),
    answer: data.subarray(5),
    length: data.length < 5 ? undefined : data.readUInt32BE(1),
  };
}

const ask = (path: string, body: Buffer, session?: ClientHttp2Session) => {
  const stream = begin(path, session);
  stream.end(body);
  return ended(stream);
};

test("a call is answered, whatever its size", async () => {
  for (const size of [0, 1, 100_000, 12_000_000]) {
    const request = Buffer.alloc(size, "a");
    const { answer, ...rest } = await ask("/test/Echo", framed(request));
    expect(rest).toEqual({ http: 200, status: "0", message: "", length: size });
    expect(answer.equals(request)).toBe(true);
  }
});

test("calls at once, on one connection, are all answered", async () => {
  const requests = Array.from({ length: 100 }, (_, index) => Buffer.alloc(200_000, `${index}`));
  const answers = await Promise.all(requests.map((each) => ask("/test/Echo", framed(each))));
  expect(answers.map(({ answer }, index) => answer.equals(requests[index] as Buffer))).toEqual(
    Array(100).fill(true),
  );
});

test("a peer is a connection", async () => {
  const peer = async (session: ClientHttp2Session) =>
    (await ask("/test/Peer", framed(Buffer.alloc(0)), session)).answer.toString();
  const other = connect(`http://127.0.0.1:${server.port}`);
  try {
    expect(await peer(client)).toBe(await peer(client));
    expect(await peer(client)).not.toBe(await peer(other));
  } finally {
    other.destroy();
  }
});

test("an error of a call is its status, with the error's message", async () => {
  expect(await ask("/test/Fail", framed(Buffer.alloc(0)))).toMatchObject({
    http: 200,
    status: "2",
    message: "no: ä\nsecond line",
  });
});

test("a call that does not exist is answered at once, before its stream ends", async () => {
  // Terraform asks newer versions of the protocol for calls that a double does not have, and go-plugin has
  // services whose streams stay open.
  const stream = begin("/plugin.GRPCBroker/StartStream");
  expect(await ended(stream)).toMatchObject({ http: 200, status: "12" });
});

test.each([
  ["is compressed", framed(Buffer.from("a"), 1)],
  ["is cut off", framed(Buffer.from("abc")).subarray(0, 6)],
  ["is empty", Buffer.alloc(0)],
  ["is two messages", Buffer.concat([framed(Buffer.from("a")), framed(Buffer.from("b"))])],
])("a request that %s is refused", async (_, body) => {
  expect(await ask("/test/Echo", body)).toMatchObject({
    status: "2",
    message: "a request is not one message without compression",
  });
});

test("a client that goes away in a call does not disturb the others", async () => {
  const gone = connect(`http://127.0.0.1:${server.port}`);
  gone.on("error", () => {});
  const stream = begin("/test/Echo", gone);
  stream.on("error", () => {});
  stream.write(framed(Buffer.alloc(100)).subarray(0, 20));
  await new Promise((sent) => gone.ping(sent));
  gone.destroy();
  expect(await ask("/test/Echo", framed(Buffer.from("a")))).toMatchObject({ status: "0" });
});

test("a server that stops ends its connections", async () => {
  await ask("/test/Echo", framed(Buffer.alloc(0)));
  const closed = new Promise((done) => client.once("close", done));
  server.stop();
  await closed;
});
