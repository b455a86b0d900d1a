import { FakeAwsError, type FakeSecret } from "../../support/fakes/fake-secrets-manager";
import { STEPS } from "../rotation-world";
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

const [T1, T2] = [tokenOf(1001), tokenOf(1002)];

/** Returns a credential, and an integration credential as Terraform leaves it. */
function integrated(name = "crm-sync", type = "pureCloudOAuthClient") {
  const secret = org.credential(name);
  return { secret, ...integrate(secret, `integration-of-${name}`, type) };
}

function integrate(secret: FakeSecret, id: string, type = "pureCloudOAuthClient") {
  const integration = org.genesys.integrations.seed(id);
  const integrationCredentials = [{ id, name: `Integration ${id}`, type }];
  const specification = specificationOf(secret, { integrationCredentials });
  org.parameters.set(`${secret.name}/specification`, JSON.stringify(specification));
  return { integration };
}

const credentialIn = (secret: FakeSecret, stage = "AWSCURRENT") => {
  const { clientId, clientSecret } = JSON.parse(secret.get(secret.idOf(stage) ?? "", stage));
  return { clientId, clientSecret };
};

/** Does the steps up to the one that moves the label. */
async function prepare(secret: FakeSecret, token: string) {
  secret.rotate(token);
  for (const step of STEPS.slice(0, 3)) await org.rotator(eventOf(secret, token, step));
  return () => org.rotator(eventOf(secret, token, "finishSecret"));
}

/**
 * Lets requests to move a label fail until the returned function is called; not only the next one,
 * since the SDK may send a request again.
 */
function refuseLabel(secret: FakeSecret): () => void {
  const refusal = jest.spyOn(secret, "move").mockImplementation(() => {
    throw new FakeAwsError("InvalidRequestException", "not now");
  });
  return () => refusal.mockRestore();
}

/** Moves the label back, as a person does. */
function rollBack(secret: FakeSecret): void {
  const [current, previous] = [secret.idOf("AWSCURRENT"), secret.idOf("AWSPREVIOUS")];
  secret.move("AWSCURRENT", previous, current);
}

const warnings = () =>
  org.printed.map((line) => JSON.parse(line)).filter(({ level }) => level === "warn");

const metric = (name: string) =>
  org.printed.map((line) => JSON.parse(line)[name]).filter((value) => value !== undefined);

test("an integration gets the credential before the label moves, with each rotation", async () => {
  const { secret, integration } = integrated();
  const finish = await prepare(secret, T1);
  expect(integration.fields.clientId).toBe("set-by-terraform");
  // The function dies as soon as it has written.
  const allowLabel = refuseLabel(secret);
  await expect(finish()).rejects.toThrow("UpdateSecretVersionStage");
  allowLabel();
  expect(secret.idOf("AWSCURRENT")).toBeUndefined();
  expect(integration.fields).toEqual(credentialIn(secret, "AWSPENDING"));
  org.coldStart();
  await finish();
  expect(integration.fields).toEqual(credentialIn(secret));
  expect(integration.name).toBe("Integration integration-of-crm-sync");
  secret.complete();
  await org.rotate(secret);
  expect(integration.fields).toEqual(credentialIn(secret));
});

test.each([
  ["the master may not", 403, (): unknown => org.genesys.integrations.powerless.add("client-1")],
  [
    "Genesys Cloud fails",
    503,
    (): unknown => {
      org.weather.fault = (call) => (call.includes("/integrations/") ? "503" : "none");
      return undefined;
    },
  ],
])("the label does not move as long as %s write the integration", async (_, status, harm) => {
  const { secret, integration } = integrated();
  const other = integrated("exporter");
  await org.rotate(secret);
  const before = { value: credentialIn(secret), fields: { ...integration.fields } };
  secret.complete();
  const finish = await prepare(secret, T2);
  harm();
  await expect(finish()).rejects.toThrow(
    new RegExp(
      `^na-prod: the integration credential "Integration integration-of-crm-sync" \\(integration-of-crm-sync\\) was not written: .*HTTP ${status}`,
    ),
  );
  expect(credentialIn(secret)).toEqual(before.value);
  expect(integration.fields).toEqual(before.fields);
  org.genesys.integrations.powerless.clear();
  org.weather.fault = () => "none";
  org.pass(2 * MINUTE);
  await finish();
  await org.rotate(other.secret);
  expect([integration.fields, other.integration.fields]).toEqual(
    [secret, other.secret].map((each) => credentialIn(each)),
  );
});

test("one of another type is refused, and the message does not repeat what was sent", async () => {
  const { secret } = integrated("crm-sync", "basicAuth");
  const finish = await prepare(secret, T1);
  await expect(finish()).rejects.toThrow(
    /HTTP 400 bad\.request \(not shown, since it repeats the credential\).*Check whether its type is basicAuth/,
  );
  expect(secret.idOf("AWSCURRENT")).toBeUndefined();
});

