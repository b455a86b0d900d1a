import { PlatformApi } from "../../lib/genesys/platform-api";
import { rotate, type Step } from "../../lib/rotation/rotate";
import type { RotationProps } from "../../lib/rotation/rotation-props";
import { FakeClock } from "../support/fakes/fake-clock";
import {
  FAKE_ENDPOINTS,
  type FakeClient,
  FakeGenesys,
  type FakeGenesysProps,
} from "../support/fakes/fake-genesys";
import { secretStoreOf } from "../support/fakes/fake-secret-store";
import { FakeSecret } from "../support/fakes/fake-secrets-manager";
import { STEPS } from "./rotation-world";

const ARN =
  "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/org/crm-AbCdEf";
const ORG_ID = "11111111-1111-4111-8111-111111111111";

function setUp(patch: Partial<RotationProps> = {}, world: Partial<FakeGenesysProps> = {}) {
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock, orgId: ORG_ID, lag: 20_000, ...world });
  const master = genesys.seed({
    name: "Production-Rotator",
    roleDivisions: [{ roleId: "role", divisionId: "*" }],
  });
  const secret = new FakeSecret(ARN, clock);
  const apiOf = (clientId: string, clientSecret: string) =>
    new PlatformApi({
      region: "us-east-1",
      clientId,
      clientSecret,
      endpoints: FAKE_ENDPOINTS,
      clock,
      fetch: genesys.fetch,
      timeout: Number.POSITIVE_INFINITY,
    });
  const props: RotationProps = {
    secrets: secretStoreOf(() => secret),
    api: apiOf(master.id, master.secret),
    apiAs: ({ clientId, clientSecret }) => apiOf(clientId, clientSecret),
    specification: {
      secretArn: ARN,
      clientName: "Production-Crm",
      roleDivisions: [{ roleId: "role", divisionId: "*" }],
      accessTokenValiditySeconds: 3600,
      rotationDays: 30,
    },
    org: { name: "org", id: ORG_ID, region: "us-east-1" },
    clock,
    ...patch,
  };
  const go = async (token: string, ...steps: Step[]) => {
    for (const step of steps) await rotate(props, step, token);
  };
  const ours = () =>
    [...genesys.clients.values()].filter(({ fields }) => fields.description === ARN);
  const credentialIn = (token: string) => JSON.parse(secret.versions.get(token)?.value ?? "{}");
  return { props, genesys, master, secret, clock, go, ours, credentialIn, apiOf };
}

/** Adds a client that was created for a version, by whoever knows its name. */
function seedFor(
  genesys: FakeGenesys,
  version: string,
  patch: Partial<FakeClient> = {},
  fields: object = {},
): FakeClient {
  const marks = { name: `Production-Crm#${version}`, description: ARN, state: "active" };
  const client = genesys.seed({ ...marks, ...fields });
  return Object.assign(client, { createdAt: client.modifiedAt + 365 * 86_400_000 }, patch);
}

test("the first rotation creates the first client for the empty secret", async () => {
  const { secret, go, ours, credentialIn } = setUp();
  secret.rotate("v1");
  await go("v1", ...STEPS);
  expect(secret.idOf("AWSCURRENT")).toBe("v1");
  const [client] = ours();
  expect(client?.fields).toEqual({
    name: "Production-Crm#v1",
    description: ARN,
    state: "active",
    authorizedGrantType: "CLIENT-CREDENTIALS",
    accessTokenValiditySeconds: 3600,
    roleDivisions: [{ roleId: "role", divisionId: "*" }],
  });
  expect(credentialIn("v1")).toEqual({
    clientId: client?.id,
    clientSecret: client?.secret,
    region: "us-east-1",
    orgId: ORG_ID,
  });
});

test("a rotation needs eight calls of the API, and some more when a new client takes its time", async () => {
  const { genesys, secret, go } = setUp();
  secret.rotate("v1");
  await go("v1", ...STEPS);
  expect(genesys.calls).toEqual([
    "POST /oauth/token",
    "GET /api/v2/oauth/clients",
    "POST /api/v2/oauth/clients",
    // Here, Genesys Cloud does not know it everywhere for 20 seconds.
    ...Array(4).fill("GET /api/v2/oauth/clients/client-3"),
    "GET /api/v2/oauth/clients/client-3",
    "POST /oauth/token",
    "GET /api/v2/tokens/me",
    "POST /oauth/token",
    "GET /api/v2/tokens/me",
  ]);
});

