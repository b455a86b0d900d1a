import { startAwsHttp } from "./aws-http";
import { FakeClock } from "./fake-clock";
import { FakeSecretsManager, type RotationEvent } from "./fake-secrets-manager";
import { holdAgainstContract } from "./secrets-manager-contract";

describe("the contract", () => {
  const start = async () => {
    const clock = new FakeClock();
    const secrets = new FakeSecretsManager({ clock });
    const functionArn = "arn:aws:lambda:us-east-1:111111111111:function:rotator";
    const server = await startAwsHttp({ secrets, onCall: () => clock.advance(1000) });
    return { ...server, functionArn };
  };
  holdAgainstContract(start, false);
});

function scene(onStep: (event: RotationEvent) => void = () => {}) {
  const clock = new FakeClock();
  const steps: string[] = [];
  const secrets = new FakeSecretsManager({
    clock,
    invoke: async (functionArn, event) => {
      clock.advance(1000);
      steps.push(`${event.Step} of ${functionArn}`);
      onStep(event);
    },
  });
  const secret = secrets.create("/genesys/production/org/crm-sync");
  secret.rotation = { functionArn: "rotator", enabled: true };
  return { clock, secrets, secret, steps };
}

test("a rotation has four steps, after which nothing is pending", async () => {
  const { secrets, secret, steps, clock } = scene();
  secrets.rotate(secret, "v1", true);
  expect(secret.idOf("AWSPENDING")).toBe("v1");
  await secrets.settled();
  expect(steps).toEqual([
    "createSecret of rotator",
    "setSecret of rotator",
    "testSecret of rotator",
    "finishSecret of rotator",
  ]);
  expect(secret.idOf("AWSPENDING")).toBeUndefined();
  expect(secret.rotatedAt).toBe(clock.now());
});

test("a step that fails ends the rotation, which can be tried again", async () => {
  let fails = true;
  const { secrets, secret, steps } = scene(({ Step }) => {
    if (fails && Step === "setSecret") throw new Error("no answer");
  });
  secrets.rotate(secret, "v1", true);
  await secrets.settled();
  expect(secrets.failures).toEqual([new Error("no answer")]);
  expect(steps).toHaveLength(2);
  expect(secret.idOf("AWSPENDING")).toBe("v1");
  fails = false;
  await secrets.runSteps(secret, "v1");
  expect(steps).toHaveLength(6);
  expect(secret.idOf("AWSPENDING")).toBeUndefined();
});

test("a trial of the function calls testSecret only, with a pending version that has no value", async () => {
  const seen: unknown[] = [];
  const { secrets, secret, steps } = scene(({ ClientRequestToken: token }) => {
    seen.push([secret.idOf("AWSPENDING") === token, secret.versions.get(token)?.value]);
  });
  secrets.rotate(secret, "v1", false);
  await secrets.settled();
  expect(steps).toEqual(["testSecret of rotator"]);
  expect(seen).toEqual([[true, undefined]]);
  expect([...secret.versions]).toEqual([]);
});

test("every change of a secret changes its date, also a change of labels", () => {
  const { clock, secret } = scene();
  const changes = [
    () => secret.put("v1", "test-secret-1", ["AWSCURRENT"]),
    () => secret.rotate("v2"),
    () => secret.put("v2", "test-secret-2", ["AWSPENDING"]),
    () => secret.move("AWSCURRENT", "v2", "v1"),
    () => secret.complete(),
  ];
  for (const change of changes) {
    clock.advance(1000);
    change();
    expect(secret.changedAt).toBe(clock.now());
  }
  clock.advance(1000);
  secret.put("v2", "test-secret-2", ["AWSPENDING"]);
  expect(secret.changedAt).toBe(clock.now() - 1000);
});
