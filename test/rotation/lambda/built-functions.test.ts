import {
  type DeployedOrg,
  deployOrg,
  eventOf,
  MINUTE,
  specificationOf,
  tokenOf,
} from "./deployed-org";

let org: DeployedOrg;

beforeEach(async () => {
  org = await deployOrg();
});
afterEach(async () => {
  // In every test, no secret is printed, and none is in an error.
  expect(org.log()).not.toMatch(/test-secret-|token-\d/);
  await org.stop();
});

const T1 = tokenOf(1001);

/** Returns a credential whose earlier client the next run deactivates. */
async function supersededOnce() {
  const secret = org.credential("crm-sync");
  for (let rotation = 0; rotation < 2; rotation++) {
    await org.rotate(secret);
    org.pass(MINUTE);
  }
  await org.reconciler({});
  org.pass(16 * MINUTE);
  return secret;
}

test("the first rotation creates the first client for the empty secret", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  const current = secret.idOf("AWSCURRENT") ?? "";
  const { clientId, clientSecret, region, orgId } = JSON.parse(secret.get(current));
  expect(org.clientsOf(secret)).toEqual([{ id: clientId, state: "active" }]);
  expect(org.genesys.works(clientId, clientSecret)).toBe(true);
  expect({ region, orgId }).toEqual({
    region: "us-east-1",
    orgId: "11111111-1111-4111-8111-111111111111",
  });
});

test("a value is put with the token from Secrets Manager, and only as the pending version", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  const puts = org.aws.calls.filter(({ operation }) => operation.endsWith("PutSecretValue"));
  expect(puts.map(({ parameters }) => parameters)).toEqual([
    {
      SecretId: secret.arn,
      ClientRequestToken: secret.idOf("AWSCURRENT"),
      VersionStages: ["AWSPENDING"],
      RotationToken: "rotation-token",
    },
  ]);
});

test("a client of a function that died is taken over by the next one", async () => {
  const secret = org.credential("crm-sync");
  secret.rotate(T1);
  // The client is created, and the answer is lost.
  org.weather.fault = (call) => (call === "POST /api/v2/oauth/clients" ? "no answer" : "none");
  await expect(org.rotator(eventOf(secret, T1, "createSecret"))).rejects.toThrow(
    /^na-prod: POST \/api\/v2\/oauth\/clients: no answer/,
  );
  expect(org.clientsOf(secret)).toHaveLength(1);
  org.weather.fault = () => "none";
  org.coldStart();
  for (const step of ["createSecret", "setSecret", "testSecret", "finishSecret"] as const) {
    await org.rotator(eventOf(secret, T1, step));
  }
  const [client, ...others] = org.clientsOf(secret);
  expect(others).toEqual([]);
  expect(JSON.parse(secret.get(T1, "AWSCURRENT")).clientId).toBe(client?.id);
});

describe("when rotation is set up without an immediate rotation", () => {
  test("the try passes with an empty version, before rotation is switched on", async () => {
    const secret = org.credential("crm-sync");
    secret.rotation = undefined;
    secret.rotate(T1);
    await org.rotator(eventOf(secret, T1, "testSecret"));
    await expect(org.rotator(eventOf(secret, T1, "createSecret"))).rejects.toThrow(
      `na-prod: rotation is not switched on for the secret ${secret.arn}`,
    );
    expect(org.genesys.calls).toEqual([]);
  });

  test("the try passes with a version that has the previous value", async () => {
    const secret = org.credential("crm-sync");
    await org.rotate(secret);
    const value = secret.get(secret.idOf("AWSCURRENT") ?? "");
    secret.put(T1, value, ["AWSPENDING"]);
    await org.rotator(eventOf(secret, T1, "testSecret"));
    expect(org.clientsOf(secret)).toHaveLength(1);
  });
});

