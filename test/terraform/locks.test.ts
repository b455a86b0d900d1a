import type { LockMode } from "../../lib";
import { sharedLockTableOf } from "../../lib/registry/names";
import { lockEventsIn } from "../support/lock-events";
import type { Exchange } from "../support/loopback-front";
import { orgsWith, Runners, until } from "../support/runners";
import { HOME } from "../support/sample-org";
import { expectOwnKeys, stateWritesIn } from "../support/state-writes";
import { describeWithTerraform } from "../support/terraform";

jest.setTimeout(60_000);

const MODES: readonly LockMode[] = ["s3", "dynamodb", "both"];

/** Where a run locks. */
const PLACES = { s3: ["s3"], dynamodb: ["dynamodb"], both: ["s3", "dynamodb"] } as const;

const SHARED_TABLE = sharedLockTableOf(HOME.name);

const KEY = "orgs/org-1/terraform.tfstate";

let runners: Runners;
const events = () => lockEventsIn(runners.store.log);
const eventsThat = (what: string) => events().filter((event) => event.what === what);

describeWithTerraform("the locks of organisations", () => {
  beforeEach(async () => {
    runners = await Runners.start();
  });

  afterEach(async () => {
    await runners.stop();
    expectOwnKeys(runners.store.log);
  });

  describe("runs of different organisations", () => {
    test.each(MODES)("hold their locks at the same time: %s", async (mode) => {
      const orgs = orgsWith(mode, 8);
      const machines = await runners.ofOrgs(orgs);
      const held = await Promise.all(machines.map((machine) => machine.hold()));

      const locks = orgs.orgs.flatMap(({ state }) =>
        PLACES[mode].map((where) => ({ what: "taken", where, lockId: state.lockId })),
      );
      expect(events()).toHaveLength(locks.length);
      expect(events()).toEqual(expect.arrayContaining(locks));

      const results = await Promise.all(held.map((run) => run.release()));
      expect(results).toEqual(results.map((result) => ({ ...result, code: 0, stderr: "" })));
      expect(eventsThat("refused")).toEqual([]);
      expect(eventsThat("released")).toHaveLength(locks.length);
      expect(tablesIn(runners.store.log)).toEqual(mode === "s3" ? [] : [SHARED_TABLE]);
    });
  });

  describe("of runs of one organisation", () => {
    test.each(MODES)("the second is refused and told who holds the lock: %s", async (mode) => {
      const [first, second] = await runners.ofOneOrg(mode, mode);
      const held = await first.hold();
      const locks = await runners.store.locksOf(KEY);
      expect(locks.map(({ where }) => where)).toEqual(PLACES[mode]);

      const { code, stderr } = await second.apply();
      expect(code).toBe(1);
      expect(stderr).toContain("Error acquiring the state lock");
      for (const { info } of locks) {
        expect(lockInfoIn(stderr)).toEqual({
          ID: info.ID,
          Path: `${HOME.bucket}/${KEY}`,
          Operation: "OperationTypeApply",
          Who: info.Who,
          Created: info.Created.replace("T", " ").replace("Z", " +0000 UTC"),
        });
      }
      expect((await held.release()).code).toBe(0);
      expect(await runners.store.locksOf(KEY)).toEqual([]);
    });

    test.each(MODES)(
      "the second waits for the time of -lock-timeout, and succeeds: %s",
      async (mode) => {
        const [first, second] = await runners.ofOneOrg(mode, mode);
        const held = await first.hold();
        const waiting = second.apply("-lock-timeout=60s");
        // It asks again only after it read who holds the lock.
        await until("a run to be refused", () => events().at(-1)?.what === "holder read");

        expect(eventsThat("refused")).not.toEqual([]);
        expect(eventsThat("released")).toEqual([]);
        expect(await held.release()).toMatchObject({ code: 0 });
        expect(await waiting).toMatchObject({ code: 0, stderr: "" });
        expect(JSON.parse((await runners.store.object(KEY)) ?? "")).toMatchObject({ serial: 2 });
      },
    );

    test.each(MODES)("one goes ahead when all start at once: %s", async (mode) => {
      const machines = await runners.ofOneOrg(mode, mode, mode);
      const runs = await Promise.allSettled(machines.map((machine) => machine.hold()));
      const held = runs.flatMap((run) => (run.status === "fulfilled" ? run.value : []));
      expect(held).toHaveLength(1);
      expect(eventsThat("refused")).toHaveLength(2);
      expect(await held[0]?.release()).toMatchObject({ code: 0 });
    });
  });

  describe("every object that a run writes", () => {
    test.each(MODES)("is encrypted with its organisation's own key: %s", async (mode) => {
      const orgs = orgsWith(mode, 3);
      const machines = await runners.ofOrgs(orgs);
      await Promise.all(machines.map((machine) => machine.apply()));

      const writes = stateWritesIn(runners.store.log);
      const suffixes = mode === "dynamodb" ? [""] : ["", ".tflock"];
      const objects = orgs.orgs.flatMap(({ state }) => suffixes.map((end) => state.key + end));
      expect(writes.map(({ object }) => object).sort()).toEqual(objects.sort());
      expect(new Set(writes.map(({ kmsKey }) => kmsKey)).size).toBe(3);
      expectOwnKeys(runners.store.log);
    });
  });
});

/** Names of the lock tables that were asked. */
function tablesIn(log: readonly Exchange[]): string[] {
  const requests = log.filter(([{ headers }]) => headers["x-amz-target"]);
  return [...new Set(requests.map(([{ body }]) => JSON.parse(body.toString()).TableName))];
}

/** What Terraform tells of the holder of a lock. */
function lockInfoIn(stderr: string): Record<string, string | undefined> {
  const names = ["ID", "Path", "Operation", "Who", "Created"];
  return Object.fromEntries(
    names.map((name) => [name, new RegExp(`^  ${name}: +(.+)$`, "m").exec(stderr)?.[1]]),
  );
}
