import { type DeployedOrg, deployOrg, eventOf, MINUTE, tokenOf } from "./deployed-org";

let org: DeployedOrg;
const lines = () => org.printed.map((line) => JSON.parse(line));

afterEach(() => org.stop());

test("a dry run logs its actions, counts, and changes nothing", async () => {
  org = await deployOrg({ DRY_RUN: "true" });
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  org.pass(MINUTE);
  await org.rotate(secret);
  await org.reconciler({});
  org.pass(16 * MINUTE);
  org.printed.length = 0;
  expect(await org.reconciler({})).toEqual({});
  const [before, current] = org.clientsOf(secret);
  expect([before?.state, current?.state]).toEqual(["active", "active"]);
  expect(lines()).toEqual([
    {
      level: "info",
      org: "na-prod",
      action: "deactivate",
      client: before?.id,
      name: `Production-crm-sync#${tokenOf(1)}`,
      dryRun: true,
      message: "another version is the current one",
    },
    expect.objectContaining({ ManagedClients: 2 }),
    expect.objectContaining({ Actions: 0 }),
  ]);
});

test("in dry runs nothing can be retired, and the answer says so", async () => {
  org = await deployOrg({ DRY_RUN: "true" });
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  await expect(org.retire({ retire: [] })).rejects.toThrow(
    "na-prod: rotation.dryRun is set, so nothing was retired",
  );
  expect([...org.parameters.keys()].filter((name) => name.endsWith("/retirement"))).toEqual([]);
  const { credentials } = await org.retire({ retire: [], dryRun: true });
  expect(credentials).toMatchObject([{ name: "crm-sync", clients: [{ state: "active" }] }]);
});

test("the reconciler warns at the warning level, and no client is created at the limit", async () => {
  org = await deployOrg({ WARN_CLIENTS: "2", MOST_CLIENTS: "2" });
  const [crm, exporter] = [org.credential("crm-sync"), org.credential("exporter")];
  await org.rotate(crm);
  await org.reconciler({});
  expect(lines()).toContainEqual({
    level: "warn",
    org: "na-prod",
    message: "the organisation has 2 OAuth clients (warning level: 2). At 2, no more are created",
  });
  await expect(org.rotate(exporter)).rejects.toThrow("the limit is 2: no client is created");
});

test("there is no warning below that level", async () => {
  org = await deployOrg({ WARN_CLIENTS: "3" });
  await org.rotate(org.credential("crm-sync"));
  await org.reconciler({});
  expect(lines().filter(({ level }) => level === "warn")).toEqual([]);
});

test("a function with wrong variables names them all, and calls nobody", async () => {
  org = await deployOrg({ GENESYS_REGION: "mars-1", MOST_CLIENTS: "many" });
  const secret = org.credential("crm-sync");
  for (const invoke of [
    () => org.rotator(eventOf(secret, tokenOf(1), "createSecret")),
    () => org.reconciler({}),
  ]) {
    await expect(invoke()).rejects.toThrow(
      /^the function has wrong environment variables: GENESYS_REGION is "mars-1".*; MOST_CLIENTS is "many"/,
    );
  }
  expect(org.aws.calls).toEqual([]);
});
