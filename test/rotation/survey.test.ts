import type { RotationAttempt } from "../../lib/rotation/attempt";
import { NO_STATUS } from "../../lib/rotation/status";
import { surveyOne } from "../../lib/rotation/survey";
import { FakeClock } from "../support/fakes/fake-clock";

const HOUR = 3_600_000;
const clock = new FakeClock();
const noon = Date.parse("2026-11-28T12:00:00Z");
const secretArn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/a/b/c-AbCdEf";

/** Returns the day of the last read by a consumer, of a secret that was read on 28 November. */
async function consumedOn(attempt: Pick<RotationAttempt, "at" | "triedAt">) {
  const versions = [{ id: "v", stages: ["AWSCURRENT"], createdAt: 0 }];
  const secrets = {
    history: async () => ({ versions, changedAt: 0, accessedAt: Date.parse("2026-11-28") }),
    value: () => Promise.reject(new Error("it must not be read")),
  } as never;
  const { seen, status } = await surveyOne(
    { secrets, clock },
    {
      name: "c",
      retiring: false,
      specification: {
        secretArn,
        clientName: "Production-C",
        roleDivisions: [],
        accessTokenValiditySeconds: 3600,
        rotationDays: 90,
      },
      status: { ...NO_STATUS, labels: `${secretArn} v  0`, versions: { v: "client" } },
      attempt: { version: "w", step: "createSecret", result: "failed", ...attempt },
    },
  );
  expect(seen).toBeDefined();
  return status.findings?.consumedOn;
}

test("a rotation that was tried again reads the value, so its day says nothing about consumers", async () => {
  const yesterday = noon - 24 * HOUR;
  expect(await consumedOn({ at: yesterday })).toBe("2026-11-28");
  expect(await consumedOn({ at: yesterday, triedAt: noon })).toBeUndefined();
});