describe("a rotation is refused, and Genesys Cloud not called,", () => {
  const foreign = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production";

  test.each([
    ["of another org's secret", `${foreign}/eu-prod/crm-sync-Abc123`],
    ["of an org whose name begins like this one", `${foreign}/na-prod-2/crm-sync-Abc123`],
    ["of what lies deeper", `${foreign}/na-prod/other/crm-sync-Abc123`],
    ["of another account's", `${foreign}/na-prod/crm-sync-Abc123`.replace("1111:", "1112:")],
    ["of a secret by its name", "/genesys/production/na-prod/crm-sync"],
  ])("%s", async (_, arn) => {
    await expect(org.rotator(eventOf({ arn }, T1, "createSecret"))).rejects.toThrow(
      "it is not rotated here",
    );
    expect([...org.aws.calls, ...org.genesys.calls]).toEqual([]);
  });

  test("of the master's own secret", async () => {
    await expect(org.rotator(eventOf(org.master, T1, "createSecret"))).rejects.toThrow(
      `${org.master.arn} is not the secret of a credential below ${foreign}/na-prod/`,
    );
    expect([...org.aws.calls, ...org.genesys.calls]).toEqual([]);
  });

  test("whose specification is for an earlier secret of the same name", async () => {
    const secret = org.credential("crm-sync");
    const name = `${secret.name}/specification`;
    const other = `${org.parameters.get(name)}`.replace(secret.arn, `${secret.arn.slice(0, -1)}9`);
    org.parameters.set(name, other);
    secret.rotate(T1);
    await expect(org.rotator(eventOf(secret, T1, "createSecret"))).rejects.toThrow(
      "the specification of crm-sync is for another secret, arn:",
    );
    expect(org.genesys.calls).toEqual([]);
  });

  test("that has no specification", async () => {
    const secret = org.credential("crm-sync");
    org.parameters.clear();
    secret.rotate(T1);
    await expect(org.rotator(eventOf(secret, T1, "createSecret"))).rejects.toThrow(
      `na-prod: the parameter ${secret.name}/specification does not exist: apply the org's stack`,
    );
  });

  test.each([
    [
      "of another organisation",
      { org_id: "22222222-2222-4222-8222-222222222222" },
      "belongs to another",
    ],
    ["without an organisation", { org_id: undefined }, "has no org_id"],
    ["without a secret", { client_secret: "" }, "has no client_secret"],
  ])("with a master %s", async (_, patch, message) => {
    const secret = org.credential("crm-sync");
    const value = JSON.parse(org.master.get(org.master.idOf("AWSCURRENT") ?? ""));
    org.master.put(tokenOf(2), JSON.stringify({ ...value, ...patch }), ["AWSCURRENT"]);
    secret.rotate(T1);
    await expect(org.rotator(eventOf(secret, T1, "createSecret"))).rejects.toThrow(
      `na-prod: the master secret ${org.master.arn} ${message}`,
    );
    expect(org.genesys.calls).toEqual([]);
  });

  test("with a master that is not a JSON document, without repeating it", async () => {
    const secret = org.credential("crm-sync");
    org.master.put(tokenOf(2), "test-secret-in-plain", ["AWSCURRENT"]);
    secret.rotate(T1);
    await expect(org.rotator(eventOf(secret, T1, "createSecret"))).rejects.toThrow(
      "is not a JSON document",
    );
  });

  test.each([
    [{ Step: "create_secret" }, "(missing or wrong: Step (one of createSecret, "],
    [{ SecretId: undefined }, "(missing or wrong: SecretId)"],
    [{ ClientRequestToken: "" }, "(missing or wrong: ClientRequestToken)"],
    [{ RotationToken: 1 }, "(missing or wrong: RotationToken)"],
  ])("with an event that has %j", async (patch, message) => {
    const secret = org.credential("crm-sync");
    const event = { ...eventOf(secret, T1, "createSecret"), ...patch };
    await expect(org.rotator(event)).rejects.toThrow(message);
    expect([...org.aws.calls, ...org.genesys.calls]).toEqual([]);
  });
});

test("a master that was replaced in the meantime is used, without a new process", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  const value = JSON.parse(org.master.get(org.master.idOf("AWSCURRENT") ?? ""));
  const { roleDivisions } = org.genesys.clients.get(value.client_id)?.fields ?? {};
  const next = org.genesys.seed({ name: "Production-Rotator-2", roleDivisions });
  const renewed = { ...value, client_id: next.id, client_secret: next.secret };
  org.genesys.clients.delete(value.client_id);
  org.master.put(tokenOf(2), JSON.stringify(renewed), ["AWSCURRENT"]);
  org.pass(MINUTE);
  await org.rotate(secret);
  expect(org.clientsOf(secret)).toHaveLength(2);
});

/** The event of Secrets Manager, with the fields that EventBridge adds. */
const labelMoved = ({ arn, name }: { readonly arn: string; readonly name: string }) => ({
  source: "aws.secretsmanager",
  "detail-type": "Secret Label Updated",
  resources: [arn],
  detail: { name, labelUpdated: "AWSCURRENT" },
});

test("the overlap begins when a label moves, and the runs after it retire the previous client", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  org.pass(MINUTE);
  await org.rotate(secret);
  const states = () => org.clientsOf(secret).map(({ state }) => state);
  await org.reconciler(labelMoved(secret));
  expect(states()).toEqual(["active", "active"]);
  org.pass(15 * MINUTE);
  await org.reconciler({});
  expect(states()).toEqual(["inactive", "active"]);
  org.pass(74 * MINUTE);
  await org.reconciler({});
  expect(states()).toEqual(["inactive", "active"]);
  org.pass(MINUTE);
  await org.reconciler({});
  expect(states()).toEqual(["active"]);
  expect(org.genesys.cutOff).toEqual([]);
});