test("every step can be repeated, even after the last one", async () => {
  const { secret, go, ours, credentialIn } = setUp();
  secret.rotate("v1");
  for (const step of STEPS) await go("v1", step, step);
  const before = credentialIn("v1");
  await go("v1", ...STEPS);
  // As Secrets Manager leaves it. The answer to the last step may have been lost.
  secret.move("AWSPENDING", undefined, "v1");
  await go("v1", ...STEPS);
  expect(credentialIn("v1")).toEqual(before);
  expect(ours()).toHaveLength(1);
});

test("a client that was created before a crash is taken over, with a new secret", async () => {
  const { genesys, secret, go, ours } = setUp();
  secret.rotate("v1");
  const lost = seedFor(genesys, "v1");
  const before = lost.secret;
  await go("v1", ...STEPS);
  expect(ours().map(({ id }) => id)).toEqual([lost.id]);
  expect(lost.secret).not.toBe(before);
});

test("of several clients that the master created for one version, one is kept", async () => {
  const { genesys, master, secret, go, ours } = setUp();
  secret.rotate("v1");
  for (let number = 0; number < 3; number++) seedFor(genesys, "v1", { createdBy: master.id });
  const copy = seedFor(genesys, "v1", { createdBy: "somebody" });
  await go("v1", ...STEPS);
  expect(ours().map(({ id }) => id)).toEqual(["client-2", copy.id]);
  expect(copy.fields).not.toHaveProperty("roleDivisions");
});

describe("a client that somebody else named like the pending one", () => {
  test("is not taken over: none is, if nothing says who created them", async () => {
    const { genesys, secret, go, ours } = setUp();
    secret.rotate("v1");
    for (let number = 0; number < 2; number++) seedFor(genesys, "v1");
    const before = JSON.stringify(ours());
    await expect(go("v1", "createSecret")).rejects.toThrow(
      "the clients client-2, client-3 all have the name of version v1, so none was taken over, and the version was given up: delete those that you know, and rotate again",
    );
    expect(JSON.stringify(ours())).toBe(before);
    secret.rotate("v2");
    await go("v2", ...STEPS);
    expect(secret.idOf("AWSCURRENT")).toBe("v2");
  });

  test.each([
    ["if Genesys Cloud names another creator", { createdBy: "somebody" }],
    ["if it is older than the version", { createdAt: 0 }],
  ])("is left alone %s", async (_, patch) => {
    const { genesys, secret, go, ours } = setUp();
    secret.rotate("v1");
    const copy = seedFor(genesys, "v1", patch);
    const before = JSON.stringify(copy);
    await go("v1", ...STEPS);
    expect(ours()).toHaveLength(2);
    expect(JSON.stringify(copy)).toBe(before);
  });
});

describe("a version that no retry would repair is given up, and another rotation can begin:", () => {
  const given = async (harm: (world: ReturnType<typeof setUp>) => void, ...steps: Step[]) => {
    const world = setUp();
    world.secret.rotate("v1");
    await world.go("v1", "createSecret");
    harm(world);
    await expect(world.go("v1", ...steps)).rejects.toThrow();
    expect(world.secret.idOf("AWSPENDING")).toBeUndefined();
    world.secret.rotate("v2");
    return world;
  };

  test("its client was deleted", async () => {
    const { go, secret } = await given(
      ({ genesys, ours }) => genesys.clients.delete(ours()[0]?.id ?? ""),
      "setSecret",
    );
    await go("v2", ...STEPS);
    expect(secret.idOf("AWSCURRENT")).toBe("v2");
  });

  test("its client was deactivated, and stays so", async () => {
    const { ours } = await given(({ ours: all }) => {
      for (const { fields } of all()) fields.state = "inactive";
    }, "setSecret");
    expect(ours().map(({ fields }) => fields.state)).toEqual(["inactive"]);
  });

  test.each([["testSecret"], ["finishSecret"]] as const)(
    "its secret was renewed, in %s, as soon as the client is not merely too new",
    async (step) => {
      await given(({ ours, clock }) => {
        for (const client of ours()) client.secret = "test-secret-of-a-person";
        clock.advance(5 * 60_000);
      }, step);
    },
  );

  test("it belongs to another organisation", async () => {
    await given(({ genesys }) => {
      genesys.orgId = "22222222-2222-4222-8222-222222222222";
    }, "testSecret");
  });

  test("two invocations took over its client, and each renewed its secret", async () => {
    const world = setUp();
    world.secret.rotate("v1");
    const client = seedFor(world.genesys, "v1");
    const both = [world.go("v1", "createSecret"), world.go("v1", "createSecret")];
    const ended = await Promise.allSettled(both);
    expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(world.credentialIn("v1").clientId).toBe(client.id);
    expect(world.secret.idOf("AWSPENDING")).toBeUndefined();
  });
});

