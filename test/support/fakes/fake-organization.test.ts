import { FakeClock } from "./fake-clock";
import { FakeGenesys } from "./fake-genesys";
import { FakeOrganization } from "./fake-organization";
import type { RateLimit } from "./fake-traffic";
import { type GenesysHttp, startGenesysHttp } from "./genesys-http";
import type { Entity } from "./organization/entity";

type Listing = {
  readonly entities: readonly Entity[];
  readonly total?: number;
  readonly pageCount?: number;
  readonly nextUri?: string;
};

/** An organisation with `count` queues and an agent. */
function world(count = 0, rateLimit?: RateLimit) {
  const clock = new FakeClock();
  const organization = new FakeOrganization();
  organization.add("auth_division", { id: "home", name: "Home", homeDivision: true });
  organization.add("auth_role", { id: "agent", name: "Agent", permissionPolicies: [] });
  for (let index = 0; index < count; index += 1) {
    organization.add("routing_queue", { id: `queue-${index}`, name: `Queue ${index}` });
  }
  const genesys = new FakeGenesys({ clock, organization, rateLimit });
  const reader = genesys.seed({ name: "Reader" });
  const login = async () => {
    const credential = Buffer.from(`${reader.id}:${reader.secret}`).toString("base64");
    const reply = await genesys.fetch("http://login/oauth/token", {
      method: "POST",
      headers: { authorization: `Basic ${credential}` },
      body: "grant_type=client_credentials",
    });
    return (JSON.parse(await reply.text()) as { access_token: string }).access_token;
  };
  let token: Promise<string> | undefined;
  const call = async (path: string, method = "GET") => {
    token ??= login();
    const headers = { authorization: `Bearer ${await token}` };
    const reply = await genesys.fetch(`http://api/api/v2/${path}`, { method, headers });
    return {
      status: reply.status,
      wait: reply.headers.get("retry-after"),
      body: JSON.parse(await reply.text()),
    };
  };
  const listing = async (path: string) => (await call(path)).body as Listing;
  return { clock, organization, genesys, reader, call, listing };
}

const namesOf = ({ entities }: Listing) => entities.map(({ name }) => name);