test("an event about a label asks Genesys Cloud nothing, and AWS for one credential", async () => {
  const all = ["a", "b", "c"].map((name) => org.credential(name));
  for (const secret of all) await org.rotate(secret);
  org.genesys.calls.length = 0;
  org.aws.calls.length = 0;
  for (const secret of [...all, org.master]) await org.reconciler(labelMoved(secret));
  expect(org.genesys.calls).toEqual([]);
  // Twice its parameters, its versions and labels, its current value, and its notes.
  expect(org.aws.calls).toHaveLength(6 * all.length);
  expect(org.log()).not.toContain('"level":"error"');
});

test("no token is cut off when the specification shortens the token lifetime", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  const { clientId, clientSecret } = JSON.parse(secret.get(secret.idOf("AWSCURRENT") ?? ""));
  expect(org.genesys.use(clientId, clientSecret)).toBe(true);
  const shorter = specificationOf(secret, { accessTokenValiditySeconds: 300 });
  org.parameters.set(`${secret.name}/specification`, JSON.stringify(shorter));
  await org.reconciler({});
  await org.rotate(secret);
  for (let run = 0; run < 8; run++) {
    org.pass(16 * MINUTE);
    await org.reconciler({});
  }
  expect(org.clientsOf(secret)).toHaveLength(1);
  expect(org.genesys.cutOff).toEqual([]);
});

describe("a credential that is retired", () => {
  async function setUp() {
    const [crm, exporter] = [org.credential("crm-sync"), org.credential("exporter")];
    for (const secret of [crm, exporter]) await org.rotate(secret);
    org.pass(MINUTE);
    await org.rotate(crm);
    return { crm, exporter };
  }

  test("can only be destroyed when its clients are deleted", async () => {
    const { crm } = await setUp();
    const alive =
      'na-prod: 2 OAuth clients of crm-sync are alive: run "genesys-orgs retire na-prod crm-sync", and destroy again when they are deleted';
    await expect(org.destroy("crm-sync")).rejects.toThrow(new Error(alive));
    const answer = await org.retire({ retire: ["crm-sync"] });
    const deletedFrom = new Date(Date.now() + 75 * MINUTE).toISOString();
    expect(answer.credentials).toEqual([
      {
        name: "crm-sync",
        retiring: true,
        clients: org.clientsOf(crm).map(({ id }) => ({ id, state: "inactive", deletedFrom })),
      },
    ]);
    expect(answer.credentials[0]?.clients).toHaveLength(2);
    org.pass(74 * MINUTE);
    await org.reconciler({});
    expect(await org.retire({ retire: ["crm-sync"], dryRun: true })).toEqual(answer);
    await expect(org.destroy("crm-sync")).rejects.toThrow(new Error(alive));
    org.pass(MINUTE);
    expect((await org.retire({ retire: ["crm-sync"] })).credentials[0]?.clients).toEqual([]);
    expect(await org.destroy("crm-sync")).toEqual({});
    // If the destroy stops here, the rotation still exists, and creates no client.
    await expect(org.rotate(crm)).rejects.toThrow("the credential is being retired");
  });

  test("does not affect a later secret of the same name", async () => {
    const { crm } = await setUp();
    const mark = "/genesys/production/na-prod/crm-sync/retirement";
    org.parameters.set(mark, JSON.stringify({ since: "2026-01-01", secretArn: `${crm.arn}-2` }));
    await org.rotate(crm);
    org.parameters.set(mark, JSON.stringify({ since: "2026-01-01", secretArn: crm.arn }));
    await expect(org.rotate(crm)).rejects.toThrow("the credential is being retired");
  });

  test("keeps the time of the first request, however often it is repeated", async () => {
    const { crm } = await setUp();
    await org.retire({ retire: ["crm-sync"] });
    const mark = () => org.parameters.get("/genesys/production/na-prod/crm-sync/retirement");
    const first = mark();
    expect(JSON.parse(`${first}`)).toEqual({
      since: new Date().toISOString(),
      secretArn: crm.arn,
    });
    org.pass(MINUTE);
    await org.retire({ retire: ["crm-sync"] });
    expect(mark()).toBe(first);
  });

  test("is no longer rotated, but the others are", async () => {
    const { crm, exporter } = await setUp();
    await org.retire({ retire: ["crm-sync"] });
    await expect(org.rotate(crm)).rejects.toThrow("the credential is being retired");
    await org.rotate(exporter);
    expect(org.clientsOf(exporter)).toHaveLength(2);
  });

  test("is rotated again when that is reversed", async () => {
    const { crm } = await setUp();
    await org.retire({ retire: ["crm-sync"] });
    const answer = await org.retire({ retire: ["crm-sync"], undo: true });
    const [before, current] = org.clientsOf(crm);
    expect(answer.credentials).toMatchObject([
      {
        name: "crm-sync",
        retiring: false,
        clients: [
          { id: before?.id, state: "inactive" },
          { id: current?.id, state: "active" },
        ],
      },
    ]);
    await org.reconciler({});
    expect(org.clientsOf(crm)[1]?.state).toBe("active");
    org.pass(MINUTE);
    await org.rotate(crm);
  });

  test("is every credential if none is named, and the stack can be destroyed when no client is left", async () => {
    await setUp();
    await expect(org.destroy()).rejects.toThrow(
      'na-prod: 3 OAuth clients of crm-sync, exporter are alive: run "genesys-orgs retire na-prod", and destroy',
    );
    const { credentials } = await org.retire({ retire: [] });
    expect(credentials.map(({ name, retiring }) => `${name} ${retiring}`)).toEqual([
      "crm-sync true",
      "exporter true",
    ]);
    org.pass(75 * MINUTE);
    await org.reconciler({});
    expect(await org.destroy()).toEqual({});
    // No client is created while the rest of the stack is destroyed.
    expect([...org.parameters.keys()].filter((name) => name.endsWith("/retirement"))).toHaveLength(
      2,
    );
  });

  test("is retired whatever is wrong with another one, and a client that refuses is an error", async () => {
    const { crm, exporter } = await setUp();
    org.parameters.set(`${crm.name}/specification`, "{");
    const { credentials } = await org.retire({ retire: ["exporter"] });
    expect(credentials).toMatchObject([{ name: "exporter", clients: [{ state: "inactive" }] }]);
    await org.retire({ retire: ["exporter"], undo: true });
    for (const { id } of org.clientsOf(exporter)) org.genesys.refusing.add(id);
    await expect(org.retire({ retire: ["exporter"] })).rejects.toThrow("deactivate Production-");
  });

  test("must exist: one wrong name changes nothing", async () => {
    const { crm } = await setUp();
    await expect(org.retire({ retire: ["crm-sync", "crm", "x"] })).rejects.toThrow(
      "na-prod: unknown credentials: crm, x. Nothing was changed. Known credentials: crm-sync, exporter",
    );
    expect(marksIn(org)).toEqual([]);
    expect(org.clientsOf(crm).map(({ state }) => state)).toEqual(["active", "active"]);
  });

  test("is only reported in a dry run", async () => {
    const { crm } = await setUp();
    const { credentials } = await org.retire({ retire: [], dryRun: true });
    expect(credentials).toMatchObject([
      { name: "crm-sync", retiring: false, clients: [{ state: "active" }, { state: "active" }] },
      { name: "exporter", retiring: false, clients: [{ state: "active" }] },
    ]);
    expect(marksIn(org)).toEqual([]);
    expect(org.clientsOf(crm).map(({ state }) => state)).toEqual(["active", "active"]);
  });
});