test("a value that was stored although its answer was lost is kept, and the rotation goes on", async () => {
  const lost = setUp();
  const { secrets } = lost.props;
  const world = setUp({
    ...lost.props,
    secrets: {
      ...secrets,
      putPending: async (...put) => {
        await secrets.putPending(...put);
        throw new Error("no answer");
      },
    },
  });
  lost.secret.rotate("v1");
  await world.go("v1", ...STEPS);
  expect(lost.secret.idOf("AWSCURRENT")).toBe("v1");
  expect(lost.ours()).toHaveLength(1);
});

test("a version is not given up while its client may be too new", async () => {
  const { secret, go, ours } = setUp();
  secret.rotate("v1");
  await go("v1", "createSecret");
  for (const client of ours()) client.secret = "test-secret-of-a-person";
  await expect(go("v1", "testSecret")).rejects.toThrow("HTTP 401");
  expect(secret.idOf("AWSPENDING")).toBe("v1");
});

test("the previous client stays as it is, since consumers may still use it", async () => {
  const { secret, go, ours, clock, genesys, credentialIn } = setUp();
  secret.rotate("v1");
  await go("v1", ...STEPS);
  clock.advance(86_400_000);
  secret.move("AWSPENDING", undefined, "v1");
  secret.rotate("v2");
  await go("v2", ...STEPS);
  expect(secret.idOf("AWSPREVIOUS")).toBe("v1");
  expect(ours()).toHaveLength(2);
  const { clientId, clientSecret } = credentialIn("v1");
  expect(genesys.works(clientId, clientSecret)).toBe(true);
});

describe("nothing is promoted", () => {
  test("that has no value", async () => {
    const { secret, go } = setUp();
    secret.rotate("v1");
    await go("v1", "testSecret");
    await expect(go("v1", "finishSecret")).rejects.toThrow("version v1 of the secret has no value");
  });

  test("that does not work", async () => {
    const { secret, go, ours } = setUp();
    secret.rotate("v1");
    await go("v1", "createSecret", "setSecret");
    for (const { fields } of ours()) fields.state = "inactive";
    await expect(go("v1", "finishSecret")).rejects.toThrow("POST /oauth/token: HTTP 401");
    expect(secret.idOf("AWSCURRENT")).toBeUndefined();
  });

  test("that works in another organisation", async () => {
    const other = {
      name: "org",
      id: "22222222-2222-4222-8222-222222222222",
      region: "us-east-1",
    } as const;
    const { secret, go } = setUp({ org: other });
    secret.rotate("v1");
    await go("v1", "createSecret");
    await expect(go("v1", "testSecret")).rejects.toThrow(`in organisation ${other.id}`);
  });
});

test("the steps wait until all of Genesys Cloud knows a new client", async () => {
  const { secret, go, clock } = setUp();
  secret.rotate("v1");
  await go("v1", "createSecret");
  const before = clock.now();
  await go("v1", "testSecret");
  expect(clock.now() - before).toBe(20_000);
});

test("this time can be set", async () => {
  const { secret, go, clock } = setUp({ propagation: 0 });
  secret.rotate("v1");
  const before = clock.now();
  await go("v1", "createSecret");
  expect(clock.now()).toBe(before);
  await expect(go("v1", "testSecret")).rejects.toThrow("HTTP 401");
});

test("at the limit no client is created, and the message says what to do", async () => {
  const { secret, go, ours } = setUp({ mostClients: 1 });
  secret.rotate("v1");
  await expect(go("v1", "createSecret")).rejects.toThrow(
    "the organisation has 1 OAuth clients, and the limit is 1: no client is created. Delete some, or raise rotation.mostClients in the registry",
  );
  expect(ours()).toEqual([]);
});

