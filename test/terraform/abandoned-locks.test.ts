import type { LockMode } from "../../lib";
import { isAlive } from "../support/processes";
import { type Runner, Runners, until } from "../support/runners";
import { expectOwnKeys } from "../support/state-writes";
import { describeWithTerraform } from "../support/terraform";

jest.setTimeout(60_000);

const KEY = "orgs/org-1/terraform.tfstate";

describeWithTerraform("a killed run", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
  });
  afterEach(async () => {
    await runners.stop();
    expectOwnKeys(runners.store.log);
  });

  const places = async () => (await runners.store.locksOf(KEY)).map(({ where }) => where);

  /** Kills a run in the middle of its apply, and returns the id of the lock that it held. */
  async function kill(runner: Runner): Promise<string> {
    const held = await runner.hold();
    const ids = (await runners.store.locksOf(KEY)).map(({ info }) => info.ID);
    // Both locks of a run have one id.
    expect(new Set(ids).size).toBe(1);
    expect(isAlive(held.work)).toBe(true);
    expect(await held.kill()).toMatchObject({ code: -1 });
    await until("the work of the run to end", () => !isAlive(held.work));
    return ids[0] ?? "";
  }

  test.each<[LockMode, string[]]>([
    ["s3", ["s3"]],
    ["dynamodb", ["dynamodb"]],
    ["both", ["s3", "dynamodb"]],
  ])(
    "keeps its lock until a force-unlock with the id that the next run shows: %s",
    async (mode, locked) => {
      const [dead, next] = await runners.ofOneOrg(mode, mode);
      const id = await kill(dead);
      expect(await places()).toEqual(locked);

      const refused = await next.apply();
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`ID:        ${id}`);
      expect(await next.forceUnlock(OTHER_ID)).toMatchObject({ code: 1 });
      expect(await places()).toEqual(locked);

      expect(await next.forceUnlock(id)).toMatchObject({ code: 0, stderr: "" });
      expect(await places()).toEqual([]);
      expect(await next.apply()).toMatchObject({ code: 0, stderr: "" });
    },
  );

  // Terraform's words, and OpenTofu's.
  test.each<[LockMode, RegExp]>([
    ["s3", /failed to unlock DynamoDB|dynamoDB failed/],
    ["dynamodb", /failed to unlock S3|s3 failed/],
  ])(
    "with `%s` alone is unlocked by `both`, which says that the other lock is missing",
    async (mode, message) => {
      const [dead, next] = await runners.ofOneOrg(mode, "both");
      const id = await kill(dead);

      const unlocked = await next.forceUnlock(id);
      expect(unlocked.code).toBe(1);
      expect(unlocked.stderr).toMatch(message);
      expect(await places()).toEqual([]);
      expect(await next.apply()).toMatchObject({ code: 0, stderr: "" });
    },
  );

  test.each<[LockMode, string]>([
    ["s3", "dynamodb"],
    ["dynamodb", "s3"],
  ])(
    "with `both` is unlocked by `%s` in one place only: the lock in %s stays",
    async (mode, left) => {
      const [dead, other, next] = await runners.ofOneOrg("both", mode, "both");
      const id = await kill(dead);

      // Terraform calls that unlocked.
      expect(await other.forceUnlock(id)).toMatchObject({ code: 0 });
      expect(await places()).toEqual([left]);
      expect(await next.apply()).toMatchObject({ code: 1 });
    },
  );
});

const OTHER_ID = "11111111-1111-4111-8111-111111111111";