describe("a credential that is revoked", () => {
  async function leaked() {
    const crm = org.credential("crm-sync");
    await org.rotate(crm);
    org.pass(MINUTE);
    await org.rotate(crm);
    await org.reconciler({});
    return { crm, ids: org.clientsOf(crm).map(({ id }) => id) };
  }

  test("is only listed without ids of clients", async () => {
    const { crm, ids } = await leaked();
    expect(await org.reconciler({ revoke: "crm-sync" })).toMatchObject({
      retiring: false,
      clients: ids.map((id) => ({ id, state: "active" })),
      failures: [],
    });
    expect(org.clientsOf(crm)).toHaveLength(2);
  });

  test("loses all its clients with their tokens at once, but not that of a rotation in progress", async () => {
    const { crm, ids } = await leaked();
    crm.rotate("pending".padEnd(32, "0"));
    await org.rotator({
      Step: "createSecret",
      SecretId: crm.arn,
      ClientRequestToken: "pending".padEnd(32, "0"),
    });
    const pending = org.clientsOf(crm).find(({ id }) => !ids.includes(id));
    const request = { revoke: "crm-sync", clients: [...ids, `${pending?.id}`, "other"] };
    expect(await org.reconciler(request)).toMatchObject({ clients: [], failures: [] });
    expect(org.clientsOf(crm)).toEqual([pending]);
    expect(org.genesys.calls.filter((call) => call.startsWith("DELETE"))).toHaveLength(2);
  });

  test("loses all clients that let themselves be ended, and names the others", async () => {
    const { crm, ids } = await leaked();
    const [stubborn, other] = ids;
    org.genesys.refusing.add(`${stubborn}`);
    expect(await org.reconciler({ revoke: "crm-sync", clients: ids })).toMatchObject({
      clients: [{ id: stubborn, state: "active" }],
      failures: [expect.stringContaining(`${stubborn}: PUT`)],
    });
    expect(org.clientsOf(crm).map(({ id }) => id)).not.toContain(other);
  });

  test("loses no client at all while its secret cannot be read: a copy could not be told from its own", async () => {
    const { crm, ids } = await leaked();
    const copy = org.genesys.seed({ name: "Production-crm-sync#9", description: crm.arn });
    const name = `${crm.name}/specification`;
    const text = `${org.parameters.get(name)}`;
    const request = { revoke: "crm-sync", clients: [...ids, copy.id] };
    org.parameters.set(name, text.replace(/Fake\d\d/, "Gone99"));
    await expect(org.reconciler(request)).rejects.toThrow("Nothing was changed");
    org.parameters.set(name, text);
    await org.reconciler(request);
    expect(org.clientsOf(crm).map(({ id }) => id)).toEqual([copy.id]);
  });

  test("is ended without a specification as well, by the notes", async () => {
    const { crm, ids } = await leaked();
    org.parameters.set(`${crm.name}/specification`, "{");
    expect(await org.reconciler({ revoke: "crm-sync", clients: ids })).toMatchObject({
      failures: [],
    });
    expect(org.clientsOf(crm).map(({ id }) => id)).not.toContain(ids.at(-1));
  });

  test("stays ended when its retirement is undone, although Genesys Cloud keeps its client for a week", async () => {
    await org.stop();
    org = await deployOrg({}, { afterDelete: "inactive" });
    const crm = org.credential("crm-sync");
    await org.rotate(crm);
    await org.retire({ retire: ["crm-sync"] });
    const ids = org.clientsOf(crm).map(({ id }) => id);
    await org.reconciler({ revoke: "crm-sync", clients: ids });
    await org.retire({ retire: ["crm-sync"], undo: true });
    await org.reconciler({});
    expect(org.clientsOf(crm)).toMatchObject([{ state: "inactive" }]);
  });

  test("loses also the client of a version that was rolled back and is still labelled AWSPENDING", async () => {
    const { crm, ids } = await leaked();
    const [before, current] = [crm.idOf("AWSPREVIOUS"), crm.idOf("AWSCURRENT")];
    crm.versions.get(`${current}`)?.stages.add("AWSPENDING");
    crm.move("AWSCURRENT", before, current);
    expect(await org.reconciler({ revoke: "crm-sync", clients: ids })).toMatchObject({
      clients: [],
      failures: [],
    });
    expect(org.clientsOf(crm)).toEqual([]);
  });

  test("has the fields of the client that was ended in the next one", async () => {
    const crm = org.credential("crm-sync");
    await org.rotate(crm);
    const client = [...org.genesys.clients.values()].at(-1);
    Object.assign(client?.fields ?? {}, { ipAllowList: ["10.0.0.0/8"] });
    await org.reconciler({});
    await org.reconciler({ revoke: "crm-sync", clients: [client?.id] });
    await org.rotate(crm);
    const next = [...org.genesys.clients.values()].at(-1);
    expect(next?.id).not.toBe(client?.id);
    expect(next?.fields.ipAllowList).toEqual(["10.0.0.0/8"]);
  });

  test("is not touched in a dry run of the reconciler, under another name, or by a wrong request", async () => {
    const { ids } = await leaked();
    const dry = await deployOrg({ DRY_RUN: "true" });
    await expect(dry.reconciler({ revoke: "crm-sync", clients: ids })).rejects.toThrow(
      "rotation.dryRun is set, so nothing was revoked",
    );
    await dry.stop();
    await expect(org.reconciler({ revoke: "crm", clients: ids })).rejects.toThrow(
      "unknown credential: crm. Nothing was changed. Known credentials: crm-sync",
    );
    await expect(org.reconciler({ revoke: ["crm-sync"] })).rejects.toThrow("revoke must be");
  });
});