describe("lists", () => {
  test("have pages, with the address of the next one", async () => {
    const { listing } = world(5);
    const first = await listing("routing/queues?pageSize=2");
    expect(first).toMatchObject({
      total: 5,
      pageCount: 3,
      pageNumber: 1,
      pageSize: 2,
      nextUri: "/api/v2/routing/queues?pageSize=2&pageNumber=2",
    });
    expect(namesOf(first)).toEqual(["Queue 0", "Queue 1"]);
    const last = await listing("routing/queues?pageSize=2&pageNumber=3");
    expect(namesOf(last)).toEqual(["Queue 4"]);
    expect(last.nextUri).toBeUndefined();
  });

  test("have 25 objects on a page unless it is asked for more", async () => {
    const { listing } = world(30);
    expect((await listing("routing/queues")).entities).toHaveLength(25);
  });

  test.each([
    ["routing/queues", 500],
    ["routing/languages", 100],
    ["users", 500],
    ["locations", 100],
  ])("of %s have at most %d objects on a page", async (path, most) => {
    const { call } = world();
    expect((await call(`${path}?pageSize=${most}`)).status).toBe(200);
    const { status, body } = await call(`${path}?pageSize=${most + 1}`);
    expect([status, body.code]).toEqual([400, "bad.request"]);
    expect((await call(`${path}?pageNumber=0`)).status).toBe(400);
  });

  test("have only the users who did not leave", async () => {
    const { organization, listing } = world();
    organization.add("user", { id: "1", name: "Here", state: "active" });
    organization.add("user", { id: "2", name: "Gone", state: "inactive" });
    expect(namesOf(await listing("users"))).toEqual(["Here"]);
    expect(namesOf(await listing("users?state=inactive"))).toEqual(["Gone"]);
    expect(namesOf(await listing("users?state=any"))).toEqual(["Here", "Gone"]);
  });

  test("have some fields only if it is asked for them", async () => {
    const { organization, call } = world();
    organization.add("user", { id: "1", name: "Ana", skills: [{ id: "s" }], locations: [] });
    expect((await call("users/1")).body).not.toHaveProperty("skills");
    const { body } = await call("users/1?expand=skills,locations");
    expect(body).toMatchObject({ skills: [{ id: "s" }], locations: [] });
    organization.add("architect_datatable", { id: "t", name: "Table", schema: { type: "object" } });
    expect((await call("flows/datatables/t")).body).not.toHaveProperty("schema");
    expect((await call("flows/datatables/t?expand=schema")).body).toHaveProperty("schema");
  });

  test("find names by a part of them", async () => {
    const { listing } = world(3);
    expect(namesOf(await listing("routing/queues?name=*eue 1*"))).toEqual(["Queue 1"]);
    expect(namesOf(await listing("routing/queues?id=queue-2"))).toEqual(["Queue 2"]);
  });

  test("miss an object for a while that a request by id finds", async () => {
    const { organization, call, listing } = world(2);
    organization.unlisted.add("queue-1");
    expect(namesOf(await listing("routing/queues"))).toEqual(["Queue 0"]);
    expect((await call("routing/queues/queue-1")).status).toBe(200);
  });

  test("repeat an object if another one is added between two pages, and miss one if one is removed", async () => {
    const { organization, listing } = world(4);
    organization.afterPage = () => {
      organization.afterPage = undefined;
      organization.add("routing_queue", { id: "new", name: "New" }, "first");
    };
    const walk = async () => [
      ...namesOf(await listing("routing/queues?pageSize=2")),
      ...namesOf(await listing("routing/queues?pageSize=2&pageNumber=2")),
    ];
    expect(await walk()).toEqual(["Queue 0", "Queue 1", "Queue 1", "Queue 2"]);
    organization.afterPage = () => organization.remove("routing_queue", "new");
    expect(await walk()).toEqual(["New", "Queue 0", "Queue 2", "Queue 3"]);
  });
});

describe("parts of objects", () => {
  test("are the members of a queue, of whom some come with a group", async () => {
    const { organization, call } = world();
    for (const id of ["ana", "ben", "cem"]) organization.add("user", { id, name: id });
    organization.add("group", { id: "g", name: "Group", $individuals: ["ben", "cem"] });
    organization.add("routing_queue", {
      id: "q",
      name: "Queue",
      memberGroups: [{ id: "g", type: "GROUP" }],
      $members: [
        { id: "ana", ringNumber: 1 },
        { id: "ben", ringNumber: 2 },
      ],
    });
    expect((await call("routing/queues/q")).body).toMatchObject({ memberCount: 3 });
    const { body } = await call("routing/queues/q/members?memberBy=user");
    const own = body as Listing;
    expect(own.entities.map(({ id, ringNumber }) => [id, ringNumber])).toEqual([
      ["ana", 1],
      ["ben", 2],
    ]);
    // This list does not say how many there are.
    expect(own).not.toHaveProperty("total");
    expect((await call("routing/queues/q/members")).body.entities).toHaveLength(3);
    expect((await call("routing/queues/q/members?pageSize=101")).status).toBe(400);
  });

  test("are not in the object itself", async () => {
    const { organization, call } = world();
    organization.add("integration", { id: "i", name: "I", $config: { notes: "n" } });
    expect(Object.keys((await call("integrations/i")).body)).toEqual(["id", "name", "selfUri"]);
    expect((await call("integrations/i/config/current")).body).toMatchObject({ notes: "n" });
    expect((await call("integrations/i/nothing")).status).toBe(404);
  });

  test("are the home division, a policy for voicemail, and a utilization", async () => {
    const { organization, call } = world();
    organization.add("user", { id: "u", name: "U", $voicemailPolicy: { alertTimeoutSeconds: 9 } });
    expect((await call("authorization/divisions/home")).body.id).toBe("home");
    expect((await call("voicemail/userpolicies/u")).body).toEqual({ alertTimeoutSeconds: 9 });
    expect((await call("routing/users/u/utilization")).body.level).toBe("Organization");
    expect((await call("routing/users/nobody/utilization")).status).toBe(404);
  });
});

