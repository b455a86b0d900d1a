import { PlatformApi, withoutReadOnly } from "../../lib/genesys/platform-api";
import { ApiError } from "../../lib/http/api-error";
import { GENESYS_REGIONS, type GenesysRegion } from "../../lib/registry/genesys-regions";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys, type FakeGenesysProps } from "../support/fakes/fake-genesys";
import { type ScriptedReply, scriptedFetch } from "../support/fakes/scripted-fetch";

const CLIENTS = "/api/v2/oauth/clients";
const REQUEST = {
  name: "prod-example",
  authorizedGrantType: "CLIENT-CREDENTIALS",
  accessTokenValiditySeconds: 3_600,
  roleDivisions: [{ roleId: "role", divisionId: "*" }],
  state: "active",
} as const;
const TOKEN = { status: 200, body: { access_token: "test-token", expires_in: 3_600 } };

function fake(props: Partial<FakeGenesysProps> = {}) {
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock, ...props });
  const { id, secret } = genesys.seed({
    name: "master",
    accessTokenValiditySeconds: 3_600,
    roleDivisions: [{ roleId: "role", divisionId: "*" }],
  });
  const reported: Error[] = [];
  const api = new PlatformApi({
    region: "eu-central-1",
    clientId: id,
    clientSecret: secret,
    endpoints: FAKE_ENDPOINTS,
    fetch: genesys.fetch,
    clock,
    random: () => 0,
    timeout: Number.POSITIVE_INFINITY,
    onGiveUp: (error) => reported.push(error),
  });
  const count = (call: string) => genesys.calls.filter((other) => other === call).length;
  return { clock, genesys, api, reported, count, mints: () => count("POST /oauth/token") };
}

/** Returns an API with scripted answers after the token. */
function scripted(...script: ScriptedReply[]) {
  const { fetch, requests } = scriptedFetch(TOKEN, ...script);
  const reported: Error[] = [];
  const api = new PlatformApi({
    region: "eu-central-1",
    // One of the clients in the lists: without it, they would be incomplete.
    clientId: "a",
    clientSecret: "test-secret",
    fetch,
    clock: new FakeClock(),
    onGiveUp: (error) => reported.push(error),
  });
  return { api, requests, reported, calls: () => requests.slice(1).map(({ call }) => call) };
}

describe("the next page of a list", () => {
  const page = (id: string, nextUri?: string) => ({
    status: 200,
    body: { entities: [{ id }], total: 2, nextUri },
  });

  test.each([
    "https://elsewhere.test/api/v2/oauth/clients",
    "//elsewhere.test/api/v2/oauth/clients",
    "http://api.mypurecloud.de/api/v2/oauth/clients",
    "https://api.mypurecloud.de.elsewhere.test/",
    "https://api.mypurecloud.de@elsewhere.test/",
  ])("is not asked for on another host, which would get the token: %s", async (nextUri) => {
    const { api, requests, reported } = scripted(page("a", nextUri), page("b"));
    await expect(api.oauthClients()).rejects.toThrow(
      "it has a next page that is not on https://api.mypurecloud.de",
    );
    expect(requests).toHaveLength(2);
    expect(reported).toHaveLength(1);
  });

  test.each([
    [".elsewhere.test/", "/.elsewhere.test/"],
    ["@elsewhere.test/", "/@elsewhere.test/"],
    [`${CLIENTS}?pageNumber=2`, `${CLIENTS}?pageNumber=2`],
    [`https://api.mypurecloud.de${CLIENTS}?pageNumber=2`, `${CLIENTS}?pageNumber=2`],
  ])("is a path on the same host: %s", async (nextUri, path) => {
    const { api, calls } = scripted(page("a", nextUri), page("b"));
    expect(await api.oauthClients()).toHaveLength(2);
    expect(calls()[1]).toBe(`GET https://api.mypurecloud.de${path}`);
  });
});

