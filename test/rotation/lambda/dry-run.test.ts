import { inspect } from "node:util";
import type { ReconciliationPreview } from "../../../lib/rotation/reconciliation-preview";
import {
  type DeployedOrg,
  deployOrg,
  eventOf,
  FUNCTION_ARN,
  MINUTE,
  specificationOf,
  tokenOf,
} from "./deployed-org";

const RECONCILER = `${FUNCTION_ARN}-reconciler`;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let org: DeployedOrg;

beforeEach(async () => {
  org = await deployOrg();
});
afterEach(async () => {
  expect(org.log()).not.toMatch(/test-secret-|token-\d|api-key-of-/);
  await org.stop();
});

/** Everything that a run could change. */
const world = () =>
  inspect(
    {
      parameters: org.parameters,
      clients: org.genesys.clients,
      integrations: org.genesys.integrations,
      secrets: org.secrets.list(["/"], true).map(({ arn, versions }) => ({ arn, versions })),
      bus: org.aws.bus,
    },
    { depth: null, maxArrayLength: null },
  );

/** Asks the alias, and proves that the function only read, and sent no metric. */
async function preview(event: unknown = {}): Promise<ReconciliationPreview> {
  const before = world();
  for (const list of [org.aws.calls, org.genesys.calls, org.printed]) list.length = 0;
  const answer = await org.reconcilerAs(`${RECONCILER}:dry-run`, event);
  expect(world()).toBe(before);
  const operations = new Set(org.aws.calls.map(({ operation }) => operation.split(".")[1]));
  const reads = ["DescribeSecret", "GetParametersByPath", "GetSecretValue", "ListSecretVersionIds"];
  expect([...operations].filter((operation) => !reads.includes(`${operation}`))).toEqual([]);
  expect(org.genesys.calls.filter((call) => !/^GET |\/oauth\/token$/.test(call))).toEqual([]);
  expect(org.printed.filter((line) => line.includes("_aws"))).toEqual([]);
  expect(JSON.stringify(answer)).not.toMatch(/test-secret-|token-\d|api-key-of-/);
  return answer as ReconciliationPreview;
}

/** Returns a credential whose earlier client the next run deactivates. */
async function superseded() {
  const secret = org.credential("crm-sync");
  for (let rotation = 0; rotation < 2; rotation++) {
    await org.rotate(secret);
    org.pass(MINUTE);
  }
  await org.reconciler({});
  org.pass(16 * MINUTE);
  return { secret, client: org.clientsOf(secret)[0]?.id ?? "" };
}

const statesOf = (secret: Parameters<DeployedOrg["clientsOf"]>[0]) =>
  org.clientsOf(secret).map(({ state }) => state);

test("the alias tells what the next run does, and that run does it", async () => {
  const { secret, client } = await superseded();
  expect(await preview()).toEqual({
    dryRun: true,
    onlyLogs: false,
    work: [
      {
        kind: "deactivate a client",
        credential: "crm-sync",
        client,
        reason: "another version is the current one",
        late: false,
      },
    ],
    problems: [],
    clients: { present: 3, most: 500, managed: 2, orphaned: 0 },
  });
  expect(statesOf(secret)).toEqual(["active", "active"]);
  await org.reconciler({});
  expect(statesOf(secret)).toEqual(["inactive", "active"]);
  expect((await preview()).work).toEqual([]);
});

test.each([
  ["a run", {}],
  ["a retirement", { retire: [], dryRun: false }],
  ["the end of a leaked client", { revoke: "crm-sync", clients: ["1", "2", "3"] }],
  ["a destroy", { tf: { action: "delete" } }],
  ["nothing that is known", { retire: "everything" }],
  ["no event", null],
])("by the alias, a request for %s is a dry run", async (_, event) => {
  const { secret } = await superseded();
  expect(await preview(event)).toMatchObject({ dryRun: true, work: [{ credential: "crm-sync" }] });
  expect(statesOf(secret)).toEqual(["active", "active"]);
});

test.each([RECONCILER, `${RECONCILER}:$LATEST`])("as %s, it does its work", async (arn) => {
  const { secret } = await superseded();
  expect(await org.reconcilerAs(arn)).toEqual({});
  expect(statesOf(secret)).toEqual(["inactive", "active"]);
});

test.each([
  `${RECONCILER}:1`,
  `${RECONCILER}:dry-run-2`,
  `${RECONCILER}:DRY-RUN`,
  `${RECONCILER}:dry-run:1`,
  `${RECONCILER}:`,
  "genesys-na-prod-reconciler",
  "",
  null,
])("as %s, it refuses every event", async (arn) => {
  const { secret } = await superseded();
  for (const event of [{}, { retire: [] }, { tf: { action: "create" } }]) {
    await expect(org.reconcilerAs(arn, event)).rejects.toThrow(
      /^na-prod: the reconciler was called as .*: nothing was changed\. Call it without a version, or by its alias dry-run$/,
    );
  }
  expect(statesOf(secret)).toEqual(["active", "active"]);
});

test("what several runs should have done is late", async () => {
  const { client } = await superseded();
  const late = async () => (await preview()).work.map((work) => [work.kind, work.late]);
  expect(await late()).toEqual([["deactivate a client", false]]);
  org.pass(5 * HOUR);
  expect(await late()).toEqual([["deactivate a client", false]]);
  org.pass(HOUR);
  expect(await late()).toEqual([["deactivate a client", true]]);
  await org.reconciler({});
  org.pass(70 * MINUTE);
  expect(await late()).toEqual([]);
  org.pass(10 * MINUTE);
  expect((await preview()).work).toMatchObject([{ kind: "delete a client", client, late: false }]);
  org.pass(6 * HOUR);
  expect(await late()).toEqual([["delete a client", true]]);
});

