import type { ChildResult } from "../../lib/terraform/child";
import { lockHolderIn } from "../../lib/terraform/held-lock";
import { withPatience } from "../../lib/terraform/patience";
import { transientReason } from "../../lib/terraform/transient-errors";

// As Terraform 1.11.4 writes it.
const LOCKED =
  `
Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error StatusCode: 412,
RequestID: , HostID: , api error PreconditionFailed: At least one of the
pre-conditions you specified did not hold
Lock Info:
  ID:        3f1c9b1e-2222-3333-4444-555555555555
  Path:      states/orgs/na-prod/terraform.tfstate
  Operation: OperationTypeApply
  Who:       runner@ci
  Version:   1.11.4
  Created:   2026-11-29 01:00:00.123456789 +0000 UTC
  Info:      ` + "\n";
const DENIED = `
Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error StatusCode: 403, api error AccessDenied
`;

const failed = (stderr: string): ChildResult => ({ code: 1, stdout: "", stderr });
const DONE: ChildResult = { code: 0, stdout: "", stderr: "" };

/** Runs a step with these results, one after the other; the last one stays. */
async function runWith(results: ChildResult[], repeatable: boolean, lockTimeout = 60_000) {
  let time = 0;
  const waits: number[] = [];
  const heard: string[] = [];
  let runs = 0;
  const step = async () => {
    runs += 1;
    return (results.length > 1 ? results.shift() : results[0]) as ChildResult;
  };
  const result = await withPatience(
    step,
    {
      lockTimeout,
      now: () => time,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        time += milliseconds;
      },
      onLocked: ({ who }, until) => heard.push(`${who} until ${until}`),
      onRetry: (reason, milliseconds) => heard.push(`${reason}: ${milliseconds}`),
    },
    repeatable,
  );
  return { code: result.code, runs, waits, heard };
}

test("waits for a lock as long as it may, more and more rarely", async () => {
  expect(await runWith([failed(LOCKED)], false)).toEqual({
    code: 1,
    runs: 8,
    waits: [1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 13_000],
    heard: Array.from({ length: 7 }, () => "runner@ci until 60000"),
  });
  expect(await runWith([failed(LOCKED), DONE], false)).toMatchObject({ code: 0, runs: 2 });
});

test("repeats after a transient error twice, but only what changes nothing", async () => {
  const slow = failed("Error: x\n\napi error SlowDown: Please reduce your request rate");
  expect(await runWith([slow], true)).toEqual({
    code: 1,
    runs: 3,
    waits: [5_000, 20_000],
    heard: ["AWS asks for fewer requests: 5000", "AWS asks for fewer requests: 20000"],
  });
  expect(await runWith([slow], false)).toMatchObject({ code: 1, runs: 1 });
});

test("a lock that is given back before Terraform reads its holder is waited for as well", async () => {
  const gone = failed(
    "Error: Error acquiring the state lock\n\nError message: api error PreconditionFailed: x\nunable to retrieve file: operation error S3: GetObject, https response error StatusCode: 404, NoSuchKey: ",
  );
  expect(await runWith([gone, DONE], false)).toMatchObject({ code: 0, waits: [1_000] });
});

test("without the permission to lock there is nothing to wait for", async () => {
  expect(await runWith([failed(DENIED)], true)).toMatchObject({ code: 1, runs: 1 });
});

test("the holder of a lock is read from Terraform's words", () => {
  expect(lockHolderIn(LOCKED)).toEqual({
    id: "3f1c9b1e-2222-3333-4444-555555555555",
    operation: "OperationTypeApply",
    who: "runner@ci",
    created: Date.parse("2026-11-29T01:00:00Z"),
  });
  expect(lockHolderIn("Error: Unsupported argument\n  ID: 1")).toBeUndefined();
  expect(lockHolderIn(LOCKED.replace("runner@ci", "run\u001b[31mner"))?.who).toBe("run?[31mner");
});

test.each([
  [
    "Error: Failed to query available provider packages\n\ncould not connect to registry.terraform.io: net/http: TLS handshake timeout",
    "the provider registry does not answer",
  ],
  ["Error: read tcp 10.0.0.1:443: connection reset by peer", "the network failed"],
  ["Error: API Error: 429 - Rate limit exceeded", "Genesys Cloud asks for fewer requests"],
  ["Error: error reading from Vault: Code: 412. Errors:", "Vault asks for another try"],
  [
    "Error: api error InternalError: We encountered an internal error",
    "AWS reports an error of its own",
  ],
])("%p is transient", (text, reason) => {
  expect(transientReason(text)).toBe(reason);
});

test.each([
  "Error: Invalid value for variable",
  "Error: api error AccessDenied: not authorized",
  "Error: error reading from Vault: Code: 503. Errors: * Vault is sealed",
  "Error: no available releases match the given constraints 1.429.0",
  "Error: API Error: 400 - bad request 429",
])("%p is not", (text) => {
  expect(transientReason(text)).toBeUndefined();
});
