import { PlatformApi } from "../../../lib/genesys/platform-api";
import { FakeClock } from "./fake-clock";
import { FakeGenesys, type Fault } from "./fake-genesys";
import { type GenesysHttp, startGenesysHttp } from "./genesys-http";
import { type RoutedFetch, routeFetch } from "./route-fetch";

const clock = new FakeClock();
const faults: Fault[] = [];
const genesys = new FakeGenesys({ clock, pageSize: 2, fault: () => faults.shift() ?? "none" });
const master = genesys.seed({
  name: "Production-Rotator",
  roleDivisions: [{ roleId: "role", divisionId: "*" }],
});
const realFetch = globalThis.fetch;
let server: GenesysHttp;
let routed: RoutedFetch;

beforeAll(async () => {
  server = await startGenesysHttp(genesys);
  routed = routeFetch(server.routesOf("mypurecloud.com"));
});
afterAll(async () => {
  routed.restore();
  await server.stop();
});
beforeEach(() => {
  genesys.calls.length = 0;
  faults.length = 0;
});

const api = (region: "us-east-1" | "eu-west-1" = "us-east-1") =>
  new PlatformApi({ region, clientId: master.id, clientSecret: master.secret, clock });

const REQUEST = {
  name: "Production-Crm#1",
  authorizedGrantType: "CLIENT-CREDENTIALS",
  accessTokenValiditySeconds: 3600,
  roleDivisions: [{ roleId: "role", divisionId: "*" }],
  state: "active",
} as const;

test("a client is made, changed, listed over pages and deleted", async () => {
  const platform = api();
  const { id, secret } = await platform.createOAuthClient(REQUEST);
  expect(genesys.use(id, secret ?? "")).toBe(true);
  await platform.createOAuthClient(REQUEST);
  expect(await platform.oauthClients()).toHaveLength(3);
  await platform.updateOAuthClient(id, { state: "inactive" });
  await platform.deleteOAuthClient(id);
  expect(await platform.oauthClient(id)).toBeUndefined();
});

test("a storm of 429 and 503 passes after the requested wait", async () => {
  faults.push("none", "429", "503");
  const before = clock.now();
  expect(await api().organizationId()).toBe("11111111-1111-4111-8111-111111111111");
  expect(genesys.calls).toHaveLength(4);
  expect(clock.now() - before).toBeGreaterThanOrEqual(3000);
});

test("a request whose answer is lost was carried out", async () => {
  const { size } = genesys.clients;
  faults.push("none", "no answer");
  await expect(api().createOAuthClient(REQUEST)).rejects.toMatchObject({
    uncertain: true,
    status: undefined,
  });
  expect(genesys.clients.size).toBe(size + 1);
});

test("a lost request was not carried out", async () => {
  const { size } = genesys.clients;
  faults.push("none", "no request");
  await expect(api().createOAuthClient(REQUEST)).rejects.toMatchObject({ status: undefined });
  expect(genesys.clients.size).toBe(size);
});

test("login and API are two hosts", async () => {
  expect((await fetch("https://login.mypurecloud.com/api/v2/tokens/me")).status).toBe(404);
  expect((await fetch("https://api.mypurecloud.com/oauth/token")).status).toBe(404);
});

test("a request without a route is refused and recorded", async () => {
  await expect(api("eu-west-1").organizationId()).rejects.toThrow("no answer (TypeError)");
  expect(new Set(routed.refused)).toEqual(
    new Set(["POST https://login.mypurecloud.ie/oauth/token"]),
  );
  expect(genesys.calls).toEqual([]);
  expect(globalThis.fetch).not.toBe(realFetch);
});

test("the global fetch is restored afterwards", () => {
  const before = globalThis.fetch;
  routeFetch({}).restore();
  expect(globalThis.fetch).toBe(before);
});

test("a token ends when it asks for that, and the log says who asked for which change", async () => {
  const platform = api();
  genesys.log.length = 0;
  const { id } = await platform.createOAuthClient(REQUEST);
  await platform.updateOAuthClient(id, { state: "inactive" });
  const changes = genesys.log.filter(({ call }) => /^(POST|PUT) .*clients/.test(call));
  expect(changes.map(({ caller, subject }) => [caller, subject])).toEqual([
    [master.id, id],
    [master.id, id],
  ]);
  const login = Buffer.from(`${master.id}:${master.secret}`).toString("base64");
  const minted = await fetch("https://login.mypurecloud.com/oauth/token", {
    method: "POST",
    headers: { authorization: `Basic ${login}` },
    body: "grant_type=client_credentials",
  });
  const { access_token: token } = (await minted.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const me = "https://api.mypurecloud.com/api/v2/tokens/me";
  expect((await fetch(me, { headers })).status).toBe(200);
  expect((await fetch(me, { method: "DELETE", headers })).status).toBe(200);
  expect((await fetch(me, { headers })).status).toBe(401);
  expect(genesys.accepts(token)).toBe(false);
});
