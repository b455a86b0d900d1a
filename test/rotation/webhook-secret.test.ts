import { rotateWebhookSecret } from "../../lib/rotation/webhook-secret";
import { FakeClock } from "../support/fakes/fake-clock";
import { secretStoreOf } from "../support/fakes/fake-secret-store";
import { FakeSecretsManager } from "../support/fakes/fake-secrets-manager";
import { STEPS } from "./rotation-world";

const token = (number: number) => `${number}`.padStart(32, "0");

/** A secret, and its rotation by a function that dies at one call: before it, or before its answer. */
function world(dies: { readonly call: number; readonly when: "before" | "after" }) {
  const secret = new FakeSecretsManager({ clock: new FakeClock() }).create(
    "/genesys/production/na/hook",
  );
  let calls = 0;
  const secrets = secretStoreOf(
    () => secret,
    async (effect) => {
      calls += 1;
      const isLast = calls === dies.call;
      if (isLast && dies.when === "before") throw new Error("the function died");
      const result = await effect();
      if (isLast) throw new Error("the function died");
      return result;
    },
  );
  let made = 0;
  const props = { secrets, secretArn: secret.arn, random: () => `value-${++made}` };
  /** All steps, and from the first again after a failure, as Secrets Manager does. */
  async function rotate(id: string): Promise<void> {
    secret.rotate(id);
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        for (const step of STEPS) await rotateWebhookSecret(props, step, id);
        return secret.complete();
      } catch (error) {
        if ((error as Error).message !== "the function died") throw error;
      }
    }
    throw new Error("it never ended");
  }
  const value = (stage: string) => JSON.parse(secret.get(secret.idOf(stage) ?? "", stage));
  return { secret, rotate, value, calls: () => calls };
}

const never = { call: 0, when: "before" } as const;

test("every value comes with the previous one", async () => {
  const { rotate, value } = world(never);
  await rotate(token(1));
  expect(value("AWSCURRENT")).toEqual({ secret: "value-1" });
  await rotate(token(2));
  expect(value("AWSCURRENT")).toEqual({ secret: "value-2", previousSecret: "value-1" });
});

test("a function that dies at any call leaves a value and its previous one that belong together", async () => {
  const undisturbed = world(never);
  for (const number of [1, 2]) await undisturbed.rotate(token(number));
  for (let call = 1; call <= undisturbed.calls(); call++) {
    for (const when of ["before", "after"] as const) {
      const { secret, rotate, value } = world({ call, when });
      const seen = new Set<string>();
      for (const number of [1, 2]) {
        await rotate(token(number));
        expect(secret.idOf("AWSCURRENT")).toBe(token(number));
        seen.add(value("AWSCURRENT").secret);
      }
      expect(seen.size).toBe(2);
      expect(value("AWSCURRENT").previousSecret).toBe(value("AWSPREVIOUS").secret);
    }
  }
});