describe("an answer without its main part is an error that names the call:", () => {
  test.each([
    ["the owner of a token", (api: PlatformApi) => api.tokenOwner(), "GET /api/v2/tokens/me"],
    [
      "the organisation",
      (api: PlatformApi) => api.organizationId(),
      "GET /api/v2/organizations/me",
    ],
  ])("%s", async (_, ask, call) => {
    for (const body of [null, {}, { organization: null }, { organization: {}, id: 7 }, []]) {
      const { api } = scripted({ status: 200, body });
      await expect(ask(api)).rejects.toThrow(`${call}: the answer cannot be used`);
    }
  });

  test("the login", async () => {
    for (const body of [{}, { access_token: "t" }, { expires_in: 3600 }]) {
      const { fetch } = scriptedFetch({ status: 200, body });
      const clock = new FakeClock();
      const credential = { clientId: "a", clientSecret: "test-secret" };
      const api = new PlatformApi({ region: "eu-central-1", ...credential, fetch, clock });
      await expect(api.organizationId()).rejects.toThrow("POST /oauth/token: the answer cannot be");
    }
  });
});

test("a token is used until 60 s before it expires", async () => {
  const { api, clock, mints } = fake();
  const start = clock.now();
  await api.organizationId();
  // The fake announces a lifetime of one second less than it grants.
  clock.advance(start + (3_599 - 60) * 1000 - 1 - clock.now());
  await api.organizationId();
  expect(mints()).toBe(1);
  clock.advance(1);
  await api.organizationId();
  expect(mints()).toBe(2);
});

test("simultaneous callers share one token, the first one and all later ones", async () => {
  const { api, clock, mints } = fake();
  const three = () =>
    Promise.all([api.organizationId(), api.tokenOwner(), api.oauthClient("nobody")]);
  await three();
  expect(mints()).toBe(1);
  clock.advance(3_600_000);
  await three();
  expect(mints()).toBe(2);
});

test("simultaneous callers fail together when no token comes, and later ones try again", async () => {
  let down = true;
  const { api, count } = fake({ fault: () => (down ? "503" : "none") });
  const results = await Promise.allSettled([api.organizationId(), api.organizationId()]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(count("POST /oauth/token")).toBe(4);
  down = false;
  await expect(api.organizationId()).resolves.toBeDefined();
});

test("a token that the API refuses is replaced, once for all callers", async () => {
  const { api, clock, genesys, mints } = fake();
  await api.organizationId();
  const handle = genesys.handle.bind(genesys);
  // The organisation revokes the token early.
  genesys.handle = (request) =>
    request.headers.authorization === "Bearer token-2"
      ? { status: 401, body: { code: "bad.credentials" } }
      : handle(request);
  await Promise.all([api.organizationId(), api.tokenOwner(), api.createOAuthClient(REQUEST)]);
  expect(mints()).toBe(2);
  expect(genesys.clients.size).toBe(2);
  expect(clock.now()).toBe(new FakeClock().now());
});

test("a call fails when the new token is refused as well", async () => {
  const { api, calls, requests } = scripted({ status: 401 }, TOKEN, { status: 401 });
  await expect(api.organizationId()).rejects.toMatchObject({ status: 401, attempts: 1 });
  expect(requests).toHaveLength(4);
  expect(calls()).toHaveLength(3);
});

test("a wrong secret is tried once, and never printed", async () => {
  const { api, genesys, mints } = fake();
  for (const client of genesys.clients.values()) client.secret = "test-other";
  const error = await api.organizationId().catch((thrown) => thrown);
  expect(error).toMatchObject({ call: "POST /oauth/token", status: 401, code: "invalid_client" });
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/test-secret|Basic/);
  expect(mints()).toBe(1);
});

test("all pages of the clients are read", async () => {
  const { api, genesys, count } = fake({ pageSize: 2 });
  for (const name of ["a", "b", "c", "d"]) genesys.seed({ name });
  const names = (await api.oauthClients()).map(({ name }) => name);
  expect(names).toEqual(["master", "a", "b", "c", "d"]);
  expect(count(`GET ${CLIENTS}`)).toBe(3);
});