describe("Terraform's guard", () => {
  test.each(["create", "update"])("does nothing on %s", async (action) => {
    org.credential("crm-sync");
    expect(await org.reconciler({ credential: "crm-sync", tf: { action } })).toEqual({});
    expect([...org.aws.calls, ...org.genesys.calls]).toEqual([]);
  });

  test("allows to destroy a credential that never had a client, or has no specification any more", async () => {
    org.credential("crm-sync");
    expect(await org.destroy("crm-sync")).toEqual({});
    expect(await org.destroy("never-there")).toEqual({});
  });

  test("counts clients that are alive, and no similar ones", async () => {
    const secret = org.credential("crm-sync");
    for (const fields of [
      { name: "Production-crm-sync#1", description: secret.arn, state: "deleted" },
      { name: "Production-crm-sync#2", description: "by hand" },
      { name: "Production-crm-sync#3", description: secret.arn.replace("1111:", "1112:") },
      { name: "Production-crm#4", description: secret.arn.replace("crm-sync", "crm-sync-2") },
    ]) {
      org.genesys.seed(fields);
    }
    expect(await org.destroy("crm-sync")).toEqual({});
    org.genesys.seed({ name: "Production-crm-sync#5", description: secret.arn, state: "inactive" });
    org.parameters.clear();
    await expect(org.destroy("crm-sync")).rejects.toThrow("na-prod: 1 OAuth client of crm-sync is");
  });

  test("names clients that nobody but a person may delete", async () => {
    const secret = org.credential("crm-sync");
    const { id } = org.genesys.seed({ name: "Production-crm-sync#9", description: secret.arn });
    await expect(org.destroy("crm-sync")).rejects.toThrow(
      `1 OAuth client of crm-sync is alive: delete by hand ${id}, since nothing proves that the rotator created them, and destroy again`,
    );
    const { credentials } = await org.retire({ retire: ["crm-sync"] });
    expect(credentials).toMatchObject([{ clients: [{ id, state: "active", unproven: true }] }]);
  });

  test("refuses events that it does not understand", async () => {
    for (const event of [
      { tf: { action: "destroy" } },
      { tf: { action: "delete" }, credential: 1 },
      { tf: null },
      { retire: "crm-sync" },
      { retire: [1] },
      { retire: [], dryRun: "yes" },
    ]) {
      await expect(org.reconciler(event)).rejects.toThrow(/^na-prod: (tf\.action|retire) must be/);
    }
    expect([...org.aws.calls, ...org.genesys.calls]).toEqual([]);
  });

  test("is not fooled by a master of another organisation, which has none of the clients", async () => {
    const secret = org.credential("crm-sync");
    await org.rotate(secret);
    for (const { id } of org.clientsOf(secret)) org.genesys.clients.delete(id);
    org.genesys.orgId = "22222222-2222-4222-8222-222222222222";
    const message = "works in organisation 22222222-2222-4222-8222-222222222222 instead of";
    await expect(org.destroy("crm-sync")).rejects.toThrow(message);
    await expect(org.retire({ retire: [] })).rejects.toThrow(message);
    await expect(org.retire({ retire: [], dryRun: true })).rejects.toThrow(message);
    expect(org.parameters.has(`${secret.name}/retirement`)).toBe(false);
  });

  test("is not fooled by an incomplete list", async () => {
    const secret = org.credential("crm-sync");
    await org.rotate(secret);
    org.weather.fault = (call) => (call === "GET /api/v2/oauth/clients" ? "partial list" : "none");
    await expect(org.destroy("crm-sync")).rejects.toThrow("is incomplete");
  });
});