test("a version that nobody asked to rotate is refused", async () => {
  const { secret, go } = setUp();
  await expect(go("v9", "createSecret")).rejects.toThrow("the secret has no version v9");
  secret.rotate("v1");
  secret.move("AWSPENDING", undefined, "v1");
  await expect(go("v1", "createSecret")).rejects.toThrow("not labelled AWSPENDING");
});

test("a value that is not a credential is refused without repeating it", async () => {
  const { secret, go } = setUp();
  secret.rotate("v1");
  secret.put("v1", "test-secret-not-for-print", ["AWSPENDING"]);
  await expect(go("v1", "setSecret")).rejects.toThrow(
    /^version v1 of the secret is not a JSON document$/,
  );
});

test("a credential that is being retired gets no new client, and no version is promoted", async () => {
  const { secret, go, ours } = setUp({ isRetiring: async () => true });
  secret.rotate("v1");
  for (const step of STEPS) {
    await expect(go("v1", step)).rejects.toThrow("the credential is being retired");
  }
  expect(ours()).toEqual([]);
  expect(secret.idOf("AWSCURRENT")).toBeUndefined();
});

test("a client inherits the fields that nobody specified, except the date of its deletion", async () => {
  const { secret, go, ours } = setUp();
  secret.rotate("v1");
  await go("v1", ...STEPS);
  Object.assign(ours()[0]?.fields ?? {}, {
    allowedAddresses: ["192.0.2.0/24"],
    accessTokenValiditySeconds: 86_400,
    dateToDelete: "2027-01-01T00:00:00.000Z",
  });
  secret.rotate("v2");
  await go("v2", ...STEPS);
  const next = ours().find(({ fields }) => fields.name === "Production-Crm#v2");
  expect(next?.fields).toMatchObject({
    allowedAddresses: ["192.0.2.0/24"],
    accessTokenValiditySeconds: 3600,
    state: "active",
  });
  expect(next?.fields).not.toHaveProperty("dateToDelete");
});

describe("a master without the role of the client", () => {
  const LACKS =
    "The master of org lacks the role role in division *, and Genesys Cloud lets a client grant only its own roles. Run `genesys-orgs grant org` as an administrator of the organisation";

  test.each([400, 403] as const)(
    "is refused with HTTP %d, and the next attempt after the grant succeeds",
    async (refusalStatus) => {
      const { master, secret, go, ours } = setUp({}, { refusalStatus });
      const { roleDivisions } = master.fields;
      master.fields.roleDivisions = [];
      secret.rotate("v1");
      await expect(go("v1", "createSecret")).rejects.toThrow(LACKS);
      expect(ours()).toEqual([]);
      master.fields.roleDivisions = roleDivisions;
      await go("v1", ...STEPS);
      expect(secret.idOf("AWSCURRENT")).toBe("v1");
    },
  );

  test("cannot give a new role to a client that exists", async () => {
    const { master, secret, go, ours } = setUp();
    secret.rotate("v1");
    await go("v1", "createSecret");
    for (const { fields } of ours()) fields.roleDivisions = [];
    master.fields.roleDivisions = [];
    await expect(go("v1", "setSecret")).rejects.toThrow(LACKS);
  });

  test("needs no grant where Genesys Cloud allows it", async () => {
    const { master, secret, go } = setUp({}, { unheldRoles: "allowed" });
    master.fields.roleDivisions = [];
    secret.rotate("v1");
    await go("v1", ...STEPS);
    expect(secret.idOf("AWSCURRENT")).toBe("v1");
  });

  test("creates no credential with fewer roles, where Genesys Cloud drops them in silence", async () => {
    const { master, secret, go } = setUp({}, { unheldRoles: "dropped" });
    master.fields.roleDivisions = [];
    secret.rotate("v1");
    await go("v1", "createSecret");
    await expect(go("v1", "setSecret")).rejects.toThrow(LACKS);
    expect(secret.idOf("AWSCURRENT")).toBeUndefined();
  });

  test("whose request is refused for another reason gets the API's own message", async () => {
    const { genesys, master, secret, go } = setUp();
    genesys.powerless.add(master.id);
    secret.rotate("v1");
    await expect(go("v1", "createSecret")).rejects.toThrow(/HTTP 403(?!.*lacks)/);
  });
});