const page = (ids: readonly string[], total: number, nextUri?: string | null) => ({
  status: 200,
  body: { entities: ids.map((id) => ({ id, name: id })), total, nextUri },
});

test("a client that two pages have is listed once", async () => {
  const { api } = scripted(page(["a", "b"], 3, `${CLIENTS}?pageNumber=2`), page(["b", "c"], 3));
  expect((await api.oauthClients()).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test.each([
  ["a page is missing", [page(["a", "b"], 3)]],
  ["pages repeat", [page(["a", "b"], 3, `${CLIENTS}?pageNumber=2`), page(["a", "b"], 3)]],
  ["pages lead in a circle", [page(["a", "b"], 3, CLIENTS)]],
  ["the total falls", [page(["a"], 3, `${CLIENTS}?pageNumber=2`), page(["b"], 2)]],
  ["the total grows", [page(["a"], 2, `${CLIENTS}?pageNumber=2`), page(["b"], 3)]],
])("an incomplete list is read again, and then an error: %s", async (_, script) => {
  const often = scripted(...script, ...script, ...script);
  await expect(often.api.oauthClients()).rejects.toThrow(/it has \d of 3 clients/);
  expect(often.reported).toHaveLength(1);
  const once = scripted(...script, ...script, page(["a", "b", "c"], 3));
  expect(await once.api.oauthClients()).toHaveLength(3);
  expect(once.reported).toEqual([]);
});

test("endless pages come to an end", async () => {
  const circle = scripted(page(["a"], 1, CLIENTS));
  await expect(circle.api.oauthClients()).resolves.toHaveLength(1);
  const pages = Array.from({ length: 50 }, (_, number) =>
    page(["a"], 1, `${CLIENTS}?pageNumber=${number + 2}`),
  );
  const endless = scripted(...pages);
  await expect(endless.api.oauthClients()).resolves.toHaveLength(1);
  expect(endless.calls().length).toBeLessThan(5);
});

test("only the answers to a create and to a new secret contain the secret", async () => {
  const { api } = fake();
  const { id, secret } = await api.createOAuthClient(REQUEST);
  expect(secret).toMatch(/^test-secret-/);
  expect(await api.oauthClient(id)).not.toHaveProperty("secret");
  expect((await api.renewSecret(id)).secret).not.toBe(secret);
});

test.each(["createOAuthClient", "renewSecret"] as const)(
  "%s is never repeated when its answer was lost",
  async (operation) => {
    const { api, genesys, reported } = fake({
      fault: (call) => (/^POST .api/.test(call) ? "no answer" : "none"),
    });
    const { id } = genesys.seed({ name: "other" });
    const call = operation === "renewSecret" ? api.renewSecret(id) : api.createOAuthClient(REQUEST);
    await expect(call).rejects.toMatchObject({ uncertain: true, attempts: 1 });
    expect(genesys.calls.filter((sent) => sent.startsWith("POST /api"))).toHaveLength(1);
    expect(reported).toHaveLength(1);
  },
);

test("an update keeps unknown fields", async () => {
  const { api, genesys } = fake();
  const known = { ...REQUEST, description: "what it is for", allowedIps: ["192.0.2.1"] };
  const { id } = genesys.seed(known);
  await api.updateOAuthClient(id, { state: "inactive" });
  expect(genesys.clients.get(id)?.fields).toEqual({ ...known, state: "inactive" });
});

test("an update sends back no field that only the API sets", () => {
  const readOnly = {
    id: "client",
    secret: "test-secret",
    dateCreated: "2026-11-21T00:00:00Z",
    dateModified: "2026-11-21T00:00:00Z",
    createdBy: { id: "user" },
    modifiedBy: { id: "user" },
    selfUri: "/api/v2/oauth/clients/client",
    roleIds: ["role"],
  };
  const kept = { ...REQUEST, dateToDelete: "2026-12-01T00:00:00Z", allowedIps: [] };
  expect(withoutReadOnly({ ...kept, ...readOnly })).toEqual(kept);
});

test("a client that does not exist is undefined to read and to update, and no error to delete", async () => {
  for (const status of [404, 410]) {
    const { api } = scripted({ status });
    await expect(api.oauthClient("gone")).resolves.toBeUndefined();
    await expect(api.updateOAuthClient("gone", {})).resolves.toBeUndefined();
    await expect(api.deleteOAuthClient("gone")).resolves.toBeUndefined();
  }
});

test("a client that is listed as deleted is undefined", async () => {
  const { api } = scripted({ status: 200, body: { id: "gone", name: "gone", state: "deleted" } });
  await expect(api.oauthClient("gone")).resolves.toBeUndefined();
});

test("a delete is repeated when its answer was lost", async () => {
  let lost = false;
  const { api, genesys } = fake({
    fault: (call) => {
      if (lost || !call.startsWith("DELETE")) return "none";
      lost = true;
      return "no answer";
    },
  });
  const { id } = genesys.seed({ name: "old", state: "inactive" });
  await api.deleteOAuthClient(id);
  expect(genesys.clients.has(id)).toBe(false);
});

test("other refusals are errors", async () => {
  const { api, genesys } = fake();
  const { id } = genesys.seed({ name: "in use" });
  await expect(api.deleteOAuthClient(id)).rejects.toBeInstanceOf(ApiError);
  const forbidden = scripted({ status: 403 });
  await expect(forbidden.api.oauthClient("a")).rejects.toMatchObject({ status: 403 });
});

test("an id is always one part of a path", async () => {
  const { api, calls } = scripted({ status: 404 });
  await api.oauthClient("../users?x");
  expect(calls()).toEqual([`GET https://api.mypurecloud.de${CLIENTS}/..%2Fusers%3Fx`]);
});

test.each(Object.entries(GENESYS_REGIONS))("hosts of %s are under %s", async (region, domain) => {
  const { fetch, requests } = scriptedFetch(TOKEN, { status: 200, body: { id: "org" } });
  const api = new PlatformApi({
    region: region as GenesysRegion,
    clientId: "test-client",
    clientSecret: "test-secret",
    fetch,
  });
  await expect(api.organizationId()).resolves.toBe("org");
  expect(requests).toMatchObject([
    {
      call: `POST https://login.${domain}/oauth/token`,
      headers: { authorization: `Basic ${btoa("test-client:test-secret")}` },
      body: "grant_type=client_credentials",
    },
    {
      call: `GET https://api.${domain}/api/v2/organizations/me`,
      headers: { authorization: "Bearer test-token" },
    },
  ]);
});

describe("an integration credential", () => {
  const request = {
    name: "Data actions",
    type: { name: "pureCloudOAuthClient" },
    credentialFields: { clientId: "c-1", clientSecret: "test-secret-of-a-client" },
  };

  test("is replaced as a whole", async () => {
    const { api, genesys } = fake();
    const credential = genesys.integrations.seed("i/1");
    credential.fields.other = "field";
    expect(await api.updateIntegrationCredential("i/1", request)).toBe(true);
    expect(credential).toMatchObject({ name: "Data actions", fields: request.credentialFields });
    expect(credential.fields).not.toHaveProperty("other");
  });

  test("that was deleted is no error", async () => {
    const { api } = fake();
    expect(await api.updateIntegrationCredential("gone", request)).toBe(false);
  });

  test("that is refused does not repeat the secret", async () => {
    const { api, genesys, reported } = fake();
    genesys.integrations.seed("i-1", "basicAuth");
    const failed = await api.updateIntegrationCredential("i-1", request).catch((error) => error);
    expect(failed).toMatchObject({ status: 400, message: expect.stringContaining("not shown") });
    expect(JSON.stringify([failed.message, reported])).not.toContain("test-secret-of-a-client");
  });
});