describe("a run with incomplete data changes nothing that depends on them", () => {
  async function setUp() {
    const secret = org.credential("crm-sync");
    await org.rotate(secret);
    org.pass(MINUTE);
    await org.rotate(secret);
    await org.reconciler({});
    org.pass(16 * MINUTE);
    org.genesys.calls.length = 0;
    return secret;
  }
  const changes = () => org.genesys.calls.filter((call) => /^(PUT|DELETE|POST \/api)/.test(call));

  test("of the organisation's clients", async () => {
    await setUp();
    org.weather.fault = (call) => (call === "GET /api/v2/oauth/clients" ? "partial list" : "none");
    await expect(org.reconciler({})).rejects.toThrow("the list is incomplete");
    expect(changes()).toEqual([]);
  });

  test("of the specifications", async () => {
    await setUp();
    org.parameters.clear();
    await expect(org.reconciler({})).rejects.toThrow("na-prod: no client specification was found");
    expect(changes()).toEqual([]);
  });

  test("of one specification, which is missing for a moment", async () => {
    const secret = await setUp();
    const exporter = org.credential("exporter");
    await org.rotate(exporter);
    org.pass(3 * 24 * 60 * MINUTE);
    org.parameters.delete(`${exporter.name}/specification`);
    await expect(org.reconciler({})).rejects.toThrow(
      `na-prod: 1 part of the run failed: the secret ${exporter.arn} has clients but no specification, so they were left alone: apply the org's stack`,
    );
    expect(org.clientsOf(exporter)[0]?.state).toBe("active");
    expect(org.clientsOf(secret)[0]?.state).toBe("inactive");
  });

  test("of one secret", async () => {
    const retired = await setUp();
    const secret = org.credential("exporter");
    const name = `${secret.name}/specification`;
    const gone = `${org.parameters.get(name)}`.replace(/Fake\d\d/, "Gone99");
    org.parameters.set(name, gone);
    await expect(org.reconciler({})).rejects.toThrow(
      /^na-prod: 1 part of the run failed: exporter: ListSecretVersionIds of arn:.*exporter-Gone99: ResourceNotFoundException/,
    );
    expect(org.clientsOf(retired)[0]?.state).toBe("inactive");
  });

  test.each([
    ["is for another secret", (text: string) => text],
    ["is not a JSON document", () => "{"],
    ["has no roles", (text: string) => JSON.stringify({ ...JSON.parse(text), roleDivisions: [] })],
  ])("of one specification, which %s", async (_, corrupt) => {
    const secret = await setUp();
    const text = `${org.parameters.get(`${secret.name}/specification`)}`;
    org.parameters.set("/genesys/production/na-prod/exporter/specification", corrupt(text));
    await expect(org.reconciler({})).rejects.toThrow(
      "na-prod: 1 part of the run failed: exporter: the parameter /genesys/production/na-prod/exporter/specification is",
    );
    expect(org.clientsOf(secret)[0]?.state).toBe("inactive");
    await expect(org.retire({ retire: ["exporter"] })).rejects.toThrow("Nothing was changed");
  });
});

