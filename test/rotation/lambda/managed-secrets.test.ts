import { type DeployedOrg, deployOrg, eventOf, MINUTE, tokenOf } from "./deployed-org";

const DAY = 24 * 60 * MINUTE;
let org: DeployedOrg;

beforeEach(async () => {
  org = await deployOrg();
});
afterEach(async () => {
  expect(org.log()).not.toMatch(/test-secret-|api-key-of-/);
  await org.stop();
});

/** A credential whose value somebody put just now. */
function keyOf(name: string, patch: object = {}) {
  const secret = org.managed(name, patch);
  secret.put(tokenOf(1), "api-key-of-zendesk", ["AWSCURRENT"]);
  return secret;
}

const details = () => org.aws.bus.map(({ Detail }) => Detail);
const days = () => details().map((detail) => (detail as { daysLeft: number }).daysLeft);
const overdue = () =>
  org.printed
    .filter((line) => line.includes("OverdueCredentials"))
    .map((line) => JSON.parse(line).OverdueCredentials as number)
    // The metric is the highest of an hour.
    .reduce((most, count) => Math.max(most, count), 0);

/** Lets days pass, each with two runs of the reconciler. */
async function passDays(count: number) {
  for (let day = 0; day < count; day++) {
    await org.reconciler({});
    org.pass(DAY / 2);
    await org.reconciler({});
    org.pass(DAY / 2);
  }
}

test("an owner is reminded once a day from 14 days before the credential is due, until it is replaced", async () => {
  const secret = keyOf("zendesk");
  await passDays(76);
  expect(details()).toEqual([]);
  await passDays(2);
  expect(org.aws.bus[0]).toMatchObject({
    Source: "genesys-orgs",
    DetailType: "Credential Due",
    Resources: [secret.arn],
    Detail: {
      org: "na-prod",
      credential: "zendesk",
      kind: "third-party-api-key",
      owner: "integration-team",
      dueAt: "2027-02-19T12:00:00.000Z",
      daysLeft: 14,
    },
  });
  await passDays(14);
  const sent = days();
  expect(sent.length).toBeLessThanOrEqual(17);
  expect(sent.slice(0, 3)).toEqual([14, 13, 12]);
  expect(sent.at(-1)).toBeLessThan(0);
  secret.put(tokenOf(2), "api-key-of-zendesk-2", ["AWSCURRENT"]);
  await passDays(3);
  expect(days()).toEqual(sent);
});

test("a credential counts as overdue after the days of grace of its class", async () => {
  keyOf("zendesk");
  org.pass(92 * DAY);
  await org.reconciler({});
  expect(overdue()).toBe(0);
  org.pass(2 * DAY);
  await org.reconciler({});
  expect(overdue()).toBe(1);
  expect(org.log()).toContain("it is overdue: its owner must replace it");
});

test("a credential that lives less than 90 days has reminders for a week", async () => {
  keyOf("zendesk", { rotationDays: 30 });
  await passDays(24);
  expect(days()[0]).toBe(7);
});

test("a credential that never had a value is due at once", async () => {
  org.managed("zendesk");
  await org.reconciler({});
  expect(days()).toEqual([0]);
});

test("a credential that is being deleted has no reminders, and is not overdue", async () => {
  const secret = keyOf("zendesk");
  org.pass(100 * DAY);
  secret.deletedAt = Date.now();
  await org.reconciler({});
  expect(details()).toEqual([]);
  expect(overdue()).toBe(0);
});

test("the secret is described, and its value never read", async () => {
  keyOf("zendesk");
  org.pass(80 * DAY);
  await org.reconciler({});
  const reads = org.aws.calls.filter(
    ({ operation, parameters }) =>
      operation === "secretsmanager.GetSecretValue" && `${parameters.SecretId}`.includes("zendesk"),
  );
  expect(reads).toEqual([]);
});

test("an outage of Genesys Cloud silences no reminder", async () => {
  keyOf("zendesk");
  org.pass(80 * DAY);
  org.credential("crm-sync");
  org.weather.fault = () => "503";
  await expect(org.reconciler({})).rejects.toThrow();
  expect(days()).toEqual([10]);
});

test("a record that cannot be read fails the run, after the OAuth clients had theirs", async () => {
  const secret = org.credential("crm-sync");
  await org.rotate(secret);
  keyOf("zendesk", { owner: "" });
  await expect(org.reconciler({})).rejects.toThrow(
    /zendesk: the parameter \S+\/zendesk\/managed is not the record of a secret \(missing or wrong: owner\): apply the org's stack/,
  );
  expect(org.log()).toContain('"Actions":');
});

