import { readCredentialReport } from "../../../lib/rotation/credential-report";
import { PARAMETER_KINDS } from "../../../lib/rotation/rotation-names";
import type { FakeSecret } from "../../support/fakes/fake-secrets-manager";
import { type DeployedOrg, deployOrg, eventOf, MINUTE, tokenOf } from "./deployed-org";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let org: DeployedOrg;

beforeEach(async () => {
  org = await deployOrg();
});
afterEach(() => org.stop());

const reportOf = ({ name }: FakeSecret) =>
  readCredentialReport(
    Object.fromEntries(
      PARAMETER_KINDS.map((kind) => [kind, org.parameters.get(`${name}/${kind}`)]),
    ),
  );

const writesOf = (kind: string) =>
  org.aws.calls.filter(
    ({ operation, parameters }) =>
      operation.endsWith("PutParameter") && `${parameters.Name}`.endsWith(`/${kind}`),
  );

test("rotator and reconciler answer how old a credential is, what comes next, and which clients live", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  org.pass(20 * MINUTE);
  const first = secret.idOf("AWSCURRENT");
  await org.rotate(secret);
  const rotatedAt = Date.now();
  await org.reconciler({});
  org.pass(20 * MINUTE);
  // The first run deactivates the previous client, and the second sees that.
  await org.reconciler({});
  await org.reconciler({});
  const [previous, current] = org.clientsOf(secret);
  const report = reportOf(secret);
  expect(report).toMatchObject({
    rotationDays: 30,
    rotatedAt,
    deadline: rotatedAt + 30 * DAY,
    lastAttempt: {
      at: rotatedAt,
      version: secret.idOf("AWSCURRENT"),
      step: "finishSecret",
      result: "succeeded",
    },
    retiring: false,
    rotates: true,
  });
  expect(report.startsAt).toBeGreaterThan(rotatedAt + 25 * DAY);
  expect(report.startsAt).toBeLessThan(rotatedAt + 30 * DAY);
  expect(report.clients).toEqual([
    {
      id: previous?.id,
      state: "inactive",
      version: first,
      deletedFrom: Date.now() + 75 * MINUTE,
      current: false,
    },
    { id: current?.id, state: "active", version: secret.idOf("AWSCURRENT"), current: true },
  ]);
});

test("a failed rotation says why, until one succeeds", async () => {
  const secret = org.credential("crm-sync");
  const token = tokenOf(1);
  secret.rotate(token);
  org.weather.fault = (call) => (call === "POST /api/v2/oauth/clients" ? "503" : "none");
  await expect(org.rotator(eventOf(secret, token, "createSecret"))).rejects.toThrow();
  const failed = { version: token, step: "createSecret", result: "failed" };
  const message = "POST /api/v2/oauth/clients: HTTP 503 unavailable";
  expect(reportOf(secret).lastAttempt).toMatchObject({ ...failed, message });
  org.weather.fault = () => "none";
  await org.rotator(eventOf(secret, token, "createSecret"));
  expect(reportOf(secret).lastAttempt).toMatchObject({ ...failed, message });
  for (const step of ["setSecret", "testSecret", "finishSecret"] as const) {
    await org.rotator(eventOf(secret, token, step));
  }
  expect(reportOf(secret).lastAttempt).toEqual({
    at: expect.any(Number),
    version: token,
    step: "finishSecret",
    result: "succeeded",
  });
});

test("parameters are written only on a change: twice for a rotation, and never by a run that finds nothing new", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  expect(writesOf("attempt")).toHaveLength(2);
  expect(writesOf("status")).toHaveLength(0);
  await org.reconciler({});
  org.pass(HOUR);
  await org.reconciler({});
  const before = writesOf("status").length;
  for (let run = 0; run < 3; run++) await org.reconciler({});
  expect(writesOf("status")).toHaveLength(before);
  expect(writesOf("attempt")).toHaveLength(2);
});

test("a note that cannot be written does not stop a rotation", async () => {
  const secret = org.credential("crm-sync");
  org.aws.refuse((operation) => operation.endsWith("PutParameter"));
  await org.rotate(secret);
  expect(secret.idOf("AWSCURRENT")).toBeDefined();
  expect(org.log()).toContain("PutParameter of /genesys/production/na-prod/crm-sync/attempt");
});

test("no parameter ever has a secret, whatever fails", async () => {
  const secret = org.credential("crm-sync");
  const values = new Set<string>();
  const look = () => {
    for (const { secret: value } of org.genesys.clients.values()) values.add(value);
    for (const text of org.parameters.values()) {
      for (const value of values) expect(text).not.toContain(`${value}"`);
      expect(text).not.toMatch(/test-secret|token-\d/);
    }
  };
  await org.rotate(secret);
  const calls = [...new Set(org.genesys.calls)];
  for (const [number, failing] of calls.entries()) {
    const token = tokenOf(100 + number);
    secret.rotate(token);
    for (const fault of ["503", "no answer"] as const) {
      org.weather.fault = (call) => (call === failing ? fault : "none");
      for (const step of ["createSecret", "setSecret", "testSecret", "finishSecret"] as const) {
        await org.rotator(eventOf(secret, token, step)).catch(() => {});
        look();
      }
      await org.reconciler({}).catch(() => {});
      look();
    }
    const pending = secret.idOf("AWSPENDING");
    if (pending !== undefined) secret.move("AWSPENDING", undefined, pending);
    org.coldStart();
  }
});

