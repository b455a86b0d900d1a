import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer as createPlain, type Server } from "node:http";
import { createServer as createTls } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { proxiedFetchTrusting } from "../../lib/http/proxy";
import { ResilientFetch } from "../../lib/http/resilient-fetch";
import { connectVault } from "../../lib/vault/client/vault-connection";
import { contentOf, type PrivateCertificate, privateCertificate } from "../support/certificates";
import { temporaryFolder } from "../support/folders";

let files: PrivateCertificate;
let server: Server;
let proxy: Server;
let folder: string;
const asked: (string | undefined)[] = [];
// A server does not close what it has handed over.
const tunnels: Duplex[] = [];
const saved = { ...process.env };

beforeEach(async () => {
  folder = temporaryFolder();
  files = privateCertificate(folder, "DNS:localhost,DNS:vault.example.com");
  server = createTls(contentOf(files), (_, answer) => answer.end('{"yes":1}'));
  proxy = createPlain().on("connect", (request, client) => {
    asked.push(request.url);
    tunnels.push(client);
    const to = connect(portOf(server), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      to.pipe(client).pipe(to);
    });
  });
  for (const each of [server, proxy]) {
    await new Promise<void>((done) => each.listen(0, "127.0.0.1", done));
  }
});
afterEach(async () => {
  process.env = { ...saved };
  for (const tunnel of tunnels.splice(0)) tunnel.destroy();
  for (const each of [server, proxy]) {
    each.closeAllConnections();
    await new Promise((done) => each.close(done));
  }
});

const portOf = (of: Server) => (of.address() as AddressInfo).port;
const here = () => `https://localhost:${portOf(server)}`;
const api = (send: typeof fetch) => (url: string) =>
  new ResilientFetch({ fetch: send, retries: 0 }).send({
    method: "GET",
    url,
    name: "GET it",
    headers: {},
  });

test("a server of a private authority answers who trusts the authority", async () => {
  const trusting = proxiedFetchTrusting([readFileSync(files.ca, "utf8")]);
  expect((await api(trusting)(here())).body).toEqual({ yes: 1 });
});

test("also through a proxy, whose own connection is not encrypted", async () => {
  process.env.HTTPS_PROXY = `http://127.0.0.1:${portOf(proxy)}`;
  const trusting = proxiedFetchTrusting([readFileSync(files.ca, "utf8")]);
  expect((await api(trusting)("https://vault.example.com:8200/")).body).toEqual({ yes: 1 });
  expect(asked).toEqual(["vault.example.com:8200"]);
});

test("it answers nobody else, and the message has OpenSSL's code", async () => {
  await expect(api(proxiedFetchTrusting())(here())).rejects.toThrow(
    "GET it: no answer (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
  );
  const other = privateCertificate(temporaryFolder(), "DNS:localhost");
  const wrong = proxiedFetchTrusting([readFileSync(other.ca, "utf8")]);
  await expect(api(wrong)(here())).rejects.toThrow(/no answer \([A-Z_]*(CERT|SIGNATURE)[A-Z_]*\)/);
});

test("VAULT_CACERT, and VAULT_CAPATH where it is not set, name the authority", async () => {
  const authorities = join(folder, "authorities");
  mkdirSync(authorities);
  symlinkSync(files.ca, join(authorities, "1234.0"));
  for (const env of [{ VAULT_CACERT: files.ca }, { VAULT_CAPATH: authorities }]) {
    const { fetch: send } = connectVault(env, { address: here() });
    expect((await api(send)(here())).body).toEqual({ yes: 1 });
  }
  const first = connectVault(
    { VAULT_CACERT: files.certificate, VAULT_CAPATH: authorities },
    { address: here() },
  );
  await expect(api(first.fetch)(here())).rejects.toThrow("no answer (");
});