describe("a webhook's secret", () => {
  const hook = () => org.managed("hook", { kind: "webhook-secret", rotates: true });
  const valueIn = (secret: ReturnType<typeof hook>, stage: string) =>
    JSON.parse(secret.get(secret.idOf(stage) ?? "")) as Record<string, string>;

  test("rotates by itself: a new value, together with the previous one", async () => {
    const secret = hook();
    await org.rotate(secret);
    const first = valueIn(secret, "AWSCURRENT");
    expect(Object.keys(first)).toEqual(["secret"]);
    expect(first.secret).toMatch(/^[\w-]{43}$/);
    await org.rotate(secret);
    const second = valueIn(secret, "AWSCURRENT");
    expect(second.previousSecret).toBe(first.secret);
    expect(second.secret).not.toBe(first.secret);
    expect(valueIn(secret, "AWSPREVIOUS")).toEqual(first);
    expect(org.log()).not.toContain(second.secret);
    expect(org.clientsOf(secret)).toEqual([]);
  });

  test("keeps the value of a step that is repeated", async () => {
    const secret = hook();
    await org.rotate(secret);
    const token = tokenOf(77);
    secret.rotate(token);
    await org.rotator(eventOf(secret, token, "createSecret"));
    const made = secret.get(token);
    for (const step of ["createSecret", "setSecret", "testSecret", "createSecret"] as const) {
      await org.rotator(eventOf(secret, token, step));
    }
    expect(secret.get(token)).toBe(made);
    await org.rotator(eventOf(secret, token, "finishSecret"));
    // The answer was lost: Secrets Manager asks again.
    await org.rotator(eventOf(secret, token, "finishSecret"));
    expect(secret.idOf("AWSCURRENT")).toBe(token);
  });

  test("is not promoted without a value", async () => {
    const secret = hook();
    secret.rotate(tokenOf(78));
    await expect(org.rotator(eventOf(secret, tokenOf(78), "finishSecret"))).rejects.toThrow(
      "has no value",
    );
  });

  test("is not replaced when its current value is of another form, which no message repeats", async () => {
    const secret = hook();
    secret.put(tokenOf(1), "api-key-of-somebody", ["AWSCURRENT"]);
    secret.rotate(tokenOf(79));
    await expect(org.rotator(eventOf(secret, tokenOf(79), "createSecret"))).rejects.toThrow(
      'the current version of the secret is not a JSON document with the text "secret"',
    );
  });

  const starts = () =>
    org.aws.calls
      .filter(({ operation }) => operation === "secretsmanager.RotateSecret")
      .map(({ parameters }) => parameters.SecretId);

  /** Lets days pass, each with a run of the reconciler, until a rotation was started. */
  async function daysUntilStart(): Promise<number> {
    for (let day = 0; day < 100; day++) {
      await org.reconciler({});
      if (starts().length > 0) return day;
      org.pass(DAY);
    }
    return Number.POSITIVE_INFINITY;
  }

  test("is started before its class requires it", async () => {
    const secret = hook();
    await org.rotate(secret);
    const at = await daysUntilStart();
    expect(at).toBeGreaterThan(80);
    expect(at).toBeLessThan(90);
    expect(starts()).toEqual([secret.arn]);
    expect(org.log()).toContain("its rotation was started");
  });

  test("is not started in a dry run, nor while its rotation is in progress", async () => {
    const secret = hook();
    await org.rotate(secret);
    org.pass(95 * DAY);
    secret.rotate(tokenOf(80));
    await org.reconciler({});
    secret.complete();
    await org.stop();
    org = await deployOrg({ DRY_RUN: "true" });
    await org.rotate(hook());
    org.pass(95 * DAY);
    await org.reconciler({});
    expect(starts()).toEqual([]);
  });

  test("loses AWSPENDING when its rotation was abandoned, so that another one can begin", async () => {
    const secret = hook();
    await org.rotate(secret);
    secret.rotate(tokenOf(80));
    org.pass(5 * 60 * MINUTE);
    await org.reconciler({});
    expect(secret.idOf("AWSPENDING")).toBe(tokenOf(80));
    org.pass(60 * MINUTE);
    await org.reconciler({});
    expect(secret.idOf("AWSPENDING")).toBeUndefined();
    expect(org.log()).toContain(`AWSPENDING was removed from version ${tokenOf(80)}`);
    await org.rotate(secret);
  });

  test("has no reminders, and counts as overdue when its rotation fails", async () => {
    const secret = hook();
    await org.rotate(secret);
    org.pass(95 * DAY);
    await org.reconciler({});
    expect(details()).toEqual([]);
    expect(overdue()).toBe(1);
  });
});