test("one that a person deleted is reported, and holds up neither this credential nor others", async () => {
  const { secret } = integrated();
  const other = integrated("exporter");
  org.genesys.integrations.all.delete("integration-of-crm-sync");
  await org.rotate(secret);
  await org.rotate(other.secret);
  expect(other.integration.fields).toEqual(credentialIn(other.secret));
  const message =
    'the integration credential "Integration integration-of-crm-sync" (integration-of-crm-sync) no longer exists, so no integration has the credential from it: apply the org\'s stack, which creates it again, or remove its IntegrationCredentialFromSecret';
  expect(warnings()).toEqual([expect.objectContaining({ message, step: "finishSecret" })]);
  // The alarm stays on, and nothing is left undone.
  for (let run = 0; run < 2; run++) {
    org.printed.length = 0;
    org.pass(60 * MINUTE);
    await org.reconciler({});
    expect(warnings()).toEqual([expect.objectContaining({ message, credential: "crm-sync" })]);
    expect(metric("RefusedCredentials")).toEqual([1]);
  }
});

test("one that Terraform created again gets the current value with the next run", async () => {
  const { secret } = integrated();
  await org.rotate(secret);
  await org.reconciler({});
  const { integration } = integrate(secret, "created-again");
  await org.reconciler({});
  expect(integration.fields).toEqual(credentialIn(secret));
  expect(warnings()).toEqual([]);
});

test("nothing is written again without a reason", async () => {
  const { secret } = integrated();
  await org.rotate(secret);
  await org.reconciler({});
  const { length } = org.genesys.integrations.written;
  for (let run = 0; run < 3; run++) {
    org.pass(60 * MINUTE);
    await org.reconciler({});
  }
  expect(org.genesys.integrations.written).toHaveLength(length);
});

test("after a rollback, the integration gets the earlier credential again", async () => {
  const { secret, integration } = integrated();
  for (let rotation = 0; rotation < 2; rotation++) {
    await org.rotate(secret);
    await org.reconciler({});
  }
  rollBack(secret);
  await org.reconciler({});
  expect(integration.fields).toEqual(credentialIn(secret));
});

test("after a rotation that was given up, the integration gets the current credential again", async () => {
  const { secret, integration } = integrated();
  await org.rotate(secret);
  await org.reconciler({});
  const finish = await prepare(secret, T2);
  const allowLabel = refuseLabel(secret);
  await expect(finish()).rejects.toThrow("UpdateSecretVersionStage");
  allowLabel();
  expect(integration.fields).not.toEqual(credentialIn(secret));
  secret.move("AWSPENDING", undefined, T2);
  await org.reconciler({});
  expect(integration.fields).toEqual(credentialIn(secret));
});

describe("before a client is deactivated, each integration gets the current credential", () => {
  /** An integration that has the client which the next run deactivates, and no note says so. */
  async function stale() {
    const { secret, integration } = integrated();
    for (let rotation = 0; rotation < 2; rotation++) {
      await org.rotate(secret);
      org.pass(MINUTE);
    }
    await org.reconciler({});
    integration.fields = credentialIn(secret, "AWSPREVIOUS");
    org.pass(16 * MINUTE);
    return { secret, integration };
  }

  const states = (secret: FakeSecret) => org.clientsOf(secret).map(({ state }) => state);

  test("and the client stays as long as that fails", async () => {
    const { secret, integration } = await stale();
    org.genesys.integrations.powerless.add("client-1");
    await expect(org.reconciler({})).rejects.toThrow(
      "Give the master of na-prod a role with integrations:integration:edit",
    );
    expect(states(secret)).toEqual(["active", "active"]);
    org.genesys.integrations.powerless.clear();
    await org.reconciler({});
    expect(states(secret)).toEqual(["inactive", "active"]);
    expect(integration.fields).toEqual(credentialIn(secret));
  });

  test("but not before a credential is retired", async () => {
    const { secret, integration } = await stale();
    org.genesys.integrations.powerless.add("client-1");
    const before = { ...integration.fields };
    await org.retire({ retire: ["crm-sync"], dryRun: false });
    expect(states(secret)).toEqual(["inactive", "inactive"]);
    expect(integration.fields).toEqual(before);
  });
});

test("when a retirement is undone, the integration gets the current credential again", async () => {
  const { secret, integration } = integrated();
  await org.rotate(secret);
  await org.reconciler({});
  await org.retire({ retire: ["crm-sync"], dryRun: false });
  integration.fields = { clientId: "of-a-client-that-stays-inactive" };
  await org.retire({ retire: ["crm-sync"], dryRun: false, undo: true });
  expect(integration.fields).toEqual(credentialIn(secret));
});

test("a dry run writes nothing", async () => {
  const { secret } = integrated();
  await org.rotate(secret);
  const { length } = org.genesys.integrations.written;
  process.env.DRY_RUN = "true";
  org.coldStart();
  await org.reconciler({});
  expect(org.genesys.integrations.written).toHaveLength(length);
});