describe("while Genesys Cloud answers 503 to everything", () => {
  beforeEach(() => {
    org.weather.fault = () => "503";
  });

  test("a step fails after a few tries, and another changes nothing more", async () => {
    const secret = org.credential("crm-sync");
    secret.rotate(T1);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(org.rotator(eventOf(secret, T1, "createSecret"))).rejects.toThrow(
        "na-prod: POST /oauth/token: HTTP 503 unavailable (4 attempts)",
      );
    }
    expect(org.genesys.calls).toHaveLength(12);
    expect(org.genesys.clients.size).toBe(1);
    org.weather.fault = () => "none";
    await org.rotator(eventOf(secret, T1, "createSecret"));
    expect(org.clientsOf(secret)).toHaveLength(1);
  });

  test("a process that lives on stops calling until the breaker lets it try again", async () => {
    const secret = org.credential("crm-sync");
    secret.rotate(T1);
    const step = () => org.rotator(eventOf(secret, T1, "createSecret"));
    for (let attempt = 0; attempt < 5; attempt++) await expect(step()).rejects.toThrow("HTTP 503");
    await expect(step()).rejects.toThrow("was not sent: too many calls failed");
    expect(org.genesys.calls).toHaveLength(20);
    org.weather.fault = () => "none";
    org.pass(30_000);
    await step();
    expect(org.clientsOf(secret)).toHaveLength(1);
  });

  test("a run of the reconciler fails, counts the calls that were given up, and reports no clients", async () => {
    org.credential("crm-sync");
    await expect(org.reconciler({})).rejects.toThrow("HTTP 503");
    expect(metricsOf(org)).toEqual([{ GiveUps: 1 }]);
  });
});

/** Returns the metrics that CloudWatch would read from the log. */
const marksIn = ({ parameters }: DeployedOrg): string[] =>
  [...parameters.keys()].filter((name) => name.endsWith("/retirement"));

const metricsOf = ({ printed }: DeployedOrg): Record<string, number>[] =>
  printed
    .map((line) => JSON.parse(line))
    .filter((line) => line._aws)
    .map(({ _aws, Org, ...metrics }) => {
      expect(Org).toBe("na-prod");
      const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
      expect({ Namespace, Dimensions }).toEqual({
        Namespace: "GenesysOrgs",
        Dimensions: [["Org"]],
      });
      expect(Metrics.map(({ Name }: { Name: string }) => Name)).toEqual(Object.keys(metrics));
      return metrics;
    });

test("a run reports how many clients there are, and how old the oldest credential is", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  org.pass(MINUTE);
  await org.rotate(secret);
  org.pass(33 * 24 * 60 * MINUTE);
  org.genesys.seed({ name: "Production-gone#1", description: secret.arn.replace("crm", "gone") });
  org.printed.length = 0;
  await org.reconciler({});
  expect(metricsOf(org)).toEqual([
    {
      ManagedClients: 3,
      OrphanedClients: 0,
      UnprovenClients: 1,
      OldestCredentialDays: 33,
      OverdueCredentials: 1,
      UnfinishedRotations: 0,
      UnrotatedCredentials: 0,
      LostClients: 0,
      ClientHeadroom: 496,
    },
    { RefusedCredentials: 0, Actions: 0, GiveUps: 0 },
  ]);
});

test("the log names the credential or the client of each finding", async () => {
  const [crm, exporter] = [org.credential("crm-sync"), org.credential("exporter")];
  for (const secret of [crm, exporter]) await org.rotate(secret);
  const copied = [...org.genesys.clients.values()].at(-1)?.fields;
  const copy = org.genesys.seed({ ...copied });
  const clientOf = ({ clientsOf }: DeployedOrg, secret: typeof crm) =>
    org.genesys.clients.get(clientsOf(secret)[0]?.id ?? "");
  Object.assign(clientOf(org, exporter)?.fields ?? {}, { state: "inactive" });
  Object.assign(clientOf(org, crm) ?? {}, { secret: "test-secret-of-a-person" });
  org.printed.length = 0;
  await org.reconciler({});
  expect(metricsOf(org)).toMatchObject([{ UnprovenClients: 1 }, { RefusedCredentials: 2 }]);
  const warnings = org.printed.map((line) => JSON.parse(line)).filter(({ level }) => level);
  expect(warnings.map(({ client, credential }) => client ?? credential)).toEqual([
    copy.id,
    "exporter",
    "crm-sync",
    "exporter",
  ]);
  expect(warnings[0]?.message).toContain("Delete it, unless you know it");
  expect(org.log()).not.toContain("test-secret");
});