describe("errors", () => {
  test("say that there is no such object, or no permission", async () => {
    const { organization, call } = world(1);
    const absent = await call("routing/queues/nothing");
    expect(absent).toMatchObject({ status: 404, body: { code: "not.found", status: 404 } });
    organization.denied.add("routing_queue");
    const denied = await call("routing/queues");
    expect(denied).toMatchObject({ status: 403, body: { code: "missing.permissions" } });
    expect(denied.body.message).toContain("routing:queue:view");
    expect((await call("users")).status).toBe(200);
  });

  test("refuse writes, and the organisation keeps which", async () => {
    const { organization, call } = world(1);
    organization.add("oauth_client", { id: "theirs", name: "Theirs" });
    expect((await call("routing/queues/queue-0", "PUT")).status).toBe(405);
    expect((await call("authorization/divisions", "POST")).status).toBe(405);
    expect((await call("oauth/clients/theirs", "PUT")).status).toBe(405);
    organization.add("user", { id: "u", name: "U" });
    expect((await call("voicemail/userpolicies/u", "PATCH")).status).toBe(405);
    expect(organization.writes).toEqual([
      "PUT /api/v2/routing/queues/queue-0",
      "POST /api/v2/authorization/divisions",
      "PUT /api/v2/oauth/clients/theirs",
      "PATCH /api/v2/voicemail/userpolicies/u",
    ]);
  });
});

test("the organisation's clients are listed with the client that reads them", async () => {
  const { organization, reader, call, listing } = world();
  organization.add("oauth_client", { id: "theirs", name: "Theirs" });
  expect(namesOf(await listing("oauth/clients"))).toEqual([reader.fields.name, "Theirs"]);
  expect((await call("oauth/clients/theirs")).body).toMatchObject({ name: "Theirs" });
  organization.denied.add("oauth_client");
  expect((await call("oauth/clients")).status).toBe(403);
});

describe("traffic", () => {
  test("a token may make 300 requests a minute", async () => {
    const { clock, genesys, call } = world(1, {});
    const statuses = new Set<number>();
    for (let index = 0; index < 300; index += 1) {
      statuses.add((await call("routing/queues")).status);
      clock.advance(100);
    }
    expect([...statuses]).toEqual([200]);
    const refused = await call("routing/queues");
    expect(refused).toMatchObject({
      status: 429,
      wait: "30",
      body: {
        code: "too.many.requests.retry.after",
        message: "Rate limit exceeded the maximum. Retry the request in [30] seconds",
      },
    });
    clock.advance(30_000);
    expect((await call("routing/queues")).status).toBe(200);
    // The login is a request as well.
    expect(genesys.traffic.count).toBe(303);
    expect(genesys.traffic.peakPerMinute).toBe(302);
  });

  test("a minute may end for all requests at once", async () => {
    const { clock, call } = world(1, { perMinute: 2, window: "fixed" });
    clock.advance(50_000);
    await call("routing/queues");
    await call("routing/queues");
    expect((await call("routing/queues")).wait).toBe("10");
    clock.advance(10_000);
    expect((await call("routing/queues")).status).toBe(200);
  });
});

describe("over HTTP", () => {
  let server: GenesysHttp;
  const { genesys, reader } = world(3);
  beforeAll(async () => {
    server = await startGenesysHttp(genesys);
  });
  afterAll(() => server.stop());

  test("it is the same", async () => {
    const credential = Buffer.from(`${reader.id}:${reader.secret}`).toString("base64");
    const login = await fetch(`${server.login}/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${credential}` },
      body: "grant_type=client_credentials",
    });
    const { access_token } = (await login.json()) as { access_token: string };
    const reply = await fetch(`${server.api}/api/v2/routing/queues?pageSize=2`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await reply.json()).toMatchObject({ total: 3, pageCount: 2 });
  });
});
