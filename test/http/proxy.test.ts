import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createPlain, type Server } from "node:http";
import { createServer as createTls } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { askAws, connections } from "../../lib/aws/sdk";
import { UserError } from "../../lib/errors";
import { proxiedFetch, proxyFor } from "../../lib/http/proxy";
import { ResilientFetch } from "../../lib/http/resilient-fetch";
import { temporaryFolder } from "../support/folders";

// The target's certificate is its own.
jest.mock("node:tls", () => {
  const tls = jest.requireActual("node:tls");
  const trusting = (options: object) => tls.connect({ ...options, rejectUnauthorized: false });
  return { ...tls, connect: trusting };
});

const PROXY = "http://proxy.example.com:3128";

test.each([
  ["api.mypurecloud.com", "", true],
  ["api.mypurecloud.com", "example.com,.other.com", true],
  ["api.mypurecloud.com", "*", false],
  ["api.mypurecloud.com", "api.mypurecloud.com", false],
  ["API.mypurecloud.com", "mypurecloud.com", false],
  ["api.mypurecloud.com", " .mypurecloud.com ", false],
  ["mypurecloud.com", ".mypurecloud.com", true],
  ["api.mypurecloud.com", "*.mypurecloud.com", false],
  ["notmypurecloud.com", "mypurecloud.com", true],
  ["api.mypurecloud.com", "api.mypurecloud.com:8443", true],
  ["api.mypurecloud.com", "api.mypurecloud.com:443", false],
  ["10.1.2.3", "10.0.0.0/8", false],
  ["11.1.2.3", "10.0.0.0/8", true],
  ["11.1.2.3", "10.0.0.0/99", true],
  ["localhost", "", false],
  ["127.0.0.1", "", false],
])("%s with NO_PROXY=%j goes through the proxy: %s", (host, NO_PROXY, proxied) => {
  const found = proxyFor(host, 443, { HTTPS_PROXY: PROXY, NO_PROXY });
  expect(found?.href).toBe(proxied ? `${PROXY}/` : undefined);
});

test("the variables may be in lower case, and the proxy without its scheme", () => {
  expect(proxyFor("a.com", 443, { https_proxy: "proxy:3128" })?.href).toBe("http://proxy:3128/");
  expect(proxyFor("a.com", 443, { https_proxy: PROXY, no_proxy: "a.com" })).toBeUndefined();
  expect(proxyFor("a.com", 443, {})).toBeUndefined();
});

describe("a wrong value is named, and never shown", () => {
  const message = (name: string) =>
    `${name} is not the address of an HTTP proxy: set it to http://<host>:<port>, with %-encoded special characters in user and password`;

  test.each([
    ["HTTPS_PROXY", "http://me:test-secret#1@proxy:3128"], // secretlint-disable-line
    ["HTTPS_PROXY", "http://me:test-secret%@proxy:3128"], // secretlint-disable-line
    ["HTTPS_PROXY", "me:test-secret@proxy:99999"],
    ["HTTPS_PROXY", "socks5://me:test-secret@proxy:1080"],
    ["https_proxy", "http://"],
  ])("%s=%s", (name, value) => {
    expect(() => proxyFor("a.com", 443, { [name]: value })).toThrow(new UserError(message(name)));
  });

  test("unless no host goes through it", () => {
    const env = { HTTPS_PROXY: "socks5://proxy:1080", NO_PROXY: "*" };
    expect(proxyFor("a.com", 443, env)).toBeUndefined();
  });

  test("by the clients of AWS and of other APIs", async () => {
    const saved = { ...process.env };
    Object.assign(process.env, {
      HTTPS_PROXY: "http://me:test-secret#1@proxy:3128", // secretlint-disable-line
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test-secret-aws",
    });
    const sts = new STSClient({ region: "us-east-1", requestHandler: connections() });
    const api = new ResilientFetch({ fetch: proxiedFetch });
    const call = {
      name: "GET /",
      method: "GET" as const,
      url: "https://api.example.com",
      headers: {},
    };
    await expect(askAws("asking", sts.send(new GetCallerIdentityCommand({})))).rejects.toThrow(
      new UserError(message("HTTPS_PROXY")),
    );
    await expect(api.send(call)).rejects.toThrow(new UserError(message("HTTPS_PROXY")));
    sts.destroy();
    process.env = saved;
  });
});

describe("through a proxy", () => {
  let proxy: Server;
  let target: Server;
  const asked: (string | undefined)[] = [];
  const saved = { ...process.env };

  beforeAll(async () => {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = [
      "-subj",
      "/CN=api.example.com",
      "-addext",
      "subjectAltName=DNS:api.example.com",
    ];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        key,
        "-out",
        cert,
        ...subject,
      ],
      { stdio: "ignore" },
    );
    target = createTls(
      { key: readFileSync(key), cert: readFileSync(cert) },
      async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const said = {
          method: request.method,
          mine: request.headers["x-mine"],
          body: String(Buffer.concat(chunks)),
        };
        response.writeHead(request.url === "/gone" ? 204 : 201, { "x-answer": "yes" });
        response.end(request.url === "/gone" ? undefined : JSON.stringify(said));
      },
    );
    proxy = createPlain();
    proxy.on("connect", (request, client) => {
      asked.push(request.url, request.headers["proxy-authorization"]);
      if (request.url === "denied.example.com:443") {
        client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
        return;
      }
      const { port } = target.address() as AddressInfo;
      const server = connect(port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        server.pipe(client).pipe(server);
      });
      for (const socket of [client, server]) socket.on("error", () => {});
    });
    for (const server of [proxy, target]) {
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    }
  });
  beforeEach(() => {
    asked.length = 0;
    const { port } = proxy.address() as AddressInfo;
    Object.assign(process.env, {
      HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${port}`, // secretlint-disable-line
      NO_PROXY: "",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test-secret-aws",
    });
  });
  afterAll(() => {
    process.env = saved;
    for (const server of [proxy, target]) server.close();
  });

  test("a call arrives with method, headers and body, and its answer comes back", async () => {
    const response = await proxiedFetch("https://api.example.com/api", {
      method: "POST",
      headers: { "x-mine": "1" },
      body: new URLSearchParams({ a: "b" }),
    });
    expect([response.status, response.ok, response.headers.get("x-answer")]).toEqual([
      201,
      true,
      "yes",
    ]);
    expect(await response.json()).toEqual({ method: "POST", mine: "1", body: "a=b" });
    expect(asked).toEqual([
      "api.example.com:443",
      `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
    ]);
  });

  test("an answer may have no body", async () => {
    const response = await proxiedFetch("https://api.example.com/gone", { method: "DELETE" });
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  test("a refusal of the proxy is an error", async () => {
    await expect(proxiedFetch("https://denied.example.com")).rejects.toThrow(
      /^the proxy 127\.0\.0\.1:\d+ refuses denied\.example\.com: status 403$/,
    );
  });

  test("clients of AWS use it as well", async () => {
    const sts = new STSClient({
      region: "us-east-1",
      requestHandler: connections(),
      maxAttempts: 1,
    });
    await sts.send(new GetCallerIdentityCommand({})).catch(() => undefined);
    sts.destroy();
    expect(asked[0]).toBe("sts.us-east-1.amazonaws.com:443");
  });
});