describe("AWSPENDING that is stuck", () => {
  const removals = () =>
    org.aws.calls.filter(
      ({ operation, parameters }) =>
        operation.endsWith("UpdateSecretVersionStage") && parameters.VersionStage === "AWSPENDING",
    );

  test("on a version that was rolled back is removed, and the next rotation begins", async () => {
    const secret = org.credential("crm-sync");
    await org.rotate(secret);
    await org.rotate(secret);
    const [newer, older] = [secret.idOf("AWSCURRENT"), secret.idOf("AWSPREVIOUS")];
    // AWS left it on the version that was promoted, and a person moved AWSCURRENT back.
    secret.move("AWSPENDING", newer, undefined);
    await org.reconciler({});
    secret.move("AWSCURRENT", older, newer);
    expect(() => secret.rotate(tokenOf(9))).toThrow("a previous rotation is not complete");
    await org.reconciler({});
    org.pass(HOUR);
    await org.reconciler({});
    expect(removals().map(({ parameters }) => parameters)).toEqual([
      { SecretId: secret.arn, VersionStage: "AWSPENDING", RemoveFromVersionId: newer },
    ]);
    await org.rotate(secret);
    expect(secret.idOf("AWSCURRENT")).not.toBe(older);
  });

  test.each([
    ["", true],
    ["that AWS does not list, ", false],
  ])("on a version %swhose rotation was abandoned is removed after six hours", async (_, lists) => {
    org.secrets.listsEmpty = lists;
    const secret = org.credential("crm-sync");
    await org.rotate(secret);
    secret.rotate(tokenOf(9));
    await org.reconciler({});
    org.pass(5 * HOUR);
    await org.reconciler({});
    expect(removals()).toEqual([]);
    org.pass(HOUR);
    await org.reconciler({});
    expect(secret.idOf("AWSPENDING")).toBeUndefined();
    expect(org.log()).toContain(`AWSPENDING was removed from version ${tokenOf(9)}`);
  });

  test("stays in a dry run", async () => {
    await org.stop();
    org = await deployOrg({ DRY_RUN: "true" });
    const secret = org.credential("crm-sync");
    await org.rotate(secret);
    secret.rotate(tokenOf(9));
    org.pass(29.9 * DAY);
    await org.reconciler({});
    expect(secret.idOf("AWSPENDING")).toBe(tokenOf(9));
  });
});

test("the reconciler starts the next rotation before the deadline, and leaves schedule and function as they are", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  const { startsAt = 0 } = await org.reconciler({}).then(() => reportOf(secret));
  const starts = () => org.aws.calls.filter(({ operation }) => operation.endsWith("RotateSecret"));
  org.pass(startsAt - Date.now() - MINUTE);
  await org.reconciler({});
  expect(starts()).toEqual([]);
  org.pass(MINUTE);
  await org.reconciler({});
  expect(starts().map(({ parameters }) => parameters)).toEqual([
    { SecretId: secret.arn, ClientRequestToken: expect.any(String) },
  ]);
  // It is under way.
  await org.reconciler({});
  expect(starts()).toHaveLength(1);
  expect(org.log()).toContain("its rotation was started");
});

test("windows of the registry hold for the reconciler", async () => {
  await org.stop();
  const windows = [{ from: "02:00", to: "05:00" }];
  org = await deployOrg({ ROTATION_WINDOWS: JSON.stringify(windows) });
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  await org.reconciler({});
  expect(new Date(reportOf(secret).startsAt ?? 0).toISOString()).toMatch(/T0[2-4]:/);
});

test("the notes of a destroyed credential are deleted when Genesys Cloud lists none of its clients", async () => {
  const [secret, other] = [org.credential("crm-sync"), org.credential("exporter")];
  await org.rotate(secret);
  await org.rotate(other);
  await org.reconciler({});
  await org.retire({ retire: ["crm-sync"] });
  // Terraform has destroyed the specification, too early.
  org.parameters.delete(`${secret.name}/specification`);
  await expect(org.reconciler({})).rejects.toThrow("has clients but no specification");
  expect(org.parameters.has(`${secret.name}/status`)).toBe(true);
  for (const { id } of org.clientsOf(secret)) org.genesys.clients.delete(id);
  await org.reconciler({});
  const left = [...org.parameters.keys()].filter((name) => name.startsWith(secret.name));
  expect(left).toEqual([]);
  expect([...org.parameters.keys()]).toContain(`${other.name}/status`);
});