test("a changed specification and a retirement are never late, since nobody knows their time", async () => {
  const { secret } = await superseded();
  const changed = specificationOf(secret, {
    roleDivisions: [{ roleId: "role-2", divisionId: "*" }],
  });
  org.parameters.set(`${secret.name}/specification`, JSON.stringify(changed));
  org.pass(DAY);
  const { work } = await preview();
  expect(work.map(({ kind, late }) => [kind, late])).toEqual([
    ["update a client", false],
    ["deactivate a client", true],
  ]);
  const mark = { since: new Date().toISOString(), secretArn: secret.arn };
  org.parameters.set(`${secret.name}/retirement`, JSON.stringify(mark));
  const retiring = await preview();
  expect(retiring.work.map(({ kind, late }) => [kind, late])).toEqual([
    ["deactivate a client", false],
    ["deactivate a client", false],
  ]);
});

test("it tells of rotations, labels, integrations and notes", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  await org.reconciler({});
  const integrationCredentials = [{ id: "i-1", name: "Actions", type: "pureCloudOAuthClient" }];
  org.genesys.integrations.seed("i-1");
  org.parameters.set(
    `${secret.name}/specification`,
    JSON.stringify(specificationOf(secret, { integrationCredentials })),
  );
  org.parameters.set(`${secret.name.replace("crm-sync", "gone")}/status`, "{}");
  org.pass(30 * DAY);
  const { work, problems } = await preview();
  expect(work).toEqual([
    {
      kind: "write it to an integration",
      credential: "crm-sync",
      reason: "integration credential i-1",
      late: false,
    },
    { kind: "start its rotation", credential: "crm-sync", reason: "it is due", late: false },
    {
      kind: "delete its notes",
      credential: "gone",
      reason: "the credential was destroyed",
      late: false,
    },
  ]);
  expect(problems).toEqual([]);
  // Somebody's rotation never got any further.
  secret.rotate(tokenOf(2001));
  org.pass(7 * HOUR);
  const stuck = (await preview()).work.filter(({ kind }) => kind === "remove AWSPENDING");
  expect(stuck).toMatchObject([{ reason: expect.stringContaining(tokenOf(2001)), late: false }]);
});

test("it tells of the credentials that are not OAuth clients, also if there are no others", async () => {
  const secret = org.managed("zendesk");
  secret.put(tokenOf(1), "api-key-of-zendesk", ["AWSCURRENT"]);
  org.pass(80 * DAY);
  const none = { present: 0, most: 500, managed: 0, orphaned: 0 };
  expect(await preview()).toEqual({
    dryRun: true,
    onlyLogs: false,
    work: [
      {
        kind: "remind its owner",
        credential: "zendesk",
        reason: "it is due on 2027-02-19: integration-team must replace it",
        late: false,
      },
    ],
    problems: [],
    clients: none,
  });
  org.pass(20 * DAY);
  expect((await preview()).problems).toEqual([
    { credential: "zendesk", message: "it is overdue: its owner must replace it" },
  ]);
});

test("it tells what somebody must look at", async () => {
  const { secret } = await superseded();
  const [, current] = org.clientsOf(secret);
  org.genesys.clients.delete(current?.id ?? "");
  org.credential("exporter");
  org.parameters.set("/genesys/production/na-prod/exporter/specification", "{}");
  const { problems, clients } = await preview();
  expect(problems).toEqual([
    {
      credential: "crm-sync",
      message: "somebody deleted the client of its current value: rotate it",
    },
    { message: expect.stringMatching(/^exporter: the parameter .*exporter\/specification/) },
  ]);
  expect(clients).toMatchObject({ present: 2, managed: 1 });
});

test("an orphan of two days is counted, and would be deactivated", async () => {
  await org.stop();
  org = await deployOrg({}, { creators: true });
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  const abandoned = tokenOf(2001);
  secret.rotate(abandoned);
  await org.rotator(eventOf(secret, abandoned, "createSecret"));
  secret.versions.delete(abandoned);
  const orphan = org.clientsOf(secret)[1]?.id;
  org.pass(47 * HOUR);
  expect(await preview()).toMatchObject({ work: [], clients: { managed: 2, orphaned: 0 } });
  org.pass(2 * HOUR);
  expect(await preview()).toMatchObject({
    work: [{ client: orphan, reason: "it belongs to no version of a secret", late: false }],
    clients: { managed: 2, orphaned: 1 },
  });
});

test("if a run would change nothing at all, it says why", async () => {
  await expect(preview()).rejects.toThrow(
    "na-prod: no client specification was found for the secrets arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na-prod/*",
  );
  org.credential("crm-sync");
  org.genesys.orgId = "22222222-2222-4222-8222-222222222222";
  await expect(preview()).rejects.toThrow("works in organisation 22222222");
});

test("with rotation.dryRun, it says that nobody does the work", async () => {
  await org.stop();
  org = await deployOrg({ DRY_RUN: "true" });
  await superseded();
  expect(await preview()).toMatchObject({ onlyLogs: true, work: [{ credential: "crm-sync" }] });
});

test("the calls that it gave up do not count for the next run", async () => {
  org.credential("crm-sync");
  org.weather.fault = () => "503";
  await expect(preview()).rejects.toThrow();
  org.weather.fault = () => "none";
  await org.reconciler({});
  const metrics = org.printed.filter((line) => line.includes('"GiveUps"'));
  expect(metrics.map((line) => JSON.parse(line).GiveUps)).toEqual([0]);
});