test("it inherits from the client of the current value, and from no other of the same name", async () => {
  const { genesys, secret, go, ours } = setUp();
  secret.rotate("v1");
  await go("v1", ...STEPS);
  const addresses = (from: string) => ({ allowedAddresses: [from] });
  Object.assign(ours()[0]?.fields ?? {}, addresses("192.0.2.0/24"));
  for (const version of ["v0", "v1"]) seedFor(genesys, version, {}, addresses("0.0.0.0/0"));
  secret.rotate("v2");
  await go("v2", ...STEPS);
  const next = ours().find(({ fields }) => fields.name === "Production-Crm#v2");
  expect(next?.fields).toMatchObject(addresses("192.0.2.0/24"));
});

test("it inherits nothing from a value that somebody wrote by hand, and that names no client", async () => {
  const { secret, go, ours } = setUp();
  secret.put("by-hand", "test-secret-not-for-print", ["AWSCURRENT"]);
  secret.rotate("v1");
  await go("v1", ...STEPS);
  expect(ours()).toHaveLength(1);
});

describe("a client that may call from some addresses", () => {
  const FIELD = "allowedIpAddresses";
  const allowed = ["203.0.113.0/24", "198.51.100.7"];
  const limited = (addresses: readonly string[] | undefined = allowed) => {
    const world = setUp({}, { addresses: { field: FIELD } });
    const specification = {
      ...world.props.specification,
      ...(addresses && { addresses: { field: FIELD, allowed: addresses } }),
    };
    Object.assign(world.props, { specification });
    Object.assign(world.master.fields, { [FIELD]: ["198.51.100.7"] });
    world.genesys.callerAddress = "198.51.100.7";
    return world;
  };

  test("has them from its creation on, and is proven from the rotation's own address", async () => {
    const { secret, go, ours, genesys, credentialIn } = limited();
    secret.rotate("v1");
    await go("v1", ...STEPS);
    expect(secret.idOf("AWSCURRENT")).toBe("v1");
    expect(ours()[0]?.fields[FIELD]).toEqual(allowed);
    const { clientId, clientSecret } = credentialIn("v1");
    genesys.callerAddress = "203.0.113.9";
    expect(genesys.use(clientId, clientSecret)).toBe(true);
    genesys.callerAddress = "192.0.2.1";
    expect(genesys.use(clientId, clientSecret)).toBe(false);
  });

  test("is not promoted when the rotation itself may not call from its address", async () => {
    const { secret, go } = limited(["203.0.113.0/24"]);
    secret.rotate("v1");
    await expect(go("v1", ...STEPS)).rejects.toThrow("HTTP 401");
    expect(secret.idOf("AWSCURRENT")).toBeUndefined();
  });

  test("is not created without addresses where Genesys Cloud demands them", async () => {
    const { secret, go, props } = limited();
    Object.assign(props, { specification: { ...props.specification, addresses: undefined } });
    secret.rotate("v1");
    await expect(go("v1", "createSecret")).rejects.toThrow(`${FIELD} is required`);
  });

  test("gets a change with its next version, whatever the client before had", async () => {
    const { secret, go, ours, props } = limited();
    secret.rotate("v1");
    await go("v1", ...STEPS);
    const addresses = { field: FIELD, allowed: ["198.51.100.7"] };
    Object.assign(props, { specification: { ...props.specification, addresses } });
    secret.rotate("v2");
    await go("v2", ...STEPS);
    const [, second] = ours();
    expect(second?.fields[FIELD]).toEqual(["198.51.100.7"]);
  });

  test("that was changed between two steps is corrected; another order is no change", async () => {
    const { secret, go, ours, genesys } = limited();
    secret.rotate("v1");
    await go("v1", "createSecret");
    const [client] = ours();
    Object.assign(client?.fields ?? {}, { [FIELD]: [...allowed].reverse() });
    await go("v1", "setSecret");
    expect(genesys.calls.filter((call) => call.startsWith("PUT"))).toEqual([]);
    Object.assign(client?.fields ?? {}, { [FIELD]: ["192.0.2.0/24"] });
    await go("v1", "setSecret");
    expect(ours()[0]?.fields[FIELD]).toEqual(allowed);
  });

  test("keeps addresses that somebody gave it in Genesys Cloud, without a specification of them", async () => {
    const { secret, go, ours, props } = limited();
    secret.rotate("v1");
    await go("v1", ...STEPS);
    Object.assign(props, { specification: { ...props.specification, addresses: undefined } });
    secret.rotate("v2");
    await go("v2", ...STEPS);
    expect(ours().map(({ fields }) => fields[FIELD])).toEqual([allowed, allowed]);
  });
});