test("the metrics of a run do not depend on what happens to its actions", async () => {
  const secret = await supersededOnce();
  for (const { id } of org.clientsOf(secret)) org.genesys.refusing.add(id);
  org.printed.length = 0;
  await expect(org.reconciler({})).rejects.toThrow("1 part of the run failed: deactivate");
  expect(metricsOf(org)).toMatchObject([{ ManagedClients: 2 }, { Actions: 0 }]);
});

test("a client that a person deactivated stays inactive, and its secret is not renewed", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  const [client] = [...org.genesys.clients.values()].slice(-1);
  Object.assign(client?.fields ?? {}, { state: "inactive" });
  const before = JSON.stringify(client);
  for (let run = 0; run < 5; run++) {
    await org.reconciler({});
    org.pass(60 * MINUTE);
  }
  expect(JSON.stringify(client)).toBe(before);
});

test("no client is created as long as the master works in another organisation", async () => {
  const secret = org.credential("crm-sync");
  org.genesys.orgId = "22222222-2222-4222-8222-222222222222";
  await expect(org.rotate(secret)).rejects.toThrow(
    "works in organisation 22222222-2222-4222-8222-222222222222 instead of",
  );
  expect(org.clientsOf(secret)).toEqual([]);
  await expect(org.reconciler({})).rejects.toThrow("works in organisation");
});

test("each failure is one line of JSON, with the step and the secret's name", async () => {
  const secret = org.credential("crm-sync");
  secret.rotate(T1);
  await org.rotator(eventOf(secret, T1, "testSecret"));
  await expect(org.rotator(eventOf(secret, T1, "finishSecret"))).rejects.toThrow();
  expect(org.printed.map((line) => JSON.parse(line))).toEqual([
    { level: "info", org: "na-prod", step: "testSecret", secret: secret.name, message: "done" },
    {
      level: "error",
      org: "na-prod",
      step: "finishSecret",
      secret: secret.name,
      message: `version ${T1} of the secret has no value`,
    },
  ]);
});

describe("the number of calls", () => {
  test("of a rotation is nine to the Platform API, as long as a process lives", async () => {
    const secret = org.credential("crm-sync");
    await org.rotate(secret);
    expect(org.genesys.calls).toEqual([
      "POST /oauth/token",
      "GET /api/v2/organizations/me",
      "GET /api/v2/oauth/clients",
      "POST /api/v2/oauth/clients",
      "GET /api/v2/oauth/clients/client-3",
      "POST /oauth/token",
      "GET /api/v2/tokens/me",
      "POST /oauth/token",
      "GET /api/v2/tokens/me",
    ]);
    org.genesys.calls.length = 0;
    org.pass(MINUTE);
    await org.rotate(secret);
    expect(org.genesys.calls).toHaveLength(8);
  });

  test("of a run over 500 clients is 21 to the Platform API, and two to AWS for each credential", async () => {
    for (let number = 0; number < 20; number++) {
      const secret = org.credential(`service-${number}`);
      const { clientName, secretArn: description, ...fields } = specificationOf(secret);
      const name = `${clientName}#${tokenOf(1)}`;
      const { id, secret: clientSecret } = org.genesys.seed({ ...fields, name, description });
      const value = { clientId: id, clientSecret, region: "us-east-1", orgId: org.genesys.orgId };
      secret.rotate(tokenOf(1));
      secret.put(tokenOf(1), JSON.stringify(value), ["AWSCURRENT"]);
      secret.complete();
    }
    while (org.genesys.clients.size < 500) org.genesys.seed({ name: "by hand" });
    await org.reconciler({});
    org.pass(60 * MINUTE);
    org.genesys.calls.length = 0;
    org.aws.calls.length = 0;
    await org.reconciler({});
    // The organisation, and twenty pages of clients.
    expect(org.genesys.calls).toHaveLength(1 + 20);
    // The master, four pages of parameters for clients and for other credentials, and the secrets.
    expect(org.aws.calls).toHaveLength(1 + 2 * 4 + 2 * 20);
  });
});

test("a run that is cut in its actions has not counted them", async () => {
  await supersededOnce();
  org.printed.length = 0;
  let printed: object[] = [];
  org.weather.fault = (call) => {
    // Lambda may end the function now.
    if (call.startsWith("PUT")) printed = metricsOf(org);
    return "none";
  };
  await org.reconciler({});
  expect(printed).toEqual([expect.not.objectContaining({ Actions: expect.anything() })]);
  expect(metricsOf(org)).toMatchObject([{}, { Actions: 1 }]);
});
